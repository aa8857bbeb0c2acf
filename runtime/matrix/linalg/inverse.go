package linalg

import (
	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// Inverse returns the inverse of a square matrix of finite cells: inv(U)*inv(L)*P by LU
// factorisation, or by QR where that would be inexact. A singular a is ErrSingular.
func Inverse(c *matrix.Ctx, a *matrix.Matrix) (*matrix.Matrix, error) {
	n := a.Rows()
	rouse(c, cubic(n))
	factors, lus, top, err := load(c, a)
	if err != nil {
		return nil, err
	}
	defer factors.Release()
	swaps := make([]int, n)
	lu(c, n, n, lus, n, swaps)
	out, x := matrix.Draft(c, n, n)
	if !trusted(n, lus, top) {
		clear(x)
		for i := range n {
			x[i*n+i] = 1
		}
		if err := solveQR(c, a, lus, n, x); err != nil {
			out.Release()
			return nil, err
		}
		return matrix.Compact(c, out), nil
	}
	eachRows(c, n, n, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			clear(x[i*n : i*n+i])
			copy(x[i*n+i:(i+1)*n], lus[i*n+i:])
		}
	})
	invertUpper(c, n, x, n)
	matrix.Trsm(c, true, true, false, true, n, n, 1, lus, n, x, n)
	p := permutation(swaps)
	eachRows(c, n, n, func(lo, hi int) {
		row := make([]float64, n)
		for i := lo; i < hi; i++ {
			copy(row, x[i*n:(i+1)*n])
			for j, v := range row {
				x[i*n+p[j]] = v
			}
		}
	})
	return matrix.Compact(c, out), nil
}

// invertUpper replaces the upper triangular u, n x n with rows ld apart and without
// zeros on the diagonal, by its inverse. What is below the diagonal is not touched.
func invertUpper(c *matrix.Ctx, n int, u []float64, ld int) {
	if n <= small {
		invertSmall(n, u, ld)
		return
	}
	h := halve(n)
	square, low := u[h:], u[h*ld+h:]
	matrix.Trsm(c, true, false, false, false, h, n-h, -1, low, ld, square, ld)
	invertUpper(c, h, u, ld)
	matrix.Trmm(c, false, false, false, false, h, n-h, 1, u, ld, square, ld)
	invertUpper(c, n-h, low, ld)
}

// invertSmall is invertUpper for at most small rows, from the last one up: row i of the
// inverse is made of those below it.
func invertSmall(n int, u []float64, ld int) {
	var buf [small]float64
	for i := n - 1; i >= 0; i-- {
		row := u[i*ld+i : i*ld+n]
		pivot := 1 / row[0]
		f := buf[:copy(buf[:], row[1:])]
		row[0] = pivot
		clear(row[1:])
		for p := range f {
			kernel.Axpy(-pivot*f[p], u[(i+1+p)*ld+i+1+p:(i+1+p)*ld+n], row[1+p:])
		}
	}
}
