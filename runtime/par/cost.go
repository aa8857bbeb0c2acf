package par

import "time"

// How long a loop must take on one thread, in nanoseconds, before other threads
// help. Handing work to a ready helper costs about a microsecond: a product of 10
// then takes 6, one of 3 gains nothing. Waking a helper costs the caller 5 to 15, and
// it comes 40 to 120 later (measured on virtual machines of two cores).
const (
	hotNanos  = 5e3   // ready helpers take part
	wakeNanos = 150e3 // helpers are woken that will then stay ready
	coldNanos = 1e6   // helpers are woken that will not

	// Short loops in close succession are worth waking helpers, too: when the loops
	// of the last recent nanoseconds that did without add up to wakeNanos.
	recent = 2e6
)

// DoCost is Do for a loop that takes about nanos nanoseconds on one thread.
func (w *Workers) DoCost(chunks int, nanos float64, f func(chunk int)) {
	if nanos < hotNanos || w.Threads() == 1 {
		w.alone(chunks, f)
		return
	}
	wake := nanos >= coldNanos
	if w.crew.window > 0 {
		wake = nanos >= wakeNanos || w.crew.ready.Load() == 0 && w.crew.missed(nanos, time.Now())
	}
	w.run(chunks, f, wake)
}

// RangeCost is Range for a loop that takes about each nanoseconds per element on one thread.
func (w *Workers) RangeCost(n, grain int, each float64, f func(lo, hi int)) {
	grain = max(grain, 1)
	if n <= grain || each*float64(n) < hotNanos || w.Threads() == 1 {
		w.inTurn(n, grain, f)
		return
	}
	w.DoCost((n+grain-1)/grain, each*float64(n), ranges(n, grain, f))
}
