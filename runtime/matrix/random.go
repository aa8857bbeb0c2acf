package matrix

import (
	"math"
	"math/bits"
)

// jlcg is the 48-bit linear congruential generator of the Java library.
type jlcg uint64

func newJLCG(seed int64) jlcg { return (jlcg(seed) ^ 0x5DEECE66D) & (1<<48 - 1) }

// next returns the top n bits of the next state as a signed number.
func (r *jlcg) next(n uint) int32 {
	*r = (*r*0x5DEECE66D + 0xB) & (1<<48 - 1)
	return int32(uint32(*r >> (48 - n)))
}

func (r *jlcg) nextInt() int32 { return r.next(32) }

func (r *jlcg) nextLong() int64 {
	hi := int64(r.next(32)) << 32
	return hi + int64(r.next(32))
}

func (r *jlcg) nextDouble() float64 {
	hi := int64(r.next(26)) << 27
	return float64(hi+int64(r.next(27))) * 0x1p-53
}

// intn returns a number in [0, n), n > 0.
func (r *jlcg) intn(n int32) int32 {
	if n&(n-1) == 0 {
		return int32(int64(n) * int64(r.next(31)) >> 31)
	}
	for {
		b := r.next(31)
		v := b % n
		if b-v+(n-1) >= 0 { // int32 overflow: b is in the incomplete top interval
			return v
		}
	}
}

// longn returns a number in [0, n), n > 0.
func (r *jlcg) longn(n int64) int64 {
	for {
		b := int64(uint64(r.nextLong()) << 1 >> 1)
		v := b % n
		if b-v+(n-1) >= 0 {
			return v
		}
	}
}

// well1024 is the WELL1024a generator (Panneton, L'Ecuyer, Matsumoto 2006).
type well1024 struct {
	v [32]uint32
	i uint32
}

// newWell takes the state words from a jlcg.
func newWell(seed int64) *well1024 {
	w := &well1024{}
	r := newJLCG(seed)
	for k := range w.v {
		w.v[k] = uint32(r.nextInt())
	}
	return w
}

func (w *well1024) next32() uint32 {
	i := w.i
	a, b, c := w.v[(i+3)&31], w.v[(i+24)&31], w.v[(i+10)&31]
	last := (i - 1) & 31
	z0 := w.v[last]
	z1 := w.v[i] ^ (a ^ a>>8)
	z2 := (b ^ b<<19) ^ (c ^ c<<14)
	w.v[i] = z1 ^ z2
	w.v[last] = (z0 ^ z0<<11) ^ (z1 ^ z1<<7) ^ (z2 ^ z2<<13)
	w.i = last
	return w.v[last]
}

func (w *well1024) nextLong() int64 {
	hi := uint64(w.next32()) << 32
	return int64(hi + uint64(w.next32()))
}

// nextDouble is uniform in [0, 1).
func (w *well1024) nextDouble() float64 { return float64(uint64(w.nextLong())>>11) * 0x1p-53 }

// boxMuller gives normal deviates in pairs: the cosine member, then the sine member.
type boxMuller struct {
	r      jlcg
	sine   float64
	second bool
}

func (g *boxMuller) next() float64 {
	if g.second {
		g.second = false
		return g.sine
	}
	u1, u2 := g.r.nextDouble(), g.r.nextDouble()
	radius, angle := math.Sqrt(-2*math.Log(u1)), 2*math.Pi*u2
	g.sine, g.second = radius*math.Sin(angle), true
	return radius * math.Cos(angle)
}

// poisson draws Poisson numbers: by multiplication for small means (Knuth, TAOCP
// 2, 3.4.1), by transformed rejection for larger ones (PTRS, Hörmann 1993).
type poisson struct {
	w      *well1024
	lambda float64
}

func (p *poisson) next() float64 {
	if p.lambda < 10 {
		limit, k, prod := math.Exp(-p.lambda), 0, p.w.nextDouble()
		for prod > limit {
			k++
			prod *= p.w.nextDouble()
		}
		return float64(k)
	}
	b := 0.931 + 2.53*math.Sqrt(p.lambda)
	a := -0.059 + 0.02483*b
	invAlpha := 1.1239 + 1.1328/(b-3.4)
	vr := 0.9277 - 3.6224/(b-2)
	for {
		u, v := p.w.nextDouble()-0.5, p.w.nextDouble()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + p.lambda + 0.43)
		switch {
		case us >= 0.07 && v <= vr:
			return k
		case k < 0 || us < 0.013 && v > us:
			continue
		}
		lg, _ := math.Lgamma(k + 1)
		if math.Log(v)+math.Log(invAlpha)-math.Log(a/(us*us)+b) <= -p.lambda+k*math.Log(p.lambda)-lg {
			return k
		}
	}
}

// philox is the counter-based generator Philox4x64-10 (Salmon et al. 2011).
func philox(ctr [4]uint64, key [2]uint64) [4]uint64 {
	for range 10 {
		h0, l0 := bits.Mul64(0xD2E7470EE14C6C93, ctr[0])
		h1, l1 := bits.Mul64(0xCA5A826395121157, ctr[2])
		ctr = [4]uint64{h1 ^ ctr[1] ^ key[0], l1, h0 ^ ctr[3] ^ key[1], l0}
		key[0] += 0x9E3779B97F4A7C15
		key[1] += 0xBB67AE8584CAA73B
	}
	return ctr
}

// unit maps 64 random bits to (0, 1), so that its logarithm is finite.
func unit(b uint64) float64 { return (float64(b>>12) + 0.5) * 0x1p-52 }
