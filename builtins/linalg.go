package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix/linalg"
	"gdml/runtime/value"
)

const linear = "Linear algebra"

// linalgFuncs solve linear systems and factorise matrices.
func linalgFuncs() []*Func { return append([]*Func{solve(), inverse(), einsum()}, decompFuncs()...) }

func solve() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "solve",
			Params:  []types.Param{need("A", types.Mat, "square matrix, n x n"), need("b", types.Mat, "right-hand side, n x 1")},
			Results: []types.Type{types.Mat},
		},
		Family:  linear,
		Doc:     "The solution x of A %*% x = b, n x 1, by LU factorisation with row exchanges, or by QR where that would be inexact; b may have several columns, x then has as many. A singular A is an error, and least squares is not offered: solve(t(A) %*% A, t(A) %*% b).",
		Example: `print(solve(matrix("2 0 0 4", 2, 2), matrix("2 4", 2, 1)))  # 1.000 / 1.000`,
		Pure:    true,
		Shape:   solveShape,
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			b, err := a.Matrix(1)
			if err != nil {
				return nil, err
			}
			m, err := linalg.Solve(a.M.Mat(), x, b)
			if err != nil {
				return nil, factorError(a, x, err)
			}
			return []value.Value{m}, nil
		},
	}
}

func solveShape(in []op.Shape) ([]op.Shape, error) {
	a, b := in[0], in[1]
	switch {
	case a.Known() && a.Rows != a.Cols:
		return nil, &op.Mismatch{Msg: "solve needs a square matrix", In: []int{0}}
	case a.Rows >= 0 && b.Rows >= 0 && a.Rows != b.Rows:
		return nil, &op.Mismatch{Msg: "solve needs as many rows on both sides", In: []int{0, 1}}
	}
	return []op.Shape{op.Dims(max(a.Cols, a.Rows), b.Cols)}, nil
}

func inverse() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "inv",
			Params:  []types.Param{need("A", types.Mat, "square matrix, n x n")},
			Results: []types.Type{types.Mat},
		},
		Aliases: []string{"inverse"},
		Family:  linear,
		Doc:     "The inverse of a square matrix, by LU factorisation with row exchanges, or by QR where that would be inexact. A singular matrix is an error. solve(A, b) is faster and more exact than inv(A) %*% b.",
		Example: `print(inv(matrix("2 0 0 4", 2, 2)))  # 0.500 0.000 / 0.000 0.250`,
		Pure:    true,
		Shape:   sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			if x.Rows() != x.Cols() {
				return nil, fmt.Errorf("inv: a square matrix is needed, not %s", x)
			}
			m, err := linalg.Inverse(a.M.Mat(), x)
			if err != nil {
				return nil, factorError(a, x, err)
			}
			return []value.Value{m}, nil
		},
	}
}
