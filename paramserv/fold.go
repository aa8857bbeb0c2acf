package paramserv

import (
	"context"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// folder computes what pushes make of the server's model.
type folder struct {
	plan   *plan
	prog   Program
	fns    Functions
	mat    matrix.Ctx
	shards *shards // nil: the model is whole
}

// step returns the model after agg was called with the sum of the pushes. version is the number of updates before it.
func (f *folder) step(ctx context.Context, model *value.List, used []*Push, version int) (*value.List, error) {
	cfg := f.plan.cfg
	first := used[0]
	info := Info{
		Epoch: first.Epoch + 1, Round: first.Round + 1, Iter: version + 1, Workers: f.plan.workers, BatchSize: cfg.BatchSize,
		Seed: subSeed(f.plan.seed, forServerStep, 0, version),
	}
	if len(used) == 1 {
		info.Worker = first.Worker + 1
	}
	lists := make([]*value.List, len(used))
	for i, u := range used {
		lists[i] = u.List
		info.Rows += u.Rows
	}
	if cfg.Servers > 1 && f.shards == nil {
		if err := f.split(ctx, lists[0]); err != nil {
			return nil, failed("aggregation", info, 0, err)
		}
	}
	if err := cfg.Faults.hit(faultAggregation, -1, version+1, 0, f.plan.seed, time.Time{}); err != nil {
		return nil, failed("aggregation", info, 0, err)
	}
	if f.shards != nil {
		m, err := f.shards.step(ctx, info, model, lists)
		return m, failed("aggregation", info, 0, err)
	}
	total, err := sum(&f.mat, lists)
	if err != nil {
		return nil, failed("aggregation", info, 0, err)
	}
	defer value.Release(total)
	m, err := f.fns.Aggregate(ctx, info, model, total)
	if err != nil {
		return nil, failed("aggregation", info, 0, err)
	}
	return named(model, m), nil
}

// failed names the place of an error of a function; nil stays nil.
func failed(step string, info Info, batch int, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Step: step, Worker: info.Worker, Epoch: info.Epoch, Batch: batch, Err: err}
}

// mix averages pushed models: those of a round with each other, a single one into the
// server's model by alpha where workers do not wait.
func (f *folder) mix(model *value.List, used []*Push) (*value.List, error) {
	info := Info{Epoch: used[0].Epoch + 1}
	if !f.plan.strategy.Rounds(f.plan.cfg) {
		m, err := value.MixLists(&f.mat, model, used[0].List, f.alpha(1))
		return m, failed("aggregation", info, 0, err)
	}
	lists := make([]*value.List, len(used))
	weight := make([]float64, len(used))
	for i, u := range used {
		lists[i] = u.List
		weight[i] = 1
		if f.plan.cfg.Weighting {
			weight[i] = float64(u.Rows)
		}
	}
	m, err := average(&f.mat, lists, weight)
	return m, failed("aggregation", info, 0, err)
}

// alpha returns the weight of a pushed model; by default the workers share the given weight.
func (f *folder) alpha(share float64) float64 {
	if a := f.plan.cfg.Alpha; a != nil {
		return *a
	}
	return share / float64(f.plan.workers)
}

// elastic returns the centre and the models of the workers after a round. The sum of
// attractions on the centre is taken from the mean of the models, so that models that are
// equal to the centre leave it as it is, bit for bit.
func (f *folder) elastic(centre *value.List, used []*Push) (next *value.List, locals []*value.List, err error) {
	info := Info{Epoch: used[0].Epoch + 1}
	alpha := f.alpha(0.9)
	lists := make([]*value.List, len(used))
	weight := make([]float64, len(used))
	for i, u := range used {
		lists[i], weight[i] = u.List, 1
	}
	mean, err := average(&f.mat, lists, weight)
	if err != nil {
		return nil, nil, failed("aggregation", info, 0, err)
	}
	defer value.Release(mean)
	next, err = value.MixLists(&f.mat, centre, mean, alpha*float64(len(used)))
	for _, l := range lists {
		if err != nil {
			break
		}
		var local *value.List
		local, err = value.MixLists(&f.mat, l, centre, alpha)
		locals = append(locals, local)
	}
	return next, locals, failed("aggregation", info, 0, err)
}
