package paramserv

import "time"

// asp is asynchronous: every push is an update of its own and nobody waits for others.
var asp = Strategy{
	Name:    "ASP",
	Doc:     "asynchronous: every push is one update, workers never wait for each other",
	Barrier: func(_ *Config, v View) Barrier { return &freeBarrier{view: v, bound: -1} },
	Rounds:  never,
}

// freeBarrier makes every push an update at once. A worker may begin round c when no
// worker that has rounds left is at a round before c - bound; a negative bound is none.
type freeBarrier struct {
	view  View
	bound int
}

func (b *freeBarrier) Admit(_, round int) bool {
	if b.bound < 0 {
		return true
	}
	least := round
	for w := range b.view.Workers() {
		least = min(least, b.view.Clock(w)) // Total when it has finished, which holds nobody back
	}
	return round-least <= b.bound
}

func (b *freeBarrier) Arrive(int, int, time.Duration) Decision { return Decision{Close: true} }
func (b *freeBarrier) Closed()                                 {}
func (b *freeBarrier) Settle() bool                            { return false }
func (b *freeBarrier) Floor() int                              { return 0 }
func (b *freeBarrier) Resume(int)                              {}
