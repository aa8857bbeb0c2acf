package matrix

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gdml/runtime/par"
)

// The expected numbers of this file are those of the builtin reference §6.

func TestBlockSeeds(t *testing.T) {
	for seed, want := range map[int64][]int64{
		7:  {6175895673844109942, -1695054409423431847, -3298269661540681889},
		42: {-3567421005438856376, -2631140318920892010},
	} {
		w := newWell(seed)
		for i, v := range want {
			if got := w.nextLong(); got != v {
				t.Errorf("seed %d, block %d: %d, want %d", seed, i, got, v)
			}
		}
	}
}

func TestRandGoldens(t *testing.T) {
	for _, k := range []struct {
		spec RandSpec
		want grid
		tol  float64
	}{
		{RandSpec{Rows: 2, Cols: 3, Max: 1, Sparsity: 1, Seed: 7},
			grid{{0.45324353322292277, 0.01592030416320278, 0.08606588879859611}, {0.5966360597314019, 0.05575396305254521, 0.05475426466690947}}, 0},
		{RandSpec{Rows: 2, Cols: 2, Min: -1, Max: 1, Sparsity: 1, Seed: 42},
			grid{{-0.6976807983631887, 0.1856287109196375}, {-0.2139723210882578, -0.9585403620612472}}, 0},
		{RandSpec{Rows: 2, Cols: 3, Sparsity: 1, PDF: Normal, Seed: 7},
			grid{{0.4343018278216636, 2.466966646535577, 1.4813492332735714}, {0.9545895210774953, 0.3487904522638986, -2.3384859176785144}}, 1e-15},
		{RandSpec{Rows: 4, Cols: 4, Max: 1, Sparsity: 0.5, Seed: 7},
			grid{{0, .45324353322292277, .01592030416320278, 0}, {.08606588879859611, .5966360597314019, .05575396305254521, 0},
				{.05475426466690947, 0, 0, .4610377623131737}, {.77709061434543, 0, 0, .40737390321617917}}, 0},
		{RandSpec{Rows: 1, Cols: 10, Min: 1, Max: 1, Sparsity: 0.3, Seed: 5}, grid{{0, 0, 0, 0, 0, 1, 1, 0, 0, 0}}, 0},
	} {
		for _, c := range contexts() {
			got, err := Rand(c, k.spec)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, fmt.Sprintf("%+v", k.spec), got, k.spec.Rows, k.spec.Cols, k.want, k.tol)
		}
	}
	got, err := Rand(nil, RandSpec{Rows: 50, Cols: 50, Max: 1, Sparsity: 0.01, Seed: 7})
	if err != nil || got.NNZ() != 22 || !got.IsSparse() {
		t.Fatalf("sparse path: %d non-zeros, %v", got.NNZ(), err)
	}
	var first []float64
	got.Each(func(i, j int, v float64) {
		if len(first) < 12 {
			first = append(first, float64(i+1), float64(j+1), v)
		}
	})
	want := []float64{1, 19, .45324353322292277, 6, 13, .01592030416320278, 9, 33, .08606588879859611, 10, 25, .5966360597314019}
	if !slices.Equal(first, want) {
		t.Errorf("first non-zeros: %v, want %v", first, want)
	}
}

// TestRandBlocks checks that blocks are those of separate draws with the same seeds, and that threads do not matter.
func TestRandBlocks(t *testing.T) {
	for _, s := range []RandSpec{
		{Rows: 1200, Cols: 1100, Max: 1, Sparsity: 1, Seed: 7},
		{Rows: 1200, Cols: 1100, Max: 1, Sparsity: 0.05, Seed: 7},
		{Rows: 1200, Cols: 1100, Sparsity: 0.7, PDF: Normal, Seed: 7},
		{Rows: 300, Cols: 200, Sparsity: 0.5, PDF: CBNormal, Seed: 7},
		{Rows: 1010, Cols: 20, Sparsity: 1, PDF: Poisson, Lambda: 50, Seed: 7},
	} {
		one, err := Rand(nil, s)
		if err != nil {
			t.Fatal(err)
		}
		many, err := Rand(&Ctx{Par: par.New(4), Mem: NewArena(1 << 20)}, s)
		if err != nil || !slices.Equal(bitsOf(one), bitsOf(many)) {
			t.Errorf("%+v: four threads give other cells", s)
		}
	}
	wide, err := Rand(nil, RandSpec{Rows: 2, Cols: 1001, Max: 1, Sparsity: 1, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	r := newJLCG(-1695054409423431847)
	r.nextDouble() // seeds the position source
	if v := r.nextDouble(); wide.At(0, 1000) != v || wide.At(0, 0) != 0.45324353322292277 {
		t.Errorf("second block starts with %v, want %v", wide.At(0, 1000), v)
	}
}

func TestRandMoments(t *testing.T) {
	for _, k := range []struct {
		spec         RandSpec
		mean, spread float64
	}{
		{RandSpec{PDF: Uniform, Min: 2, Max: 4}, 3, 1. / 3},
		{RandSpec{PDF: Normal}, 0, 1},
		{RandSpec{PDF: Poisson, Lambda: 3.5}, 3.5, 3.5},
		{RandSpec{PDF: Poisson, Lambda: 80}, 80, 80},
		{RandSpec{PDF: CBUniform, Max: 1}, 0.5, 1. / 12},
		{RandSpec{PDF: CBNormal}, 0, 1},
	} {
		k.spec.Rows, k.spec.Cols, k.spec.Sparsity, k.spec.Seed = 400, 500, 1, 11
		m, err := Rand(nil, k.spec)
		if err != nil {
			t.Fatal(err)
		}
		mean, v := AggFull(nil, Mean, m), AggFull(nil, Var, m)
		// five standard errors of 200000 draws
		if math.Abs(mean-k.mean) > 5*math.Sqrt(k.spread/200000) || math.Abs(v/k.spread-1) > 0.03 {
			t.Errorf("%s: mean %v, variance %v, want %v and %v", PDFs[k.spec.PDF], mean, v, k.mean, k.spread)
		}
	}
}

// TestPhilox uses the known answer of the generator's authors for a zero counter and key.
func TestPhilox(t *testing.T) {
	want := [4]uint64{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}
	if got := philox([4]uint64{}, [2]uint64{}); got != want {
		t.Errorf("philox: %x, want %x", got, want)
	}
}

func TestSampleGoldens(t *testing.T) {
	for _, k := range []struct {
		limit, size int64
		replace     bool
		seed        int64
		want        []float64
	}{
		{10, 5, false, 7, []float64{1, 10, 3, 4, 2}},
		{10, 10, true, 7, []float64{3, 2, 6, 7, 2, 10, 6, 7, 4, 5}},
		{3, 6, true, 42, []float64{2, 1, 3, 1, 2, 2}},
		{5, 5, false, 42, []float64{1, 2, 3, 4, 5}},
	} {
		got, err := Sample(nil, k.limit, k.size, k.replace, k.seed)
		if err != nil || !slices.Equal(got.DenseData(), k.want) {
			t.Errorf("sample(%d, %d, %v, %d): %v, %v, want %v", k.limit, k.size, k.replace, k.seed, got, err, k.want)
		}
	}
	for _, k := range [][2]int64{{3, 4}, {0, 1}, {5, -1}, {1 << 40, 3}} {
		if _, err := Sample(nil, k[0], k[1], false, 1); err == nil {
			t.Errorf("sample(%d, %d): no error", k[0], k[1])
		}
	}
}

func TestRandRejects(t *testing.T) {
	for _, s := range []RandSpec{
		{Rows: -1, Cols: 1, Sparsity: 1}, {Rows: 1, Cols: 1, Sparsity: 1.5}, {Rows: 1, Cols: 1, Sparsity: math.NaN()},
		{Rows: 1, Cols: 1, Sparsity: 1, PDF: Poisson}, {Rows: 1 << 40, Cols: 1 << 30, Sparsity: 1}, {Rows: 1, Cols: 1, Sparsity: 1, PDF: 9},
	} {
		if _, err := Rand(nil, s); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
}

func TestSeq(t *testing.T) {
	tenths := []float64{0}
	for i := range 10 {
		tenths = append(tenths, tenths[i]+0.1)
	}
	for _, k := range []struct {
		from, to, incr float64
		want           []float64
	}{
		{1, 4, 1, []float64{1, 2, 3, 4}}, {1, 0, 1, []float64{1, 0}}, {5, 5, 3, []float64{5}}, {1, 2, 5, []float64{1}},
		{3, 1, -1, []float64{3, 2, 1}}, {0, 1, 0.1, tenths}, {2, 6, 2, []float64{2, 4, 6}}, {10, 1, -4, []float64{10, 6, 2}},
	} {
		got, err := Seq(nil, k.from, k.to, k.incr)
		if err != nil || !slices.Equal(got.DenseData(), k.want) {
			t.Errorf("seq(%v, %v, %v): %v, %v, want %v", k.from, k.to, k.incr, got, err, k.want)
		}
	}
	for _, k := range [][3]float64{{1, 5, 0}, {1, 5, -1}, {5, 1, 2}, {1, math.Inf(1), 1}, {math.NaN(), 1, 1}, {0, 1e300, 1e-10}} {
		if _, err := Seq(nil, k[0], k[1], k[2]); err == nil {
			t.Errorf("seq%v: no error", k)
		}
	}
}
