package par

import (
	"errors"
	"sync"
	"sync/atomic"
)

// Workers is a thread budget. A nil *Workers is a budget of one thread. It is immutable.
type Workers struct {
	threads int
	stop    *atomic.Bool // nil: loops always run to their end
}

// Stopped is what Do panics with when its budget was stopped.
var Stopped = errors.New("par: stopped")

// New returns a budget of n threads, at least one.
func New(n int) *Workers { return &Workers{threads: max(n, 1)} }

// Threads returns the budget.
func (w *Workers) Threads() int {
	if w == nil {
		return 1
	}
	return w.threads
}

// Split returns the budget of each of n workers that run side by side: max(1, threads/n).
func (w *Workers) Split(n int) *Workers {
	s := New(w.Threads() / max(n, 1))
	if w != nil {
		s.stop = w.stop
	}
	return s
}

// Stoppable returns the same budget for loops that can be ended from outside: once
// stop is set, Do starts no further chunk and panics with Stopped when those that
// run have returned. Nothing computed by such a loop may be used, which a panic
// ensures. Budgets split from the result stop with it.
func (w *Workers) Stoppable(stop *atomic.Bool) *Workers { return &Workers{w.Threads(), stop} }

func (w *Workers) stopped() bool { return w != nil && w.stop != nil && w.stop.Load() }

// Do calls f once for every chunk 0..chunks-1, on at most Threads goroutines, the
// caller among them, and returns when all calls have returned. Chunks are handed
// out in ascending order. A panic in f is passed on to the caller; see Stoppable
// for the panic of a loop that is ended early.
func (w *Workers) Do(chunks int, f func(chunk int)) {
	n := min(w.Threads(), chunks)
	if n <= 1 {
		for i := range chunks {
			if w.stopped() {
				panic(Stopped)
			}
			f(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	var once sync.Once
	var failure any
	work := func() {
		defer func() {
			if p := recover(); p != nil {
				once.Do(func() { failure = p })
				next.Store(int64(chunks)) // the others stop after their chunk
			}
		}()
		for {
			i := int(next.Add(1)) - 1
			if i >= chunks {
				return
			}
			if w.stopped() {
				panic(Stopped)
			}
			f(i)
		}
	}
	for range n - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	if failure != nil {
		panic(failure)
	}
}

// Range calls f for consecutive ranges [lo, hi) that cover 0..n-1, each of size
// grain except the last. The cut depends on n and grain only.
func (w *Workers) Range(n, grain int, f func(lo, hi int)) {
	grain = max(grain, 1)
	w.Do((n+grain-1)/grain, func(c int) {
		f(c*grain, min((c+1)*grain, n))
	})
}
