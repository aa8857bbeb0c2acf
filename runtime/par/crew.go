package par

import (
	"runtime"
	"sync/atomic"
	"time"
)

// crew is the helpers of a budget. A slot holds what its helper is about:
//
//	nil       there is no helper
//	ready     it spins and takes the first job that is put there
//	another   the job it works on, or will as soon as it runs
//
// Callers change nil and ready to a job, helpers change their own slot back. So a
// job is never lost, and a helper that comes late finds nothing left and is done.
type crew struct {
	window time.Duration // how long helpers spin
	spins  int           // slots whose helpers may spin: the cores besides the caller's
	ready  atomic.Int32  // helpers that spin now
	slots  []slot

	// What loops that were too short to wake helpers would have shared with them, in
	// nanoseconds, and the time of the first in nanoseconds after began. They are a
	// guess of what is to come: callers may lose each other's updates.
	began time.Time
	lost  atomic.Int64
	since atomic.Int64
}

type slot struct {
	job atomic.Pointer[job]
	_   [120]byte // slots are written by different cores
}

// idle is the job of slots whose helper is ready.
var idle = new(job)

func newCrew(n int, window time.Duration) *crew {
	c := &crew{window: window, slots: make([]slot, n), began: time.Now()}
	if window > 0 {
		c.spins = min(n, runtime.GOMAXPROCS(0)-1)
	}
	return c
}

// missed notes a loop of nanos nanoseconds at a time without helpers. It reports
// whether the recent ones together would have been worth waking some.
func (c *crew) missed(nanos float64, now time.Time) bool {
	at := now.Sub(c.began).Nanoseconds()
	if at-c.since.Load() > recent {
		c.since.Store(at)
		c.lost.Store(0)
	}
	if c.lost.Add(int64(nanos)) < wakeNanos {
		return false
	}
	c.lost.Store(0)
	return true
}

// engage gives j to at most n helpers: ready ones first, then, if wake, new ones.
func (c *crew) engage(j *job, n int, wake bool) {
	for i := range c.spins {
		s := &c.slots[i]
		if n > 0 && s.job.Load() == idle && s.job.CompareAndSwap(idle, j) {
			c.ready.Add(-1)
			n--
		}
	}
	if !wake {
		return
	}
	woken := false
	for i := range c.slots {
		s := &c.slots[i]
		if n > 0 && s.job.Load() == nil && s.job.CompareAndSwap(nil, j) {
			go c.help(i)
			woken = true
			n--
		}
	}
	if woken {
		// The scheduler keeps the newest goroutine for this core and lets others
		// steal the one before it: without a successor the helper would wait.
		go func() {}()
	}
}

// help works on the job in slot i, and then on whatever comes before the window ends.
func (c *crew) help(i int) {
	s := &c.slots[i]
	for j := s.job.Load(); j != nil; j = c.await(s) {
		if j.work() {
			runtime.Gosched() // the caller was woken on this core
		}
		if i >= c.spins {
			s.job.Store(nil)
			return
		}
		s.job.Store(idle)
		c.ready.Add(1)
	}
}

// await spins until a job comes. It returns nil, and the slot is empty, when the
// window is over. Every few microseconds other goroutines get their turn.
func (c *crew) await(s *slot) *job {
	for end := time.Now().Add(c.window); ; {
		for range 16 {
			if j := s.job.Load(); j != idle {
				return j
			}
			pause()
		}
		if time.Now().After(end) && s.job.CompareAndSwap(idle, nil) {
			c.ready.Add(-1)
			return nil
		}
		runtime.Gosched()
	}
}
