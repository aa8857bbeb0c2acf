package paramserv

// bsp is bulk synchronous: a round ends when every worker that has a push in it
// has pushed; the sum of the pushes is one update.
var bsp = Strategy{
	Name:    "BSP",
	Doc:     "bulk synchronous: one update per round with the sum over all workers",
	Rounds:  true,
	Barrier: func(r Rounds) Barrier { return &bspBarrier{rounds: r} },
}

type bspBarrier struct {
	rounds  Rounds
	open    int // round being collected
	arrived int
}

func (b *bspBarrier) Arrive(int, int) Decision {
	if b.arrived++; b.arrived < b.rounds.Active(b.open) {
		return Decision{}
	}
	b.arrived = 0
	b.open++
	return Decision{Close: true}
}

func (b *bspBarrier) Admit(version, round int) bool { return version == round }
