package matrix

import "gdml/runtime/matrix/kernel"

// tsmmWide is the number of columns up to which the product of a sparse matrix with its transpose is dense in any case.
const tsmmWide = 512

// tsmmBand is the number of cells of the result that are computed together: few
// enough to stay in the second-level cache.
const tsmmBand = 1 << 16

// tsmmShort is the average number of cells of a row up to which the result is computed
// row by row: each stays in the first-level cache, and reading short rows of the
// operand in any order costs less than changing the result in any order.
const tsmmShort = 32

// tsmmSparse multiplies a CSR matrix with its transpose. Wide results that stay sparse
// come from the general sparse product.
func tsmmSparse(c *Ctx, x *Matrix, left bool) *Matrix {
	rows, m, n := x.sparse, x.rows, x.cols // the result is t(rows) %*% rows, rows being m x n
	if !left {
		rows, m, n = x.sparse.transposed(x.rows, x.cols), x.cols, x.rows
	}
	terms := 0
	for i := range m {
		cells := rows.RowPtr[i+1] - rows.RowPtr[i]
		terms += cells * cells
	}
	if n > tsmmWide && !fills(terms, n, n) {
		if left {
			return mulSparse(c, FromCSR(n, m, rows.transposed(m, n)), x)
		}
		return mulSparse(c, x, FromCSR(m, n, rows))
	}
	out := New(c, n, n)
	if len(rows.Val) <= tsmmShort*m {
		tsmmByResult(c, rows, m, terms, out)
	} else {
		tsmmByRows(c, rows, m, terms, out)
	}
	mirror(c, out)
	return out
}

// tsmmByRows goes through the m rows of the operand for each band of the result.
func tsmmByRows(c *Ctx, rows *CSR, m, terms int, out *Matrix) {
	n := out.cols
	band := max(1, tsmmBand/max(n, 1))
	c.workers().DoCost((n+band-1)/band, 2*cellNanos*float64(terms), func(k int) {
		lo, hi := k*band, min((k+1)*band, n)
		for i := range m {
			cols, vals := rows.row(i)
			for p := searchColumn(cols, lo); p < len(cols) && int(cols[p]) < hi; p++ {
				j := int(cols[p])
				kernel.ScatterAxpy(vals[p], vals[p:], cols[p:], out.dense[j*n:(j+1)*n])
			}
		}
	})
}

// tsmmByResult goes through the rows of the result, whose terms come from the rows of
// the operand that have a cell in that column.
func tsmmByResult(c *Ctx, rows *CSR, m, terms int, out *Matrix) {
	const parts = 64 // the first are the longest
	n := out.cols
	first, spans := rows.byColumn(m, n)
	grain := max(1, (n+parts-1)/parts)
	c.workers().DoCost((n+grain-1)/grain, 2*cellNanos*float64(terms), func(k int) {
		for j := k * grain; j < min((k+1)*grain, n); j++ {
			y := out.dense[j*n : (j+1)*n]
			for _, s := range spans[first[j]:first[j+1]] {
				kernel.ScatterAxpy(rows.Val[s.from], rows.Val[s.from:s.to], rows.ColIdx[s.from:s.to], y)
			}
		}
	})
}

// span is the cells of a row from one on: their positions in a CSR matrix.
type span struct{ from, to int }

// byColumn returns for every cell of an m x n matrix the cells from it to the end of its
// row, ordered by the cell's column and then row. Those of column j start at first[j].
func (s *CSR) byColumn(m, n int) (first []int, spans []span) {
	first, spans = make([]int, n+2), make([]span, len(s.Val))
	for _, j := range s.ColIdx {
		first[j+2]++
	}
	for j := range n {
		first[j+2] += first[j+1]
	}
	next := first[1:] // the next cell of each column, at the end the first of the one after
	for i := range m {
		to := s.RowPtr[i+1]
		for p := s.RowPtr[i]; p < to; p++ {
			j := s.ColIdx[p]
			spans[next[j]] = span{p, to}
			next[j]++
		}
	}
	return first, spans
}
