package paramserv

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// hogwild is lock-free (Recht, Ré, Wright and Niu, "Hogwild: a lock-free approach to
// parallelizing stochastic gradient descent", NIPS 2011): there is one model in shared
// memory; workers read its cells while others change them, and change the cells for which
// their gradients are not zero. See recognise for what agg may be.
var hogwild = Strategy{
	Name:   "HOGWILD",
	Doc:    "lock-free: workers change single cells of one shared model; agg must be model - step*gradient",
	Rounds: never,
	Check: func(c *Config, bad func(string, ...any)) {
		for _, no := range []struct {
			given bool
			name  string
			why   string
		}{
			{c.ModelAvg, "modelAvg", "it pushes gradients into one model"},
			{c.Checkpoint.Every > 0, "checkpointing", "there is no moment at which the model stands still"},
			{c.Servers > 1, "servers", "there is no server"},
			{c.Faults.losesWorkers(), "the loss of workers", "rows cannot be dealt out anew without a server"},
		} {
			if no.given {
				bad("utype=\"HOGWILD\" does not go with %s: %s", no.name, no.why)
			}
		}
	},
}

// sharedModel is the hub of HOGWILD: no server, and no lock on the way of a push.
type sharedModel struct {
	run   *run
	plan  *plan
	ctx   context.Context
	ended chan<- snapshot
	order *sequence
	start time.Time

	cells   [][]uint64 // bits of the floats of each entry of the model
	version atomic.Int64
	rule    func() (*axpy, error) // found at the first push
	sample  atomic.Pointer[value.List]
	links   []*sharedLink
	last    *value.List // the model after the last push

	mu    sync.Mutex // guards the counters of epochs, not the model
	left  []int      // pushes missing in the epochs from done on
	rows  []Epoch
	done  int
	stats Stats
}

func newShared(ctx context.Context, r *run, ended chan<- snapshot) *sharedModel {
	s := &sharedModel{run: r, plan: r.plan, ctx: ctx, ended: ended, order: newSequence(r.plan)}
	m := r.plan.cfg.Model
	for i := range m.Len() {
		var bits []uint64
		for _, v := range numbers(m.At(i)) {
			bits = append(bits, math.Float64bits(v))
		}
		s.cells = append(s.cells, bits)
	}
	s.rule = sync.OnceValues(func() (*axpy, error) {
		a, err := recognise(ctx, s.plan, r.fold.fns, s.sample.Load())
		if err != nil {
			err = fmt.Errorf("utype=\"HOGWILD\" cannot use this agg: %w", err)
		}
		return a, err
	})
	for w := range r.plan.workers {
		s.links = append(s.links, &sharedLink{hub: s, worker: w, over: make(chan struct{})})
	}
	return s
}

func (s *sharedModel) Link(worker int) Link { return s.links[worker] }

// load only sets the clock: there are no checkpoints.
func (s *sharedModel) load(_ *checkpoint, start time.Time) error {
	s.start = start
	return nil
}

// serve waits for the last epoch, or for the end of the call.
func (s *sharedModel) serve(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { s.order.stop(context.Cause(ctx)) })
	defer stop()
	for _, l := range s.links {
		select {
		case <-l.over:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	s.last = s.read(true)
	return nil
}

func (s *sharedModel) result() (*value.List, *Stats) { return s.last, &s.stats }

func (s *sharedModel) close() {
	releaseList(s.last)
	for _, l := range s.links {
		releaseList(l.rest)
	}
	releaseList(s.sample.Load())
}

// read copies the model, cell by cell while others write. The result is a new reference.
// settled asks for the storage that the matrices would have anywhere else; a model that
// is used once is not worth looking at every cell again.
func (s *sharedModel) read(settled bool) *value.List {
	m := s.plan.cfg.Model
	vals := make([]value.Value, m.Len())
	mat := matrix.Ctx{Mem: s.plan.cfg.Mem}
	for i := range vals {
		switch v := m.At(i).(type) {
		case *matrix.Matrix:
			out := matrix.New(&mat, v.Rows(), v.Cols())
			d := out.DenseData()
			for j := range d {
				d[j] = loadCell(&s.cells[i][j])
			}
			vals[i] = out
			if settled {
				vals[i] = matrix.Compact(&mat, out)
			}
		case float64:
			vals[i] = loadCell(&s.cells[i][0])
		case int64:
			vals[i] = value.Value(v)
			if x := loadCell(&s.cells[i][0]); x != float64(v) {
				vals[i] = x
			}
		default:
			vals[i] = v
		}
	}
	return value.NewList(vals, m.Names())
}

// write takes a step along gradients, for the cells that are not zero.
func (s *sharedModel) write(a *axpy, g *value.List) {
	for i := range g.Len() {
		step, cells, fused := a.step[i], s.cells[i], a.fused[i]
		if x, ok := g.At(i).(*matrix.Matrix); ok {
			cols := x.Cols()
			x.Each(func(r, c int, v float64) { moveCell(&cells[r*cols+c], step, v, fused) })
			continue
		}
		moveCell(&cells[0], step, numbers(g.At(i))[0], fused)
	}
}

// sharedLink is the way of a worker to the shared model.
type sharedLink struct {
	hub    *sharedModel
	worker int
	from   int // first round not done
	iter   int
	rest   *value.List
	over   chan struct{} // closed when the worker has no rounds left
}

func (l *sharedLink) Context() context.Context { return l.hub.ctx }

// Pull reads the model. It never waits, except for its turn in a record or replay.
func (l *sharedLink) Pull() (Grant, error) {
	s := l.hub
	if err := context.Cause(s.ctx); err != nil {
		return Grant{}, err
	}
	round := s.plan.next(l.worker, l.from)
	if round >= s.plan.total() {
		s.order.leave(l.worker)
		close(l.over)
		return Grant{Done: true}, nil
	}
	e, g := s.plan.place(round)
	out := Grant{Round: round, Epoch: e, Group: g, Iter: l.iter, Rest: l.rest, deal: s.plan.at(round)}
	err := s.turn(l.worker, 'p', func() error {
		out.Version = int(s.version.Load())
		out.Model = s.read(false)
		return nil
	})
	return out, err
}

// turn runs f at once, or as the next event where an order is recorded or replayed.
func (s *sharedModel) turn(worker int, kind byte, f func() error) error {
	if !s.order.active() {
		return f()
	}
	return s.order.turn(worker, kind, f)
}

// Push changes the model.
func (l *sharedLink) Push(p *Push) error {
	s := l.hub
	if s.sample.Load() == nil {
		kept := value.Retain(p.List).(*value.List)
		if !s.sample.CompareAndSwap(nil, kept) {
			value.Release(kept)
		}
	}
	defer value.Release(p.List)
	rule, err := s.rule()
	if err != nil {
		return &Error{Step: "aggregation", Worker: l.worker + 1, Epoch: p.Epoch + 1, Err: err}
	}
	if p.Rest != nil {
		releaseList(l.rest)
		l.rest = p.Rest
	}
	l.from, l.iter = p.Round+1, p.Iter
	return s.turn(l.worker, 'u', func() error {
		if err := s.plan.cfg.Faults.hit(faultAggregation, -1, p.Round+1, 0, s.plan.seed, s.start); err != nil {
			return &Error{Step: "aggregation", Worker: l.worker + 1, Epoch: p.Epoch + 1, Err: err}
		}
		begin := time.Now()
		s.write(rule, p.List)
		age := int(s.version.Add(1)) - 1 - p.Base
		s.run.tell(Event{Kind: "push", Worker: p.Worker + 1, Round: p.Round + 1, Epoch: p.Epoch + 1, Rows: p.Rows, Bytes: p.Bytes,
			Version: p.Base + age + 1, Ages: []int{age}, Seconds: p.Took.Seconds()})
		return s.account(p, age, time.Since(begin))
	})
}

func (l *sharedLink) Lost() error {
	return errors.New("paramserv: utype=\"HOGWILD\" cannot go on without a worker")
}

// account counts a push and ends the epochs that are over.
func (s *sharedModel) account(p *Push, age int, took time.Duration) error {
	s.mu.Lock()
	st := &s.stats
	st.ServerUpdate += took
	st.Pushes++
	st.Accepted++
	st.Updates++
	st.AcceptedBatches += p.Batches
	st.BytesPushed += p.Bytes
	st.addStaleness(age)
	for len(s.rows) <= p.Epoch-s.done {
		s.rows = append(s.rows, newEpoch(s.done+len(s.rows)+1))
		s.left = append(s.left, s.plan.deals[0].perEpoch())
	}
	s.rows[p.Epoch-s.done].count(age)
	s.left[p.Epoch-s.done]--
	var over []snapshot
	for len(s.left) > 0 && s.left[0] == 0 {
		row := s.rows[0]
		row.Seconds = time.Since(s.start).Seconds()
		s.rows, s.left = s.rows[1:], s.left[1:]
		s.done++
		st.Epochs++
		over = append(over, snapshot{row: row, model: s.read(true), version: int(s.version.Load()), round: s.plan.first(s.done)})
	}
	defer s.mu.Unlock() // held while sending, so that epochs stay in order
	for i := range over {
		select {
		case s.ended <- over[i]:
		case <-s.ctx.Done():
			return context.Cause(s.ctx)
		}
	}
	return nil
}
