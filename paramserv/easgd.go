package paramserv

// easgd is elastic averaging (Zhang, Choromanska and LeCun, "Deep learning with elastic
// averaging SGD", NIPS 2015) in its synchronous form: every worker trains a model of
// its own; at the end of a round each model x and the centre c attract each other,
// x <- x - alpha (x - c) and c <- c + sum alpha (x - c), both with the old c. The centre is the result.
var easgd = Strategy{
	Name:    "EASGD",
	Doc:     "elastic averaging: workers keep models of their own that alpha pulls towards the centre and the centre towards them",
	Barrier: func(_ *Config, v View) Barrier { return newRoundBarrier(v) },
	Rounds:  always,
	Models:  true,
	Check: func(c *Config, bad func(string, ...any)) {
		if c.ModelAvg {
			bad("utype=\"EASGD\" always pushes models: leave modelAvg out")
		}
		if c.Alpha != nil && c.Workers > 0 && *c.Alpha*float64(c.Workers) > 1+1e-12 {
			bad("utype=\"EASGD\" is unstable with alpha=%v and %d workers: alpha times workers must not exceed 1", *c.Alpha, c.Workers)
		}
	},
}
