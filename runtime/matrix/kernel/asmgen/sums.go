package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// acc is a vector of compensated sums.
type acc struct{ s, c VecVirtual }

// addTo adds v to a without losing the rounding error (Knuth's two-sum); v is
// destroyed. Three of the seven additions are done by the multipliers, which would
// be idle: on some processors they are other units than the adders.
func (t *tier) addTo(a acc, v VecVirtual, one Op) {
	n := t.add(a.s, v)
	z := t.sub(n, a.s)       // what v became
	VFNMADD231PD(one, z, v)  // v - z: what v lost
	VFMSUB132PD(one, n, z)   // z - n
	VFMADD231PD(one, a.s, z) // a.s - (n - z): what a.s lost
	VADDPD(v, z, z)
	VADDPD(z, a.c, a.c)
	VMOVAPD(n, a.s)
}

// merge adds b to a.
func (t *tier) merge(a, b acc, one Op) {
	t.addTo(a, b.s, one)
	VADDPD(b.c, a.c, a.c)
}

// accs returns n cleared sums.
func (t *tier) accs(n int) []acc {
	a := make([]acc, n)
	for i := range a {
		a[i] = acc{t.vec(), t.vec()}
		t.zero(a[i].s)
		t.zero(a[i].c)
	}
	return a
}

// source loads the slice x: a pointer and the number of values.
func source(name string) (p, n GPVirtual) {
	p, n = GP64(), GP64()
	Load(Param(name).Base(), p)
	Load(Param(name).Len(), n)
	return p, n
}

// wholeVectors says what reductions require of their operands.
const wholeVectors = "It takes whole vectors: the rest of x, fewer than a vector's lanes, is left to the caller."

// addSquares adds the squares of all vs to a, whose sum is not negative. What is added
// at a time may be larger than the sum so far and then costs a rounding; that happens
// at most once for each doubling of the sum. The vs are destroyed.
func (t *tier) addSquares(a acc, one Op, vs ...VecVirtual) {
	v := vs[0]
	VMULPD(v, v, v)
	for _, w := range vs[1:] {
		VFMADD231PD(w, w, v)
	}
	n := t.add(a.s, v)
	VFMSUB132PD(one, n, a.s) // a.s - n
	VADDPD(v, a.s, v)        // what was lost
	VFMADD231PD(one, v, a.c)
	VMOVAPD(n, a.s)
}

// sums emits the reductions.
func (t *tier) sums() {
	t.compensated("sum", "func(x []float64) (s, c float64)", "returns the compensated sum of x and its error.", false)
	t.compensated("sumSq", "func(x []float64, mu float64) (s, c float64)", "is sum of the squares of x - mu.", true)
	t.sumRows()
	t.extreme("min", "smallest", VMINPD)
	t.extreme("max", "largest", VMAXPD)
	t.count()
	t.lastEqual()
	for _, m := range []int{1, 8} {
		n := fmt.Sprint(m)
		t.addRows("addRows"+n, "func(n int, x *float64, ld int, s, c *float64)",
			"adds "+n+" rows of n values at x, ld apart, to the sums s and c of their columns.", m, false)
		t.addRows("addRowsSq"+n, "func(n int, x *float64, ld int, mu, s, c *float64)", "is addRows"+n+" of the squares of x - mu.", m, true)
	}
}

// compensated emits a compensated sum over a slice.
func (t *tier) compensated(name, sig, doc string, square bool) {
	t.text(name, sig, "%s", doc)
	p, n := source("x")
	var mu VecVirtual
	if square {
		mu = t.scalar("mu")
	}
	const lanes = 4 // enough for the latency of an addition
	a := t.accs(lanes)
	one := t.one()
	value := func(i int, k *mask) VecVirtual {
		v := t.vec()
		t.load(at(p, i*t.lanes), k, v)
		if square {
			VSUBPD(mu, v, v)
		}
		if square && k != nil {
			t.keep(*k, v)
		}
		return v
	}
	add := func(k *mask) {
		if v := value(0, k); square {
			t.addSquares(a[0], one, v)
		} else {
			t.addTo(a[0], v, one)
		}
	}
	each := 1 // vectors for one sum
	if square {
		each = 2
	}
	t.loop("block", n, each*lanes*t.lanes, func() {
		for i := range a {
			if square {
				t.addSquares(a[i], one, value(2*i, nil), value(2*i+1, nil))
			} else {
				t.addTo(a[i], value(i, nil), one)
			}
		}
		ADDQ(I32(each*lanes*t.bytes()), p)
	})
	t.loop("vector", n, t.lanes, func() {
		add(nil)
		ADDQ(I32(t.bytes()), p)
	})
	TESTQ(n, n)
	JZ(LabelRef(t.label("total")))
	k := t.firstLanes(n)
	add(&k)
	Label(t.label("total"))
	for d := 1; d < lanes; d *= 2 {
		for i := 0; i+d < lanes; i += 2 * d {
			t.merge(a[i], a[i+d], one)
		}
	}
	for h := t.lanes / 2; h > 0; h /= 2 {
		t.merge(a[0], acc{t.swapped(a[0].s, h), t.swapped(a[0].c, h)}, one)
	}
	Store(a[0].s.AsX(), ReturnIndex(0))
	Store(a[0].c.AsX(), ReturnIndex(1))
	t.ret()
}

// sumRows emits the compensated sums of as many rows as a vector has lanes, one sum in a lane.
func (t *tier) sumRows() {
	t.text("sumRows", "func(n int, a *float64, ld int, s, c *float64)",
		"writes the compensated sum of the n values at a[r*ld] and its error to s[r] and c[r], r < %d.", t.lanes)
	k, a, ld := pointer("n"), pointer("a"), stride("ld")
	r := newRows(a, ld, t.lanes)
	sum := t.accs(t.lanes)
	one := t.one()
	step := func(m *mask) {
		for i := range sum {
			v := t.vec()
			t.load(r.at(i, 0), m, v)
			t.addTo(sum[i], v, one)
		}
	}
	t.loop("vector", k, t.lanes, func() {
		step(nil)
		r.advance(I32(t.bytes()))
	})
	TESTQ(k, k)
	JZ(LabelRef(t.label("total")))
	m := t.firstLanes(k)
	step(&m)
	Label(t.label("total"))
	s, c := t.vecs(t.lanes), t.vecs(t.lanes)
	for i := range sum {
		s[i], c[i] = sum[i].s, sum[i].c
	}
	s, c = t.transposed(s), t.transposed(c)
	for d := 1; d < t.lanes; d *= 2 {
		for i := 0; i+d < t.lanes; i += 2 * d {
			t.merge(acc{s[i], c[i]}, acc{s[i+d], c[i+d]}, one)
		}
	}
	VMOVUPD(s[0], at(pointer("s"), 0))
	VMOVUPD(c[0], at(pointer("c"), 0))
	t.ret()
}

// one returns ones as a factor: a register where there are enough, else memory.
func (t *tier) one() Op {
	if t.wide {
		return t.copyOf(con(1))
	}
	return con(1)
}

// extreme emits a minimum or maximum over a slice.
func (t *tier) extreme(name, word string, op func(ops ...Op)) {
	t.text(name, "func(x []float64, m float64) float64", "returns the %s of m and the values of x, NaN if one of them is NaN.", word)
	p, n := source("x")
	a := t.vecs(4)
	a[0] = t.scalar("m")
	for i := range a[1:] {
		VMOVAPD(a[0], a[i+1])
	}
	bad := t.cmp(unord, a[0], a[0])
	mark := func(x, y VecVirtual) {
		k := t.cmp(unord, x, y)
		if t.wide {
			KORW(k.r, bad.r, bad.r)
		} else {
			VORPD(k.r, bad.r, bad.r)
		}
	}
	t.loop("block", n, 4*t.lanes, func() {
		v := t.vecs(4)
		for i := range v {
			VMOVUPD(at(p, i*t.lanes), v[i])
			op(a[i], v[i], a[i])
		}
		mark(v[0], v[1])
		mark(v[2], v[3])
		ADDQ(I32(4*t.bytes()), p)
	})
	one := func(v VecVirtual) {
		op(a[0], v, a[0])
		mark(v, v)
	}
	t.loop("vector", n, t.lanes, func() {
		one(t.copyOf(at(p, 0)))
		ADDQ(I32(t.bytes()), p)
	})
	TESTQ(n, n)
	JZ(LabelRef(t.label("total")))
	v, k := t.vec(), t.firstLanes(n)
	t.load(at(p, 0), &k, v)
	w := t.copyOf(a[0])
	t.sel(k, v, w)
	one(w)
	Label(t.label("total"))
	op(a[1], a[0], a[0])
	op(a[3], a[2], a[2])
	op(a[2], a[0], a[0])
	for h := t.lanes / 2; h > 0; h /= 2 {
		op(t.swapped(a[0], h), a[0], a[0])
	}
	set := GP32()
	t.toBits(bad, set)
	TESTL(set, set)
	JZ(LabelRef(t.label("number")))
	VMOVUPD(con(math.NaN()), a[0])
	Label(t.label("number"))
	Store(a[0].AsX(), ReturnIndex(0))
	t.ret()
}

// toBits moves a mask to the low bits of a register.
func (t *tier) toBits(k mask, r GPVirtual) {
	if t.wide {
		KMOVW(k.r, r)
		return
	}
	VMOVMSKPD(k.r, r)
}

// count emits the number of values that are not zero.
func (t *tier) count() {
	t.text("countNonZero", "func(x []float64) int", "counts the values that are not zero. %s", wholeVectors)
	p, n := source("x")
	total := GP64()
	XORQ(total, total)
	zero := t.vec()
	t.zero(zero)
	tally := func(i int) {
		k := t.cmp(ne, zero, at(p, i*t.lanes))
		b := GP64()
		t.toBits(k, b.As32().(GPVirtual))
		POPCNTQ(b, b)
		ADDQ(b, total)
	}
	t.loop("block", n, 4*t.lanes, func() {
		for i := range 4 {
			tally(i)
		}
		ADDQ(I32(4*t.bytes()), p)
	})
	t.loop("vector", n, t.lanes, func() {
		tally(0)
		ADDQ(I32(t.bytes()), p)
	})
	Store(total, ReturnIndex(0))
	t.ret()
}

// lastEqual emits the search for a value from the end.
func (t *tier) lastEqual() {
	t.text("lastEqual", "func(x []float64, v float64) int",
		"returns the last index of v among the leading whole vectors of x, or -1; the rest of x, fewer than a vector's lanes, is left to the caller.")
	p, n := source("x")
	v := t.scalar("v")
	ANDQ(I32(-t.lanes), n)
	b, i := GP64(), GP64()
	XORQ(b, b)
	Label(t.label("next"))
	SUBQ(I32(t.lanes), n)
	JLT(LabelRef(t.label("none")))
	t.toBits(t.cmp(eq, v, Mem{Base: p, Index: n, Scale: 8}), b.As32().(GPVirtual))
	TESTQ(b, b)
	JZ(LabelRef(t.label("next")))
	BSRQ(b, i)
	ADDQ(n, i)
	Store(i, ReturnIndex(0))
	t.ret()
	Label(t.label("none"))
	MOVQ(I32(-1), i)
	Store(i, ReturnIndex(0))
	t.ret()
}

// addRows emits compensated column sums of a number of rows, 1 or 8. The eight rows
// are read side by side, each in order, and those below them are asked for.
func (t *tier) addRows(name, sig, doc string, m int, square bool) {
	t.text(name, sig, "%s", doc)
	n, x, ld, s, c := pointer("n"), pointer("x"), stride("ld"), pointer("s"), pointer("c")
	var mu GPVirtual
	if square {
		mu = pointer("mu")
	}
	r := newRows(x, ld, m)
	var next rows
	if m == 8 {
		next = r.next()
	}
	one := t.one()
	step := func(k *mask) {
		a := acc{t.vec(), t.vec()}
		t.load(at(s, 0), k, a.s)
		t.load(at(c, 0), k, a.c)
		var shift VecVirtual
		if square {
			shift = t.vec()
			t.load(at(mu, 0), k, shift)
		}
		for i := range m {
			if k == nil && m == 8 {
				PREFETCHT1(next.at(i, 0))
			}
			v := t.vec()
			t.load(r.at(i, 0), k, v)
			if square {
				VSUBPD(shift, v, v)
				t.addSquares(a, one, v)
				continue
			}
			t.addTo(a, v, one)
		}
		t.store(a.s, at(s, 0), k)
		t.store(a.c, at(c, 0), k)
		if k == nil {
			advance(t.bytes(), s, c, mu)
			r.advance(I32(t.bytes()))
			if m == 8 {
				next.advance(I32(t.bytes()))
			}
		}
	}
	t.loop("vector", n, t.lanes, func() { step(nil) })
	TESTQ(n, n)
	JZ(LabelRef(t.label("done")))
	k := t.firstLanes(n)
	step(&k)
	Label(t.label("done"))
	t.ret()
}

// advance moves the pointers that there are.
func advance(bytes int, pointers ...GPVirtual) {
	for _, p := range pointers {
		if p != nil {
			ADDQ(I32(bytes), p)
		}
	}
}
