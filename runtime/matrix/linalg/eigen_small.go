package linalg

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gdml/runtime/matrix/kernel"
)

// smallSpan is the largest span that is not halved.
const smallSpan = 16

// diagonalise solves the eigenproblem of the span [lo, hi), whose basis is the identity,
// by implicit QR steps with Wilkinson's shift (Golub and Van Loan, section 8.3).
func (t *tridiagonal) diagonalise(lo, hi int) error {
	e := t.e[lo : hi-1]
	size := 0.0
	for _, v := range e {
		size = max(size, math.Abs(v))
	}
	d := t.d[lo:hi]
	down, up := t.scale(span{lo: lo, hi: hi}, size)
	kernel.XS(kernel.Mul)(e, e, down)
	const tol = 0x1p-53 // of the largest cell, which is between 1/2 and 1
	limit := 40 * (hi - lo)
	for to := hi - 1; to > lo; {
		from := to
		for from > lo && math.Abs(t.e[from-1]) > tol {
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
	kernel.XS(kernel.Mul)(d, d, up)
	slices.SortStableFunc(t.order[lo:hi], func(i, j int) int { return cmp.Compare(t.d[i], t.d[j]) })
	return nil
}

// chase does a QR step on the rows from ... to, which are coupled, of the span [lo, hi).
func (t *tridiagonal) chase(lo, hi, from, to int) {
	d, e := t.d, t.e
	half, last := (d[to-1]-d[to])/2, e[to-1]
	shift := d[to] - last*(last/(half+math.Copysign(math.Hypot(half, last), half)))
	x, z := d[from]-shift, e[from]
	for k := from; k < to; k++ {
		c, s, r := rotation(x, z)
		if k > from {
			e[k-1] = r
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

// rotation returns the cosine and sine that turn (x, y) to (r, 0). Where both are nothing
// beside cells near 1, y is left out: numbers at the end of the range have too few digits
// for a rotation.
func rotation(x, y float64) (c, s, r float64) {
	r = math.Hypot(x, y)
	if r < 0x1p-300 {
		return 1, 0, x
	}
	return x / r, y / r, r
}
