package kernel

// panelVectors is the most vectors of a row of a panel.
const panelVectors = 4

// PanelUnit returns the number that the columns of panels are a multiple of, and the
// most columns of a panel.
func PanelUnit() (unit, most int) { return active.panelUnit, panelVectors * active.panelUnit }

// Panel is some columns of a dense matrix, packed for products with sparse rows: cell
// (k, j) is at k*Width+j. Width is a multiple of PanelUnit; columns beyond those that
// are wanted have any finite content. The cells are aligned (see Align) for speed.
type Panel struct {
	Cells []float64
	Width int
	// Far says that the second-level cache does not hold the cells, which are then
	// fetched ahead.
	Far bool
}

// MulPanel multiplies rows of a CSR matrix with a panel:
//
//	for i := range len(rowPtr) - 1 {
//		for j := range n {
//			y[i*ldy+j] = 0
//			for p := rowPtr[i]; p < rowPtr[i+1]; p++ {
//				y[i*ldy+j] += val[p] * b.Cells[idx[p]*b.Width+j]
//			}
//		}
//	}
//
// up to the order of the additions, which depends on the row alone. It requires rowPtr
// ascending and within val and idx, idx ascending within a row and inside the panel,
// and n <= b.Width.
func MulPanel(rowPtr []int, idx []int32, val []float64, b Panel, y []float64, ldy, n int) {
	rows := len(rowPtr) - 1
	if rows <= 0 || n == 0 {
		return
	}
	first, last := rowPtr[0], rowPtr[rows]
	_, _, _ = val[first:last], idx[first:last], y[:(rows-1)*ldy+n]
	active.panel(rowPtr, idx, val, b, y, ldy, n)
}

// mulPanel is MulPanel in plain Go.
func mulPanel(rowPtr []int, idx []int32, val []float64, b Panel, y []float64, ldy, n int) {
	for i := range len(rowPtr) - 1 {
		row := y[i*ldy : i*ldy+n]
		clear(row)
		lo, hi := rowPtr[i], rowPtr[i+1]
		if lo < hi {
			gatherRows(val[lo:hi], idx[lo:hi], b.Cells, b.Width, row)
		}
	}
}
