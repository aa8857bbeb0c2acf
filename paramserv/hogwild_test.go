package paramserv

import (
	"context"
	"math"
	"strings"
	"testing"

	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/value"
)

// Eight workers on one model lose no update in the atomic build, and count them in any.
func TestHogwildCountsUpdates(t *testing.T) {
	c := config(4000, 8, 1)
	c.UType, c.Epochs, c.Budget = "HOGWILD", 3, par.New(8)
	c.Model = value.NewList([]value.Value{column(0, 0, 0), int64(0), "kept"}, []string{"w", "b", "s"})
	f := regression(-1, true)
	f.grad = func(context.Context, Info, *value.List, *matrix.Matrix, *matrix.Matrix) (*value.List, error) {
		return value.NewList([]value.Value{column(1, 0, 2), 1.0}, nil), nil
	}
	f.agg = func(_ Info, m, g *value.List) (*value.List, error) {
		w, gw := m.At(0).(*matrix.Matrix), g.At(0).(*matrix.Matrix)
		d := column(w.At(0, 0)+gw.At(0, 0), w.At(1, 0)+gw.At(1, 0), w.At(2, 0)+gw.At(2, 0))
		return value.NewList([]value.Value{d, numbers(m.At(1))[0] + g.At(1).(float64), m.At(2)}, nil), nil
	}
	got, r := train(t, c, f)
	const want = 12000
	w := got.At(0).(*matrix.Matrix)
	sum := w.At(0, 0) + w.At(2, 0)/2 + got.At(1).(float64)
	if !LosesUpdates && (w.At(0, 0) != want || w.At(2, 0) != 2*want || got.At(1) != float64(want)) {
		t.Errorf("%v, %v and %v updates in the model, want %d", w.At(0, 0), w.At(2, 0)/2, got.At(1), want)
	}
	if LosesUpdates {
		t.Logf("%.3f %% of the updates were lost", 100*(1-sum/(3*want)))
	}
	if w.At(1, 0) != 0 || got.At(2) != "kept" || got.Name(2) != "s" || r.Stats.Updates != want || r.Stats.Accepted != want {
		t.Errorf("model %v %v, %d updates", w.At(1, 0), got.At(2), r.Stats.Updates)
	}
	for e, row := range r.History {
		if row.Epoch != e+1 || row.Pushes != 4000 {
			t.Errorf("history row %+v", row)
		}
	}
}

// With more workers the loss is what it is with one, about.
func TestHogwildTrains(t *testing.T) {
	loss := func(workers int) (sum float64) {
		c := config(2000, workers, 2)
		c.UType, c.Epochs, c.Scheme = "HOGWILD", 12, "DISJOINT_RANDOM"
		c.Delays, _ = ParseDelays("*:5us@1/19") // so that no worker is done before another begins
		m, _ := train(t, c, regression(0.005, true))
		w, b := m.At(0).(*matrix.Matrix), m.At(1).(float64)
		for i := range 2000 {
			e := b - c.Y.At(i, 0)
			for j := range features {
				e += c.X.At(i, j) * w.At(j, 0)
			}
			sum += e * e
		}
		return sum
	}
	if one, four := loss(1), loss(4); math.Abs(four-one) > 0.02*one {
		t.Errorf("squared error %v with one worker, %v with four", one, four)
	}
}

// An agg that is not a step along the gradients is refused, with the reason.
func TestHogwildRefuses(t *testing.T) {
	momentum, withVelocity := withMomentum(0.1, 0.9)
	agg := func(f func(i Info, w, g float64) float64) funcs {
		r := regression(0.1, true)
		r.agg = func(i Info, m, g *value.List) (*value.List, error) {
			w, gw := m.At(0).(*matrix.Matrix), g.At(0).(*matrix.Matrix)
			d := make([]float64, w.Rows())
			for j := range d {
				d[j] = f(i, w.At(j, 0), gw.At(j, 0))
			}
			return value.NewList([]value.Value{column(d...), m.At(1)}, nil), nil
		}
		return r
	}
	for _, k := range []struct {
		name  string
		f     funcs
		model *value.List
		want  string
	}{
		{"model returned", agg(func(_ Info, w, _ float64) float64 { return w }), startModel(), "agg does not use the gradients"},
		{"weight decay", agg(func(_ Info, w, g float64) float64 { return 0.99*w - g }), startModel(), "the step depends on"},
		{"clipping", agg(func(_ Info, w, g float64) float64 { return w - 0.1*max(-5, min(5, g)) }), startModel(), "the step depends on"},
		{"sign", agg(func(_ Info, w, g float64) float64 { return w - 0.1*math.Copysign(1, g) }), startModel(), "the step depends on"},
		{"decay of the step", agg(func(i Info, w, g float64) float64 { return w - 0.1/float64(i.Epoch)*g }), startModel(), "the step depends on"},
		{"rows", agg(func(i Info, w, g float64) float64 { return w - 0.1/float64(i.Rows)*g }), startModel(), "the step depends on"},
		{"momentum", momentum, withVelocity, "is state of the optimizer"},
		{"other shape", agg(func(_ Info, w, g float64) float64 { return w - g }), value.NewList([]value.Value{column(1, 2), 0.5}, nil), "gradient 1 is 3x1, but entry 1 of the model is 2x1"},
		{"string", agg(func(_ Info, w, g float64) float64 { return w - g }), value.NewList([]value.Value{column(1, 2, 3), "x"}, []string{"w", "b"}), `entry "b" of the model is a string`},
	} {
		c := config(20, 3, 2)
		c.UType, c.Model = "HOGWILD", k.model
		if k.name == "other shape" || k.name == "string" {
			k.f.grad = func(context.Context, Info, *value.List, *matrix.Matrix, *matrix.Matrix) (*value.List, error) {
				return value.NewList([]value.Value{column(1, 2, 3), 1.0}, nil), nil
			}
		}
		_, _, err := watched(t, context.Background(), c, k.f)
		if err == nil || !strings.Contains(err.Error(), k.want) || !strings.Contains(err.Error(), `utype="HOGWILD" cannot use this agg`) {
			t.Errorf("%s: error %v, want one with %q", k.name, err, k.want)
		}
	}
	for _, k := range []struct {
		change func(c *Config)
		want   string
	}{
		{func(c *Config) { c.ModelAvg = true }, "does not go with modelAvg"},
		{func(c *Config) { c.Servers = 2 }, "does not go with servers"},
		{func(c *Config) { c.Checkpoint = Checkpointing{Every: 1, Dir: "x"} }, "does not go with checkpointing"},
		{func(c *Config) { c.Faults = faultsOf(t, "0:lose@1") }, "does not go with the loss of workers"},
	} {
		c := config(20, 3, 2)
		c.UType = "HOGWILD"
		k.change(&c)
		if _, _, err := watched(t, context.Background(), c, regression(0.1, true)); err == nil || !strings.Contains(err.Error(), k.want) {
			t.Errorf("error %v, want one with %q", err, k.want)
		}
	}
}

// Updates that round once are recognised, so that one worker gives the bits of the loop.
func TestHogwildRoundsAsAggDoes(t *testing.T) {
	f := regression(0.1, true)
	f.agg = func(_ Info, m, g *value.List) (*value.List, error) {
		w, gw := m.At(0).(*matrix.Matrix), g.At(0).(*matrix.Matrix)
		d := make([]float64, features)
		for j := range d {
			d[j] = math.FMA(-0.1, gw.At(j, 0), w.At(j, 0))
		}
		return value.NewList([]value.Value{column(d...), m.At(1).(float64) - 0.3*g.At(1).(float64)}, []string{"w", "b"}), nil
	}
	c := config(128, 1, 3)
	c.UType = "HOGWILD"
	if got, _ := train(t, c, f); !value.EqualLists(got, sequential(c, f)) {
		t.Error("not the loop")
	}
}
