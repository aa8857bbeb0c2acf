package paramserv

import (
	"context"
	"runtime"
	"testing"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// sequential is the loop that a script would write: one step per batch, in order.
func sequential(c Config, f funcs) *value.List {
	m := c.Model
	for e := range c.Epochs {
		for lo := 0; lo < c.X.Rows(); lo += c.BatchSize {
			rows := span(lo, min(lo+c.BatchSize, c.X.Rows()))
			g, _ := f.grad(context.Background(), Info{Epoch: e + 1}, m, rowsOf(c.X, rows), rowsOf(c.Y, rows))
			m, _ = f.agg(Info{}, m, g)
		}
	}
	return m
}

// O1: one worker with a push per batch is the loop, bit for bit.
func TestOneWorkerIsTheLoop(t *testing.T) {
	for _, n := range someRows {
		for _, b := range someBatches {
			for _, utype := range StrategyNames() {
				c := config(n, 1, b)
				c.UType = utype
				f := regression(0.1, true)
				got, _ := train(t, c, f)
				if !value.EqualLists(got, sequential(c, f)) {
					t.Errorf("%v: not the loop", c)
				}
			}
		}
	}
}

// O2: pushing the sum of an epoch of local steps is the loop for plain descent, and
// is not with momentum, whose state advances once per push.
func TestEpochOfOneWorker(t *testing.T) {
	for _, n := range []int{10, 100, 101, 128} {
		for _, b := range []int{1, 3, 32} {
			c := config(n, 1, b)
			c.Freq = "EPOCH"
			f := regression(0.05, true)
			got, _ := train(t, c, f)
			if d := distance(got, sequential(c, f)); d > 1e-12 {
				t.Errorf("%v: plain descent differs from the loop by %g", c, d)
			}
			if b >= n {
				continue
			}
			f, c.Model = withMomentum(0.05, 0.9)
			got, _ = train(t, c, f)
			if d := distance(got, sequential(c, f)); d < 1e-6 {
				t.Errorf("%v: momentum does not differ from the loop (%g)", c, d)
			}
		}
	}
}

// O3: a round of workers that push sums is one step on the union of their batches.
func TestRoundIsUnionOfBatches(t *testing.T) {
	for _, n := range someRows {
		for _, w := range someWorkers {
			for _, b := range someBatches {
				c := config(n, w, b)
				f := regression(0.002, false)
				got, _ := train(t, c, f)
				p := newPlan(&c)
				m := c.Model
				for range c.Epochs {
					for r := range p.rounds {
						var rows []int
						for i := range p.workers {
							if r < p.pushes[i] {
								rows = append(rows, span(p.parts[i].lo+r*b, p.parts[i].lo+min((r+1)*b, p.parts[i].n))...)
							}
						}
						g := squares(m, rowsOf(c.X, rows), rowsOf(c.Y, rows), false)
						m = sgd(m, g, 0.002)
					}
				}
				if d := distance(got, m); d > 1e-12 {
					t.Errorf("%v: differs from the union by %g", c, d)
				}
			}
		}
	}
}

// O4: with equal parts, averaging models is a step divided by the number of workers.
func TestAverageDividesTheStep(t *testing.T) {
	for _, w := range []int{1, 2, 3, 4, 7} {
		c := config(42*w, w, 6)
		c.Epochs = 3
		f, m := withMomentum(0.08, 0.9)
		c.Model, c.ModelAvg = m, true
		got, _ := train(t, c, f)
		f, c.Model = withMomentum(0.08/float64(w), 0.9)
		c.ModelAvg = false
		want, _ := train(t, c, f)
		if d := distance(got, want); d > 1e-12 {
			t.Errorf("W=%d: average and divided step differ by %g", w, d)
		}
	}
}

// O7 and O8: groups of one batch are BATCH; groups of at least an epoch are EPOCH.
func TestGroupSizes(t *testing.T) {
	grid(func(c Config) {
		if c.Freq == "NBATCHES" || c.BatchSize == 1 && c.X.Rows() > 100 {
			return
		}
		for _, avg := range []bool{false, true} {
			c.ModelAvg = avg
			f := regression(0.01, true)
			want, _ := train(t, c, f)
			groups := c
			groups.Freq, groups.NBatches = "NBATCHES", 1
			if c.Freq == "EPOCH" {
				groups.NBatches = 1000
			}
			got, _ := train(t, groups, f)
			if !value.EqualLists(got, want) {
				t.Errorf("%v: not %s", groups, c.Freq)
			}
		}
	})
}

// O9 and O10: no step, no change, in every mode.
func TestNothingChangesTheModel(t *testing.T) {
	same := regression(0.1, true)
	same.agg = func(_ Info, m, _ *value.List) (*value.List, error) { return value.Retain(m).(*value.List), nil }
	zeros := regression(0.1, true)
	zeros.grad = func(context.Context, Info, *value.List, *matrix.Matrix, *matrix.Matrix) (*value.List, error) {
		return value.NewList([]value.Value{column(0, 0, 0), 0.0}, nil), nil
	}
	grid(func(c Config) {
		for _, c.UType = range StrategyNames() {
			for _, c.ModelAvg = range []bool{false, true} {
				for name, f := range map[string]funcs{"agg returns its model": same, "zero gradients": zeros} {
					if got, _ := train(t, c, f); !value.EqualLists(got, c.Model) {
						t.Errorf("%v: %s changes the model", c, name)
					}
				}
			}
		}
	})
}

// O11: gradients that are the model itself shrink it by a known factor; a buffer
// shared between lists would show here.
func TestWeightDecay(t *testing.T) {
	const lr = 0.05
	f := regression(lr, true)
	f.grad = func(_ context.Context, _ Info, m *value.List, _, _ *matrix.Matrix) (*value.List, error) {
		return value.NewList([]value.Value{m.At(0).(*matrix.Matrix).Retain(), m.At(1)}, nil), nil
	}
	for _, n := range someRows {
		for _, w := range someWorkers {
			for _, b := range someBatches {
				c := config(n, w, b)
				got, _ := train(t, c, f)
				p := newPlan(&c)
				factor := 1.0
				for r := range c.Epochs * p.rounds {
					factor *= 1 - lr*float64(p.Active(r))
				}
				d := column(0.3*factor, -0.2*factor, 0.1*factor)
				want := value.NewList([]value.Value{d, 0.5 * factor}, nil)
				if d := distance(got, want); d > 1e-10 {
					t.Errorf("%v: differs from the closed form by %g", c, d)
				}
				if c.Model.At(1) != 0.5 || c.Model.At(0).(*matrix.Matrix).At(0, 0) != 0.3 {
					t.Fatalf("%v: the model that was passed in has changed", c)
				}
			}
		}
	}
}

// O12: counting gradients of one add up to the number of batches; so do the counters of the report.
func TestEveryBatchCountsOnce(t *testing.T) {
	count := regression(-1, true)
	count.grad = func(_ context.Context, _ Info, _ *value.List, x, _ *matrix.Matrix) (*value.List, error) {
		return value.NewList([]value.Value{column(1, float64(x.Rows()), 0), 1.0}, nil), nil
	}
	grid(func(c Config) {
		for _, c.UType = range StrategyNames() {
			c.Model = value.NewList([]value.Value{column(0, 0, 0), 0.0}, nil)
			m, r := train(t, c, count)
			p := newPlan(&c)
			batches, rows, pushes := 0, 0, p.perEpoch()*c.Epochs
			for w := range p.workers {
				batches += p.batches[w] * c.Epochs
				rows += p.parts[w].n * c.Epochs
			}
			w := m.At(0).(*matrix.Matrix)
			if w.At(0, 0) != float64(batches) || w.At(1, 0) != float64(rows) || m.At(1) != float64(batches) {
				t.Errorf("%v: %v batches with %v rows, want %d with %d", c, w.At(0, 0), w.At(1, 0), batches, rows)
			}
			s := r.Stats
			updates := pushes
			if c.UType == "BSP" {
				updates = p.rounds * c.Epochs
			}
			if s.Batches != batches || s.Rows != rows || s.Pushes != pushes || s.Updates != updates {
				t.Errorf("%v: counters %d batches, %d rows, %d pushes, %d updates; want %d, %d, %d, %d",
					c, s.Batches, s.Rows, s.Pushes, s.Updates, batches, rows, pushes, updates)
			}
			if len(r.History) != c.Epochs {
				t.Errorf("%v: %d history rows", c, len(r.History))
			}
			for e, row := range r.History {
				if row.Epoch != e+1 || row.Pushes != p.perEpoch() || c.UType == "BSP" && row.MaxStale != 0 {
					t.Errorf("%v: history row %+v", c, row)
				}
			}
		}
	})
}

// O13: a barrier mode gives the same bits again, whatever the threads.
func TestBarrierIsDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, scheme := range SchemeNames() {
		for _, freq := range Freqs() {
			c := config(101, 7, 3)
			c.Scheme, c.Freq, c.NBatches = scheme, freq, 2
			f := regression(0.01, true)
			want, _ := train(t, c, f)
			for _, procs := range []int{1, 2, 8} {
				runtime.GOMAXPROCS(procs)
				if got, _ := train(t, c, f); !value.EqualLists(got, want) {
					t.Errorf("%v: another result with GOMAXPROCS=%d", c, procs)
				}
			}
		}
	}
}
