package builtins

import (
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix/linalg"
	"gdml/runtime/value"
)

func qr() *Func {
	return &Func{
		Signature: types.Signature{
			Name:        "qr",
			Params:      []types.Param{need("A", types.Mat, "matrix, m x n")},
			Results:     []types.Type{types.Mat, types.Mat},
			MultiResult: true,
		},
		Family: linear,
		Doc: "[H, R] = qr(A): the Householder vectors H, m x n, and the upper trapezoidal R, m x n. H is not Q: column j of H is" +
			" the vector v of the j-th reflection I - v %*% t(v) / v[j], and Q is the product of the reflections in their order.",
		Example: `[H, R] = qr(matrix("3 4", 2, 1)); print(abs(R))  # 5.000 / 0.000`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			s := op.Dims(in[0].Rows, in[0].Cols)
			return []op.Shape{s, s}, nil
		},
		Call: func(a *exec.Args) ([]value.Value, error) {
			m, err := factorArg(a, false)
			if err != nil {
				return nil, err
			}
			h, r, err := linalg.Householder(a.M.Mat(), m)
			if err != nil {
				return nil, named(a, err)
			}
			return []value.Value{h, r}, nil
		},
	}
}

func lu() *Func {
	return &Func{
		Signature: types.Signature{
			Name:        "lu",
			Params:      []types.Param{need("A", types.Mat, "square matrix, n x n")},
			Results:     []types.Type{types.Mat, types.Mat, types.Mat},
			MultiResult: true,
		},
		Family:  linear,
		Doc:     "[P, L, U] = lu(A): the factorisation P %*% A = L %*% U with a permutation P, a lower triangular L with ones on its diagonal and an upper triangular U, all n x n. A singular matrix is an error.",
		Example: `[P, L, U] = lu(matrix("0 2 4 0", 2, 2)); print(P); print(U)  # 0.000 1.000 / 1.000 0.000 /  / 4.000 0.000 / 0.000 2.000`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			s := op.Dims(in[0].Rows, in[0].Cols)
			return []op.Shape{s, s, s}, nil
		},
		Call: func(a *exec.Args) ([]value.Value, error) {
			m, err := factorArg(a, true)
			if err != nil {
				return nil, err
			}
			p, l, u, err := linalg.LU(a.M.Mat(), m)
			if err != nil {
				return nil, factorError(a, m, err)
			}
			return []value.Value{p, l, u}, nil
		},
	}
}
