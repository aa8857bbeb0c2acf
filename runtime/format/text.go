package format

import (
	"bufio"
	"bytes"
	"io"
	"math"
	"strconv"
	"strings"

	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// textFormat is one cell per line, "row col value", 1-based, zeros omitted
// (command-line reference §2.6).
var textFormat = Format{
	Name: "text", Exts: []string{".ijv"},
	ReadMatrix: readText, WriteMatrix: writeText,
	ReadFrame: readTextFrame, WriteFrame: writeTextFrame,
}

func readText(in []Part, o *Options) (*matrix.Matrix, error) {
	var t triples
	var f faults
	var rows, cols int64
	size := 0
	for p := range in {
		size += len(in[p].Data)
		t.grow(min(countLines(in[p].Data), len(in[p].Data)/6+1)) // no cell has less than six characters
		eachLine(&in[p], func(n int, line []byte) {
			c, off, msg := parseCoordinate(line, true)
			switch {
			case msg != "":
			case c.v == 0 && !math.Signbit(c.v):
				return // the only line of an empty matrix is 0 0 0
			case c.i < 1 || c.j < 1 || o.Rows >= 0 && c.i > o.Rows || o.Cols >= 0 && c.j > o.Cols:
				off, msg = c.at, outside(c.i, c.j, o.Rows, o.Cols)
			default:
				rows, cols = max(rows, c.i), max(cols, c.j)
				t.add(c.i-1, c.j-1, c.v)
				return
			}
			f.add(lineError(in[p].Name, n, line, off, "%s", msg))
		})
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	rows, cols, err := textDims(in[0].Name, o, size, rows, cols)
	if err != nil {
		return nil, err
	}
	m, err := t.matrix(o, rows, cols)
	return m, inFile(in[0].Name, err)
}

// eachLine calls f for every line that is not blank.
func eachLine(p *Part, f func(n int, line []byte)) {
	rest, n := clean(p.Data), 0
	for len(rest) > 0 {
		var line []byte
		line, rest = nextLine(rest)
		if n++; len(bytes.TrimSpace(line)) > 0 {
			f(n, line)
		}
	}
}

func outside(i, j, rows, cols int64) string {
	dims := func(n int64) string {
		if n < 0 {
			return "n"
		}
		return strconv.FormatInt(n, 10)
	}
	return sprintf("cell (%d,%d) is outside the range (1:%s,1:%s)", i, j, dims(rows), dims(cols))
}

// inFile names the file of an error that does not.
func inFile(file string, err error) error {
	if e, ok := err.(*Error); ok && e.File == "" {
		e.File = file
	}
	return err
}

// textDims settles the dimensions: the declared ones, or the largest indexes that occur.
func textDims(file string, o *Options, size int, maxRow, maxCol int64) (rows, cols int64, err error) {
	if size == 0 && o.Rows != 0 && o.Cols != 0 {
		return 0, 0, fileError(file, "file is empty")
	}
	if o.Rows >= 0 && o.Cols >= 0 {
		return o.Rows, o.Cols, nil
	}
	if maxRow == 0 {
		return 0, 0, &Error{File: file, Msg: "the dimensions are not known", Hint: "add rows=..., cols=... to the read"}
	}
	// Indexes far beyond the number of entries are mistakes more often than dimensions.
	if far := max(1<<22, 1000*int64(size)); maxRow > far || maxCol > far {
		return 0, 0, &Error{File: file, Msg: sprintf("the largest indexes are row %d and column %d, far beyond the number of entries", maxRow, maxCol),
			Hint: "if they are right, add rows=..., cols=... to the read"}
	}
	o.warn(sprintf("%s: the dimensions are not declared; taking the largest indexes, rows=%d, cols=%d", file, maxRow, maxCol))
	return maxRow, maxCol, nil
}

func writeText(w io.Writer, m *matrix.Matrix, o *WriteOptions) error {
	b := bufio.NewWriterSize(w, 1<<16)
	n := writeCells(b, m)
	if n == 0 {
		b.WriteString("0 0 0\n") // an empty file is no matrix
	}
	return b.Flush()
}

// writeCells writes the coordinate lines and returns their number. Errors are kept by b until its Flush.
func writeCells(b *bufio.Writer, m *matrix.Matrix) (n int) {
	var buf []byte
	eachCell(m, func(i, j int, v float64) {
		buf = strconv.AppendInt(buf[:0], int64(i)+1, 10)
		buf = append(buf, ' ')
		buf = strconv.AppendInt(buf, int64(j)+1, 10)
		buf = append(buf, ' ')
		buf = append(appendNumber(buf, v), '\n')
		b.Write(buf)
		n++
	})
	return n
}

// readTextFrame reads "row col token". A token in double quotes may hold blanks; where
// it is empty, a number or boolean is missing. Cells without a line are missing texts, but
// zeros and FALSE, which the reference implementation leaves out. Lines of row -1 and -2 are
// what encoders noted about a column: its number of distinct items, -1 for unknown, and what
// is put for missing cells, null for nothing.
func readTextFrame(in []Part, o *Options) (*frame.Frame, error) {
	type entry struct {
		i, j int64
		text string
		at   *Error // place, should the text not fit the schema
	}
	var cells []entry
	var f faults
	var rows, cols int64
	notes := map[int64]frame.Meta{}
	size := 0
	for p := range in {
		size += len(in[p].Data)
		eachLine(&in[p], func(n int, line []byte) {
			if l := bytes.TrimLeft(line, " \t"); bytes.HasPrefix(l, []byte("-1 ")) || bytes.HasPrefix(l, []byte("-2 ")) {
				note(notes, l)
				return
			}
			c, text, off, msg := parseToken(line)
			if msg == "" && c.i == 0 && c.j == 0 {
				return
			}
			if msg == "" && (c.i < 1 || c.j < 1 || o.Rows >= 0 && c.i > o.Rows || o.Cols >= 0 && c.j > o.Cols) {
				off, msg = c.at, outside(c.i, c.j, o.Rows, o.Cols)
			}
			if msg != "" {
				f.add(lineError(in[p].Name, n, line, off, "%s", msg))
				return
			}
			rows, cols = max(rows, c.i), max(cols, c.j)
			cells = append(cells, entry{c.i - 1, c.j - 1, text, lineError(in[p].Name, n, line, c.vt, "")})
		})
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	rows, cols, err := textDims(in[0].Name, o, size, rows, cols)
	if err != nil {
		return nil, err
	}
	if rows*cols > 1<<24+64*int64(size) {
		return nil, fileError(in[0].Name, "a %dx%d frame of %d cells would be mostly missing cells", rows, cols, len(cells))
	}
	out, err := emptyFrame(in[0].Name, o.Schema, int(rows), int(cols))
	if err != nil {
		return nil, err
	}
	for _, c := range cells {
		if c.text == "" && out[c.j].Kind.Store() != frame.Strs {
			out[c.j].SetMissing(int(c.i))
			continue
		}
		if err := out[c.j].Parse(int(c.i), c.text, parseNumber); err != nil {
			c.at.Msg = err.Error()
			f.add(c.at)
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return noted(int(rows), out, notes)
}

// noted returns a frame of cols with what was noted about them.
func noted(rows int, cols []frame.Column, notes map[int64]frame.Meta) (*frame.Frame, error) {
	for j := range cols {
		cols[j].Meta = notes[int64(j)]
	}
	return frame.New(rows, cols)
}

// note reads "-1 col distinct" or "-2 col token" into notes, by 0-based column. A line of
// another form says nothing.
func note(notes map[int64]frame.Meta, line []byte) {
	c, text, _, msg := parseToken(line[1:])
	if msg != "" {
		return
	}
	m := notes[c.j-1]
	if c.i == 1 {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return
		}
		m.Distinct = max(n, 0)
	} else if line = bytes.TrimRight(line, " \t\r"); text != noImpute || line[len(line)-1] == '"' {
		m.Impute = text
	}
	notes[c.j-1] = m
}

// emptyFrame returns columns of the schema whose cells are missing, zero or FALSE.
func emptyFrame(file, schema string, rows, cols int) ([]frame.Column, error) {
	if strings.EqualFold(schema, "auto") {
		return nil, fileError(file, `schema "auto" needs a csv file`)
	}
	kinds, serr := schemaKinds(schema, cols)
	if serr != nil {
		serr.File = file
		return nil, serr
	}
	out := make([]frame.Column, cols)
	for j, k := range kinds {
		out[j] = frame.NewColumn("", k, rows)
		for i := 0; i < rows && k.Store() == frame.Strs; i++ {
			out[j].SetMissing(i)
		}
	}
	return out, nil
}

// parseToken reads the two indexes of a frame cell and its token.
func parseToken(line []byte) (c coordinate, text string, off int, msg string) {
	_, hi := nextField(line, 0)
	_, hi = nextField(line, hi)
	if c, off, msg = parseCoordinate(line[:hi], false); msg != "" {
		return c, "", off, msg
	}
	lo, hi := nextField(line, hi)
	c.vt = lo
	if lo == len(line) {
		return c, "", lo, "the value is missing"
	}
	if line[lo] == '"' {
		if s, err := strconv.Unquote(strings.TrimRight(string(line[lo:]), " \t")); err == nil {
			return c, s, 0, ""
		}
	}
	return c, string(line[lo:hi]), 0, ""
}

// writeTextFrame writes the cells but missing texts. Tokens with blanks, quotes or nothing in them are quoted.
func writeTextFrame(w io.Writer, f *frame.Frame, o *WriteOptions) error {
	b := bufio.NewWriter(w)
	n := 0
	for j := 0; hasColumnMeta(f) && j < f.Cols(); j++ {
		m := f.Column(j).Meta
		distinct, impute := noDistinct, noImpute
		if m.Distinct > 0 {
			distinct = strconv.FormatInt(m.Distinct, 10)
		}
		if m.Impute != "" {
			impute = quoteToken(m.Impute)
		}
		if m.Impute == noImpute {
			impute = strconv.Quote(noImpute)
		}
		b.WriteString("-1 " + strconv.Itoa(j+1) + " " + distinct + "\n-2 " + strconv.Itoa(j+1) + " " + impute + "\n")
	}
	for i := range f.Rows() {
		for j := range f.Cols() {
			c, text := f.Column(j), ""
			if !c.IsMissing(i) {
				text = frameText(c, i)
			} else if c.Kind.Store() == frame.Strs {
				continue
			}
			b.WriteString(strconv.Itoa(i+1) + " " + strconv.Itoa(j+1) + " " + quoteToken(text) + "\n")
			n++
		}
	}
	if n == 0 {
		b.WriteString("0 0 0\n")
	}
	return b.Flush()
}

// quoteToken quotes a token with blanks, quotes or nothing in it.
func quoteToken(s string) string {
	if q := strconv.Quote(s); s == "" || strings.ContainsAny(s, " \t") || q != `"`+s+`"` {
		return q
	}
	return s
}
