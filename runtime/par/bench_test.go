package par

import (
	"runtime"
	"slices"
	"testing"
	"time"
)

// burn computes for a time that grows with n.
func burn(n int) (x float64) {
	for i := range n {
		x += float64(i) * 0.5
	}
	return x
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// The costs that the thresholds of DoCost stand on.
func BenchmarkRegion(b *testing.B) {
	n := 1000
	for {
		var d []time.Duration
		for range 50 {
			d = append(d, timed(func() { sink = burn(n) }))
		}
		if median(d) >= 100*time.Microsecond {
			break
		}
		n += n / 20
	}
	threads := runtime.GOMAXPROCS(0)
	for _, k := range []struct {
		name string
		w    *Workers
		rest time.Duration // between loops, so that helpers are gone
	}{
		{"spinning", New(threads).Spinning(5 * time.Millisecond), 0},
		{"woken", New(threads), 3 * time.Millisecond},
	} {
		b.Run(k.name, func(b *testing.B) {
			var empty, twice []time.Duration
			var out [2][16]float64
			for b.Loop() {
				k.w.Do(2, func(i int) { out[i][0] = burn(n) })
				time.Sleep(k.rest)
				empty = append(empty, timed(func() { k.w.Do(2, func(int) {}) }))
				time.Sleep(k.rest)
				twice = append(twice, timed(func() { k.w.Do(2, func(i int) { out[i][0] = burn(n) }) }))
			}
			b.ReportMetric(float64(median(empty).Nanoseconds()), "ns/empty")
			b.ReportMetric(float64(median(twice).Nanoseconds())/1e3, "µs/2x100µs")
		})
	}
}

var sink float64
