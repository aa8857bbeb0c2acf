package matrix

import (
	"fmt"
	"sort"
)

// bounds checks the half-open 0-based ranges of an index and reports them 1-based, as scripts write them.
func (m *Matrix) bounds(r0, r1, c0, c1 int) error {
	if r0 < 0 || c0 < 0 || r1 > m.rows || c1 > m.cols || r0 > r1 || c0 > c1 {
		return fmt.Errorf("index [%d:%d,%d:%d] out of range of a %v matrix", r0+1, r1, c0+1, c1, m)
	}
	return nil
}

// Slice returns the rows [r0, r1) and columns [c0, c1) of a, 0-based. The whole of a is a itself with another reference.
func Slice(c *Ctx, a *Matrix, r0, r1, c0, c1 int) (*Matrix, error) {
	if err := a.bounds(r0, r1, c0, c1); err != nil {
		return nil, err
	}
	rows, cols := r1-r0, c1-c0
	if rows == a.rows && cols == a.cols {
		return a.Retain(), nil
	}
	if a.sparse != nil {
		b := newBuilder(rows, cols, 0)
		for i := r0; i < r1; i++ {
			cs, vs := a.sparse.row(i)
			lo, hi := searchColumn(cs, c0), searchColumn(cs, c1)
			for p := lo; p < hi; p++ {
				b.put(int(cs[p])-c0, vs[p])
			}
			b.end()
		}
		return Compact(c, b.matrix()), nil
	}
	out := newDense(c, rows, cols)
	c.eachRows(rows, cols, func(lo, hi int) {
		if cols == a.cols {
			copy(out.dense[lo*cols:hi*cols], a.dense[(r0+lo)*cols:])
			return
		}
		for i := lo; i < hi; i++ {
			p := (r0+i)*a.cols + c0
			copy(out.dense[i*cols:(i+1)*cols], a.dense[p:p+cols])
		}
	})
	return Compact(c, out), nil
}

// searchColumn returns the first position in the ascending cols whose column is at least j.
func searchColumn(cols []int32, j int) int {
	return sort.Search(len(cols), func(p int) bool { return int(cols[p]) >= j })
}

// assignDense is the most cells of a CSR target of left indexing that is made dense.
const assignDense = 1 << 23

// Assign returns dst with src written over the block that starts at the 0-based
// (r0, c0). With reuse a dense dst is changed in place. The result of small targets
// is dense whatever its non-zeros: loops that fill a matrix block by block would
// otherwise rebuild it each time.
func Assign(c *Ctx, dst *Matrix, r0, c0 int, src *Matrix, reuse bool) (*Matrix, error) {
	if r0 < 0 || c0 < 0 || r0+src.rows > dst.rows || c0+src.cols > dst.cols {
		return nil, fmt.Errorf("left index [%d:%d,%d:%d] out of range of a %v matrix", r0+1, r0+src.rows, c0+1, c0+src.cols, dst)
	}
	if dst.sparse != nil && dst.Cells() > assignDense {
		return Compact(c, assignSparse(c, dst, r0, c0, src)), nil
	}
	out := dst.writable(c, reuse)
	for i := range src.rows {
		p := (r0+i)*out.cols + c0
		src.Row(i, out.dense[p:p+src.cols])
	}
	return out, nil
}

// AssignScalar is Assign of a single cell.
func AssignScalar(c *Ctx, dst *Matrix, i, j int, v float64, reuse bool) (*Matrix, error) {
	if i < 0 || j < 0 || i >= dst.rows || j >= dst.cols {
		return nil, fmt.Errorf("left index [%d,%d] out of range of a %v matrix", i+1, j+1, dst)
	}
	if dst.sparse != nil && dst.Cells() > assignDense {
		return Assign(c, dst, i, j, FromDense(1, 1, []float64{v}), reuse)
	}
	out := dst.writable(c, reuse)
	out.dense[i*out.cols+j] = v
	return out, nil
}

// writable returns a dense copy of m, or m itself if it is dense and may be reused.
func (m *Matrix) writable(c *Ctx, reuse bool) *Matrix {
	switch {
	case m.sparse != nil:
		out := toDense(c, m)
		out.nnz.Store(0)
		return out
	case reuse:
		m.nnz.Store(0)
		return m
	}
	out := newDense(c, m.rows, m.cols)
	c.eachCells(len(m.dense), func(lo, hi int) { copy(out.dense[lo:hi], m.dense[lo:hi]) })
	return out
}

// assignSparse rebuilds a CSR target with the block replaced.
func assignSparse(c *Ctx, dst *Matrix, r0, c0 int, src *Matrix) *Matrix {
	s := src.ToSparse(c)
	defer s.Release()
	b := newBuilder(dst.rows, dst.cols, len(dst.sparse.Val)+len(s.sparse.Val))
	for i := range dst.rows {
		if i < r0 || i >= r0+s.rows {
			b.appendRow(dst.sparse, i, 0)
			b.end()
			continue
		}
		cs, vs := dst.sparse.row(i)
		lo, hi := searchColumn(cs, c0), searchColumn(cs, c0+s.cols)
		for p := range lo {
			b.put(int(cs[p]), vs[p])
		}
		b.appendRow(s.sparse, i-r0, c0)
		for p := hi; p < len(cs); p++ {
			b.put(int(cs[p]), vs[p])
		}
		b.end()
	}
	return b.matrix()
}
