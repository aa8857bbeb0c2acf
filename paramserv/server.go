package paramserv

import (
	"context"
	"sync"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// server owns the model. serve runs in one goroutine; workers reach it through
// pull and send only.
type server struct {
	plan    *plan
	barrier Barrier
	fns     Functions
	mat     matrix.Ctx
	inbox   chan push
	ended   chan<- snapshot // models at the ends of epochs, for validation

	mu      sync.Mutex
	model   *value.List   // immutable; replaced by publish
	version int           // updates made
	handled []int         // pushes taken in, per worker
	changed chan struct{} // closed and replaced whenever the three above change

	kept  []*push // pushes of the open round, by worker
	left  []int   // pushes missing per epoch
	rows  []Epoch
	start time.Time
	stats Stats
}

// snapshot is the model at the end of an epoch.
type snapshot struct {
	row   Epoch
	model *value.List // a reference of its own
}

func newServer(p *plan, ended chan<- snapshot) *server {
	s := &server{
		plan:    p,
		barrier: p.strategy.Barrier(p),
		mat:     matrix.Ctx{Par: p.cfg.Budget.Split(p.workers), Mem: p.cfg.Mem},
		inbox:   make(chan push),
		ended:   ended,
		model:   value.Retain(p.cfg.Model).(*value.List),
		handled: make([]int, p.workers),
		changed: make(chan struct{}),
		kept:    make([]*push, p.workers),
	}
	for e := range p.cfg.Epochs {
		s.left = append(s.left, p.perEpoch())
		s.rows = append(s.rows, newEpoch(e+1))
	}
	return s
}

// pull returns the model for a round, with its version, once the server has taken
// in the worker's earlier pushes and the barrier admits the round. The model is a
// new reference.
func (s *server) pull(ctx context.Context, worker, sent, round int) (*value.List, int, error) {
	for {
		s.mu.Lock()
		if s.handled[worker] == sent && s.barrier.Admit(s.version, round) {
			m, v := value.Retain(s.model).(*value.List), s.version
			s.mu.Unlock()
			return m, v, nil
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, 0, context.Cause(ctx)
		}
	}
}

// send hands a push to the server.
func (s *server) send(ctx context.Context, p push) error {
	select {
	case s.inbox <- p:
		return nil
	case <-ctx.Done():
		value.Release(p.list)
		return context.Cause(ctx)
	}
}

// serve takes in all pushes of the run.
func (s *server) serve(ctx context.Context) error {
	for range s.plan.perEpoch() * s.plan.cfg.Epochs {
		select {
		case p := <-s.inbox:
			if err := s.take(ctx, &p); err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// take keeps one push and updates the model when the barrier closes.
func (s *server) take(ctx context.Context, p *push) error {
	s.stats.Queue += time.Since(p.sent)
	s.stats.Pushes++
	s.stats.BytesPushed += value.Bytes(p.list)
	s.kept[p.worker] = p
	var used []*push
	next := s.model
	if s.barrier.Arrive(p.worker, p.round).Close {
		for w, k := range s.kept {
			if k != nil {
				used = append(used, k)
				s.kept[w] = nil
			}
		}
		begin := time.Now()
		m, err := s.update(ctx, used)
		s.stats.ServerUpdate += time.Since(begin)
		if err != nil {
			return err
		}
		next = m
	}
	s.publish(p.worker, next, len(used) > 0)
	for _, u := range used {
		if err := s.account(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// update returns the model after the pushes, which stand in the order of the workers, as a new reference.
func (s *server) update(ctx context.Context, used []*push) (*value.List, error) {
	cfg := s.plan.cfg
	lists := make([]*value.List, len(used))
	weight := make([]float64, len(used))
	first := used[0]
	info := Info{Epoch: first.epoch + 1, Round: first.round + 1, Iter: s.version + 1, Workers: s.plan.workers, BatchSize: cfg.BatchSize}
	for i, u := range used {
		lists[i] = u.list
		info.Rows += u.rows
		weight[i] = 1
		if cfg.Weighting {
			weight[i] = float64(u.rows)
		}
	}
	if len(used) == 1 {
		info.Worker = first.worker + 1
	}
	fail := func(err error) error {
		return &Error{Step: "aggregation", Worker: info.Worker, Epoch: info.Epoch, Err: err}
	}
	if cfg.ModelAvg {
		m, err := s.mix(lists, weight)
		if err != nil {
			return nil, fail(err)
		}
		return m, nil
	}
	total, err := sum(&s.mat, lists)
	if err != nil {
		return nil, fail(err)
	}
	defer value.Release(total)
	m, err := s.fns.Aggregate(ctx, info, s.model, total)
	if err != nil {
		return nil, fail(err)
	}
	return named(s.model, m), nil
}

// mix averages pushed models: over the workers in a barrier mode, else into the server's model by alpha.
func (s *server) mix(lists []*value.List, weight []float64) (*value.List, error) {
	if s.plan.strategy.Rounds {
		return average(&s.mat, lists, weight)
	}
	alpha := s.plan.cfg.Alpha
	if alpha == 0 {
		alpha = 1 / float64(s.plan.workers)
	}
	return value.MixLists(&s.mat, s.model, lists[0], alpha)
}

// publish makes the next model visible and lets the worker whose push was taken in go on. updated tells
// that next is a new version, whose reference the server takes over.
func (s *server) publish(worker int, next *value.List, updated bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handled[worker]++
	if updated {
		value.Release(s.model)
		s.model = next
		s.version++
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// account counts a push that was used in the newest version and ends its epoch when it was the last one.
func (s *server) account(ctx context.Context, u *push) error {
	value.Release(u.list)
	age := s.version - 1 - u.base
	s.stats.addStaleness(age)
	row := &s.rows[u.epoch]
	row.count(age)
	s.left[u.epoch]--
	if s.left[u.epoch] > 0 {
		return nil
	}
	row.Seconds = time.Since(s.start).Seconds()
	select {
	case s.ended <- snapshot{*row, value.Retain(s.model).(*value.List)}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
