package matrix

import (
	"fmt"
	"math"
	"slices"

	"gdml/runtime/cell"
)

// CheckSize reports whether a matrix of the given dimensions can exist: none is
// negative, a column index fits in 32 bits, and the cells can be counted.
func CheckSize(rows, cols int) error {
	const most int64 = 1 << 46
	if rows < 0 || cols < 0 {
		return fmt.Errorf("negative dimension: %dx%d", rows, cols)
	}
	if r, n := int64(rows), int64(cols); n > math.MaxInt32 || r > most || n > 0 && r > most/n {
		return fmt.Errorf("matrix too large: %dx%d", rows, cols)
	}
	return nil
}

// triple is one cell update of a contingency table, 0-based.
type triple struct {
	row, col int
	w        float64
}

// Table returns the contingency table of a and b: for every cell position the weight
// w is added to the result cell at row toInt(a), column toInt(b). Matrix operands
// have equal dimensions, or are vectors of one length; scalars hold for every cell. Positions where an operand is
// NaN are skipped; indexes below 1 are an error. With rows, cols >= 0 the result has
// these dimensions and entries beyond are dropped; a negative one is the largest index
// of the positions that are not skipped. (A caller that builds one row per position
// gives the rows, so that a NaN at the end keeps its empty row.)
func Table(c *Ctx, a, b, w Operand, rows, cols int) (*Matrix, error) {
	entries, maxRow, maxCol, err := tableEntries(a, b, w)
	if err != nil {
		return nil, err
	}
	if rows < 0 {
		rows = maxRow
	}
	if cols < 0 {
		cols = maxCol
	}
	if err := CheckSize(rows, cols); err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	entries = slices.DeleteFunc(entries, func(t triple) bool { return t.row >= rows || t.col >= cols })
	if rows*cols <= max(1<<16, 4*len(entries)) {
		out := New(c, rows, cols)
		for _, t := range entries {
			out.dense[t.row*cols+t.col] += t.w
		}
		return Compact(c, out), nil
	}
	return Compact(c, tableSparse(entries, rows, cols)), nil
}

// tableEntries reads the operands in cell order.
func tableEntries(a, b, w Operand) (entries []triple, maxRow, maxCol int, err error) {
	var shape *Matrix
	for _, o := range []Operand{a, b, w} {
		if o.M == nil {
			continue
		}
		if shape == nil {
			shape = o.M
		}
		if !sameCells(o.M, shape) {
			return nil, 0, 0, sizeErrorf("operands of table do not agree in size: %v and %v", shape, o.M)
		}
	}
	n := 1
	if shape != nil {
		n = shape.Cells()
	}
	x, y, z := cellsOf(a, n), cellsOf(b, n), cellsOf(w, n)
	entries = make([]triple, 0, n)
	for i := range n {
		if x[i] != x[i] || y[i] != y[i] || z[i] != z[i] {
			continue
		}
		r, s := int(cell.ToInt(x[i])), int(cell.ToInt(y[i]))
		if r <= 0 || s <= 0 {
			return nil, 0, 0, fmt.Errorf("table needs indexes of at least 1: (%s, %s)", cell.FormatDouble(x[i]), cell.FormatDouble(y[i]))
		}
		maxRow, maxCol = max(maxRow, r), max(maxCol, s)
		entries = append(entries, triple{r - 1, s - 1, z[i]})
	}
	return entries, maxRow, maxCol, nil
}

// sameCells reports whether the cells of a and b go together in their order: in matrices of
// one size, and in vectors of one length, be they rows or columns.
func sameCells(a, b *Matrix) bool {
	vectors := min(a.rows, a.cols) == 1 && min(b.rows, b.cols) == 1
	return a.rows == b.rows && a.cols == b.cols || vectors && a.Cells() == b.Cells()
}

// cellsOf returns the n cells of an operand.
func cellsOf(o Operand, n int) []float64 {
	if o.M != nil {
		return o.M.Vector()
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = o.S
	}
	return x
}

// tableSparse adds the entries up in their order, by a counting sort over rows.
func tableSparse(entries []triple, rows, cols int) *Matrix {
	start := make([]int, rows+1)
	for _, t := range entries {
		start[t.row+1]++
	}
	for i := range rows {
		start[i+1] += start[i]
	}
	byRow := make([]triple, len(entries))
	next := slices.Clone(start[:rows])
	for _, t := range entries {
		byRow[next[t.row]] = t
		next[t.row]++
	}
	b := newBuilder(rows, cols, len(entries))
	for i := range rows {
		row := byRow[start[i]:start[i+1]]
		slices.SortStableFunc(row, func(s, t triple) int { return s.col - t.col })
		for p := 0; p < len(row); {
			sum, col := 0.0, row[p].col
			for ; p < len(row) && row[p].col == col; p++ {
				sum += row[p].w
			}
			b.put(col, sum)
		}
		b.end()
	}
	return b.matrix()
}
