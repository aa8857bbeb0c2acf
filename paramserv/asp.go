package paramserv

// asp is asynchronous: every push is an update of its own and nobody waits for others.
var asp = Strategy{
	Name:    "ASP",
	Doc:     "asynchronous: every push is one update, workers never wait for each other",
	Barrier: func(Rounds) Barrier { return aspBarrier{} },
}

type aspBarrier struct{}

func (aspBarrier) Arrive(int, int) Decision { return Decision{Close: true} }

func (aspBarrier) Admit(int, int) bool { return true }
