package kernel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

const precision = 200 // bits of the reference

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func fresh() *big.Float { return new(big.Float).SetPrec(precision) }

// bigExp returns e^x by its series for x/2^k, squared k times.
func bigExp(x *big.Float) *big.Float {
	const k = 20
	r := fresh().SetMantExp(x, -k)
	sum, term := number(1), number(1)
	for i := 1; i < 30; i++ {
		term.Mul(term, r)
		term.Quo(term, number(float64(i)))
		sum.Add(sum, term)
	}
	for range k {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog improves log by two steps of Newton's method.
func bigLog(x float64) *big.Float {
	y := number(log(x))
	for range 2 {
		d := bigExp(fresh().Neg(y))
		d.Mul(d, number(x))
		y.Add(y, d.Sub(d, number(1)))
	}
	return y
}

func bigSigmoid(x float64) *big.Float {
	e := bigExp(number(-x))
	return fresh().Quo(number(1), e.Add(e, number(1)))
}

func bigTanh(x float64) *big.Float {
	e := bigExp(number(2 * x))
	return fresh().Quo(fresh().Sub(e, number(1)), fresh().Add(e, number(1)))
}

// ulps returns the distance of got from want in units of the last place of want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	if got == w {
		return 0
	}
	unit := math.Nextafter(math.Abs(w), math.Inf(1)) - math.Abs(w)
	d, _ := fresh().Sub(number(got), want).Float64()
	return math.Abs(d) / unit
}

var functions = []struct {
	name   string
	f      Func
	exact  func(x float64) *big.Float
	most   float64 // ulps
	lo, hi float64
	log    bool // draw magnitudes
}{
	{"exp", Exp, func(x float64) *big.Float { return bigExp(number(x)) }, 2, -740, 709, false},
	{"exp near 0", Exp, func(x float64) *big.Float { return bigExp(number(x)) }, 2, 1e-20, 1, true},
	{"log", Log, bigLog, 2, 1e-300, 1e300, true},
	{"log near 1", Log, bigLog, 2, 0.5, 2, false},
	{"log of tiny numbers", Log, bigLog, 2, 5e-324, 1e-300, true},
	{"tanh", Tanh, bigTanh, 2, -22, 22, false},
	{"tanh near 0", Tanh, bigTanh, 2, 1e-30, 2, true},
	{"sigmoid", Sigmoid, bigSigmoid, 4, -740, 40, false},
	{"sigmoid near 0", Sigmoid, bigSigmoid, 4, -5, 5, false},
}

func TestFunctionAccuracy(t *testing.T) {
	n := 1500
	if testing.Short() {
		n = 200
	}
	for _, fn := range functions {
		r := rand.New(rand.NewPCG(7, uint64(fn.f)))
		x, want := make([]float64, n), make([]*big.Float, n)
		for i := range x {
			x[i] = fn.lo + (fn.hi-fn.lo)*r.Float64()
			if fn.log {
				x[i] = math.Exp(log(fn.lo) + (log(fn.hi)-log(fn.lo))*r.Float64())
			}
			want[i] = fn.exact(x[i])
		}
		for _, s := range sets() {
			y := make([]float64, n)
			s.fun[fn.f](y, x)
			worst, at := 0.0, 0.0
			for i, v := range y {
				if u := ulps(v, want[i]); !(u <= worst) {
					worst, at = u, x[i]
				}
			}
			t.Logf("%s %s: %.2f ulps at %v", s.name, fn.name, worst, at)
			if !(worst <= fn.most) {
				t.Errorf("%s %s: %.2f ulps at %v", s.name, fn.name, worst, at)
			}
		}
	}
}

func TestFunctionSpecials(t *testing.T) {
	inf, tiny := math.Inf(1), math.SmallestNonzeroFloat64
	x := []float64{0, math.Copysign(0, -1), inf, -inf, math.NaN(), tiny, -tiny, 0x1p-1022, -0x1p-1030, 1, -1, 1e300, -1e300,
		math.MaxFloat64, -math.MaxFloat64, 709.78, 709.79, 720, -745.13, -745.14, -760, 1e-17, -1e-17, 22, -22, 300}
	plain := [numFuncs]func(float64) float64{Exp: math.Exp, Log: log, Tanh: math.Tanh, Sigmoid: sigmoid, Sqrt: math.Sqrt, Abs: math.Abs,
		Square: func(v float64) float64 { return v * v }, Not: func(v float64) float64 { return truth(v == 0) }}
	eachSet(t, func(t *testing.T, s *set) {
		for f, exact := range plain {
			for at := range 9 { // every lane
				in := append(slices.Repeat([]float64{0.5}, at), x...)
				out := make([]float64, len(in))
				s.fun[f](out, in)
				for i, v := range in {
					want := exact(v)
					same := out[i] == want && math.Signbit(out[i]) == math.Signbit(want) || out[i] != out[i] && want != want
					if !same && !(math.Abs(out[i]-want) <= 4*math.Max(math.Abs(want)*0x1p-52, tiny)) {
						t.Errorf("function %d of %v: %v, want %v", f, v, out[i], want)
					}
				}
			}
		}
	})
}

// TestFunctionLengths runs the loops in place on all lengths and alignments.
func TestFunctionLengths(t *testing.T) {
	eachSet(t, func(t *testing.T, s *set) {
		for f := range numFuncs {
			for _, n := range lengths {
				x, intact := guarded(n, func(i int) float64 { return float64(i%7)/2 + 0.25 })
				ref := make([]float64, 7)
				cells := make([]float64, 7)
				for i := range ref {
					ref[i] = float64(i)/2 + 0.25
				}
				s.fun[f](cells, ref)
				s.fun[f](x, x)
				for i, v := range x {
					if v != cells[i%7] {
						t.Fatalf("function %d length %d: cell %d is %v, want %v", f, n, i, v, cells[i%7])
					}
				}
				if !intact() {
					t.Fatalf("function %d length %d: wrote outside", f, n)
				}
			}
		}
	})
	x := []float64{1, 8, 27}
	if Map(math.Cbrt, x, x); !slices.Equal(x, []float64{1, 2, 3}) {
		t.Errorf("Map: %v", x)
	}
}
