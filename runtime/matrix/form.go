package matrix

import (
	"math"
	"math/bits"

	"gdml/runtime/matrix/kernel"
	"gdml/runtime/par"
)

// cellGrain is the number of cells of one chunk of a full sum, and the most of a
// cellwise loop. Sums depend on it, so it is a constant and no tuning parameter.
const cellGrain = 1 << 15

// loopGrain returns the number of cells of one chunk of a loop over n cells none of which
// depends on another: short loops have several chunks, too, for helpers that are ready.
func loopGrain(n int) int { return min(cellGrain, max(cellGrain/8, n/8)) }

// workers returns the thread budget; a nil Ctx has one thread.
func (c *Ctx) workers() *par.Workers {
	if c == nil {
		return nil
	}
	return c.Par
}

// rowGrain returns the number of rows whose cells make one chunk of a sum.
func rowGrain(cols int) int { return max(1, cellGrain/max(cols, 1)) }

// loopRows is loopGrain for a loop over rows. The number is a multiple of 8, which
// kernels take at a time, unless rows are long.
func loopRows(rows, cols int) int {
	n := loopGrain(rows*cols) / max(cols, 1)
	if n >= 8 {
		return n &^ 7
	}
	return max(1, n)
}

// cellNanos estimates the time a simple loop takes for a cell, in nanoseconds.
const cellNanos = 0.4

// eachRows calls f for consecutive row ranges of a loop over rows x cols cells.
func (c *Ctx) eachRows(rows, cols int, f func(lo, hi int)) {
	c.workers().RangeCost(rows, loopRows(rows, cols), cellNanos*float64(max(cols, 1)), f)
}

// eachCells calls f for consecutive ranges of n cells.
func (c *Ctx) eachCells(n int, f func(lo, hi int)) {
	c.workers().RangeCost(n, loopGrain(n), cellNanos, f)
}

// streamCells is the size of a result, 16 MB, that will hardly be found in the caches
// by its reader: it is written past them. streamTile cells are computed at a time.
const (
	streamCells = 1 << 21
	streamTile  = 1 << 10
)

// fill calls f for consecutive ranges of the cells of out, which is written by f and
// read by nobody: f(dst, lo) gives the cells from number lo on to dst. nanos is the time for a cell.
func (c *Ctx) fill(out []float64, nanos float64, f func(dst []float64, lo int)) {
	if len(out) < streamCells {
		c.workers().RangeCost(len(out), loopGrain(len(out)), nanos, func(lo, hi int) { f(out[lo:hi], lo) })
		return
	}
	c.workers().RangeCost(len(out), cellGrain, nanos, func(lo, hi int) {
		buf := newDense(c, 1, streamTile)
		defer buf.Release()
		for ; lo < hi; lo += streamTile {
			tile := buf.dense[:min(streamTile, hi-lo)]
			f(tile, lo)
			kernel.Stream(out[lo:], tile)
		}
		kernel.Fence()
	})
}

// Fill returns a matrix whose cells are all v.
func Fill(c *Ctx, rows, cols int, v float64) *Matrix {
	if v == 0 && !math.Signbit(v) {
		if c.sparse(rows, cols, 0) {
			return emptySparse(rows, cols)
		}
		return New(c, rows, cols)
	}
	m := newDense(c, rows, cols)
	c.eachCells(len(m.dense), func(lo, hi int) {
		d := m.dense[lo:hi]
		for i := range d {
			d[i] = v
		}
	})
	return m
}

// FromRows returns a dense matrix of the given rows, which must be equally long. It is meant for tests and small constants.
func FromRows(rows [][]float64) *Matrix {
	cols := 0
	if len(rows) > 0 {
		cols = len(rows[0])
	}
	data := make([]float64, 0, len(rows)*cols)
	for _, r := range rows {
		data = append(data, r...)
	}
	return FromDense(len(rows), cols, data)
}

// emptySparse returns a CSR matrix without non-zeros.
func emptySparse(rows, cols int) *Matrix {
	m := FromCSR(rows, cols, &CSR{RowPtr: make([]int, rows+1)})
	m.nnz.Store(1)
	return m
}

// NNZ returns the number of non-zero cells (NaN counts). It is counted once.
func (m *Matrix) NNZ() int64 {
	if n := m.nnz.Load(); n > 0 {
		return n - 1
	}
	n := int64(kernel.CountNonZero(m.values()))
	m.nnz.Store(n + 1)
	return n
}

// values returns the stored cells of either form.
func (m *Matrix) values() []float64 {
	if m.sparse != nil {
		return m.sparse.Val
	}
	return m.dense
}

// storeSparse is the storage rule (builtin reference §0): a matrix of rows x cols
// with nnz non-zeros is kept as CSR iff it is less than 0.4 full, has more than one
// column, and the size estimate of the sparse form is below that of the dense form.
// The estimate is the reference's, since rand's stream depends on it.
func storeSparse(rows, cols int, nnz int64) bool {
	r, c := int64(rows), int64(cols)
	if r == 0 || c <= 1 || float64(nnz) >= 0.4*float64(r)*float64(c) {
		return false
	}
	size := 48 + 8*r
	if l := min(r, nnz); l > 0 {
		size += l * int64(88+12*max(4, float64(nnz)/float64(l)))
	}
	return size < 96+8*r*c
}

// sparse reports whether a finished result is kept as CSR: by the storage rule,
// unless a form is forced.
func (c *Ctx) sparse(rows, cols int, nnz int64) bool {
	if c.forced() {
		return c.Form == FormSparse
	}
	return storeSparse(rows, cols, nnz)
}

// forced reports whether all results get one form.
func (c *Ctx) forced() bool { return c != nil && c.Form != FormAuto }

// Compact is the one place that decides on the form of a finished result. It
// consumes the caller's reference of m and returns m or its other form.
func Compact(c *Ctx, m *Matrix) *Matrix { return settle(c, m, nil) }

// settle is Compact for a result that may be the operand in, reused in place: in
// that case m stays the property of its owner when another form is returned.
func settle(c *Ctx, m, in *Matrix) *Matrix {
	out := m
	if m.sparse != nil {
		if !c.sparse(m.rows, m.cols, m.NNZ()) {
			out = toDense(c, m)
		}
	} else if nnz, few := m.countFew(); (few || c.forced()) && c.sparse(m.rows, m.cols, nnz) {
		out = toSparse(c, m)
	}
	if out != m && m != in {
		m.Release()
	}
	return out
}

// countFew counts the non-zeros of a dense matrix, but gives up when there are too many for CSR.
func (m *Matrix) countFew() (nnz int64, few bool) {
	if m.cols <= 1 {
		return 0, false
	}
	if n := m.nnz.Load(); n > 0 {
		return n - 1, true
	}
	if looksDense(m.dense) {
		return 0, false
	}
	limit := int64(0.4 * float64(len(m.dense)))
	for d := m.dense; len(d) > 0; {
		n := min(len(d), 4096)
		nnz += int64(kernel.CountNonZero(d[:n]))
		if d = d[n:]; nnz > limit {
			return 0, false
		}
	}
	m.nnz.Store(nnz + 1)
	return nnz, true
}

// looksDense reports whether a sample of the cells has clearly more non-zeros than CSR
// is for. Counting them all would read again what was just written. The places are
// scattered, so that they do not meet a pattern of the cells. The small sample of a
// small matrix must be three quarters full: at a density of 0.4 it is so once in 1e8 times.
func looksDense(x []float64) bool {
	const small, large = 1 << 9, 1 << 16
	groups, each, many := 128, 8, 128*8*9/20
	switch {
	case len(x) < small:
		return false
	case len(x) < large:
		groups, each, many = 64, 1, 47
	}
	n, state := 0, uint64(len(x))
	for range groups {
		state += 0x9e3779b97f4a7c15 // splitmix64 (Steele, Lea and Flood 2014)
		z := (state ^ state>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		at, _ := bits.Mul64(z^z>>31, uint64(len(x)-each))
		for _, v := range x[at : int(at)+each] {
			if v != 0 {
				n++
			}
		}
	}
	return n > many
}

// ToDense returns m in dense form: a new reference to m itself if it is dense.
func (m *Matrix) ToDense(c *Ctx) *Matrix {
	if m.sparse == nil {
		return m.Retain()
	}
	return toDense(c, m)
}

// ToSparse returns m in CSR form: a new reference to m itself if it is CSR.
func (m *Matrix) ToSparse(c *Ctx) *Matrix {
	if m.sparse != nil {
		return m.Retain()
	}
	return toSparse(c, m)
}

func toDense(c *Ctx, m *Matrix) *Matrix {
	out := newDense(c, m.rows, m.cols)
	s := m.sparse
	c.eachRows(m.rows, m.cols, func(lo, hi int) {
		clear(out.dense[lo*m.cols : hi*m.cols])
		for i := lo; i < hi; i++ {
			row := out.dense[i*m.cols : (i+1)*m.cols]
			for p := s.RowPtr[i]; p < s.RowPtr[i+1]; p++ {
				row[s.ColIdx[p]] = s.Val[p]
			}
		}
	})
	out.nnz.Store(m.nnz.Load())
	return out
}

func toSparse(_ *Ctx, m *Matrix) *Matrix {
	nnz := int(m.NNZ())
	s := &CSR{RowPtr: make([]int, m.rows+1), ColIdx: make([]int32, 0, nnz), Val: make([]float64, 0, nnz)}
	for i := range m.rows {
		for j, v := range m.dense[i*m.cols : (i+1)*m.cols] {
			if v != 0 {
				s.ColIdx = append(s.ColIdx, int32(j))
				s.Val = append(s.Val, v)
			}
		}
		s.RowPtr[i+1] = len(s.Val)
	}
	out := FromCSR(m.rows, m.cols, s)
	out.nnz.Store(int64(nnz) + 1)
	return out
}

// Row copies row i into dst, which has one place per column, and returns dst. Of a
// dense matrix with a nil dst it returns the row itself, for reading only.
func (m *Matrix) Row(i int, dst []float64) []float64 {
	if m.sparse == nil {
		row := m.dense[i*m.cols : (i+1)*m.cols]
		if dst == nil {
			return row
		}
		return dst[:copy(dst, row)]
	}
	if dst == nil {
		dst = make([]float64, m.cols)
	}
	clear(dst)
	cols, vals := m.sparse.row(i)
	for p, j := range cols {
		dst[j] = vals[p]
	}
	return dst
}

// row returns the stored columns and values of row i.
func (s *CSR) row(i int) (cols []int32, vals []float64) {
	lo, hi := s.RowPtr[i], s.RowPtr[i+1]
	return s.ColIdx[lo:hi], s.Val[lo:hi]
}

// Each calls f for every cell that is not zero, in row-major order.
func (m *Matrix) Each(f func(i, j int, v float64)) {
	if m.sparse == nil {
		for p, v := range m.dense {
			if v != 0 {
				f(p/m.cols, p%m.cols, v)
			}
		}
		return
	}
	for i := range m.rows {
		cols, vals := m.sparse.row(i)
		for p, j := range cols {
			if vals[p] != 0 {
				f(i, int(j), vals[p])
			}
		}
	}
}

// Vector returns the cells of m in row-major order, for reading only. It copies only if m is sparse.
func (m *Matrix) Vector() []float64 {
	if m.sparse == nil {
		return m.dense
	}
	return toDense(nil, m).dense
}

// Equal reports whether a and b have the same dimensions and cells; the form does
// not matter. NaN equals NaN, and zeros equal each other whatever their sign.
func Equal(a, b *Matrix) bool {
	if a.rows != b.rows || a.cols != b.cols {
		return false
	}
	x, y := make([]float64, a.cols), make([]float64, a.cols)
	for i := range a.rows {
		a.Row(i, x)
		b.Row(i, y)
		for j, v := range x {
			if v != y[j] && (v == v || y[j] == y[j]) {
				return false
			}
		}
	}
	return true
}
