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

// Dense by sparse goes in blocks of the sparse rows; the product agrees with that of
// dense matrices, whatever the number of threads.
func TestDenseSparseBlocks(t *testing.T) {
	for _, depth := range []int{900, 8000} {
		s, a := randomCSR(depth, 30, 0.1), uniform(41, depth)
		if blocks := len(transposedBlocks(s)); (depth > panelCells/32) != (blocks > 1) {
			t.Fatalf("%d rows are cut into %d blocks", depth, blocks)
		}
		want, err := MatMul(nil, a, toDense(nil, s))
		if err != nil {
			t.Fatal(err)
		}
		first := mulDenseSparse(nil, a, s)
		for i, v := range first.dense {
			if w := want.dense[i]; !(math.Abs(v-w) <= 1e-12*math.Max(1, math.Abs(w))) {
				t.Fatalf("depth %d: cell %d is %v, want %v", depth, i, v, w)
			}
		}
		for _, threads := range []int{2, 3, 8} {
			if got := mulDenseSparse(&Ctx{Par: par.New(threads)}, a, s); !slices.Equal(first.dense, got.dense) {
				t.Errorf("depth %d: %d threads differ from one", depth, threads)
			}
		}
	}
}
