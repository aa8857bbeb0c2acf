package paramserv

import "time"

// bsp is bulk synchronous: a round ends when every worker that has a push in it
// has pushed; the sum of the pushes is one update.
var bsp = Strategy{
	Name:    "BSP",
	Doc:     "bulk synchronous: one update per round with the sum over all workers",
	Barrier: func(_ *Config, v View) Barrier { return newRoundBarrier(v) },
	Rounds:  always,
}

// roundBarrier collects the pushes of one round at a time. The round closes when all
// but backup of the workers that have a push in it have pushed, and at least one has.
// Counting those that have a push, not all workers, lets unequal parts end.
type roundBarrier struct {
	view    View
	backup  int
	open    int // round being collected
	arrived []bool
}

func newRoundBarrier(v View) *roundBarrier {
	b := &roundBarrier{view: v, arrived: make([]bool, v.Workers())}
	b.skip()
	return b
}

func (b *roundBarrier) Admit(_, round int) bool { return round == b.open }

func (b *roundBarrier) Arrive(worker, round int, _ time.Duration) Decision {
	if round != b.open {
		return Decision{Discard: true}
	}
	b.arrived[worker] = true
	return Decision{Close: b.full()}
}

func (b *roundBarrier) full() bool {
	arrived, missing := b.count()
	return arrived > 0 && arrived >= arrived+missing-b.backup
}

// count returns how many have pushed in the open round and how many still may.
func (b *roundBarrier) count() (arrived, missing int) {
	for w, yes := range b.arrived {
		switch {
		case yes:
			arrived++
		case b.view.In(w, b.open):
			missing++
		}
	}
	return arrived, missing
}

func (b *roundBarrier) Closed() {
	clear(b.arrived)
	b.open++
	b.skip()
}

// skip passes over rounds in which nobody who is left has a push.
func (b *roundBarrier) skip() {
	for b.open < b.view.Total() {
		if arrived, missing := b.count(); arrived+missing > 0 {
			return
		}
		b.open++
	}
}

func (b *roundBarrier) Settle() bool {
	b.skip()
	return b.full()
}

func (b *roundBarrier) Floor() int { return b.open }

func (b *roundBarrier) Resume(round int) {
	b.open = round
	b.skip()
}
