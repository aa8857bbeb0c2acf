package main

import (
	"math"
	"slices"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const (
	signBit = 1 << 63
	// ln 2 in two parts; the first has 21 zero bits at its end, so that its products with exponents are exact.
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10

	roundMagic = 1.5 * (1 << 52) // adding it rounds to a whole number
)

// reduce splits y into n*ln2 + r with |r| <= ln2/2 (Cody and Waite 1980). n is a whole number.
func (t *tier) reduce(y VecVirtual) (n, r VecVirtual) {
	n = t.poly(t.con(math.Log2E), y, t.con(roundMagic))
	VSUBPD(t.con(roundMagic), n, n)
	r = t.copyOf(y)
	VFNMADD231PD(t.con(ln2Hi), n, r)
	VFNMADD231PD(t.con(ln2Lo), n, r)
	return n, r
}

// expm1Coefs are the coefficients of expm1 by the power of r.
var expm1Coefs = []float64{
	2: 0.5000000000000001, 3: 0.16666666666666669, 4: 0.04166666666662399, 5: 0.008333333333330051,
	6: 0.0013888888917281794, 7: 0.00019841269863105968, 8: 2.480152119021773e-05, 9: 2.7557268378684192e-06,
	10: 2.7620138719733994e-07, 11: 2.5100424157005067e-08,
}

// expm1 returns e^r - 1 for a reduced r as r + r^2*p(r), in Estrin's order. p has the
// coefficients of the Chebyshev interpolation of degree 9, which leaves an error of
// 2^-54 of the result (0.06 units in the last place of e^r).
func (t *tier) expm1(r VecVirtual) VecVirtual {
	c := expm1Coefs
	r2 := t.mul(r, r)
	r4 := t.mul(r2, r2)
	quad := func(i int) VecVirtual {
		lo := t.poly(t.con(c[i+1]), r, t.con(c[i]))
		hi := t.poly(t.con(c[i+3]), r, t.con(c[i+2]))
		VFMADD231PD(hi, r2, lo)
		return lo
	}
	q := t.poly(t.con(c[11]), r, t.con(c[10]))
	VFMADD213PD(quad(6), r4, q)
	VFMADD213PD(quad(2), r4, q)
	VFMADD213PD(r, r2, q)
	return q
}

// scale returns p * 2^n for a whole n between -1500 and 1500, with one rounding.
func (t *tier) scale(p, n VecVirtual) VecVirtual {
	d := t.vec()
	if t.wide {
		VSCALEFPD(n, p, d)
		return d
	}
	// In two steps, since 2^n need not be a number of the format.
	i, half := XMM(), XMM()
	VCVTPD2DQY(n, i)
	VPSRAD(U8(1), i, half)
	VPSUBD(half, i, i)
	VMULPD(t.power(half), p, d)
	VMULPD(t.power(i), d, d)
	return d
}

// power returns 2^i for four int32 exponents of normal numbers.
func (t *tier) power(i Register) VecVirtual {
	d := YMM()
	VPMOVSXDQ(i, d)
	VPADDQ(t.bits(1023), d, d)
	VPSLLQ(U8(52), d, d)
	return d
}

// clamp returns x limited to [lo, hi]; NaN stays NaN.
func (t *tier) clamp(x VecVirtual, lo, hi float64) VecVirtual {
	d := t.vec()
	VMOVUPD(t.con(hi), d)
	VMINPD(x, d, d) // the second source, x, is what NaN gives
	e := t.vec()
	VMOVUPD(t.con(lo), e)
	VMAXPD(d, e, e)
	return e
}

func (t *tier) exp(x VecVirtual) VecVirtual {
	n, r := t.reduce(t.clamp(x, -760, 720))
	p := t.expm1(r)
	return t.scale(t.add(p, t.con(1)), n)
}

// tanh is E/(E+2) with E = e^(2|x|) - 1, which does not cancel near zero.
func (t *tier) tanh(x VecVirtual) VecVirtual {
	a := t.and(x, t.bits(signBit-1))
	y := t.clamp(t.add(a, a), 0, 44)
	n, r := t.reduce(y)
	p := t.expm1(r)
	two := t.scale(t.copyOf(t.con(1)), n)
	e := t.sub(two, t.con(1))
	VFMADD231PD(p, two, e)
	q := t.div(e, t.add(e, t.con(2)))
	return t.or(q, t.and(x, t.bits(signBit)))
}

// sigmoid is e/(1+e) with e = e^x. From x = 40 on that is 1, whatever x: no e overflows.
func (t *tier) sigmoid(x VecVirtual) VecVirtual {
	n, r := t.reduce(t.clamp(x, -760, 40))
	e := t.scale(t.add(t.expm1(r), t.con(1)), n)
	return t.div(e, t.add(e, t.con(1)))
}

// log uses the reduction and the polynomial of FDLIBM's e_log.c (Sun Microsystems
// 1993): x = 2^k * (1+f) with 1+f between sqrt(1/2) and sqrt(2).
func (t *tier) log(x VecVirtual) VecVirtual {
	k, m := t.split(x)
	f := t.sub(m, t.con(1))
	s := t.div(f, t.add(f, t.con(2)))
	z := t.mul(s, s)
	w := t.mul(z, z)
	even := t.poly(t.con(1.531383769920937332e-01), w, t.con(2.222219843214978396e-01))
	VFMADD213PD(t.con(3.999999999940941908e-01), w, even)
	odd := t.poly(t.con(1.479819860511658591e-01), w, t.con(1.818357216161805012e-01))
	VFMADD213PD(t.con(2.857142874366239149e-01), w, odd)
	VFMADD213PD(t.con(6.666666666666735130e-01), w, odd)
	p := t.mul(even, w)
	VFMADD231PD(odd, z, p)
	h := t.mul(t.mul(f, f), t.con(0.5))
	p = t.add(p, h)
	p = t.mul(p, s)
	VFMADD231PD(t.con(ln2Lo), k, p)
	VSUBPD(p, h, h)
	VSUBPD(f, h, h)
	r := t.mul(k, t.con(ln2Hi))
	VSUBPD(h, r, r)
	t.logSpecials(x, r)
	return r
}

// split returns the whole k and the m between sqrt(1/2) and sqrt(2) with x = 2^k * m, for positive numbers.
func (t *tier) split(x VecVirtual) (k, m VecVirtual) {
	if t.wide {
		k, m = t.vec(), t.vec()
		VGETEXPPD(x, k)
		VGETMANTPD(U8(0), x, m) // between 1 and 2
		upper := t.cmp(gt, m, t.con(math.Sqrt2))
		VMULPD(t.con(0.5), m, upper.r, m)
		VADDPD(t.con(1), k, upper.r, k)
		return k, m
	}
	m, shift := t.copyOf(x), t.copyOf(t.con(1<<52+1024))
	tiny := t.cmp(lt, x, t.con(0x1p-1022))
	t.sel(tiny, t.mul(x, t.con(1<<54)), m)
	t.sel(tiny, t.con(1<<52+1024+54), shift)
	const sqrtHalf = 0x3fe6a09e667f3bcd
	e, b := t.vec(), t.vec()
	VPADDQ(t.bits(1024<<52-sqrtHalf), m, e)
	VPSRLQ(U8(52), e, e) // k + 1024
	VPSLLQ(U8(52), e, b)
	VPSUBQ(b, m, m)
	VPADDQ(t.bits(1024<<52), m, m)
	k = t.or(e, t.bits(0x4330000000000000)) // 2^52 + k + 1024
	VSUBPD(shift, k, k)
	return k, m
}

// logSpecials sets r where x is not a positive finite number.
func (t *tier) logSpecials(x, r VecVirtual) {
	if t.wide {
		// By class of x, from the lowest digit: NaN twice (itself), zero (-Inf), one
		// (r), -Inf (NaN), +Inf (itself), negative (NaN), positive (r).
		VFIXUPIMMPD(U8(0), t.bits(0x03530422), x, r)
		return
	}
	t.sel(t.cmp(nlt, x, t.con(math.Inf(1))), x, r)
	t.sel(t.cmp(lt, x, t.con(0)), t.con(math.NaN()), r)
	t.sel(t.cmp(eq, x, t.con(0)), t.con(math.Inf(-1)), r)
}

// The numbers that the functions need all the time.
var (
	reduceConsts  = []float64{math.Log2E, roundMagic, ln2Hi, ln2Lo}
	expConsts     = slices.Concat([]float64{-760, 720, 1}, reduceConsts, expm1Coefs[2:])
	sigmoidConsts = slices.Concat([]float64{-760, 40, 1}, reduceConsts, expm1Coefs[2:])
	tanhConsts    = slices.Concat([]float64{0, 44, 1, 2}, reduceConsts, expm1Coefs[2:])
	logConsts     = []float64{
		1, 2, 0.5, math.Sqrt2, ln2Hi, ln2Lo,
		1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01,
		1.479819860511658591e-01, 1.818357216161805012e-01, 2.857142874366239149e-01, 6.666666666666735130e-01,
	}
)

// functions emits the transcendental functions.
func (t *tier) functions() {
	for _, u := range []struct {
		name, text string
		consts     []float64
		f          func(x VecVirtual) VecVirtual
	}{
		{"exp", "exp", expConsts, t.exp}, {"log", "log", logConsts, t.log},
		{"tanh", "tanh", tanhConsts, t.tanh}, {"sigmoid", "1/(1+exp(-x))", sigmoidConsts, t.sigmoid},
	} {
		t.text(u.name, sigX, "is the loop of %s.", u.text)
		t.hoist(u.consts)
		t.cellLoop([]string{"x"}, false, 1, func(in []VecVirtual, _ VecVirtual) VecVirtual { return u.f(in[0]) })
		t.hoisted = nil
	}
}
