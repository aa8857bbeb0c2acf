package paramserv

import (
	"math"
	"time"
)

// Report is what a call tells about itself besides the model.
type Report struct {
	History []Epoch
	Stats   Stats
}

// Stats are the counters of one call. Times of workers are sums over all of them.
type Stats struct {
	UType, Scheme string
	Workers       int
	Servers       int             // shards of the model
	Total         time.Duration   // the whole call
	Setup         time.Duration   // checks, partitioning, making the functions
	Gradient      time.Duration   // in upd
	LocalUpdate   time.Duration   // in agg, called by workers
	ServerUpdate  time.Duration   // in sums, averages and agg, by the server
	Slice         time.Duration   // cutting batches
	SliceWait     time.Duration   // waiting for a batch: Slice less what prefetching hides
	Validation    time.Duration   // in val
	Queue         time.Duration   // pushes waiting for the server
	Broadcast     time.Duration   // models on their way from the server to workers
	Delay         time.Duration   // injected
	Wait          []time.Duration // per worker: waiting for a model

	Epochs          int // finished, with those before a resumed run
	Pushes          int
	Accepted        int // pushes that went into an update
	Discarded       int // pushes that came too late
	Updates         int // versions of the model; the rounds of a barrier mode
	Batches         int // computed
	AcceptedBatches int // that went into an update
	DroppedBatches  int // that were due, but went into no update
	Retries, Lost   int
	Rows            int
	BytesPushed     int64 // as on a wire
	BytesPulled     int64
	Staleness       []int // Staleness[s] pushes were s updates old when they were used
	Quorums         []Quorum

	before int // batches done before a resumed run
}

// Quorum says for how many workers the rounds of SBP waited.
type Quorum struct {
	Round   int // 1-based number among the rounds of this run, the first of a stretch
	Workers int
	Rounds  int // length of the stretch
}

// noteQuorum counts a closed round.
func (s *Stats) noteQuorum(workers int) {
	if n := len(s.Quorums); n > 0 && s.Quorums[n-1].Workers == workers {
		s.Quorums[n-1].Rounds++
		return
	}
	s.Quorums = append(s.Quorums, Quorum{Round: s.Updates, Workers: workers, Rounds: 1})
}

// WaitedFor returns the mean of the quorums over all rounds, 0 without any.
func (s *Stats) WaitedFor() float64 {
	n, sum := 0, 0
	for _, q := range s.Quorums {
		n += q.Rounds
		sum += q.Rounds * q.Workers
	}
	return float64(sum) / float64(max(n, 1))
}

// Overlap returns the share of the time spent on cutting batches that went on beside computation.
func (s *Stats) Overlap() float64 {
	if s.Slice <= 0 {
		return 0
	}
	return min(1, max(0, 1-float64(s.SliceWait)/float64(s.Slice)))
}

// RowsPerSecond is the effective training speed.
func (s *Stats) RowsPerSecond() float64 {
	return float64(s.Rows) / max((s.Total-s.Setup).Seconds(), 1e-9)
}

// LeastStaleness returns the smallest age of a push, in updates.
func (s *Stats) LeastStaleness() int {
	for age, n := range s.Staleness {
		if n > 0 {
			return age
		}
	}
	return 0
}

// MeanStaleness returns the mean age of pushes, in updates.
func (s *Stats) MeanStaleness() float64 {
	n, sum := 0, 0
	for age, c := range s.Staleness {
		n += c
		sum += age * c
	}
	if n == 0 {
		return 0
	}
	return float64(sum) / float64(n)
}

// MaxStaleness returns the largest age of a push, in updates.
func (s *Stats) MaxStaleness() int { return max(len(s.Staleness)-1, 0) }

func (s *Stats) addStaleness(age int) {
	for len(s.Staleness) <= age {
		s.Staleness = append(s.Staleness, 0)
	}
	s.Staleness[age]++
}

// addWorker adds the counters that a worker kept for itself.
func (s *Stats) addWorker(w *worker) {
	s.Gradient += w.gradient
	s.LocalUpdate += w.update
	s.Slice += w.slice
	s.SliceWait += w.sliceWait
	s.Broadcast += w.lag
	s.Delay += w.delay
	s.Batches += w.batches
	s.Retries += w.retries
	s.Rows += w.rows
	s.BytesPulled += w.pulled
	s.Wait = append(s.Wait, w.wait)
}

// newEpoch returns the row of an epoch that is still running.
func newEpoch(n int) Epoch {
	return Epoch{Epoch: n, Loss: math.NaN(), Accuracy: math.NaN()}
}

// count adds a push of the given age to the row.
func (e *Epoch) count(age int) {
	e.Pushes++
	e.MeanStale += (float64(age) - e.MeanStale) / float64(e.Pushes)
	e.MaxStale = max(e.MaxStale, age)
}
