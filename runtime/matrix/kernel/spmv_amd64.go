//go:build !noasm

package kernel

// mulRowsFast is MulRows in assembly. It reports false where there is none. One call
// takes rows of few cells in all, since it is not preempted; a longer row is left to Go.
func mulRowsFast(rowPtr []int, idx []int32, val, x, y []float64) bool {
	if active.name == "generic" || len(x) == 0 {
		return false
	}
	for i := 0; i < len(y); {
		lo := i
		for i < len(y) && rowPtr[i+1]-rowPtr[lo] <= gatherPiece {
			i++
		}
		if i == lo {
			i++
			mulRows(rowPtr[lo:], idx, val, x, y[lo:i])
			continue
		}
		if p := rowPtr[lo]; p < rowPtr[i] {
			mulRowsFMA(i-lo, &rowPtr[lo], &val[0], &idx[0], &x[0], &y[lo])
		} else {
			clear(y[lo:i])
		}
	}
	return true
}

// mulRowsFMA computes y[r], r < rows, from the cells rowPtr[r] to rowPtr[r+1] of val and idx.
//
//go:noescape
func mulRowsFMA(rows int, rowPtr *int, val *float64, idx *int32, x, y *float64)
