package par

import (
	"slices"
	"sync/atomic"
	"testing"
)

func TestDoCallsEveryChunkOnce(t *testing.T) {
	for _, threads := range []int{0, 1, 2, 3, 8} {
		for _, chunks := range []int{0, 1, 2, 7, 100} {
			calls := make([]atomic.Int32, chunks)
			New(threads).Do(chunks, func(i int) { calls[i].Add(1) })
			for i := range calls {
				if n := calls[i].Load(); n != 1 {
					t.Errorf("%d threads: chunk %d of %d called %d times", threads, i, chunks, n)
				}
			}
		}
	}
}

func TestNilIsOneThread(t *testing.T) {
	var w *Workers
	var order []int
	w.Do(5, func(i int) { order = append(order, i) })
	if w.Threads() != 1 || !slices.Equal(order, []int{0, 1, 2, 3, 4}) {
		t.Errorf("%d threads, order %v", w.Threads(), order)
	}
}

func TestRangeCoversWithoutOverlap(t *testing.T) {
	for _, n := range []int{0, 1, 9, 10, 11, 1000} {
		for _, grain := range []int{-1, 1, 3, 10, 5000} {
			seen := make([]atomic.Int32, n)
			New(4).Range(n, grain, func(lo, hi int) {
				if hi-lo > max(grain, 1) || lo%max(grain, 1) != 0 {
					t.Errorf("range [%d,%d) with grain %d", lo, hi, grain)
				}
				for i := lo; i < hi; i++ {
					seen[i].Add(1)
				}
			})
			for i := range seen {
				if seen[i].Load() != 1 {
					t.Fatalf("n %d grain %d: %d visited %d times", n, grain, i, seen[i].Load())
				}
			}
		}
	}
}

func TestSplit(t *testing.T) {
	for _, k := range [][3]int{{8, 2, 4}, {8, 3, 2}, {2, 8, 1}, {1, 1, 1}, {4, 0, 4}} {
		if got := New(k[0]).Split(k[1]).Threads(); got != k[2] {
			t.Errorf("%d threads split by %d: %d, want %d", k[0], k[1], got, k[2])
		}
	}
}

func TestPanicReachesTheCaller(t *testing.T) {
	for _, threads := range []int{1, 4} {
		func() {
			defer func() {
				if p := recover(); p != "broken" {
					t.Errorf("%d threads: recovered %v", threads, p)
				}
			}()
			New(threads).Do(50, func(i int) {
				if i == 7 {
					panic("broken")
				}
			})
			t.Errorf("%d threads: no panic", threads)
		}()
	}
}

func TestStoppable(t *testing.T) {
	for _, threads := range []int{1, 4} {
		var stop atomic.Bool
		w := New(threads).Stoppable(&stop).Split(1)
		w.Do(10, func(int) {})
		var ran atomic.Int64
		func() {
			defer func() {
				if p := recover(); p != ErrStopped {
					t.Errorf("%d threads: panic %v; want ErrStopped", threads, p)
				}
			}()
			w.Do(1000, func(i int) {
				ran.Add(1)
				stop.Store(i >= 10 || stop.Load())
			})
			t.Errorf("%d threads: a stopped loop returned", threads)
		}()
		if n := ran.Load(); n < 10 || n > 10+2*int64(threads) {
			t.Errorf("%d threads: %d chunks ran", threads, n)
		}
	}
	var none *Workers
	if none.Stoppable(new(atomic.Bool)).Threads() != 1 {
		t.Error("no budget is one thread")
	}
}
