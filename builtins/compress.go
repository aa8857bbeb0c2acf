package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// storageFuncs are about storage, which scripts of the reference implementation ask for and
// which has no effect on values here.
func storageFuncs() []*Func {
	compress := identity("compress", "Asks the reference implementation for compressed storage; here the form of a matrix is chosen by its non-zeros alone.")
	compress.Results = []types.Type{types.Any, types.FrameT}
	compress.ResultOf = func(args []types.Type) []types.Type { return []types.Type{args[0], types.FrameT} }
	compress.Doc += " [C, S] = compress(X) gives the storage of the columns as well, a 1 x m frame that says UNCOMPRESSED for each."
	compress.Shape = func(in []op.Shape) ([]op.Shape, error) {
		return []op.Shape{op.Dims(in[0].Rows, in[0].Cols), op.Dims(1, in[0].Cols)}, nil
	}
	compress.Call = callCompress
	return []*Func{compress,
		identity("decompress", "The counterpart of compress."),
		identity("local", "Asks the reference implementation not to distribute a matrix."),
		quantizeCompress()}
}

// lineageRow lets scripts that print where their values come from run to their end. No results
// depend on that text, so it says what is known, the type, with a warning.
func lineageRow() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "lineage",
			Params:  []types.Param{need("X", types.Any, "any value")},
			Results: []types.Type{types.Str},
			Check: func(types.Call) []types.Problem {
				p := problem(0, "", "lineage: the operations behind a value are not recorded; the text names its type alone")
				p[0].Warn = true
				return p
			},
		},
		Family:  printing,
		Doc:     "Asks the reference implementation for the operations that X was computed by. They are not recorded: the text names the type of X alone, and the compiler warns.",
		Example: `print(lineage(matrix(1, 2, 2)))  # matrix[double]: operations not recorded`,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			return []value.Value{value.TypeOf(arg(a, 0)).String() + ": operations not recorded"}, nil
		},
	}
}

// identity is the row of a function that returns its argument.
func identity(name, doc string) *Func {
	return &Func{
		Signature: types.Signature{
			Name:     name,
			Params:   []types.Param{need("X", types.Any, "matrix or frame")},
			Results:  []types.Type{types.Any},
			ResultOf: func(args []types.Type) []types.Type { return args[:1] },
			Check:    takes(name, 0, matrix2|frame2),
		},
		Family:  shaping,
		Doc:     doc + " The result is X itself.",
		Example: `print(sum(` + name + `(matrix(1, 2, 2))))  # 4.0`,
		Pure:    true,
		Shape:   sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			v, _, err := compressible(a)
			if err != nil {
				return nil, err
			}
			return one(v)
		},
	}
}

// compressible returns a new reference to argument 0, a matrix or frame, and its number of columns.
func compressible(a *exec.Args) (v value.Value, cols int, err error) {
	switch x := arg(a, 0).(type) {
	case *matrix.Matrix:
		return x.Retain(), x.Cols(), nil
	case *frame.Frame:
		return x, x.Cols(), nil
	}
	return nil, 0, fmt.Errorf("%s: a matrix or frame is needed, not %s", a.Name, value.TypeOf(arg(a, 0)))
}

func callCompress(a *exec.Args) ([]value.Value, error) {
	v, cols, err := compressible(a)
	if err != nil {
		return nil, err
	}
	columns := make([]frame.Column, cols)
	for j := range columns {
		columns[j] = frame.NewColumn("", frame.String, 1)
		columns[j].Strs[0] = "UNCOMPRESSED"
	}
	f, err := frame.New(1, columns)
	if err != nil {
		return nil, named(a, err)
	}
	return []value.Value{v, f}, nil
}

func quantizeCompress() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "quantize_compress",
			Params: []types.Param{
				need("X", types.Mat, "matrix, n x m"),
				need("s", types.Any, "scale: a number, n x 1, or n x m"),
			},
			Results: []types.Type{types.Mat},
			Check:   takesAt("quantize_compress", 1, matrix2|number),
		},
		Family:  shaping,
		Doc:     "floor(X * s): the cells scaled and cut to whole numbers, n x m. Storage is as for compress.",
		Example: `print(quantize_compress(matrix("1.2 2.6", 1, 2), 2))  # 2.000 5.000`,
		Pure:    true,
		Shape:   sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			s, err := operand(a, 1)
			if err != nil {
				return nil, err
			}
			c := a.M.Mat()
			var scaled *matrix.Matrix
			if s.M == nil {
				scaled = matrix.Scalar(c, cell.Mul, x, s.S, false, false)
			} else if scaled, err = matrix.Binary(c, cell.Mul, x, s.M, matrix.ReuseNone); err != nil {
				return nil, named(a, err)
			}
			defer scaled.Release()
			return one(matrix.Unary(c, cell.Floor, scaled, false))
		},
	}
}
