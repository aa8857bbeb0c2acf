package paramserv

import (
	"context"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// worker trains on one part. It belongs to one goroutine.
type worker struct {
	id   int
	run  *run
	fns  Functions
	mat  matrix.Ctx
	sent int // pushes made so far
	iter int // batches begun so far

	gradient, update, slice, wait time.Duration
	batches, rows                 int
	pulled                        int64
}

// push is what a worker sends: the gradients, or the model under averaging, of a
// group of batches. The server takes over the reference to list.
type push struct {
	worker, epoch, round int // 0-based; round counts through the run
	rows                 int
	base                 int // version of the model that was pulled
	list                 *value.List
	sent                 time.Time
}

// train runs all epochs of the worker.
func (w *worker) train(ctx context.Context) error {
	p := w.run.plan
	for e := range p.cfg.Epochs {
		for g := range p.pushes[w.id] {
			if err := w.group(ctx, e, g); err != nil {
				return err
			}
		}
	}
	return nil
}

// group pulls a model, works through the g-th group of batches of an epoch and pushes.
func (w *worker) group(ctx context.Context, epoch, g int) error {
	p := w.run.plan
	out := push{worker: w.id, epoch: epoch, round: epoch*p.rounds + g}
	start := time.Now()
	model, base, err := w.run.pull(ctx, w.id, w.sent, out.round)
	w.wait += time.Since(start)
	if err != nil {
		return err
	}
	defer func() { value.Release(model) }()
	w.pulled += value.Bytes(model)
	out.base = base

	var acc *value.List
	lo := g * p.group[w.id]
	hi := min(lo+p.group[w.id], p.batches[w.id])
	for j := lo; j < hi; j++ {
		info := Info{Epoch: epoch + 1, Round: out.round + 1, Worker: w.id + 1, Workers: p.workers, BatchSize: p.cfg.BatchSize}
		grads, err := w.batch(ctx, &info, model, j)
		if err != nil {
			return err
		}
		out.rows += info.Rows
		if p.cfg.ModelAvg || j < hi-1 {
			next, err := w.step(ctx, info, model, grads, j)
			if err != nil {
				return err
			}
			value.Release(model)
			model = next
		}
		if acc, err = w.accumulate(acc, grads); err != nil {
			return w.fail("gradient", epoch, j, err)
		}
	}
	if p.cfg.ModelAvg {
		if err := w.run.models.check(model); err != nil {
			return w.fail("aggregation", epoch, hi-1, err)
		}
		out.list = value.Retain(model).(*value.List)
	} else {
		out.list = acc
	}
	out.sent = time.Now()
	w.sent++
	return w.run.send(ctx, out)
}

// batch computes the gradients of batch j and fills in the rest of info.
func (w *worker) batch(ctx context.Context, info *Info, model *value.List, j int) (*value.List, error) {
	start := time.Now()
	x, y := w.run.plan.batch(&w.mat, w.id, j)
	cutDone := time.Now()
	w.slice += cutDone.Sub(start)
	defer x.Release()
	defer y.Release()
	info.Rows = x.Rows()
	w.iter++
	info.Iter = w.iter
	grads, err := w.fns.Gradient(ctx, *info, model, x, y)
	w.gradient += time.Since(cutDone)
	if err != nil {
		return nil, w.fail("gradient", info.Epoch-1, j, err)
	}
	if err := w.run.grads.check(grads); err != nil {
		return nil, w.fail("gradient", info.Epoch-1, j, err)
	}
	w.batches++
	w.rows += info.Rows
	return grads, nil
}

// step makes a local update of the model.
func (w *worker) step(ctx context.Context, info Info, model, grads *value.List, j int) (*value.List, error) {
	start := time.Now()
	next, err := w.fns.Aggregate(ctx, info, model, grads)
	w.update += time.Since(start)
	if err != nil {
		return nil, w.fail("aggregation", info.Epoch-1, j, err)
	}
	return named(model, next), nil
}

// accumulate returns acc + grads, consuming both references. Under averaging gradients are not pushed and acc stays nil.
func (w *worker) accumulate(acc, grads *value.List) (*value.List, error) {
	if w.run.plan.cfg.ModelAvg {
		value.Release(grads)
		return nil, nil
	}
	if acc == nil {
		return grads, nil
	}
	s, err := value.AddLists(&w.mat, acc, grads)
	value.Release(acc)
	value.Release(grads)
	return s, err
}

func (w *worker) fail(step string, epoch, batch int, err error) error {
	return &Error{Step: step, Worker: w.id + 1, Epoch: epoch + 1, Batch: batch + 1, Err: err}
}
