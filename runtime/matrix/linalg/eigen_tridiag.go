package linalg

import (
	"math"

	"gdml/runtime/matrix"
)

// tridiagonal solves the symmetric eigenproblem of a tridiagonal matrix by divide and
// conquer. A span is torn into halves by taking the square of coupling e[mid-1] out of
// the diagonal; the eigenproblem of a diagonal matrix plus one of rank one puts them
// together: J. J. M. Cuppen, A Divide and Conquer Method for the Symmetric Tridiagonal
// Eigenproblem, Numer. Math. 36 (1981), with the deflation of J. J. Dongarra and
// D. C. Sorensen, A Fully Parallel Algorithm for the Symmetric Eigenvalue Problem,
// SIAM J. Sci. Stat. Comput. 8 (1987).
type tridiagonal struct {
	merging
	e     []float64
	basis rowBasis
	sums  []float64 // n*n cells for coefficients
}

// solveTridiagonal overwrites d, n numbers, with the eigenvalues of the matrix with the
// diagonal d and the n-1 couplings e, and cells with its eigenvectors as rows: row
// order[j] belongs to the j-th smallest. d and e must be of moderate size.
func solveTridiagonal(c *matrix.Ctx, d, e, cells []float64) (order []int, err error) {
	n := len(d)
	buf, work := matrix.Draft(c, 2*n, n)
	defer buf.Release()
	t := &tridiagonal{merging: newMerging(c, d), e: e, basis: identity(n, cells, work[:n*n]), sums: work[n*n:]}
	levels, small := halving(n, 0, smallSpan)
	for _, spans := range levels {
		for _, s := range spans {
			tear := math.Abs(e[s.mid-1])
			d[s.mid-1] -= tear
			d[s.mid] -= tear
		}
	}
	err = conquer(c, append(levels, small), func(s span) error {
		if s.hi-s.lo <= smallSpan {
			return t.diagonalise(s.lo, s.hi)
		}
		return t.merge(s)
	})
	return t.order, err
}

// merge puts the halves of a span together.
func (t *tridiagonal) merge(s span) error {
	rho := t.couple(s)
	down, up := t.scale(s, rho)
	rho *= down
	k := t.deflate(s, rho)
	g := t.groups(s, k)
	if k > 0 {
		eq := &secular{d: t.poles[s.lo : s.lo+k], z: t.weights[s.lo : s.lo+k], floor: 1 / rho}
		if err := t.combine(s, eq, g); err != nil {
			return err
		}
	} else {
		t.basis.combine(t.c, g, s.lo, s.mid, s.hi, nil)
	}
	t.finish(s, k, up)
	return nil
}

// couple writes the vector of the rank-one part to z, scaled to length 1, and returns its factor.
func (t *tridiagonal) couple(s span) float64 {
	rho := t.e[s.mid-1]
	f := math.Sqrt(0.5)
	for i := s.lo; i < s.mid; i++ {
		t.z[i], t.kind[i] = f*t.basis.cells[i*t.basis.n+s.mid-1], first
	}
	f = math.Copysign(f, rho)
	for i := s.mid; i < s.hi; i++ {
		t.z[i], t.kind[i] = f*t.basis.cells[i*t.basis.n+s.mid], second
	}
	return 2 * math.Abs(rho)
}

// deflate splits the vectors of a span into those that change, the first k of rows in
// ascending order of d, and those that are eigenvectors already or become so by turning
// two with nearly the same eigenvalue. It fills poles and weights for the former.
func (t *tridiagonal) deflate(s span, rho float64) (k int) {
	d, z := t.d, t.z
	top := 0.0
	for i := s.lo; i < s.hi; i++ {
		top = max(top, math.Abs(d[i]), math.Abs(z[i]))
	}
	tol := 8 * 0x1p-53 * top
	rows := t.rows[s.lo:s.hi]
	done := len(rows) // settled rows fill from the end
	held := -1        // the last row that may change
	for _, r := range t.ascending(s, s.mid) {
		if rho*math.Abs(z[r]) <= tol {
			done--
			rows[done], t.kind[r] = r, settled
			continue
		}
		if held >= 0 {
			if t.turn(s, held, r, tol) {
				done--
				rows[done], t.kind[held] = held, settled
			} else {
				k = t.keep(s, held, k)
			}
		}
		held = r
	}
	if held >= 0 {
		k = t.keep(s, held, k)
	}
	return k
}

// turn turns the vectors p and q, if their eigenvalues are near enough, so that p is one
// of the result.
func (t *tridiagonal) turn(s span, p, q int, tol float64) bool {
	length := math.Hypot(t.z[p], t.z[q])
	cos, sin := t.z[q]/length, t.z[p]/length
	if math.Abs((t.d[q]-t.d[p])*cos*sin) > tol {
		return false
	}
	t.z[q], t.z[p] = length, 0
	if t.kind[p] != t.kind[q] {
		t.kind[q] = both
	}
	t.basis.turn(q, p, s.lo, s.hi, cos, sin)
	t.d[p], t.d[q] = t.d[p]*cos*cos+t.d[q]*sin*sin, t.d[p]*sin*sin+t.d[q]*cos*cos
	return true
}

// combine solves the secular equation of a span and makes its eigenvectors.
func (t *tridiagonal) combine(s span, eq *secular, g *groups) error {
	k := len(eq.d)
	sums := t.sums[s.lo*t.basis.n:][:k*k]
	if err := eq.solveAll(t.c, t.values[s.lo:s.lo+k], sums); err != nil {
		return err
	}
	eq.refit(t.c, sums)
	workers(t.c).RangeCost(k, rootGrain, 2*float64(k), func(lo, hi int) {
		scratch := make([]float64, k)
		for j := lo; j < hi; j++ {
			row := sums[j*k : (j+1)*k]
			eq.vector(row, scratch, g.place, row)
		}
	})
	t.basis.combine(t.c, g, s.lo, s.mid, s.hi, sums)
	return nil
}
