package paramserv

// Strategy is an update type: when the server folds pushes into its model and when a worker may go on.
type Strategy struct {
	Name string
	Doc  string
	// Rounds is set when a pull waits for the model of its round.
	Rounds bool
	// Barrier makes the state of one call.
	Barrier func(r Rounds) Barrier
}

// Rounds tells a barrier who takes part in what.
type Rounds interface {
	// Active returns the number of workers with a push in a round (0-based, counted through the run).
	Active(round int) int
}

// Barrier decides what a push means. Arrive is called by the server alone, once per
// push in order of arrival; Admit may be called by any worker at any time and must
// not depend on what Arrive changes.
type Barrier interface {
	Arrive(worker, round int) Decision
	// Admit reports whether a worker may begin a round on the model with the given number of updates.
	Admit(version, round int) bool
}

// Decision says what becomes of a push after it was kept.
type Decision struct {
	Close bool // apply everything kept, in the order of the workers, as one update
}

var strategies = []*Strategy{&bsp, &asp}

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
