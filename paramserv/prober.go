package paramserv

import (
	"context"
	"fmt"
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// prober tries agg out, to learn what it does. Its lists are garbage afterwards: it
// runs once per call.
type prober struct {
	plan *plan
	fns  Functions
	rand stream
}

func newProber(p *plan, fns Functions) *prober {
	return &prober{plan: p, fns: fns, rand: stream(subSeed(p.seed, forProbe, 0, 0))}
}

// info is what agg is told in the n-th trial.
func (p *prober) info(n int) Info {
	return Info{Epoch: n, Round: n, Iter: n, Workers: p.plan.workers, Worker: 1, Rows: n * p.plan.cfg.BatchSize, BatchSize: p.plan.cfg.BatchSize}
}

// agg calls the function and checks the form of the result.
func (p *prober) agg(ctx context.Context, m, g *value.List, n int) (*value.List, error) {
	out, err := p.fns.Aggregate(ctx, p.info(n), m, g)
	if err != nil {
		return nil, err
	}
	if out.Len() != m.Len() {
		return nil, fmt.Errorf("agg returned %d entries for a model of %d", out.Len(), m.Len())
	}
	return out, nil
}

// number returns a random number in (-scale, scale), never zero.
func (p *prober) number(scale float64) float64 {
	return (float64(p.rand.next()>>11)/(1<<53)*2 - 1 + 1e-17) * scale
}

// random returns a list of the shapes of l with random numbers. Strings and truth values stay.
func (p *prober) random(l *value.List, scale float64) *value.List {
	return fill(l, func() float64 { return p.number(scale) })
}

// fill returns a list of the shapes of l with the numbers of f.
func fill(l *value.List, f func() float64) *value.List {
	vals := make([]value.Value, l.Len())
	for i := range vals {
		switch v := l.At(i).(type) {
		case *matrix.Matrix:
			d := make([]float64, v.Cells())
			for j := range d {
				d[j] = f()
			}
			vals[i] = matrix.FromDense(v.Rows(), v.Cols(), d)
		case int64, float64:
			vals[i] = f()
		default:
			vals[i] = v
		}
	}
	return value.NewList(vals, l.Names())
}

// disturb returns l with another value in every cell of entry i.
func (p *prober) disturb(l *value.List, i int) (*value.List, error) {
	one, err := l.Slice(i, i+1)
	if err != nil {
		return nil, err
	}
	changed := p.random(one, 1)
	return l.With(i, changed.At(0))
}

// axpy says how agg steps: entry i of the model becomes m - step[i]*g, cell by cell.
type axpy struct {
	step  []float64 // per entry of the gradients
	fused []bool    // with one rounding for product and difference, as agg does it
}

// The trials of recognise: gradients of these sizes show thresholds and adaptive steps.
var probeScales = []float64{1, 1e-3, 1e4, 1e-6, 30}

// recognise finds out whether agg is a step along the gradients with a constant size per
// entry, and says why not. A shared model without locks can take nothing else, since
// workers change single cells of it. g is a list of gradients of the call.
func recognise(ctx context.Context, p *plan, fns Functions, g *value.List) (*axpy, error) {
	m := p.cfg.Model
	if g.Len() > m.Len() {
		return nil, fmt.Errorf("there are %d gradients for a model of %d entries", g.Len(), m.Len())
	}
	for i := range g.Len() {
		if err := sameShape(m, g, i); err != nil {
			return nil, err
		}
	}
	pr := newProber(p, fns)
	a := &axpy{step: make([]float64, g.Len()), fused: make([]bool, g.Len())}
	zero, one := func() float64 { return 0 }, func() float64 { return 1 }
	out, err := pr.agg(ctx, fill(m, zero), fill(g, one), 1)
	if err != nil {
		return nil, fmt.Errorf("agg cannot be tried out on numbers: %w", err)
	}
	moves := false
	for i := range a.step {
		if a.step[i], err = constantCell(out.At(i)); err != nil {
			return nil, fmt.Errorf("entry %s of the model: %w", entryName(m, i), err)
		}
		a.step[i] = -a.step[i]
		moves = moves || a.step[i] != 0
	}
	if !moves {
		return nil, fmt.Errorf("agg does not use the gradients")
	}
	for i := range a.fused {
		a.fused[i] = true
	}
	plain := make([]bool, g.Len())
	for i := range plain {
		plain[i] = true
	}
	for n, scale := range probeScales {
		if err := pr.trial(ctx, a, plain, g, n+1, scale); err != nil {
			return nil, err
		}
	}
	for i := range a.fused {
		a.fused[i] = a.fused[i] && !plain[i]
	}
	return a, nil
}

// sameShape checks that gradient i has the shape of entry i of the model.
func sameShape(m, g *value.List, i int) error {
	shape := func(v value.Value) dim {
		if x, ok := v.(*matrix.Matrix); ok {
			return dim{x.Rows(), x.Cols()}
		}
		return dim{-1, -1}
	}
	switch m.At(i).(type) {
	case *matrix.Matrix, float64, int64:
	default:
		return fmt.Errorf("entry %s of the model is a %s", entryName(m, i), value.TypeOf(m.At(i)))
	}
	if a, b := shape(m.At(i)), shape(g.At(i)); a != b {
		return fmt.Errorf("gradient %d is %v, but entry %s of the model is %v", i+1, b, entryName(m, i), a)
	}
	return nil
}

// constantCell returns the number that all cells of v have.
func constantCell(v value.Value) (float64, error) {
	cells := numbers(v)
	for _, x := range cells {
		if x != cells[0] || math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, fmt.Errorf("its cells move by different steps, or not by a finite one")
		}
	}
	if len(cells) == 0 {
		return 0, nil
	}
	return cells[0], nil
}

// numbers returns the cells of a matrix, or the number.
func numbers(v value.Value) []float64 {
	switch v := v.(type) {
	case *matrix.Matrix:
		d := make([]float64, 0, v.Cells())
		row := make([]float64, v.Cols())
		for i := range v.Rows() {
			d = append(d, v.Row(i, row)...)
		}
		return d
	case float64:
		return []float64{v}
	case int64:
		return []float64{float64(v)}
	}
	return nil
}

// trial compares agg with a on random lists, and clears the forms of rounding that do not fit.
func (p *prober) trial(ctx context.Context, a *axpy, plain []bool, g *value.List, n int, scale float64) error {
	model := p.plan.cfg.Model
	m := p.random(model, 1)
	grads := p.random(g, scale)
	out, err := p.agg(ctx, m, grads, n)
	if err != nil {
		return fmt.Errorf("agg cannot be tried out on numbers: %w", err)
	}
	for i := g.Len(); i < m.Len(); i++ {
		if !sameEntry(m.At(i), out.At(i)) {
			return fmt.Errorf("entry %s of the model is state of the optimizer, which a model without locks cannot keep", entryName(model, i))
		}
	}
	for i := range g.Len() {
		was, is := numbers(m.At(i)), numbers(out.At(i))
		if len(was) != len(is) {
			return fmt.Errorf("entry %s of the model changes its size", entryName(model, i))
		}
		along := numbers(grads.At(i))
		for j, x := range is {
			if w := was[j] - a.step[i]*along[j]; math.Abs(x-w) > 1e-9*(math.Abs(was[j])+math.Abs(a.step[i]*along[j])) || x != x {
				return fmt.Errorf("entry %s of the model is not model - step*gradient with a constant step: the step depends on "+
					"the gradients, on the model or on psinfo", entryName(model, i))
			}
			plain[i] = plain[i] && x == minus(was[j], a.step[i], along[j], false)
			a.fused[i] = a.fused[i] && x == minus(was[j], a.step[i], along[j], true)
		}
	}
	return nil
}

// minus returns m - step*g, with one rounding or two. The conversion keeps the compiler from joining them.
func minus(m, step, g float64, fused bool) float64 {
	if fused {
		return math.FMA(-step, g, m)
	}
	return m - float64(step*g)
}
