package paramserv

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// worker computes the rounds that it is granted. It belongs to one goroutine.
type worker struct {
	id   int
	run  *run
	link Link
	fns  Functions
	mat  matrix.Ctx
	load *loader
	iter int // batches begun so far

	counters
}

// counters are what a worker counts for itself.
type counters struct {
	gradient, update, slice, sliceWait, wait, lag, delay time.Duration
	batches, rows, retries                               int
	pulled                                               int64
}

// train works until there is no round left.
func (w *worker) train() error {
	defer w.load.close()
	for {
		start := time.Now()
		g, err := w.link.Pull()
		w.wait += time.Since(start)
		if err == nil && !g.Done {
			if !g.sent.IsZero() {
				w.lag += time.Since(g.sent)
			}
			err = w.round(g)
		}
		switch {
		case errors.Is(err, errReleased), errors.Is(context.Cause(w.link.Context()), errReleased):
			return nil // nobody waits for this result, or for its failure
		case errors.Is(err, errLost) && w.run.plan.cfg.Retries > 0:
			return w.link.Lost()
		case errors.Is(err, errLost):
			return fmt.Errorf("paramserv: worker %d is lost; with retries of at least 1 the others would go on", w.id+1)
		case err != nil || g.Done:
			return err
		}
	}
}

// round works through the batches of a grant and pushes what came out.
func (w *worker) round(g Grant) error {
	start := time.Now()
	w.pulled += encodedSize(g.Model)
	w.iter = g.Iter
	out := &Push{Worker: w.id, Round: g.Round, Epoch: g.Epoch, Base: g.Version}
	list, err := w.group(&g, out)
	value.Release(g.Model)
	if err != nil {
		return err
	}
	if err := w.compress(out, list, g.Rest); err != nil {
		return err
	}
	out.Iter = w.iter
	out.at = time.Now()
	out.Took = out.at.Sub(start)
	return w.link.Push(out)
}

// group returns the gradients of the batches of a grant, or the model after them, as a new reference.
// g.Model becomes the last local model.
func (w *worker) group(g *Grant, out *Push) (acc *value.List, err error) {
	p := w.run.plan
	lo, hi := g.deal.span(w.id, g.Group)
	for j := lo; j < hi; j++ {
		next := batchKey{g.deal, g.Epoch, j + 1}
		if j+1 == hi {
			next = w.after(g)
		}
		info := Info{Epoch: g.Epoch + 1, Round: g.Round + 1, Worker: w.id + 1, Workers: p.workers, BatchSize: p.cfg.BatchSize}
		grads, local, err := w.batch(&info, g.Model, batchKey{g.deal, g.Epoch, j}, next, p.models || j < hi-1)
		if err != nil {
			releaseList(acc)
			return nil, err
		}
		out.Rows += info.Rows
		out.Batches++
		if local != nil {
			value.Release(g.Model)
			g.Model = local
		}
		if acc, err = w.accumulate(acc, grads); err != nil {
			return nil, failed("gradient", info, j+1, err)
		}
	}
	if !p.models {
		return acc, nil
	}
	if err := w.run.models.check(g.Model); err != nil {
		return nil, &Error{Step: "aggregation", Worker: w.id + 1, Epoch: g.Epoch + 1, Batch: hi, Err: err}
	}
	return value.Retain(g.Model).(*value.List), nil
}

// after returns the batch that the worker most likely computes after a grant; its deal is nil when there is none to prepare.
func (w *worker) after(g *Grant) batchKey {
	p := w.run.plan
	if g.Group+1 < g.deal.pushes[w.id] {
		lo, _ := g.deal.span(w.id, g.Group+1)
		return batchKey{g.deal, g.Epoch, lo}
	}
	if g.Epoch+1 < p.cfg.Epochs && !p.cfg.Reshuffle {
		return batchKey{g.deal, g.Epoch + 1, 0}
	}
	return batchKey{}
}

// batch computes the gradients of a batch and, if step is set, the model after them.
// It is repeated from the same model when it fails and retries are left.
func (w *worker) batch(info *Info, model *value.List, key, next batchKey, step bool) (grads, local *value.List, err error) {
	ctx := w.link.Context()
	start := time.Now()
	x, y, cut := w.load.take(key, next)
	w.sliceWait += time.Since(start)
	w.slice += cut
	defer x.Release()
	defer y.Release()
	w.iter++
	info.Rows, info.Iter = x.Rows(), w.iter
	for attempt := 0; ; attempt++ {
		grads, local, err = w.try(ctx, info, model, x, y, key, attempt, step)
		if err == nil || errors.Is(err, errLost) || ctx.Err() != nil || attempt >= w.run.plan.cfg.Retries {
			break
		}
		w.retries++
		w.run.tell(Event{Kind: "retry", Worker: w.id + 1, Epoch: info.Epoch, Round: info.Round, Batch: key.batch + 1, Message: err.Error()})
		if err = w.replace(); err != nil {
			break
		}
	}
	if err != nil {
		return nil, nil, err
	}
	w.batches++
	w.rows += info.Rows
	return grads, local, nil
}

// replace gives the worker functions that did not fail.
func (w *worker) replace() error {
	fns, err := w.run.prog.Worker(w.id, w.run.plan.threads)
	if err != nil {
		return err
	}
	w.fns.Close()
	w.fns = fns
	return nil
}

// try is one attempt of batch. A panic in a function is an error of the batch.
func (w *worker) try(ctx context.Context, info *Info, model *value.List, x, y *matrix.Matrix, key batchKey, attempt int, step bool) (grads, local *value.List, err error) {
	p := w.run.plan
	defer func() {
		if err != nil && !errors.Is(err, errLost) {
			var placed *Error
			if !errors.As(err, &placed) {
				err = failed("gradient", *info, key.batch+1, err)
			}
		}
	}()
	defer recovered(&err)
	if err := p.cfg.Faults.hit(faultGradient, w.id, w.iter, attempt, p.seed, w.run.start); err != nil {
		return nil, nil, err
	}
	info.Seed = subSeed(p.seed, forGradient, w.id, w.iter)
	start := time.Now()
	grads, err = w.fns.Gradient(ctx, *info, model, x, y)
	w.gradient += time.Since(start)
	if err != nil {
		return nil, nil, err
	}
	if err := w.run.grads.check(grads); err != nil {
		return nil, nil, err
	}
	if d := p.cfg.Delays.of(w.id, w.iter, p.seed); d > 0 {
		w.delay += d
		sleep(ctx, d)
	}
	if !step {
		return grads, nil, nil
	}
	info.Seed = subSeed(p.seed, forLocalStep, w.id, w.iter)
	start = time.Now()
	local, err = w.fns.Aggregate(ctx, *info, model, grads)
	w.update += time.Since(start)
	if err != nil {
		return nil, nil, failed("aggregation", *info, key.batch+1, err)
	}
	return grads, named(model, local), nil
}

// sleep waits, but not beyond the end of ctx.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// accumulate returns acc + grads, consuming both references. Where models are pushed, gradients are not and acc stays nil.
func (w *worker) accumulate(acc, grads *value.List) (*value.List, error) {
	if w.run.plan.models {
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

// compress sets what is pushed for a list, whose reference it consumes. rest is what earlier pushes left out.
func (w *worker) compress(out *Push, list, rest *value.List) (err error) {
	c := w.run.plan.cfg.Compress
	if c.Kind == NoCompression {
		out.List, out.Bytes = list, encodedSize(list)
		return nil
	}
	defer value.Release(list)
	out.List, out.Rest, out.Bytes, err = c.apply(&w.mat, list, rest, subSeed(w.run.plan.seed, forRounding, w.id, out.Round))
	return err
}
