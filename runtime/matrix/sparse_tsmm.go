package matrix

import "gdml/runtime/matrix/kernel"

// tsmmWide is the number of columns up to which the product of a sparse matrix with its transpose is dense in any case.
const tsmmWide = 512

// tsmmBand is the number of cells of the result that are computed together: few
// enough to stay in the second-level cache.
const tsmmBand = 1 << 16

// tsmmSparse multiplies a CSR matrix with its transpose, which it makes. Wide results
// that stay sparse come from the general sparse product.
func tsmmSparse(c *Ctx, x *Matrix, left bool) *Matrix {
	t := x.sparse.transposed(x.rows, x.cols)
	rows, cols, m, n := x.sparse, t, x.rows, x.cols // the result is t(rows) %*% rows, rows being m x n
	if !left {
		rows, cols, m, n = t, x.sparse, x.cols, x.rows
	}
	terms := productTerms(cols, rows)
	if n > tsmmWide && !fills(terms, n, n) {
		tm := FromCSR(x.cols, x.rows, t)
		if left {
			return mulSparse(c, tm, x)
		}
		return mulSparse(c, x, tm)
	}
	out := New(c, n, n)
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
	mirror(c, out)
	return out
}
