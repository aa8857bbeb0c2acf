package paramserv

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Log is the order in which a call took in what its workers sent. Everything else
// follows from it and the arguments, so that a call that repeats it gives the same bits.
type Log struct {
	UType   string
	Workers int
	entries []entry
}

// entry is one thing that happened: a push (or loss) of a worker, or a pull of HOGWILD.
type entry struct {
	Worker int
	Kind   byte          // 'u' push, 'x' loss, 'p' pull
	Took   time.Duration // of a push: what the choice of backup workers looks at
}

// String writes the log as text for ParseLog.
func (l *Log) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d", l.UType, l.Workers)
	for _, e := range l.entries {
		fmt.Fprintf(&b, " %c%d", e.Kind, e.Worker)
		if e.Kind == 'u' && e.Took > 0 {
			fmt.Fprintf(&b, ":%d", e.Took)
		}
	}
	return b.String()
}

// ParseLog reads the text form of a log.
func ParseLog(text string) (*Log, error) {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return nil, fmt.Errorf("a record of paramserv begins with utype and workers")
	}
	n, err := strconv.Atoi(fields[1])
	if err != nil || n < 1 {
		return nil, fmt.Errorf("%q is no number of workers", fields[1])
	}
	l := &Log{UType: fields[0], Workers: n}
	for _, f := range fields[2:] {
		worker, took, timed := strings.Cut(f[1:], ":")
		e := entry{Kind: f[0]}
		e.Worker, err = strconv.Atoi(worker)
		if err == nil && timed {
			var ns int64
			ns, err = strconv.ParseInt(took, 10, 64)
			e.Took = time.Duration(ns)
		}
		if err != nil || e.Worker < 0 || e.Worker >= n || !strings.ContainsRune("uxp", rune(e.Kind)) {
			return nil, fmt.Errorf("%q is no entry of a record of %d workers", f, n)
		}
		l.entries = append(l.entries, e)
	}
	return l, nil
}

// fits reports why a log cannot be replayed by a call.
func (l *Log) fits(p *plan) error {
	if l.UType != p.strategy.Name || l.Workers != p.workers {
		return fmt.Errorf("the record to replay is of utype %s with %d workers, but this call is %s with %d", l.UType, l.Workers, p.strategy.Name, p.workers)
	}
	return nil
}

// sequence records or repeats an order of events. Several goroutines may use turn;
// want and take are for one.
type sequence struct {
	record, replay *Log
	timed          bool

	mu     sync.Mutex
	cond   sync.Cond
	next   int    // events so far: the entry of replay that is due
	digest uint64 // of these events
	halt   error
	ended  []bool // workers that do nothing any more, in a replay by turns
}

func newSequence(p *plan) *sequence {
	s := &sequence{record: p.cfg.Record, replay: p.cfg.Replay, timed: p.cfg.AutoBackup, ended: make([]bool, p.workers)}
	if s.record != nil {
		s.record.UType, s.record.Workers = p.strategy.Name, p.workers
	}
	s.cond.L = &s.mu
	return s
}

// progress is how far an order has come.
type progress struct {
	events  int
	digest  uint64
	entries []entry // the events, if they are recorded
}

// reached returns how far the order has come. Entries that are added later do not show in it.
func (s *sequence) reached() progress {
	p := progress{events: s.next, digest: s.digest}
	if s.record != nil {
		p.entries = slices.Clip(s.record.entries)
	}
	return p
}

// resume goes on from where a checkpoint had come to.
func (s *sequence) resume(p progress) error {
	if s.replay != nil {
		var digest uint64
		for _, e := range s.replay.entries[:min(p.events, len(s.replay.entries))] {
			digest = s.digestWith(digest, e)
		}
		if digest != p.digest {
			return errors.New("resume: the checkpoint was reached in another order than the one to replay")
		}
	}
	if s.record != nil && len(p.entries) != p.events {
		return errors.New("resume: the order was not recorded up to the checkpoint, and a record of the rest could not be replayed")
	}
	if s.record != nil {
		s.record.entries = slices.Clone(p.entries)
	}
	s.next, s.digest = p.events, p.digest
	return nil
}

// digestWith returns the digest of a sequence of events that e follows.
func (s *sequence) digestWith(digest uint64, e entry) uint64 {
	digest = mix(digest ^ uint64(e.Kind)<<32 ^ uint64(e.Worker))
	if s.timed && e.Kind == 'u' {
		digest = mix(digest ^ uint64(e.Took))
	}
	return digest
}

func (s *sequence) active() bool { return s.record != nil || s.replay != nil }

// want returns the entry that is due, nil when any will do.
func (s *sequence) want() (*entry, error) {
	if s.replay == nil {
		return nil, nil
	}
	if s.next >= len(s.replay.entries) {
		return nil, fmt.Errorf("paramserv: the replayed run is longer than the recorded one")
	}
	return &s.replay.entries[s.next], nil
}

// take notes that m was taken in, as want asked.
func (s *sequence) take(m *Message, want *entry) error {
	e := entry{Worker: m.Worker, Kind: 'x'}
	if m.Push != nil {
		e.Kind = 'u'
	}
	s.next++
	if want != nil {
		if want.Kind != e.Kind {
			return fmt.Errorf("paramserv: the replayed run differs from the recorded one at event %d", s.next)
		}
		if m.Push != nil && s.timed {
			m.Push.Took = want.Took
		}
	}
	if s.timed && m.Push != nil {
		e.Took = m.Push.Took
	}
	s.digest = s.digestWith(s.digest, e)
	if s.record != nil {
		s.record.entries = append(s.record.entries, e)
	}
	return nil
}

// turn runs f as the next event of a worker: one at a time, and in the recorded order.
func (s *sequence) turn(worker int, kind byte, f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.replay != nil && s.halt == nil {
		want, err := s.want()
		switch {
		case err != nil:
			s.halt = err
		case want.Worker == worker && want.Kind != kind, s.ended[want.Worker]:
			s.halt = fmt.Errorf("paramserv: the replayed run differs from the recorded one at event %d", s.next+1)
		case want.Worker != worker:
			s.cond.Wait()
			continue
		}
		break
	}
	if s.halt != nil {
		s.cond.Broadcast()
		return s.halt
	}
	s.next++
	s.cond.Broadcast()
	if s.record != nil {
		s.record.entries = append(s.record.entries, entry{Worker: worker, Kind: kind})
	}
	return f()
}

// leave tells that a worker takes no further turn.
func (s *sequence) leave(worker int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended[worker] = true
	s.cond.Broadcast()
}

// stop wakes everybody who waits for a turn.
func (s *sequence) stop(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.halt == nil {
		s.halt = err
	}
	s.cond.Broadcast()
}
