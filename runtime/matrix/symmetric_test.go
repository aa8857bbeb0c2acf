package matrix

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gdml/runtime/par"
)

var triangleSizes = []int{0, 1, 2, 3, 5, 7, 8, 9, 17, 63, 64, 65, 100, 127, 257, 500, 1100}

// naiveSymv is the definition of Symv.
func naiveSymv(lower bool, n int, alpha float64, a []float64, lda int, x []float64, beta float64, y []float64) {
	for i := range n {
		s := 0.0
		for j := range n {
			at := i*lda + j
			if lower == (j > i) {
				at = j*lda + i
			}
			s += a[at] * x[j]
		}
		if beta != 0 {
			y[i] = alpha*s + beta*y[i]
		} else {
			y[i] = alpha * s
		}
	}
}

func TestSymvAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 5))
	budgets := []*Ctx{{}, {Par: par.New(2), Mem: NewArena(1 << 20)}, {Par: par.New(3)}, {Par: par.New(8)}}
	for _, n := range triangleSizes {
		a, x := filled(r, n, n+3), filled(r, 1, n)
		for _, lower := range []bool{false, true} {
			only := slices.Clone(a) // the other triangle must not be read
			for i := range n {
				for j := range n {
					if lower == (j > i) && i != j {
						only[i*(n+3)+j] = math.NaN()
					}
				}
			}
			for _, f := range [][2]float64{{1, 0}, {-0.5, 2}} {
				y := filled(r, 1, n)
				want := slices.Clone(y)
				naiveSymv(lower, n, f[0], a, n+3, x, f[1], want)
				var first []float64
				for _, c := range budgets {
					got := slices.Clone(y)
					if f[1] == 0 && n > 0 {
						got[0] = math.NaN() // must not be read
					}
					Symv(c, lower, n, f[0], only, n+3, x, f[1], got)
					agree(t, fmt.Sprintf("symv %d lower %v %v", n, lower, f), got, want)
					if first == nil {
						first = got
					}
					if !slices.Equal(got, first) {
						t.Fatalf("symv %d lower %v: other bits on other threads", n, lower)
					}
				}
			}
		}
	}
}
