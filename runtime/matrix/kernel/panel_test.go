package kernel

import (
	"math/rand/v2"
	"testing"
)

// Rows of all lengths times panels of all widths, near and far, agree with the loop of
// the comment; nothing beside the columns that are wanted changes.
func TestMulPanel(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	lengths := []int{0, 1, 2, 3, 8, 0, 23, 24, 25, 5000, 0, 4096, 7}
	const depth, skipped = 6000, 3
	rowPtr := []int{skipped} // the first cells belong to other rows
	var idx []int32
	for range skipped {
		idx = append(idx, 0)
	}
	for _, n := range lengths {
		at, step := 0, depth/max(n, 1)
		for range n {
			idx = append(idx, int32(at+r.IntN(step)))
			at += step
		}
		rowPtr = append(rowPtr, len(idx))
	}
	val, iv := guarded(len(idx), wholes(r))
	eachSet(t, func(t *testing.T, s *set) {
		for n := 1; n <= panelVectors*s.panelUnit; n++ {
			b := Panel{Width: (n + s.panelUnit - 1) / s.panelUnit * s.panelUnit}
			cells, ib := guarded(depth*b.Width, wholes(r))
			b.Cells = cells
			for _, b.Far = range []bool{false, true} {
				ldy := n + n%3
				y, iy := guarded((len(lengths)-1)*ldy+n, func(int) float64 { return 7 })
				s.panel(rowPtr, idx, val, b, y, ldy, n)
				for i := range lengths {
					for j := range ldy {
						if i*ldy+j >= len(y) {
							break
						}
						want := 7.0
						if j < n {
							want = 0
							for p := rowPtr[i]; p < rowPtr[i+1]; p++ {
								want += val[p] * cells[int(idx[p])*b.Width+j]
							}
						}
						if y[i*ldy+j] != want {
							t.Fatalf("%d columns, far %v: cell (%d, %d) is %v, want %v", n, b.Far, i, j, y[i*ldy+j], want)
						}
					}
				}
				if !iy() || !ib() || !iv() {
					t.Fatalf("%d columns, far %v: wrote where it must not", n, b.Far)
				}
			}
		}
	})
}

func TestMulPanelWithoutCells(t *testing.T) {
	eachSet(t, func(t *testing.T, s *set) {
		y := []float64{1, 2}
		s.panel([]int{0, 0, 0}, nil, nil, Panel{Width: s.panelUnit}, y, 1, 1)
		if y[0] != 0 || y[1] != 0 {
			t.Errorf("rows without cells give %v", y)
		}
	})
}
