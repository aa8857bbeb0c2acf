package kernel

// MulRows multiplies rows of a CSR matrix with a vector:
//
//	for i := range y {
//		y[i] = 0
//		for p := rowPtr[i]; p < rowPtr[i+1]; p++ {
//			y[i] += val[p] * x[idx[p]]
//		}
//	}
//
// up to the order of the additions within a row. It requires len(rowPtr) > len(y),
// rowPtr ascending and within val and idx, and indexes inside x.
func MulRows(rowPtr []int, idx []int32, val, x, y []float64) {
	if len(y) == 0 {
		return
	}
	first, last := rowPtr[0], rowPtr[len(y)]
	_, _ = val[first:last], idx[first:last]
	if !mulRowsFast(rowPtr, idx, val, x, y) {
		mulRows(rowPtr, idx, val, x, y)
	}
}

// mulRows is MulRows in plain Go.
func mulRows(rowPtr []int, idx []int32, val, x, y []float64) {
	for i := range y {
		lo, hi := rowPtr[i], rowPtr[i+1]
		y[i] = GatherDot(val[lo:hi], idx[lo:hi], x)
	}
}
