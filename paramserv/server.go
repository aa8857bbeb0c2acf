package paramserv

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gdml/runtime/value"
)

// server drives a core: it receives messages from a transport, folds pushes into the
// model when the core says so, and answers with grants. It belongs to one goroutine.
type server struct {
	plan  *plan
	core  *core
	wire  Transport
	order *sequence
	fold  *folder
	ended chan<- snapshot // models at the ends of epochs, for validation and checkpoints
	tell  func(Event)

	model  *value.List   // immutable
	lent   []*value.List // per worker that computes: the model it has, for checkpoints; nil where nobody computes at the end of an epoch
	locals []*value.List // under EASGD: the model of each worker
	rest   []*value.List // per worker: what its last push left out
	iter   []int         // per worker: batches begun, as of its last push
	kept   []*Push       // pushes of the open round, by worker
	early  []Message     // received before their turn in a replay

	rows  []Epoch // of epochs that are running
	start time.Time
	stats Stats
}

// snapshot is the state of a run at the end of an epoch. Lists are references of its own.
type snapshot struct {
	row       Epoch
	model     *value.List
	version   int
	round     int // the first of the next epoch
	positions []position
	locals    []*value.List
	rest      []*value.List
	flights   []flight
	running   []Epoch
	barrier   []float64
	order     progress
}

// position is how far a worker is: the first round it has not done, as epoch and number within it.
type position struct{ epoch, group, iter int }

func newServer(r *run, wire Transport, ended chan<- snapshot) *server {
	p := r.plan
	s := &server{
		plan: p, core: newCore(p), wire: wire, fold: r.fold, ended: ended, tell: r.tell,
		order: newSequence(p),
		rest:  make([]*value.List, p.workers), iter: make([]int, p.workers), kept: make([]*Push, p.workers),
	}
	if p.strategy == &easgd {
		s.locals = make([]*value.List, p.workers)
	}
	if c := p.cfg; c.Checkpoint.Every > 0 && (!p.strategy.Rounds(c) || c.Backup > 0 || c.AutoBackup) {
		s.lent = make([]*value.List, p.workers)
	}
	return s
}

// load sets the state before the first message: that of a checkpoint, or the model of the call.
func (s *server) load(c *checkpoint, start time.Time) error {
	s.start = start
	model := s.plan.cfg.Model
	if c != nil {
		model = c.model
		if err := s.order.resume(c.order); err != nil {
			return err
		}
		s.core.resume(c)
		s.stats.Epochs = c.epoch
		s.stats.before = c.batchesDone(s.plan)
		s.rows = c.running
		for w, at := range c.positions {
			s.iter[w] = at.iter
			s.rest[w] = retainList(c.rest[w])
		}
		for w, f := range c.flights {
			s.lent[w] = retainList(f.model)
		}
	}
	s.model = retainList(model)
	for w := range s.locals {
		s.locals[w] = retainList(model)
		if c != nil {
			value.Release(s.locals[w])
			s.locals[w] = retainList(c.locals[w])
		}
	}
	return nil
}

// Link implements hub.
func (s *server) Link(worker int) Link { return s.wire.Link(worker) }

func (s *server) result() (*value.List, *Stats) { return s.model, &s.stats }

// close drops the server's references.
func (s *server) close() {
	releaseList(s.model)
	for _, ls := range [][]*value.List{s.locals, s.rest, s.lent} {
		for _, l := range ls {
			releaseList(l)
		}
	}
	for _, p := range s.kept {
		if p != nil {
			releaseList(p.List)
		}
	}
	for _, m := range s.early {
		m.release()
	}
	s.wire.Close()
}

// serve runs until the last epoch is over.
func (s *server) serve(ctx context.Context) error {
	for w, ph := range s.core.phase {
		if ph == computing { // when the checkpoint was written
			s.wire.Send(w, s.grant(w, s.lent[w], s.core.base[w]))
		}
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	for !s.core.done() {
		m, err := s.receive(ctx)
		if err != nil {
			return err
		}
		if err := s.handle(ctx, m); err != nil {
			return err
		}
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	for w, ph := range s.core.phase {
		if ph == computing {
			s.wire.Cancel(w)
		}
	}
	return nil
}

// receive returns the next message: the next that arrives, or the next of the recorded order.
func (s *server) receive(ctx context.Context) (Message, error) {
	want, err := s.order.want()
	if err != nil {
		return Message{}, err
	}
	if want != nil {
		for i, m := range s.early {
			if m.Worker == want.Worker {
				s.early = append(s.early[:i], s.early[i+1:]...)
				return m, s.order.take(&m, want)
			}
		}
		if s.core.phase[want.Worker] != computing {
			return Message{}, fmt.Errorf("paramserv: the replayed run differs from the recorded one: worker %d does not compute when its push is due", want.Worker+1)
		}
	}
	for {
		m, err := s.wire.Receive(ctx)
		if err != nil {
			return m, err
		}
		if want == nil || m.Worker == want.Worker {
			return m, s.order.take(&m, want)
		}
		s.early = append(s.early, m)
	}
}

// handle takes in one message.
func (s *server) handle(ctx context.Context, m Message) error {
	if m.Push == nil {
		return s.lose(ctx, m.Worker)
	}
	p := m.Push
	s.stats.Queue += time.Since(p.at)
	s.stats.Pushes++
	s.stats.BytesPushed += p.Bytes
	s.iter[p.Worker] = p.Iter
	s.lend(p.Worker, nil)
	d, err := s.core.arrive(p.Worker, p.Round, p.Took)
	if err != nil {
		m.release()
		return err
	}
	s.tell(Event{Kind: "push", Worker: p.Worker + 1, Round: p.Round + 1, Epoch: p.Epoch + 1, Rows: p.Rows, Bytes: p.Bytes, Discarded: d.Discard,
		Seconds: p.Took.Seconds()})
	if d.Discard {
		s.stats.Discarded++
		m.release() // with what it left out: a discarded push leaves no trace
		return nil
	}
	if p.Rest != nil {
		releaseList(s.rest[p.Worker])
		s.rest[p.Worker] = p.Rest
	}
	s.kept[p.Worker] = p
	if d.Close {
		return s.closeRound(ctx)
	}
	return nil
}

// closeRound makes everything kept an update, or one update each.
func (s *server) closeRound(ctx context.Context) error {
	var used []*Push
	for w, k := range s.kept {
		if k != nil {
			used = append(used, k)
			s.kept[w] = nil
		}
	}
	begin := time.Now()
	updates, err := s.apply(ctx, used)
	s.stats.ServerUpdate += time.Since(begin)
	defer func() {
		for _, u := range used {
			releaseList(u.List)
		}
	}()
	if err != nil {
		return err
	}
	before := s.core.version
	s.core.closed(updates)
	s.stats.Updates += updates
	if n := waitsFor(s.core.barrier); n > 0 && s.plan.strategy == &sbp {
		s.stats.noteQuorum(n)
	}
	ages := make([]int, len(used))
	for i, u := range used {
		age := before - u.Base
		if s.plan.strategy.Each && updates > 1 {
			age += i
		}
		ages[i] = age
		s.stats.addStaleness(age)
		s.stats.Accepted++
		s.stats.AcceptedBatches += u.Batches
		s.row(u.Epoch).count(age)
	}
	s.tell(Event{Kind: "update", Round: used[0].Round + 1, Epoch: used[0].Epoch + 1, Version: s.core.version, Pushes: len(used),
		Ages: ages, Seconds: time.Since(begin).Seconds()})
	return nil
}

// apply replaces the model by the one after the pushes, which stand in the order of the workers, and
// returns the number of updates this was.
func (s *server) apply(ctx context.Context, used []*Push) (int, error) {
	cfg := s.plan.cfg
	switch {
	case s.locals != nil:
		return 1, s.attract(used)
	case cfg.ModelAvg:
		m, err := s.fold.mix(s.model, used)
		return 1, s.replace(m, err)
	case s.plan.strategy.Each && len(used) > 1:
		for i := range used {
			m, err := s.fold.step(ctx, s.model, used[i:i+1], s.core.version+i)
			if err := s.replace(m, err); err != nil {
				return i, err
			}
		}
		return len(used), nil
	}
	m, err := s.fold.step(ctx, s.model, used, s.core.version)
	return 1, s.replace(m, err)
}

func (s *server) replace(m *value.List, err error) error {
	if err == nil {
		releaseList(s.model)
		s.model = m
	}
	return err
}

// attract is a round of EASGD.
func (s *server) attract(used []*Push) error {
	centre, locals, err := s.fold.elastic(s.model, used)
	if err != nil {
		return err
	}
	for i, u := range used {
		releaseList(s.locals[u.Worker])
		s.locals[u.Worker] = locals[i]
	}
	return s.replace(centre, nil)
}

// lose goes on without a worker.
func (s *server) lose(ctx context.Context, w int) error {
	epoch, settle, err := s.core.lose(w)
	if err != nil {
		return err
	}
	s.stats.Lost++
	s.plan.cfg.warn("worker %d is lost; the others take over its rows from epoch %d on", w+1, epoch+1)
	s.tell(Event{Kind: "lost", Worker: w + 1, Epoch: epoch + 1})
	if settle {
		return s.closeRound(ctx)
	}
	return nil
}

// settle ends the epochs that are over and lets workers go on that may.
func (s *server) settle(ctx context.Context) error {
	for s.core.epochOver() {
		if err := s.endEpoch(ctx, s.core.epochs-1); err != nil {
			return err
		}
	}
	begin, end := s.core.grants()
	if s.core.done() {
		begin, end = nil, append(begin, end...)
	}
	for _, w := range begin {
		model := s.model
		if s.locals != nil {
			model = s.locals[w]
		}
		s.lend(w, model)
		s.wire.Send(w, s.grant(w, model, s.core.version))
	}
	for _, w := range end {
		s.core.phase[w] = finished
		s.wire.Send(w, Grant{Done: true})
	}
	return nil
}

// grant is the round that a worker is to compute, from a model of the given version.
func (s *server) grant(w int, model *value.List, version int) Grant {
	round := s.core.doing[w]
	e, g := s.core.place(round)
	return Grant{
		Round: round, Epoch: e, Group: g, Model: retainList(model), Version: version,
		Iter: s.iter[w], Rest: s.rest[w], deal: s.core.at(round), sent: time.Now(),
	}
}

// lend notes the model that a worker computes on, nil for none.
func (s *server) lend(w int, model *value.List) {
	if s.lent != nil {
		releaseList(s.lent[w])
		s.lent[w] = retainList(model)
	}
}

// row returns the counters of an epoch.
func (s *server) row(epoch int) *Epoch {
	for len(s.rows) <= epoch-s.firstRow() {
		s.rows = append(s.rows, newEpoch(s.firstRow()+len(s.rows)+1))
	}
	return &s.rows[epoch-s.firstRow()]
}

// firstRow is the epoch of rows[0].
func (s *server) firstRow() int { return s.stats.Epochs }

// endEpoch hands on the state at the end of an epoch.
func (s *server) endEpoch(ctx context.Context, epoch int) error {
	row := *s.row(epoch)
	s.rows = s.rows[1:]
	s.stats.Epochs++
	row.Seconds = time.Since(s.start).Seconds()
	snap := snapshot{row: row, model: value.Retain(s.model).(*value.List), version: s.core.version, round: s.core.first(epoch + 1)}
	for w := range s.plan.workers {
		at := s.core.pending(w)
		if s.core.phase[w] == lost { // a resumed run has all workers again
			at = snap.round
		}
		e, g := s.core.place(at)
		snap.positions = append(snap.positions, position{e, g, s.iter[w]})
		snap.rest = append(snap.rest, retainList(s.rest[w]))
		if s.locals != nil {
			snap.locals = append(snap.locals, retainList(s.locals[w]))
		}
		if s.lent != nil {
			snap.flights = append(snap.flights, s.flight(w))
		}
	}
	snap.running, snap.order = slices.Clone(s.rows), s.order.reached()
	if b, ok := s.core.barrier.(stateful); ok {
		snap.barrier = b.state()
	}
	select {
	case s.ended <- snap:
		return nil
	case <-ctx.Done():
		snap.release()
		return context.Cause(ctx)
	}
}

// flight is what a worker computes, with a reference of its own to the model.
func (s *server) flight(w int) flight {
	if s.core.phase[w] != computing {
		return flight{}
	}
	return flight{s.core.doing[w], s.core.base[w], retainList(s.lent[w])}
}

func retainList(l *value.List) *value.List {
	if l == nil {
		return nil
	}
	return value.Retain(l).(*value.List)
}

func (s *snapshot) release() {
	releaseList(s.model)
	for _, l := range append(s.locals, s.rest...) {
		releaseList(l)
	}
	for _, f := range s.flights {
		releaseList(f.model)
	}
}
