package matrix

import (
	"math"
	"math/bits"
	"sync"
)

// Arena keeps released dense buffers for reuse, in size classes of 2^k and 1.25,
// 1.5, 1.75 times 2^k cells. First-touch page faults cost more than most
// operations, so a buffer released at a variable's last use is the best one to
// take for the next result. An Arena may be used by several goroutines.
type Arena struct {
	mu    sync.Mutex
	free  [numClasses][][]float64
	held  int64 // bytes in free lists
	limit int64 // most bytes kept in free lists
}

const (
	minClassCells = 512 // smaller buffers are plain allocations
	numClasses    = 4 * 48
)

// NewArena returns an arena that keeps at most limit bytes of released buffers.
func NewArena(limit int64) *Arena { return &Arena{limit: limit} }

// class returns the smallest class that holds n cells, and its size.
func class(n int) (id, size int) {
	k := bits.Len(uint(n-1)) - 1 // 2^k < n <= 2^(k+1)
	quarter := 1 << (k - 2)
	q := (n - 1<<k + quarter - 1) / quarter
	return 4*k + q - 1, 1<<k + q*quarter
}

// take returns a buffer of n cells with undefined content.
func (a *Arena) take(n int) []float64 {
	if n < minClassCells {
		return make([]float64, n)
	}
	id, size := class(n)
	a.mu.Lock()
	if l := a.free[id]; len(l) > 0 {
		b := l[len(l)-1]
		a.free[id] = l[:len(l)-1]
		a.held -= 8 * int64(size)
		a.mu.Unlock()
		return b[:n]
	}
	a.mu.Unlock()
	return make([]float64, n, size)
}

// give takes back a buffer that nobody uses any more.
func (a *Arena) give(b []float64) {
	if poison {
		for i := range b {
			b[i] = math.NaN()
		}
	}
	size := cap(b)
	if size < minClassCells {
		return
	}
	id, want := class(size)
	if want != size {
		return // not one of ours
	}
	a.mu.Lock()
	if a.held+8*int64(size) <= a.limit {
		a.free[id] = append(a.free[id], b[:size])
		a.held += 8 * int64(size)
	}
	a.mu.Unlock()
}
