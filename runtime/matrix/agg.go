package matrix

import (
	"math"

	"gdml/runtime/matrix/kernel"
)

// Agg is an aggregate function.
type Agg uint8

// The aggregates (builtin reference §3). Var and SD are the sample forms with n-1.
const (
	Sum Agg = iota
	SumSq
	Mean
	Var
	SD
	Min
	Max
	Prod
)

var aggNames = [...]string{"sum", "sumsq", "mean", "var", "sd", "min", "max", "prod"}

// String returns the function's name.
func (f Agg) String() string { return aggNames[f] }

// AggFull aggregates all cells of a. Without cells a sum is 0, a product 1, min
// +Inf, max -Inf, and mean, var and sd are NaN.
func AggFull(c *Ctx, fn Agg, a *Matrix) float64 {
	n := float64(a.Cells())
	switch fn {
	case Sum:
		return sumOf(c, a.values())
	case SumSq:
		return sumSqOf(c, a.values(), 0)
	case Mean:
		return meanOf(c, a.values(), n)
	case Var, SD:
		return deviation(fn, varFull(c, a))
	case Prod:
		return zeroProd(prodOf(c, a.values()), a.values(), a.Cells())
	case Min, Max:
		return extremeFull(c, fn, a)
	}
	panic("matrix: unknown aggregate")
}

// Trace returns the sum of the diagonal of a square matrix.
func Trace(_ *Ctx, a *Matrix) (float64, error) {
	if a.rows != a.cols {
		return 0, sizeErrorf("trace needs a square matrix: %v", a)
	}
	var acc kernel.Acc
	plain := 0.0
	for i := range a.rows {
		v := a.At(i, i)
		acc.Add(v)
		plain += v
	}
	return orPlain(acc, plain), nil
}

// orPlain returns the compensated sum, or the plain one where infinities made the compensation NaN.
func orPlain(acc kernel.Acc, plain float64) float64 {
	if v := acc.Value(); v == v {
		return v
	}
	return plain
}

// chunked calls f for the chunks of x in parallel and returns the results in chunk order.
func chunked[T any](c *Ctx, x []float64, f func(x []float64) T) []T {
	out := make([]T, (len(x)+cellGrain-1)/cellGrain)
	c.workers().DoCost(len(out), cellNanos*float64(len(x)), func(i int) {
		out[i] = f(x[i*cellGrain : min((i+1)*cellGrain, len(x))])
	})
	return out
}

// sumAcc sums x by chunks; a single one, such as a row, needs no list.
func sumAcc(c *Ctx, x []float64) (acc kernel.Acc) {
	if len(x) <= cellGrain {
		return kernel.Sum(x)
	}
	for _, p := range chunked(c, x, kernel.Sum) {
		acc.Merge(p)
	}
	return acc
}

// sumSqAcc is sumAcc of the squares of x - mu.
func sumSqAcc(c *Ctx, x []float64, mu float64) (acc kernel.Acc) {
	if len(x) <= cellGrain {
		return kernel.SumSq(x, mu)
	}
	for _, p := range chunked(c, x, func(x []float64) kernel.Acc { return kernel.SumSq(x, mu) }) {
		acc.Merge(p)
	}
	return acc
}

// sumOf returns the compensated sum of x; it falls back on the plain sum when that is NaN.
func sumOf(c *Ctx, x []float64) float64 {
	acc := sumAcc(c, x)
	if v := acc.Value(); v == v {
		return v
	}
	return kernel.PlainSum(x, 0)
}

// meanOf returns the mean of n cells, of which x is stored. When the sum overflows, the quotients are added instead.
func meanOf(c *Ctx, x []float64, n float64) float64 {
	s := sumOf(c, x)
	if !math.IsInf(s, 0) {
		return s / n
	}
	return sumOf(c, mapped(x, func(v float64) float64 { return v / n }))
}

// sumSqOf returns the compensated sum of (x-mu)^2.
func sumSqOf(c *Ctx, x []float64, mu float64) float64 {
	acc := sumSqAcc(c, x, mu)
	if v := acc.Value(); v == v {
		return v
	}
	s := 0.0
	for _, v := range x {
		s += (v - mu) * (v - mu)
	}
	return s
}

func prodOf(c *Ctx, x []float64) float64 {
	p := 1.0
	for _, q := range chunked(c, x, func(x []float64) float64 { return kernel.Prod(x, 1) }) {
		p *= q
	}
	return p
}

// zeroProd completes a product over stored values with the zeros that are not
// stored: 0, but NaN if a value is NaN or infinite.
func zeroProd(p float64, stored []float64, cells int) float64 {
	if len(stored) == cells {
		return p + 0 // a zero without a sign, as in sparse form
	}
	for _, v := range stored {
		if v-v != 0 {
			return math.NaN()
		}
	}
	return 0
}

// varFull computes in two passes: the mean, then the squared deviations.
func varFull(c *Ctx, a *Matrix) float64 {
	x, n := a.values(), a.Cells()
	mu := meanOf(c, x, float64(n))
	ss := sumSqOf(c, x, mu) + float64(n-len(x))*mu*mu
	return variance(ss, mu, n)
}

// variance divides squared deviations by n-1; one observation has no variance.
func variance(ss, mu float64, n int) float64 {
	switch {
	case n == 1 && mu == mu:
		return 0
	case n <= 1:
		return math.NaN()
	}
	return ss / float64(n-1)
}

func deviation(fn Agg, v float64) float64 {
	if fn == SD {
		return math.Sqrt(v)
	}
	return v
}

// extreme returns the kernel of Min or Max and the value of the empty extreme.
func (f Agg) extreme() (loop func(x []float64, m float64) float64, start float64) {
	if f == Min {
		return kernel.Min, math.Inf(1)
	}
	return kernel.Max, math.Inf(-1)
}

func extremeFull(c *Ctx, fn Agg, a *Matrix) float64 {
	loop, start := fn.extreme()
	x := a.values()
	parts := chunked(c, x, func(x []float64) float64 { return loop(x, start) })
	m := loop(parts, start)
	if len(x) < a.Cells() {
		m = loop([]float64{0}, m)
	}
	return m
}

// IndexExtreme returns for every row the 1-based column of its largest cell, or of
// the smallest if not greatest: n x 1. Ties go to the last column and NaN is
// skipped; a row of NaN gives 1, a row without cells 0.
func IndexExtreme(c *Ctx, a *Matrix, greatest bool) *Matrix {
	out := New(c, a.rows, 1)
	if a.cols == 0 {
		return out
	}
	c.eachRows(a.rows, a.cols, func(lo, hi int) {
		var buf []float64
		if a.sparse != nil {
			buf = make([]float64, a.cols)
		}
		for i := lo; i < hi; i++ {
			out.dense[i] = float64(1 + indexExtreme(a.Row(i, buf), greatest))
		}
	})
	return out
}

func indexExtreme(x []float64, greatest bool) int {
	const long = 32 // cells that pay for two passes
	if len(x) >= long {
		loop, start := Min.extreme()
		if greatest {
			loop, start = Max.extreme()
		}
		if m := loop(x, start); m == m { // no cell is NaN
			return kernel.LastIndex(x, m)
		}
	}
	at := -1
	for j, v := range x {
		switch {
		case v != v:
		case at < 0, greatest && v >= x[at], !greatest && v <= x[at]:
			at = j
		}
	}
	return max(at, 0)
}
