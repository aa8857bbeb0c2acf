package matrix

import (
	"math"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Arena keeps released dense buffers for reuse, in size classes of 2^k and 1.25,
// 1.5, 1.75 times 2^k cells. First-touch page faults cost more than most
// operations, so a buffer released at a variable's last use is the best one to
// take for the next result. An Arena may be used by several goroutines.
//
// An arena with a limit counts what it hands out, and what Charge adds. A request
// that would go beyond the limit first drops free buffers, then asks the owner to
// make room, and panics with a *MemoryError when that was not enough.
type Arena struct {
	mu    sync.Mutex
	free  [numClasses][][]float64
	held  int64 // bytes in free lists
	keep  int64 // most bytes kept in free lists
	most  int64 // most bytes of one buffer, the memory of the machine; 0 when that is not known
	limit int64 // most bytes handed out, charged and held together; 0 for no limit
	used  int64 // bytes handed out and charged
	room  func(bytes int64) error
	stats ArenaStats
}

// ArenaStats tells how well an arena does.
type ArenaStats struct {
	Taken  int64 // buffers handed out
	Reused int64 // those that came from a free list
}

const (
	minClassCells = 64  // smaller buffers are plain allocations
	minCountCells = 512 // the same where there is a limit: smaller ones are not worth the books
	numClasses    = 4 * 48
	nearClasses   = 2 // how many classes above the fitting one may serve a request: at most half of such a buffer is wasted
)

// NewArena returns an arena that keeps at most keep bytes of released buffers.
func NewArena(keep int64) *Arena { return &Arena{keep: keep} }

// Limit bounds the arena. When a request for bytes does not fit, room is called
// without the arena's lock; it should release buffers and returns why it cannot.
func (a *Arena) Limit(limit int64, room func(bytes int64) error) {
	a.limit, a.room = limit, room
}

// Bound makes requests for more than most bytes panic with a *MemoryError instead of ending the
// program, which is what the Go runtime does when the system refuses memory.
func (a *Arena) Bound(most int64) { a.most = most }

// affordable panics if one buffer of so many bytes can never be had.
func (a *Arena) affordable(bytes int64) {
	if a != nil && a.most > 0 && bytes > a.most {
		panic(&MemoryError{Need: bytes, Limit: a.most, Machine: true})
	}
}

// Stats returns the counts so far.
func (a *Arena) Stats() ArenaStats {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.stats
}

// Over returns by how many bytes the limit would be exceeded if bytes more were
// handed out and all free buffers dropped; it is not positive when they fit.
func (a *Arena) Over(bytes int64) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.used + bytes - a.limit
}

// Charge counts bytes of memory that did not come from the arena; a negative number takes them off.
func (a *Arena) Charge(bytes int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.used += bytes
	if a.limit > 0 {
		a.trim(a.limit - a.used)
	}
}

// Used returns the bytes that count against the limit.
func (a *Arena) Used() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.used
}

// class returns the smallest class that holds n cells, and its size.
func class(n int) (id, size int) {
	k := bits.Len(uint(n-1)) - 1 // 2^k < n <= 2^(k+1)
	quarter := 1 << (k - 2)
	q := (n - 1<<k + quarter - 1) / quarter
	return 4*k + q - 1, 1<<k + q*quarter
}

// plain reports whether buffers of n cells are plain allocations that nobody counts.
func (a *Arena) plain(n int) bool { return n < minClassCells || a.limit > 0 && n < minCountCells }

// take returns a buffer of n cells with undefined content.
func (a *Arena) take(n int) []float64 {
	if a.plain(n) {
		return make([]float64, n)
	}
	if b := a.reuse(n); b != nil {
		return b
	}
	return a.fresh(n, a.room)
}

// reuse returns a free buffer for n cells, nil if there is none.
func (a *Arena) reuse(n int) []float64 {
	id, _ := class(n)
	a.mu.Lock()
	defer a.mu.Unlock()
	for c := id; c <= min(id+nearClasses, numClasses-1); c++ {
		l := a.free[c]
		if len(l) == 0 {
			continue
		}
		b := l[len(l)-1]
		bytes := 8 * int64(cap(b))
		if c != id && a.limit > 0 && a.used+bytes > a.limit {
			continue
		}
		l[len(l)-1] = nil
		a.free[c] = l[:len(l)-1]
		a.held -= bytes
		a.used += bytes
		a.stats.Taken++
		a.stats.Reused++
		return b[:n]
	}
	return nil
}

// fresh allocates a buffer for n cells. When it does not fit, room is asked to make some.
func (a *Arena) fresh(n int, room func(int64) error) []float64 {
	a.affordable(8 * int64(n))
	_, size := class(n)
	if a.limit > 0 && 8*int64(size) > a.limit {
		size = n // not a class: it will not be kept
	}
	bytes := 8 * int64(size)
	var why error
	for try := 0; ; try++ {
		a.mu.Lock()
		over := a.used + bytes - a.limit
		if a.limit <= 0 || over <= 0 || room == nil {
			if a.limit > 0 {
				a.trim(a.limit - a.used - bytes)
			}
			a.used += bytes
			a.stats.Taken++
			a.mu.Unlock()
			b := make([]float64, n, size)
			hugePages(b)
			return b
		}
		used := a.used
		a.mu.Unlock()
		if try == lostTries {
			panic(&MemoryError{Need: 8 * int64(n), Used: used, Limit: a.limit, Cause: why})
		}
		if why = room(bytes); why != nil {
			a.findLost()
		}
	}
}

// lostTries is how often a request that does not fit waits for matrices that were lost without a Release.
const lostTries = 4

// findLost makes the garbage collector report matrices that nobody refers to any more.
func (a *Arena) findLost() {
	runtime.GC()
	time.Sleep(2 * time.Millisecond) // cleanups run on a goroutine of their own
}

// trim drops free buffers, large ones first, until at most bytes of them are left. The lock is held.
func (a *Arena) trim(bytes int64) {
	for c := numClasses - 1; c >= 0 && a.held > max(bytes, 0); c-- {
		for l := a.free[c]; len(l) > 0 && a.held > max(bytes, 0); l = a.free[c] {
			a.held -= 8 * int64(cap(l[len(l)-1]))
			l[len(l)-1] = nil
			a.free[c] = l[:len(l)-1]
		}
	}
}

// give takes back a buffer that nobody uses any more.
func (a *Arena) give(b []float64) {
	if poison {
		for i := range b {
			b[i] = math.NaN()
		}
	}
	size := cap(b)
	if a.plain(size) {
		return
	}
	bytes := 8 * int64(size)
	id, want := class(size)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.used -= bytes
	if want != size || a.held+bytes > a.keep || a.limit > 0 && a.used+a.held+bytes > a.limit {
		return
	}
	a.free[id] = append(a.free[id], b[:size])
	a.held += bytes
}

// lease accounts for a buffer whose matrix may be lost without a Release, which
// is no error but must not count against a limit for ever.
type lease struct {
	mem   *Arena
	bytes int64
	given atomic.Bool
}

// borrow registers the buffer of m, if it counts.
func (a *Arena) borrow(m *Matrix) {
	if a.limit <= 0 || a.plain(cap(m.dense)) {
		return
	}
	m.lease = &lease{mem: a, bytes: 8 * int64(cap(m.dense))}
	runtime.AddCleanup(m, func(l *lease) {
		if !l.given.Swap(true) {
			l.mem.Charge(-l.bytes)
		}
	}, m.lease)
}
