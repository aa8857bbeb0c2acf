package paramserv

import (
	"context"
	"errors"
	"testing"
	"time"

	"gdml/runtime/value"
)

// sim is a transport in virtual time: every round of a worker takes as long as cost
// says, nothing runs beside the server, and one seed gives one run.
type sim struct {
	now     time.Duration
	cost    func(worker, n int) time.Duration // of the n-th grant of a worker, from 0
	push    func(worker int, g Grant) *value.List
	grants  []int
	doing   []*simJob
	ended   []bool // told that there is nothing left, or cancelled
	lostAt  map[int]int
	rounds  [][]int // rounds granted, per worker
	invalid string
}

type simJob struct {
	g    Grant
	done time.Duration
	took time.Duration
}

func newSim(workers int, cost func(worker, n int) time.Duration) *sim {
	return &sim{
		cost: cost, grants: make([]int, workers), doing: make([]*simJob, workers), ended: make([]bool, workers), rounds: make([][]int, workers),
		push: func(int, Grant) *value.List {
			return value.NewList([]value.Value{column(1, 0, 0), 1.0}, nil)
		},
	}
}

func (s *sim) Link(int) Link { return nil }

func (s *sim) Close() {}

func (s *sim) Send(w int, g Grant) {
	if s.doing[w] != nil || s.ended[w] {
		s.invalid = "a worker was granted a round while it had another, or after the end"
	}
	if g.Done {
		s.ended[w] = true
		return
	}
	took := s.cost(w, s.grants[w])
	s.grants[w]++
	s.rounds[w] = append(s.rounds[w], g.Round)
	s.doing[w] = &simJob{g: g, done: s.now + took, took: took}
}

func (s *sim) Cancel(w int) {
	s.ended[w] = true
	s.doing[w] = nil
}

var errIdle = errors.New("nobody computes, and the run is not over")

// Receive returns the push that is ready first, of the lower worker when two are.
func (s *sim) Receive(context.Context) (Message, error) {
	first := -1
	for w, j := range s.doing {
		if j != nil && (first < 0 || j.done < s.doing[first].done) {
			first = w
		}
	}
	if first < 0 {
		return Message{}, errIdle
	}
	j := s.doing[first]
	s.doing[first] = nil
	s.now = j.done
	if at, ok := s.lostAt[first]; ok && s.grants[first] > at {
		s.ended[first] = true
		return Message{Worker: first}, nil
	}
	lo, hi := j.g.deal.span(first, j.g.Group)
	return Message{Worker: first, Push: &Push{
		Worker: first, Round: j.g.Round, Epoch: j.g.Epoch, Rows: hi - lo, Batches: hi - lo, Base: j.g.Version, Took: j.took, List: s.push(first, j.g),
	}}, nil
}

// simulate runs a configuration in virtual time. Its functions add gradients of one.
func simulate(t *testing.T, c Config, s *sim) *server {
	t.Helper()
	f := regression(-1, true)
	c.Model = value.NewList([]value.Value{column(0, 0, 0), 0.0}, nil)
	p := planOf(&c)
	ended := make(chan snapshot, c.Epochs)
	r := &run{plan: p, prog: f, fold: &folder{plan: p, prog: f, fns: f}}
	srv := newServer(r, s, ended)
	err := srv.load(nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	watch(t, c, func() { err = srv.serve(context.Background()) })
	if err != nil {
		t.Fatalf("%v: %v", c, err)
	}
	if s.invalid != "" {
		t.Errorf("%v: %s", c, s.invalid)
	}
	for w, yes := range s.ended {
		if !yes {
			t.Errorf("%v: worker %d was not told of the end", c, w)
		}
	}
	if len(ended) != c.Epochs {
		t.Errorf("%v: %d epochs ended", c, len(ended))
	}
	return srv
}

func constant(costs ...time.Duration) func(int, int) time.Duration {
	return func(w, _ int) time.Duration { return costs[w] }
}

// A slower worker contributes as often as it is in time: it wastes at most one push per
// straggle, and the number of rounds is that of BSP.
func TestBackupWorkersAcceptFreshPushes(t *testing.T) {
	const ms = time.Millisecond
	for _, slow := range []time.Duration{15 * ms, 20 * ms, 50 * ms} {
		c := config(400, 4, 1)
		c.UType, c.Backup, c.Epochs = "SBP", 1, 3
		s := newSim(4, constant(10*ms, 10*ms, 10*ms, slow))
		srv := simulate(t, c, s)
		st := srv.stats
		if st.Updates != 300 {
			t.Errorf("%v: %d rounds, want 300", slow, st.Updates)
		}
		// The slow worker is granted the open round whenever it is free and is late every time; the others never are.
		late := len(s.rounds[3]) - 1 // the last is cancelled at the end, unless it pushed before
		if st.Accepted != 900 || st.Discarded < late || st.Discarded > late+1 {
			t.Errorf("%v: %d accepted, %d discarded of %d grants", slow, st.Accepted, st.Discarded, len(s.rounds[3]))
		}
		most := int(3000*ms/slow) + 1
		if len(s.rounds[3]) > most || len(s.rounds[3]) < most/2 {
			t.Errorf("%v: the slow worker began %d rounds, want about %d", slow, len(s.rounds[3]), most)
		}
	}
	// Slow for a while only: after one wasted push it is in time again.
	c := config(400, 4, 1)
	c.UType, c.Backup, c.Epochs = "SBP", 1, 3
	s := newSim(4, func(w, n int) time.Duration {
		switch {
		case w == 3 && n == 20:
			return 55 * ms
		case w == 3:
			return 4 * ms // in time even when it begins within a round
		}
		return 10 * ms
	})
	if st := simulate(t, c, s).stats; st.Updates != 300 || len(s.rounds[3]) != 296 {
		t.Errorf("%d rounds, the worker that was slow once began %d", st.Updates, len(s.rounds[3]))
	}
}

// waited returns for how many workers each round waited.
func waited(st *Stats) (ks []int) {
	for _, q := range st.Quorums {
		for range q.Rounds {
			ks = append(ks, q.Workers)
		}
	}
	return ks
}

// The number of workers waited for follows their speed.
func TestAdaptiveBackup(t *testing.T) {
	const ms = time.Millisecond
	jitter := func(w, n int) time.Duration {
		s := stream(subSeed(1, forDelays, w, n))
		return 10*ms + time.Duration(s.below(uint64(2*ms)))
	}
	c := config(1200, 4, 1)
	c.UType, c.AutoBackup, c.Epochs = "SBP", true, 1
	all := 0
	ks := waited(&simulate(t, c, newSim(4, jitter)).stats)
	for _, k := range ks {
		if k == 4 {
			all++
		}
	}
	if all < len(ks)*95/100 {
		t.Errorf("equal workers: all were waited for in %d of %d rounds", all, len(ks))
	}

	slow := func(until int) func(w, n int) time.Duration {
		return func(w, n int) time.Duration {
			if w == 3 && n < until {
				return 10 * jitter(w, n)
			}
			return jitter(w, n)
		}
	}
	c = config(4000, 4, 1) // the first ten rounds are slow: long enough to make up for them
	c.UType, c.AutoBackup, c.Epochs = "SBP", true, 1
	adaptive := newSim(4, slow(1<<30))
	ks = waited(&simulate(t, c, adaptive).stats)
	for r, k := range ks {
		if r >= 30 && k != 3 {
			t.Fatalf("one slow worker: round %d waits for %d", r, k)
		}
	}
	fixed := newSim(4, slow(1<<30))
	three := c
	three.AutoBackup, three.Backup = false, 1
	simulate(t, three, fixed)
	if float64(fixed.now) < 0.8*float64(adaptive.now) {
		t.Errorf("%v with the choice, %v with three fixed", adaptive.now, fixed.now)
	}

	healed := 10 // grants of the slow worker
	s := newSim(4, slow(healed))
	ks = waited(&simulate(t, c, s).stats)
	from := s.rounds[3][healed] // the first round that it computes at full speed
	for r, k := range ks {
		if r >= from+30 && k != 4 {
			t.Fatalf("the slow worker is as fast as the others from round %d on, but round %d waits for %d", from, r, k)
		}
	}
}

// Under SSP the fast workers run ahead by the staleness and then keep pace with the slowest.
func TestStaleWorkersKeepPace(t *testing.T) {
	const ms = time.Millisecond
	c := config(80, 4, 1)
	c.UType, c.Staleness, c.Epochs = "SSP", 3, 1
	s := newSim(4, constant(10*ms, 10*ms, 10*ms, 100*ms))
	var begun []time.Duration // of the rounds of worker 0
	s.cost = func(w, _ int) time.Duration {
		if w == 0 {
			begun = append(begun, s.now)
		}
		if w == 3 {
			return 100 * ms
		}
		return 10 * ms
	}
	simulate(t, c, s)
	for round, at := range begun {
		want := time.Duration(round) * 10 * ms
		if round > 3 {
			want = time.Duration(round-3) * 100 * ms // the slow one begins round-3
		}
		if at != want {
			t.Errorf("round %d begins at %v, want %v", round, at, want)
		}
	}
}

// Random costs, parts, losses: every mode ends, with the right number of rounds and
// staleness, and every worker gets each of its rounds at most once, in order.
func TestProtocolInVirtualTime(t *testing.T) {
	runs := 400
	if long() {
		runs = 20000
	}
	for i := range runs {
		random := stream(uint64(i))
		pick := func(n int) int { return int(random.below(uint64(n))) }
		c := config(1+pick(60), 1+pick(8), 1+pick(9))
		c.Epochs, c.Scheme, c.Freq, c.NBatches = 1+pick(4), SchemeNames()[pick(4)], Freqs()[pick(3)], 1+pick(3)
		c.Imbalance, c.Retries = Imbalances()[pick(3)], 1
		m := modes[pick(len(modes)-1)] // all with a server
		c, ok := m.in(c)
		if !ok {
			continue
		}
		w := planOf(&c).workers
		s := newSim(w, func(int, int) time.Duration { return time.Duration(1 + pick(20)) })
		if w > 1 && pick(3) == 0 {
			s.lostAt = map[int]int{pick(w): pick(6)}
		}
		srv := simulate(t, c, s)
		for w, rounds := range s.rounds {
			for j := 1; j < len(rounds); j++ {
				if rounds[j] <= rounds[j-1] {
					t.Fatalf("%d %v: worker %d got round %d after %d", i, c, w, rounds[j], rounds[j-1])
				}
			}
		}
		if s.lostAt == nil && m.rounds && m.utype != "SSP" && srv.stats.Updates != srv.core.total() {
			t.Errorf("%d %v: %d updates in %d rounds", i, c, srv.stats.Updates, srv.core.total())
		}
		if s.lostAt == nil && m.utype != "SBP" && srv.stats.AcceptedBatches != srv.plan.batchesInRun() {
			t.Errorf("%d %v: %d of %d batches", i, c, srv.stats.AcceptedBatches, srv.plan.batchesInRun())
		}
		if most := (2*c.Staleness + 1) * (w - 1); m.utype == "SSP" && srv.stats.MaxStaleness() > most {
			t.Errorf("%d %v: staleness %d, at most %d may be", i, c, srv.stats.MaxStaleness(), most)
		}
	}
}
