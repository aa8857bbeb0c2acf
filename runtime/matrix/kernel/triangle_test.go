package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSymRows(t *testing.T) {
	eachSet(t, func(t *testing.T, set *set) {
		r := rand.New(rand.NewPCG(8, 2))
		for m := 1; m <= set.step+1; m++ {
			for _, n := range []int{0, 1, 3, 4, 7, 8, 17, 63, 100, 1033} {
				ld := n + 2
				a, _ := guarded((m-1)*ld+n, wholes(r))
				f, _ := guarded(m, wholes(r))
				x, _ := guarded(n, wholes(r))
				y, iy := guarded(n, func(int) float64 { return 1 })
				s, is := guarded(m, func(int) float64 { return 2 })
				set.symRows(m, n, f, a, ld, x, y, s)
				for i := range m {
					want := 2.0
					for j := range n {
						want += a[i*ld+j] * x[j]
						y[j] -= a[i*ld+j] * f[i]
					}
					if s[i] != want {
						t.Fatalf("%dx%d: product %d is %v, want %v", m, n, i, s[i], want)
					}
				}
				for j, v := range y {
					if v != 1 {
						t.Fatalf("%dx%d: column %d is off by %v", m, n, j, v-1)
					}
				}
				if !iy() || !is() {
					t.Fatalf("%dx%d: wrote outside", m, n)
				}
			}
		}
	})
}

func TestSolveRows(t *testing.T) {
	eachSet(t, func(t *testing.T, set *set) {
		r := rand.New(rand.NewPCG(8, 3))
		for m := 1; m <= set.step+1; m++ {
			for _, n := range []int{0, 1, 3, 8, 11, 24, 37, 100, 1033} {
				for _, up := range []bool{false, true} {
					checkSolveRows(t, set, r, m, n, up)
				}
			}
		}
	})
}

// checkSolveRows multiplies a known solution by the triangle and solves for it.
func checkSolveRows(t *testing.T, set *set, r *rand.Rand, m, n int, up bool) {
	t.Helper()
	ld := n + 3
	l, _ := guarded(m*m, wholes(r))
	for i := range m {
		l[i*m+i] = 0.5 // the pivots are 2
	}
	want := make([]float64, m*n)
	for i := range want {
		want[i] = float64(r.IntN(9) - 4)
	}
	at := func(i int) int {
		if up {
			return (m - 1 - i) * ld
		}
		return i * ld
	}
	x, intact := guarded((m-1)*ld+n, func(int) float64 { return 3 })
	for i := range m {
		for j := range n {
			s := 2 * want[i*n+j]
			for p := range i {
				s += l[i*m+p] * want[p*n+j]
			}
			x[at(i)+j] = s
		}
	}
	set.solveRows(m, n, l, x, ld, up)
	for i := range m {
		for j := range n {
			if got := x[at(i)+j]; math.Abs(got-want[i*n+j]) > 1e-12 {
				t.Fatalf("%dx%d up %v: cell (%d,%d) is %v, want %v", m, n, up, i, j, got, want[i*n+j])
			}
		}
		if p := at(i) + n; p < len(x) && x[p] != 3 {
			t.Fatalf("%dx%d up %v: wrote between rows", m, n, up)
		}
	}
	if !intact() {
		t.Fatalf("%dx%d up %v: wrote outside", m, n, up)
	}
}
