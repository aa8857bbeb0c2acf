package transform

import (
	"slices"

	"gdml/runtime/matrix"
)

// table collects the non-zero cells of a matrix that is written column by column.
type table struct {
	rows [][]entry
	cols int
}

type entry struct {
	col int32
	val float64
}

func newTable(rows, cols int) *table {
	return &table{rows: make([][]entry, rows), cols: cols}
}

// set stores a cell, at most once for each.
func (t *table) set(i, j int, v float64) {
	if v != 0 {
		t.rows[i] = append(t.rows[i], entry{int32(j), v})
	}
}

// matrix returns the cells in the form that suits their number.
func (t *table) matrix(mc *matrix.Ctx) *matrix.Matrix {
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
