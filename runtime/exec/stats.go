package exec

import (
	"sort"
	"sync"
	"time"

	"gdml/lang/source"
)

// Stats collects the time of instructions. It may be used by several goroutines.
type Stats struct {
	mu    sync.Mutex
	rows  map[statKey]*Hit
	notes []string
}

type statKey struct {
	op string
	at source.Pos
}

// Hit is one row of the heavy-hitter table.
type Hit struct {
	Opcode string
	At     source.Span
	Time   time.Duration // of all calls; a call of a DML function includes what it runs
	Self   time.Duration // Time without the instructions that ran within
	Count  int64
}

// NewStats returns an empty collection.
func NewStats() *Stats { return &Stats{rows: map[statKey]*Hit{}} }

func (s *Stats) add(i *Meta, total, self time.Duration) {
	s.Merge(Hit{Opcode: i.Opcode, At: i.At, Time: total, Self: self, Count: 1})
}

// Merge adds the times and count of h to the row of its opcode and place.
func (s *Stats) Merge(h Hit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := statKey{h.Opcode, h.At.Start}
	row := s.rows[k]
	if row == nil {
		row = &Hit{Opcode: h.Opcode, At: h.At}
		s.rows[k] = row
	}
	row.Time += h.Time
	row.Self += h.Self
	row.Count += h.Count
}

// Hits returns the rows by falling time; equal times by position.
func (s *Stats) Hits() []Hit {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Hit, 0, len(s.rows))
	for _, h := range s.rows {
		out = append(out, *h)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Time != out[j].Time {
			return out[i].Time > out[j].Time
		}
		if out[i].At.Start != out[j].At.Start {
			return out[i].At.Start < out[j].At.Start
		}
		return out[i].Opcode < out[j].Opcode
	})
	return out
}

// Note adds lines that an operation reports about itself, for printing after the totals.
func (s *Stats) Note(lines ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, lines...)
}

// Notes returns the lines of all notes in the order they were added.
func (s *Stats) Notes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.notes...)
}
