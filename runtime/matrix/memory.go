package matrix

import (
	"fmt"
	"io"
	"unsafe"
)

// MemoryError is what an operation panics with when its result or a buffer it
// needs does not fit into the limit of its arena. It carries no position.
type MemoryError struct {
	Need    int64 // bytes asked for
	Used    int64 // bytes in use that cannot be moved away
	Limit   int64
	Machine bool  // Limit is the memory of the machine, which Need alone exceeds
	Cause   error // why no room could be made; nil when there was nothing to move
}

func (e *MemoryError) Error() string {
	if e.Machine {
		return fmt.Sprintf("out of memory: %s are needed here, but this machine has %s", Size(e.Need), Size(e.Limit))
	}
	s := fmt.Sprintf("out of memory: %s are needed here, but %s of the limit of %s are in use",
		Size(e.Need), Size(e.Used), Size(e.Limit))
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *MemoryError) Unwrap() error { return e.Cause }

// Size writes a number of bytes for people: 1.6 GB, in powers of 1024.
func Size(bytes int64) string {
	f, unit := float64(bytes), 0
	for f >= 1024 && unit < 4 {
		f /= 1024
		unit++
	}
	if unit == 0 {
		return fmt.Sprintf("%d bytes", bytes)
	}
	return fmt.Sprintf("%.1f %s", f, [...]string{"", "KB", "MB", "GB", "TB"}[unit])
}

// away describes the cells of a matrix that were moved out of memory.
type away struct {
	sparse bool
	nnz    int // stored cells of CSR
}

// StoredBytes returns the size of what Evict writes.
func (m *Matrix) StoredBytes() int64 {
	if m.sparse == nil {
		return 8 * int64(len(m.dense))
	}
	return 8*int64(len(m.sparse.RowPtr)) + 12*int64(len(m.sparse.Val))
}

// Held reports whether there are exactly n references to m.
func (m *Matrix) Held(n int) bool { return m.refs.Load() == int32(n) }

// Outside returns the bytes of m's cells that did not come from arena a.
func (m *Matrix) Outside(a *Arena) int64 {
	if m.sparse == nil && (m.mem == a || m.away != nil || a.plain(cap(m.dense))) {
		return 0
	}
	return m.Bytes()
}

// Evict writes the cells of m and then drops them. Until Restore nobody may look at
// more than the dimensions. The caller makes sure that nobody else uses m meanwhile.
func (m *Matrix) Evict(w io.Writer) error {
	if m.sparse != nil {
		s := m.sparse
		for _, b := range [][]byte{raw(s.RowPtr), raw(s.ColIdx), raw(s.Val)} {
			if _, err := w.Write(b); err != nil {
				return err
			}
		}
		m.away = &away{sparse: true, nnz: len(s.Val)}
		m.sparse = nil
		return nil
	}
	if _, err := w.Write(raw(m.dense)); err != nil {
		return err
	}
	m.away = &away{}
	m.giveBack()
	m.dense = nil
	return nil
}

// Evicted reports whether the cells of m are out of memory.
func (m *Matrix) Evicted() bool { return m.away != nil }

// Restore reads what Evict wrote. Dense cells go to a buffer of a; the caller has made room for it.
func (m *Matrix) Restore(r io.Reader, a *Arena) error {
	if !m.away.sparse {
		n := m.rows * m.cols
		m.dense = a.reuse(n)
		if m.dense == nil {
			m.dense = a.fresh(n, nil)
		}
		m.mem = a
		a.borrow(m)
		if _, err := io.ReadFull(r, raw(m.dense)); err != nil {
			return err
		}
		m.away = nil
		return nil
	}
	s := &CSR{RowPtr: make([]int, m.rows+1), ColIdx: make([]int32, m.away.nnz), Val: make([]float64, m.away.nnz)}
	for _, b := range [][]byte{raw(s.RowPtr), raw(s.ColIdx), raw(s.Val)} {
		if _, err := io.ReadFull(r, b); err != nil {
			return err
		}
	}
	m.sparse, m.away = s, nil
	return nil
}

// raw returns the memory of s. Cells never leave the process, so their byte order does not matter.
func raw[T float64 | int32 | int](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
}
