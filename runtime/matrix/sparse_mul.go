package matrix

import "gdml/runtime/matrix/kernel"

// mulSparseDense multiplies CSR by dense: per stored cell one multiple of a row of b.
func mulSparseDense(c *Ctx, a, b *Matrix) *Matrix {
	out := New(c, a.rows, b.cols)
	n := b.cols
	work := (1 + len(a.sparse.Val)/max(a.rows, 1)) * max(n, 1)
	c.eachRows(a.rows, work, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			cols, vals := a.sparse.row(i)
			if n == 1 {
				out.dense[i] = kernel.GatherDot(vals, cols, b.dense)
				continue
			}
			y := out.dense[i*n : (i+1)*n]
			for p, j := range cols {
				kernel.Axpy(vals[p], b.dense[int(j)*n:(int(j)+1)*n], y)
			}
		}
	})
	return out
}

// mulDenseSparse multiplies dense by CSR: per cell of a one multiple of a sparse row of b.
func mulDenseSparse(c *Ctx, a, b *Matrix) *Matrix {
	out := New(c, a.rows, b.cols)
	n := b.cols
	c.eachRows(a.rows, a.cols+len(b.sparse.Val), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			y := out.dense[i*n : (i+1)*n]
			for k, v := range a.dense[i*a.cols : (i+1)*a.cols] {
				cols, vals := b.sparse.row(k)
				kernel.ScatterAxpy(v, vals, cols, y)
			}
		}
	})
	return out
}

// mulSparse multiplies two CSR matrices row by row into a dense row (Gustavson
// 1978). The result is dense when the operands do not promise a sparse one.
func mulSparse(c *Ctx, a, b *Matrix) *Matrix {
	terms := 0
	for _, j := range a.sparse.ColIdx {
		terms += b.sparse.RowPtr[j+1] - b.sparse.RowPtr[j]
	}
	if float64(terms) >= 0.4*float64(a.rows)*float64(b.cols) {
		out := New(c, a.rows, b.cols)
		n := b.cols
		c.eachRows(a.rows, 1+terms/max(a.rows, 1), func(lo, hi int) {
			for i := lo; i < hi; i++ {
				addProductRow(a.sparse, b.sparse, i, out.dense[i*n:(i+1)*n])
			}
		})
		return out
	}
	grain := rowGrain(1 + terms/max(a.rows, 1))
	parts := make([]*CSR, (a.rows+grain-1)/grain)
	c.workers().Do(len(parts), func(k int) {
		parts[k] = gustavson(a.sparse, b.sparse, k*grain, min((k+1)*grain, a.rows), b.cols)
	})
	return FromCSR(a.rows, b.cols, concatRows(parts))
}

// addProductRow adds row i of the product to y.
func addProductRow(a, b *CSR, i int, y []float64) {
	cols, vals := a.row(i)
	for p, k := range cols {
		bc, bv := b.row(int(k))
		kernel.ScatterAxpy(vals[p], bv, bc, y)
	}
}

// gustavson returns the rows [lo, hi) of the product.
func gustavson(a, b *CSR, lo, hi, n int) *CSR {
	o := &CSR{RowPtr: make([]int, 1, hi-lo+1)}
	y, seen := make([]float64, n), make([]bool, n)
	var touched []int32
	for i := lo; i < hi; i++ {
		touched = touched[:0]
		cols, _ := a.row(i)
		for _, k := range cols {
			bc, _ := b.row(int(k))
			for _, j := range bc {
				if !seen[j] {
					seen[j] = true
					touched = append(touched, j)
				}
			}
		}
		addProductRow(a, b, i, y)
		sortColumns(touched)
		for _, j := range touched {
			if y[j] != 0 {
				o.ColIdx = append(o.ColIdx, j)
				o.Val = append(o.Val, y[j])
			}
			y[j], seen[j] = 0, false
		}
		o.RowPtr = append(o.RowPtr, len(o.Val))
	}
	return o
}
