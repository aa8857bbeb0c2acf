package par

import (
	"errors"
	"sync/atomic"
	"time"
)

// Workers is a thread budget. A nil *Workers is a budget of one thread. It is
// immutable and may be used by several goroutines.
type Workers struct {
	threads int
	stop    *atomic.Bool // nil: loops always run to their end
	crew    *crew        // not nil if threads > 1
}

// ErrStopped is what Do panics with when its budget was stopped.
var ErrStopped = errors.New("par: stopped")

// New returns a budget of n threads, at least one, whose helpers end with every loop.
func New(n int) *Workers {
	w := &Workers{threads: max(n, 1)}
	if n > 1 {
		w.crew = newCrew(n-1, 0)
	}
	return w
}

// Spinning returns a budget of as many threads whose helpers stay ready for window
// after every loop, keeping their cores busy meanwhile. It suits a program that
// owns the machine while it computes. At most as many stay as there are cores for.
func (w *Workers) Spinning(window time.Duration) *Workers {
	s := &Workers{threads: w.Threads()}
	if w != nil {
		s.stop = w.stop
	}
	if s.threads > 1 {
		s.crew = newCrew(s.threads-1, window)
	}
	return s
}

// Threads returns the budget.
func (w *Workers) Threads() int {
	if w == nil {
		return 1
	}
	return w.threads
}

// Split returns the budget of each of n workers that run side by side: max(1, threads/n).
func (w *Workers) Split(n int) *Workers {
	s := &Workers{threads: max(w.Threads()/max(n, 1), 1)}
	if w != nil {
		s.stop, s.crew = w.stop, w.crew
	}
	return s
}

// Limit returns a budget of at most n of w's threads.
func (w *Workers) Limit(n int) *Workers {
	s := &Workers{threads: max(min(w.Threads(), n), 1)}
	if w != nil {
		s.stop, s.crew = w.stop, w.crew
	}
	return s
}

// Stoppable returns the same budget for loops that can be ended from outside: once
// stop is set, Do starts no further chunk and panics with ErrStopped when those that
// run have returned. Nothing computed by such a loop may be used, which a panic
// ensures. Budgets split from the result stop with it.
func (w *Workers) Stoppable(stop *atomic.Bool) *Workers {
	s := &Workers{threads: w.Threads(), stop: stop}
	if w != nil {
		s.crew = w.crew
	}
	return s
}

func (w *Workers) stopped() bool { return w != nil && w.stop != nil && w.stop.Load() }

// Do calls f once for every chunk 0..chunks-1, on at most Threads goroutines, the
// caller among them, and returns when all calls have returned. Chunks are handed
// out in ascending order. A panic in f is passed on to the caller; see Stoppable
// for the panic of a loop that is ended early.
func (w *Workers) Do(chunks int, f func(chunk int)) { w.run(chunks, f, true) }

// run is Do with the helpers that are ready, or also with those that must be woken.
func (w *Workers) run(chunks int, f func(chunk int), wake bool) {
	if n := min(w.Threads(), chunks); n > 1 && (wake || w.crew.ready.Load() > 0) {
		w.share(n-1, chunks, f, wake)
		return
	}
	w.alone(chunks, f)
}

// alone is Do on the caller's goroutine.
func (w *Workers) alone(chunks int, f func(chunk int)) {
	for i := range chunks {
		if w.stopped() {
			panic(ErrStopped)
		}
		f(i)
	}
}

// share runs a loop with up to n helpers.
func (w *Workers) share(n, chunks int, f func(chunk int), wake bool) {
	j := newJob(chunks, f, w.stop)
	w.crew.engage(j, n, wake)
	j.work()
	j.wait(w.crew.window > 0)
	if j.failure != nil {
		panic(j.failure)
	}
}

// Range calls f for consecutive ranges [lo, hi) that cover 0..n-1, each of size
// grain except the last. The cut depends on n and grain only.
func (w *Workers) Range(n, grain int, f func(lo, hi int)) {
	grain = max(grain, 1)
	if n <= grain || w.Threads() == 1 {
		w.inTurn(n, grain, f)
		return
	}
	w.Do((n+grain-1)/grain, ranges(n, grain, f))
}

// inTurn is Range on the caller's goroutine.
func (w *Workers) inTurn(n, grain int, f func(lo, hi int)) {
	for lo := 0; lo < n; lo += grain {
		if w.stopped() {
			panic(ErrStopped)
		}
		f(lo, min(lo+grain, n))
	}
}

func ranges(n, grain int, f func(lo, hi int)) func(int) {
	return func(c int) { f(c*grain, min((c+1)*grain, n)) }
}
