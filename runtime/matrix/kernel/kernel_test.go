package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// guard is the number of NaN cells on both sides of a guarded slice.
const guard = 8

// guarded returns a slice of n cells inside a buffer of NaN, and the check that the surroundings stayed NaN.
func guarded(n int, f func(i int) float64) (x []float64, intact func() bool) {
	buf := make([]float64, n+2*guard)
	for i := range buf {
		buf[i] = math.NaN()
	}
	x = buf[guard : guard+n : guard+n]
	for i := range x {
		x[i] = f(i)
	}
	return x, func() bool {
		for i, v := range buf {
			if (i < guard || i >= guard+n) && v == v {
				return false
			}
		}
		return true
	}
}

// wholes draws small whole numbers, whose products and sums are exact.
func wholes(r *rand.Rand) func(int) float64 {
	return func(int) float64 { return float64(r.IntN(9) - 4) }
}

var lengths = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 64, 65}

func equal(x, y float64) bool { return x == y || x != x && y != y }

func TestCellLoops(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	special := []float64{0, math.NaN(), math.Inf(1), math.Inf(-1), -1, 2}
	fill := func(i int) float64 {
		if r.IntN(3) == 0 {
			return special[r.IntN(len(special))]
		}
		return r.NormFloat64()
	}
	cases := map[string]struct {
		xy func(dst, x, y []float64)
		xs func(dst, x []float64, s float64)
		f  func(a, b float64) float64
	}{
		"+":         {AddXY, AddXS, func(a, b float64) float64 { return a + b }},
		"-":         {SubXY, SubXS, func(a, b float64) float64 { return a - b }},
		"s-":        {nil, SubSX, func(a, b float64) float64 { return b - a }},
		"*":         {MulXY, MulXS, func(a, b float64) float64 { return a * b }},
		"/":         {DivXY, DivXS, func(a, b float64) float64 { return a / b }},
		"s/":        {nil, DivSX, func(a, b float64) float64 { return b / a }},
		"==":        {EqXY, EqXS, func(a, b float64) float64 { return truth(a == b) }},
		"!=":        {NeXY, NeXS, func(a, b float64) float64 { return truth(a != b) }},
		"<":         {LtXY, LtXS, func(a, b float64) float64 { return truth(a < b) }},
		"<=":        {LeXY, LeXS, func(a, b float64) float64 { return truth(a <= b) }},
		">":         {GtXY, GtXS, func(a, b float64) float64 { return truth(a > b) }},
		">=":        {GeXY, GeXS, func(a, b float64) float64 { return truth(a >= b) }},
		"min":       {MinXY, MinXS, func(a, b float64) float64 { return math.Min(a, b) }},
		"max":       {MaxXY, MaxXS, func(a, b float64) float64 { return math.Max(a, b) }},
		"zip":       {func(d, x, y []float64) { Zip(math.Hypot, d, x, y) }, func(d, x []float64, s float64) { ZipScalar(math.Hypot, d, x, s) }, math.Hypot},
		"plusmul":   {func(d, x, y []float64) { PlusMul(d, x, 3, y) }, nil, func(a, b float64) float64 { return a + 3*b }},
		"scalarzip": {nil, func(d, x []float64, s float64) { ScalarZip(math.Atan2, d, s, x) }, func(a, b float64) float64 { return math.Atan2(b, a) }},
	}
	for name, k := range cases {
		// math.Min(-Inf, NaN) is -Inf, but the language gives NaN
		want := func(a, b float64) float64 {
			if (name == "min" || name == "max") && (a != a || b != b) {
				return math.NaN()
			}
			return k.f(a, b)
		}
		for _, n := range lengths {
			x, ix := guarded(n, fill)
			y, iy := guarded(n, fill)
			dst, id := guarded(n, fill)
			x0, y0 := slices.Clone(x), slices.Clone(y)
			check := func(form string, second func(i int) float64) {
				t.Helper()
				for i := range dst {
					if !equal(dst[i], want(x0[i], second(i))) {
						t.Fatalf("%s %s length %d: cell %d is %v, want %v", name, form, n, i, dst[i], want(x0[i], second(i)))
					}
				}
				if !slices.EqualFunc(x, x0, equal) || !slices.EqualFunc(y, y0, equal) || !ix() || !iy() || !id() {
					t.Fatalf("%s %s length %d: wrote where it must not", name, form, n)
				}
			}
			if k.xy != nil {
				k.xy(dst, x, y)
				check("xy", func(i int) float64 { return y0[i] })
			}
			if k.xs != nil {
				k.xs(dst, x, 0.5)
				check("xs", func(int) float64 { return 0.5 })
			}
		}
	}
}

func TestMapLoops(t *testing.T) {
	for name, k := range map[string]struct {
		loop func(dst, x []float64)
		f    func(float64) float64
	}{
		"exp": {Exp, math.Exp}, "log": {Log, math.Log}, "tanh": {Tanh, math.Tanh}, "sqrt": {Sqrt, math.Sqrt}, "abs": {Abs, math.Abs},
		"square": {Square, func(v float64) float64 { return v * v }},
		"not":    {Not, func(v float64) float64 { return truth(v == 0) }},
		"map":    {func(d, x []float64) { Map(math.Cbrt, d, x) }, math.Cbrt},
	} {
		for _, n := range lengths {
			x, intact := guarded(n, func(i int) float64 { return float64(i%5) - 1.5 + float64(i%2)*1.5 })
			x0 := slices.Clone(x)
			k.loop(x, x) // in place
			for i, v := range x {
				if !equal(v, k.f(x0[i])) {
					t.Fatalf("%s length %d: f(%v) = %v", name, n, x0[i], v)
				}
			}
			if !intact() {
				t.Fatalf("%s length %d: wrote outside", name, n)
			}
		}
	}
}

func TestSums(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range lengths {
		x, _ := guarded(n, wholes(r))
		s, sq, p, least, most, nnz := 0.0, 0.0, 1.0, math.Inf(1), math.Inf(-1), 0
		for _, v := range x {
			s, sq, p = s+v, sq+(v-2)*(v-2), p*v
			least, most = min(least, v), max(most, v)
			if v != 0 {
				nnz++
			}
		}
		got := []float64{Sum(x).Value(), PlainSum(x, 0), SumSq(x, 2).Value(), Prod(x, 1), Min(x, math.Inf(1)), Max(x, math.Inf(-1)), float64(CountNonZero(x))}
		if want := []float64{s, s, sq, p, least, most, float64(nnz)}; !slices.Equal(got, want) {
			t.Errorf("length %d: %v, want %v", n, got, want)
		}
		sum, is := guarded(n, func(int) float64 { return 1 })
		comp, ic := guarded(n, func(int) float64 { return 0 })
		mu := make([]float64, n)
		AddRow(x, sum, comp)
		AddRowSq(x, mu, sum, comp)
		AddRowSq(x, nil, sum, comp)
		for j, v := range x {
			if sum[j]+comp[j] != 1+v+2*v*v || !is() || !ic() {
				t.Fatalf("AddRow, length %d: column %d is %v", n, j, sum[j]+comp[j])
			}
		}
	}
	for _, x := range [][]float64{{1, math.NaN(), 0}, {math.NaN()}, {3, 2, math.NaN()}, {math.NaN(), 5}} {
		if v, w := Min(x, math.Inf(1)), Max(x, math.Inf(-1)); v == v || w == w {
			t.Errorf("extremes of %v: %v, %v, want NaN", x, v, w)
		}
	}
}

func TestAccIsExactOnCancellation(t *testing.T) {
	var a, b Acc
	for range 1000 {
		a.Add(1)
		b.Add(1)
	}
	a.Add(1e100)
	b.Add(-1e100)
	a.Merge(b)
	if a.Value() != 2000 {
		t.Errorf("%v, want 2000", a.Value())
	}
}

func TestVectorKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range lengths {
		x, _ := guarded(n, wholes(r))
		y, iy := guarded(n, wholes(r))
		y0, dot := slices.Clone(y), 0.0
		for i := range x {
			dot += x[i] * y[i]
		}
		if got := Dot(x, y); got != dot {
			t.Errorf("Dot, length %d: %v, want %v", n, got, dot)
		}
		Axpy(3, x, y)
		for i := range y {
			if y[i] != y0[i]+3*x[i] || !iy() {
				t.Fatalf("Axpy, length %d: cell %d is %v", n, i, y[i])
			}
		}
		idx := make([]int32, n)
		for i := range idx {
			idx[i] = int32(n - 1 - i)
		}
		gather, want := GatherDot(x, idx, y0), 0.0
		ScatterAxpy(2, x, idx, y)
		for i := range x {
			want += x[i] * y0[n-1-i]
			if y[n-1-i] != y0[n-1-i]+3*x[n-1-i]+2*x[i] {
				t.Fatalf("ScatterAxpy, length %d: cell %d is %v", n, n-1-i, y[n-1-i])
			}
		}
		if gather != want || !iy() {
			t.Errorf("GatherDot, length %d: %v, want %v", n, gather, want)
		}
	}
}

func TestMatrixKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, m := range []int{1, 2, 3, 4, 5, 9, 17} {
		for _, n := range []int{1, 2, 4, 5, 17, 33} {
			ld := n + 3
			a, _ := guarded(m*ld, wholes(r))
			x, _ := guarded(n, wholes(r))
			w, _ := guarded(m, wholes(r))
			y, iy := guarded(m, wholes(r))
			z, iz := guarded(n, func(int) float64 { return 1 })
			d, id := guarded(n*(m+2), func(int) float64 { return 7 })
			Gemv(m, n, a, ld, x, y)
			GemvT(m, n, a, ld, w, z)
			Transpose(m, n, a, ld, d, m+2)
			for i := range m {
				s := 0.0
				for j := range n {
					s += a[i*ld+j] * x[j]
					z[j] -= a[i*ld+j] * w[i]
					if d[j*(m+2)+i] != a[i*ld+j] {
						t.Fatalf("Transpose %dx%d: cell (%d,%d)", m, n, j, i)
					}
				}
				if y[i] != s {
					t.Fatalf("Gemv %dx%d: row %d is %v, want %v", m, n, i, y[i], s)
				}
			}
			for j, v := range z {
				if v != 1 {
					t.Fatalf("GemvT %dx%d: column %d is off by %v", m, n, j, v-1)
				}
			}
			if !iy() || !iz() || !id() || d[m] != 7 || d[m+1] != 7 {
				t.Fatalf("%dx%d: wrote outside", m, n)
			}
		}
	}
}

func TestGemm(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, m := range []int{1, 2, 3, 4, 7} {
		for _, n := range []int{1, 3, 4, 5, 9} {
			for _, k := range []int{0, 1, 5, 16} {
				for _, upper := range []bool{false, true} {
					name := fmt.Sprintf("%dx%dx%d upper %v", m, n, k, upper)
					a, _ := guarded(m*k, wholes(r))
					b, _ := guarded(k*n, wholes(r))
					pa, ia := guarded((m+MR-1)/MR*MR*k, func(int) float64 { return math.NaN() })
					pb, ib := guarded((n+NR-1)/NR*NR*k, func(int) float64 { return math.NaN() })
					ldc := n + 2
					c, ic := guarded((m-1)*ldc+n, func(int) float64 { return 5 })
					PackA(m, k, a, 1, m, pa) // A is given transposed
					PackB(k, n, b, n, 1, pb)
					Gemm(m, n, k, pa, pb, c, ldc, upper, 0, 0)
					for i := range m {
						for j := range n + 2 {
							want := 5.0
							for p := range k {
								if j < n {
									want += a[p*m+i] * b[p*n+j]
								}
							}
							at := i*ldc + j
							if at < len(c) && c[at] != want && !(upper && i > j && c[at] == 5) {
								t.Fatalf("%s: cell (%d,%d) is %v, want %v", name, i, j, c[at], want)
							}
						}
					}
					if !ia() || !ib() || !ic() {
						t.Fatalf("%s: wrote outside", name)
					}
				}
			}
		}
	}
}
