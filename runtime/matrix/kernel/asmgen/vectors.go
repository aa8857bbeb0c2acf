package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// vectors emits inner products and sums of multiples.
func (t *tier) vectors() {
	t.dot()
	t.dotRows()
	t.axpyRows()
}

// dot emits one inner product.
func (t *tier) dot() {
	t.text("dot", "func(x, y []float64) float64", "is the inner product of x and the first len(x) values of y. %s", wholeVectors)
	p, n := source("x")
	q := GP64()
	Load(Param("y").Base(), q)
	const lanes = 4
	a := t.vecs(lanes)
	for i := range a {
		t.zero(a[i])
	}
	step := func(i int) {
		v := t.vec()
		VMOVUPD(at(p, i*t.lanes), v)
		VFMADD231PD(at(q, i*t.lanes), v, a[i])
	}
	t.loop("block", n, lanes*t.lanes, func() {
		for i := range lanes {
			step(i)
		}
		ADDQ(I32(lanes*t.bytes()), p)
		ADDQ(I32(lanes*t.bytes()), q)
	})
	t.loop("vector", n, t.lanes, func() {
		step(0)
		ADDQ(I32(t.bytes()), p)
		ADDQ(I32(t.bytes()), q)
	})
	VADDPD(a[1], a[0], a[0])
	VADDPD(a[3], a[2], a[2])
	VADDPD(a[2], a[0], a[0])
	Store(t.sumLanes(a[0]), ReturnIndex(0))
	t.ret()
}

// rows returns the addresses of t.rows rows at a: base registers and multiples of ld.
type rows struct {
	lo, hi, ld, ld3 GPVirtual
	n               int
}

// newRows prepares the addresses of n <= 8 rows that are ld bytes apart.
func newRows(a, ld GPVirtual, n int) rows {
	r := rows{lo: a, ld: ld, n: n}
	if n > 3 {
		r.ld3 = GP64()
		LEAQ(Mem{Base: ld, Index: ld, Scale: 2}, r.ld3)
	}
	if n > 4 {
		r.hi = GP64()
		LEAQ(Mem{Base: a, Index: ld, Scale: 4}, r.hi)
	}
	return r
}

// next returns the rows below as many rows as these. Asking for their lines while these
// are in work is exact, while the processor must guess anew at the start of each row;
// the second cache level is where they have room.
func (r rows) next() rows {
	b := rows{lo: GP64(), ld: r.ld, ld3: r.ld3, n: r.n}
	if r.n == 4 {
		LEAQ(Mem{Base: r.lo, Index: r.ld, Scale: 4}, b.lo)
		return b
	}
	b.hi = GP64()
	LEAQ(Mem{Base: r.hi, Index: r.ld, Scale: 4}, b.lo)
	LEAQ(Mem{Base: b.lo, Index: r.ld, Scale: 4}, b.hi)
	return b
}

// at returns the address of the row i, plus an offset in float64.
func (r rows) at(i, offset int) Mem {
	m := Mem{Base: r.lo, Disp: 8 * offset}
	if i >= 4 {
		m.Base = r.hi
		i -= 4
	}
	switch i {
	case 1, 2:
		m.Index, m.Scale = r.ld, uint8(i)
	case 3:
		m.Index, m.Scale = r.third(), 1
	}
	return m
}

func (r rows) third() Register {
	if r.ld3 != nil {
		return r.ld3
	}
	panic("row 3 of fewer than four")
}

// advance moves all rows by a number of bytes.
func (r rows) advance(by Op) {
	ADDQ(by, r.lo)
	if r.hi != nil {
		ADDQ(by, r.hi)
	}
}

// dotRows emits the inner products of eight rows with one vector: four at a time where registers are few.
func (t *tier) dotRows() {
	n := t.lanes
	t.text("dotRows", "func(n int, a *float64, ld int, x, y *float64)",
		"adds to y[r], r < %d, the inner product of the n values at a[r*ld] with those at x.", n)
	k, a, ld, x := pointer("n"), pointer("a"), stride("ld"), pointer("x")
	r := newRows(a, ld, n)
	next := r.next()
	s := t.vecs(n)
	for i := range s {
		t.zero(s[i])
	}
	step := func(m *mask) {
		v := t.vec()
		t.load(at(x, 0), m, v)
		for i := range n {
			if m == nil {
				PREFETCHT1(next.at(i, 0))
				VFMADD231PD(r.at(i, 0), v, s[i])
				continue
			}
			w := t.vec()
			t.load(r.at(i, 0), m, w)
			VFMADD231PD(w, v, s[i])
		}
		if m == nil {
			ADDQ(I32(t.bytes()), x)
			r.advance(I32(t.bytes()))
			next.advance(I32(t.bytes()))
		}
	}
	t.loop("vector", k, t.lanes, func() { step(nil) })
	TESTQ(k, k)
	JZ(LabelRef(t.label("total")))
	m := t.firstLanes(k)
	step(&m)
	Label(t.label("total"))
	y := pointer("y")
	total := t.sumsOf(s)
	VADDPD(at(y, 0), total, total)
	VMOVUPD(total, at(y, 0))
	t.ret()
}

// sumsOf returns a vector whose lane i is the sum of the lanes of s[i].
func (t *tier) sumsOf(s []VecVirtual) VecVirtual {
	// Pairs: lane 2q of p[i] has a part of s[2i], lane 2q+1 one of s[2i+1].
	p := make([]VecVirtual, len(s)/2)
	for i := range p {
		lo, hi := t.vec(), t.vec()
		VUNPCKLPD(s[2*i+1], s[2*i], lo)
		VUNPCKHPD(s[2*i+1], s[2*i], hi)
		p[i] = t.add(lo, hi)
	}
	if !t.wide {
		lo, hi := YMM(), YMM()
		VPERM2F128(U8(0x20), p[1], p[0], lo)
		VPERM2F128(U8(0x31), p[1], p[0], hi)
		return t.add(lo, hi)
	}
	q := make([]VecVirtual, 2)
	for i := range q {
		lo, hi := ZMM(), ZMM()
		VSHUFF64X2(U8(0x88), p[2*i+1], p[2*i], lo) // blocks 0 and 2 of both
		VSHUFF64X2(U8(0xdd), p[2*i+1], p[2*i], hi) // blocks 1 and 3
		q[i] = t.add(lo, hi)
	}
	lo, hi := ZMM(), ZMM()
	VSHUFF64X2(U8(0x88), q[1], q[0], lo)
	VSHUFF64X2(U8(0xdd), q[1], q[0], hi)
	return t.add(lo, hi)
}

// axpyRows emits the sum of eight rows, each times a factor.
func (t *tier) axpyRows() {
	t.text("axpyRows", "func(n int, f, a *float64, ld int, y *float64)",
		"adds to y[j], j < n, the sum of f[r]*a[r*ld+j] over r < 8.")
	k, f, a, ld, y := pointer("n"), pointer("f"), pointer("a"), stride("ld"), pointer("y")
	r := newRows(a, ld, 8)
	next := r.next()
	w := make([]VecVirtual, 8)
	for i := range w {
		w[i] = t.broadcast(at(f, i))
	}
	step := func(vectors int, m *mask) {
		v, u := t.vecs(vectors), t.vecs(vectors)
		for q := range v {
			t.load(at(y, q*t.lanes), m, v[q])
			t.zero(u[q])
		}
		for i := range 8 {
			for q := range v {
				s := v[q]
				if i%2 == 1 {
					s = u[q]
				}
				if m == nil {
					PREFETCHT1(next.at(i, q*t.lanes))
					VFMADD231PD(r.at(i, q*t.lanes), w[i], s)
					continue
				}
				b := t.vec()
				t.load(r.at(i, q*t.lanes), m, b)
				VFMADD231PD(b, w[i], s)
			}
		}
		for q := range v {
			VADDPD(u[q], v[q], v[q])
			t.store(v[q], at(y, q*t.lanes), m)
		}
		if m == nil {
			ADDQ(I32(vectors*t.bytes()), y)
			r.advance(I32(vectors * t.bytes()))
			next.advance(I32(vectors * t.bytes()))
		}
	}
	t.loop("block", k, 2*t.lanes, func() { step(2, nil) })
	t.loop("vector", k, t.lanes, func() { step(1, nil) })
	TESTQ(k, k)
	JZ(LabelRef(t.label("done")))
	m := t.firstLanes(k)
	step(1, &m)
	Label(t.label("done"))
	t.ret()
}
