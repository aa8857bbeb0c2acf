package paramserv

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// shards update parts of the model side by side. A part holds whole groups of entries:
// those that agg makes depend on each other, such as a weight and its velocity. It sees
// the entries of other parts as 1x1 zeros.
type shards struct {
	plan   *plan
	groups []group
	fns    []Functions // one per group
	mat    []matrix.Ctx
}

// group is the positions of one shard in the model and in the gradients.
type group struct {
	model, grads []int
}

// split cuts the model into at most Config.Servers shards, by size. It finds out by
// trying agg what depends on what: an entry of the model or of the gradients is changed,
// and the results that change with it belong together. g is a list of gradients of the call.
func (f *folder) split(ctx context.Context, g *value.List) error {
	cfg := f.plan.cfg
	m := cfg.Model
	if err := (&layout{what: "model"}).check(m); err != nil {
		return fmt.Errorf("servers=%d: %w", cfg.Servers, err)
	}
	sets, err := f.dependencies(ctx, m, g)
	if err != nil {
		return fmt.Errorf("servers=%d: agg cannot be tried out: %w", cfg.Servers, err)
	}
	if len(sets) == 1 && m.Len() > 1 {
		return fmt.Errorf("servers=%d: agg is not entry-wise: every entry of the new model depends on all others", cfg.Servers)
	}
	n := min(cfg.Servers, len(sets))
	if n < cfg.Servers {
		cfg.warn("the model has %d independent parts, using %d servers", len(sets), n)
	}
	s := &shards{plan: f.plan, groups: balance(m, sets, n), fns: []Functions{f.fns}}
	f.shards = s
	for i := range s.groups {
		if i > 0 {
			fns, err := f.prog.Worker(ServerID-1-i, max(1, f.plan.threads/n))
			if err != nil {
				return err
			}
			s.fns = append(s.fns, fns)
		}
		s.mat = append(s.mat, matrix.Ctx{Par: cfg.Budget.Split(f.plan.workers * n), Mem: cfg.Mem})
	}
	return s.verify(ctx, f, g)
}

// close ends the use of the functions of the server and of all shards.
func (f *folder) close() {
	if f.shards != nil {
		for _, fns := range f.shards.fns[1:] {
			fns.Close()
		}
	}
	f.fns.Close()
}

// dependencies returns the parts of model and gradients that agg keeps apart.
func (f *folder) dependencies(ctx context.Context, m, g *value.List) ([]group, error) {
	pr := newProber(f.plan, f.fns)
	m, g = pr.random(m, 1), pr.random(g, 1)
	base, err := pr.agg(ctx, m, g, 1)
	if err != nil {
		return nil, err
	}
	n := m.Len()
	set := make([]int, n+g.Len()) // union-find; the gradients follow the model
	for i := range set {
		set[i] = i
	}
	find := func(i int) int {
		for set[i] != i {
			i = set[i]
		}
		return i
	}
	for i := range set {
		m2, g2 := m, g
		if i < n {
			m2, err = pr.disturb(m, i)
		} else {
			g2, err = pr.disturb(g, i-n)
		}
		if err != nil {
			return nil, err
		}
		out, err := pr.agg(ctx, m2, g2, 1)
		if err != nil {
			return nil, err
		}
		for j := range n {
			if !sameEntry(out.At(j), base.At(j)) {
				a, b := find(i), find(j)
				set[max(a, b)] = min(a, b)
			}
		}
	}
	var parts []group
	at := map[int]int{}
	for i := range set {
		k, known := at[find(i)]
		switch {
		case !known && i >= n: // a gradient that nothing depends on
			continue
		case !known:
			k = len(parts)
			at[find(i)] = k
			parts = append(parts, group{})
		}
		if i < n {
			parts[k].model = append(parts[k].model, i)
		} else {
			parts[k].grads = append(parts[k].grads, i-n)
		}
	}
	return parts, nil
}

// balance deals parts out to n shards: the largest first, each to the smallest shard so far.
func balance(m *value.List, parts []group, n int) []group {
	size := func(p group) (b int64) {
		for _, i := range p.model {
			b += value.Bytes(m.At(i))
		}
		return b
	}
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b group) int { return cmp.Compare(size(b), size(a)) })
	groups, load := make([]group, n), make([]int64, n)
	for _, p := range parts {
		least := 0
		for i, l := range load {
			if l < load[least] {
				least = i
			}
		}
		g := &groups[least]
		g.model, g.grads = append(g.model, p.model...), append(g.grads, p.grads...)
		load[least] += size(p)
	}
	return groups
}

// verify compares an update by parts with one of the whole.
func (s *shards) verify(ctx context.Context, f *folder, g *value.List) error {
	pr := newProber(s.plan, f.fns)
	m, grads := pr.random(s.plan.cfg.Model, 1), pr.random(g, 1)
	whole, err := pr.agg(ctx, m, grads, 1)
	if err != nil {
		return err
	}
	parts, err := s.step(ctx, pr.info(1), m, []*value.List{grads})
	if err != nil {
		return fmt.Errorf("servers: agg cannot run on a part of the model, with 1x1 zeros for the rest: %w", err)
	}
	defer value.Release(parts)
	for i := range m.Len() {
		if !sameEntry(whole.At(i), parts.At(i)) {
			return fmt.Errorf("servers: entry %s of the model changes when agg runs on a part of the model", entryName(m, i))
		}
	}
	return nil
}

// step is folder.step with every shard on a goroutine of its own.
func (s *shards) step(ctx context.Context, info Info, model *value.List, lists []*value.List) (*value.List, error) {
	outs, errs := make([]*value.List, len(s.groups)), make([]error, len(s.groups))
	var group sync.WaitGroup
	for i := range s.groups {
		group.Go(func() {
			errs[i] = guard(func() (err error) { outs[i], err = s.one(ctx, i, info, model, lists); return err })
		})
	}
	group.Wait()
	defer func() {
		for _, o := range outs {
			releaseList(o)
		}
	}()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	vals := make([]value.Value, model.Len())
	for i, g := range s.groups {
		for _, j := range g.model {
			vals[j] = value.Retain(outs[i].At(j))
		}
	}
	return value.NewList(vals, model.Names()), nil
}

// one runs a shard. The result is as long as the model; only the entries of the shard count.
func (s *shards) one(ctx context.Context, i int, info Info, model *value.List, lists []*value.List) (*value.List, error) {
	g := s.groups[i]
	masked := make([]*value.List, len(lists))
	for j, l := range lists {
		masked[j] = mask(l, g.grads)
		defer value.Release(masked[j])
	}
	total, err := sum(&s.mat[i], masked)
	if err != nil {
		return nil, err
	}
	defer value.Release(total)
	part := mask(model, g.model)
	defer value.Release(part)
	out, err := s.fns[i].Aggregate(ctx, info, part, total)
	if err != nil {
		return nil, err
	}
	if out.Len() != model.Len() {
		value.Release(out)
		return nil, fmt.Errorf("agg returned %d entries for a model of %d", out.Len(), model.Len())
	}
	return out, nil
}

// mask replaces the matrices at other positions than those kept by 1x1 zeros. The result is a new reference.
func mask(l *value.List, keep []int) *value.List {
	vals := make([]value.Value, l.Len())
	for i := range vals {
		if _, isMatrix := l.At(i).(*matrix.Matrix); isMatrix && !slices.Contains(keep, i) {
			vals[i] = matrix.FromDense(1, 1, []float64{0})
		} else {
			vals[i] = value.Retain(l.At(i))
		}
	}
	return value.NewList(vals, l.Names())
}

// sameEntry compares bits.
func sameEntry(a, b value.Value) bool {
	return value.EqualLists(value.NewList([]value.Value{a}, nil), value.NewList([]value.Value{b}, nil))
}
