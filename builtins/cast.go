package builtins

import (
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

const casting = "Casts and metadata"

// castFuncs convert between data types and value types.
func castFuncs() []*Func {
	return []*Func{asScalar(), asMatrix(), asFrame(), asList(),
		asElem("as.double", "", types.Dbl, op.AsDouble, "a double. TRUE counts as 1, a string is parsed.", `print(as.double("1e3") / 2)  # 500.0`),
		asElem("as.integer", "", types.IntT, op.AsInt, "an int, truncated towards zero. TRUE counts as 1, a string is parsed as a double first, NaN gives 0.", `print(as.integer(-2.7))  # -2`),
		asElem("as.logical", "as.boolean", types.BoolT, op.AsBool, `a boolean: a number is true unless it is 0, a string if it is "TRUE" or "true".`, `print(as.logical(0.5))  # TRUE`),
		extent("nrow", "The number of rows of a matrix or frame, or of elements of a list; an int.", `print(nrow(matrix(0, 2, 3)))  # 2`, op.NRow, 0),
		extent("ncol", "The number of columns of a matrix or frame, 1 for a list; an int.", `print(ncol(matrix(0, 2, 3)))  # 3`, op.NCol, 0),
		extent("length", "The number of cells of a matrix, frame or tensor, or of elements of a list; an int.", `print(length(matrix(0, 2, 3)))  # 6`, op.Length, tensor2),
		exists(),
	}
}

func asScalar() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "as.scalar",
			Params:  []types.Param{need("x", types.Any, "1x1 matrix, 1x1 frame, or list")},
			Results: []types.Type{types.Any},
			ResultOf: func(args []types.Type) []types.Type {
				switch args[0].Data {
				case types.Matrix:
					return []types.Type{types.Dbl}
				case types.Frame:
					return []types.Type{types.Scal}
				}
				return []types.Type{types.Any}
			},
			Check: noScalar("as.scalar"),
		},
		Aliases: []string{"castAsScalar"},
		Family:  casting,
		Doc:     "The cell of a 1x1 matrix as a double, the cell of a 1x1 frame as its column's type, or the first element of a list whatever its type. Other dimensions are an error.",
		Example: `print(as.scalar(matrix(7, 1, 1)))  # 7.0`,
		Pure:    true,
		Lower: func(args []types.Type, _ []bool) (Lowering, bool) {
			return Lowering{Op: op.AsScalar, Args: []Operand{{Arg: 0}}}, args[0].Data == types.Matrix
		},
		Call: func(a *exec.Args) ([]value.Value, error) {
			v, err := value.AsScalar(arg(a, 0))
			if err != nil {
				return nil, named(a, err)
			}
			return one(v)
		},
	}
}

// noScalar refuses a cast of what is a scalar already.
func noScalar(name string) check {
	return func(c types.Call) []types.Problem {
		if t := c.TypeOf(0); t.Data == types.Scalar {
			return problem(0, "leave "+name+" out", "%s: the argument is a scalar already (%s)", name, t)
		}
		return nil
	}
}

func asMatrix() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "as.matrix",
			Params:  []types.Param{need("x", types.Any, "scalar, frame, list, or tensor of two dimensions")},
			Results: []types.Type{types.Mat},
			Check: func(c types.Call) []types.Problem {
				if c.TypeOf(0).Data == types.Matrix {
					return problem(0, "leave as.matrix out", "as.matrix: the argument is a matrix already")
				}
				return nil
			},
		},
		Family: casting,
		Doc: "A scalar as a 1x1 matrix; a frame cell by cell, with strings parsed as numbers, true and false as 1 and 0 and" +
			" missing cells as NaN; a tensor of two dimensions likewise; the element of a list of one, or a list of n scalars as n x 1. Text that is no number is an error.",
		Example: `print(as.matrix(3)); print(as.matrix(list(1, 2)))  # 3.000 /  / 1.000 / 2.000`,
		Pure:    true,
		Lower: func(args []types.Type, _ []bool) (Lowering, bool) {
			return Lowering{Op: op.AsMatrix, Args: []Operand{{Arg: 0}}}, args[0].Data == types.Scalar
		},
		Call: func(a *exec.Args) ([]value.Value, error) {
			m, err := value.AsMatrix(arg(a, 0))
			return result(a, m, err)
		},
		Shape: gives(func(in []op.Shape) (int64, int64) { return op.Unknown, op.Unknown }),
	}
}

func asFrame() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "as.frame",
			Params: []types.Param{
				need("x", types.Any, "scalar, matrix, or list"),
				may("names", types.ListT, "", "column names, a list of strings"),
			},
			Results: []types.Type{types.FrameT},
		},
		Family: casting,
		Doc: "A scalar as a 1x1 frame; a matrix column by column, each of the narrowest type that holds it (BOOLEAN, INT32, INT64," +
			" FP32, FP64); a list as its first element. Columns are called C1, C2, ... or as names says.",
		Example: `print(as.frame(matrix("3 1", 1, 2)))  # # FRAME: nrow = 1, ncol = 2 / # C1 C2 / # INT32 BOOLEAN / 3 TRUE`,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			var names *value.List
			if a.Has(1) {
				l, err := a.List(1)
				if err != nil {
					return nil, err
				}
				names = l
			}
			f, err := value.AsFrame(arg(a, 0), names)
			if err != nil {
				return nil, named(a, err)
			}
			return one(f)
		},
	}
}

func asList() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "as.list",
			Params:  []types.Param{need("x", types.ListT, "list")},
			Results: []types.Type{types.ListT},
		},
		Family:  casting,
		Doc:     "The inner list of a list that holds exactly one element which is a list; any other list as it is.",
		Example: `l = list(list(1, 2)); print(length(as.list(l[1])))  # 2`,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			l, err := value.AsList(arg(a, 0))
			if err != nil {
				return nil, named(a, err)
			}
			return one(l)
		},
	}
}

func asElem(name, alias string, t types.Type, o op.Op, what, example string) *Func {
	f := &Func{
		Signature: types.Signature{
			Name:    name,
			Params:  []types.Param{need("x", types.Scal, "scalar")},
			Results: []types.Type{t},
		},
		Family:  casting,
		Doc:     "A scalar as " + what + " A matrix is an error, also a 1x1 one: as.scalar comes first.",
		Example: example,
		Pure:    true,
		Lower:   lowersTo(o, nil, 0),
	}
	if alias != "" {
		f.Aliases = []string{alias}
	}
	return f
}

func extent(name, doc, example string, o op.Op, more kind) *Func {
	what := "matrix, frame or list"
	if more == tensor2 {
		what = "matrix, frame, list or tensor"
	}
	return &Func{
		Signature: types.Signature{
			Name:    name,
			Params:  []types.Param{need("x", types.Any, what)},
			Results: []types.Type{types.IntT},
			Check:   takes(name, 0, matrix2|frame2|list2|more),
		},
		Family:  casting,
		Doc:     doc,
		Example: example,
		Pure:    true,
		Lower:   lowersTo(o, nil, 0),
	}
}

// exists is not pure: it reads a variable that is no argument.
func exists() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "exists",
			Params:  []types.Param{need("x", types.Str, "variable, or its name as a string")},
			Results: []types.Type{types.BoolT},
		},
		Family:  casting,
		Doc:     "Whether a variable has a value at this place; a boolean.",
		Example: `x = 1; print(exists(x)); print(exists("y"))  # TRUE / FALSE`,
		Call: func(a *exec.Args) ([]value.Value, error) {
			name, err := a.Str(0, "")
			if err != nil {
				return nil, err
			}
			return one(a.M.Var(name) != nil)
		},
	}
}
