package value

import (
	"math"
	"strconv"
	"strings"

	"gdml/runtime/cell"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// TextOptions are the parameters of toString (language reference §13.3).
type TextOptions struct {
	Rows, Cols int  // how many are shown at most; -1 for all
	Decimal    int  // fraction digits of doubles; negative: up to 3, trailing zeros dropped
	Sparse     bool // matrices as "row col value" lines of the non-zeros
	Sep        string
	Linesep    string
}

// DefaultText is what print and toString use when nothing else is asked for.
func DefaultText() TextOptions {
	return TextOptions{Rows: 100, Cols: 100, Decimal: 3, Sep: " ", Linesep: "\n"}
}

// Text returns the print form of v: of a scalar its plain text, of anything else
// toString with default options. A nil value gives "null".
func Text(v Value) string { return ToString(v, DefaultText()) }

// ToString returns the text of v as the builtin of that name lays it out.
func ToString(v Value, o TextOptions) string {
	switch v := v.(type) {
	case *matrix.Matrix:
		return matrix.ToText(v, matrix.TextOpts{Rows: o.Rows, Cols: o.Cols, Decimals: o.Decimal, Sparse: o.Sparse, Sep: o.Sep, LineSep: o.Linesep})
	case *frame.Frame:
		return frameText(v, o)
	case *List:
		return listText(v, o)
	case *Tensor:
		return tensorText(v, o)
	}
	return scalarText(v)
}

func scalarText(v Value) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return cell.FormatDouble(v)
	case bool:
		if v {
			return "TRUE"
		}
		return "FALSE"
	case string:
		return v
	}
	return "null"
}

// listText lays a list out as the reference does (§13.4): every element is followed
// by ", " and then the last two characters of the whole are cut, which is why an
// empty list loses its opening bracket. Names are not shown.
func listText(l *List, o TextOptions) string {
	var b strings.Builder
	b.WriteString("List containing:\n[")
	for i := range l.Len() {
		switch e := l.At(i).(type) {
		case *matrix.Matrix:
			b.WriteString("\nMatrix:\n")
			b.WriteString(ToString(e, o))
		case *frame.Frame, *Tensor:
			b.WriteString("\n")
			b.WriteString(ToString(e, o))
		default:
			b.WriteString(ToString(e, o))
		}
		b.WriteString(", ")
	}
	s := b.String()
	return s[:len(s)-2] + "]"
}

func frameText(f *frame.Frame, o TextOptions) string {
	rows, cols := shown(f.Rows(), o.Rows), shown(f.Cols(), o.Cols)
	var b strings.Builder
	line := func(cellText func(j int) string, head ...string) {
		b.WriteString(strings.Join(head, ""))
		for j := range cols {
			if j > 0 {
				b.WriteString(o.Sep)
			}
			b.WriteString(cellText(j))
		}
		b.WriteString(o.Linesep)
	}
	b.WriteString("# FRAME: nrow = " + strconv.Itoa(f.Rows()) + ", ncol = " + strconv.Itoa(f.Cols()) + o.Linesep)
	line(func(j int) string { return f.Column(j).Name }, "#", o.Sep)
	line(func(j int) string { return f.Column(j).Kind.String() }, "#", o.Sep)
	for i := range rows {
		line(func(j int) string {
			c := f.Column(j)
			v, ok := c.Value(i).(float64)
			switch {
			case !ok || c.Kind != frame.FP64:
				return CellText(c, i)
			case v == 0 && math.Signbit(v): // a frame shows the sign that Fixed drops
				return "-" + cell.Fixed(0, o.Decimal)
			}
			return cell.Fixed(v, o.Decimal)
		})
	}
	return b.String()
}

func shown(n, limit int) int {
	if limit < 0 {
		return n
	}
	return min(n, limit)
}

// CellText returns the plain text of cell i of a frame column; a missing cell is "null".
// Single precision numbers have the shortest digits that identify the float.
func CellText(c *frame.Column, i int) string {
	v := c.Value(i)
	if f, ok := v.(float64); ok && c.Kind == frame.FP32 {
		short, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', -1, 32), 64)
		return cell.FormatDouble(short)
	}
	return scalarText(v)
}
