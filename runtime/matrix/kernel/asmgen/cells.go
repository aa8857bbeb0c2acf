package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// cellLoop emits dst[i] = f(x[i], ...) over slices of the length of the first
// source; a scalar parameter s, if any, is passed to f in all lanes.
func (t *tier) cellLoop(sources []string, scalar bool, unroll int, f func(in []VecVirtual, s VecVirtual) VecVirtual) {
	dst := GP64()
	Load(Param("dst").Base(), dst)
	ptr := make([]Register, len(sources))
	for i, name := range sources {
		p := GP64()
		Load(Param(name).Base(), p)
		ptr[i] = p
	}
	n := GP64()
	Load(Param(sources[0]).Len(), n)
	var s VecVirtual
	if scalar {
		s = t.scalar("s")
	}
	block := func(vectors int, k *mask) {
		in := make([][]VecVirtual, vectors)
		for v := range in {
			in[v] = t.vecs(len(sources))
			for i, p := range ptr {
				t.load(at(p, v*t.lanes), k, in[v][i])
			}
		}
		for v := range in {
			t.store(f(in[v], s), at(dst, v*t.lanes), k)
		}
		if k == nil {
			for _, p := range append(ptr, dst) {
				ADDQ(I32(vectors*t.bytes()), p)
			}
		}
	}
	if unroll > 1 {
		t.loop("block", n, unroll*t.lanes, func() { block(unroll, nil) })
	}
	t.loop("vector", n, t.lanes, func() { block(1, nil) })
	TESTQ(n, n)
	JZ(LabelRef(t.label("done")))
	k := t.firstLanes(n)
	block(1, &k)
	Label(t.label("done"))
	t.ret()
}

const (
	sigXY  = "func(dst, x, y []float64)"
	sigXS  = "func(dst, x []float64, s float64)"
	sigX   = "func(dst, x []float64)"
	sigXSY = "func(dst, x []float64, s float64, y []float64)"
)

// lesser is x where x is NaN or op chooses it, else y.
func (t *tier) lesser(op func(ops ...Op), x, y VecVirtual) VecVirtual {
	d := t.vec()
	op(y, x, d) // x OP y ? x : y, and y if either is NaN
	t.sel(t.cmp(unord, x, x), x, d)
	return d
}

// binaries are the operators with loops of their own. The name is that of the generic loop.
func (t *tier) binaries() []struct {
	name, text string
	f          func(x, y VecVirtual) VecVirtual
} {
	compare := func(pred int) func(x, y VecVirtual) VecVirtual {
		return func(x, y VecVirtual) VecVirtual { return t.truth(t.cmp(pred, x, y)) }
	}
	return []struct {
		name, text string
		f          func(x, y VecVirtual) VecVirtual
	}{
		{"add", "+", func(x, y VecVirtual) VecVirtual { return t.add(x, y) }},
		{"sub", "-", func(x, y VecVirtual) VecVirtual { return t.sub(x, y) }},
		{"mul", "*", func(x, y VecVirtual) VecVirtual { return t.mul(x, y) }},
		{"div", "/", func(x, y VecVirtual) VecVirtual { return t.div(x, y) }},
		{"eq", "==", compare(eq)},
		{"ne", "!=", compare(ne)},
		{"lt", "<", compare(lt)},
		{"le", "<=", compare(le)},
		{"gt", ">", compare(gt)},
		{"ge", ">=", compare(ge)},
		{"min", "min", func(x, y VecVirtual) VecVirtual { return t.lesser(VMINPD, x, y) }},
		{"max", "max", func(x, y VecVirtual) VecVirtual { return t.lesser(VMAXPD, x, y) }},
	}
}

// cells emits the operators and the unary functions of one or two instructions.
func (t *tier) cells() {
	for _, b := range t.binaries() {
		t.text(b.name+"XY", sigXY, "is the loop of the operator %s over x and y.", b.text)
		t.cellLoop([]string{"x", "y"}, false, 4, func(in []VecVirtual, _ VecVirtual) VecVirtual { return b.f(in[0], in[1]) })
		t.text(b.name+"XS", sigXS, "is the loop of the operator %s over x with s on the right.", b.text)
		t.cellLoop([]string{"x"}, true, 4, func(in []VecVirtual, s VecVirtual) VecVirtual { return b.f(in[0], s) })
		if b.name == "sub" || b.name == "div" {
			t.text(b.name+"SX", sigXS, "is the loop of the operator %s over x with s on the left.", b.text)
			t.cellLoop([]string{"x"}, true, 4, func(in []VecVirtual, s VecVirtual) VecVirtual { return b.f(s, in[0]) })
		}
	}
	t.text("plusMul", sigXSY, "is dst[i] = x[i] + s*y[i] with a rounded product.")
	t.cellLoop([]string{"x", "y"}, true, 4, func(in []VecVirtual, s VecVirtual) VecVirtual { return t.add(in[0], t.mul(in[1], s)) })
	t.text("axpy", "func(s float64, x, dst []float64)", "is dst[i] = s*x[i] + dst[i] in one rounding.")
	t.cellLoop([]string{"x", "dst"}, true, 4, func(in []VecVirtual, s VecVirtual) VecVirtual {
		VFMADD231PD(in[0], s, in[1])
		return in[1]
	})
	t.stream()
	for _, u := range []struct {
		name, text string
		f          func(x VecVirtual) VecVirtual
	}{
		{"sqrt", "math.Sqrt", func(x VecVirtual) VecVirtual {
			d := t.vec()
			VSQRTPD(x, d)
			return d
		}},
		{"abs", "math.Abs", func(x VecVirtual) VecVirtual { return t.and(x, bits(1<<63-1)) }},
		{"square", "the square", func(x VecVirtual) VecVirtual { return t.mul(x, x) }},
		{"not", "the test for zero", func(x VecVirtual) VecVirtual { return t.truth(t.cmp(eq, x, con(0))) }},
	} {
		t.text(u.name, sigX, "is the loop of %s.", u.text)
		t.cellLoop([]string{"x"}, false, 4, func(in []VecVirtual, _ VecVirtual) VecVirtual { return u.f(in[0]) })
	}
}

// stream emits a copy that bypasses the caches, and what makes it visible to other processors.
func (t *tier) stream() {
	t.text("stream", "func(dst, src []float64)",
		"copies src to dst, which begins at a multiple of a vector's size, past the caches. It takes whole vectors.")
	src, n := source("src")
	dst := GP64()
	Load(Param("dst").Base(), dst)
	block := func(vectors int) {
		v := t.vecs(vectors)
		for i := range v {
			VMOVUPD(at(src, i*t.lanes), v[i])
		}
		for i := range v {
			VMOVNTPD(v[i], at(dst, i*t.lanes))
		}
		ADDQ(I32(vectors*t.bytes()), src)
		ADDQ(I32(vectors*t.bytes()), dst)
	}
	t.loop("block", n, 4*t.lanes, func() { block(4) })
	t.loop("vector", n, t.lanes, func() { block(1) })
	t.ret()
	t.text("fence", "func()", "orders the stores of stream before those that follow.")
	SFENCE()
	RET()
}
