package linalg

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// smallSpan is the largest span of a tridiagonal matrix that is not halved.
const smallSpan = 24

// diagonalise solves the eigenproblem of the span [lo, hi), whose basis is the identity,
// by implicit QR steps with Wilkinson's shift (Golub and Van Loan, section 8.3).
func (t *tridiagonal) diagonalise(lo, hi int) error {
	d, e := t.d, t.e
	limit := 40 * (hi - lo)
	for to := hi - 1; to > lo; {
		from := to
		for from > lo && math.Abs(e[from-1]) > 0x1p-53*(math.Abs(d[from-1])+math.Abs(d[from])) {
			from--
		}
		if from == to {
			to--
			continue
		}
		if limit--; limit < 0 {
			return fmt.Errorf("the eigenvalues of a span of %d rows do not converge", hi-lo)
		}
		t.chase(lo, hi, from, to)
	}
	slices.SortStableFunc(t.order[lo:hi], func(i, j int) int { return cmp.Compare(d[i], d[j]) })
	return nil
}

// chase does a QR step on the rows from ... to, which are coupled, of the span [lo, hi).
func (t *tridiagonal) chase(lo, hi, from, to int) {
	d, e := t.d, t.e
	half, last := (d[to-1]-d[to])/2, e[to-1]
	shift := d[to] - last*(last/(half+math.Copysign(math.Hypot(half, last), half)))
	x, z := d[from]-shift, e[from]
	for k := from; k < to; k++ {
		c, s := 1.0, 0.0
		if r := math.Hypot(x, z); r > 0 {
			c, s = x/r, z/r
			if k > from {
				e[k-1] = r
			}
		}
		u := s*(d[k]-d[k+1]) - 2*c*e[k]
		d[k] -= s * u
		d[k+1] += s * u
		e[k] = -c*u - e[k]
		if k+1 < to {
			x, z = e[k], s*e[k+1]
			e[k+1] *= c
		}
		t.basis.turn(k, k+1, lo, hi, c, s)
	}
}
