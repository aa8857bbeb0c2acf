package linalg

import (
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// bidiagonal finds the singular values and vectors of an upper bidiagonal matrix by
// divide and conquer: M. Gu and S. C. Eisenstat, A Divide-and-Conquer Algorithm for the
// Bidiagonal SVD, SIAM J. Matrix Anal. Appl. 16 (1995).
//
// A span has the rows [lo, hi) and one column more, number hi, unless hi is n. Row mid
// is taken out; the rows before it and those after it are spans of their own, and with
// their decompositions the whole is diagonal but for row mid. The right singular vectors
// of a span include one without a singular value, number hi, if it has that column.
type bidiagonal struct {
	merging
	e    []float64
	u, v rowBasis
	// Coefficients of combinations, n*n cells each.
	left, right []float64
}

// solveBidiagonal overwrites d, n numbers, with the singular values of the matrix with
// the diagonal d and the n-1 cells e above it, and u and v, n x n, with its left and right
// singular vectors as rows: row order[j] belongs to the j-th smallest. d and e must be
// of moderate size.
func solveBidiagonal(c *matrix.Ctx, d, e, u, v []float64) (order []int, err error) {
	n := len(d)
	buf, work := matrix.Draft(c, 3*n, n)
	defer buf.Release()
	b := &bidiagonal{merging: newMerging(c, d), e: e, left: work[:n*n], right: work[n*n : 2*n*n]}
	b.u, b.v = identity(n, u, work[2*n*n:]), identity(n, v, work[2*n*n:])
	levels, small := halving(n, 1, smallSpan)
	err = conquer(c, append(levels, small), func(s span) error {
		if s.hi-s.lo <= smallSpan {
			return b.diagonalise(s.lo, s.hi)
		}
		return b.merge(s)
	})
	return b.order, err
}

// end returns the end of the columns of a span.
func (b *bidiagonal) end(s span) int { return min(s.hi+1, b.v.n) }

// merge puts the halves of a span together.
func (b *bidiagonal) merge(s span) error {
	alpha, beta := b.d[s.mid], 0.0
	if s.mid+1 < b.end(s) {
		beta = b.e[s.mid]
	}
	b.d[s.mid] = 0
	size := max(math.Abs(alpha), math.Abs(beta))
	down, up := b.scale(s, size)
	top := size * down
	for _, v := range b.d[s.lo:s.hi] {
		top = max(top, v)
	}
	tol := 8 * 0x1p-53 * top
	b.couple(s, alpha*down, beta*down, tol)
	k := b.deflate(s, tol)
	g := b.groups(s, k)
	if err := b.combine(s, k, g); err != nil {
		return err
	}
	b.finish(s, k, up)
	return nil
}

// couple writes row mid, in terms of the singular vectors of the halves, to z. If both
// halves have a vector without a singular value, these are turned so that only that of
// the first takes part: its cell is z[mid].
func (b *bidiagonal) couple(s span, alpha, beta, tol float64) {
	v, n := b.v.cells, b.v.n
	for i := s.lo; i < s.mid; i++ {
		b.z[i], b.kind[i] = alpha*v[i*n+s.mid], first
	}
	for i := s.mid + 1; i < s.hi; i++ {
		b.z[i], b.kind[i] = beta*v[i*n+s.mid+1], second
	}
	b.kind[s.mid] = both
	z := alpha * v[s.mid*n+s.mid]
	if s.hi < n {
		other := beta * v[s.hi*n+s.mid+1]
		if length := math.Hypot(z, other); length > tol {
			b.v.turn(s.mid, s.hi, s.lo, b.end(s), z/length, other/length)
			z = length
		}
	}
	b.z[s.mid] = z
}

// deflate splits the rows of a span into those that change, the first k of rows in
// ascending order of d beginning with mid, and those whose vectors are singular vectors
// already or become so by turning two of nearly the same value. It fills poles and weights
// for the former.
func (b *bidiagonal) deflate(s span, tol float64) (k int) {
	k = b.keep(s, s.mid, 0)
	rows := b.rows[s.lo:s.hi]
	done, held := len(rows), -1
	settle := func(r int) {
		done--
		rows[done], b.kind[r] = r, settled
	}
	for _, r := range b.ascending(s, s.mid+1) {
		if math.Abs(b.z[r]) <= tol {
			settle(r)
			continue
		}
		if held >= 0 {
			if b.d[r]-b.d[held] <= tol {
				b.turn(s, held, r)
				settle(held)
			} else {
				k = b.keep(s, held, k)
			}
		}
		held = r
	}
	if held >= 0 {
		k = b.keep(s, held, k)
	}
	if k == 1 {
		return b.lone(s)
	}
	b.poles[s.lo+1] = max(b.poles[s.lo+1], tol/2) // the pole at 0 needs a distance, too
	if math.Abs(b.z[s.mid]) <= tol {
		b.weights[s.lo] = tol
	}
	return k
}

// lone settles row mid, which is coupled with no other.
func (b *bidiagonal) lone(s span) int {
	if b.z[s.mid] < 0 {
		row := b.v.row(s.mid, s.lo, b.end(s))
		kernel.XS(kernel.Mul)(row, row, -1)
	}
	b.d[s.mid], b.kind[s.mid] = math.Abs(b.z[s.mid]), settled
	return 0
}

// turn turns the vectors of the rows p and q, which have the same value, so that p is
// not coupled.
func (b *bidiagonal) turn(s span, p, q int) {
	length := math.Hypot(b.z[p], b.z[q])
	cos, sin := b.z[q]/length, b.z[p]/length
	b.z[q], b.z[p] = length, 0
	if b.kind[p] != b.kind[q] {
		b.kind[q] = both
	}
	b.u.turn(q, p, s.lo, s.hi, cos, sin)
	b.v.turn(q, p, s.lo, b.end(s), cos, sin)
}

// combine solves the secular equation of a span and makes its singular vectors.
func (b *bidiagonal) combine(s span, k int, g *groups) error {
	n := b.u.n
	eq := &secular{d: b.poles[s.lo : s.lo+k], z: b.weights[s.lo : s.lo+k], floor: 1, squared: true}
	if k == 0 {
		b.u.combine(b.c, g, s.lo, s.mid+1, s.hi, nil)
		b.v.combine(b.c, g, s.lo, s.mid+1, b.end(s), nil)
		return nil
	}
	left, right := b.left[s.lo*n:][:k*k], b.right[s.lo*n:][:k*k]
	if err := eq.solveAll(b.c, b.values[s.lo:s.lo+k], right); err != nil {
		return err
	}
	eq.refit(b.c, right)
	workers(b.c).RangeCost(k, rootGrain, 4*float64(k), func(lo, hi int) {
		scratch := make([]float64, k)
		for j := lo; j < hi; j++ {
			row := right[j*k : (j+1)*k]
			eq.pair(row, scratch, g.place, left[j*k:(j+1)*k], row)
		}
	})
	b.u.combine(b.c, g, s.lo, s.mid+1, s.hi, left)
	b.v.combine(b.c, g, s.lo, s.mid+1, b.end(s), right)
	return nil
}
