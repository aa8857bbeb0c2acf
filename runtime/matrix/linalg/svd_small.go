package linalg

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gdml/runtime/matrix/kernel"
)

// diagonalise finds the singular values and vectors of the span [lo, hi), whose bases are
// identities, by the implicit QR steps of G. Golub and W. Kahan (Golub and Van Loan,
// section 8.6).
func (b *bidiagonal) diagonalise(lo, hi int) error {
	s := span{lo: lo, hi: hi}
	size := 0.0
	for _, v := range b.e[lo : b.end(s)-1] {
		size = max(size, math.Abs(v))
	}
	down, up := b.scale(s, size)
	e := b.e[lo : b.end(s)-1]
	kernel.XS(kernel.Mul)(e, e, down)
	if hi < b.v.n {
		b.dropColumn(s, lo, hi)
	}
	const tol = 0x1p-53 // of the largest cell, which is between 1/2 and 1
	limit := 40 * (hi - lo)
	for to := hi - 1; to > lo; {
		from := to
		for from > lo && math.Abs(b.e[from-1]) > tol {
			from--
		}
		if from == to {
			to--
			continue
		}
		if limit--; limit < 0 {
			return fmt.Errorf("the singular values of a span of %d rows do not converge", hi-lo)
		}
		if !b.split(s, from, to, tol) {
			b.chase(s, from, to)
		}
	}
	for i := lo; i < hi; i++ {
		if b.d[i] < 0 {
			row := b.v.row(i, lo, b.end(s))
			kernel.XS(kernel.Mul)(row, row, -1)
		}
		b.d[i] = math.Abs(b.d[i]) * up
	}
	slices.SortStableFunc(b.order[lo:hi], func(i, j int) int { return cmp.Compare(b.d[i], b.d[j]) })
	return nil
}

// dropColumn turns the cell above the diagonal in column to of the rows from ... to-1 to
// zero, by turning the columns before it with this one. Below it are zeros.
func (b *bidiagonal) dropColumn(s span, from, to int) {
	out := b.e[to-1] // the cell of row k in that column
	b.e[to-1] = 0
	for k := to - 1; k >= from && out != 0; k-- {
		cos, sin, r := rotation(b.d[k], out)
		b.d[k] = r
		b.v.turn(k, to, s.lo, b.end(s), cos, sin)
		if k > from {
			out = -sin * b.e[k-1]
			b.e[k-1] *= cos
		}
	}
}

// dropRow turns the cell right of the diagonal in row from to zero, by turning the rows
// from+1 ... to with this one, whose cell on the diagonal is zero.
func (b *bidiagonal) dropRow(s span, from, to int) {
	out := b.e[from] // the cell of the row in column k
	b.e[from] = 0
	for k := from + 1; k <= to && out != 0; k++ {
		cos, sin, r := rotation(b.d[k], out)
		b.d[k] = r
		b.u.turn(k, from, s.lo, s.hi, cos, sin)
		if k < to {
			out = -sin * b.e[k]
			b.e[k] *= cos
		}
	}
}

// split splits the rows from ... to of a span, which are coupled, where a cell on the
// diagonal is as good as zero, and reports whether there was one.
func (b *bidiagonal) split(s span, from, to int, tol float64) bool {
	for i := from; i <= to; i++ {
		if math.Abs(b.d[i]) > tol {
			continue
		}
		b.d[i] = 0
		if i == to {
			b.dropColumn(s, from, to)
		} else {
			b.dropRow(s, i, to)
		}
		return true
	}
	return false
}

// chase does a QR step on the rows from ... to of a span, which are coupled.
func (b *bidiagonal) chase(s span, from, to int) {
	d, e := b.d, b.e
	y, z := b.firstTurn(from, to), e[from]
	for k := from; k < to; k++ {
		cos, sin, r := rotation(y, z)
		if k > from {
			e[k-1] = r
		}
		x := cos*d[k] + sin*e[k]
		e[k] = cos*e[k] - sin*d[k]
		bulge := sin * d[k+1]
		d[k+1] *= cos
		b.v.turn(k, k+1, s.lo, b.end(s), cos, sin)
		cos, sin, d[k] = rotation(x, bulge)
		e[k], d[k+1] = cos*e[k]+sin*d[k+1], cos*d[k+1]-sin*e[k]
		b.u.turn(k, k+1, s.lo, s.hi, cos, sin)
		if k+1 < to {
			y, z = e[k], sin*e[k+1]
			e[k+1] *= cos
		}
	}
}

// firstTurn returns the y for which turning (y, e[from]) begins the QR step with
// Wilkinson's shift.
func (b *bidiagonal) firstTurn(from, to int) float64 {
	d, e := b.d, b.e
	x := d[to-1] * d[to-1]
	if to-1 > from {
		x += e[to-2] * e[to-2]
	}
	z, w := d[to]*d[to]+e[to-1]*e[to-1], d[to-1]*e[to-1]
	half := (x - z) / 2
	shift := z - w*(w/(half+math.Copysign(math.Hypot(half, w), half)))
	return d[from] - shift/d[from]
}
