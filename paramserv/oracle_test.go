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
			eachMode(config(n, 1, b), func(m mode, c Config) {
				if m.utype == "EASGD" {
					return // the result is the centre, not the worker's model
				}
				f := regression(0.1, true)
				got, _ := train(t, c, f)
				if !value.EqualLists(got, sequential(c, f)) {
					t.Errorf("%v: not the loop", c)
				}
			})
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
				p := planOf(&c)
				m := c.Model
				for range c.Epochs {
					for r := range p.deals[0].rounds {
						var rows []int
						for i := range p.workers {
							if r < p.deals[0].pushes[i] {
								rows = append(rows, span(p.deals[0].parts[i].lo+r*b, p.deals[0].parts[i].lo+min((r+1)*b, p.deals[0].parts[i].n))...)
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

// O5 and O6: no backup workers and no staleness are BSP; SSP makes an update per push, so it
// agrees up to rounding.
func TestBarriersAgree(t *testing.T) {
	grid(5, func(c Config) {
		f := regression(0.01, true)
		want, _ := train(t, c, f)
		c.UType = "SBP"
		if got, _ := train(t, c, f); !value.EqualLists(got, want) {
			t.Errorf("%v: not BSP", c)
		}
		c.UType = "SSP"
		if got, _ := train(t, c, f); distance(got, want) > 1e-12 {
			t.Errorf("%v: differs from BSP by %g", c, distance(got, want))
		}
	})
}

// O7 and O8: groups of one batch are BATCH; groups of at least an epoch are EPOCH.
func TestGroupSizes(t *testing.T) {
	grid(7, func(c Config) {
		if c.Freq == "NBATCHES" {
			return
		}
		for _, avg := range []bool{false, true} {
			c.ModelAvg = avg
			eachMode(c, func(m mode, c Config) {
				if !m.rounds {
					return
				}
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
			})
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
	grid(9, func(c Config) {
		for _, c.ModelAvg = range []bool{false, true} {
			eachMode(c, func(m mode, c Config) {
				for name, f := range map[string]funcs{"agg returns its model": same, "zero gradients": zeros} {
					if m.utype == "HOGWILD" && name == "agg returns its model" {
						continue // refused, see TestHogwildRefuses
					}
					if got, _ := train(t, c, f); !value.EqualLists(got, c.Model) {
						t.Errorf("%v: %s changes the model", c, name)
					}
				}
			})
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
				p := planOf(&c)
				factor := 1.0
				for r := range c.Epochs * p.deals[0].rounds {
					factor *= 1 - lr*float64(activeIn(p, r))
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

// O12: counting gradients of one add up to the number of batches behind accepted pushes; so do the counters of the report.
func TestEveryBatchCountsOnce(t *testing.T) {
	count := regression(-1, true)
	count.grad = func(_ context.Context, _ Info, _ *value.List, x, _ *matrix.Matrix) (*value.List, error) {
		return value.NewList([]value.Value{column(1, float64(x.Rows()), 0), 1.0}, nil), nil
	}
	grid(12, func(c Config) {
		c.Model = value.NewList([]value.Value{column(0, 0, 0), 0.0}, nil)
		eachMode(c, func(m mode, c Config) {
			if m.utype == "EASGD" {
				return // counts are averaged away
			}
			got, r := train(t, c, count)
			p := planOf(&c)
			s := r.Stats
			w := got.At(0).(*matrix.Matrix)
			if w.At(0, 0) != float64(s.AcceptedBatches) || got.At(1) != float64(s.AcceptedBatches) {
				t.Errorf("%v: %v batches in the model, %d accepted", c, w.At(0, 0), s.AcceptedBatches)
			}
			if s.AcceptedBatches+s.DroppedBatches != p.batchesInRun() || s.Accepted+s.Discarded != s.Pushes {
				t.Errorf("%v: %d batches accepted and %d dropped of %d; %d pushes accepted and %d discarded of %d",
					c, s.AcceptedBatches, s.DroppedBatches, p.batchesInRun(), s.Accepted, s.Discarded, s.Pushes)
			}
			if m.utype != "SBP" || m.backup == 0 && !m.auto {
				checkComplete(t, m, c, p, &s, w.At(1, 0))
			} else if s.Updates != p.total() {
				t.Errorf("%v: %d rounds, want %d", c, s.Updates, p.total())
			}
			if most := (2*c.Staleness + 1) * (p.workers - 1); m.utype == "SSP" && s.MaxStaleness() > most {
				t.Errorf("%v: staleness %d, at most %d may be", c, s.MaxStaleness(), most)
			}
			checkHistory(t, m, c, p, r)
		})
	})
}

// checkComplete checks the counters of a run without late pushes.
func checkComplete(t *testing.T, m mode, c Config, p *plan, s *Stats, rows float64) {
	t.Helper()
	pushes := p.deals[0].perEpoch() * c.Epochs
	updates := pushes
	if m.utype == "BSP" || m.utype == "SBP" {
		updates = p.total()
	}
	if s.Batches != p.batchesInRun() || s.Pushes != pushes || s.Updates != updates || s.Accepted != pushes || s.Rows != int(rows) {
		t.Errorf("%v: counters %d batches, %d rows, %d pushes, %d updates; want %d, %v, %d, %d",
			c, s.Batches, s.Rows, s.Pushes, s.Updates, p.batchesInRun(), rows, pushes, updates)
	}
}

func checkHistory(t *testing.T, m mode, c Config, p *plan, r *Report) {
	t.Helper()
	if len(r.History) != c.Epochs || r.Stats.Epochs != c.Epochs {
		t.Errorf("%v: %d history rows", c, len(r.History))
	}
	pushes := 0
	for e, row := range r.History {
		pushes += row.Pushes
		if row.Epoch != e+1 || row.Pushes > p.deals[0].perEpoch() || (m.utype == "BSP" || m.utype == "SBP") && row.MaxStale != 0 {
			t.Errorf("%v: history row %+v", c, row)
		}
	}
	if pushes != r.Stats.Accepted {
		t.Errorf("%v: %d pushes in the history, %d accepted", c, pushes, r.Stats.Accepted)
	}
}

// O13: a barrier mode gives the same bits again, whatever the threads.
func TestBarrierIsDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	want := map[string]*value.List{}
	for _, procs := range []int{2, 1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		grid(13, func(c Config) { // the same configurations each time
			eachMode(c, func(m mode, c Config) {
				if !m.rounds {
					return
				}
				key := c.String()
				c.Prefetch = procs == 2
				got, _ := train(t, c, regression(0.01, true))
				if first, seen := want[key]; !seen {
					want[key] = got
				} else if !value.EqualLists(got, first) {
					t.Errorf("%v: another result with GOMAXPROCS=%d", c, procs)
				}
			})
		})
	}
	if len(want) < 100 {
		t.Errorf("%d configurations only", len(want))
	}
}
