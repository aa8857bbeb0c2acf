package main

import (
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
	"gdml/runtime/par"
)

// limits measures what the machine can do at best, each thing once.
type limits struct {
	known map[limitKey]float64
}

type limitKey struct {
	threads int
	bytes   int // 0 for multiply-adds
	reads   bool
}

// limitTime is how long a limit is measured.
const limitTime = 100 * time.Millisecond

// once measures a limit unless it is known: the best rate of f, which does work (flops or
// bytes) on each of the threads, in 1e9 per second.
func (l *limits) once(k limitKey, w *par.Workers, work float64, f func(thread int)) float64 {
	if v, ok := l.known[k]; ok {
		return v
	}
	t, err := sample(limitTime, func() error {
		w.Do(k.threads, f)
		return nil
	})
	if err != nil {
		return 0
	}
	v := work * float64(k.threads) / t.best.Seconds() / 1e9
	l.known[k] = v
	return v
}

// flops returns the most multiply-adds, counted twice, that all threads do in 1e9
// per second: the innermost loop of the matrix product on operands in cache.
func (l *limits) flops(w *par.Workers) float64 {
	const depth, repeat = 128, 200
	m, n := kernel.TileRows(), kernel.TileCols()
	type operands struct{ a, b, c []float64 }
	ops := make([]operands, w.Threads())
	for i := range ops {
		ones := make([]float64, depth*max(m, n))
		for j := range ones {
			ones[j] = 1
		}
		o := operands{kernel.Align(make([]float64, m*depth+16)), kernel.Align(make([]float64, n*depth+16)), kernel.Align(make([]float64, m*n+16))}
		kernel.PackA(m, depth, ones, depth, 1, o.a)
		kernel.PackB(depth, n, ones, n, 1, o.b)
		ops[i] = o
	}
	return l.once(limitKey{threads: w.Threads()}, w, 2*float64(m*n*depth*repeat), func(t int) {
		o := ops[t]
		a, b := kernel.PackedLeft(o.a, depth), kernel.PackedRight(o.b, depth)
		for range repeat {
			kernel.Gemm(m, n, depth, a, b, o.c, n, kernel.Write, kernel.Whole, 0, 0)
		}
	})
}

// bandwidth returns how fast memory of bytes in all is read, or half of it is copied
// to the other half, in 1e9 bytes per second. The threads share it.
func (l *limits) bandwidth(w *par.Workers, bytes int, reads bool) float64 {
	t := w.Threads()
	cells := max(bytes/8/t, 64)
	parts := make([][]float64, t)
	c := &matrix.Ctx{Mem: matrix.NewArena(0)} // memory of the kind that operands have
	for i := range parts {
		parts[i] = matrix.New(c, 1, cells).DenseData()
		for j := range parts[i] {
			parts[i][j] = float64(j&7) + 1
		}
	}
	repeat := 1 + 200_000/(cells*t) // long enough to hand out
	return l.once(limitKey{t, bytes, reads}, w, 8*float64(cells*repeat), func(i int) {
		for range repeat {
			if x := parts[i]; reads {
				kernel.CountNonZero(x)
			} else {
				copy(x[:cells/2], x[cells/2:])
			}
		}
	})
}
