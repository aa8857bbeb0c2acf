package matrix

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"gdml/runtime/cell"
)

// naiveAgg aggregates x by the definition, sums in high precision unless a term is not finite.
func naiveAgg(fn Agg, x []float64) float64 {
	n := float64(len(x))
	switch fn {
	case Sum:
		return bigSum(x)
	case SumSq:
		return bigSum(mapped(x, func(v float64) float64 { return v * v }))
	case Mean:
		return bigSum(x) / n
	case Var, SD:
		if len(x) == 0 {
			return math.NaN()
		}
		mu := bigSum(x) / n
		v := bigSum(mapped(x, func(v float64) float64 { return (v - mu) * (v - mu) })) / (n - 1)
		if len(x) == 1 && x[0] == x[0] {
			v = 0
		}
		return deviation(fn, v)
	case Prod:
		p := 1.0
		for _, v := range x {
			p *= v
		}
		return p
	}
	f, m := cell.Min.F, math.Inf(1)
	if fn == Max {
		f, m = cell.Max.F, math.Inf(-1)
	}
	for _, v := range x {
		m = f(m, v)
	}
	return m
}

func bigSum(x []float64) float64 {
	s, plain := new(big.Float).SetPrec(512), 0.0
	finite := true
	for _, v := range x {
		plain += v
		if finite = finite && v-v == 0; finite {
			s.Add(s, new(big.Float).SetFloat64(v))
		}
	}
	if !finite {
		return plain
	}
	v, _ := s.Float64()
	return v
}

var aggs = []Agg{Sum, SumSq, Mean, Var, SD, Min, Max, Prod}

func TestAggregatesAgainstOracle(t *testing.T) {
	for _, fn := range aggs {
		plain := fn == Prod // overflow and zeros are in cell order only for dense operands
		full := func(a operand) (int, int, grid, bool) {
			var all []float64
			for _, r := range a.g {
				if a.cols > 0 {
					all = append(all, r...)
				}
			}
			return 1, 1, grid{{naiveAgg(fn, all)}}, false
		}
		rows := func(a operand) (int, int, grid, bool) {
			g := newGrid(a.rows, 1)
			for i := range g {
				if a.cols > 0 {
					g[i][0] = naiveAgg(fn, a.g[i])
				}
			}
			return a.rows, 1, g, false
		}
		cols := func(a operand) (int, int, grid, bool) {
			g := newGrid(1, a.cols)
			for j := range g[0] {
				if a.rows > 0 {
					g[0][j] = naiveAgg(fn, a.dense().column(j))
				}
			}
			return 1, a.cols, g, false
		}
		checkUnary(t, unaryCase{name: fn.String(), tol: 1e-14, big: true, plain: plain, want: full,
			run: func(c *Ctx, a *Matrix) (*Matrix, error) { return FromRows(grid{{AggFull(c, fn, a)}}), nil }})
		checkUnary(t, unaryCase{name: "row " + fn.String(), tol: 1e-14, big: true, plain: plain, want: rows,
			run: func(c *Ctx, a *Matrix) (*Matrix, error) { return AggRows(c, fn, a), nil }})
		checkUnary(t, unaryCase{name: "col " + fn.String(), tol: 1e-14, big: true, plain: plain, want: cols,
			run: func(c *Ctx, a *Matrix) (*Matrix, error) { return AggCols(c, fn, a), nil }})
	}
}

func TestProductsWithZerosAndNaN(t *testing.T) {
	for _, k := range []struct {
		x    []float64
		want float64
	}{
		{[]float64{2, 3, 0}, 0},
		{[]float64{2, 0, math.NaN()}, math.NaN()},
		{[]float64{math.Inf(1), 0, 3}, math.NaN()},
		{[]float64{math.Inf(1), 2, -3}, math.Inf(-1)},
	} {
		d := operand{rows: 1, cols: 3, g: grid{k.x}}
		for _, m := range d.forms() {
			if v := AggFull(nil, Prod, m); !same(v, k.want, 0) {
				t.Errorf("prod %v, sparse %v: %v, want %v", k.x, m.IsSparse(), v, k.want)
			}
			if v := AggRows(nil, Prod, m).At(0, 0); !same(v, k.want, 0) {
				t.Errorf("rowProds %v: %v, want %v", k.x, v, k.want)
			}
			if v := AggCols(nil, Prod, Transpose(nil, m)).At(0, 0); !same(v, k.want, 0) {
				t.Errorf("colProds %v: %v, want %v", k.x, v, k.want)
			}
		}
	}
}

// TestSumsAreCompensated uses sums that lose everything when added plainly.
func TestSumsAreCompensated(t *testing.T) {
	x := make([]float64, 0, 300000)
	for range 100000 {
		x = append(x, 1e16, 1, -1e16)
	}
	m := FromDense(len(x), 1, x)
	if v := AggFull(nil, Sum, m); v != 100000 {
		t.Errorf("sum: %v, want 100000", v)
	}
	if v := AggCols(nil, Sum, m).At(0, 0); v != 100000 {
		t.Errorf("colSums: %v, want 100000", v)
	}
	if v := AggRows(nil, Sum, Transpose(nil, m)).At(0, 0); v != 100000 {
		t.Errorf("rowSums: %v, want 100000", v)
	}
	y := []float64{1, math.Inf(1), math.Inf(1), math.MaxFloat64, math.MaxFloat64}
	for k, want := range []float64{1, math.Inf(1), math.Inf(1)} {
		if v := AggFull(nil, Sum, FromDense(k+1, 1, y[:k+1])); v != want {
			t.Errorf("sum of %v: %v, want %v", y[:k+1], v, want)
		}
	}
	if v := AggFull(nil, Sum, FromRows(grid{{math.Inf(1), math.Inf(-1)}})); v == v {
		t.Errorf("Inf - Inf: %v, want NaN", v)
	}
}

func TestVarianceOfShiftedData(t *testing.T) {
	m := FromRows(grid{{1e9 + 4}, {1e9 + 7}, {1e9 + 13}, {1e9 + 16}})
	if v := AggFull(nil, Var, m); v != 30 {
		t.Errorf("var: %v, want 30", v)
	}
	if v := AggCols(nil, Var, m).At(0, 0); v != 30 {
		t.Errorf("colVars: %v, want 30", v)
	}
}

func TestMeanDoesNotOverflow(t *testing.T) {
	m := FromRows(grid{{1e308, math.Inf(1)}, {1e308, 1}})
	if v := AggFull(nil, Mean, FromRows(grid{{1e308, 1e308}})); v != 1e308 {
		t.Errorf("mean: %v, want 1e308", v)
	}
	if v := AggRows(nil, Mean, FromRows(grid{{1e308, 1e308}})).At(0, 0); v != 1e308 {
		t.Errorf("rowMeans: %v, want 1e308", v)
	}
	if v := AggCols(nil, Mean, m); v.At(0, 0) != 1e308 || !math.IsInf(v.At(0, 1), 1) {
		t.Errorf("colMeans: %v, want 1e308 and Inf", gridOf(v))
	}
}

func TestIndexExtremeAgainstOracle(t *testing.T) {
	for _, greatest := range []bool{true, false} {
		checkUnary(t, unaryCase{
			name: fmt.Sprintf("index extreme %v", greatest), big: true,
			run: func(c *Ctx, a *Matrix) (*Matrix, error) { return IndexExtreme(c, a, greatest), nil },
			want: func(a operand) (int, int, grid, bool) {
				g := newGrid(a.rows, 1)
				for i := range g {
					best := math.NaN()
					for j, v := range a.g[i] {
						if best != best || greatest && v >= best || !greatest && v <= best {
							if v == v {
								best, g[i][0] = v, float64(j+1)
							}
						}
					}
					if g[i][0] == 0 && a.cols > 0 {
						g[i][0] = 1
					}
				}
				return a.rows, 1, g, false
			},
		})
	}
}

func TestCumAgainstOracle(t *testing.T) {
	steps := map[CumFn]func(p, v float64) float64{
		CumSum: cell.Add.F, CumProd: cell.Mul.F, CumMin: cell.Min.F, CumMax: cell.Max.F, CumRowSum: cell.Add.F,
	}
	for fn, step := range steps {
		checkUnary(t, unaryCase{
			name: fmt.Sprintf("cumulative %d", fn), tol: 1e-11,
			run: func(c *Ctx, a *Matrix) (*Matrix, error) { return Cum(c, fn, a), nil },
			want: func(a operand) (int, int, grid, bool) {
				g := newGrid(a.rows, a.cols)
				for i := range g {
					for j, v := range a.g[i] {
						switch {
						case fn == CumRowSum && j > 0:
							v = step(g[i][j-1], v)
						case fn != CumRowSum && i > 0:
							v = step(g[i-1][j], v)
						}
						g[i][j] = v
					}
				}
				return a.rows, a.cols, g, false
			},
		})
	}
	if _, err := CumSumProd(nil, New(nil, 3, 3)); err == nil {
		t.Error("cumsumprod of three columns: no error")
	}
}

func TestTrace(t *testing.T) {
	a := draw(40, 40, few)
	want := 0.0
	for i := range a.g {
		want += a.g[i][i]
	}
	for _, m := range a.forms() {
		if v, err := Trace(nil, m); err != nil || v != want {
			t.Errorf("trace: %v, %v, want %v", v, err, want)
		}
	}
	if _, err := Trace(nil, New(nil, 2, 3)); err == nil {
		t.Error("trace of 2x3: no error")
	}
}

// Partial sums of columns cost as much as the matrix has columns, so a thin sparse matrix has one vector of them.
func TestColumnChunksFollowStoredCells(t *testing.T) {
	wide := FromCSR(16, 50000, &CSR{RowPtr: make([]int, 17)})
	if _, chunks := colChunks(wide); chunks != 1 {
		t.Errorf("%d chunks of an empty sparse matrix", chunks)
	}
	full := FromDense(40000, 10, make([]float64, 400000))
	if _, chunks := colChunks(full); chunks < 8 {
		t.Errorf("%d chunks of a tall dense matrix", chunks)
	}
}
