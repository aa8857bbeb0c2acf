package par

import (
	"bytes"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// settle waits until no more than n goroutines are left.
func settle(t *testing.T, n int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines are left; want %d", runtime.NumGoroutine(), n)
		}
	}
}

// Loops of all sizes from several goroutines at once, on budgets that share their helpers.
func TestSharedHelpers(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, window := range []time.Duration{0, 100 * time.Microsecond, 20 * time.Millisecond} {
		root := New(4)
		if window > 0 {
			root = root.Spinning(window)
		}
		var wg sync.WaitGroup
		for k := range 4 {
			w := []*Workers{root, root.Split(2), root.Limit(3), root.Stoppable(new(atomic.Bool))}[k]
			wg.Go(func() {
				for n := range 300 {
					var sum atomic.Int64
					w.Do(n%7, func(i int) {
						w.Range(100, 9, func(lo, hi int) { sum.Add(int64(hi - lo)) })
					})
					if sum.Load() != int64(n%7*100) {
						t.Errorf("window %v: %d elements were visited; want %d", window, sum.Load(), n%7*100)
					}
				}
			})
		}
		wg.Wait()
	}
	settle(t, before)
}

// No more than the budget run at once, however loops are nested.
func TestNestedLoopsStayInBudget(t *testing.T) {
	w := New(3).Spinning(5 * time.Millisecond)
	var now, most atomic.Int64
	busy := func(int) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(100 * time.Microsecond)
		now.Add(-1)
	}
	for range 20 {
		w.Do(6, func(int) { w.Do(4, busy) })
	}
	if n := most.Load(); n < 2 || n > 3 {
		t.Errorf("%d chunks ran at once; want 2 or 3", n)
	}
}

func TestPanicOfAHelper(t *testing.T) {
	w := New(4).Spinning(time.Millisecond)
	for range 50 {
		func() {
			defer func() {
				if p := recover(); p != "broken" {
					t.Errorf("recovered %v", p)
				}
			}()
			w.Do(40, func(i int) {
				if i >= 3 {
					panic("broken")
				}
			})
			t.Error("no panic")
		}()
		var n atomic.Int64
		if w.Do(40, func(int) { n.Add(1) }); n.Load() != 40 {
			t.Fatalf("the next loop ran %d of 40 chunks", n.Load())
		}
	}
}

// A chunk that leaves its goroutine must not leave the caller waiting.
func TestGoexitOfAHelper(t *testing.T) {
	w := New(2)
	caller, p := make(chan any), any(nil)
	go func() {
		defer func() { caller <- p }()
		defer func() { p = recover() }()
		var first atomic.Bool
		w.Do(2, func(int) {
			if first.CompareAndSwap(false, true) {
				time.Sleep(5 * time.Millisecond) // the caller's chunk; the helper takes the other
				return
			}
			runtime.Goexit()
		})
	}()
	select {
	case <-caller:
	case <-time.After(5 * time.Second):
		t.Fatal("the caller still waits")
	}
}

func TestLimit(t *testing.T) {
	w := New(4).Stoppable(new(atomic.Bool))
	for n, want := range map[int]int{0: 1, 1: 1, 3: 3, 9: 4} {
		if got := w.Limit(n); got.Threads() != want || got.stop != w.stop || got.crew != w.crew {
			t.Errorf("at most %d of 4: %d threads; want %d, same helpers", n, got.Threads(), want)
		}
	}
	var none *Workers
	if none.Limit(3).Threads() != 1 {
		t.Error("no budget is one thread")
	}
}

func TestDoCost(t *testing.T) {
	before := runtime.NumGoroutine()
	defer func() { settle(t, before) }()
	spinning := New(2).Spinning(200 * time.Millisecond)
	tests := []struct {
		name  string
		w     *Workers
		heat  bool
		nanos float64
		alone bool
	}{
		{"none", nil, false, 1e9, true},
		{"one thread", New(1), false, 1e9, true},
		{"short", spinning, true, 4e3, true},
		{"not worth waking", New(2), false, 100e3, true},
		{"not worth waking for one loop", New(2), false, 500e3, true},
		{"worth waking", New(2), false, 5e6, false},
		{"ready", spinning, true, 10e3, false},
	}
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("one core")
	}
	for _, tt := range tests {
		alone, order := costed(tt.w, tt.heat, tt.nanos)
		for again := 0; alone && !tt.alone && again < 50; again++ {
			alone, order = costed(tt.w, tt.heat, tt.nanos) // a busy machine may keep the helper from its turn
		}
		if alone != tt.alone {
			t.Errorf("%s: alone %v; want %v", tt.name, alone, tt.alone)
		}
		if slices.Sort(order); !slices.Equal(order, []int{0, 1, 2, 3}) {
			t.Errorf("%s: chunks %v", tt.name, order)
		}
	}
	n := 0
	spinning.RangeCost(100, 7, 1, func(lo, hi int) { n += hi - lo })
	if n != 100 {
		t.Errorf("RangeCost visited %d of 100", n)
	}
}

// goroutine names the running goroutine, as the first words of its stack do.
func goroutine() string {
	b := make([]byte, 32)
	b = b[:runtime.Stack(b, false)]
	return string(bytes.TrimRight(bytes.SplitN(b, []byte("["), 2)[0], " "))
}

// After the window the helpers are gone, so that an idle budget costs nothing.
func TestIdleBudgetHasNoHelpers(t *testing.T) {
	before := runtime.NumGoroutine()
	w := New(runtime.GOMAXPROCS(0)).Spinning(2 * time.Millisecond)
	w.Do(8, func(int) { time.Sleep(time.Millisecond) })
	settle(t, before)
}

// costed runs a loop of four chunks that is said to take nanos. It tells whether one
// goroutine took them all, and which chunks ran. heat has the helpers ready before.
func costed(w *Workers, heat bool, nanos float64) (alone bool, order []int) {
	if heat {
		w.Do(2, func(int) { time.Sleep(time.Millisecond) })
		for end := time.Now().Add(time.Second); w.crew.ready.Load() == 0 && time.Now().Before(end); {
			time.Sleep(100 * time.Microsecond)
		}
	}
	var mu sync.Mutex
	seen := map[string]bool{}
	w.DoCost(4, nanos, func(i int) {
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		order = append(order, i)
		seen[goroutine()] = true
		mu.Unlock()
	})
	return len(seen) == 1, order
}
