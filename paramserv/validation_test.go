package paramserv

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// An epoch is validated once, whatever the scheme, the frequency of pushes and what is pushed.
func TestEveryEpochIsValidatedOnce(t *testing.T) {
	for _, scheme := range SchemeNames() {
		for _, freq := range Freqs() {
			for _, avg := range []bool{false, true} {
				c := config(25, 4, 3) // parts of 7, 6, 6 and 6 rows
				c.Scheme, c.Freq, c.NBatches, c.ModelAvg, c.Epochs = scheme, freq, 2, avg, 3
				c.ValX, c.ValY = c.X, c.Y
				eachMode(c, func(_ mode, c Config) {
					var epochs []int
					f := regression(0.01, true)
					f.val = func(i Info, _ *value.List, _, _ *matrix.Matrix) (float64, float64, error) {
						epochs = append(epochs, i.Epoch)
						return 0, 0, nil
					}
					if train(t, c, f); !slices.Equal(epochs, []int{1, 2, 3}) {
						t.Errorf("%v: epochs %v were validated", c, epochs)
					}
				})
			}
		}
	}
}

// The server takes pushes while a model is validated: the validation of the first epoch ends when the second has begun.
func TestTrainingGoesOnDuringValidation(t *testing.T) {
	for _, utype := range StrategyNames() {
		c := config(40, 3, 4)
		c.UType, c.Epochs = utype, 3
		c.ValX, c.ValY = c.X, c.Y
		f := regression(0.1, true)
		second := make(chan struct{})
		var once sync.Once
		grad := f.grad
		f.grad = func(ctx context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
			if i.Epoch == 2 && i.Iter > 4 { // a push of the epoch was taken
				once.Do(func() { close(second) })
			}
			return grad(ctx, i, m, x, y)
		}
		f.val = func(i Info, m *value.List, _, _ *matrix.Matrix) (float64, float64, error) {
			if i.Epoch == 1 {
				<-second
			}
			return m.At(1).(float64), 0, nil
		}
		if _, r := train(t, c, f); len(r.History) != 3 || math.IsNaN(r.History[0].Loss) {
			t.Errorf("%s: history %+v", utype, r.History)
		}
	}
}

// Calls side by side count for themselves, in nanoseconds: no batch is too short to be seen.
func TestCallsCountForThemselves(t *testing.T) {
	const calls = 4
	reports := make([]*Report, calls)
	var all sync.WaitGroup
	for i := range calls {
		c := config(20*(i+1), 2, 1)
		c.Freq, c.NBatches = "NBATCHES", 3
		all.Go(func() { _, reports[i], _ = Run(context.Background(), c, regression(0.01, true)) })
	}
	watch(t, config(20, 2, 1), all.Wait)
	for i, r := range reports {
		s := r.Stats
		if want := 2 * 20 * (i + 1); s.Batches != want || s.Rows != want {
			t.Errorf("call %d: %d batches and %d rows, want %d", i, s.Batches, s.Rows, want)
		}
		if s.Gradient <= 0 || s.Gradient > time.Duration(s.Workers)*s.Total {
			t.Errorf("call %d: %v in gradients of %v", i, s.Gradient, s.Total)
		}
	}
}

// Batches are counted in integers: beyond 2^24 rows single precision would be off.
func TestManyRowsAreCountedExactly(t *testing.T) {
	for _, n := range []int{1<<24 + 1, 1<<25 + 3, 1<<31 + 1, 1<<53 + 1} {
		for _, batch := range []int{1, 2, 64} {
			c := config(1, 1, batch)
			d := newDeal(&c, []part{block(n, 2, 0), block(n, 2, 1)})
			for w, rows := range []int{n/2 + n%2, n / 2} {
				want := rows / batch
				if rows%batch != 0 {
					want++
				}
				lo, hi := d.span(w, d.pushes[w]-1)
				if d.batches[w] != want || d.pushes[w] != want || lo != want-1 || hi != want {
					t.Errorf("%d rows, batches of %d: %d batches and %d pushes of worker %d, want %d", n, batch, d.batches[w], d.pushes[w], w, want)
				}
			}
		}
	}
}
