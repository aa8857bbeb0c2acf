package format

import (
	"bufio"
	"strconv"

	"gdml/runtime/frame"
)

// Lines that start with metaImpute or metaDistinct stand between the header of a csv frame
// and its rows and hold a field for each column: what is put for missing cells ("null" for
// nothing) and the number of distinct items (-1 for unknown).
const (
	metaImpute   = "#Meta·MV"
	metaDistinct = "#Meta·ND"
	noImpute     = "null"
	noDistinct   = "-1"
)

// metaLine is such a line, or another one that starts with #Meta and is passed over.
type metaLine struct {
	at    origin
	cells []csvCell
}

// hasColumnMeta reports whether encoders noted something about a column.
func hasColumnMeta(f *frame.Frame) bool {
	for j := range f.Cols() {
		if f.Column(j).Meta != (frame.Meta{}) {
			return true
		}
	}
	return false
}

// writeColumnMeta writes both lines, or nothing when there is nothing to say.
func writeColumnMeta(b *bufio.Writer, f *frame.Frame, sep string) {
	if !hasColumnMeta(f) {
		return
	}
	line := func(head string, field func(frame.Meta) string) {
		b.WriteString(head)
		for j := range f.Cols() {
			b.WriteString(sep)
			b.WriteString(field(f.Column(j).Meta))
		}
		b.WriteByte('\n')
	}
	line(metaImpute, func(m frame.Meta) string {
		switch m.Impute {
		case "":
			return noImpute
		case noImpute:
			return `"` + noImpute + `"`
		}
		return quoteCSV(m.Impute, sep)
	})
	line(metaDistinct, func(m frame.Meta) string {
		if m.Distinct == 0 {
			return noDistinct
		}
		return strconv.FormatInt(m.Distinct, 10)
	})
}

// columnMeta stores what the lines read say about cols.
func (t *csvTable) columnMeta(cols []frame.Column) {
	for _, l := range t.meta {
		if head := l.cells[0].text; head != metaImpute && head != metaDistinct {
			continue
		}
		if len(l.cells) != len(cols)+1 {
			t.f.add(l.at.fault(l.at.off, "the line has %d fields behind %s, but there are %d columns", len(l.cells)-1, l.cells[0].text, len(cols)))
			continue
		}
		for j, c := range l.cells[1:] {
			switch l.cells[0].text {
			case metaImpute:
				if c.text != noImpute || c.quoted {
					cols[j].Meta.Impute = c.text
				}
			case metaDistinct:
				n, err := strconv.ParseInt(c.text, 10, 64)
				if err != nil {
					t.f.add(l.at.fault(c.lo, "%s is not a number of distinct items", quote(c.text)))
				}
				cols[j].Meta.Distinct = max(n, 0)
			}
		}
	}
}
