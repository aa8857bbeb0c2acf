package matrix

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gdml/runtime/cell"
)

// The expected values of this file are those of the builtin reference §4, §5, §14 and §21.

func column(v ...float64) *Matrix { return FromDense(len(v), 1, v) }
func row(v ...float64) *Matrix    { return FromDense(1, len(v), v) }

// must returns the cells of a result in row-major order.
func must(t *testing.T) func(m *Matrix, err error) []float64 {
	return func(m *Matrix, err error) []float64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m.Vector()
	}
}

func seqOf(t *testing.T, from, to, by float64) *Matrix {
	t.Helper()
	m, err := Seq(nil, from, to, by)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGoldens(t *testing.T) {
	v := must(t)
	six := seqOf(t, 1, 6, 1)
	square := FromRows(grid{{1, 2}, {3, 4}})
	for _, k := range []struct {
		name      string
		got, want []float64
	}{
		{"round", Unary(nil, cell.Round, row(-2.5, -0.5, 0.5, 1.5, 2.5), false).Vector(), []float64{-2, 0, 1, 2, 3}},
		{"rowIndexMax", IndexExtreme(nil, row(3, 3, 1), true).Vector(), []float64{2}},
		{"rowIndexMin", IndexExtreme(nil, row(0, 0, 0), false).Vector(), []float64{3}},
		{"matrix byrow", v(Reshape(nil, six, 2, 3, true)), []float64{1, 2, 3, 4, 5, 6}},
		{"matrix by column", v(Reshape(nil, six, 2, 3, false)), []float64{1, 3, 5, 2, 4, 6}},
		{"table with dims", v(Table(nil, Operand{M: column(1, 2, 2, 5)}, Operand{M: column(1, 1, 1, 9)}, Operand{S: 1}, 2, 3)), []float64{1, 0, 0, 2, 0, 0}},
		{"table of a row and a column", v(Table(nil, Operand{M: row(2, 1, 3)}, Operand{M: column(1, 2, 3)}, Operand{S: 1}, -1, -1)), []float64{0, 1, 0, 1, 0, 0, 0, 0, 1}},
		{"table histogram", v(Table(nil, Operand{M: column(1, 2, 2)}, Operand{S: 1}, Operand{S: 1}, -1, -1)), []float64{1, 2}},
		{"order", v(Order(nil, column(2, 1, 2, 1), []int{0}, true, true)), []float64{1, 3, 2, 4}},
		{"removeEmpty", v(RemoveEmpty(nil, New(nil, 3, 2), true, nil, true)), []float64{0, 0}},
		{"removeEmpty to 0x2", v(RemoveEmpty(nil, New(nil, 3, 2), true, nil, false)), []float64{}},
		{"lower.tri", v(Triangle(nil, square, true, false, false)), []float64{0, 0, 1, 0}},
		{"lower.tri of values", v(Triangle(nil, square, true, true, true)), []float64{1, 0, 3, 4}},
		{"rev", Rev(nil, row(1, 2, 3)).Vector(), []float64{1, 2, 3}},
		{"roll", Roll(nil, column(1, 2, 3), 1).Vector(), []float64{3, 1, 2}},
		{"cumsumprod", v(CumSumProd(nil, FromRows(grid{{1, .5}, {1, .5}, {1, .5}}))), []float64{1, 1.5, 1.75}},
		{"var", []float64{AggFull(nil, Var, seqOf(t, 1, 4, 1))}, []float64{1.6666666666666667}},
		{"quantile vector", v(QuantileVec(nil, seqOf(t, 1, 10, 1), nil, column(.25, .5))), []float64{3, 5}},
		{"outer", v(Outer(nil, cell.Le, column(1, 2), row(1, 2, 3))), []float64{1, 1, 1, 0, 1, 1}},
		{"replace", Replace(nil, row(1, math.NaN()), math.NaN(), 0).Vector(), []float64{1, 0}},
	} {
		if !slices.Equal(k.got, k.want) {
			t.Errorf("%s: %v, want %v", k.name, k.got, k.want)
		}
	}
}

func TestOrderStatistics(t *testing.T) {
	for _, k := range []struct {
		x    *Matrix
		p    float64
		want float64
	}{
		{seqOf(t, 1, 10, 1), 0.25, 3.5}, {seqOf(t, 1, 9, 1), 0.5, 5}, {column(1, 2, 3, 4), 0.5, 2.5},
		{column(0, 0, 1, 2), 0.5, 0}, {column(-2, -1, 0, 0), 0.5, -1}, {column(4, 2, 9), 0, 2}, {column(4, 2, 9), 1, 9},
		{column(4, 2, 9, 7), 0, 2}, {column(-4, -2), 1, -2}, {column(-3, 5), 0.5, 1},
	} {
		if v, err := Quantile(k.x, nil, k.p); err != nil || v != k.want {
			t.Errorf("quantile(%v, %v): %v, %v, want %v", k.x.Vector(), k.p, v, err, k.want)
		}
	}
	if v, err := Quantile(column(1, 2, 3), column(1, 5, 0), 0.5); err != nil || v != 2 {
		t.Errorf("weighted median: %v, %v, want 2", v, err)
	}
	if v, err := InterQuartileMean(column(4, 1, 3, 2), nil); err != nil || v != 2.5 {
		t.Errorf("interquartile mean: %v, %v, want 2.5", v, err)
	}
	if v, err := InterQuartileMean(column(1, 3, 4, 5, 6, 6, 7, 8, 8, 9, 38, 2), nil); err != nil || v != 6 {
		t.Errorf("interquartile mean: %v, %v, want 6", v, err)
	}
	for _, bad := range []*Matrix{row(1, 2), New(nil, 0, 1), New(nil, 2, 2)} {
		if _, err := Quantile(bad, nil, .5); err == nil {
			t.Errorf("quantile of %v: no error", bad)
		}
	}
	for _, w := range []*Matrix{column(1, 2), column(1, .5, 1), column(1, -1, 1), column(0, 0, 0)} {
		if _, err := Quantile(column(1, 2, 3), w, .5); err == nil {
			t.Errorf("quantile with weights %v: no error", w.Vector())
		}
	}
	if _, err := Quantile(column(1), nil, 1.5); err == nil {
		t.Error("quantile(1.5): no error")
	}
}

func TestMomentsAndCovariance(t *testing.T) {
	if v, err := Moment(seqOf(t, 1, 4, 1), nil, 2); err != nil || v != 1.25 {
		t.Errorf("moment: %v, %v, want 1.25", v, err)
	}
	if v, err := Moment(column(1, 2, 7), column(1, 1, 0), 0); err != nil || v != 1.5 {
		t.Errorf("weighted mean: %v, %v, want 1.5", v, err)
	}
	if v, err := Cov(seqOf(t, 1, 3, 1), seqOf(t, 2, 6, 2), nil); err != nil || v != 2 {
		t.Errorf("cov: %v, %v, want 2", v, err)
	}
	if v, err := Cov(column(1, 2), column(3, 9), column(1, 0)); err != nil || v != 0 {
		t.Errorf("cov of one observation: %v, %v, want 0", v, err)
	}
	if _, err := Moment(column(1, 2), nil, 5); err == nil {
		t.Error("moment of order 5: no error")
	}
	if _, err := Cov(column(1, 2), column(1), nil); err == nil {
		t.Error("cov of vectors of two lengths: no error")
	}
}

func TestTableAgainstOracle(t *testing.T) {
	n := 500
	a, b, w := New(nil, n, 1), New(nil, n, 1), New(nil, n, 1)
	want := newGrid(400, 600)
	for i := range n {
		a.dense[i], b.dense[i], w.dense[i] = float64(1+i*7%400), float64(1+i*11%600)+0.5, float64(i%5)-1
		if i%50 == 3 {
			b.dense[i] = math.NaN()
			continue
		}
		want[int(a.dense[i])-1][int(b.dense[i])-1] += w.dense[i]
	}
	got, err := Table(nil, Operand{M: a}, Operand{M: b}, Operand{M: w}, 400, 600)
	if err != nil || !got.IsSparse() {
		t.Fatalf("%v, %v", got, err)
	}
	expect(t, "table", got, 400, 600, want, 0)
	got, err = Table(nil, Operand{M: a}, Operand{M: b}, Operand{M: w}, 30, 40)
	if err != nil {
		t.Fatal(err)
	}
	cut := newGrid(30, 40)
	for i := range cut {
		copy(cut[i], want[i])
	}
	expect(t, "table, cut", got, 30, 40, cut, 0)
	for _, bad := range []float64{0, -1, 0.5} {
		if _, err := Table(nil, Operand{M: column(1, 2)}, Operand{M: column(1, bad)}, Operand{S: 1}, -1, -1); err == nil {
			t.Errorf("table with index %v: no error", bad)
		}
	}
	if _, err := Table(nil, Operand{M: column(1, 2)}, Operand{M: column(1)}, Operand{S: 1}, -1, -1); err == nil {
		t.Error("table of vectors of two lengths: no error")
	}
	if _, err := Table(nil, Operand{M: column(1e18)}, Operand{M: column(1e18)}, Operand{S: 1}, -1, -1); err == nil {
		t.Error("table without end: no error")
	}
}

func TestToText(t *testing.T) {
	o := DefaultText()
	ties := row(0.0625, 0.1875, 2.0005, -0.0001)
	for _, k := range []struct {
		name string
		m    *Matrix
		o    TextOpts
		want string
	}{
		{"ties", ties, o, "0.062 0.188 2.001 -0.000\n"},
		{"signs", row(math.Copysign(0, -1), math.NaN(), math.Inf(-1), 1e20), o, "0.000 NaN -Infinity 100000000000000000000.000\n"},
		{"rows", FromRows(grid{{1, 2}, {3, 4}}), TextOpts{Rows: -1, Cols: -1, Decimals: 0, Sep: ",", LineSep: ";"}, "1,2;3,4;"},
		{"cut", FromRows(grid{{1, 2}, {3, 4}}), TextOpts{Rows: 1, Cols: 1, Decimals: 1, Sep: " ", LineSep: "\n"}, "1.0\n"},
		{"sparse", FromRows(grid{{0, 2}, {3, 0}}), TextOpts{Rows: -1, Cols: -1, Decimals: 1, Sparse: true, Sep: " ", LineSep: "\n"}, "1 2 2.0\n2 1 3.0\n"},
		{"no rows", New(nil, 0, 3), o, ""},
		{"no columns", New(nil, 2, 0), o, "0.000\n0.000\n"},
	} {
		for _, m := range []*Matrix{k.m, toSparse(nil, k.m)} {
			want := k.want
			if got := ToText(m, k.o); got != want {
				t.Errorf("%s, sparse %v: %q, want %q", k.name, m.IsSparse(), got, want)
			}
		}
	}
}

func TestStorageRule(t *testing.T) {
	for _, k := range []struct {
		rows, cols int
		nnz        int64
		want       bool
	}{{100, 100, 0, true}, {100, 1, 0, false}, {4, 4, 8, false}, {50, 50, 25, true}, {1, 10, 3, false}, {1000, 1000, 399000, true},
		{1000, 1000, 400000, false}, {0, 3, 0, false}, {3, 0, 0, false}} {
		if got := storeSparse(k.rows, k.cols, k.nnz); got != k.want {
			t.Errorf("%dx%d with %d non-zeros: sparse %v, want %v", k.rows, k.cols, k.nnz, got, k.want)
		}
	}
	c := &Ctx{Mem: NewArena(1 << 20)}
	m := New(c, 50, 50)
	m.dense[7] = 1
	s := Compact(c, m)
	if s == m || !s.IsSparse() || s.NNZ() != 1 {
		t.Errorf("one non-zero of 2500 was not stored as CSR")
	}
	d := Scalar(c, cell.Add, s, 1, false, false)
	if d.IsSparse() || d.At(0, 7) != 2 || d.At(9, 9) != 1 {
		t.Errorf("a full result was stored as CSR: %s", fmt.Sprint(d))
	}
}
