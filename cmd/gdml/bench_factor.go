package main

import (
	"gdml/runtime/cell"
	"gdml/runtime/matrix"
	"gdml/runtime/matrix/linalg"
)

// factorCases are the factorisations of random matrices and what is made of them. The
// rates count the arithmetic of the textbook, not checks and copies: LU and QR take
// twice and four times that of Cholesky, Q as much as R, an inverse three times its LU.
func factorCases() (out []benchCase) {
	for _, n := range []int{200, 500, 1000} {
		cube := float64(n) * float64(n) * float64(n)
		out = append(out,
			factorCase("cholesky", n, cube/3, func(c *matrix.Ctx, a, _ *matrix.Matrix) ([]*matrix.Matrix, error) {
				l, err := linalg.Cholesky(c, a)
				return []*matrix.Matrix{l}, err
			}),
			factorCase("lu", n, 2*cube/3, func(c *matrix.Ctx, a, _ *matrix.Matrix) ([]*matrix.Matrix, error) {
				p, l, u, err := linalg.LU(c, a)
				return []*matrix.Matrix{p, l, u}, err
			}),
			factorCase("qr", n, 8*cube/3, func(c *matrix.Ctx, a, _ *matrix.Matrix) ([]*matrix.Matrix, error) {
				q, r, err := linalg.QR(c, a)
				return []*matrix.Matrix{q, r}, err
			}),
			factorCase("inv", n, 2*cube, func(c *matrix.Ctx, a, _ *matrix.Matrix) ([]*matrix.Matrix, error) {
				x, err := linalg.Inverse(c, a)
				return []*matrix.Matrix{x}, err
			}),
			factorCase("solve", n, 2*cube/3, func(c *matrix.Ctx, a, b *matrix.Matrix) ([]*matrix.Matrix, error) {
				x, err := linalg.Solve(c, a, b)
				return []*matrix.Matrix{x}, err
			}),
		)
	}
	return append(out, eigenCase(500), eigenCase(1000), svdCase(500), svdCase(1000))
}

// factorCase runs f on an n x n matrix, positive definite for cholesky, and a vector.
func factorCase(op string, n int, flops float64, f func(c *matrix.Ctx, a, b *matrix.Matrix) ([]*matrix.Matrix, error)) benchCase {
	return benchCase{op: op, shape: []int{n}, flops: flops, make: func(c *matrix.Ctx) (func() error, error) {
		a, b := randomDense(c, n, n), randomDense(c, n, 1)
		if op == "cholesky" {
			a = matrix.TSMM(c, a, true)
			for i, cells := 0, a.DenseData(); i < n; i++ {
				cells[i*n+i] += 1
			}
		}
		return func() error {
			out, err := f(c, a, b)
			if err != nil {
				return err
			}
			for _, m := range out {
				m.Release()
			}
			return nil
		}, nil
	}}
}

// eigenCase decomposes a symmetric matrix.
func eigenCase(n int) benchCase {
	return benchCase{op: "eigen", shape: []int{n}, make: func(c *matrix.Ctx) (func() error, error) {
		x := randomDense(c, n, n)
		a, err := matrix.Binary(c, cell.Add, x, matrix.Transpose(c, x), matrix.ReuseNone)
		return func() error {
			w, v, err := linalg.EigenSym(c, a)
			if err == nil {
				w.Release()
				v.Release()
			}
			return err
		}, err
	}}
}

func svdCase(n int) benchCase {
	return benchCase{op: "svd", shape: []int{n}, make: func(c *matrix.Ctx) (func() error, error) {
		x := randomDense(c, n, n)
		return func() error {
			u, s, v, err := linalg.SVD(c, x)
			if err == nil {
				u.Release()
				s.Release()
				v.Release()
			}
			return err
		}, nil
	}}
}
