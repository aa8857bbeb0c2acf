//go:build !noasm

package kernel

// panelRows multiplies sparse rows with a panel; see the stubs.
type panelRows func(rows int, rowPtr *int, val *float64, idx *int32, b, y *float64, ldy, last, end int)

// panel is MulPanel. One call takes rows of few cells in all, since it is not
// preempted; a longer row is multiplied in pieces, whose results are added.
func (v *vector) panel(rowPtr []int, idx []int32, val []float64, b Panel, y []float64, ldy, n int) {
	if len(val) == 0 || len(b.Cells) == 0 {
		mulPanel(rowPtr, idx, val, b, y, ldy, n)
		return
	}
	vecs := b.Width / v.lanes
	if n <= b.Width-v.lanes { // the vectors that are wanted are not those of a row
		mulPanel(rowPtr, idx, val, b, y, ldy, n)
		return
	}
	f, last := v.panels[vecs-1][0], n-(vecs-1)*v.lanes
	if b.Far {
		f = v.panels[vecs-1][1]
	}
	rows := len(rowPtr) - 1
	for i := 0; i < rows; {
		lo := i
		for i < rows && i-lo < gatherPiece && rowPtr[i+1]-rowPtr[lo] <= gatherPiece {
			i++
		}
		if i > lo {
			f(i-lo, &rowPtr[lo], &val[0], &idx[0], &b.Cells[0], &y[lo*ldy], ldy, last, len(idx)-1)
			continue
		}
		var sum [panelVectors * 8]float64
		row := y[i*ldy : i*ldy+n]
		clear(row)
		for p := rowPtr[i]; p < rowPtr[i+1]; p += gatherPiece {
			cut := [2]int{p, min(p+gatherPiece, rowPtr[i+1])}
			f(1, &cut[0], &val[0], &idx[0], &b.Cells[0], &sum[0], 0, last, len(idx)-1)
			v.xy[Plus](row, row, sum[:n])
		}
		i++
	}
}
