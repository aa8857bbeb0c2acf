package matrix

import (
	"math"

	"gdml/runtime/matrix/kernel"
)

// AggRows aggregates every row of a: n x 1. Rows without cells give 0.
func AggRows(c *Ctx, fn Agg, a *Matrix) *Matrix {
	out := New(c, a.rows, 1)
	if a.cols == 0 {
		return out
	}
	if fn == Sum && a.sparse == nil && a.cols <= shortRow {
		rowSums(c, a, out.dense)
		return out
	}
	c.eachRows(a.rows, a.cols, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			x := a.storedRow(i)
			out.dense[i] = aggRow(fn, x, a.cols)
		}
	})
	return out
}

// shortRow is the length up to which rows are summed several at a time.
const shortRow = 256

// rowSums sums every row of a dense matrix into out.
func rowSums(c *Ctx, a *Matrix, out []float64) {
	n := a.cols
	errs := newDense(c, a.rows, 1)
	defer errs.Release()
	c.eachRows(a.rows, n, func(lo, hi int) {
		s, e := out[lo:hi], errs.dense[lo:hi]
		kernel.SumRows(hi-lo, n, a.dense[lo*n:], n, s, e)
		kernel.Add(s, s, e)
		for i, v := range s {
			if v != v {
				s[i] = kernel.PlainSum(a.storedRow(lo+i), 0)
			}
		}
	})
}

// storedRow returns the stored values of row i of either form.
func (m *Matrix) storedRow(i int) []float64 {
	if m.sparse != nil {
		_, vals := m.sparse.row(i)
		return vals
	}
	return m.dense[i*m.cols : (i+1)*m.cols]
}

// aggRow aggregates n cells of which only x is stored, the others being zero.
func aggRow(fn Agg, x []float64, n int) float64 {
	switch fn {
	case Sum:
		return sumOf(nil, x)
	case SumSq:
		return sumSqOf(nil, x, 0)
	case Mean:
		return meanOf(nil, x, float64(n))
	case Var, SD:
		mu := meanOf(nil, x, float64(n))
		ss := sumSqOf(nil, x, mu) + float64(n-len(x))*mu*mu
		return deviation(fn, variance(ss, mu, n))
	case Prod:
		return zeroProd(kernel.Prod(x, 1), x, n)
	}
	loop, m := fn.extreme()
	if len(x) < n {
		m = 0
	}
	return loop(x, m)
}

// AggCols aggregates every column of a: 1 x m. Columns without cells give 0.
func AggCols(c *Ctx, fn Agg, a *Matrix) *Matrix {
	if fn == Sum && fewStored(a) {
		return settle(c, colSumsOfFew(a), nil)
	}
	out := New(c, 1, a.cols)
	if a.rows == 0 || a.cols == 0 {
		return settle(c, out, nil)
	}
	switch fn {
	case Sum:
		colSums(c, a, out.dense)
	case SumSq:
		colSumSqs(c, a, nil, out.dense)
	case Mean:
		colMeans(c, a, out.dense)
	case Var, SD:
		colVars(c, fn, a, out.dense)
	default:
		colFolds(c, fn, a, out.dense)
	}
	return settle(c, out, nil)
}

// colChunks returns the rows of one chunk of a column aggregate and the number of
// chunks. A chunk has its own vector of partial results, so there are few, and of a
// sparse matrix only as many as its stored cells outweigh.
func colChunks(a *Matrix) (grain, chunks int) {
	most := 32
	if a.sparse != nil {
		most = min(most, 1+int(a.NNZ())/(4*a.cols))
	}
	grain = max(rowGrain(a.cols), (a.rows+most-1)/most)
	return grain, (a.rows + grain - 1) / grain
}

// colPartials calls f for the row ranges of all chunks, with zeroed places for two numbers per column, and returns them in chunk order.
func colPartials(c *Ctx, a *Matrix, f func(lo, hi int, s, e []float64)) [][]float64 {
	grain, chunks := colChunks(a)
	parts := make([][]float64, chunks)
	c.workers().DoCost(chunks, cellNanos*float64(a.Cells()), func(k int) {
		p := make([]float64, 2*a.cols, 2*a.cols+16) // no two chunks in one cache line
		f(k*grain, min((k+1)*grain, a.rows), p[:a.cols], p[a.cols:])
		parts[k] = p
	})
	return parts
}

// mergeCols writes the compensated sums of the chunks to out and reports whether all are numbers.
func mergeCols(parts [][]float64, out []float64) (finite bool) {
	m := len(out)
	total := make([]float64, 2*m)
	sums, errs := total[:m], total[m:]
	for _, p := range parts {
		kernel.AddRows(1, m, p[:m], m, sums, errs)
		kernel.Add(errs, errs, p[m:])
	}
	kernel.Add(out, sums, errs)
	for _, v := range out {
		if v != v {
			return false
		}
	}
	return true
}

// colSums sums every column into out.
func colSums(c *Ctx, a *Matrix, out []float64) {
	parts := colPartials(c, a, func(lo, hi int, s, e []float64) {
		if a.sparse == nil {
			kernel.AddRows(hi-lo, a.cols, a.dense[lo*a.cols:], a.cols, s, e)
			return
		}
		for i := lo; i < hi; i++ {
			cols, vals := a.sparse.row(i)
			for p, j := range cols {
				acc := kernel.Acc{S: s[j], C: e[j]}
				acc.Add(vals[p])
				s[j], e[j] = acc.S, acc.C
			}
		}
	})
	if !mergeCols(parts, out) {
		replain(a, out, func(_ int, v float64) float64 { return v })
	}
}

// colMeans writes the means of the columns to out. Where a sum overflows, the quotients are added instead.
func colMeans(c *Ctx, a *Matrix, out []float64) {
	colSums(c, a, out)
	n, overflow := float64(a.rows), false
	for j, s := range out {
		out[j] = s / n
		if math.IsInf(s, 0) {
			out[j], overflow = math.NaN(), true
		}
	}
	if overflow {
		replain(a, out, func(_ int, v float64) float64 { return v / n })
	}
}

// colSumSqs sums the squared deviations from mu (nil: from zero) of the stored cells of every column into out.
func colSumSqs(c *Ctx, a *Matrix, mu, out []float64) {
	square := func(j int, v float64) float64 {
		if mu != nil {
			v -= mu[j]
		}
		return v * v
	}
	shift := mu
	if shift == nil {
		shift = make([]float64, a.cols)
	}
	parts := colPartials(c, a, func(lo, hi int, s, e []float64) {
		if a.sparse == nil {
			kernel.AddRowsSq(hi-lo, a.cols, a.dense[lo*a.cols:], a.cols, shift, s, e)
			return
		}
		for i := lo; i < hi; i++ {
			cols, vals := a.sparse.row(i)
			for p, j := range cols {
				acc := kernel.Acc{S: s[j], C: e[j]}
				acc.Add(square(int(j), vals[p]))
				s[j], e[j] = acc.S, acc.C
			}
		}
	})
	if !mergeCols(parts, out) {
		replain(a, out, square)
	}
}

// replain sums f of the stored cells anew, without compensation, for the columns whose compensated sum is NaN.
func replain(a *Matrix, out []float64, f func(j int, v float64) float64) {
	bad := make([]bool, len(out))
	for j, v := range out {
		if v != v {
			bad[j], out[j] = true, 0
		}
	}
	for i := range a.rows {
		a.eachStored(i, func(j int, v float64) {
			if bad[j] {
				out[j] += f(j, v)
			}
		})
	}
}

// eachStored calls f for the stored cells of row i.
func (m *Matrix) eachStored(i int, f func(j int, v float64)) {
	if m.sparse == nil {
		for j, v := range m.dense[i*m.cols : (i+1)*m.cols] {
			f(j, v)
		}
		return
	}
	cols, vals := m.sparse.row(i)
	for p, j := range cols {
		f(int(j), vals[p])
	}
}

// storedPerCol counts the stored cells of every column.
func (m *Matrix) storedPerCol() []int {
	n := make([]int, m.cols)
	if m.sparse == nil {
		for j := range n {
			n[j] = m.rows
		}
		return n
	}
	for _, j := range m.sparse.ColIdx {
		n[j]++
	}
	return n
}

func colVars(c *Ctx, fn Agg, a *Matrix, out []float64) {
	mu := make([]float64, a.cols)
	colMeans(c, a, mu)
	colSumSqs(c, a, mu, out)
	for j, n := range a.storedPerCol() {
		ss := out[j] + float64(a.rows-n)*mu[j]*mu[j]
		out[j] = deviation(fn, variance(ss, mu[j], a.rows))
	}
}

// colFolds computes the column minima, maxima or products.
func colFolds(c *Ctx, fn Agg, a *Matrix, out []float64) {
	if fn != Prod && a.sparse == nil {
		colExtremes(c, fn, a, out)
		return
	}
	start, fold := 1.0, func(p, v float64) float64 { return p * v }
	if fn != Prod {
		loop, s := fn.extreme()
		start, fold = s, func(p, v float64) float64 {
			if v == v && p == p && (fn == Min) == (v >= p) {
				return p
			}
			return loop([]float64{v}, p)
		}
	}
	parts := colPartials(c, a, func(lo, hi int, s, odd []float64) {
		for j := range s {
			s[j] = start
		}
		for i := lo; i < hi; i++ {
			a.eachStored(i, func(j int, v float64) {
				s[j] = fold(s[j], v)
				if v-v != 0 {
					odd[j] = 1 // NaN or infinite
				}
			})
		}
	})
	for j, n := range a.storedPerCol() {
		v, odd := start, false
		for _, p := range parts {
			v = fold(v, p[j])
			odd = odd || p[a.cols+j] != 0
		}
		switch {
		case n == a.rows:
		case fn != Prod:
			v = fold(v, 0)
		case odd:
			v = math.NaN()
		default:
			v = 0
		}
		out[j] = v
	}
}

// colExtremes computes the column minima or maxima of a dense matrix, row by row.
func colExtremes(c *Ctx, fn Agg, a *Matrix, out []float64) {
	op := kernel.Greater
	if fn == Min {
		op = kernel.Lesser
	}
	loop, m := kernel.XY(op), a.cols
	parts := colPartials(c, a, func(lo, hi int, s, _ []float64) {
		copy(s, a.dense[lo*m:(lo+1)*m])
		for i := lo + 1; i < hi; i++ {
			loop(s, s, a.dense[i*m:(i+1)*m])
		}
	})
	copy(out, parts[0][:m])
	for _, p := range parts[1:] {
		loop(out, out, p[:m])
	}
}
