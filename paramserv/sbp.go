package paramserv

import (
	"math"
	"slices"
	"time"
)

// sbp is BSP with backup workers (Chen et al., "Revisiting distributed synchronous SGD",
// 2016): a round does not wait for its slowest workers. A push of a round that is over
// is discarded, once, and its worker goes on with the open round; a fresh push never is.
var sbp = Strategy{
	Name: "SBP",
	Doc:  "synchronous with backup workers: a round waits for all but num_backup_workers, late pushes are discarded",
	Barrier: func(c *Config, v View) Barrier {
		b := newRoundBarrier(v)
		if !c.AutoBackup {
			b.backup = c.Backup
			return b
		}
		return &adaptive{roundBarrier: b, mean: make([]float64, v.Workers())}
	},
	Rounds: always,
	Check: func(c *Config, bad func(string, ...any)) {
		if !c.AutoBackup && c.Backup < 0 {
			bad("num_backup_workers must be at least 0, not %d", c.Backup)
		}
		if !c.AutoBackup && c.Workers > 0 && c.Backup >= c.Workers {
			bad("num_backup_workers must be less than the number of workers: %d of %d", c.Backup, c.Workers)
		}
	},
}

// The adaptive choice of how many workers a round waits for: every reviewRounds
// rounds, from means of which a new time makes up the share freshness, the number K
// that maximises K over the time of the K-th fastest worker. A choice is changed
// only for one that is better by the factor clearGain.
const (
	reviewRounds = 10
	freshness    = 0.35
	clearGain    = 1.1
)

// adaptive is a roundBarrier that chooses its number of backup workers.
type adaptive struct {
	*roundBarrier
	mean   []float64 // seconds of a round, per worker; 0 before the first
	closed int
}

func (a *adaptive) Arrive(worker, round int, took time.Duration) Decision {
	s := max(took.Seconds(), 1e-9)
	if a.mean[worker] == 0 {
		a.mean[worker] = s
	}
	a.mean[worker] += freshness * (s - a.mean[worker])
	return a.roundBarrier.Arrive(worker, round, took)
}

func (a *adaptive) Closed() {
	if a.closed++; a.closed%reviewRounds == 0 {
		a.review()
	}
	a.roundBarrier.Closed()
}

// review chooses backup anew. Workers that never pushed count as endlessly slow.
func (a *adaptive) review() {
	times := slices.Clone(a.mean)
	for i, t := range times {
		if t == 0 {
			times[i] = math.Inf(1)
		}
	}
	slices.Sort(times)
	workers := len(times)
	rate := func(k int) float64 { return float64(k) / times[k-1] }
	best := workers
	for k := workers - 1; k >= (workers+1)/2; k-- {
		if rate(k) > rate(best) {
			best = k
		}
	}
	if now := workers - a.backup; rate(best) > clearGain*rate(now) {
		a.backup = workers - best
	}
}

// state implements stateful: what the next choices follow from.
func (a *adaptive) state() []float64 {
	return append([]float64{float64(a.backup), float64(a.closed)}, a.mean...)
}

func (a *adaptive) restore(s []float64) {
	if len(s) == 2+len(a.mean) {
		a.backup, a.closed = int(s[0]), int(s[1])
		copy(a.mean, s[2:])
	}
}

// waitsFor returns for how many workers a full round waits under b, 0 when it is no round barrier.
func waitsFor(b Barrier) int {
	switch b := b.(type) {
	case *roundBarrier:
		return len(b.arrived) - b.backup
	case *adaptive:
		return len(b.arrived) - b.backup
	}
	return 0
}
