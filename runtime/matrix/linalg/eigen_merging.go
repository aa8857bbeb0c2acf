package linalg

import (
	"cmp"
	"math"
	"slices"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// merging is what putting together the halves of spans needs for eigenvalues and for
// singular values alike. Its slices have a place for each row; a span uses its own.
type merging struct {
	c        *matrix.Ctx
	d        []float64 // of a span that is done: its values by row of the basis
	order    []int     // of a span that is done: its rows by ascending value
	z        []float64 // by row: the vector that couples the halves
	kind     []side    // by row
	rows     []int     // first those that change, by ascending value
	poles    []float64 // of those that change: d
	weights  []float64 // of those that change: z
	values   []float64 // by new row: the values of the whole span
	next     []int
	place    []int
	grouping []int
}

func newMerging(c *matrix.Ctx, d []float64) merging {
	n := len(d)
	m := merging{c: c, d: d, kind: make([]side, n)}
	for _, f := range []*[]float64{&m.z, &m.poles, &m.weights, &m.values} {
		*f = make([]float64, n)
	}
	for _, f := range []*[]int{&m.order, &m.rows, &m.next, &m.place, &m.grouping} {
		*f = make([]int, n)
	}
	for i := range n {
		m.order[i] = i
	}
	return m
}

// scale multiplies the values d of a span by a power of two that brings the largest of
// them and of the size others near 1. It returns the factor and its inverse.
func (m *merging) scale(s span, others float64) (down, up float64) {
	top := others
	d := m.d[s.lo:s.hi]
	for _, v := range d {
		top = max(top, math.Abs(v))
	}
	if top == 0 {
		return 1, 1
	}
	_, exp := math.Frexp(top)
	exp = max(exp, -1000)
	down = math.Ldexp(1, -exp)
	kernel.XS(kernel.Mul)(d, d, down)
	return down, math.Ldexp(1, exp)
}

// ascending returns the rows of both halves of a span by ascending value. The second
// half begins at from.
func (m *merging) ascending(s span, from int) []int {
	i, j := s.lo, from
	out := m.next[s.lo:s.lo]
	for i < s.mid || j < s.hi {
		if j == s.hi || i < s.mid && m.d[m.order[i]] <= m.d[m.order[j]] {
			out = append(out, m.order[i])
			i++
		} else {
			out = append(out, m.order[j])
			j++
		}
	}
	return out
}

// keep notes row r as number k of those that change and returns k+1.
func (m *merging) keep(s span, r, k int) int {
	m.rows[s.lo+k], m.poles[s.lo+k], m.weights[s.lo+k] = r, m.d[r], m.z[r]
	return k + 1
}

// groups groups the rows of a span, of which the first k change.
func (m *merging) groups(s span, k int) *groups {
	g := &groups{order: m.grouping[s.lo:s.hi], place: m.place[s.lo : s.lo+k]}
	g.fill(m.rows[s.lo:s.hi], m.kind)
	return g
}

// finish writes the values of a span, of which the first k are in values, to d.
func (m *merging) finish(s span, k int, up float64) {
	for i, r := range m.rows[s.lo+k : s.hi] {
		m.values[s.lo+k+i] = m.d[r]
	}
	for i := s.lo; i < s.hi; i++ {
		m.d[i] = m.values[i] * up
		m.order[i] = i
	}
	slices.SortStableFunc(m.order[s.lo:s.hi], func(i, j int) int { return cmp.Compare(m.d[i], m.d[j]) })
}
