package exec

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"gdml/lang/diag"
	"gdml/runtime/par"
	"gdml/runtime/value"
)

// parChunks is the most pieces the iterations of a parfor are cut into. The cut
// depends on the number of iterations alone, so that no result depends on the
// number of workers.
const parChunks = 64

// Run executes the iterations side by side and puts the results together. At most
// one iteration runs like a for loop.
func (b *ParFor) Run(m *Machine) error {
	s, err := b.steps(m)
	if err != nil {
		return err
	}
	if s.incr == 0 {
		return m.fail(b.Incr.At, Failf(diag.RunTime, "", "the increment of the loop is 0"))
	}
	if s.n <= 1 {
		return b.run(m, s)
	}
	workers, err := b.workers(m)
	if err != nil {
		return err
	}
	pinned := len(m.pins.list)
	defer m.unpin(pinned)
	r, start := newParRun(m, b, s), time.Now()
	stop := context.AfterFunc(m.ctx, haltOn(r.halt))
	w := min(workers, r.chunks)
	r.budget = m.Workers().Split(w)
	team := par.New(w)
	if w <= m.Workers().Threads() {
		team = m.shared.opt.Workers.Limit(w) // not m.Workers(): a chunk that stops says so with an error
	}
	team.Do(r.chunks, r.chunk)
	stop()
	r.cancel()
	if b.Log {
		m.Progress("parfor: %d iterations, %d workers, %.3f s", s.n, w, time.Since(start).Seconds())
	}
	return r.finish()
}

// workers returns how many workers are wanted: par, or as many as there are threads.
func (b *ParFor) workers(m *Machine) (int, error) {
	threads := m.Workers().Threads()
	if b.Par.Out == NoSlot {
		return threads, nil
	}
	n, finite, err := m.bound(&b.Par)
	if err != nil {
		return 0, err
	}
	if !finite || n < 1 {
		return 0, m.fail(b.Par.At, Failf(diag.RunTime, "", "par must be at least 1"))
	}
	return int(min(n, parChunks)), nil
}

// parRun is one execution of a parfor. Chunks run on machines of their own that
// start from the values before the loop; what they leave is merged in chunk order.
type parRun struct {
	m      *Machine
	b      *ParFor
	s      steps
	chunks int
	budget *par.Workers // of each worker
	ctx    context.Context
	cancel context.CancelFunc
	halt   *atomic.Bool
	seed   uint64

	mu      sync.Mutex
	merges  []merger
	spare   [][]value.Value       // disjoint results between two chunks, by merger
	waiting map[int][]value.Value // results of finished chunks, by chunk, until their turn
	next    int                   // chunk to merge next
	last    []value.Value         // placeholders of Private, from the last chunk
	failed  int                   // lowest chunk with an error of its own
	err     error
}

func newParRun(m *Machine, b *ParFor, s steps) *parRun {
	r := &parRun{
		m: m, b: b, s: s,
		chunks:  int(min(s.n, parChunks)),
		halt:    new(atomic.Bool),
		seed:    uint64(m.seeds.next(b.At.Start)),
		waiting: map[int][]value.Value{},
		failed:  parChunks,
	}
	r.ctx, r.cancel = context.WithCancel(m.ctx)
	for _, g := range b.Results {
		m.pin([]Slot{g.Slot}) // compared with what the chunks leave
		r.merges = append(r.merges, merger{Merge: g, initial: m.Value(g.Slot)})
	}
	return r
}

// chunk runs the iterations of one chunk on a machine of its own.
func (r *parRun) chunk(c int) {
	if r.halt.Load() {
		return
	}
	f := r.m.Fork(r.budget, 0)
	f.ctx = r.ctx
	f.haltBy(r.halt)
	for s := range r.m.frame { // other chunks read it too: nothing is changed
		switch from := &r.m.frame[s]; {
		case from.num.Kind != NotNumber:
			f.frame[s].num = from.num
		case from.v != nil:
			f.Set(Slot(s), value.Retain(from.v))
		}
	}
	for i, v := range r.takeSpare() {
		if v != nil {
			f.Set(r.b.Results[i].Slot, v)
		}
	}
	err := r.iterate(f, c)
	if err == nil {
		err = r.deliver(f, c)
	}
	f.Close()
	if err != nil {
		r.fail(c, err)
	}
}

// iterate runs the iterations lo..hi-1 of chunk c. Every iteration has random streams of its own.
func (r *parRun) iterate(f *Machine, c int) (err error) {
	defer f.guard(&err)
	n, k := r.s.n, uint64(r.chunks)
	lo, hi := split(n, k, uint64(c)), split(n, k, uint64(c)+1)
	for i := lo; i < hi; i++ {
		if f.halt.Load() {
			return f.interrupted(r.b.At)
		}
		f.seeds = r.m.seeds.fork(r.seed + i)
		f.SetInt(r.b.Var, r.s.at(i))
		if err := f.blocks(r.b.Body); err != nil {
			return err
		}
	}
	return nil
}

// split returns where chunk c of k begins when n iterations are cut evenly.
func split(n, k, c uint64) uint64 { return n/k*c + min(c, n%k) }

// takeSpare returns disjoint results that an earlier chunk is done with, nil when there are none.
// Going on with them saves a copy of every result, and a merge, per chunk.
func (r *parRun) takeSpare() []value.Value {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.spare) - 1
	if n < 0 {
		return nil
	}
	vals := r.spare[n]
	r.spare = r.spare[:n]
	return vals
}

// deliver takes the results out of a finished chunk's machine and merges what is due.
// Disjoint ones are put aside for another chunk.
func (r *parRun) deliver(f *Machine, c int) error {
	vals := make([]value.Value, len(r.b.Results))
	aside := make([]value.Value, len(r.b.Results))
	for i, g := range r.b.Results {
		if g.Disjoint {
			aside[i] = f.Take(g.Slot)
		} else {
			vals[i] = f.Take(g.Slot)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spare = append(r.spare, aside)
	if c == r.chunks-1 {
		r.last = placeholders(f, r.b.Private)
	}
	r.waiting[c] = vals
	for vals := r.waiting[r.next]; vals != nil; vals = r.waiting[r.next] {
		delete(r.waiting, r.next)
		r.next++
		for i := range r.merges {
			if err := r.merges[i].add(f, vals[i]); err != nil {
				releaseAll(vals[i+1:])
				return f.fail(r.b.At, err)
			}
		}
	}
	return nil
}

// placeholders returns what variables hold after a loop that only its body assigns
// (language reference §11.4); nil for those that stay unset.
func placeholders(f *Machine, slots []Slot) []value.Value {
	out := make([]value.Value, len(slots))
	for i, s := range slots {
		switch f.Value(s).(type) {
		case bool:
			out[i] = false
		case int64:
			out[i] = int64(-1)
		case float64:
			out[i] = -1.0
		case string:
			out[i] = "-1"
		case *value.List:
			out[i] = value.NewList(nil, nil)
		}
	}
	return out
}

// fail notes the error of a chunk and stops the others. The error of the lowest
// chunk counts; being interrupted counts least.
func (r *parRun) fail(c int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var e *Error
	if errors.As(err, &e) && e.Code == diag.Interrupted {
		if r.err == nil {
			r.err = err
		}
	} else if c < r.failed {
		r.failed, r.err = c, err
	}
	r.halt.Store(true)
	r.cancel()
}

// finish publishes the merged results, or drops everything after an error.
func (r *parRun) finish() error {
	if r.err == nil && r.m.halt.Load() {
		r.err = r.m.interrupted(r.b.At)
	}
	for vals := r.takeSpare(); vals != nil; vals = r.takeSpare() {
		if r.err != nil {
			releaseAll(vals)
			continue
		}
		for i, v := range vals {
			if err := r.merges[i].add(r.m, v); err != nil && r.err == nil {
				r.err = r.m.fail(r.b.At, err)
			}
		}
	}
	if r.err != nil {
		for _, vals := range r.waiting {
			releaseAll(vals)
		}
		for i := range r.merges {
			r.merges[i].abandon()
		}
		return r.err
	}
	for i := range r.merges {
		r.merges[i].publish(r.m)
	}
	for i, s := range r.b.Private {
		if !r.m.frame[s].isSet() && r.last[i] != nil {
			r.m.Set(s, r.last[i])
		}
	}
	r.m.SetInt(r.b.Var, r.s.to)
	r.m.release(r.b.Drop)
	return nil
}
