package paramserv

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

var errInjected = errors.New("injected")

// settled waits for the number of goroutines to come down to n.
func settled(n int) bool {
	for range 100 {
		if runtime.NumGoroutine() <= n {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

// faults makes programs that go wrong in the m-th call of one function, by error or by panic.
func faults(step string, m int64, panics bool) funcs {
	var calls atomic.Int64
	hit := func() error {
		if calls.Add(1) != m {
			return nil
		}
		if panics {
			panic("injected panic")
		}
		return errInjected
	}
	f := regression(0.01, true)
	f.open = new(atomic.Int32)
	grad, agg := f.grad, f.agg
	f.val = func(Info, *value.List, *matrix.Matrix, *matrix.Matrix) (float64, float64, error) { return 0, 0, nil }
	switch step {
	case "gradient":
		f.grad = func(ctx context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
			if err := hit(); err != nil {
				return nil, err
			}
			return grad(ctx, i, m, x, y)
		}
	case "aggregation":
		f.agg = func(i Info, m, g *value.List) (*value.List, error) {
			if err := hit(); err != nil {
				return nil, err
			}
			return agg(i, m, g)
		}
	case "validation":
		f.val = func(Info, *value.List, *matrix.Matrix, *matrix.Matrix) (float64, float64, error) { return 0, 0, hit() }
	}
	return f
}

// A function that fails ends the call with its error and leaves nothing running.
func TestFailureCancelsTheCall(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, step := range []string{"gradient", "aggregation", "validation"} {
		for _, utype := range StrategyNames() {
			for _, freq := range Freqs() {
				for _, m := range []int64{1, 2, 5} {
					for _, panics := range []bool{false, true} {
						c := config(101, 4, 7)
						c.UType, c.Freq, c.NBatches, c.Epochs = utype, freq, 3, 6
						c.ValX, c.ValY = c.X, c.Y
						f := faults(step, m, panics)
						_, _, err := watched(t, context.Background(), c, f)
						checkFault(t, c, step, panics, err)
						if n := f.open.Load(); n != 0 {
							t.Errorf("%v: functions of %d workers are still open", c, n)
						}
					}
				}
			}
		}
	}
	if !settled(before) {
		t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
	}
}

func checkFault(t *testing.T, c Config, step string, panics bool, err error) {
	t.Helper()
	if panics {
		if err == nil || !strings.Contains(err.Error(), "injected panic") {
			t.Errorf("%v: panic in %s gives %v", c, step, err)
		}
		return
	}
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, errInjected) || e.Step != step || e.Epoch < 1 {
		t.Errorf("%v: fault in %s gives %v", c, step, err)
	}
	if step == "gradient" && (e.Worker < 1 || e.Batch < 1) {
		t.Errorf("%v: %v does not name worker and batch", c, err)
	}
}

// Too little memory is reported as such, wherever it is found out.
func TestMemoryRunsOut(t *testing.T) {
	short := &matrix.MemoryError{Need: 100, Used: 50, Limit: 120}
	for _, inGradient := range []bool{true, false} {
		f := regression(0.1, true)
		if inGradient {
			f.grad = func(context.Context, Info, *value.List, *matrix.Matrix, *matrix.Matrix) (*value.List, error) {
				panic(short)
			}
		} else {
			f.agg = func(Info, *value.List, *value.List) (*value.List, error) { panic(short) }
		}
		_, _, err := watched(t, context.Background(), config(20, 2, 5), f)
		var m *matrix.MemoryError
		if !errors.As(err, &m) || strings.Contains(err.Error(), "internal") {
			t.Errorf("error %v", err)
		}
	}
}

// The first error ends the call at once, whatever the others do: compute without end, wait for a round, sit out an
// injected delay. In the virtual time of the test nothing but a wait can take any time: the call must end at the very
// moment of the error. No function begins a batch after that.
func TestFailureReachesSlowWorkers(t *testing.T) {
	for _, utype := range StrategyNames() {
		for _, others := range []string{"compute", "wait", "delay"} {
			t.Run(utype+" "+others, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { failsAtOnce(t, utype, others) })
			})
		}
	}
}

// failsAtOnce lets worker 3 fail after an hour.
func failsAtOnce(t *testing.T, utype, others string) {
	c := config(100, 4, 5)
	c.UType = utype
	if others == "delay" {
		c.Delays, _ = ParseDelays("0:48h,1:48h,3:48h")
	}
	f := regression(0.01, true)
	grad := f.grad
	var failed atomic.Pointer[time.Time]
	f.grad = func(ctx context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
		if failed.Load() != nil {
			t.Errorf("worker %d begins batch %d after the failure", i.Worker, i.Iter)
		}
		if i.Worker == 3 {
			sleep(ctx, time.Hour)
			now := time.Now()
			failed.Store(&now)
			return nil, errInjected
		}
		if others == "compute" {
			<-ctx.Done()
			return nil, context.Cause(ctx)
		}
		return grad(ctx, i, m, x, y)
	}
	_, _, err := Run(context.Background(), c, f)
	if at := failed.Load(); at == nil || !time.Now().Equal(*at) {
		t.Errorf("the call ended at %v, worker 3 failed at %v", time.Now(), at)
	}
	if want := "paramserv gradient of worker 3, epoch 1, batch 1: injected"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestCancelledContext(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, utype := range StrategyNames() {
		ctx, cancel := context.WithCancel(context.Background())
		c := config(100, 4, 5)
		c.UType, c.Epochs = utype, 1000000
		f := regression(1e-6, true)
		var calls atomic.Int64
		grad := f.grad
		f.grad = func(ctx context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
			if calls.Add(1) == 200 {
				cancel()
			}
			return grad(ctx, i, m, x, y)
		}
		if _, _, err := watched(t, ctx, c, f); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", utype, err)
		}
	}
	if !settled(before) {
		t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
	}
}

// When the functions of one worker cannot be made, those made before are closed and nothing runs.
func TestProgramFails(t *testing.T) {
	for _, id := range []int{ServerID, ValidatorID, 0, 3} {
		c := config(20, 4, 5)
		c.ValX, c.ValY = c.X, c.Y
		f := regression(0.1, true)
		f.open = new(atomic.Int32)
		f.fail = func(i int) error {
			if i == id {
				return errInjected
			}
			return nil
		}
		if _, _, err := watched(t, context.Background(), c, f); !errors.Is(err, errInjected) || f.open.Load() != 0 {
			t.Errorf("worker %d: error %v, %d left open", id, err, f.open.Load())
		}
	}
}

// Pushes whose lists do not fit name the worker and the entry.
func TestPushesMustAgree(t *testing.T) {
	cases := []struct {
		bad  func() *value.List
		want string
	}{
		{func() *value.List { return value.NewList([]value.Value{column(1, 2, 3)}, nil) }, "has 1 entries, but 2 entries were pushed before"},
		{func() *value.List { return value.NewList([]value.Value{column(1, 2), 1.0}, []string{"gw", "gb"}) }, `entry "gw" of the gradients is 2x1, but 3x1 was pushed before`},
		{func() *value.List { return value.NewList([]value.Value{column(1, 2, 3), column(1)}, nil) }, "entry 2 of the gradients is 1x1, but a number was pushed before"},
		{func() *value.List { return value.NewList([]value.Value{column(1, 2, 3), "x"}, nil) }, "entry 2 of the gradients is a string"},
	}
	for _, utype := range StrategyNames() {
		for _, k := range cases {
			c := config(12, 2, 3)
			c.UType = utype
			f := regression(0.1, true)
			grad := f.grad
			f.grad = func(ctx context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
				if i.Worker == 2 && i.Epoch == 2 { // worker 1 has pushed long before
					return k.bad(), nil
				}
				return grad(ctx, i, m, x, y)
			}
			_, _, err := watched(t, context.Background(), c, f)
			if err == nil || !strings.Contains(err.Error(), k.want) || !strings.Contains(err.Error(), "worker 2, epoch 2") {
				t.Errorf("%s: error %v, want one with %q", utype, err, k.want)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	cases := []struct {
		change func(c *Config)
		want   string
	}{
		{func(c *Config) { c.UType = "BPS" }, `unknown utype "BPS": it is one of BSP, ASP, SBP, SSP, EASGD, HOGWILD`},
		{func(c *Config) { c.Freq = "batch" }, `unknown freq "batch"`},
		{func(c *Config) { c.Scheme = "X" }, `unknown scheme "X"`},
		{func(c *Config) { c.Freq, c.NBatches = "NBATCHES", 0 }, "nbatches must be at least 1, not 0"},
		{func(c *Config) { c.Epochs = 0 }, "epochs must be at least 1, not 0"},
		{func(c *Config) { c.BatchSize = -1 }, "batchsize must be at least 1, not -1"},
		{func(c *Config) { c.Workers = -2 }, "k must be at least 1, not -2"},
		{func(c *Config) { a := 1.5; c.Alpha = &a }, "alpha must lie between 0 and 1"},
		{func(c *Config) { c.Weighting = true }, "weighting applies to the average of a round of models"},
		{func(c *Config) { c.Y = column(1, 2) }, "features has 12 rows, but labels has 2"},
		{func(c *Config) { c.X, c.Y = matrix.New(nil, 0, 3), matrix.New(nil, 0, 1) }, "features has no rows"},
		{func(c *Config) { c.ValX = c.X }, "val_features and val_labels are needed together"},
		{func(c *Config) { c.ValX, c.ValY = c.X, column(1) }, "val_features has 12 rows, but val_labels has 1"},
		{func(c *Config) { c.Model = value.NewList([]value.Value{startModel()}, nil) }, "entry 1 of the model is a list"},
		{func(c *Config) {
			c.ModelAvg = true
			c.Model = value.NewList([]value.Value{1.0, "adam"}, []string{"w", "rule"})
		}, `modelAvg: entry "rule" of the model is a string`},
	}
	for _, k := range cases {
		c := config(12, 2, 3)
		k.change(&c)
		if _, _, err := Run(context.Background(), c, regression(0.1, true)); err == nil || !strings.Contains(err.Error(), k.want) {
			t.Errorf("error %v, want one with %q", err, k.want)
		}
	}
	c := config(12, 2, 3)
	c.UType, c.Freq, c.Epochs = "X", "Y", 0
	if n := len(c.Check()); n != 3 {
		t.Errorf("three mistakes give %d errors", n)
	}
}

func TestErrorNamesThePlace(t *testing.T) {
	e := &Error{Step: "gradient", Worker: 2, Epoch: 1, Batch: 3, Err: fmt.Errorf("no")}
	if e.Error() != "paramserv gradient of worker 2, epoch 1, batch 3: no" {
		t.Error(e)
	}
	e = &Error{Step: "validation", Epoch: 4, Err: fmt.Errorf("no")}
	if e.Error() != "paramserv validation, epoch 4: no" {
		t.Error(e)
	}
}
