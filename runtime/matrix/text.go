package matrix

import (
	"strconv"
	"strings"

	"gdml/runtime/cell"
)

// TextOpts are the parameters of toString (language reference §13.3).
type TextOpts struct {
	Rows, Cols int    // most rows and columns written; -1 is all
	Decimals   int    // fraction digits of a cell, see cell.Fixed
	Sparse     bool   // write "row col value" of the non-zeros
	Sep        string // between cells
	LineSep    string // after every line
}

// DefaultText are the defaults of toString.
func DefaultText() TextOpts {
	return TextOpts{Rows: 100, Cols: 100, Decimals: 3, Sep: " ", LineSep: "\n"}
}

// ToText returns the text of m: every row on a line, cells with a fixed number of
// digits, no header and no alignment.
func ToText(m *Matrix, o TextOpts) string {
	rows, cols := m.rows, m.cols
	if o.Rows >= 0 {
		rows = min(rows, o.Rows)
	}
	if o.Cols >= 0 {
		cols = min(cols, o.Cols)
	}
	var b strings.Builder
	if o.Sparse {
		sparseText(&b, m, rows, cols, o)
		return b.String()
	}
	row := make([]float64, m.cols)
	for i := range rows {
		m.Row(i, row)
		for j, v := range row[:cols] {
			if j > 0 {
				b.WriteString(o.Sep)
			}
			b.WriteString(cell.Fixed(v, o.Decimals))
		}
		if m.cols == 0 {
			b.WriteString(cell.Fixed(0, o.Decimals)) // the reference prints one zero per row
		}
		b.WriteString(o.LineSep)
	}
	return b.String()
}

func sparseText(b *strings.Builder, m *Matrix, rows, cols int, o TextOpts) {
	row := make([]float64, m.cols)
	for i := range rows {
		for j, v := range m.Row(i, row)[:cols] {
			if v == 0 {
				continue
			}
			b.WriteString(strconv.Itoa(i + 1))
			b.WriteString(o.Sep)
			b.WriteString(strconv.Itoa(j + 1))
			b.WriteString(o.Sep)
			b.WriteString(cell.Fixed(v, o.Decimals))
			b.WriteString(o.LineSep)
		}
	}
}
