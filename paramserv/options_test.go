package paramserv

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// watchedBarrier checks what SSP promises at every start of a round, in the server itself.
type watchedBarrier struct {
	Barrier
	view   View
	bound  int
	starts int
	broken string
}

func (b *watchedBarrier) Admit(worker, round int) bool {
	if !b.Barrier.Admit(worker, round) {
		return false
	}
	least, most := round, round
	for w := range b.view.Workers() {
		c := b.view.Clock(w)
		least = min(least, c)
		if c < b.view.Total() {
			most = max(most, c)
		}
	}
	if b.starts++; round-least > b.bound || most-least > b.bound+1 {
		b.broken = fmt.Sprintf("worker %d begins round %d; the clocks run from %d to %d", worker, round, least, most)
	}
	return true
}

// A thousand rounds with random delays: no worker is ever further ahead than allowed.
func TestStalenessIsBounded(t *testing.T) {
	for _, bound := range []int{1, 2, 5} {
		c := config(4000, 4, 1)
		c.UType, c.Staleness, c.Epochs = "SSP", bound, 1
		c.Delays, _ = ParseDelays("*:5us~2,0:10us±10us")
		p := planOf(&c)
		var b *watchedBarrier
		s := *p.strategy
		s.Barrier = func(c *Config, v View) Barrier {
			b = &watchedBarrier{Barrier: ssp.Barrier(c, v), view: v, bound: bound}
			return b
		}
		p.strategy = &s
		var r *Report
		var err error
		watch(t, c, func() { _, r, err = carryOut(context.Background(), p, regression(0.001, true), time.Now()) })
		if err != nil {
			t.Fatal(err)
		}
		if b.starts != 4000 || b.broken != "" {
			t.Errorf("staleness %d: %d starts; %s", bound, b.starts, b.broken)
		}
		if most := (2*bound + 1) * 3; r.Stats.MaxStaleness() > most || r.Stats.MaxStaleness() == 0 {
			t.Errorf("staleness %d: a push was %d updates old, at most %d may be", bound, r.Stats.MaxStaleness(), most)
		}
	}
}

// Shards give the bits of the whole model.
func TestShards(t *testing.T) {
	two, model := withMomentum(0.05, 0.9)
	two.agg = func(_ Info, m, g *value.List) (*value.List, error) { // for entries of any size
		vals := make([]value.Value, 4)
		for i := range 2 {
			w, v, gs := numbers(m.At(i)), numbers(m.At(i+2)), numbers(g.At(i))
			for j := range w {
				v[j] = 0.9*v[j] - 0.05*gs[j]
				w[j] += v[j]
			}
			vals[i], vals[i+2] = column(w...), column(v...)
			if i == 1 {
				vals[i], vals[i+2] = w[0], v[0]
			}
		}
		return value.NewList(vals, nil), nil
	}
	for _, m := range modes {
		for _, servers := range []int{1, 2, 3, 4} {
			c, ok := m.in(config(60, 3, 4))
			if !ok || m.utype == "EASGD" || m.utype == "HOGWILD" {
				continue
			}
			c.Model = model
			want, _ := train(t, c, two)
			c.Servers = servers
			var warning string
			c.Warn = func(s string) { warning = s }
			got, r := train(t, c, two)
			if m.rounds && !value.EqualLists(got, want) {
				t.Errorf("%v: %d servers give another result", c, servers)
			}
			if r.Stats.Servers != min(servers, 2) || servers > 2 != strings.Contains(warning, "has 2 independent parts, using 2 servers") {
				t.Errorf("%v: %d servers, warning %q", c, r.Stats.Servers, warning)
			}
		}
	}
	c := config(10, 2, 5)
	c.Servers = 2
	f := regression(0.1, true)
	f.agg = func(_ Info, m, g *value.List) (*value.List, error) { // clips by a norm over everything
		norm := math.Abs(g.At(1).(float64))
		for _, v := range numbers(g.At(0)) {
			norm += math.Abs(v)
		}
		return sgd(m, g, 0.1/max(1e-9, norm)), nil
	}
	if _, _, err := watched(t, context.Background(), c, f); err == nil || !strings.Contains(err.Error(), "agg is not entry-wise") {
		t.Errorf("error %v", err)
	}
	sets := []group{{model: []int{0}}, {model: []int{1}}, {model: []int{2}}, {model: []int{3}}}
	l := value.NewList([]value.Value{matrix.New(nil, 10, 1), matrix.New(nil, 90, 1), matrix.New(nil, 50, 1), matrix.New(nil, 60, 1)}, nil)
	if got := fmt.Sprint(balance(l, sets, 2)); got != "[{[1 0] []} {[3 2] []}]" {
		t.Errorf("balance %s", got)
	}
}

// At most two batches of a worker are alive, features of which are cut ahead; results do not change.
func TestPrefetch(t *testing.T) {
	for _, m := range modes {
		c, ok := m.in(config(90, 3, 4))
		if !ok || !m.rounds {
			continue
		}
		for _, c.Reshuffle = range []bool{false, true} {
			if c.Reshuffle {
				c.Scheme = "OVERLAP_RESHUFFLE"
			}
			c.Epochs = 4
			want, _ := train(t, c, regression(0.02, true))
			c.Prefetch = true
			got, r := train(t, c, regression(0.02, true))
			if !value.EqualLists(got, want) {
				t.Errorf("%v: prefetching changes the result", c)
			}
			if r.Stats.SliceWait <= 0 || r.Stats.Overlap() < 0 || r.Stats.Overlap() > 1 {
				t.Errorf("%v: %+v", c, r.Stats)
			}
			c.Prefetch = false
		}
	}
	c := config(20000, 1, 2000)
	c.Prefetch, c.Epochs = true, 3
	p := planOf(&c)
	l := newLoader(p, 0)
	for j := range 10 {
		next := batchKey{p.deals[0], 0, j + 1}
		if j == 9 {
			next = batchKey{p.deals[0], 1, 0}
		}
		x, y, _ := l.take(batchKey{p.deals[0], 0, j}, next)
		if x.Rows() != 2000 || y.At(0, 0) != c.Y.At(j*2000, 0) {
			t.Errorf("batch %d has the rows of another", j)
		}
		if l.ahead != next {
			t.Errorf("batch %d: %+v is prepared", j, l.ahead)
		}
		watch(t, c, func() { // the next one is cut although nobody asks for it yet
			for len(l.ready) == 0 {
				runtime.Gosched()
			}
		})
	}
	l.close()
	if l.ahead.deal != nil || len(l.ready) != 0 {
		t.Error("a batch is left")
	}
}

// Reshuffling gives every epoch an order of its own, and every row once.
func TestReshuffle(t *testing.T) {
	c := config(30, 2, 7)
	c.Scheme, c.Epochs, c.Reshuffle = "OVERLAP_RESHUFFLE", 3, true
	var mu sync.Mutex
	orders := map[[2]int][]float64{}
	f := regression(0.01, true)
	f.grad = func(_ context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
		mu.Lock()
		k := [2]int{i.Worker, i.Epoch}
		orders[k] = append(orders[k], numbers(y)...)
		mu.Unlock()
		return squares(m, x, y, true), nil
	}
	train(t, c, f)
	all := slices.Sorted(slices.Values(numbers(c.Y)))
	var seen [][]float64
	for k, o := range orders {
		if !slices.Equal(slices.Sorted(slices.Values(o)), all) {
			t.Errorf("worker and epoch %v have other rows", k)
		}
		for _, s := range seen {
			if slices.Equal(s, o) {
				t.Errorf("worker and epoch %v have an order that was there before", k)
			}
		}
		seen = append(seen, o)
	}
	if len(seen) != 6 {
		t.Errorf("%d orders", len(seen))
	}
}

// Unequal parts: SKIP leaves rounds to the longer, CYCLE fills them, DROP ends with the shortest.
func TestImbalance(t *testing.T) {
	for _, k := range []struct {
		word   string
		pushes string
		rounds int
	}{{"SKIP", "[4 3 3]", 4}, {"CYCLE", "[4 4 4]", 4}, {"DROP", "[3 3 3]", 3}} {
		c := config(10, 3, 1)
		c.Imbalance = k.word
		d := planOf(&c).deals[0]
		if fmt.Sprint(d.pushes) != k.pushes || d.rounds != k.rounds {
			t.Errorf("%s: pushes %v in %d rounds", k.word, d.pushes, d.rounds)
		}
		if lo, hi := d.span(1, 3); k.word == "CYCLE" && (lo != 0 || hi != 1) {
			t.Errorf("the fourth push of a part of three is batch %d", lo)
		}
	}
}

// The blocks of other systems: ceil(rows/workers) rows each, fewer workers when that uses up the rows.
func TestCeiledBlocks(t *testing.T) {
	for _, k := range []struct {
		n, w int
		want string
	}{{10, 4, "[3 3 3 1]"}, {9, 4, "[3 3 3]"}, {7, 2, "[4 3]"}, {1, 3, "[1]"}, {8, 4, "[2 2 2 2]"}} {
		c := config(k.n, k.w, 1)
		c.Ceiled = true
		var sizes []int
		at := 0
		for _, p := range planOf(&c).deals[0].parts {
			if p.lo != at {
				t.Errorf("%d rows, %d workers: a part begins at %d", k.n, k.w, p.lo)
			}
			at += p.n
			sizes = append(sizes, p.n)
		}
		if fmt.Sprint(sizes) != k.want {
			t.Errorf("%d rows, %d workers: parts of %v rows, want %s", k.n, k.w, sizes, k.want)
		}
	}
}

// EASGD: without attraction the centre stays; with it centre and workers meet where the data is.
func TestElasticAveraging(t *testing.T) {
	zero, small := 0.0, 0.2
	c := config(60, 3, 5)
	c.UType, c.Epochs, c.Alpha = "EASGD", 5, &zero
	if got, _ := train(t, c, regression(0.05, true)); !value.EqualLists(got, c.Model) {
		t.Error("alpha=0 moves the centre")
	}
	c.Alpha, c.Epochs = &small, 300
	got, _ := train(t, c, regression(0.1, true))
	bsp := c
	bsp.UType, bsp.Alpha = "BSP", nil
	want, _ := train(t, bsp, regression(0.03, true))
	if d := distance(got, want); d > 0.01 {
		t.Errorf("the centre is %g away from where BSP ends", d)
	}
	// One round by hand: models 1 and 3 around a centre of 0 with alpha 1/4.
	f := &folder{plan: &plan{cfg: &Config{Alpha: new(float64)}, workers: 2}}
	*f.plan.cfg.Alpha = 0.25
	one := func(v float64) *value.List { return value.NewList([]value.Value{column(v), v}, nil) }
	centre, locals, err := f.elastic(one(0), []*Push{{List: one(1)}, {List: one(3)}})
	if err != nil || centre.At(1) != 1.0 || locals[0].At(1) != 0.75 || locals[1].At(1) != 2.25 {
		t.Errorf("centre %v, models %v and %v, %v", centre.At(1), locals[0].At(1), locals[1].At(1), err)
	}
}

// The functions of the same batch are told the same seed in every run, different ones everywhere else.
func TestFunctionSeeds(t *testing.T) {
	collect := func() map[uint64]string {
		var mu sync.Mutex
		seen := map[uint64]string{}
		note := func(what string, i Info) {
			mu.Lock()
			defer mu.Unlock()
			if was, ok := seen[i.Seed]; ok {
				t.Errorf("%s has the seed of %s", what, was)
			}
			seen[i.Seed] = fmt.Sprintf("%s %d/%d/%d", what, i.Worker, i.Epoch, i.Iter)
		}
		c := config(40, 3, 4)
		c.Freq, c.ValX, c.ValY = "EPOCH", c.X, c.Y
		f := regression(0.1, true)
		grad, agg := f.grad, f.agg
		f.grad = func(ctx context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
			note("grad", i)
			return grad(ctx, i, m, x, y)
		}
		f.agg = func(i Info, m, g *value.List) (*value.List, error) {
			note("agg", i)
			return agg(i, m, g)
		}
		f.val = func(i Info, _ *value.List, _, _ *matrix.Matrix) (float64, float64, error) {
			note("val", i)
			return 0, 0, nil
		}
		train(t, c, f)
		return seen
	}
	a, b := collect(), collect()
	if len(a) < 40 || fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%d seeds, then %d", len(a), len(b))
	}
}

// Events tell the story of a call: what they add up to is what the report says.
func TestEvents(t *testing.T) {
	for _, m := range modes {
		c, ok := m.in(config(40, 3, 4))
		if !ok {
			continue
		}
		c.ValX, c.ValY, c.Retries, c.Faults = c.X, c.Y, 1, faultsOf(t, "1:grad@2")
		count := map[string]int{}
		pushes, last := 0, -1.0
		var losses []float64
		c.OnEvent = func(e Event) {
			count[e.Kind]++
			if e.Kind == "push" && !e.Discarded {
				pushes++
			}
			if e.Kind == "epoch" {
				losses = append(losses, float64(*e.Loss))
			}
			if e.Time < last-1e-9 {
				t.Errorf("%v: %s at %v, after %v", c, e.Kind, e.Time, last)
			}
			last = e.Time
			if _, err := json.Marshal(e); err != nil {
				t.Error(err)
			}
		}
		f := regression(0.1, true)
		f.val = func(i Info, m *value.List, _, _ *matrix.Matrix) (float64, float64, error) {
			return m.At(1).(float64), 0, nil
		}
		_, r := train(t, c, f)
		retries := 1
		if m.utype == "SBP" && (m.backup > 0 || m.auto) {
			retries = r.Stats.Retries // rounds may end without a second gradient of the worker
		}
		if count["start"] != 1 || count["end"] != 1 || count["epoch"] != 2 || count["retry"] != retries || r.Stats.Retries != retries || pushes != r.Stats.Accepted || count["push"] != r.Stats.Pushes {
			t.Errorf("%v: events %v, report %+v", c, count, r.Stats)
		}
		for e, row := range r.History {
			if losses[e] != row.Loss {
				t.Errorf("%v: loss %v in the events, %v in the history", c, losses[e], row.Loss)
			}
		}
	}
	nan := Number(math.NaN())
	if b, err := json.Marshal(Event{Kind: "epoch", Loss: &nan}); err != nil || string(b) != `{"event":"epoch","t":0,"loss":null}` {
		t.Errorf("%s, %v", b, err)
	}
}

func TestCellsMove(t *testing.T) {
	cell := math.Float64bits(2)
	moveCell(&cell, 0.5, 3, false)
	if loadCell(&cell) != 0.5 {
		t.Errorf("2 - 0.5*3 is %v", loadCell(&cell))
	}
}
