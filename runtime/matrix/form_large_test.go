package matrix

import (
	"math"
	"testing"

	"gdml/runtime/cell"
	"gdml/runtime/par"
)

// Results beyond streamCells are written past the caches; every cell must arrive, on any number of threads.
func TestLargeResults(t *testing.T) {
	const n = 1449 // n*n is above streamCells and no multiple of a tile
	x, y := New(nil, n, n), New(nil, n, n)
	for i := range x.dense {
		x.dense[i], y.dense[i] = float64(i%1013)-500, float64(i%7)+1
	}
	for _, threads := range []int{1, 3} {
		c := &Ctx{Par: par.New(threads), Mem: NewArena(1 << 28)}
		p, err := Binary(c, cell.Mul, x, y, ReuseNone)
		if err != nil {
			t.Fatal(err)
		}
		s, q := Scalar(c, cell.Sub, x, 3, true, false), Unary(c, cell.Sqrt, y, false)
		for i, v := range x.dense {
			if w := y.dense[i]; p.dense[i] != v*w || s.dense[i] != 3-v || q.dense[i] != math.Sqrt(w) {
				t.Fatalf("%d threads, cell %d: %v, %v, %v of %v and %v", threads, i, p.dense[i], s.dense[i], q.dense[i], v, w)
			}
		}
	}
}

// The form of a large result is found from a sample: patterns must not mislead it.
func TestFormOfLargeResults(t *testing.T) {
	const n = 512
	for name, c := range map[string]struct {
		full   func(i, j int) bool
		sparse bool
	}{
		"nothing":     {func(i, j int) bool { return false }, true},
		"all":         {func(i, j int) bool { return true }, false},
		"few columns": {func(i, j int) bool { return j%8 < 2 }, true},
		"first half":  {func(i, j int) bool { return i < n/2 }, false},
		"first fifth": {func(i, j int) bool { return i < n/5 }, true},
		"diagonal":    {func(i, j int) bool { return i == j }, true},
		"chessboard":  {func(i, j int) bool { return (i+j)%2 == 0 }, false},
	} {
		m := New(nil, n, n)
		for i := range m.dense {
			if c.full(i/n, i%n) {
				m.dense[i] = 1
			}
		}
		if got := Compact(nil, m); got.IsSparse() != c.sparse {
			t.Errorf("%s: sparse is %v", name, got.IsSparse())
		}
	}
}
