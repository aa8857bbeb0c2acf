package paramserv

// ssp is stale synchronous (Ho et al., "More effective distributed ML via a stale
// synchronous parallel parameter server", NIPS 2013): a worker may be at most
// Config.Staleness rounds ahead of the slowest one. Every push is one update. Without
// staleness the pushes of a round are kept until it is complete and then applied one by
// one in the order of the workers: a late pull must not see part of a round.
var ssp = Strategy{
	Name: "SSP",
	Doc:  "stale synchronous: one update per push, no worker more than staleness rounds ahead of another",
	Barrier: func(c *Config, v View) Barrier {
		if c.Staleness == 0 {
			return newRoundBarrier(v)
		}
		return &freeBarrier{view: v, bound: c.Staleness}
	},
	Rounds: func(c *Config) bool { return c.Staleness == 0 },
	Each:   true,
}
