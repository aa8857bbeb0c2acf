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
	*server
	grads, models layout
	workers       []*worker
	validator     Functions // nil without validation
	history       []Epoch
	validation    time.Duration
}

// Run trains the model and returns it as a new reference with a report. It returns
// when every goroutine it started has ended: after the last push, or soon after the
// first error or the cancellation of ctx. An error from a function is an *Error.
func Run(ctx context.Context, cfg Config, prog Program) (*value.List, *Report, error) {
	begin := time.Now()
	if errs := cfg.Check(); errs != nil {
		return nil, nil, errors.Join(errs...)
	}
	ended := make(chan snapshot, 1)
	p := newPlan(&cfg)
	r := &run{server: newServer(p, ended)}
	r.grads.what, r.models.what = "gradients", "model"
	defer func() { value.Release(r.model) }()
	defer r.close()
	if err := r.open(prog); err != nil {
		return nil, nil, err
	}
	r.stats.Setup = time.Since(begin)
	r.start = time.Now()
	if err := r.all(ctx, ended); err != nil {
		return nil, nil, err
	}
	return value.Retain(r.model).(*value.List), r.report(time.Since(begin)), nil
}

// open makes the functions of everybody, and checks what averaging needs of the model.
func (r *run) open(prog Program) (err error) {
	p := r.plan
	if p.cfg.ModelAvg {
		if err := r.models.check(p.cfg.Model); err != nil {
			return fmt.Errorf("modelAvg: %w", err)
		}
	}
	if r.fns, err = prog.Worker(ServerID, p.threads); err != nil {
		return err
	}
	if p.cfg.ValX != nil {
		if r.validator, err = prog.Worker(ValidatorID, p.threads); err != nil {
			return err
		}
	}
	for id := range p.workers {
		fns, err := prog.Worker(id, p.threads)
		if err != nil {
			return err
		}
		r.workers = append(r.workers, &worker{id: id, run: r, fns: fns, mat: matrix.Ctx{Par: p.cfg.Budget.Split(p.workers), Mem: p.cfg.Mem}})
	}
	return nil
}

func (r *run) close() {
	for _, w := range r.workers {
		w.fns.Close()
	}
	if r.validator != nil {
		r.validator.Close()
	}
	if r.fns != nil {
		r.fns.Close()
	}
}

// all runs workers, server and validation side by side and returns the first error.
func (r *run) all(ctx context.Context, ended chan snapshot) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	spawn := func(f func(context.Context) error) {
		group.Go(func() {
			if err := guard(ctx, f); err != nil {
				cancel(err)
			}
		})
	}
	for _, w := range r.workers {
		spawn(w.train)
	}
	spawn(func(ctx context.Context) error {
		defer close(ended)
		return r.serve(ctx)
	})
	spawn(func(ctx context.Context) error { return r.validate(ctx, ended) })
	group.Wait()
	return context.Cause(ctx)
}

// guard turns a panic of f into an error.
func guard(ctx context.Context, f func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("paramserv: internal error: %v", p)
		}
	}()
	return f(ctx)
}

// validate completes the rows of finished epochs. The model it works on is a
// snapshot, so that training goes on meanwhile.
func (r *run) validate(ctx context.Context, ended <-chan snapshot) error {
	for s := range ended {
		row := s.row
		if err := r.score(ctx, &row, s.model); err != nil {
			return err
		}
		r.history = append(r.history, row)
		if f := r.plan.cfg.OnEpoch; f != nil {
			f(row)
		}
	}
	return nil
}

// score fills in loss and accuracy when there is validation. It consumes the reference of model.
func (r *run) score(ctx context.Context, row *Epoch, model *value.List) (err error) {
	defer value.Release(model)
	if r.validator == nil {
		return nil
	}
	cfg := r.plan.cfg
	begin := time.Now()
	info := Info{Epoch: row.Epoch, Round: row.Epoch * r.plan.rounds, Workers: r.plan.workers, Rows: cfg.ValX.Rows(), BatchSize: cfg.BatchSize}
	row.Loss, row.Accuracy, err = r.validator.Validate(ctx, info, model, cfg.ValX, cfg.ValY)
	r.validation += time.Since(begin)
	if err != nil {
		return &Error{Step: "validation", Epoch: row.Epoch, Err: err}
	}
	return nil
}

func (r *run) report(total time.Duration) *Report {
	st := r.stats
	st.UType, st.Scheme, st.Workers = r.plan.strategy.Name, r.plan.cfg.Scheme, r.plan.workers
	st.Total, st.Validation, st.Updates = total, r.validation, r.version
	for _, w := range r.workers {
		st.addWorker(w)
	}
	return &Report{History: r.history, Stats: st}
}
