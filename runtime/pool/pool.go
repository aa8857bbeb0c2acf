package pool

import (
	"sync"

	"gdml/runtime/matrix"
)

// Options configures a Pool.
type Options struct {
	Keep  int64  // most bytes of released buffers that are kept for reuse
	Count bool   // keep the numbers that Live, Peak and Objects return
	Limit int64  // most bytes of matrices in memory; 0 for no limit
	Most  int64  // most bytes of one matrix, the memory of the machine; 0 when that is not known
	Dir   string // where matrices go that do not fit; "" is the system's directory for temporary files
}

// Pool accounts for live matrices.
type Pool struct {
	arena *matrix.Arena
	books bool // keep held at all
	limit int64

	mu      sync.Mutex // also held while matrices are moved out and in
	held    map[*matrix.Matrix]*holding
	bytes   int64
	peak    int64
	objects int64 // holdings that became live so far
	clock   int64
	file    spillFile
	spilled Spilled
}

// holding is what is known of a matrix that slots hold or that is pinned.
type holding struct {
	slots int
	pins  int
	bytes int64 // counted in Pool.bytes
	extra int64 // charged to the arena
	stamp int64 // when it was last used
	at    extent
}

// Spilled tells what was moved to disk.
type Spilled struct {
	Out, In           int64 // matrices written and read back
	BytesOut, BytesIn int64
}

// New returns a pool that counts and has no limit. Its arena keeps at most keep bytes
// of released buffers for reuse.
func New(keep int64) *Pool { return Make(Options{Keep: keep, Count: true}) }

// Make returns a pool. With a limit it must be closed.
func Make(o Options) *Pool {
	p := &Pool{
		limit: o.Limit,
		books: o.Count || o.Limit > 0,
		held:  map[*matrix.Matrix]*holding{},
		file:  spillFile{dir: o.Dir},
	}
	if o.Limit > 0 {
		o.Keep = min(o.Keep, o.Limit/4)
	}
	p.arena = matrix.NewArena(o.Keep)
	p.arena.Bound(o.Most)
	if o.Limit > 0 {
		p.arena.Limit(o.Limit, p.makeRoom)
	}
	return p
}

// Close gives up the spill file. Matrices that are out of memory are lost.
func (p *Pool) Close() error { return p.file.close() }

// Arena returns the arena that buffers come from.
func (p *Pool) Arena() *matrix.Arena { return p.arena }

// Limited reports whether there is a limit, so that operands must be pinned.
func (p *Pool) Limited() bool { return p.limit > 0 }

// of returns the holding of m, which is made if there is none. The lock is held.
func (p *Pool) of(m *matrix.Matrix) *holding {
	h := p.held[m]
	if h == nil {
		h = &holding{}
		p.held[m] = h
	}
	p.clock++
	h.stamp = p.clock
	return h
}

// Publish notes that one more slot holds m. It panics with a *matrix.MemoryError
// when m was allocated outside the arena and does not fit.
func (p *Pool) Publish(m *matrix.Matrix) {
	if p.books {
		p.publish(m)
	}
}

func (p *Pool) publish(m *matrix.Matrix) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.of(m)
	if h.slots++; h.slots > 1 || h.at.n > 0 {
		return
	}
	h.bytes = m.Bytes()
	p.objects++
	p.bytes += h.bytes
	p.peak = max(p.peak, p.bytes)
	if p.limit > 0 {
		p.charge(m, h)
	}
}

// Retire notes that one slot less holds m. It must be called before the slot's reference is released.
func (p *Pool) Retire(m *matrix.Matrix) {
	if p.books {
		p.retire(m)
	}
}

func (p *Pool) retire(m *matrix.Matrix) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.held[m]
	if h == nil || h.slots == 0 {
		return
	}
	if h.slots--; h.slots == 0 {
		p.bytes -= h.bytes
		h.bytes = 0
		p.arena.Charge(-h.extra)
		h.extra = 0
		if h.at.n > 0 && m.Held(1) {
			p.file.release(h.at)
			h.at = extent{}
		}
		p.forget(m, h)
	}
}

// forget drops a holding that nobody needs any more. The lock is held.
func (p *Pool) forget(m *matrix.Matrix, h *holding) {
	if h.slots == 0 && h.pins == 0 && h.at.n == 0 {
		delete(p.held, m)
	}
}

// Live returns the bytes of the matrices that slots hold, in memory or out of it.
func (p *Pool) Live() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bytes
}

// Peak returns the largest value Live has had.
func (p *Pool) Peak() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.peak
}

// Objects returns how many matrices slots have held so far.
func (p *Pool) Objects() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.objects
}

// Spilled returns what was moved to disk so far.
func (p *Pool) Spilled() Spilled {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.spilled
}
