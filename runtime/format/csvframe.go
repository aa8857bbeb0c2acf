package format

import (
	"slices"
	"strings"

	"gdml/runtime/frame"
)

// record reads quoted text (RFC 4180): a field in double quotes may hold separators,
// line ends and doubled quotes.
type record struct {
	text string
	sep  string
	keep bool // quotes stay in the values
	pos  int
}

// csvCell is a field; Lo is where it starts in the text.
type csvCell struct {
	text   string
	quoted bool
	lo     int
}

// next appends the fields of the record at pos to cells. off and msg tell a fault.
func (r *record) next(cells []csvCell) (out []csvCell, off int, msg string) {
	blankSep := strings.Trim(r.sep, " \t") == ""
	for {
		i := r.pos
		for !blankSep && i < len(r.text) && isBlank(r.text[i]) {
			i++
		}
		c := csvCell{lo: i}
		if i < len(r.text) && r.text[i] == '"' {
			end := r.closing(i + 1)
			if end < 0 {
				return cells, i, "the quote is not closed"
			}
			c.quoted = true
			c.text = strings.ReplaceAll(r.text[i+1:end], `""`, `"`)
			if r.keep {
				c.text = r.text[i : end+1]
			}
			for i = end + 1; !blankSep && i < len(r.text) && isBlank(r.text[i]); i++ {
			}
			if !r.ends(i) {
				return cells, i, "unexpected text after a closing quote"
			}
		} else {
			for !r.ends(i) {
				i++
			}
			c.text = r.text[c.lo:i]
			if !blankSep {
				c.text = strings.TrimRight(c.text, " \t")
			}
		}
		cells = append(cells, c)
		if strings.HasPrefix(r.text[i:], r.sep) {
			r.pos = i + len(r.sep)
			continue
		}
		if strings.HasPrefix(r.text[i:], "\r") {
			i++
		}
		r.pos = min(i+1, len(r.text))
		return cells, 0, ""
	}
}

// closing returns the offset of the quote that closes the one before i, or -1.
func (r *record) closing(i int) int {
	for i < len(r.text) {
		k := strings.IndexByte(r.text[i:], '"')
		if k < 0 {
			return -1
		}
		if i += k; i+1 == len(r.text) || r.text[i+1] != '"' {
			return i
		}
		i += 2
	}
	return -1
}

// ends reports whether a field ends at i: at a separator, a line end or the end of the text.
func (r *record) ends(i int) bool {
	if i >= len(r.text) {
		return true
	}
	switch r.text[i] {
	case '\n':
		return true
	case '\r':
		return i+1 == len(r.text) || r.text[i+1] == '\n'
	}
	return strings.HasPrefix(r.text[i:], r.sep)
}

// csvTable collects the cells of a frame by column.
type csvTable struct {
	o       *Options
	names   []string
	cells   [][]string
	missing [][]bool
	any     []bool // column has missing cells
	first   bool   // no record seen yet
	meta    []metaLine
	size    int64
	f       faults
	where   []origin // of every row
}

// origin is where a row comes from, for messages.
type origin struct {
	part *Part
	off  int // in the cleaned text
	text *string
}

func readCSVFrame(in []Part, o *Options) (*frame.Frame, error) {
	t := &csvTable{o: o, first: true}
	for p := range in {
		if err := t.read(&in[p]); err != nil {
			return nil, err
		}
	}
	if err := t.f.err(); err != nil {
		return nil, err
	}
	rows := len(t.where)
	switch {
	case t.first && o.Rows != 0:
		return nil, fileError(in[0].Name, "file is empty")
	case t.first:
		t.grow(int(max(o.Cols, 0)))
	case rows == 0 && o.Rows != 0:
		return nil, fileError(in[0].Name, "no data rows")
	case o.Cols >= 0 && o.Cols != int64(len(t.cells)):
		return nil, fileError(in[0].Name, "%d columns were declared, but the first line has %d", o.Cols, len(t.cells))
	case o.Rows >= 0 && o.Rows != int64(rows):
		return nil, fileError(in[0].Name, "%d rows were declared, but there are %d", o.Rows, rows)
	}
	return t.frame(in[0].Name, rows)
}

func (t *csvTable) grow(cols int) {
	t.cells, t.missing, t.any = make([][]string, cols), make([][]bool, cols), make([]bool, cols)
	t.first = false
}

// read appends the records of one part.
func (t *csvTable) read(p *Part) error {
	text := trimLineEnds(string(clean(p.Data)), t.o)
	t.size += int64(len(text))
	r := &record{text: text, sep: t.o.Sep, keep: t.o.KeepQuotes}
	var cells []csvCell
	for r.pos < len(text) {
		at := origin{p, r.pos, &text}
		meta := strings.HasPrefix(text[r.pos:], "#Meta") && len(t.where) == 0
		var off int
		var msg string
		cells, off, msg = r.next(cells[:0])
		switch {
		case msg != "":
			return at.fault(off, "%s", msg)
		case meta:
			t.meta = append(t.meta, metaLine{at, slices.Clone(cells)})
		case t.first:
			t.grow(len(cells))
			if t.o.Header {
				for _, c := range cells {
					t.names = append(t.names, c.text)
				}
			} else if err := t.add(at, cells); err != nil {
				return err
			}
		default:
			if err := t.add(at, cells); err != nil {
				return err
			}
		}
	}
	return nil
}

// trimLineEnds drops the line ends at the end of text. In a file of one column an empty
// line is a missing cell, so that there all of them stay when the number of rows is
// declared.
func trimLineEnds(text string, o *Options) string {
	line, _, _ := strings.Cut(text, "\n")
	if o.Rows >= 0 && !strings.Contains(line, o.Sep) {
		return text
	}
	return strings.TrimRight(text, "\r\n")
}

// fault makes an error at byte off of the text.
func (a origin) fault(off int, format string, args ...any) *Error {
	start := strings.LastIndexByte((*a.text)[:off], '\n') + 1
	line, _ := nextLine([]byte((*a.text)[start:]))
	return lineError(a.part.Name, 1+strings.Count((*a.text)[:start], "\n"), line, min(off-start, len(line)), format, args...)
}

// add appends one row.
func (t *csvTable) add(at origin, cells []csvCell) error {
	row := len(t.where) + 1
	if n := len(cells); n > len(t.cells) || n < len(t.cells) && t.o.Fill != FillRagged {
		e := at.fault(cells[min(n-1, len(t.cells))].lo, "row %d has %d fields, the first line has %d", row, n, len(t.cells))
		if n < len(t.cells) {
			e.Hint = `to pad short lines use fill="ragged"`
		}
		t.f.add(e)
		return nil
	}
	if int64(row)*int64(len(t.cells)) > 64*t.size+1<<20 {
		return fileError(at.part.Name, "padding its lines to %d fields would be mostly padding", len(t.cells))
	}
	for j := range t.cells {
		c := csvCell{}
		if j < len(cells) {
			c = cells[j]
		}
		missing := c.text == "" && !c.quoted
		if missing && t.o.Fill != FillNone && t.o.Default != 0 {
			c.text, missing = string(appendNumber(nil, t.o.Default)), false
		}
		if !c.quoted && slices.Contains(t.o.NAStrings, c.text) {
			c.text, missing = "", true
		}
		t.cells[j] = append(t.cells[j], c.text)
		t.missing[j] = append(t.missing[j], missing)
		t.any[j] = t.any[j] || missing
	}
	t.where = append(t.where, at)
	return nil
}

// frame converts the collected cells to the schema.
func (t *csvTable) frame(file string, rows int) (*frame.Frame, error) {
	kinds, err := schemaKinds(t.o.Schema, len(t.cells))
	if err != nil {
		err.File = file
		return nil, err
	}
	cols := make([]frame.Column, len(t.cells))
	for j := range cols {
		k := frame.String
		if kinds != nil {
			k = kinds[j]
		} else {
			k = inferKind(t.cells[j], t.missing[j])
		}
		cols[j] = t.column(j, k)
		if t.names != nil {
			cols[j].Name = t.names[j]
		}
	}
	t.columnMeta(cols)
	if err := t.f.err(); err != nil {
		return nil, err
	}
	return frame.New(rows, cols)
}

func (t *csvTable) column(j int, k frame.Kind) frame.Column {
	c := frame.Column{Kind: k, Strs: t.cells[j]}
	if k != frame.String {
		c = frame.NewColumn("", k, len(t.cells[j]))
	}
	if t.any[j] {
		c.Missing = t.missing[j]
	}
	if k == frame.String {
		return c
	}
	for i, s := range t.cells[j] {
		if t.missing[j][i] {
			continue
		}
		if err := c.Parse(i, strings.TrimSpace(s), parseNumber); err != nil {
			t.f.add(t.cellFault(i, j, err))
		}
	}
	return c
}

// cellFault finds the place of a cell by reading its record again.
func (t *csvTable) cellFault(i, j int, err error) *Error {
	at := t.where[i]
	r := &record{text: *at.text, sep: t.o.Sep, pos: at.off}
	cells, _, _ := r.next(nil)
	off := at.off
	if j < len(cells) {
		off = cells[j].lo
	}
	return at.fault(off, "%s (row %d, column %d)", err, i+1, j+1)
}

// schemaKinds returns the column types a schema names: one word per column, or one for
// all. It is nil for "auto".
func schemaKinds(schema string, cols int) ([]frame.Kind, *Error) {
	schema = strings.TrimSuffix(strings.TrimSpace(schema), ",")
	if strings.EqualFold(schema, "auto") {
		return nil, nil
	}
	if schema == "" {
		schema = "*"
	}
	words := strings.Split(schema, ",")
	if len(words) != 1 && len(words) != cols {
		return nil, &Error{Msg: sprintf("the schema names %d columns, but there are %d", len(words), cols)}
	}
	kinds := make([]frame.Kind, cols)
	for j := range kinds {
		w := words[min(j, len(words)-1)]
		k, ok := frame.ParseKind(w)
		if !ok {
			return nil, &Error{Msg: quote(w) + " in the schema is no value type", Hint: "the types are string, double, int64, int32, fp32 and boolean"}
		}
		kinds[j] = k
	}
	return kinds, nil
}

// inferRows is how many rows decide on the type of a column of schema "auto".
const inferRows = 10000

// inferKind returns the narrowest of BOOLEAN, INT64, FP64 and STRING that all cells looked at have.
func inferKind(cells []string, missing []bool) frame.Kind {
	fits := [...]frame.Kind{frame.Bool, frame.Int64, frame.FP64}
	var out [3]bool
	seen := false
	for i, s := range cells[:min(len(cells), inferRows)] {
		if missing[i] {
			continue
		}
		seen = true
		for k, kind := range fits {
			c := frame.NewColumn("", kind, 1)
			digits := kind == frame.Bool && (s == "0" || s == "1") // counts, not truth values
			out[k] = out[k] || digits || c.Parse(0, s, parseNumber) != nil
		}
	}
	for k, kind := range fits {
		if seen && !out[k] {
			return kind
		}
	}
	return frame.String
}
