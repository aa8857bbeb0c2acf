package matrix

import (
	"math"
	"slices"
	"testing"

	"gdml/runtime/par"
)

// Products of sparse matrices with panels of dense columns agree with those of the
// same matrices in dense form, whatever the number of threads.
func TestSparsePanels(t *testing.T) {
	for _, k := range []struct {
		rows, depth int
		density     float64
		cols        []int
	}{
		{300, 60, 0.4, []int{2, 7, 8, 9, 31, 32, 33, 50, 100}},
		{700, 1500, 0.2, []int{3, 40, 64}},
		{200, 25000, 0.03, []int{5, 70}},
	} {
		s := randomCSR(k.rows, k.depth, k.density)
		d := toDense(nil, s)
		for _, n := range k.cols {
			b := uniform(k.depth, n)
			want, err := MatMul(nil, d, b)
			if err != nil {
				t.Fatal(err)
			}
			var first []float64
			for _, threads := range []int{1, 2, 3, 8} {
				got := mulSparseDense(&Ctx{Par: par.New(threads)}, s, b)
				if first == nil {
					first = got.dense
				} else if !slices.Equal(first, got.dense) {
					t.Errorf("%d x %d x %d: %d threads differ from one", k.rows, k.depth, n, threads)
				}
				for i, v := range got.dense {
					if w := want.dense[i]; !(math.Abs(v-w) <= 1e-12*math.Max(1, math.Abs(w))) {
						t.Fatalf("%d x %d x %d: cell %d is %v, want %v", k.rows, k.depth, n, i, v, w)
					}
				}
			}
		}
	}
}
