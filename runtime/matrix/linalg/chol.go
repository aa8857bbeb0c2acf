package linalg

import (
	"errors"
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// small is the size of a triangle up to which drivers do not cut in two.
const small = 64

// halve returns where n is cut in two: at whole register tiles.
func halve(n int) int { return (n/2 + 7) &^ 7 }

// Errors of Cholesky.
var (
	ErrNotSymmetric = errors.New("the matrix is not symmetric")
	ErrNotPositive  = errors.New("the matrix is not positive definite")
)

// leastPivot is the least square of a diagonal cell of L.
const leastPivot = 1e-10

// Cholesky returns the lower triangular L, n x n, with L*L' = a for a symmetric positive
// definite a. An a with cells that are not finite, that is not symmetric (1e-6
// relative), or with a square on L's diagonal of at most 1e-10 is an error.
func Cholesky(c *matrix.Ctx, a *matrix.Matrix) (*matrix.Matrix, error) {
	n := a.Rows()
	rouse(c, cubic(n)/6)
	l, cells, _, err := load(c, a)
	if err != nil {
		return nil, err
	}
	if !Symmetric(c, a, symmetryTolerance) {
		l.Release()
		return nil, ErrNotSymmetric
	}
	ok := cholesky(c, n, cells, n)
	for i := range n {
		d := cells[i*n+i]
		ok = ok && d*d > leastPivot
	}
	if !ok {
		l.Release()
		return nil, ErrNotPositive
	}
	eachRows(c, n, n, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			clear(cells[i*n+i+1 : (i+1)*n])
		}
	})
	return matrix.Compact(c, l), nil
}

// cholesky replaces the lower triangle of a, n x n with rows lda apart, by L and reports
// whether a is positive definite. What is above the diagonal is not used and undefined
// afterwards. The lower left quarter is solved for once the triangle above it is done.
func cholesky(c *matrix.Ctx, n int, a []float64, lda int) bool {
	if n <= small {
		return smallCholesky(n, a, lda)
	}
	h := halve(n)
	if !cholesky(c, h, a, lda) {
		return false
	}
	quarter, low := a[h*lda:], a[h*lda+h:]
	matrix.Trsm(c, true, true, true, false, n-h, h, 1, a, lda, quarter, lda)
	matrix.Syrk(c, false, true, n-h, h, -1, quarter, lda, 1, low, lda)
	return cholesky(c, n-h, low, lda)
}

// smallCholesky is cholesky for at most small rows. It works on the transposed matrix,
// whose factor U = L' is computed a few rows at a time, each from all rows before.
func smallCholesky(n int, a []float64, lda int) bool {
	var buf [small * small]float64
	u := buf[:]
	kernel.Transpose(n, n, a, lda, u, small)
	step := kernel.SymStep()
	l := make([]float64, step*step)
	for i := 0; i < n; i += step {
		s, w := min(step, n-i), n-i
		rows := u[i*small+i:]
		if i > 0 {
			kernel.Gemm(s, w, i, kernel.LeftPanels(u[i:], 1, small), kernel.RightPanels(u[i:], small), rows, small, kernel.Subtract, kernel.Whole, 0, 0)
		}
		if !tinyCholesky(s, rows, small, l) {
			return false
		}
		if s < w {
			kernel.SolveRows(s, w-s, l, rows[s:], small, false)
		}
	}
	kernel.Transpose(n, n, u, small, a, lda)
	return true
}

// tinyCholesky factorises U'*U in the upper triangle of u, s x s, and writes U' to l,
// with the reciprocals of its diagonal, as kernel.SolveRows takes it.
func tinyCholesky(s int, u []float64, ld int, l []float64) bool {
	for i := range s {
		row := u[i*ld : i*ld+s]
		if !(row[i] > 0) {
			return false
		}
		d := math.Sqrt(row[i])
		inverse := 1 / d
		row[i] = d
		l[i*s+i] = inverse
		for j := i + 1; j < s; j++ {
			row[j] *= inverse
			l[j*s+i] = row[j]
		}
		for k := i + 1; k < s; k++ {
			f, next := row[k], u[k*ld:k*ld+s]
			for j := k; j < s; j++ {
				next[j] -= f * row[j]
			}
		}
	}
	return true
}
