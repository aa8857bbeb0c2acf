package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// symmetric emits the two products of a few rows with vectors that a product with a
// symmetric matrix needs, in one pass over the rows.
func (t *tier) symmetric() {
	n := t.lanes
	t.text("symRows", "func(n int, f, a *float64, ld int, x, y, s *float64)",
		"adds the sum of f[r]*a[r*ld+j] over r < %d to y[j], j < n, and the inner product of the n values at a[r*ld] with those at x to s[r].", n)
	k, f, a, ld := pointer("n"), pointer("f"), pointer("a"), stride("ld")
	x, y := pointer("x"), pointer("y")
	r := newRows(a, ld, n)
	w, sums := t.vecs(n), t.vecs(n)
	for i := range n {
		w[i] = t.broadcast(at(f, i))
		t.zero(sums[i])
	}
	step := func(m *mask) {
		v, u, o := t.vec(), t.vec(), t.vec()
		t.load(at(x, 0), m, v)
		t.load(at(y, 0), m, u)
		t.zero(o)
		for i := range n {
			b := t.vec()
			t.load(r.at(i, 0), m, b)
			VFMADD231PD(b, v, sums[i])
			if i%2 == 0 {
				VFMADD231PD(b, w[i], u)
			} else {
				VFMADD231PD(b, w[i], o)
			}
		}
		VADDPD(o, u, u)
		t.store(u, at(y, 0), m)
		if m == nil {
			ADDQ(I32(t.bytes()), x)
			ADDQ(I32(t.bytes()), y)
			r.advance(I32(t.bytes()))
		}
	}
	t.loop("vector", k, t.lanes, func() { step(nil) })
	TESTQ(k, k)
	JZ(LabelRef(t.label("total")))
	m := t.firstLanes(k)
	step(&m)
	Label(t.label("total"))
	s := pointer("s")
	total := t.sumsOf(sums)
	VADDPD(at(s, 0), total, total)
	VMOVUPD(total, at(s, 0))
	t.ret()
}

// solveRows emits the forward substitution with a small triangle.
func (t *tier) solveRows() {
	n := t.lanes
	t.text("solveRows", "func(n int, l, x *float64, ld int)",
		"solves for the rows x[i*ld:i*ld+n], i < %[1]d: from each the rows p before it are taken l[i*%[1]d+p] times, and it is multiplied by l[i*%[1]d+i]. ld may be negative.", n)
	k, l, x, ld := pointer("n"), pointer("l"), pointer("x"), stride("ld")
	r := newRows(x, ld, n)
	step := func(vectors int, m *mask) {
		rows := make([][]VecVirtual, n)
		for i := range n {
			rows[i] = t.vecs(vectors)
			for q := range rows[i] {
				t.load(r.at(i, q*t.lanes), m, rows[i][q])
			}
			for p := range i {
				c := t.broadcast(at(l, i*n+p))
				for q := range rows[i] {
					VFNMADD231PD(c, rows[p][q], rows[i][q])
				}
			}
			c := t.broadcast(at(l, i*n+i))
			for q := range rows[i] {
				VMULPD(c, rows[i][q], rows[i][q])
				t.store(rows[i][q], r.at(i, q*t.lanes), m)
			}
		}
		if m == nil {
			r.advance(I32(vectors * t.bytes()))
		}
	}
	t.loop("block", k, 3*t.lanes, func() { step(3, nil) })
	t.loop("vector", k, t.lanes, func() { step(1, nil) })
	TESTQ(k, k)
	JZ(LabelRef(t.label("done")))
	m := t.firstLanes(k)
	step(1, &m)
	Label(t.label("done"))
	t.ret()
}
