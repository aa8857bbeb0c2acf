package transform

import (
	"slices"

	"gdml/runtime/matrix"
)

// table collects the cells of a matrix that is written column by column: the non-zero
// cells of each row, or all cells of a matrix that is not much wider than its source.
type table struct {
	rows  [][]entry // nil when dense is used
	dense []float64
	n     int
	cols  int
}

type entry struct {
	col int32
	val float64
}

// denseFactor is how many times wider than its source a matrix may be to be collected densely.
const denseFactor = 4

// newTable returns an empty table for rows x cols cells that come from the given number of columns.
func newTable(rows, cols, from int) *table {
	t := &table{n: rows, cols: cols}
	if cols <= denseFactor*from {
		t.dense = make([]float64, rows*cols)
	} else {
		t.rows = make([][]entry, rows)
	}
	return t
}

// set stores a cell, at most once for each.
func (t *table) set(i, j int, v float64) {
	switch {
	case t.dense != nil:
		t.dense[i*t.cols+j] = v
	case v != 0:
		t.rows[i] = append(t.rows[i], entry{int32(j), v})
	}
}

// matrix returns the cells in the form that suits their number.
func (t *table) matrix(mc *matrix.Ctx) *matrix.Matrix {
	if t.dense != nil {
		return matrix.Compact(mc, matrix.FromDense(t.n, t.cols, t.dense))
	}
	s := &matrix.CSR{RowPtr: make([]int, len(t.rows)+1)}
	for i, row := range t.rows {
		slices.SortFunc(row, func(a, b entry) int { return int(a.col) - int(b.col) })
		for _, e := range row {
			s.ColIdx, s.Val = append(s.ColIdx, e.col), append(s.Val, e.val)
		}
		s.RowPtr[i+1] = len(s.Val)
		t.rows[i] = nil
	}
	return matrix.Compact(mc, matrix.FromCSR(len(t.rows), t.cols, s))
}
