package builtins

import (
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

// someMatrix wants one of the operands of ppred to be a matrix.
func someMatrix(c types.Call) []types.Problem {
	if c.TypeOf(0).Data == types.Scalar && c.TypeOf(1).Data == types.Scalar {
		return problem(0, "compare numbers with the operators: x > y", "ppred: X or y must be a matrix")
	}
	return nil
}

// ppred is the old form of the comparison operators.
func ppred() *Func {
	byName := map[string]*cell.Binary{}
	var words []string
	for _, f := range []*cell.Binary{cell.Eq, cell.Ne, cell.Lt, cell.Le, cell.Gt, cell.Ge} {
		byName[f.Name] = f
		words = append(words, f.Name)
	}
	compare := word("op", "", words, "the comparison")
	compare.Optional, compare.Default = false, ""
	return &Func{
		Signature: types.Signature{
			Name: "ppred",
			Params: []types.Param{
				need("X", types.Any, "matrix, n x m, or a number"),
				need("y", types.Any, "number, vector or matrix to compare with"),
				compare,
			},
			Results: []types.Type{types.Mat},
			Check:   checks(takesAt("ppred", 0, matrix2|number), takesAt("ppred", 1, matrix2|number), someMatrix),
		},
		Family:  cellwise,
		Doc:     "1 where X op y holds, else 0, n x m. An old form of the operators: write X > y.",
		Example: `print(ppred(matrix("1 2 3", 1, 3), 2, ">="))  # 0.000 1.000 1.000`,
		Pure:    true,
		Shape:   func(in []op.Shape) ([]op.Shape, error) { return extremeShape(in[:2]) },
		Call: func(a *exec.Args) ([]value.Value, error) {
			if _, err := a.Matrix(0); err != nil {
				if _, err := a.Matrix(1); err != nil {
					return nil, err
				}
			}
			name, err := a.Str(2, "")
			if err != nil {
				return nil, err
			}
			f, ok := byName[name]
			if !ok {
				return nil, badWord(a, 2, name, words...)
			}
			v, err := applyBinary(a, f, arg(a, 0), arg(a, 1))
			if err != nil {
				return nil, err
			}
			return one(v)
		},
	}
}
