package builtins

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
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
			d, err := denseArg(a, false)
			if err != nil {
				return nil, err
			}
			h, r := householder(d)
			c := a.M.Mat()
			return []value.Value{fromMat(c, h), fromMat(c, r)}, nil
		},
	}
}

// householder factorises x, which it overwrites with R, and returns the vectors scaled
// so that v[j] = 1 - x[j]/a, where a is the diagonal entry of R that the reflection makes.
func householder(x *mat.Dense) (h, r *mat.Dense) {
	m, n := x.Dims()
	h = mat.NewDense(m, n, nil)
	for j := range min(m, n) {
		norm := 0.0
		for i := j; i < m; i++ {
			norm = math.Hypot(norm, x.At(i, j))
		}
		if norm == 0 {
			continue // nothing to reflect: v stays 0
		}
		a := norm
		if x.At(j, j) > 0 {
			a = -norm // no cancellation in v[j]
		}
		for i := j; i < m; i++ {
			h.Set(i, j, x.At(i, j)/-a)
		}
		h.Set(j, j, h.At(j, j)+1)
		for k := j; k < n; k++ {
			dot := 0.0
			for i := j; i < m; i++ {
				dot += h.At(i, j) * x.At(i, k)
			}
			dot /= h.At(j, j)
			for i := j; i < m; i++ {
				x.Set(i, k, x.At(i, k)-dot*h.At(i, j))
			}
		}
		x.Set(j, j, a)
		for i := j + 1; i < m; i++ {
			x.Set(i, j, 0)
		}
	}
	return h, x
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
			d, err := denseArg(a, true)
			if err != nil {
				return nil, err
			}
			n, _ := d.Dims()
			p, ok := gauss(d)
			if !ok {
				return nil, fmt.Errorf("lu: the %dx%d matrix is singular", n, n)
			}
			perm, l, u := make([]float64, n*n), mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
			for i := range n {
				perm[i*n+p[i]] = 1
				l.Set(i, i, 1)
				for j := range n {
					if j < i {
						l.Set(i, j, d.At(i, j))
					} else {
						u.Set(i, j, d.At(i, j))
					}
				}
			}
			c := a.M.Mat()
			return []value.Value{matrix.Compact(c, matrix.FromDense(n, n, perm)), fromMat(c, l), fromMat(c, u)}, nil
		},
	}
}

// gauss eliminates in place with partial pivoting: U and below it the factors of L. Row i
// comes from row perm[i]. ok is false when a pivot is below 1e-11.
func gauss(x *mat.Dense) (perm []int, ok bool) {
	n, _ := x.Dims()
	perm = make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	for k := range n {
		p := k
		for i := k + 1; i < n; i++ {
			if math.Abs(x.At(i, k)) > math.Abs(x.At(p, k)) {
				p = i
			}
		}
		if math.Abs(x.At(p, k)) < 1e-11 {
			return nil, false
		}
		perm[k], perm[p] = perm[p], perm[k]
		rk, rp := x.RawRowView(k), x.RawRowView(p)
		for j := range n {
			rk[j], rp[j] = rp[j], rk[j]
		}
		for i := k + 1; i < n; i++ {
			ri := x.RawRowView(i)
			f := ri[k] / rk[k]
			ri[k] = f
			for j := k + 1; j < n; j++ {
				ri[j] -= f * rk[j]
			}
		}
	}
	return perm, true
}
