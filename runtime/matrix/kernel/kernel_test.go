package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// guard is the least number of NaN cells on both sides of a guarded slice.
const guard = 8

// guarded returns a slice of n cells inside a buffer of NaN, and the check that the surroundings stayed NaN.
func guarded(n int, f func(i int) float64) (x []float64, intact func() bool) {
	at := guard + n%guard // every alignment
	buf := make([]float64, n+3*guard)
	for i := range buf {
		buf[i] = math.NaN()
	}
	x = buf[at : at+n : at+n]
	for i := range x {
		x[i] = f(i)
	}
	return x, func() bool {
		for i, v := range buf {
			if (i < at || i >= at+n) && v == v {
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

// lengths has every remainder of a vector and of a block of vectors.
var lengths = func() []int {
	n := []int{100, 129, 8191, 8200, 20003}
	for i := range 71 {
		n = append(n, i)
	}
	return n
}()

// eachSet runs f for the kernels of every tier that this processor has.
func eachSet(t *testing.T, f func(t *testing.T, s *set)) {
	t.Helper()
	for _, s := range sets() {
		t.Run(s.name, func(t *testing.T) { f(t, s) })
	}
}

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
		op Op
		f  func(a, b float64) float64
	}{
		"+":   {Plus, func(a, b float64) float64 { return a + b }},
		"-":   {Sub, func(a, b float64) float64 { return a - b }},
		"s-":  {From, func(a, b float64) float64 { return b - a }},
		"*":   {Mul, func(a, b float64) float64 { return a * b }},
		"/":   {Div, func(a, b float64) float64 { return a / b }},
		"s/":  {Into, func(a, b float64) float64 { return b / a }},
		"==":  {Eq, func(a, b float64) float64 { return truth(a == b) }},
		"!=":  {Ne, func(a, b float64) float64 { return truth(a != b) }},
		"<":   {Lt, func(a, b float64) float64 { return truth(a < b) }},
		"<=":  {Le, func(a, b float64) float64 { return truth(a <= b) }},
		">":   {Gt, func(a, b float64) float64 { return truth(a > b) }},
		">=":  {Ge, func(a, b float64) float64 { return truth(a >= b) }},
		"min": {Lesser, lesser},
		"max": {Greater, func(a, b float64) float64 { return -lesser(-a, -b) }},
	}
	if len(cases) != int(numOps) {
		t.Fatalf("%d operators are tested, of %d", len(cases), numOps)
	}
	eachSet(t, func(t *testing.T, s *set) {
		for name, k := range cases {
			checkZip(t, name, fill, s.xy[k.op], s.xs[k.op], k.f)
		}
		checkZip(t, "plusmul", fill, func(d, x, y []float64) { s.plusMul(d, x, 3, y) }, nil, func(a, b float64) float64 { return a + float64(3*b) })
	})
	checkZip(t, "zip", fill, func(d, x, y []float64) { Zip(math.Hypot, d, x, y) }, func(d, x []float64, s float64) { ZipScalar(math.Hypot, d, x, s) }, math.Hypot)
	checkZip(t, "scalarzip", fill, nil, func(d, x []float64, s float64) { ScalarZip(math.Atan2, d, s, x) }, func(a, b float64) float64 { return math.Atan2(b, a) })
}

func TestStream(t *testing.T) {
	eachSet(t, func(t *testing.T, s *set) {
		for _, n := range lengths {
			x, ix := guarded(n, func(i int) float64 { return float64(i) })
			dst, id := guarded(n, func(int) float64 { return -1 })
			s.stream(dst, x)
			if !slices.Equal(dst, x) || !ix() || !id() {
				t.Fatalf("length %d: not a copy, or wrote where it must not", n)
			}
		}
	})
}

// lesser is the smaller number; math.Min(-Inf, NaN) is -Inf, but the language gives NaN.
func lesser(a, b float64) float64 {
	if a != a || b != b {
		return math.NaN()
	}
	return math.Min(a, b)
}

// checkZip runs the loops of one operator on slices of all lengths and alignments, and in place.
func checkZip(t *testing.T, name string, fill func(int) float64, xy func(dst, x, y []float64), xs func(dst, x []float64, s float64), f func(a, b float64) float64) {
	t.Helper()
	for _, n := range lengths {
		x, ix := guarded(n, fill)
		y, iy := guarded(n, fill)
		dst, id := guarded(n, fill)
		x0, y0 := slices.Clone(x), slices.Clone(y)
		check := func(form string, dst []float64, second func(i int) float64) {
			t.Helper()
			for i := range dst {
				if want := f(x0[i], second(i)); !equal(dst[i], want) {
					t.Fatalf("%s %s length %d: cell %d is %v, want %v", name, form, n, i, dst[i], want)
				}
			}
			if !slices.EqualFunc(y, y0, equal) || !ix() || !iy() || !id() {
				t.Fatalf("%s %s length %d: wrote where it must not", name, form, n)
			}
		}
		if xs != nil {
			xs(dst, x, 0.5)
			check("xs", dst, func(int) float64 { return 0.5 })
		}
		if xy != nil {
			xy(dst, x, y)
			check("xy", dst, func(i int) float64 { return y0[i] })
			xy(x, x, y)
			check("in place", x, func(i int) float64 { return y0[i] })
		} else if !slices.EqualFunc(x, x0, equal) {
			t.Fatalf("%s length %d: wrote to an operand", name, n)
		}
	}
}

func TestSums(t *testing.T) { eachSet(t, testSums) }

func testSums(t *testing.T, set *set) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range lengths {
		x, _ := guarded(n, wholes(r))
		s, sq, p, least, most, nnz := 0.0, 0.0, -1.0, math.Inf(1), math.Inf(-1), 0
		for i, v := range x {
			s, sq = s+v, sq+(v-2)*(v-2)
			if v == 3 {
				p = float64(i)
			}
			least, most = min(least, v), max(most, v)
			if v != 0 {
				nnz++
			}
		}
		got := []float64{set.sum(x, 0).Value(), PlainSum(x, 0), set.square(x, 2).Value(), float64(set.lastIndex(x, 3)), set.min(x, math.Inf(1)), set.max(x, math.Inf(-1)), float64(set.countNonZero(x))}
		if want := []float64{s, s, sq, p, least, most, float64(nnz)}; !slices.Equal(got, want) {
			t.Errorf("length %d: %v, want %v", n, got, want)
		}
	}
	for n := range 70 {
		for _, at := range []int{0, 1, n / 2, n - 1} {
			x, _ := guarded(n+20, wholes(r))
			x[max(at, 0)] = math.NaN()
			if v, w := set.min(x, 9), set.max(x, 9); v == v || w == w {
				t.Errorf("extremes of %v: %v, %v, want NaN", x, v, w)
			}
		}
	}
	if v := set.max(make([]float64, 40), math.NaN()); v == v {
		t.Errorf("largest of NaN and zeros: %v", v)
	}
	for _, x := range [][]float64{{1, math.NaN(), 0}, {math.NaN()}, {3, 2, math.NaN()}, {math.NaN(), 5}} {
		if v, w := set.min(x, math.Inf(1)), set.max(x, math.Inf(-1)); v == v || w == w {
			t.Errorf("extremes of %v: %v, %v, want NaN", x, v, w)
		}
	}
}

func TestColumnSums(t *testing.T) {
	eachSet(t, func(t *testing.T, set *set) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, n := range lengths {
			for _, m := range []int{0, 1, 2, 9, 17} {
				ld := n + 3
				x, ix := guarded(m*ld, wholes(r))
				s, is := guarded(n, func(int) float64 { return 1 })
				c, ic := guarded(n, func(int) float64 { return 0 })
				mu, _ := guarded(n, wholes(r))
				x0 := slices.Clone(x)
				set.addRows(m, n, x, ld, s, c)
				set.addRowsSq(m, n, x, ld, mu, s, c)
				for j := range n {
					want := 1.0
					for i := range m {
						v := x0[i*ld+j]
						want += v + (v-mu[j])*(v-mu[j])
					}
					if s[j]+c[j] != want {
						t.Fatalf("%d rows of %d: column %d is %v, want %v", m, n, j, s[j]+c[j], want)
					}
				}
				if !is() || !ic() || !ix() || !slices.Equal(x, x0) {
					t.Fatalf("%d rows of %d: wrote where it must not", m, n)
				}
			}
		}
	})
}

func TestRowSums(t *testing.T) {
	eachSet(t, func(t *testing.T, set *set) {
		r := rand.New(rand.NewPCG(3, 5))
		for _, n := range lengths {
			for _, m := range []int{0, 1, 4, 7, 8, 9, 19} {
				ld := n + 3
				x, ix := guarded(m*ld, wholes(r))
				s, is := guarded(m, func(int) float64 { return 1 })
				c, ic := guarded(m, func(int) float64 { return 1 })
				set.sumRows(m, n, x, ld, s, c)
				for i := range m {
					if want := PlainSum(x[i*ld:i*ld+n], 0); s[i]+c[i] != want {
						t.Fatalf("%d rows of %d: row %d is %v, want %v", m, n, i, s[i]+c[i], want)
					}
				}
				if !is() || !ic() || !ix() {
					t.Fatalf("%d rows of %d: wrote where it must not", m, n)
				}
			}
		}
	})
}

// TestCompensation sums numbers whose plain sum loses everything.
func TestCompensation(t *testing.T) {
	eachSet(t, func(t *testing.T, set *set) {
		r := rand.New(rand.NewPCG(31, 4))
		x := make([]float64, 0, 20000)
		want := 0.0
		for range 5000 {
			big, small := math.Ldexp(r.NormFloat64(), 60), float64(r.IntN(1000))
			x = append(x, big, small, -big, small)
			want += 2 * small
		}
		r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		if got := set.sum(x, 0).Value(); got != want {
			t.Errorf("sum %v, want %v", got, want)
		}
		rows, errs := make([]float64, 200), make([]float64, 200)
		set.sumRows(200, len(x)/200, x, len(x)/200, rows, errs)
		var total Acc
		for i := range rows {
			total.Merge(Acc{rows[i], errs[i]})
		}
		if total.Value() != want {
			t.Errorf("row sums %v, want %v", total.Value(), want)
		}
		s, c := make([]float64, 10), make([]float64, 10)
		set.addRows(len(x)/10, 10, x, 10, s, c)
		var a Acc
		for j := range s {
			a.Merge(Acc{s[j], c[j]})
		}
		if a.Value() != want {
			t.Errorf("column sums %v, want %v", a.Value(), want)
		}
	})
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

func TestVectorKernels(t *testing.T) { eachSet(t, testVectorKernels) }

func testVectorKernels(t *testing.T, s *set) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range lengths {
		x, _ := guarded(n, wholes(r))
		y, iy := guarded(n, wholes(r))
		y0, dot := slices.Clone(y), 0.0
		for i := range x {
			dot += x[i] * y[i]
		}
		if got := s.dot(x, y); got != dot {
			t.Errorf("Dot, length %d: %v, want %v", n, got, dot)
		}
		s.axpy(3, x, y)
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

func TestMatrixKernels(t *testing.T) { eachSet(t, testMatrixKernels) }

func testMatrixKernels(t *testing.T, set *set) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, m := range []int{1, 2, 3, 4, 5, 9, 17, 24} {
		for _, n := range []int{1, 2, 4, 5, 17, 33, 66, 1030} {
			ld := n + 3
			a, _ := guarded(m*ld, wholes(r))
			x, _ := guarded(n, wholes(r))
			w, _ := guarded(m, wholes(r))
			y, iy := guarded(m, wholes(r))
			z, iz := guarded(n, func(int) float64 { return 1 })
			d, id := guarded(n*(m+2), func(int) float64 { return 7 })
			set.gemv(m, n, a, ld, x, y)
			set.gemvT(m, n, a, ld, w, z)
			set.transpose(m, n, a, ld, d, m+2)
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

// TestGemm runs every size of a tile, packed and in place, on both orientations of the operands.
func TestGemm(t *testing.T) { eachSet(t, testGemm) }

func testGemm(t *testing.T, s *set) {
	for m := 1; m <= 2*s.mr+1; m++ {
		for n := 1; n <= 2*s.nr+1; n++ {
			k := []int{1, 2, 5, 8, 17, 40}[(m+n)%6]
			for form := range 4 {
				for _, part := range []Part{Whole, Upper, Lower} {
					checkGemm(t, s, m, n, k, form&1 != 0, form&2 != 0, part)
				}
			}
		}
	}
}

func checkGemm(t *testing.T, s *set, m, n, k int, packed, turned bool, part Part) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(m), uint64(n)))
	lda, ldb, ldc := k+3, n+1, n+2
	rs, cs := lda, 1
	if turned {
		lda = m + 1
		rs, cs = 1, lda
	}
	a, ia := guarded(max((m-1)*rs+(k-1)*cs+1, 0), wholes(r))
	b, ib := guarded((k-1)*ldb+n, wholes(r))
	c, ic := guarded((m-1)*ldc+n, func(int) float64 { return 5 })
	nan := func(int) float64 { return math.NaN() }
	left := Panels{a, s.mr * rs, rs, cs}
	right := Panels{b, s.nr, 0, ldb}
	if packed {
		pa, ipa := guarded((m+s.mr-1)/s.mr*s.mr*k, nan)
		pb, ipb := guarded((n+s.nr-1)/s.nr*s.nr*k, nan)
		s.packA(m, k, a, rs, cs, pa)
		if turned {
			bt := make([]float64, n*(k+1))
			transpose(k, n, b, ldb, bt, k+1)
			s.packB(k, n, bt, 1, k+1, pb)
		} else {
			s.packB(k, n, b, ldb, 1, pb)
		}
		left, right = Panels{pa, s.mr * k, 1, s.mr}, Panels{pb, s.nr * k, 0, s.nr}
		defer func() {
			if !ipa() || !ipb() {
				t.Fatalf("%dx%dx%d turned %v: packed outside", m, n, k, turned)
			}
		}()
	}
	mode := Mode((m + n) % 3)
	s.gemm(m, n, k, left, right, c, ldc, mode, part, 0, 0)
	for i := range m {
		for j := range ldc {
			want := 5.0
			if j < n && mode == Write {
				want = 0
			}
			for p := range k {
				switch {
				case j < n && mode == Subtract:
					want -= a[i*rs+p*cs] * b[p*ldb+j]
				case j < n:
					want += a[i*rs+p*cs] * b[p*ldb+j]
				}
			}
			unwanted := part == Upper && i > j || part == Lower && i < j
			at := i*ldc + j
			if at < len(c) && c[at] != want && !(unwanted && c[at] == 5) {
				t.Fatalf("%dx%dx%d packed %v turned %v part %v: cell (%d,%d) is %v, want %v", m, n, k, packed, turned, part, i, j, c[at], want)
			}
		}
	}
	if !ia() || !ib() || !ic() {
		t.Fatalf("%dx%dx%d packed %v turned %v: wrote outside", m, n, k, packed, turned)
	}
}

func TestChoose(t *testing.T) {
	all := sets()
	for i, s := range all {
		if got, err := choose(s.name, all); got != all[i] || err != nil {
			t.Errorf("choose %s: %s, %v", s.name, got.name, err)
		}
	}
	best, err := choose("", all)
	if best != all[len(all)-1] || err != nil {
		t.Errorf("choose the best: %s, %v", best.name, err)
	}
	if _, err := choose("sse9", all); err == nil {
		t.Error("an unknown tier is no error")
	}
}
