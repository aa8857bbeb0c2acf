package linalg

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gdml/runtime/matrix"
	"gdml/runtime/par"
)

// random returns n numbers around zero, always the same for a seed.
func random(seed uint64, n int) []float64 {
	r := rand.New(rand.NewPCG(seed, 77))
	x := make([]float64, n)
	for i := range x {
		x[i] = r.Float64() - 0.5
	}
	return x
}

// budgets returns contexts of several numbers of threads; the first has one.
func budgets() []*matrix.Ctx {
	out := []*matrix.Ctx{nil}
	for _, n := range []int{1, 2, 3, 8} {
		out = append(out, &matrix.Ctx{Par: par.New(n), Mem: matrix.NewArena(1 << 26)})
	}
	return out
}

// distance returns the largest difference of two slices, NaN if there is one.
func distance(x, y []float64) float64 {
	d := 0.0
	for i := range x {
		d = max(d, math.Abs(x[i]-y[i]))
	}
	return d
}

// transposed returns t(a) for a of m x n.
func transposed(m, n int, a []float64) []float64 {
	out := make([]float64, m*n)
	for i := range m {
		for j := range n {
			out[j*m+i] = a[i*n+j]
		}
	}
	return out
}

func TestReflect(t *testing.T) {
	for _, x := range [][]float64{
		{3, 4}, {-3, 4}, {0, 5}, {2}, {-2}, {0}, {0, 0}, {1e200, 1e200}, {1e-200, -1e-200}, {5e-324, 0}, {1, 0, 0}, random(1, 100),
	} {
		v := slices.Clone(x)
		a, tau := reflect(v)
		if v[0] != 1 || x[0] == 0 && a < 0 || x[0] != 0 && a*x[0] > 0 {
			t.Errorf("reflect(%v): a = %v, v[0] = %v", x, a, v[0])
		}
		scale := 1.0
		for _, c := range x {
			scale = max(scale, math.Abs(c))
		}
		dot := 0.0
		for i := range x {
			dot += v[i] * (x[i] / scale)
		}
		for i := range x {
			want := 0.0
			if i == 0 {
				want = a / scale
			}
			if got := x[i]/scale - tau*dot*v[i]; math.Abs(got-want) > 1e-14 {
				t.Errorf("reflect(%v): cell %d becomes %v, want %v", x, i, got*scale, want*scale)
			}
		}
	}
}

// reflections returns k vectors of m cells as the columns of V, and their factors.
func reflections(m, k int) (v, tau []float64) {
	v, tau = random(uint64(m+k), m*k), make([]float64, k)
	for j := range k {
		s := 1.0
		for i := range m {
			switch {
			case i < j:
				v[i*k+j] = 0
			case i == j:
				v[i*k+j] = 1
			default:
				s += v[i*k+j] * v[i*k+j]
			}
		}
		tau[j] = 2 / s
	}
	return v, tau
}

// applyOneByOne applies the reflections to a of m x n from the left, the last first unless trans.
func applyOneByOne(v, tau []float64, m, k int, trans bool, a []float64, n int) {
	for s := range k {
		j := k - 1 - s
		if trans {
			j = s
		}
		for col := range n {
			dot := 0.0
			for i := range m {
				dot += v[i*k+j] * a[i*n+col]
			}
			for i := range m {
				a[i*n+col] -= tau[j] * dot * v[i*k+j]
			}
		}
	}
}

func TestBlockOfReflections(t *testing.T) {
	for _, s := range [][3]int{{1, 1, 1}, {5, 1, 3}, {5, 5, 5}, {40, 7, 9}, {300, 64, 100}, {65, 32, 1}} {
		m, k, n := s[0], s[1], s[2]
		v, tau := reflections(m, k)
		a := random(3, m*n)
		for _, trans := range []bool{false, true} {
			want := slices.Clone(a)
			applyOneByOne(v, tau, m, k, trans, want, n)
			for _, rows := range []bool{false, true} {
				q := block{m: m, k: k, v: v, ld: k}
				if rows {
					q.v, q.ld, q.rows = transposed(m, k, v), m, true
				}
				var first []float64
				for _, c := range budgets() {
					q.buildT(c, tau, make([]float64, k*k))
					left, right := slices.Clone(a), transposed(m, n, a)
					q.applyLeft(c, trans, n, left, n)
					q.applyRight(c, !trans, n, right, m)
					name := fmt.Sprintf("%v rows %v trans %v", s, rows, trans)
					if d := distance(left, want); !(d < 1e-13) {
						t.Fatalf("%s: left is off by %v", name, d)
					}
					if d := distance(transposed(n, m, right), want); !(d < 1e-13) {
						t.Fatalf("%s: right is off by %v", name, d)
					}
					if first == nil {
						first = left
					}
					if !slices.Equal(left, first) {
						t.Fatalf("%s: other bits on other threads", name)
					}
				}
			}
		}
	}
}
