package paramserv

import "time"

// Strategy is an update type: when pushes become updates of the model and when a worker may go on.
type Strategy struct {
	Name string
	Doc  string
	// Barrier makes the state of one call. It is nil for a strategy without a server, whose workers
	// write into one shared model.
	Barrier func(c *Config, v View) Barrier
	// Rounds is set when all workers wait for the end of a round, so that results do not depend on timing.
	Rounds func(c *Config) bool
	// Each is set when the pushes of a round are updates of their own, made in the order of the workers.
	Each bool
	// Models is set when workers always push models, as under ModelAvg.
	Models bool
	// Check says what is wrong with the parts of a configuration that belong to this strategy, or do not go with it.
	Check func(c *Config, bad func(format string, args ...any))
}

func always(*Config) bool { return true }
func never(*Config) bool  { return false }

// View is what a barrier may know of the run. Rounds are 0-based and counted through the run.
type View interface {
	Workers() int
	// Total is the number of rounds.
	Total() int
	// In reports whether a worker that is still there has a push in a round.
	In(worker, round int) bool
	// Clock is the round that a worker computes, or will compute next; Total when it has none left.
	Clock(worker int) int
}

// Barrier decides what pushes mean and who may go on. It is a state machine without
// time or goroutines of its own: the server calls it with one event after another.
type Barrier interface {
	// Admit reports whether a worker may begin a round now.
	Admit(worker, round int) bool
	// Arrive takes in a push; took is the time from the pull to the push.
	Arrive(worker, round int, took time.Duration) Decision
	// Closed is called when everything kept has become an update.
	Closed()
	// Settle looks again after a worker was lost and reports whether what is kept is now an update.
	Settle() bool
	// Floor is the first round that is not over. A push of an earlier round is late.
	Floor() int
	// Resume continues a run in which rounds before the given one are over.
	Resume(round int)
}

// stateful is a barrier that learns from what it sees, and continues with it in a resumed run.
type stateful interface {
	state() []float64
	restore(s []float64)
}

// Decision says what becomes of a push.
type Decision struct {
	Discard bool // the push came too late
	Close   bool // everything kept, in the order of the workers, becomes an update
}

var strategies = []*Strategy{&bsp, &asp, &sbp, &ssp, &easgd, &hogwild}

// Strategies lists the update types.
func Strategies() []*Strategy { return strategies }

// StrategyNames lists the legal words of Config.UType.
func StrategyNames() []string {
	ns := make([]string, len(strategies))
	for i, s := range strategies {
		ns[i] = s.Name
	}
	return ns
}

func strategyNamed(name string) *Strategy {
	for _, s := range strategies {
		if s.Name == name {
			return s
		}
	}
	return nil
}
