package format

import (
	"math"
	"slices"

	"gdml/runtime/matrix"
)

// triples collects the cells of a matrix in any order; the last one of a place counts.
type triples struct {
	row, col []int64 // 0-based
	val      []float64
}

// grow makes room for n more cells.
func (t *triples) grow(n int) {
	t.row, t.col, t.val = slices.Grow(t.row, n), slices.Grow(t.col, n), slices.Grow(t.val, n)
}

func (t *triples) add(i, j int64, v float64) {
	t.row = append(t.row, i)
	t.col = append(t.col, j)
	t.val = append(t.val, v)
}

// matrix returns the rows x cols matrix of the cells, which must lie inside.
func (t *triples) matrix(o *Options, rows, cols int64) (*matrix.Matrix, error) {
	n := int64(len(t.val))
	if float64(n) >= 0.4*float64(rows)*float64(cols) || cols <= 1 {
		return t.dense(o, int(rows), int(cols))
	}
	if err := o.fits(rows, cols, n, false); err != nil {
		return nil, err
	}
	ptr := make([]int, rows+1)
	for _, i := range t.row {
		ptr[i+1]++
	}
	for i := range rows {
		ptr[i+1] += ptr[i]
	}
	s := &matrix.CSR{RowPtr: make([]int, rows+1), ColIdx: make([]int32, n), Val: make([]float64, n)}
	next := slices.Clone(ptr[:rows])
	order := make([]int32, n) // input order within a row, to find the last of equal places
	for k, i := range t.row {
		p := next[i]
		next[i]++
		s.ColIdx[p], s.Val[p], order[p] = int32(t.col[k]), t.val[k], int32(p)
	}
	out := 0
	for i := range rows {
		out = compactRow(s, order, ptr[i], ptr[i+1], out)
		s.RowPtr[i+1] = out
	}
	s.ColIdx, s.Val = s.ColIdx[:out], s.Val[:out]
	return matrix.Compact(o.Mem, matrix.FromCSR(int(rows), int(cols), s)), nil
}

// compactRow sorts entries lo..hi-1 by column, keeps the last of each column and moves them to out.
func compactRow(s *matrix.CSR, order []int32, lo, hi, out int) int {
	cols, vals := s.ColIdx[lo:hi], s.Val[lo:hi]
	if !slices.IsSorted(cols) {
		ord := order[lo:hi]
		c, v := slices.Clone(cols), slices.Clone(vals)
		slices.SortStableFunc(ord, func(a, b int32) int { return int(c[int(a)-lo]) - int(c[int(b)-lo]) })
		for k, p := range ord {
			cols[k], vals[k] = c[int(p)-lo], v[int(p)-lo]
		}
	}
	for k := range cols {
		if k+1 < len(cols) && cols[k+1] == cols[k] {
			continue
		}
		s.ColIdx[out], s.Val[out] = cols[k], vals[k]
		out++
	}
	return out
}

func (t *triples) dense(o *Options, rows, cols int) (*matrix.Matrix, error) {
	if err := o.fits(int64(rows), int64(cols), 0, true); err != nil {
		return nil, err
	}
	data := make([]float64, rows*cols)
	for k, v := range t.val {
		data[int(t.row[k])*cols+int(t.col[k])] = v
	}
	return matrix.Compact(o.Mem, matrix.FromDense(rows, cols, data)), nil
}

// eachCell calls f for every cell that is written to a coordinate file: those that are
// not +0, in row-major order. A negative zero is a value too.
func eachCell(m *matrix.Matrix, f func(i, j int, v float64)) {
	var buf []float64
	if s := m.SparseData(); s != nil {
		for i := range m.Rows() {
			for p := s.RowPtr[i]; p < s.RowPtr[i+1]; p++ {
				if v := s.Val[p]; v != 0 || math.Signbit(v) {
					f(i, int(s.ColIdx[p]), v)
				}
			}
		}
		return
	}
	for i := range m.Rows() {
		for j, v := range m.Row(i, buf) {
			if v != 0 || math.Signbit(v) {
				f(i, j, v)
			}
		}
	}
}

// coordinate is one line of a coordinate file.
type coordinate struct {
	i, j   int64 // as written, 1-based
	v      float64
	at, vt int // offsets of the row index and the value in the line
}

// parseCoordinate reads "row col [value]". off and msg tell a fault.
func parseCoordinate(line []byte, value bool) (c coordinate, off int, msg string) {
	lo, hi := nextField(line, 0)
	c.at = lo
	var ok bool
	if c.i, ok = parseIndex(line[lo:hi]); !ok {
		return c, lo, quote(string(line[lo:hi])) + " is not a row index"
	}
	lo, hi = nextField(line, hi)
	if c.j, ok = parseIndex(line[lo:hi]); !ok {
		if lo == hi {
			return c, lo, "the column index is missing"
		}
		return c, lo, quote(string(line[lo:hi])) + " is not a column index"
	}
	lo, hi = nextField(line, hi)
	c.v, c.vt = 1, lo
	if value {
		if lo == hi {
			return c, lo, "the value is missing"
		}
		n := 0
		if c.v, n, ok = scanNumber(line[lo:hi]); !ok || n != hi-lo {
			if c.v, ok = parseNumber(string(line[lo:hi])); !ok {
				return c, lo, quote(string(line[lo:hi])) + " is not a number"
			}
		}
		lo, hi = nextField(line, hi)
	}
	if lo < hi {
		return c, lo, "unexpected " + quote(string(line[lo:hi])) + " after the value"
	}
	return c, 0, ""
}
