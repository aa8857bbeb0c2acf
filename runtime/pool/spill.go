package pool

import (
	"errors"
	"fmt"
	"io"

	"gdml/runtime/matrix"
)

// minSpill is the size from which a matrix is worth a trip to disk.
const minSpill = 16 << 10

// Pin brings the cells of m into memory and keeps them there until Unpin. It panics
// with a *matrix.MemoryError when they do not fit, or cannot be read.
func (p *Pool) Pin(m *matrix.Matrix) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.of(m)
	h.pins++
	if h.at.n == 0 {
		return
	}
	if err := p.restore(m, h); err != nil {
		panic(&matrix.MemoryError{Need: h.at.n, Used: p.arena.Used(), Limit: p.limit, Cause: err})
	}
}

// Unpin takes back one Pin.
func (p *Pool) Unpin(m *matrix.Matrix) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if h := p.held[m]; h != nil && h.pins > 0 {
		h.pins--
		p.forget(m, h)
	}
}

// restore reads the cells of m. The lock is held and m is pinned.
func (p *Pool) restore(m *matrix.Matrix, h *holding) error {
	if err := p.evict(h.at.n); err != nil {
		return err
	}
	if err := m.Restore(io.NewSectionReader(p.file.f, h.at.off, h.at.n), p.arena); err != nil {
		return fmt.Errorf("cannot read back from disk: %w", err)
	}
	p.spilled.In++
	p.spilled.BytesIn += h.at.n
	p.file.release(h.at)
	h.at = extent{}
	if h.slots > 0 {
		h.extra = m.Outside(p.arena)
		p.arena.Charge(h.extra)
	}
	return nil
}

// charge counts a matrix that the arena does not know and moves others out if there are too many. The lock is held.
func (p *Pool) charge(m *matrix.Matrix, h *holding) {
	if h.extra = m.Outside(p.arena); h.extra == 0 {
		return
	}
	h.pins++
	err := p.evict(h.extra)
	h.pins--
	if err != nil {
		e := &matrix.MemoryError{Need: h.extra, Used: p.arena.Used(), Limit: p.limit, Cause: err}
		h.extra = 0
		panic(e)
	}
	p.arena.Charge(h.extra)
}

// makeRoom is called by the arena when a request does not fit.
func (p *Pool) makeRoom(bytes int64) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.evict(bytes)
}

// evict moves matrices out until bytes fit. The lock is held.
func (p *Pool) evict(bytes int64) error {
	for p.arena.Over(bytes) > 0 {
		m, h := p.oldest()
		if m == nil {
			return errNothing
		}
		if err := p.moveOut(m, h); err != nil {
			return err
		}
	}
	return nil
}

// errNothing says that all matrices in memory are pinned or referred to from elsewhere.
var errNothing = errors.New("what is running needs all of them")

// oldest returns the least recently used matrix that may be moved, nil if there is none. The lock is held.
func (p *Pool) oldest() (oldest *matrix.Matrix, of *holding) {
	for m, h := range p.held {
		if h.pins > 0 || h.slots == 0 || h.at.n > 0 || h.bytes < minSpill || of != nil && h.stamp > of.stamp {
			continue
		}
		if m.Held(h.slots) {
			oldest, of = m, h
		}
	}
	return oldest, of
}

// moveOut writes the cells of m to disk and drops them. The lock is held.
func (p *Pool) moveOut(m *matrix.Matrix, h *holding) error {
	n := m.StoredBytes()
	at, err := p.file.reserve(n)
	if err != nil {
		return fmt.Errorf("cannot move values to disk: %w", err)
	}
	if err = m.Evict(io.NewOffsetWriter(p.file.f, at.off)); err != nil {
		p.file.release(at)
		return fmt.Errorf("cannot move values to disk: %w", err)
	}
	h.at = at
	p.arena.Charge(-h.extra)
	h.extra = 0
	p.spilled.Out++
	p.spilled.BytesOut += n
	return nil
}
