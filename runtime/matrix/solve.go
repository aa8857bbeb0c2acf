package matrix

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// singular reports whether column j of an upper triangular factor has a diagonal
// entry that is only rounding error, relative to the length of the column; the
// measure does not depend on the scale of the columns.
func singular(r *mat.Dense, j int) bool {
	length := 0.0
	for i := range j + 1 {
		length = math.Hypot(length, r.At(i, j))
	}
	return math.Abs(r.At(j, j)) <= float64(j+1)*0x1p-52*length
}

// Solve returns the x with a %*% x = b for a square a, by QR factorisation. The
// right-hand side may have several columns. A singular a is an error.
func Solve(c *Ctx, a, b *Matrix) (*Matrix, error) {
	switch {
	case a.rows != a.cols:
		return nil, sizeErrorf("solve needs a square matrix: %v", a)
	case a.rows != b.rows:
		return nil, sizeErrorf("solve needs as many rows on both sides: %v and %v", a, b)
	case a.rows == 0 || b.cols == 0:
		return New(c, a.rows, b.cols), nil
	}
	for _, m := range []*Matrix{a, b} {
		for _, v := range m.values() {
			if v-v != 0 {
				return nil, fmt.Errorf("solve needs finite numbers: %v", v)
			}
		}
	}
	n := a.rows
	var qr mat.QR
	qr.Factorize(mat.NewDense(n, n, a.Vector()))
	var r mat.Dense
	qr.RTo(&r)
	for j := range n {
		if singular(&r, j) {
			return nil, fmt.Errorf("solve of a singular %v matrix", a)
		}
	}
	out := newDense(c, n, b.cols)
	dst := mat.NewDense(n, b.cols, out.dense)
	// The condition error only warns: singular matrices are caught above.
	if err := qr.SolveTo(dst, false, mat.NewDense(n, b.cols, b.Vector())); err != nil {
		if _, warn := err.(mat.Condition); !warn {
			out.Release()
			return nil, fmt.Errorf("solve: %w", err)
		}
	}
	return Compact(c, out), nil
}
