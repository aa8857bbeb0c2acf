package kernel

import (
	"math/rand/v2"
	"testing"
)

// Rows of all lengths, with empty and with very long ones, in plain Go and in the active tier.
func TestMulRows(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, lengths := range [][]int{{}, {0}, {0, 0, 0}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 17, 0, 5000, 3}, {4096}, {4095, 1, 1}} {
		x, ix := guarded(6000, wholes(r))
		rowPtr, total := []int{2}, 2 // the first cells belong to other rows
		for _, n := range lengths {
			total += n
			rowPtr = append(rowPtr, total)
		}
		val, iv := guarded(total, wholes(r))
		idx := make([]int32, total)
		for p := range idx {
			idx[p] = int32(r.IntN(len(x)))
		}
		want := make([]float64, len(lengths))
		for i := range want {
			for p := rowPtr[i]; p < rowPtr[i+1]; p++ {
				want[i] += val[p] * x[idx[p]]
			}
		}
		for name, f := range map[string]func([]int, []int32, []float64, []float64, []float64){"active": MulRows, "plain": mulRows} {
			y, iy := guarded(len(lengths), func(int) float64 { return 7 })
			f(rowPtr, idx, val, x, y)
			for i := range y {
				if y[i] != want[i] {
					t.Errorf("%s, lengths %v: row %d is %v, want %v", name, lengths, i, y[i], want[i])
				}
			}
			if !ix() || !iv() || !iy() {
				t.Errorf("%s, lengths %v: wrote where it must not", name, lengths)
			}
		}
	}
}
