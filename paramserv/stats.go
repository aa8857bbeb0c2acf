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
	Total         time.Duration   // the whole call
	Setup         time.Duration   // checks, partitioning, making the functions
	Gradient      time.Duration   // in upd
	LocalUpdate   time.Duration   // in agg, called by workers
	ServerUpdate  time.Duration   // in sums, averages and agg, by the server
	Slice         time.Duration   // cutting batches
	Validation    time.Duration   // in val
	Queue         time.Duration   // pushes waiting for the server
	Wait          []time.Duration // per worker: waiting for a model

	Pushes      int
	Updates     int // versions of the model; the rounds of a barrier mode
	Batches     int
	Rows        int
	BytesPushed int64
	BytesPulled int64
	Staleness   []int // Staleness[s] pushes were s updates old when they were used
}

// RowsPerSecond is the effective training speed.
func (s *Stats) RowsPerSecond() float64 {
	return float64(s.Rows) / max((s.Total-s.Setup).Seconds(), 1e-9)
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
	s.Batches += w.batches
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
