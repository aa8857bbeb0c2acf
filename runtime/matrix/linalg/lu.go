package linalg

import (
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

const (
	luCols   = 32 // columns that are eliminated in a transposed copy
	luSingly = 8  // columns that are eliminated one by one
)

// lu factorises a, m x n with m >= n and rows lda apart, in place into P*A = L*U: U on
// and above the diagonal, the rest of L, whose diagonal is one, below. P exchanges row j
// with row swaps[j] >= j, for j = 0, 1, ... in order; the pivot is the largest cell of
// its column, the first of several. A column whose pivot is zero is left as it is. The
// columns are halved (S. Toledo, Locality of reference in LU decomposition with partial
// pivoting, SIAM J. Matrix Anal. Appl. 18, 1997).
func lu(c *matrix.Ctx, m, n int, a []float64, lda int, swaps []int) {
	if n <= luCols {
		luPanel(c, m, n, a, lda, swaps)
		return
	}
	h := halve(n)
	lu(c, m, h, a, lda, swaps[:h])
	swapRows(c, n-h, a[h:], lda, swaps[:h])
	matrix.Trsm(c, false, true, false, true, h, n-h, 1, a, lda, a[h:], lda)
	low := a[h*lda+h:]
	matrix.Gemm(c, false, false, m-h, n-h, h, -1, a[h*lda:], lda, a[h:], lda, 1, low, lda)
	lu(c, m-h, n-h, low, lda, swaps[h:n])
	swapRows(c, h, a[h*lda:], lda, swaps[h:n])
	for j := h; j < n; j++ {
		swaps[j] += h
	}
}

// swapRows exchanges rows of a, which has n columns, in the order of swaps.
func swapRows(c *matrix.Ctx, n int, a []float64, lda int, swaps []int) {
	const wide = 256
	workers(c).RangeCost(n, wide, 2*copyNanos*float64(len(swaps)), func(lo, hi int) {
		var buf [wide]float64
		t := buf[:hi-lo]
		for j, p := range swaps {
			if p != j {
				x, y := a[j*lda+lo:j*lda+hi], a[p*lda+lo:p*lda+hi]
				copy(t, x)
				copy(x, y)
				copy(y, t)
			}
		}
	})
}

// luPanel is lu for few columns: in a copy in which they are rows.
func luPanel(c *matrix.Ctx, m, n int, a []float64, lda int, swaps []int) {
	ld := (m+7)&^7 + 8
	buf, t := matrix.Draft(c, n, ld)
	defer buf.Release()
	kernel.Transpose(m, n, a, lda, t, ld)
	luColumns(c, m, n, t, ld, swaps)
	kernel.Transpose(n, m, t, ld, a, lda)
}

// luColumns is lu for a transposed matrix: cell (i, j) is at t[j*ld+i].
func luColumns(c *matrix.Ctx, m, n int, t []float64, ld int, swaps []int) {
	if n <= luSingly {
		eliminate(m, n, t, ld, swaps)
		return
	}
	h := n / 2
	luColumns(c, m, h, t, ld, swaps[:h])
	right := t[h*ld:]
	swapCells(n-h, right, ld, swaps[:h])
	for r := range n - h { // the columns of U above the diagonal
		x := right[r*ld : r*ld+h]
		for j, f := range x {
			for i := j + 1; i < h; i++ {
				x[i] -= f * t[j*ld+i]
			}
		}
	}
	matrix.Gemm(c, false, false, n-h, m-h, h, -1, right, ld, t[h:], ld, 1, right[h:], ld)
	luColumns(c, m-h, n-h, right[h:], ld, swaps[h:n])
	swapCells(h, t[h:], ld, swaps[h:n])
	for j := h; j < n; j++ {
		swaps[j] += h
	}
}

// swapCells exchanges cells of n rows of t, the same in each.
func swapCells(n int, t []float64, ld int, swaps []int) {
	for r := range n {
		row := t[r*ld:]
		for j, p := range swaps {
			row[j], row[p] = row[p], row[j]
		}
	}
}

// eliminate is luColumns column by column.
func eliminate(m, n int, t []float64, ld int, swaps []int) {
	for j := range n {
		col := t[j*ld+j : j*ld+m]
		p := largest(col)
		swaps[j] = j + p
		if p > 0 {
			for r := range n {
				t[r*ld+j], t[r*ld+j+p] = t[r*ld+j+p], t[r*ld+j]
			}
		}
		if col[0] == 0 {
			continue
		}
		below := col[1:]
		kernel.XS(kernel.Div)(below, below, col[0])
		for r := j + 1; r < n; r++ {
			row := t[r*ld+j : r*ld+m]
			kernel.Axpy(-row[0], below, row[1:])
		}
	}
}

// largest returns the position of the first cell of the largest magnitude.
func largest(x []float64) int {
	top := max(kernel.Max(x, 0), -kernel.Min(x, 0))
	for i, v := range x {
		if math.Abs(v) == top {
			return i
		}
	}
	return 0 // NaN
}

// permutation returns for every row of P*A the row of A that it is.
func permutation(swaps []int) []int {
	p := make([]int, len(swaps))
	for i := range p {
		p[i] = i
	}
	for i, s := range swaps {
		p[i], p[s] = p[s], p[i]
	}
	return p
}

// noPivot is the magnitude below which builtins take a pivot for zero.
const noPivot = 1e-11

// LU returns P, L and U, all n x n, with P*a = L*U for a square a: a permutation, a
// lower triangle with ones on the diagonal and an upper triangle. ErrSingular tells of a
// pivot below 1e-11; cells must be finite.
func LU(c *matrix.Ctx, a *matrix.Matrix) (p, l, u *matrix.Matrix, err error) {
	n := a.Rows()
	rouse(c, cubic(n)/3)
	upper, cells, _, err := load(c, a)
	if err != nil {
		return nil, nil, nil, err
	}
	swaps := make([]int, n)
	lu(c, n, n, cells, n, swaps)
	for i := range n {
		if math.Abs(cells[i*n+i]) < noPivot {
			upper.Release()
			return nil, nil, nil, ErrSingular
		}
	}
	lower, below := matrix.Draft(c, n, n)
	eachRows(c, n, n, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := below[i*n : (i+1)*n]
			copy(row[:i], cells[i*n:])
			clear(cells[i*n : i*n+i])
			row[i] = 1
			clear(row[i+1:])
		}
	})
	return matrix.Compact(c, ones(c, n, permutation(swaps))), matrix.Compact(c, lower), matrix.Compact(c, upper), nil
}

// ones returns the n x n matrix with a one in column p[i] of every row i and zeros elsewhere.
func ones(c *matrix.Ctx, n int, p []int) *matrix.Matrix {
	m, cells := matrix.Draft(c, n, n)
	clear(cells)
	for i, j := range p {
		cells[i*n+j] = 1
	}
	return m
}

// Det returns the determinant of a square matrix of finite cells, 0 if a pivot is below 1e-11.
func Det(c *matrix.Ctx, a *matrix.Matrix) (float64, error) {
	n := a.Rows()
	rouse(c, cubic(n)/3)
	buf, cells, _, err := load(c, a)
	if err != nil {
		return 0, err
	}
	defer buf.Release()
	swaps := make([]int, n)
	lu(c, n, n, cells, n, swaps)
	v := 1.0
	for i, s := range swaps {
		pivot := cells[i*n+i]
		if math.Abs(pivot) < noPivot {
			return 0, nil
		}
		if s != i {
			v = -v
		}
		v *= pivot
	}
	return v, nil
}
