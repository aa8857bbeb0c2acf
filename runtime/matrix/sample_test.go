package matrix

import (
	"math/rand/v2"
	"testing"
)

// A matrix is taken for dense from a sample only when it is far from the density at which CSR pays.
func TestLooksDense(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, tt := range []struct {
		density float64
		want    bool
	}{{0, false}, {0.1, false}, {0.4, false}, {0.95, true}, {1, true}} {
		for _, n := range []int{512, 777, 1 << 12, 1<<16 + 3} {
			cells := make([]float64, n)
			for i := range cells {
				if r.Float64() < tt.density {
					cells[i] = 1
				}
			}
			if got := looksDense(cells); got != tt.want {
				t.Errorf("%d cells of density %g: %v", n, tt.density, got)
			}
		}
	}
	if looksDense([]float64{1, 2, 3}) {
		t.Error("a few cells are sampled instead of counted")
	}
}
