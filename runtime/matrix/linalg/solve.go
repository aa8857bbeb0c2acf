package linalg

import (
	"errors"
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// ErrSingular tells that a matrix has no inverse, up to rounding.
var ErrSingular = errors.New("the matrix is singular")

// LU is trusted with a matrix whose pivots are not small beside their columns of U and
// whose cells do not grow. Others, among them all singular ones, go to QR, whose
// diagonal tells how far a column is from those before it.
const (
	smallPivot = 0x1p-30
	muchGrowth = 0x1p14
)

// trusted reports whether the factors LU of a matrix whose largest cell is top are good.
func trusted(n int, lu []float64, top float64) bool {
	columns, cells := make([]float64, n), make([]float64, n)
	abs, greater := kernel.Loop(kernel.Abs), kernel.XY(kernel.Greater)
	for i := range n {
		row, sofar := cells[i:], columns[i:]
		abs(row, lu[i*n+i:(i+1)*n])
		greater(sofar, sofar, row)
		if !(row[0] > smallPivot*sofar[0]) || !(sofar[0] <= muchGrowth*top) {
			return false
		}
	}
	return true
}

// singular reports whether a diagonal cell of R is only rounding error, relative to the
// length of its column; the measure does not depend on the scale of the columns.
func (f *qr) singular() bool {
	lengths := make([]float64, f.n)
	for i := range f.n {
		for j := i; j < f.n; j++ {
			lengths[j] = math.Hypot(lengths[j], f.r[i*f.n+j])
		}
	}
	for j, length := range lengths {
		if math.Abs(f.r[j*f.n+j]) <= float64(j+1)*0x1p-52*length {
			return true
		}
	}
	return false
}

// Solve returns the x with a*x = b, n x r, for a square a, n x n, and b, n x r, of finite
// cells: by LU factorisation, or by QR where that would be inexact. A singular a is
// ErrSingular; sizes that do not fit are a *matrix.SizeError.
func Solve(c *matrix.Ctx, a, b *matrix.Matrix) (*matrix.Matrix, error) {
	switch {
	case a.Rows() != a.Cols():
		return nil, matrix.SizeErrorf("solve needs a square matrix: %v", a)
	case a.Rows() != b.Rows():
		return nil, matrix.SizeErrorf("solve needs as many rows on both sides: %v and %v", a, b)
	}
	n, r := b.Rows(), b.Cols()
	rouse(c, cubic(n)/3)
	x, cells, _, err := load(c, b)
	if err != nil {
		return nil, err
	}
	factors, lus, top, err := load(c, a)
	if err != nil {
		x.Release()
		return nil, err
	}
	defer factors.Release()
	swaps := make([]int, n)
	lu(c, n, n, lus, n, swaps)
	if trusted(n, lus, top) {
		swapRows(c, r, cells, r, swaps)
		matrix.Trsm(c, false, true, false, true, n, r, 1, lus, n, cells, r)
		matrix.Trsm(c, false, false, false, false, n, r, 1, lus, n, cells, r)
	} else if err := solveQR(c, a, lus, r, cells); err != nil {
		x.Release()
		return nil, err
	}
	return matrix.Compact(c, x), nil
}

// solveQR replaces b, n x r, by the x with a*x = b. It works in buf, n*n cells.
func solveQR(c *matrix.Ctx, a *matrix.Matrix, buf []float64, r int, b []float64) error {
	n := a.Rows()
	copy(buf, a.Vector())
	f := factorQR(c, n, n, buf)
	defer f.release()
	if f.singular() {
		return ErrSingular
	}
	f.applyQ(true, r, b)
	matrix.Trsm(c, false, false, false, false, n, r, 1, f.r, n, b, r)
	return nil
}
