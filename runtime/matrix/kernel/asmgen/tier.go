package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// tier is an instruction set: 8 lanes in 32 registers, or 4 lanes in 16.
type tier struct {
	name  string // suffix of the routines
	lanes int
	wide  bool // AVX-512

	hoisted map[uint64]VecVirtual // constants that the current function keeps in registers
}

var (
	avx512 = &tier{name: "AVX512", lanes: 8, wide: true}
	avx2   = &tier{name: "AVX2", lanes: 4}
)

// consts has the constants that were emitted, a full vector each.
var consts = map[uint64]Mem{}

// bits returns a constant vector of the given lane.
func bits(b uint64) Mem {
	if m, ok := consts[b]; ok {
		return m
	}
	m := GLOBL(fmt.Sprintf("lanes_%016x", b), 0x18) // RODATA|NOPTR
	for i := range 8 {
		DATA(8*i, U64(b))
	}
	consts[b] = m
	return m
}

// con returns a constant vector of f.
func con(f float64) Mem { return bits(math.Float64bits(f)) }

// hoist keeps constants in registers for the rest of a function where there are enough
// of them. Loading them anew each time would take longer than computing with them.
func (t *tier) hoist(values []float64) {
	t.hoisted = map[uint64]VecVirtual{}
	for _, f := range values {
		if b := math.Float64bits(f); t.wide && t.hoisted[b] == nil {
			t.hoisted[b] = t.copyOf(bits(b))
		}
	}
}

// bits returns a constant vector of the given lane: a register or memory.
func (t *tier) bits(b uint64) Op {
	if r, ok := t.hoisted[b]; ok {
		return r
	}
	return bits(b)
}

// con returns a constant vector of f: a register or memory.
func (t *tier) con(f float64) Op { return t.bits(math.Float64bits(f)) }

var windowMem *Mem

// window returns eight set lanes followed by eight clear ones: at 8*(8-n) begins a mask of n lanes.
func window() Mem {
	if windowMem == nil {
		m := GLOBL("window", 0x18)
		for i := range 16 {
			v := uint64(math.MaxUint64)
			if i >= 8 {
				v = 0
			}
			DATA(8*i, U64(v))
		}
		windowMem = &m
	}
	return *windowMem
}

func (t *tier) bytes() int { return 8 * t.lanes }

// vec returns a new vector register.
func (t *tier) vec() VecVirtual {
	if t.wide {
		return ZMM()
	}
	return YMM()
}

// vecs returns n new vector registers.
func (t *tier) vecs(n int) []VecVirtual {
	v := make([]VecVirtual, n)
	for i := range v {
		v[i] = t.vec()
	}
	return v
}

// mask is a set of lanes: a mask register or a vector of all-ones lanes.
type mask struct{ r Register }

// firstLanes returns the mask of the first n lanes, 0 <= n <= lanes; n is destroyed.
func (t *tier) firstLanes(n GPVirtual) mask {
	if t.wide {
		one := GP64()
		MOVQ(U32(1), one)
		SHLXQ(n, one, one)
		DECQ(one)
		k := K()
		KMOVW(one.As32(), k)
		return mask{k}
	}
	at := GP64()
	LEAQ(window().Offset(64), at)
	SHLQ(U8(3), n)
	SUBQ(n, at)
	m := YMM()
	VMOVUPD(Mem{Base: at}, m)
	return mask{m}
}

// load loads a vector; with a mask, the lanes outside are zero and not read.
func (t *tier) load(m Mem, k *mask, dst Register) {
	switch {
	case k == nil:
		VMOVUPD(m, dst)
	case t.wide:
		VMOVUPD_Z(m, k.r, dst)
	default:
		VMASKMOVPD(m, k.r, dst)
	}
}

// store stores a vector; with a mask, only its lanes.
func (t *tier) store(src Register, m Mem, k *mask) {
	switch {
	case k == nil:
		VMOVUPD(src, m)
	case t.wide:
		VMOVUPD(src, k.r, m)
	default:
		VMASKMOVPD(src, k.r, m)
	}
}

// zero clears a register.
func (t *tier) zero(r Register) {
	if t.wide {
		VPXORQ(r, r, r)
		return
	}
	VXORPD(r, r, r)
}

// copyOf returns a new register with the value of a register or memory.
func (t *tier) copyOf(a Op) VecVirtual {
	d := t.vec()
	VMOVUPD(a, d)
	return d
}

// The following return a new register with the result. b may be memory.

func (t *tier) add(a Register, b Op) VecVirtual {
	d := t.vec()
	VADDPD(b, a, d)
	return d
}

func (t *tier) sub(a Register, b Op) VecVirtual {
	d := t.vec()
	VSUBPD(b, a, d)
	return d
}

func (t *tier) mul(a Register, b Op) VecVirtual {
	d := t.vec()
	VMULPD(b, a, d)
	return d
}

func (t *tier) div(a Register, b Op) VecVirtual {
	d := t.vec()
	VDIVPD(b, a, d)
	return d
}

// poly returns a*b + c for a constant or register a.
func (t *tier) poly(a Op, b Register, c Op) VecVirtual {
	d := t.copyOf(a)
	VFMADD213PD(c, b, d)
	return d
}

func (t *tier) and(a Register, b Op) VecVirtual {
	d := t.vec()
	if t.wide {
		VPANDQ(b, a, d)
	} else {
		VANDPD(b, a, d)
	}
	return d
}

func (t *tier) or(a Register, b Op) VecVirtual {
	d := t.vec()
	if t.wide {
		VPORQ(b, a, d)
	} else {
		VORPD(b, a, d)
	}
	return d
}

// Predicates of cmp.
const (
	eq    = 0x00 // ordered, quiet
	lt    = 0x11
	le    = 0x12
	unord = 0x03
	ne    = 0x04 // true for NaN
	ge    = 0x1d
	gt    = 0x1e
	nlt   = 0x15 // true for NaN
)

// cmp compares a with b.
func (t *tier) cmp(pred int, a Register, b Op) mask {
	if t.wide {
		k := K()
		VCMPPD(U8(pred), b, a, k)
		return mask{k}
	}
	d := YMM()
	VCMPPD(U8(pred), b, a, d)
	return mask{d}
}

// sel sets the lanes k of dst to src, which may be memory.
func (t *tier) sel(k mask, src Op, dst Register) {
	if t.wide {
		VMOVUPD(src, k.r, dst)
		return
	}
	VBLENDVPD(k.r, src, dst, dst)
}

// keep clears the lanes of v outside k.
func (t *tier) keep(k mask, v VecVirtual) {
	if t.wide {
		VMOVAPD_Z(v, k.r, v)
		return
	}
	VANDPD(k.r, v, v)
}

// swapped returns v with each group of h lanes exchanged for its neighbour.
func (t *tier) swapped(v VecVirtual, h int) VecVirtual {
	d := t.vec()
	switch {
	case h == 4:
		VSHUFF64X2(U8(0x4e), v, v, d)
	case h == 2 && t.wide:
		VSHUFF64X2(U8(0xb1), v, v, d)
	case h == 2:
		VPERM2F128(U8(0x01), v, v, d)
	default:
		VPERMILPD(U8(0x55), v, d)
	}
	return d
}

// truth returns 1 in the lanes k and 0 elsewhere.
func (t *tier) truth(k mask) VecVirtual {
	d := t.vec()
	if t.wide {
		VMOVUPD_Z(con(1), k.r, d)
	} else {
		VANDPD(con(1), k.r, d)
	}
	return d
}

// broadcast returns a register with the float64 at m in all lanes.
func (t *tier) broadcast(m Op) VecVirtual {
	d := t.vec()
	VBROADCASTSD(m, d)
	return d
}

// scalar returns the float64 parameter in all lanes.
func (t *tier) scalar(name string) VecVirtual {
	x := XMM()
	Load(Param(name), x)
	return t.broadcast(x)
}

// sumLanes returns the sum of the lanes of v in an XMM register.
func (t *tier) sumLanes(v VecVirtual) Register {
	y := YMM()
	if t.wide {
		VEXTRACTF64X4(U8(1), v, y)
		VADDPD(v.AsY(), y, y)
	} else {
		VMOVAPD(v, y)
	}
	x := XMM()
	VEXTRACTF128(U8(1), y, x)
	VADDPD(y.AsX(), x, x)
	h := XMM()
	VUNPCKHPD(x, x, h)
	VADDSD(h, x, x)
	return x
}

// at returns memory at base + 8*i bytes.
func at(base Register, i int) Mem { return Mem{Base: base, Disp: 8 * i} }

// pointer loads a parameter into a 64-bit register.
func pointer(name string) GPVirtual {
	r := GP64()
	Load(Param(name), r)
	return r
}

// stride loads a parameter and turns a count of float64 into bytes.
func stride(name string) GPVirtual {
	r := pointer(name)
	SHLQ(U8(3), r)
	return r
}

// loop emits body while n >= step, subtracting step each time.
func (t *tier) loop(name string, n Register, step int, body func()) {
	JMP(LabelRef(t.label(name + "_check")))
	Label(t.label(name))
	body()
	SUBQ(I32(step), n)
	Label(t.label(name + "_check"))
	CMPQ(n, I32(step))
	JGE(LabelRef(t.label(name)))
}
