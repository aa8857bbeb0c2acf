package paramserv

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/value"
)

// funcs are the three functions as plain closures, shared by all workers.
type funcs struct {
	grad func(ctx context.Context, info Info, m *value.List, x, y *matrix.Matrix) (*value.List, error)
	agg  func(info Info, m, g *value.List) (*value.List, error)
	val  func(info Info, m *value.List, x, y *matrix.Matrix) (float64, float64, error)

	open *atomic.Int32 // functions not yet closed
	fail func(id int) error
}

func (f funcs) Worker(id, threads int) (Functions, error) {
	if f.fail != nil {
		if err := f.fail(id); err != nil {
			return nil, err
		}
	}
	if f.open != nil {
		f.open.Add(1)
	}
	return f, nil
}

func (f funcs) Gradient(ctx context.Context, info Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
	return f.grad(ctx, info, m, x, y)
}

func (f funcs) Aggregate(_ context.Context, info Info, m, g *value.List) (*value.List, error) {
	return f.agg(info, m, g)
}

func (f funcs) Validate(_ context.Context, info Info, m *value.List, x, y *matrix.Matrix) (float64, float64, error) {
	return f.val(info, m, x, y)
}

func (f funcs) Close() {
	if f.open != nil {
		f.open.Add(-1)
	}
}

const features = 3

// problem returns n rows of a linear regression with made-up numbers, different in every row.
func problem(n int) (x, y *matrix.Matrix) {
	xd, yd := make([]float64, n*features), make([]float64, n)
	s := stream(uint64(n))
	for i := range n {
		t := 0.0
		for j := range features {
			v := float64(s.next()>>11)/(1<<53)*2 - 1
			xd[i*features+j] = v
			t += v * float64(j+1)
		}
		yd[i] = t + 0.1*float64(s.next()>>11)/(1<<53)
	}
	return matrix.FromDense(n, features, xd), matrix.FromDense(n, 1, yd)
}

func column(v ...float64) *matrix.Matrix { return matrix.FromDense(len(v), 1, v) }

func startModel() *value.List {
	return value.NewList([]value.Value{column(0.3, -0.2, 0.1), 0.5}, []string{"w", "b"})
}

// squares is the gradient of half the squared error: the sum over the rows, or their mean.
func squares(m *value.List, x, y *matrix.Matrix, mean bool) *value.List {
	w, b := m.At(0).(*matrix.Matrix), m.At(1).(float64)
	g, gb := make([]float64, features), 0.0
	for i := range x.Rows() {
		e := b - y.At(i, 0)
		for j := range features {
			e += x.At(i, j) * w.At(j, 0)
		}
		for j := range features {
			g[j] += e * x.At(i, j)
		}
		gb += e
	}
	if mean {
		for j := range g {
			g[j] /= float64(x.Rows())
		}
		gb /= float64(x.Rows())
	}
	return value.NewList([]value.Value{column(g...), gb}, nil)
}

// sgd is model - lr*gradients.
func sgd(m, g *value.List, lr float64) *value.List {
	w, gw := m.At(0).(*matrix.Matrix), g.At(0).(*matrix.Matrix)
	out := make([]float64, w.Rows())
	for j := range out {
		out[j] = w.At(j, 0) - lr*gw.At(j, 0)
	}
	return value.NewList([]value.Value{column(out...), m.At(1).(float64) - lr*g.At(1).(float64)}, []string{"w", "b"})
}

// regression trains by plain gradient descent.
func regression(lr float64, mean bool) funcs {
	return funcs{
		grad: func(_ context.Context, _ Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
			return squares(m, x, y, mean), nil
		},
		agg: func(_ Info, m, g *value.List) (*value.List, error) { return sgd(m, g, lr), nil },
	}
}

// withMomentum adds a velocity for the weights and one for the bias to the model.
func withMomentum(lr, mu float64) (funcs, *value.List) {
	f := regression(lr, true)
	f.agg = func(_ Info, m, g *value.List) (*value.List, error) {
		w, v, gw := m.At(0).(*matrix.Matrix), m.At(2).(*matrix.Matrix), g.At(0).(*matrix.Matrix)
		nw, nv := make([]float64, features), make([]float64, features)
		for j := range features {
			nv[j] = mu*v.At(j, 0) - lr*gw.At(j, 0)
			nw[j] = w.At(j, 0) + nv[j]
		}
		vb := mu*m.At(3).(float64) - lr*g.At(1).(float64)
		return value.NewList([]value.Value{column(nw...), m.At(1).(float64) + vb, column(nv...), vb}, nil), nil
	}
	m := value.NewList([]value.Value{column(0.3, -0.2, 0.1), 0.5, column(0, 0, 0), 0.0}, []string{"w", "b", "vw", "vb"})
	return f, m
}

func config(n, workers, batch int) Config {
	x, y := problem(n)
	return Config{
		Model: startModel(), X: x, Y: y, UType: "BSP", Freq: "BATCH", Scheme: "DISJOINT_CONTIGUOUS",
		NBatches: 1, Epochs: 2, BatchSize: batch, Workers: workers, Seed: 17, Budget: par.New(2),
	}
}

// planOf is newPlan for configurations that are known to be right.
func planOf(c *Config) *plan {
	p, err := newPlan(c)
	if err != nil {
		panic(err)
	}
	return p
}

// activeIn counts the workers with a push in a round.
func activeIn(p *plan, round int) (n int) {
	for w := range p.workers {
		if p.has(w, round) {
			n++
		}
	}
	return n
}

func (c Config) String() string {
	return fmt.Sprintf("N=%d W=%d B=%d E=%d %s(b=%d s=%d) %s n=%d %s %s avg=%t",
		c.X.Rows(), c.Workers, c.BatchSize, c.Epochs, c.UType, c.Backup, c.Staleness, c.Freq, c.NBatches, c.Scheme, c.Imbalance, c.ModelAvg)
}

// train runs c under a watchdog of 10 seconds.
func train(t testing.TB, c Config, p Program) (*value.List, *Report) {
	t.Helper()
	m, r, err := watched(t, context.Background(), c, p)
	if err != nil {
		t.Fatalf("%v: %v", c, err)
	}
	return m, r
}

func watched(t testing.TB, ctx context.Context, c Config, p Program) (m *value.List, r *Report, err error) {
	t.Helper()
	watch(t, c, func() { m, r, err = Run(ctx, c, p) })
	return m, r, err
}

// watch runs f, which carries out c, and ends the test when it takes longer than 10 seconds.
func watch(t testing.TB, c Config, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		buf := make([]byte, 1<<16)
		t.Fatalf("%v hangs:\n%s", c, buf[:runtime.Stack(buf, true)])
	}
}

// distance is the largest difference of two models relative to the larger of 1 and the value.
func distance(a, b *value.List) float64 {
	d := math.Abs(a.At(1).(float64)-b.At(1).(float64)) / max(1, math.Abs(b.At(1).(float64)))
	for i := 0; i < a.Len(); i += 2 {
		x, y := a.At(i).(*matrix.Matrix), b.At(i).(*matrix.Matrix)
		for j := range x.Rows() {
			d = max(d, math.Abs(x.At(j, 0)-y.At(j, 0))/max(1, math.Abs(y.At(j, 0))))
		}
	}
	return d
}

// rowsOf copies the given rows of m.
func rowsOf(m *matrix.Matrix, rows []int) *matrix.Matrix {
	d := make([]float64, 0, len(rows)*m.Cols())
	for _, r := range rows {
		for j := range m.Cols() {
			d = append(d, m.At(r, j))
		}
	}
	return matrix.FromDense(len(rows), m.Cols(), d)
}

func span(lo, hi int) []int {
	var s []int
	for i := lo; i < hi; i++ {
		s = append(s, i)
	}
	return s
}

var (
	someWorkers = []int{1, 2, 3, 4, 7}
	someRows    = []int{1, 2, 7, 10, 100, 101, 128}
	someBatches = []int{1, 3, 32, 200}
)

// long reports whether tests are to be thorough, whatever it takes.
func long() bool { return os.Getenv("GDML_LONG") != "" }

// grid calls f for combinations of rows, workers, batch size, scheme and frequency: for
// all of them in a long run, else for those at the borders and a part of the others, which seed chooses.
func grid(seed uint64, f func(c Config)) {
	pick := rand.New(rand.NewPCG(seed, 1))
	share := 0.06
	if testing.Short() {
		share = 0.01
	}
	for _, n := range someRows {
		for _, w := range someWorkers {
			for _, b := range someBatches {
				border := (n == 1 || n == 2 || n == 128 && !testing.Short()) && (w == 1 || w == 7) && (b == 1 || b == 200)
				for _, scheme := range SchemeNames() {
					for _, freq := range Freqs() {
						if !long() && !border && pick.Float64() > share {
							continue
						}
						c := config(n, w, b)
						c.Scheme, c.Freq, c.NBatches = scheme, freq, 2
						c.Imbalance = Imbalances()[pick.IntN(3)]
						c.Prefetch = pick.IntN(2) == 0
						f(c)
					}
				}
			}
		}
	}
}

// A mode is an update type with its parameters.
type mode struct {
	utype             string
	backup, staleness int
	rounds            bool // workers wait for rounds, so that results do not depend on timing
	auto              bool
	avg               bool // takes modelAvg
}

var modes = []mode{
	{utype: "BSP", rounds: true, avg: true},
	{utype: "ASP", avg: true},
	{utype: "SBP", rounds: true, avg: true},
	{utype: "SBP", backup: 1, avg: true},
	{utype: "SBP", auto: true, avg: true},
	{utype: "SSP", rounds: true, avg: true},
	{utype: "SSP", staleness: 1, avg: true},
	{utype: "SSP", staleness: 3, avg: true},
	{utype: "EASGD", rounds: true},
	{utype: "HOGWILD"},
}

// in returns c in mode m; ok is false where it has too few workers for it.
func (m mode) in(c Config) (_ Config, ok bool) {
	c.UType, c.Backup, c.AutoBackup, c.Staleness = m.utype, m.backup, m.auto, m.staleness
	workers := c.Workers
	if !schemeNamed(c.Scheme).Overlap {
		workers = min(workers, c.X.Rows())
	}
	return c, m.backup < workers && (m.avg || !c.ModelAvg)
}

// eachMode calls f for c in every mode.
func eachMode(c Config, f func(m mode, c Config)) {
	for _, m := range modes {
		if c, ok := m.in(c); ok {
			f(m, c)
		}
	}
}

func batchOf(p *plan, w, j int) (x, y *matrix.Matrix) {
	x, y, _ = newLoader(p, w).take(batchKey{p.deals[0], 0, j}, batchKey{})
	return x, y
}
