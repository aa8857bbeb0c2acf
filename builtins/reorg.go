package builtins

import (
	"fmt"
	"math"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const shaping = "Shape, selection, ordering"

// reorgFuncs rearrange the cells of a matrix.
func reorgFuncs() []*Func {
	return []*Func{transpose(), rev(), roll(), diagonal(), order(), removeEmpty(), replace(),
		triangle("lower.tri", true), triangle("upper.tri", false)}
}

func transpose() *Func {
	return &Func{
		Signature: types.Signature{Name: "t", Params: []types.Param{need("X", types.Mat, "matrix, n x m")}, Results: []types.Type{types.Mat}},
		Family:    shaping,
		Doc:       "The transpose of X (n x m), m x n.",
		Example:   `print(t(seq(1, 3)))  # 1.000 2.000 3.000`,
		Pure:      true,
		Lower:     lowersTo(op.T, nil, 0),
	}
}

func rev() *Func {
	return &Func{
		Signature: types.Signature{Name: "rev", Params: []types.Param{need("X", types.Mat, "matrix")}, Results: []types.Type{types.Mat}},
		Family:    shaping,
		Doc:       "X with its rows in reverse order. A row vector stays as it is.",
		Example:   `print(rev(seq(1, 3)))  # 3.000 / 2.000 / 1.000`,
		Pure:      true,
		Lower:     lowersTo(op.Rev, nil, 0),
	}
}

func roll() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "roll",
			Params:  []types.Param{need("X", types.Mat, "matrix, n x m"), need("shift", types.IntT, "number of rows, negative to move up")},
			Results: []types.Type{types.Mat},
		},
		Family:  shaping,
		Doc:     "X with its rows moved down by shift places, those that fall off the end coming back at the top. A row vector stays as it is.",
		Example: `print(roll(seq(1, 3), 1))  # 3.000 / 1.000 / 2.000`,
		Pure:    true,
		Shape:   sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			shift, err := a.Int(1, 0)
			if err != nil {
				return nil, err
			}
			return one(matrix.Roll(a.M.Mat(), x, int(shift)))
		},
	}
}

func diagonal() *Func {
	return &Func{
		Signature: types.Signature{Name: "diag", Params: []types.Param{need("X", types.Mat, "n x 1 vector or n x n matrix")}, Results: []types.Type{types.Mat}},
		Family:    shaping,
		Doc:       "The n x n diagonal matrix of an n x 1 vector, or the n x 1 diagonal of an n x n matrix. Any other shape is an error.",
		Example:   `print(diag(seq(1, 2)))  # 1.000 0.000 / 0.000 2.000`,
		Pure:      true,
		Lower:     lowersTo(op.Diag, nil, 0),
	}
}

func order() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "order",
			Binding: types.Named,
			Params: []types.Param{
				need("target", types.Mat, "matrix, n x m"),
				may("by", types.Any, "1", "column to sort by, or a 1 x k row vector of columns, most significant first"),
				may("decreasing", types.BoolT, "FALSE", "largest first"),
				may("index.return", types.BoolT, "FALSE", "return the positions instead of the rows"),
			},
			Results: []types.Type{types.Mat},
			Check:   checks(takesAt("order", 1, matrix2|number), within("order", "by", 1, 1, math.Inf(1))),
		},
		Family: shaping,
		Doc: "The rows of a matrix sorted by one or more columns, in one direction for all of them. The sort is stable in both" +
			" directions; NaN counts as the largest value. With index.return the result is n x 1: row j of the sorted" +
			" matrix is row p[j] of target.",
		Example: `print(order(target=matrix("2 1 2 1", 4, 1), decreasing=TRUE, index.return=TRUE))  # 1.000 / 3.000 / 2.000 / 4.000`,
		Pure:    true,
		Shape: gives(func(in []op.Shape) (int64, int64) {
			x, index := in[0], shapeAt(in, 3)
			switch {
			case index.Val == true:
				return x.Rows, 1
			case index.Val == false || len(in) < 4:
				return x.Rows, x.Cols
			}
			return x.Rows, op.Unknown
		}),
		Call: callOrder,
	}
}

func callOrder(a *exec.Args) ([]value.Value, error) {
	x, err := a.Matrix(0)
	if err != nil {
		return nil, err
	}
	by := []int{0}
	if m, ok := arg(a, 1).(*matrix.Matrix); ok {
		by = by[:0]
		for _, v := range m.Vector() {
			by = append(by, columnIndex(v))
		}
	} else if a.Has(1) {
		v, err := a.Float(1, 1)
		if err != nil {
			return nil, err
		}
		by[0] = columnIndex(v)
	}
	decreasing, err := a.Bool(2, false)
	if err != nil {
		return nil, err
	}
	index, err := a.Bool(3, false)
	if err != nil {
		return nil, err
	}
	m, err := matrix.Order(a.M.Mat(), x, by, decreasing, index)
	return result(a, m, err)
}

func removeEmpty() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "removeEmpty",
			Binding: types.Named,
			Params: []types.Param{
				need("target", types.Any, "matrix or frame, n x m"),
				{Name: "margin", Type: types.Str, Enum: []string{"rows", "cols"}, Doc: "what to remove"},
				may("select", types.Mat, "", "n x 1 or 1 x m, not zero for the rows or columns to keep"),
				may("empty.return", types.BoolT, "TRUE", "leave one row or column of zeros when nothing is left"),
			},
			Results:  []types.Type{types.Any},
			ResultOf: tableResult,
			Check:    takesAt("removeEmpty", 0, matrix2|frame2),
		},
		Family: shaping,
		Doc: "A matrix without its rows (or columns) that are all zero; NaN is not zero. With select exactly the rows (columns)" +
			" are kept whose entry is not zero. If nothing is left the result has one row (column) of zeros, or none at all" +
			" with empty.return=FALSE. In a frame missing cells, empty strings, FALSE and the text 0 count as zeros; a string column" +
			" left without cells has one missing.",
		Example: `print(removeEmpty(target=matrix("1 0 2", 3, 1), margin="rows")); print(nrow(removeEmpty(target=matrix(0, 3, 2), margin="rows", empty.return=FALSE)))  # 1.000 / 2.000 /  / 0`,
		Pure:    true,
		Call:    callRemoveEmpty,
	}
}

// tableResult: a function of a matrix or frame that gives one like its first argument.
func tableResult(args []types.Type) []types.Type {
	if args[0].Data == types.Matrix || args[0].Data == types.Frame {
		return args[:1]
	}
	return []types.Type{types.Any}
}

func callRemoveEmpty(a *exec.Args) ([]value.Value, error) {
	margin, err := a.Str(1, "rows")
	if err != nil {
		return nil, err
	}
	if margin != "rows" && margin != "cols" {
		return nil, badWord(a, 1, margin, "rows", "cols")
	}
	var sel *matrix.Matrix
	if a.Has(2) {
		if sel, err = a.Matrix(2); err != nil {
			return nil, err
		}
	}
	keepOne, err := a.Bool(3, true)
	if err != nil {
		return nil, err
	}
	if f, ok := arg(a, 0).(*frame.Frame); ok {
		f, err := removeEmptyFrame(f, margin == "rows", sel, keepOne)
		if err != nil {
			return nil, named(a, err)
		}
		return one(f)
	}
	x, err := a.Matrix(0)
	if err != nil {
		return nil, err
	}
	m, err := matrix.RemoveEmpty(a.M.Mat(), x, margin == "rows", sel, keepOne)
	return result(a, m, err)
}

func replace() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "replace",
			Binding: types.Named,
			Params: []types.Param{
				need("target", types.Any, "matrix or frame"),
				need("pattern", types.Scal, "value to look for"),
				need("replacement", types.Scal, "value to put in its place"),
			},
			Results:  []types.Type{types.Any},
			ResultOf: tableResult,
			Check:    checks(takesAt("replace", 0, matrix2|frame2), replaceTypes),
		},
		Family: shaping,
		Doc: "A matrix or frame with every cell that equals pattern replaced, with the dimensions of target. NaN matches NaN." +
			" Cells of a frame are compared by their text, so that 1 is not 1.0; missing ones stay, and pattern and replacement" +
			" have to read as one type, INT64, FP64, BOOLEAN or STRING, or be empty.",
		Example: `print(replace(target=matrix("1 NaN", 1, 2), pattern=NaN, replacement=0))  # 1.000 0.000`,
		Pure:    true,
		Shape:   sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			if f, ok := arg(a, 0).(*frame.Frame); ok {
				f, err := replaceFrame(f, arg(a, 1), arg(a, 2))
				if err != nil {
					return nil, named(a, err)
				}
				return one(f)
			}
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			pattern, err := numberOf(a, 1)
			if err != nil {
				return nil, err
			}
			replacement, err := numberOf(a, 2)
			if err != nil {
				return nil, err
			}
			return one(matrix.Replace(a.M.Mat(), x, pattern, replacement))
		},
	}
}

// replaceTypes: only frames hold strings. One that reads as a number, such as "Infinity", is one.
func replaceTypes(c types.Call) []types.Problem {
	var ps []types.Problem
	for i := 1; i <= 2; i++ {
		v, _ := c.Literal(i)
		s, isString := v.(string)
		if _, err := cell.ParseDouble(s); isString && err != nil && c.TypeOf(0).Data == types.Matrix {
			ps = append(ps, wrongKind(c, "replace", i, number)...)
		}
	}
	return ps
}

// numberOf returns argument i, which may be a string that reads as a number.
func numberOf(a *exec.Args, i int) (float64, error) {
	s, ok := arg(a, i).(string)
	if !ok {
		return a.Float(i, 0)
	}
	v, err := cell.ParseDouble(s)
	if err != nil {
		return 0, fmt.Errorf("replace: argument %d of a matrix must be a number, not the string %q", i+1, s)
	}
	return v, nil
}

func triangle(name string, lower bool) *Func {
	side, example := "upper", `print(upper.tri(target=matrix("1 2 3 4", 2, 2), diag=TRUE, values=TRUE))  # 1.000 2.000 / 0.000 4.000`
	if lower {
		side, example = "lower", `print(lower.tri(target=matrix("1 2 3 4", 2, 2)))  # 0.000 0.000 / 1.000 0.000`
	}
	return &Func{
		Signature: types.Signature{
			Name:    name,
			Binding: types.Named,
			Params: []types.Param{
				need("target", types.Mat, "square matrix"),
				may("diag", types.BoolT, "FALSE", "include the diagonal"),
				may("values", types.BoolT, "FALSE", "keep the cells instead of setting ones"),
			},
			Results: []types.Type{types.Mat},
		},
		Family:  shaping,
		Doc:     "The " + side + " triangle of a square matrix, with its dimensions and zeros elsewhere: ones, or the cells of target with values=TRUE.",
		Example: example,
		Pure:    true,
		Shape:   sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			diag, err := a.Bool(1, false)
			if err != nil {
				return nil, err
			}
			values, err := a.Bool(2, false)
			if err != nil {
				return nil, err
			}
			m, err := matrix.Triangle(a.M.Mat(), x, lower, diag, values)
			return result(a, m, err)
		},
	}
}
