package matrix

import (
	"fmt"
	"sync/atomic"

	"gdml/runtime/par"
)

// Ctx is what an operation runs with. The zero value runs on one thread with plain allocation.
type Ctx struct {
	Par  *par.Workers
	Mem  *Arena
	Form Form
}

// Form tells how finished results are stored.
type Form uint8

// Forms. The forced ones show that results do not depend on the form.
const (
	FormAuto   Form = iota // by the storage rule
	FormDense              // always dense
	FormSparse             // always CSR
)

// CSR is the compressed sparse row form. Within a row columns ascend; no stored value need be non-zero.
type CSR struct {
	RowPtr []int     // rows+1 entries
	ColIdx []int32   // 0-based columns
	Val    []float64 // as long as ColIdx
}

// Matrix is a rows x cols matrix of float64. Exactly one of the two forms is present,
// or none while the cells are out of memory (see Evict).
type Matrix struct {
	rows, cols int
	dense      []float64    // rows*cols values, row-major; nil when sparse
	sparse     *CSR         // nil when dense
	nnz        atomic.Int64 // non-zero cells plus one; 0 when not counted yet
	refs       atomic.Int32
	mem        *Arena // where dense came from; nil when it is the garbage collector's
	lease      *lease // of dense, if mem has a limit
	away       *away  // not nil while the cells are out of memory
}

// New returns a dense matrix of zeros.
func New(c *Ctx, rows, cols int) *Matrix {
	m := newDense(c, rows, cols)
	clear(m.dense)
	return m
}

// newDense returns a dense matrix with undefined content.
func newDense(c *Ctx, rows, cols int) *Matrix {
	if rows < 0 || cols < 0 {
		panic(fmt.Sprintf("matrix: negative dimension %dx%d", rows, cols))
	}
	m := &Matrix{rows: rows, cols: cols}
	m.refs.Store(1)
	if c != nil && c.Mem != nil {
		m.mem = c.Mem
		m.dense = c.Mem.take(rows * cols)
		c.Mem.borrow(m)
	} else {
		m.dense = make([]float64, rows*cols)
	}
	return m
}

// FromDense returns a dense matrix over data, rows*cols values in row-major order. It takes ownership of data.
func FromDense(rows, cols int, data []float64) *Matrix {
	if len(data) != rows*cols {
		panic(fmt.Sprintf("matrix: %d values for %dx%d cells", len(data), rows, cols))
	}
	m := &Matrix{rows: rows, cols: cols, dense: data}
	if data == nil {
		m.dense = []float64{}
	}
	m.refs.Store(1)
	return m
}

// FromCSR returns a sparse matrix over s. It takes ownership of s.
func FromCSR(rows, cols int, s *CSR) *Matrix {
	if len(s.RowPtr) != rows+1 || len(s.ColIdx) != len(s.Val) || s.RowPtr[rows] != len(s.Val) {
		panic("matrix: malformed CSR")
	}
	m := &Matrix{rows: rows, cols: cols, sparse: s}
	m.refs.Store(1)
	return m
}

// Rows returns the number of rows.
func (m *Matrix) Rows() int { return m.rows }

// Cols returns the number of columns.
func (m *Matrix) Cols() int { return m.cols }

// Cells returns rows*cols.
func (m *Matrix) Cells() int { return m.rows * m.cols }

// IsSparse reports whether m is stored as CSR.
func (m *Matrix) IsSparse() bool { return m.sparse != nil }

// IsVector reports whether m has one row or one column.
func (m *Matrix) IsVector() bool { return m.rows == 1 || m.cols == 1 }

// At returns the cell of the 0-based row i and column j.
func (m *Matrix) At(i, j int) float64 {
	if m.sparse == nil {
		return m.dense[i*m.cols+j]
	}
	return m.sparse.at(i, j)
}

// DenseData returns the cells of a dense matrix, row-major, for reading only. It is nil for a sparse matrix.
func (m *Matrix) DenseData() []float64 { return m.dense }

// SparseData returns the CSR form of a sparse matrix, for reading only. It is nil for a dense matrix.
func (m *Matrix) SparseData() *CSR { return m.sparse }

// String describes the matrix for messages: 3x4.
func (m *Matrix) String() string { return fmt.Sprintf("%dx%d", m.rows, m.cols) }

// Bytes estimates the memory the cells take.
func (m *Matrix) Bytes() int64 {
	if m.sparse == nil {
		return 64 + 8*int64(len(m.dense))
	}
	return 64 + 8*int64(len(m.sparse.RowPtr)) + 12*int64(len(m.sparse.Val))
}

// at finds column j of row i by binary search.
func (s *CSR) at(i, j int) float64 {
	lo, hi := s.RowPtr[i], s.RowPtr[i+1]
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch c := int(s.ColIdx[mid]); {
		case c == j:
			return s.Val[mid]
		case c < j:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return 0
}

// Retain adds a reference and returns m.
func (m *Matrix) Retain() *Matrix {
	m.refs.Add(1)
	return m
}

// Unique reports whether the caller's reference is the only one.
func (m *Matrix) Unique() bool { return m.refs.Load() == 1 }

// Release drops a reference. The last one returns the buffer to its arena; m must not be used afterwards.
func (m *Matrix) Release() {
	switch n := m.refs.Add(-1); {
	case n > 0:
		return
	case n < 0:
		panic("matrix: released more often than retained")
	}
	m.giveBack()
	m.dense, m.sparse = nil, nil
}

// giveBack returns the buffer to its arena.
func (m *Matrix) giveBack() {
	if m.mem == nil || m.dense == nil {
		return
	}
	if m.lease == nil || !m.lease.given.Swap(true) {
		m.mem.give(m.dense)
	}
	m.mem, m.lease = nil, nil
}
