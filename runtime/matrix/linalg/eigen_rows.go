package linalg

import (
	"gdml/runtime/matrix"
	"gdml/runtime/par"
)

// workers returns the thread budget of c, which may be nil.
func workers(c *matrix.Ctx) *par.Workers {
	if c == nil {
		return nil
	}
	return c.Par
}

// span is a part of a tridiagonal or bidiagonal matrix, the rows [lo, hi), that is put
// together from the parts before and after mid.
type span struct{ lo, mid, hi int }

// halving returns the spans of n rows by depth, the whole first, and those of at most
// least rows, which are not halved. The second half of a span starts skip rows after mid.
func halving(n, skip, least int) (levels [][]span, small []span) {
	var split func(lo, hi, depth int)
	split = func(lo, hi, depth int) {
		s := span{lo, lo + (hi-lo)/2, hi}
		if hi-lo <= least {
			if hi > lo {
				small = append(small, s)
			}
			return
		}
		if depth == len(levels) {
			levels = append(levels, nil)
		}
		levels[depth] = append(levels[depth], s)
		split(lo, s.mid, depth+1)
		split(s.mid+skip, hi, depth+1)
	}
	split(0, n, 0)
	return levels, small
}

// conquer calls merge for all spans, halves before wholes. Spans of one depth run side
// by side if there are enough of them, else merge is what uses the threads.
func conquer(c *matrix.Ctx, levels [][]span, merge func(s span) error) error {
	w := workers(c)
	for depth := len(levels) - 1; depth >= 0; depth-- {
		spans := levels[depth]
		errs := make([]error, len(spans))
		one := func(i int) { errs[i] = merge(spans[i]) }
		if len(spans) >= 2*w.Threads() {
			size := float64(spans[0].hi - spans[0].lo)
			w.DoCost(len(spans), float64(len(spans))*(1000+200*size+10*size*size), one)
		} else {
			for i := range spans {
				one(i)
			}
		}
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Where the cells of a vector of a span are that may not be zero.
type side uint8

const (
	first   side = iota // in the columns of the first half
	both                // anywhere
	second              // in the columns of the second half
	settled             // anywhere, and the vector is not combined with others
)

// rowBasis is orthonormal vectors as the rows of a square matrix. The vectors of a span
// have the same numbers as its rows, and their cells are zero in other columns.
type rowBasis struct {
	n     int
	cells []float64
	old   []float64 // n*n cells for copies
}

func identity(n int, cells, old []float64) rowBasis {
	clear(cells[:n*n])
	for i := range n {
		cells[i*n+i] = 1
	}
	return rowBasis{n, cells, old}
}

// row returns vector i in the columns [from, to).
func (b rowBasis) row(i, from, to int) []float64 { return b.cells[i*b.n+from : i*b.n+to] }

// turn replaces the vectors p and q in the columns [from, to) by c*p+s*q and c*q-s*p.
func (b rowBasis) turn(p, q, from, to int, c, s float64) {
	x, y := b.row(p, from, to), b.row(q, from, to)
	for i, v := range x {
		w := y[i]
		x[i] = c*v + s*w
		y[i] = c*w - s*v
	}
}

// groups tells how the vectors of a span are combined: order lists them by side, and
// count says how many there are of each.
type groups struct {
	order []int
	count [4]int
	place []int // of the combined vectors as they were given: the position in order
}

// fill groups rows, of which the first len(g.place) are not settled, by side.
func (g *groups) fill(rows []int, kind []side) {
	for _, r := range rows {
		g.count[kind[r]]++
	}
	var at [4]int
	for s := 1; s < len(at); s++ {
		at[s] = at[s-1] + g.count[s-1]
	}
	for i, r := range rows {
		p := at[kind[r]]
		at[kind[r]]++
		g.order[p] = r
		if i < len(g.place) {
			g.place[i] = p
		}
	}
}

// combine replaces the vectors g.order, whose rows start at lo, by the k combinations
// whose coefficients are the rows of s, followed by the settled ones. The vectors are in
// the columns [lo, hi), of which the second half begins at cut.
func (b rowBasis) combine(c *matrix.Ctx, g *groups, lo, cut, hi int, s []float64) {
	n1, n2 := cut-lo, hi-cut
	k1, k2, k3, done := g.count[first], g.count[both], g.count[second], g.count[settled]
	k := k1 + k2 + k3
	upper := b.old[lo*b.n:]
	lower := upper[(k1+k2)*n1:]
	rest := lower[(k2+k3)*n2:]
	workers(c).RangeCost(k+done, 16, 0.5*float64(n1+n2), func(from, to int) {
		for i := from; i < to; i++ {
			r := g.order[i]
			if i < k1+k2 {
				copy(upper[i*n1:], b.row(r, lo, cut))
			}
			if i >= k1 && i < k {
				copy(lower[(i-k1)*n2:], b.row(r, cut, hi))
			}
			if i >= k {
				copy(rest[(i-k)*(n1+n2):], b.row(r, lo, hi))
			}
		}
	})
	matrix.Gemm(c, false, false, k, n1, k1+k2, 1, s, k, upper, n1, 0, b.cells[lo*b.n+lo:], b.n)
	if n2 > 0 {
		matrix.Gemm(c, false, false, k, n2, k2+k3, 1, s[k1:], k, lower, n2, 0, b.cells[lo*b.n+cut:], b.n)
	}
	for i := range done {
		copy(b.row(lo+k+i, lo, hi), rest[i*(n1+n2):(i+1)*(n1+n2)])
	}
}
