package linalg

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// cellKinds draw the cells of tridiagonal and bidiagonal matrices that are hard to solve.
var cellKinds = []func(r *rand.Rand) float64{
	func(r *rand.Rand) float64 { return 0 },
	func(r *rand.Rand) float64 { return r.Float64() - 0.5 },
	func(r *rand.Rand) float64 { return float64(r.IntN(3) - 1) },
	func(r *rand.Rand) float64 { return (r.Float64() - 0.5) * math.Pow(10, -20*r.Float64()) },
	func(r *rand.Rand) float64 { return float64(r.IntN(3)-1) * math.Pow(2, -float64(r.IntN(60))) },
	func(r *rand.Rand) float64 { return 1 + 1e-16*float64(r.IntN(20)) },
	func(r *rand.Rand) float64 { return float64(r.IntN(2)) * math.Pow(10, -320*r.Float64()) },
	func(r *rand.Rand) float64 { return float64(r.IntN(2)) * 1e-16 * r.Float64() },
}

// drawCells returns n cells of mostly one kind, some of them zero.
func drawCells(r *rand.Rand, n int) []float64 {
	kind, zeros := cellKinds[r.IntN(len(cellKinds))], 0.3*r.Float64()
	return numbers(n, func(int) float64 {
		if r.Float64() < zeros {
			return 0
		}
		if r.IntN(8) == 0 {
			return cellKinds[r.IntN(len(cellKinds))](r)
		}
		return kind(r)
	})
}

// product returns cell i of the matrix with the diagonal d, e above and below it, times v.
func product(d, above, below, v []float64, i int) float64 {
	s := d[i] * v[i]
	if i > 0 {
		s += below[i-1] * v[i-1]
	}
	if i+1 < len(d) {
		s += above[i] * v[i+1]
	}
	return s
}

// residual returns the largest cell of A*v - value*u over the rows v and u, relative to
// the largest of A, which is as in product.
func residual(d, above, below, values, v, u []float64) float64 {
	n := len(d)
	top := 0x1p-1000
	for _, x := range slices.Concat(d, above) {
		top = max(top, math.Abs(x))
	}
	worst := 0.0
	for j := range n {
		for i := range n {
			x := math.Abs(product(d, above, below, v[j*n:], i)-values[j]*u[j*n+i]) / top
			if !(x <= worst) {
				worst = x
			}
		}
	}
	return worst
}

func TestTridiagonalAndBidiagonalOfAnyCells(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 31))
		n := 1 + r.IntN(60)
		d, e := drawCells(r, n), drawCells(r, n-1)
		u, v := make([]float64, n*n), make([]float64, n*n)
		bound := 16 * epsilon * math.Sqrt(float64(n))
		values := slices.Clone(d)
		if _, err := solveTridiagonal(nil, values, slices.Clone(e), v); err != nil {
			t.Fatalf("seed %d: tridiagonal: %v", seed, err)
		}
		if x := max(residual(d, e, e, values, v, v), skew(n, n, v)); !(x <= bound) {
			t.Errorf("seed %d: tridiagonal: off by %.3g, may be %.3g", seed, x, bound)
		}
		values = slices.Clone(d)
		if _, err := solveBidiagonal(nil, values, slices.Clone(e), u, v); err != nil {
			t.Fatalf("seed %d: bidiagonal: %v", seed, err)
		}
		x := max(residual(d, e, make([]float64, n), values, v, u), skew(n, n, u), skew(n, n, v))
		if !(x <= bound) || slices.Min(values) < 0 {
			t.Errorf("seed %d: bidiagonal: off by %.3g, may be %.3g; least value %v", seed, x, bound, slices.Min(values))
		}
	}
}
