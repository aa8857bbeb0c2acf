package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkTile is the speed of a register tile on operands in the first cache level: the bound of every product.
func BenchmarkTile(b *testing.B) {
	for _, s := range sets() {
		for _, k := range []int{16, 64, 256} {
			b.Run(fmt.Sprintf("%s/%d", s.name, k), func(b *testing.B) {
				x, y := Align(make([]float64, s.mr*k+8)), Align(make([]float64, s.nr*k+8))
				c := make([]float64, s.mr*s.nr)
				for b.Loop() {
					s.tile(s.mr, s.nr, k, x, 1, s.mr, y, s.nr, c, s.nr, int(Accumulate))
				}
				b.ReportMetric(2*float64(s.mr*s.nr*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GF/s")
			})
		}
	}
}

// BenchmarkCells is the speed of the loops on 8 KB operands; bytes count reads and writes.
func BenchmarkCells(b *testing.B) {
	const n = 1024
	x, y, z := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(i%37)/7+0.5, float64(i)
	}
	for _, s := range sets() {
		for name, f := range map[string]func() int{
			"mul":   func() int { s.xy[Mul](z, x, y); return 24 },
			"gt":    func() int { s.xs[Gt](z, x, 2); return 16 },
			"min":   func() int { s.xy[Lesser](z, x, y); return 24 },
			"exp":   func() int { s.fun[Exp](z, x); return 16 },
			"log":   func() int { s.fun[Log](z, x); return 16 },
			"tanh":  func() int { s.fun[Tanh](z, x); return 16 },
			"sigm":  func() int { s.fun[Sigmoid](z, x); return 16 },
			"sqrt":  func() int { s.fun[Sqrt](z, x); return 16 },
			"sum":   func() int { s.sum(x, 0); return 8 },
			"sumsq": func() int { s.square(x, 1); return 8 },
			"max":   func() int { s.max(x, 0); return 8 },
			"dot":   func() int { s.dot(x, y); return 16 },
			"count": func() int { s.countNonZero(x); return 8 },
		} {
			b.Run(s.name+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(n * f()))
				for b.Loop() {
					f()
				}
			})
		}
	}
}
