package paramserv

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/value"
)

func TestDefaultWorkers(t *testing.T) {
	cases := []struct{ n, batch, k, budget, want, threads int }{
		{100, 10, 0, 4, 4, 1},
		{100, 40, 0, 8, 3, 2},
		{100, 200, 0, 8, 1, 8},
		{3, 1, 7, 2, 3, 1},
		{100, 10, 6, 2, 6, 1},
	}
	for _, k := range cases {
		c := config(k.n, k.k, k.batch)
		c.Budget = par.New(k.budget)
		warned := ""
		c.Warn = func(s string) { warned = s }
		p := planOf(&c)
		if p.workers != k.want || p.threads != k.threads {
			t.Errorf("%+v: %d workers with %d threads", k, p.workers, p.threads)
		}
		if (k.k > k.n) != strings.Contains(warned, "using 3 workers") {
			t.Errorf("%+v: warning %q", k, warned)
		}
	}
	c := config(3, 7, 1)
	c.Scheme = "OVERLAP_RESHUFFLE"
	if p := planOf(&c); p.workers != 7 {
		t.Errorf("overlapping parts of 3 rows: %d workers", p.workers)
	}
}

// Unequal parts: a worker without a push in the last rounds of an epoch begins the
// next epoch on the model of its first round, not earlier.
func TestRoundsAreAlignedToEpochs(t *testing.T) {
	c := config(10, 3, 2) // parts of 4, 3 and 3 rows: 2 batches each; with batches of 3: 2, 1, 1
	c.BatchSize, c.Epochs = 3, 4
	var mu sync.Mutex
	seen := map[[2]int]float64{}
	f := regression(-1, true)
	f.grad = func(_ context.Context, i Info, m *value.List, _, _ *matrix.Matrix) (*value.List, error) {
		mu.Lock()
		seen[[2]int{i.Worker, i.Round}] = m.At(1).(float64)
		mu.Unlock()
		if i.Worker == 1 {
			time.Sleep(time.Millisecond) // the others could run ahead
		}
		return value.NewList([]value.Value{column(0, 0, 0), 1.0}, nil), nil
	}
	c.Model = value.NewList([]value.Value{column(0, 0, 0), 0.0}, nil)
	train(t, c, f)
	for e := range c.Epochs {
		first := float64(4 * e) // three pushes in the first round of an epoch, one in the second
		for w := 1; w <= 3; w++ {
			if got := seen[[2]int{w, 2*e + 1}]; got != first {
				t.Errorf("worker %d began epoch %d on the model after %v pushes, want %v", w, e+1, got, first)
			}
		}
		if got := seen[[2]int{1, 2*e + 2}]; got != first+3 {
			t.Errorf("second round of epoch %d on the model after %v pushes", e+1, got)
		}
	}
}

// What the functions are told, for two workers with two batches each.
func TestInfo(t *testing.T) {
	c := config(7, 2, 3) // parts of 4 and 3 rows: batches of 3, 1 and 3
	var mu sync.Mutex
	var grads, aggs []Info
	f := regression(0.1, true)
	grad, agg := f.grad, f.agg
	f.grad = func(ctx context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
		mu.Lock()
		defer mu.Unlock()
		grads = append(grads, unseeded(i))
		if i.Rows != x.Rows() || x.Rows() != y.Rows() {
			t.Errorf("%+v for %d rows", i, x.Rows())
		}
		return grad(ctx, i, m, x, y)
	}
	f.agg = func(i Info, m, g *value.List) (*value.List, error) {
		aggs = append(aggs, unseeded(i))
		return agg(i, m, g)
	}
	train(t, c, f)
	slices.SortFunc(grads, func(a, b Info) int { return (a.Worker-b.Worker)*100 + a.Iter - b.Iter })
	want := []Info{
		{1, 1, 1, 1, 2, 3, 3, 0}, {1, 2, 2, 1, 2, 1, 3, 0}, {2, 3, 3, 1, 2, 3, 3, 0}, {2, 4, 4, 1, 2, 1, 3, 0},
		{1, 1, 1, 2, 2, 3, 3, 0}, {2, 3, 2, 2, 2, 3, 3, 0},
	}
	if !slices.Equal(grads, want) {
		t.Errorf("gradients were told %v", grads)
	}
	want = []Info{{1, 1, 1, 0, 2, 6, 3, 0}, {1, 2, 2, 1, 2, 1, 3, 0}, {2, 3, 3, 0, 2, 6, 3, 0}, {2, 4, 4, 1, 2, 1, 3, 0}}
	if !slices.Equal(aggs, want) {
		t.Errorf("aggregations were told %v", aggs)
	}
}

// Validation sees the model of the end of each epoch, and the last one is the result.
func TestHistory(t *testing.T) {
	for _, utype := range StrategyNames() {
		c := config(40, 3, 4)
		c.UType, c.Epochs = utype, 5
		c.ValX, c.ValY = problem(9)
		f := regression(0.1, true)
		f.val = func(i Info, m *value.List, x, y *matrix.Matrix) (float64, float64, error) {
			if x.Rows() != 9 || i.Rows != 9 {
				t.Errorf("validation on %d rows", x.Rows())
			}
			time.Sleep(2 * time.Millisecond) // training goes on meanwhile
			return m.At(1).(float64), float64(i.Epoch), nil
		}
		var rows []Epoch
		c.OnEpoch = func(e Epoch) { rows = append(rows, e) }
		m, r := train(t, c, f)
		if len(rows) != 5 || !slices.Equal(rows, r.History) {
			t.Fatalf("%s: %d rows reported, %d in the history", utype, len(rows), len(r.History))
		}
		for i, e := range rows {
			if e.Epoch != i+1 || e.Accuracy != float64(i+1) || math.IsNaN(e.Loss) || i > 0 && e.Seconds < rows[i-1].Seconds {
				t.Errorf("%s: row %+v", utype, e)
			}
		}
		if last := rows[4].Loss; last != m.At(1).(float64) {
			t.Errorf("%s: the last row is of another model: %v, %v", utype, last, m.At(1))
		}
	}
	c := config(40, 3, 4)
	if _, r := train(t, c, regression(0.1, true)); !math.IsNaN(r.History[1].Loss) {
		t.Error("a loss without validation")
	}
}

// An asynchronous slow worker pushes old gradients; the age is counted.
func TestStaleness(t *testing.T) {
	c := config(12, 2, 1)
	c.UType, c.Epochs = "ASP", 1
	f := regression(0.01, true)
	grad := f.grad
	fast := make(chan struct{})
	f.grad = func(ctx context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
		switch {
		case i.Worker == 2 && i.Iter == 1:
			<-fast // until worker 1 has begun its last batch: five of its pushes are applied
		case i.Worker == 1 && i.Iter == 6:
			close(fast)
		}
		return grad(ctx, i, m, x, y)
	}
	_, r := train(t, c, f)
	if s := r.Stats; s.MaxStaleness() < 5 || s.MeanStaleness() <= 0 || r.History[0].MaxStale != s.MaxStaleness() {
		t.Errorf("staleness %v", s.Staleness)
	}
	if s := r.Stats; s.RowsPerSecond() <= 0 || s.BytesPushed <= 0 || s.BytesPulled <= 0 || len(s.Wait) != 2 || s.Total < s.Setup {
		t.Errorf("counters %+v", s)
	}
}

// Weights of the average: rows behind a model when asked for; alpha when asynchronous.
func TestAverages(t *testing.T) {
	models := func(v ...float64) []*value.List {
		var ls []*value.List
		for _, x := range v {
			ls = append(ls, value.NewList([]value.Value{column(x), x, int64(4)}, nil))
		}
		return ls
	}
	got, err := average(&matrix.Ctx{}, models(1, 2, 6), []float64{1, 1, 2})
	if err != nil || math.Abs(got.At(1).(float64)-3.75) > 1e-15 || math.Abs(got.At(0).(*matrix.Matrix).At(0, 0)-3.75) > 1e-15 || got.At(2) != int64(4) {
		t.Errorf("average %v, %v", got.At(1), err)
	}
	if got, _ = average(&matrix.Ctx{}, models(0.1, 0.1, 0.1), []float64{1, 1, 1}); got.At(1) != 0.1 {
		t.Errorf("average of equal numbers is %v", got.At(1))
	}
	c := config(3, 2, 2) // parts of 2 rows and 1 row
	c.Epochs, c.ModelAvg, c.Weighting = 1, true, true
	f := regression(0.1, true)
	f.agg = func(i Info, m, _ *value.List) (*value.List, error) {
		return value.NewList([]value.Value{column(0, 0, 0), float64(i.Worker)}, nil), nil
	}
	m, _ := train(t, c, f)
	if want := (2*1 + 1*2) / 3.0; math.Abs(m.At(1).(float64)-want) > 1e-15 || m.Name(1) != "b" {
		t.Errorf("weighted average %v, want %v; name %q", m.At(1), want, m.Name(1))
	}
	alpha := 0.25
	c.UType, c.Weighting, c.Alpha, c.Workers = "ASP", false, &alpha, 1
	c.BatchSize = 3
	m, _ = train(t, c, f)
	if want := 0.5 + 0.25*(1-0.5); m.At(1) != want {
		t.Errorf("asynchronous average %v, want %v", m.At(1), want)
	}
}

// A batch of all rows in order is the matrix itself; features and labels that are one matrix are cut once.
func TestBatchSharing(t *testing.T) {
	c := config(10, 1, 10)
	p := planOf(&c)
	x, y := batchOf(p, 0, 0)
	if x != c.X || y != c.Y {
		t.Error("the whole was copied")
	}
	c = config(10, 2, 3)
	c.Y = c.X
	p = planOf(&c)
	if x, y = batchOf(p, 1, 0); x != y || x.Rows() != 3 || x.At(0, 0) != c.X.At(5, 0) {
		t.Error("one matrix was cut twice, or wrongly")
	}
}

// unseeded drops the seed, of which only a test of its own says something.
func unseeded(i Info) Info {
	i.Seed = 0
	return i
}
