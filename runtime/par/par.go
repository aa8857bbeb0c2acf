package par

import (
	"sync"
	"sync/atomic"
)

// Workers is a thread budget. A nil *Workers is a budget of one thread. It is immutable.
type Workers struct {
	threads int
}

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
func (w *Workers) Split(n int) *Workers { return New(w.Threads() / max(n, 1)) }

// Do calls f once for every chunk 0..chunks-1, on at most Threads goroutines, the
// caller among them, and returns when all calls have returned. Chunks are handed
// out in ascending order. A panic in f is passed on to the caller.
func (w *Workers) Do(chunks int, f func(chunk int)) {
	n := min(w.Threads(), chunks)
	if n <= 1 {
		for i := range chunks {
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
