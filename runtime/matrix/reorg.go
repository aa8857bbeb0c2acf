package matrix

import "gdml/runtime/matrix/kernel"

// Transpose returns the transpose of a.
func Transpose(c *Ctx, a *Matrix) *Matrix {
	if a.sparse != nil && a.rows == 1 { // a column is dense
		out := New(c, a.cols, 1)
		for p, j := range a.sparse.ColIdx {
			out.dense[j] = a.sparse.Val[p]
		}
		return Compact(c, out)
	}
	if a.sparse != nil {
		return Compact(c, FromCSR(a.cols, a.rows, a.sparse.transposed(a.rows, a.cols)))
	}
	out := newDense(c, a.cols, a.rows)
	if a.IsVector() {
		copy(out.dense, a.dense)
		return Compact(c, out)
	}
	c.eachRows(a.rows, a.cols, func(lo, hi int) {
		kernel.Transpose(hi-lo, a.cols, a.dense[lo*a.cols:], a.cols, out.dense[lo:], a.rows)
	})
	return Compact(c, out)
}

// Reshape returns the cells of a as rows x cols, read and written row by row if byrow, else column by column.
func Reshape(c *Ctx, a *Matrix, rows, cols int, byrow bool) (*Matrix, error) {
	if CheckSize(rows, cols) != nil || rows*cols != a.Cells() {
		return nil, sizeErrorf("reshape needs as many cells as before: %v to %dx%d", a, rows, cols)
	}
	if !byrow {
		t := Transpose(c, a)
		defer t.Release()
		r, err := Reshape(c, t, cols, rows, true)
		if err != nil {
			return nil, err
		}
		defer r.Release()
		return Transpose(c, r), nil
	}
	if a.sparse != nil && cols > 0 {
		return Compact(c, reshapeSparse(a, rows, cols)), nil
	}
	out := newDense(c, rows, cols)
	copy(out.dense, a.Vector())
	return Compact(c, out), nil
}

func reshapeSparse(a *Matrix, rows, cols int) *Matrix {
	b := newBuilder(rows, cols, len(a.sparse.Val))
	at := 0
	for i := range a.rows {
		cs, vs := a.sparse.row(i)
		for p, j := range cs {
			cell := i*a.cols + int(j)
			for ; at < cell/cols; at++ {
				b.end()
			}
			b.put(cell%cols, vs[p])
		}
	}
	for ; at < rows; at++ {
		b.end()
	}
	return b.matrix()
}

// Diag returns the n x n diagonal matrix of an n x 1 vector, or the n x 1 diagonal of an n x n matrix.
func Diag(c *Ctx, a *Matrix) (*Matrix, error) {
	switch {
	case a.cols == 1:
		x := a.Vector()
		b := newBuilder(a.rows, a.rows, a.rows)
		for i, v := range x {
			b.put(i, v)
			b.end()
		}
		return Compact(c, b.matrix()), nil
	case a.rows == a.cols:
		out := newDense(c, a.rows, 1)
		for i := range out.dense {
			out.dense[i] = a.At(i, i)
		}
		return Compact(c, out), nil
	}
	return nil, sizeErrorf("diag needs a column vector or a square matrix: %v", a)
}

// Rev returns a with its rows in reverse order.
func Rev(c *Ctx, a *Matrix) *Matrix {
	return gatherRows(c, a, a.rows, func(i int) int { return a.rows - 1 - i })
}

// Roll returns a with its rows moved down by shift places, around the end; a negative shift moves up.
func Roll(c *Ctx, a *Matrix, shift int) *Matrix {
	if a.rows == 0 {
		return a.Retain()
	}
	s := (shift%a.rows + a.rows) % a.rows
	return gatherRows(c, a, a.rows, func(i int) int { return (i - s + a.rows) % a.rows })
}

// gatherRows returns a matrix of n rows, whose row i is row from(i) of a.
func gatherRows(c *Ctx, a *Matrix, n int, from func(i int) int) *Matrix {
	if a.sparse != nil {
		b := newBuilder(n, a.cols, len(a.sparse.Val))
		for i := range n {
			b.appendRow(a.sparse, from(i), 0)
			b.end()
		}
		return Compact(c, b.matrix())
	}
	out := newDense(c, n, a.cols)
	c.eachRows(n, a.cols, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			r := from(i)
			copy(out.dense[i*a.cols:(i+1)*a.cols], a.dense[r*a.cols:(r+1)*a.cols])
		}
	})
	return Compact(c, out)
}

// CBind returns the matrices side by side; they have equal numbers of rows. Without matrices the result is 0x0.
func CBind(c *Ctx, ms ...*Matrix) (*Matrix, error) {
	return bind(c, "cbind", ms, func(m *Matrix) (int, int) { return m.rows, m.cols })
}

// RBind returns the matrices on top of each other; they have equal numbers of columns. Without matrices the result is 0x0.
func RBind(c *Ctx, ms ...*Matrix) (*Matrix, error) {
	return bind(c, "rbind", ms, func(m *Matrix) (int, int) { return m.cols, m.rows })
}

// bind checks the operands and joins them; dims returns the shared and the growing dimension.
func bind(c *Ctx, name string, ms []*Matrix, dims func(*Matrix) (shared, grows int)) (*Matrix, error) {
	if len(ms) == 0 {
		return New(c, 0, 0), nil
	}
	shared, total := 0, 0
	sparse, nnz := true, 0
	for k, m := range ms {
		s, g := dims(m)
		if k > 0 && s != shared {
			return nil, sizeErrorf("%s of matrices that do not fit: %v and %v", name, ms[0], m)
		}
		shared = s
		total += g
		nnz += len(m.values())
		sparse = sparse && m.sparse != nil
	}
	rows, cols := shared, total
	if name == "rbind" {
		rows, cols = total, shared
	}
	if sparse {
		return Compact(c, bindSparse(ms, rows, cols, nnz, name == "cbind")), nil
	}
	out := newDense(c, rows, cols)
	r, q := 0, 0
	for _, m := range ms {
		d := m.ToDense(c)
		c.eachRows(m.rows, m.cols, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				copy(out.dense[(r+i)*cols+q:], d.dense[i*m.cols:(i+1)*m.cols])
			}
		})
		d.Release()
		if name == "rbind" {
			r += m.rows
		} else {
			q += m.cols
		}
	}
	return Compact(c, out), nil
}

func bindSparse(ms []*Matrix, rows, cols, nnz int, side bool) *Matrix {
	b := newBuilder(rows, cols, nnz)
	if !side {
		for _, m := range ms {
			for i := range m.rows {
				b.appendRow(m.sparse, i, 0)
				b.end()
			}
		}
		return b.matrix()
	}
	for i := range rows {
		shift := 0
		for _, m := range ms {
			b.appendRow(m.sparse, i, shift)
			shift += m.cols
		}
		b.end()
	}
	return b.matrix()
}
