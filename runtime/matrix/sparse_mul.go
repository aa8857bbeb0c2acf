package matrix

import "gdml/runtime/matrix/kernel"

const (
	panelReuse = 4        // uses of a row of the dense operand that are worth packing it
	panelCells = 96 << 10 // cells of a panel that stays in the second-level cache, with room for what streams by
)

// mulSparseDense multiplies CSR by dense. A vector goes by dot products, more columns
// in groups that are kept in registers while a row's cells go by.
func mulSparseDense(c *Ctx, a, b *Matrix) *Matrix {
	if b.cols == 1 {
		out := newDense(c, a.rows, 1)
		c.eachRows(a.rows, 1+len(a.sparse.Val)/max(a.rows, 1), func(lo, hi int) {
			kernel.MulRows(a.sparse.RowPtr[lo:], a.sparse.ColIdx, a.sparse.Val, b.dense, out.dense[lo:hi])
		})
		return out
	}
	if b.cols > 0 && len(a.sparse.Val) >= panelReuse*a.cols {
		return mulSparsePanels(c, a, b)
	}
	out := New(c, a.rows, b.cols)
	n := b.cols
	c.eachRows(a.rows, (1+len(a.sparse.Val)/max(a.rows, 1))*max(n, 1), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			cols, vals := a.sparse.row(i)
			for k := 0; k < n; k += kernel.GatherWidth {
				kernel.GatherRows(vals, cols, b.dense[k:], n, out.dense[i*n+k:i*n+min(k+kernel.GatherWidth, n)])
			}
		}
	})
	return out
}

// mulSparsePanels multiplies CSR by dense with panels of the columns of b, packed one
// after the other.
func mulSparsePanels(c *Ctx, a, b *Matrix) *Matrix {
	out := newDense(c, a.rows, b.cols)
	n, perRow := b.cols, 1+len(a.sparse.Val)/max(a.rows, 1)
	width, far := panelWidth(b.rows, n)
	buf := newDense(c, 1, b.rows*width+8)
	defer buf.Release()
	cells := kernel.Align(buf.dense)
	for j := 0; j < n; j += width {
		used := min(width, n-j)
		unit, _ := kernel.PanelUnit()
		p := kernel.Panel{Cells: cells, Width: (used + unit - 1) / unit * unit, Far: far}
		c.eachRows(b.rows, 2*p.Width, func(lo, hi int) {
			for k := lo; k < hi; k++ {
				row := cells[k*p.Width : (k+1)*p.Width]
				copy(row, b.dense[k*n+j:k*n+j+used])
				clear(row[used:])
			}
		})
		c.eachRows(a.rows, perRow*used/2, func(lo, hi int) {
			kernel.MulPanel(a.sparse.RowPtr[lo:hi+1], a.sparse.ColIdx, a.sparse.Val, p, out.dense[lo*n+j:], n, used)
		})
	}
	return out
}

// panelWidth returns the columns of the panels of a rows x cols operand, and whether the
// second-level cache holds none: then they are as wide as can be.
func panelWidth(rows, cols int) (width int, far bool) {
	unit, most := kernel.PanelUnit()
	width = panelCells / max(rows, 1) / unit * unit
	if far = width == 0; far || width > most {
		width = most
	}
	count := (cols + width - 1) / width
	return ((cols+count-1)/count + unit - 1) / unit * unit, far
}

// fewRows is the number of rows up to which a dense-sparse product adds the sparse rows one by one.
const fewRows = 3

// mulDenseSparse multiplies dense by CSR. Many rows go by the transposes, a group of
// rows at a time: t(b) %*% t(a), in blocks of the rows of b.
func mulDenseSparse(c *Ctx, a, b *Matrix) *Matrix {
	out := New(c, a.rows, b.cols)
	n, m := b.cols, a.cols
	if a.rows <= fewRows || n == 0 || m == 0 {
		for i := range a.rows {
			y := out.dense[i*n : (i+1)*n]
			for k, v := range a.dense[i*m : (i+1)*m] {
				cols, vals := b.sparse.row(k)
				kernel.ScatterAxpy(v, vals, cols, y)
			}
		}
		return out
	}
	blocks := transposedBlocks(b)
	for i := 0; i < a.rows; i += kernel.GatherWidth {
		r := min(kernel.GatherWidth, a.rows-i)
		group, sums := newDense(c, 1, min(m, rightBlockRows(b))*r+8), New(c, n, r)
		cells := kernel.Align(group.dense)
		for _, t := range blocks {
			c.eachRows(t.to-t.from, r, func(lo, hi int) {
				kernel.Transpose(r, hi-lo, a.dense[i*m+t.from+lo:], m, cells[lo*r:], r)
			})
			c.eachRows(n, (1+len(t.Val)/n)*r, func(lo, hi int) {
				for j := lo; j < hi; j++ {
					cols, vals := t.row(j)
					kernel.GatherRows(vals, cols, cells, r, sums.dense[j*r:(j+1)*r])
				}
			})
		}
		c.eachRows(n, r, func(lo, hi int) {
			kernel.Transpose(hi-lo, r, sums.dense[lo*r:], r, out.dense[i*n+lo:], n)
		})
		group.Release()
		sums.Release()
	}
	return out
}

// rowBlock is the transpose of the rows [from, to) of a CSR matrix.
type rowBlock struct {
	*CSR
	from, to int
}

// rightBlockRows returns the rows of b in a block: the cells of the left operand that
// they meet stay in the second-level cache, unless the block had hardly any cells in a column.
func rightBlockRows(b *Matrix) int {
	const least = 16 // cells
	rows := panelCells / kernel.GatherWidth
	if perColumn := len(b.sparse.Val) / max(b.cols, 1); perColumn*rows < least*b.rows {
		rows = least * b.rows / max(perColumn, 1)
	}
	return max(1, min(rows, b.rows))
}

// transposedBlocks cuts b into blocks of rows and transposes each.
func transposedBlocks(b *Matrix) []rowBlock {
	var blocks []rowBlock
	step := rightBlockRows(b)
	for lo := 0; lo < b.rows; lo += step {
		hi := min(lo+step, b.rows)
		first, last := b.sparse.RowPtr[lo], b.sparse.RowPtr[hi]
		part := CSR{RowPtr: make([]int, hi-lo+1), ColIdx: b.sparse.ColIdx[first:last], Val: b.sparse.Val[first:last]}
		for i := range part.RowPtr {
			part.RowPtr[i] = b.sparse.RowPtr[lo+i] - first
		}
		blocks = append(blocks, rowBlock{part.transposed(hi-lo, b.cols), lo, hi})
	}
	return blocks
}

// productTerms counts the multiplications of a sparse product.
func productTerms(a, b *CSR) int {
	terms := 0
	for _, j := range a.ColIdx {
		terms += b.RowPtr[j+1] - b.RowPtr[j]
	}
	return terms
}

// fills reports whether a product of so many terms is computed as a dense matrix.
func fills(terms, rows, cols int) bool { return float64(terms) >= 0.4*float64(rows)*float64(cols) }

// mulSparse multiplies two CSR matrices row by row into a dense row (Gustavson
// 1978). The result is dense when the operands do not promise a sparse one.
func mulSparse(c *Ctx, a, b *Matrix) *Matrix {
	terms := productTerms(a.sparse, b.sparse)
	if fills(terms, a.rows, b.cols) {
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
	c.workers().DoCost(len(parts), 4*cellNanos*float64(terms), func(k int) {
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
