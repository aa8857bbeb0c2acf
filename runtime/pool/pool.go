package pool

import (
	"sync"

	"gdml/runtime/matrix"
)

// Pool accounts for live matrices.
type Pool struct {
	arena *matrix.Arena
	mu    sync.Mutex
	live  map[*matrix.Matrix]int // how many slots hold each
	bytes int64
	peak  int64
}

// New returns a pool whose arena keeps at most keep bytes of released buffers for reuse.
func New(keep int64) *Pool {
	return &Pool{arena: matrix.NewArena(keep), live: map[*matrix.Matrix]int{}}
}

// Arena returns the arena that buffers come from.
func (p *Pool) Arena() *matrix.Arena { return p.arena }

// Publish notes that one more slot holds m.
func (p *Pool) Publish(m *matrix.Matrix) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live[m]++; p.live[m] == 1 {
		p.bytes += m.Bytes()
		p.peak = max(p.peak, p.bytes)
	}
}

// Retire notes that one slot less holds m. It must be called before the slot's reference is released.
func (p *Pool) Retire(m *matrix.Matrix) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch n := p.live[m]; n {
	case 0:
	case 1:
		delete(p.live, m)
		p.bytes -= m.Bytes()
	default:
		p.live[m] = n - 1
	}
}

// Live returns the bytes of the matrices that slots hold.
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
