package matrix

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
)

// randomCSR returns a CSR matrix with about density*rows*cols cells.
func randomCSR(rows, cols int, density float64) *Matrix {
	r := rand.New(rand.NewPCG(1, 2))
	b := newBuilder(rows, cols, int(density*float64(rows*cols)))
	step := int(2/density) - 1
	for range rows {
		for j := r.IntN(step); j < cols; j += 1 + r.IntN(step) {
			b.put(j, r.Float64()+0.1)
		}
		b.end()
	}
	return b.matrix()
}

// forThreadsCPU is forThreads with the processor time of the process reported too: it tells more than the clock on a busy machine.
func forThreadsCPU(b *testing.B, f func(b *testing.B, c *Ctx)) {
	forThreads(b, func(b *testing.B, c *Ctx) {
		var from, to syscall.Rusage
		if syscall.Getrusage(syscall.RUSAGE_SELF, &from) != nil {
			b.Skip("no resource usage")
		}
		f(b, c)
		if syscall.Getrusage(syscall.RUSAGE_SELF, &to) == nil {
			b.ReportMetric(float64(to.Utime.Nano()-from.Utime.Nano())/float64(b.N)/1e6, "cpu-ms/op")
		}
	})
}

func uniform(rows, cols int) *Matrix {
	r := rand.New(rand.NewPCG(3, 4))
	m := New(nil, rows, cols)
	for i := range m.dense {
		m.dense[i] = r.Float64()
	}
	return m
}

func BenchmarkSparseProducts(b *testing.B) {
	for _, k := range []struct {
		density    float64
		rows, cols int
	}{{1e-4, 100000, 100000}, {0.01, 10000, 10000}, {0.1, 10000, 3000}} {
		s := randomCSR(k.rows, k.cols, k.density)
		for _, n := range []int{1, 10, 100} {
			d := uniform(k.cols, n)
			b.Run(fmt.Sprintf("density=%g/columns=%d", k.density, n), func(b *testing.B) {
				forThreadsCPU(b, func(b *testing.B, c *Ctx) {
					for b.Loop() {
						mulSparseDense(c, s, d).Release()
					}
				})
			})
		}
		if k.density < 0.01 {
			continue
		}
		s = randomCSR(20000, 1000, k.density)
		d := uniform(200, 20000)
		b.Run(fmt.Sprintf("density=%g/tsmm", k.density), func(b *testing.B) {
			forThreadsCPU(b, func(b *testing.B, c *Ctx) {
				for b.Loop() {
					tsmmSparse(c, s, true).Release()
				}
			})
		})
		b.Run(fmt.Sprintf("density=%g/dense-sparse", k.density), func(b *testing.B) {
			forThreadsCPU(b, func(b *testing.B, c *Ctx) {
				for b.Loop() {
					mulDenseSparse(c, d, s).Release()
				}
			})
		})
	}
}
