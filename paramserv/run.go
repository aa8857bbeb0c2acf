package paramserv

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// run is one call in progress.
type run struct {
	plan          *plan
	prog          Program
	grads, models layout
	workers       []*worker
	validator     Functions // nil without validation
	fold          *folder
	keep          *keeper // nil without checkpoints
	history       []Epoch
	validation    time.Duration
	start         time.Time // of training; earlier by the time before a resumed run
	events        sync.Mutex
}

// hub is what workers pull from and push to.
type hub interface {
	Link(worker int) Link
	serve(ctx context.Context) error
	// result returns the model, lent, and the hub's share of the statistics, after serve.
	result() (*value.List, *Stats)
	// load continues from a checkpoint, before serve.
	load(c *checkpoint, start time.Time) error
	close()
}

// Run trains the model and returns it as a new reference with a report. It returns
// when every goroutine it started has ended: after the last push, or soon after the
// first error or the cancellation of ctx. An error from a function is an *Error.
func Run(ctx context.Context, cfg Config, prog Program) (*value.List, *Report, error) {
	begin := time.Now()
	if errs := cfg.Check(); errs != nil {
		return nil, nil, errors.Join(errs...)
	}
	p, err := newPlan(&cfg)
	if err != nil {
		return nil, nil, err
	}
	if cfg.Replay != nil {
		if err := cfg.Replay.fits(p); err != nil {
			return nil, nil, err
		}
	}
	return carryOut(ctx, p, prog, begin)
}

// carryOut is Run for a plan that is settled.
func carryOut(ctx context.Context, p *plan, prog Program, begin time.Time) (*value.List, *Report, error) {
	r := &run{plan: p, prog: prog}
	r.grads.what, r.models.what = "gradients", "model"
	saved, err := r.checkpoints()
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer r.close()
	if err := r.open(); err != nil {
		return nil, nil, err
	}
	setup := time.Since(begin)
	r.start = time.Now()
	ended := make(chan snapshot, 1)
	h := r.hub(ctx, ended)
	defer h.close()
	if err := r.load(h, saved); err != nil {
		return nil, nil, err
	}
	r.tell(Event{Kind: "start", UType: p.strategy.Name, Workers: p.workers, Epoch: len(r.history), Epochs: p.cfg.Epochs,
		Rounds: p.deals[0].rounds})
	err = r.all(ctx, cancel, h, ended)
	if err != nil {
		r.tell(Event{Kind: "error", Message: err.Error()})
		return nil, nil, err
	}
	model, st := h.result()
	rep := r.report(st, setup, time.Since(begin))
	r.tell(Event{Kind: "end", Seconds: rep.Stats.Total.Seconds(), Pushes: rep.Stats.Pushes, Version: rep.Stats.Updates})
	return value.Retain(model).(*value.List), rep, nil
}

// hub makes the server of the call, or the shared model.
func (r *run) hub(ctx context.Context, ended chan<- snapshot) hub {
	if r.plan.strategy.Barrier == nil {
		return newShared(ctx, r, ended)
	}
	return newServer(r, newLocal(ctx, r.plan.workers), ended)
}

// load gives the hub its first state, that of a checkpoint if there is one, and joins the workers to it.
func (r *run) load(h hub, saved *checkpoint) error {
	if saved != nil {
		r.start = r.start.Add(-time.Duration(saved.seconds() * float64(time.Second)))
		r.history = saved.history
	}
	if err := h.load(saved, r.start); err != nil {
		return err
	}
	for _, w := range r.workers {
		w.link = h.Link(w.id)
	}
	return nil
}

// open makes the functions of everybody, and checks what the configuration needs of model and agg.
func (r *run) open() error {
	p := r.plan
	if p.models {
		if err := r.models.check(p.cfg.Model); err != nil {
			return fmt.Errorf("%s: %w", averagingName(p), err)
		}
	}
	fns, err := r.prog.Worker(ServerID, p.threads)
	if err != nil {
		return err
	}
	r.fold = &folder{plan: p, prog: r.prog, fns: fns, mat: r.mat()}
	if p.cfg.ValX != nil {
		if r.validator, err = r.prog.Worker(ValidatorID, p.threads); err != nil {
			return err
		}
	}
	for id := range p.workers {
		fns, err := r.prog.Worker(id, p.threads)
		if err != nil {
			return err
		}
		r.workers = append(r.workers, &worker{id: id, run: r, fns: fns, mat: r.mat(), load: newLoader(p, id)})
	}
	return nil
}

func averagingName(p *plan) string {
	if p.cfg.ModelAvg {
		return "modelAvg"
	}
	return p.strategy.Name
}

// mat returns what operations on lists run with.
func (r *run) mat() matrix.Ctx {
	return matrix.Ctx{Par: r.plan.cfg.Budget.Split(r.plan.workers), Mem: r.plan.cfg.Mem}
}

func (r *run) close() {
	for _, w := range r.workers {
		w.fns.Close()
	}
	if r.validator != nil {
		r.validator.Close()
	}
	if r.fold != nil {
		r.fold.close()
	}
}

// all runs workers, server and validation side by side and returns the first error.
func (r *run) all(ctx context.Context, cancel context.CancelCauseFunc, h hub, ended chan snapshot) error {
	var training, group sync.WaitGroup
	spawn := func(g *sync.WaitGroup, f func() error) {
		g.Go(func() {
			if err := guard(f); err != nil {
				cancel(err)
			}
		})
	}
	for _, w := range r.workers {
		spawn(&training, w.train)
	}
	spawn(&training, func() error { return h.serve(ctx) })
	spawn(&group, func() error { return r.finish(ctx, ended) })
	training.Wait() // nobody sends any more
	close(ended)
	group.Wait()
	return context.Cause(ctx)
}

// guard turns a panic of f into an error.
func guard(f func() error) (err error) {
	defer recovered(&err)
	return f()
}

// recovered is deferred to turn a panic into an error. Lack of memory is no fault of the
// program; the end of the thread budget follows from a cancellation that is reported by itself.
func recovered(err *error) {
	switch p := recover().(type) {
	case nil:
	case *matrix.MemoryError:
		*err = p
	case error:
		*err = fmt.Errorf("paramserv: internal error: %w", p)
	default:
		*err = fmt.Errorf("paramserv: internal error: %v", p)
	}
}

// finish completes the rows of finished epochs and writes checkpoints. The models it works on
// are snapshots, so that training goes on meanwhile.
func (r *run) finish(ctx context.Context, ended <-chan snapshot) error {
	for s := range ended {
		err := r.score(ctx, &s)
		if err == nil {
			r.history = append(r.history, s.row)
			if f := r.plan.cfg.OnEpoch; f != nil {
				f(s.row)
			}
			r.tell(epochEvent(&s.row))
			if r.keep != nil {
				err = r.save(&s)
			}
		}
		s.release()
		if err != nil {
			return err
		}
	}
	return nil
}

// score fills in loss and accuracy when there is validation.
func (r *run) score(ctx context.Context, s *snapshot) (err error) {
	if r.validator == nil {
		return nil
	}
	cfg := r.plan.cfg
	begin := time.Now()
	info := Info{
		Epoch: s.row.Epoch, Round: s.round, Workers: r.plan.workers, Rows: cfg.ValX.Rows(), BatchSize: cfg.BatchSize,
		Seed: subSeed(r.plan.seed, forValidation, 0, s.row.Epoch),
	}
	if err = cfg.Faults.hit(faultValidation, -1, s.row.Epoch, 0, r.plan.seed, r.start); err == nil {
		s.row.Loss, s.row.Accuracy, err = r.validator.Validate(ctx, info, s.model, cfg.ValX, cfg.ValY)
	}
	r.validation += time.Since(begin)
	return failed("validation", Info{Epoch: s.row.Epoch}, 0, err)
}

// tell passes an event on.
func (r *run) tell(e Event) {
	f := r.plan.cfg.OnEvent
	if f == nil {
		return
	}
	r.events.Lock()
	defer r.events.Unlock()
	e.Time = time.Since(r.start).Seconds()
	f(e)
}

func (r *run) report(st *Stats, setup, total time.Duration) *Report {
	p := r.plan
	st.UType, st.Scheme, st.Workers = p.strategy.Name, p.cfg.Scheme, p.workers
	st.Servers = max(p.cfg.Servers, 1)
	if r.fold.shards != nil {
		st.Servers = len(r.fold.shards.groups)
	}
	st.Total, st.Setup, st.Validation = total, setup, r.validation
	for _, w := range r.workers {
		st.addWorker(w)
	}
	st.DroppedBatches = max(p.batchesInRun()-st.AcceptedBatches-st.before, 0)
	return &Report{History: r.history, Stats: *st}
}
