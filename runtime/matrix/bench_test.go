package matrix

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"gdml/runtime/cell"
	"gdml/runtime/par"
)

// Every benchmark has a sub-benchmark of a simple loop or of gonum on the same data, for comparison within one run.

func rate(b *testing.B, flops float64) {
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GF/s")
}

func forThreads(b *testing.B, f func(b *testing.B, c *Ctx)) {
	for _, n := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", n), func(b *testing.B) { f(b, &Ctx{Par: par.New(n), Mem: NewArena(1 << 30)}) })
	}
}

func BenchmarkMatMul(b *testing.B) {
	for _, s := range [][3]int{{512, 512, 512}, {20000, 100, 10}, {50, 10000, 50}, {32, 32, 32}} {
		x, y := draw(s[0], s[1], fractions).dense(), draw(s[1], s[2], fractions).dense()
		flops := 2 * float64(s[0]) * float64(s[1]) * float64(s[2])
		b.Run(fmt.Sprintf("%dx%dx%d", s[0], s[1], s[2]), func(b *testing.B) {
			forThreads(b, func(b *testing.B, c *Ctx) {
				for b.Loop() {
					m, err := MatMul(c, x, y)
					if err != nil {
						b.Fatal(err)
					}
					m.Release()
				}
				rate(b, flops)
			})
			b.Run("gonum", func(b *testing.B) {
				p, q := mat.NewDense(s[0], s[1], x.dense), mat.NewDense(s[1], s[2], y.dense)
				var r mat.Dense
				for b.Loop() {
					r.Mul(p, q)
				}
				rate(b, flops)
			})
		})
	}
}

func BenchmarkTSMM(b *testing.B) {
	x := draw(20000, 100, fractions).dense()
	forThreads(b, func(b *testing.B, c *Ctx) {
		for b.Loop() {
			TSMM(c, x, true).Release()
		}
		rate(b, 20000*100*100)
	})
	b.Run("gonum", func(b *testing.B) {
		p := mat.NewDense(20000, 100, x.dense)
		s := mat.NewSymDense(100, nil)
		for b.Loop() {
			s.SymOuterK(1, p.T())
		}
		rate(b, 20000*100*100)
	})
}

func BenchmarkMMChain(b *testing.B) {
	x, v := draw(20000, 100, fractions).dense(), draw(100, 1, fractions).dense()
	forThreads(b, func(b *testing.B, c *Ctx) {
		b.SetBytes(8 * 20000 * 100)
		for b.Loop() {
			m, err := MMChain(c, x, v, nil, XtXv)
			if err != nil {
				b.Fatal(err)
			}
			m.Release()
		}
	})
	b.Run("gonum", func(b *testing.B) {
		b.SetBytes(8 * 20000 * 100)
		p, q := mat.NewDense(20000, 100, x.dense), mat.NewVecDense(100, v.dense)
		var t, r mat.VecDense
		for b.Loop() {
			t.MulVec(p, q)
			r.MulVec(p.T(), &t)
		}
	})
}

func BenchmarkExp(b *testing.B) {
	x := draw(1000, 1000, whole).dense()
	forThreads(b, func(b *testing.B, c *Ctx) {
		b.SetBytes(16e6)
		for b.Loop() {
			Unary(c, cell.Exp, x, false).Release()
		}
	})
	b.Run("loop", func(b *testing.B) {
		b.SetBytes(16e6)
		y := make([]float64, len(x.dense))
		for b.Loop() {
			for i, v := range x.dense {
				y[i] = math.Exp(v)
			}
		}
	})
}

func BenchmarkPlus(b *testing.B) {
	x, y := draw(1000, 1000, fractions).dense(), draw(1000, 1000, fractions).dense()
	forThreads(b, func(b *testing.B, c *Ctx) {
		b.SetBytes(24e6)
		for b.Loop() {
			m, err := Binary(c, cell.Add, x, y, ReuseNone)
			if err != nil {
				b.Fatal(err)
			}
			m.Release()
		}
	})
	b.Run("gonum", func(b *testing.B) {
		b.SetBytes(24e6)
		z := make([]float64, len(x.dense))
		for b.Loop() {
			floats.AddTo(z, x.dense, y.dense)
		}
	})
}

func BenchmarkSum(b *testing.B) {
	x := draw(1000, 1000, fractions).dense()
	forThreads(b, func(b *testing.B, c *Ctx) {
		b.SetBytes(8e6)
		for b.Loop() {
			AggFull(c, Sum, x)
		}
	})
	b.Run("colSums", func(b *testing.B) {
		b.SetBytes(8e6)
		for b.Loop() {
			AggCols(nil, Sum, x)
		}
	})
	b.Run("gonum", func(b *testing.B) { // without compensation
		b.SetBytes(8e6)
		for b.Loop() {
			floats.Sum(x.dense)
		}
	})
}
