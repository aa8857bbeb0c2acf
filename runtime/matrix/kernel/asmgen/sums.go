package main

import (
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

// sums emits the reductions.
func (t *tier) sums() {
	t.compensated("sum", "func(x []float64, s, c *[8]float64)", "adds x into lanes of compensated sums s and c, which it overwrites.", false)
	t.compensated("sumSq", "func(x []float64, mu float64, s, c *[8]float64)", "is sum of the squares of x - mu.", true)
	t.extreme("min", "smallest", VMINPD)
	t.extreme("max", "largest", VMAXPD)
	t.count()
	t.lastEqual()
	t.addRows("addRows", "func(m, n int, x *float64, ld int, s, c *float64)", "adds m rows of n values at x to the sums s and c of their columns.", false)
	t.addRows("addRowsSq", "func(m, n int, x *float64, ld int, mu, s, c *float64)", "is addRows of the squares of x - mu.", true)
}

// compensated emits a compensated sum over a slice.
func (t *tier) compensated(name, sig, doc string, square bool) {
	t.text(name, sig, "%s %s", doc, wholeVectors)
	p, n := source("x")
	var mu VecVirtual
	if square {
		mu = t.scalar("mu")
	}
	const lanes = 4 // enough for the latency of an addition
	a := t.accs(lanes)
	one := t.one()
	add := func(i int) {
		v := t.vec()
		VMOVUPD(at(p, i*t.lanes), v)
		if square {
			VSUBPD(mu, v, v)
			VMULPD(v, v, v)
		}
		t.addTo(a[i], v, one)
	}
	t.loop("block", n, lanes*t.lanes, func() {
		PREFETCHT0(Mem{Base: p, Disp: 2048})
		for i := range a {
			add(i)
		}
		ADDQ(I32(lanes*t.bytes()), p)
	})
	t.loop("vector", n, t.lanes, func() {
		add(0)
		ADDQ(I32(t.bytes()), p)
	})
	for d := 1; d < lanes; d *= 2 {
		for i := 0; i+d < lanes; i += 2 * d {
			t.merge(a[i], a[i+d], one)
		}
	}
	s, c := pointer("s"), pointer("c")
	VMOVUPD(a[0].s, at(s, 0))
	VMOVUPD(a[0].c, at(c, 0))
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
	t.text(name, "func(x []float64, m *[8]float64) (nan bool)",
		"lowers or raises the lanes of m to the %s values of x and reports whether x has a NaN. %s", word, wholeVectors)
	p, n := source("x")
	out := pointer("m")
	a := t.vecs(4)
	for i := range a {
		VMOVUPD(at(out, 0), a[i])
	}
	bad := t.cmp(lt, a[0], a[0])
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
	t.loop("vector", n, t.lanes, func() {
		v := t.vec()
		VMOVUPD(at(p, 0), v)
		op(a[0], v, a[0])
		mark(v, v)
		ADDQ(I32(t.bytes()), p)
	})
	op(a[1], a[0], a[0])
	op(a[3], a[2], a[2])
	op(a[2], a[0], a[0])
	VMOVUPD(a[0], at(out, 0))
	set := GP32()
	t.toBits(bad, set)
	TESTL(set, set)
	b := GP8()
	SETNE(b)
	Store(b, ReturnIndex(0))
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

// addRows emits compensated column sums of a few rows.
func (t *tier) addRows(name, sig, doc string, square bool) {
	t.text(name, sig, doc+" ld is the distance between rows.")
	m, n, x, ld, s, c := pointer("m"), pointer("n"), pointer("x"), stride("ld"), pointer("s"), pointer("c")
	var mu GPVirtual
	if square {
		mu = pointer("mu")
	}
	one := t.one()
	group := func(name string, vectors int, k *mask) {
		a := make([]acc, vectors)
		shift := make([]VecVirtual, vectors)
		for i := range a {
			a[i] = acc{t.vec(), t.vec()}
			t.load(at(s, i*t.lanes), k, a[i].s)
			t.load(at(c, i*t.lanes), k, a[i].c)
			if square {
				shift[i] = t.vec()
				t.load(at(mu, i*t.lanes), k, shift[i])
			}
		}
		row, left := GP64(), GP64()
		MOVQ(x, row)
		MOVQ(m, left)
		Label(t.label(name + "_rows"))
		for i := range a {
			v := t.vec()
			t.load(at(row, i*t.lanes), k, v)
			if square {
				VSUBPD(shift[i], v, v)
				VMULPD(v, v, v)
			}
			t.addTo(a[i], v, one)
		}
		ADDQ(ld, row)
		DECQ(left)
		JNZ(LabelRef(t.label(name + "_rows")))
		for i := range a {
			t.store(a[i].s, at(s, i*t.lanes), k)
			t.store(a[i].c, at(c, i*t.lanes), k)
		}
		if k == nil {
			advance(vectors*t.bytes(), x, s, c, mu)
		}
	}
	wide := 8
	if !t.wide {
		wide = 3
	}
	t.loop("block", n, wide*t.lanes, func() { group("block", wide, nil) })
	t.loop("vector", n, t.lanes, func() { group("vector", 1, nil) })
	TESTQ(n, n)
	JZ(LabelRef(t.label("done")))
	k := t.firstLanes(n)
	group("tail", 1, &k)
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
