package matrix

import "slices"

// sortColumns sorts column indexes in place.
func sortColumns(cols []int32) { slices.Sort(cols) }

// concatRows stacks CSR parts of equal width.
func concatRows(parts []*CSR) *CSR {
	rows, nnz := 0, 0
	for _, p := range parts {
		rows += len(p.RowPtr) - 1
		nnz += len(p.Val)
	}
	o := &CSR{RowPtr: make([]int, 1, rows+1), ColIdx: make([]int32, 0, nnz), Val: make([]float64, 0, nnz)}
	for _, p := range parts {
		base := len(o.Val)
		for _, q := range p.RowPtr[1:] {
			o.RowPtr = append(o.RowPtr, base+q)
		}
		o.ColIdx = append(o.ColIdx, p.ColIdx...)
		o.Val = append(o.Val, p.Val...)
	}
	return o
}

// transposed returns the CSR form of the transpose: a counting sort by column.
func (s *CSR) transposed(rows, cols int) *CSR {
	t := &CSR{RowPtr: make([]int, cols+1), ColIdx: make([]int32, len(s.Val)), Val: make([]float64, len(s.Val))}
	for _, j := range s.ColIdx {
		t.RowPtr[j+1]++
	}
	for j := range cols {
		t.RowPtr[j+1] += t.RowPtr[j]
	}
	next := slices.Clone(t.RowPtr[:cols])
	for i := range rows {
		cs, vs := s.row(i)
		for p, j := range cs {
			t.ColIdx[next[j]] = int32(i)
			t.Val[next[j]] = vs[p]
			next[j]++
		}
	}
	return t
}

// builder collects the cells of a CSR matrix row by row, columns ascending.
type builder struct {
	rows, cols int
	csr        CSR
}

func newBuilder(rows, cols, nnz int) *builder {
	return &builder{rows: rows, cols: cols, csr: CSR{
		RowPtr: make([]int, 1, rows+1),
		ColIdx: make([]int32, 0, nnz),
		Val:    make([]float64, 0, nnz),
	}}
}

// put adds a cell to the current row unless it is zero.
func (b *builder) put(j int, v float64) {
	if v != 0 {
		b.csr.ColIdx = append(b.csr.ColIdx, int32(j))
		b.csr.Val = append(b.csr.Val, v)
	}
}

// end closes the current row.
func (b *builder) end() { b.csr.RowPtr = append(b.csr.RowPtr, len(b.csr.Val)) }

// appendRow adds row i of s with its columns shifted by shift.
func (b *builder) appendRow(s *CSR, i, shift int) {
	cols, vals := s.row(i)
	for _, j := range cols {
		b.csr.ColIdx = append(b.csr.ColIdx, j+int32(shift))
	}
	b.csr.Val = append(b.csr.Val, vals...)
}

// matrix returns the finished matrix.
func (b *builder) matrix() *Matrix { return FromCSR(b.rows, b.cols, &b.csr) }
