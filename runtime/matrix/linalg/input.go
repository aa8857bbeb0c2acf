package linalg

import (
	"fmt"
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// Cost of simple loops, for the decision on threads.
const (
	copyGrain = 1 << 15 // cells of a task
	copyNanos = 0.4     // time for a cell of a large operand
)

// eachRows calls f for consecutive ranges of the rows of a loop over rows x cols cells.
func eachRows(c *matrix.Ctx, rows, cols int, f func(lo, hi int)) {
	cols = max(cols, 1)
	workers(c).RangeCost(rows, max(1, copyGrain/cols), copyNanos*float64(cols), f)
}

// rouse wakes the helpers of c for a computation of about flops multiply-adds. Most of
// its loops are too short for waking anybody, but not for helpers that are ready.
func rouse(c *matrix.Ctx, flops float64) {
	w := workers(c)
	w.DoCost(w.Threads(), flopNanos*flops, func(int) {})
}

// cubic returns n*n*n.
func cubic(n int) float64 { return float64(n) * float64(n) * float64(n) }

// NotFinite is the error of a NaN or infinite cell.
type NotFinite struct{ Cell float64 }

func (e *NotFinite) Error() string { return fmt.Sprintf("the cells must be finite, not %v", e.Cell) }

// load copies the cells of m, which must be finite, and returns the largest magnitude.
func load(c *matrix.Ctx, m *matrix.Matrix) (copied *matrix.Matrix, cells []float64, top float64, err error) {
	from := m.Vector()
	copied, cells = matrix.Draft(c, m.Rows(), m.Cols())
	grain := copyGrain
	tops := make([]float64, (len(cells)+grain-1)/grain)
	workers(c).RangeCost(len(cells), grain, copyNanos, func(lo, hi int) {
		copy(cells[lo:hi], from[lo:hi])
		x := cells[lo:hi]
		tops[lo/grain] = max(kernel.Max(x, 0), -kernel.Min(x, 0))
	})
	for _, t := range tops {
		top = max(top, t)
	}
	if top-top == 0 {
		return copied, cells, top, nil
	}
	copied.Release()
	for _, v := range from {
		if v-v != 0 {
			return nil, nil, 0, &NotFinite{v}
		}
	}
	panic("linalg: a maximum that is no cell")
}

// symmetryTolerance is how much mirrored cells may differ, relative to the larger one.
const symmetryTolerance = 1e-6

// Symmetric reports whether mirrored cells of the square matrix m differ by at most
// tolerance, relative to the larger of the two.
func Symmetric(c *matrix.Ctx, m *matrix.Matrix, tolerance float64) bool {
	n, a := m.Rows(), m.Vector()
	const tile = 64
	parts := (n + tile - 1) / tile
	skew := make([]bool, parts)
	workers(c).DoCost(parts, copyNanos*float64(n)*float64(n), func(p int) {
		lo, hi := p*tile, min((p+1)*tile, n)
		var mirror [tile * tile]float64
		for j := 0; j <= lo && !skew[p]; j += tile {
			w := min(tile, n-j)
			kernel.Transpose(w, hi-lo, a[j*n+lo:], n, mirror[:], tile)
			for i := lo; i < hi; i++ {
				skew[p] = skew[p] || differ(a[i*n+j:i*n+j+w], mirror[(i-lo)*tile:], tolerance)
			}
		}
	})
	for _, s := range skew {
		if s {
			return false
		}
	}
	return true
}

// differ reports whether cells of x and y differ by more than tolerance, relative to the larger one.
func differ(x, y []float64, tolerance float64) bool {
	y = y[:len(x)]
	for i, v := range x {
		if w := y[i]; v != w && math.Abs(v-w) > tolerance*max(math.Abs(v), math.Abs(w)) {
			return true
		}
	}
	return false
}
