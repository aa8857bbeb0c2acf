package format

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"gdml/lang/types"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
)

// csvFormat is comma separated values (command-line reference §2.8). It is strict:
// every line has as many fields as the first, unless fill is "ragged".
var csvFormat = Format{
	Name: "csv", Exts: []string{".csv", ".tsv"},
	Params: []types.Param{
		{Name: "header", Type: types.BoolT, Optional: true, Default: "FALSE", Doc: "the first line holds column names"},
		{Name: "sep", Type: types.Str, Optional: true, Default: `","`, Doc: "separator, one or more characters"},
		{Name: "fill", Type: types.Scal, Optional: true, Default: "TRUE", Doc: `empty fields become default; FALSE: they are errors; "ragged": short lines are padded too`},
		{Name: "default", Type: types.Dbl, Optional: true, Default: "0", Doc: "value of empty fields"},
		{Name: "naStrings", Type: types.Any, Optional: true, Doc: "texts that become NaN, or missing in a frame: a string or a list of strings"},
		{Name: "quotes", Type: types.Str, Optional: true, Default: `"strip"`, Enum: []string{"strip", "keep"}, Doc: "quotes around frame values"},
	},
	WriteParams: []types.Param{
		{Name: "header", Type: types.BoolT, Optional: true, Default: "FALSE", Doc: "write a first line of column names"},
		{Name: "sep", Type: types.Str, Optional: true, Default: `","`, Doc: "separator, one or more characters"},
		{Name: "sparse", Type: types.BoolT, Optional: true, Default: "FALSE", Doc: "leave zeros of a matrix empty"},
	},
	ReadMatrix: readCSV, WriteMatrix: writeCSV,
	ReadFrame: readCSVFrame, WriteFrame: writeCSVFrame,
	describe: describeCSV,
}

// csvText is a csv input cut into chunks, with its columns counted.
type csvText struct {
	o          *Options
	sep        []byte
	blankSep   bool // sep is a blank or tab, so that blanks at the ends of a line are fields
	plain      bool // one-byte separator and no numeric naStrings: most fields can be scanned at once
	cols, rows int
	chunks     []chunk
	bytes      int64
}

func readCSV(in []Part, o *Options) (*matrix.Matrix, error) {
	t, err := cutCSV(in, o)
	if err != nil {
		return nil, err
	}
	if t.rows == 0 {
		return emptyCSV(in, o, t)
	}
	rows, err := t.settle(in[0].Name)
	if err != nil {
		return nil, err
	}
	var data []float64
	if err := o.fits(int64(rows), int64(t.cols), 0, true); err != nil {
		return nil, err
	}
	if int64(t.rows)*int64(t.cols-1)*int64(len(t.sep)) <= t.bytes || o.Fill == FillRagged {
		data = make([]float64, rows*t.cols)
	} // else some line is short: the parse only looks for it
	if err := t.parse(data); err != nil {
		return nil, err
	}
	return matrix.Compact(o.Mem, matrix.FromDense(rows, t.cols, data)), nil
}

// cutCSV removes mark, header and trailing blank lines and cuts the rest into chunks.
func cutCSV(in []Part, o *Options) (*csvText, error) {
	t := &csvText{o: o, sep: []byte(o.Sep), blankSep: strings.Trim(o.Sep, " \t") == ""}
	t.plain = len(t.sep) == 1 && !slices.ContainsFunc(o.NAStrings, func(s string) bool { _, ok := parseNumber(s); return ok })
	first := true
	for p := range in {
		part := &in[p]
		data, line := clean(part.Data), 1
		if first && len(data) > 0 {
			first = false
			head, rest := nextLine(data)
			t.cols = 1 + bytes.Count(head, t.sep)
			if o.Header {
				data, line = rest, 2
			}
		}
		data = t.trimEnd(data)
		t.bytes += int64(len(data))
		for _, c := range chunks(part, data, line) {
			c.row = t.rows
			t.rows += c.lines
			t.chunks = append(t.chunks, c)
		}
	}
	if first && o.Rows != 0 && o.Cols != 0 {
		return nil, fileError(in[0].Name, "file is empty")
	}
	return t, nil
}

// trimEnd drops blank lines at the end.
func (t *csvText) trimEnd(data []byte) []byte {
	for len(data) > 0 {
		body := bytes.TrimRight(data, "\r\n")
		i := bytes.LastIndexByte(body, '\n') + 1
		if !t.isBlank(body[i:]) {
			if j := bytes.IndexByte(data[len(body):], '\n'); j >= 0 {
				return data[:len(body)+j+1]
			}
			return body
		}
		data = body[:i]
	}
	return data
}

func (t *csvText) isBlank(line []byte) bool {
	return len(line) == 0 || !t.blankSep && len(bytes.TrimSpace(line)) == 0
}

// emptyCSV is the result for an input without data rows, which must have been declared.
func emptyCSV(in []Part, o *Options, t *csvText) (*matrix.Matrix, error) {
	cols := int64(t.cols)
	if o.Cols >= 0 && (cols == 0 || o.Cols == 0) {
		cols = o.Cols
	}
	switch {
	case o.Rows == 0 && cols >= 0 && (o.Cols < 0 || cols == o.Cols):
		return matrix.New(o.Mem, 0, int(cols)), nil
	case o.Rows > 0 && o.Cols == 0:
		if err := o.fits(o.Rows, 1, 0, true); err != nil {
			return nil, err
		}
		return matrix.New(o.Mem, int(o.Rows), 0), nil
	}
	return nil, fileError(in[0].Name, "no data rows")
}

// settle compares the declared dimensions with the found ones and returns the number of rows of the result.
func (t *csvText) settle(file string) (rows int, err error) {
	o := t.o
	if o.Fill == FillRagged && o.Cols > int64(t.cols) {
		t.cols = int(o.Cols)
	}
	if o.Cols >= 0 && o.Cols != int64(t.cols) {
		return 0, fileError(file, "%d columns were declared, but the first line has %d", o.Cols, t.cols)
	}
	rows = t.rows
	switch {
	case o.Rows >= 0 && o.Rows < int64(rows):
		return 0, fileError(file, "%d rows were declared, but there are %d", o.Rows, rows)
	case o.Rows > int64(rows):
		if err := o.fits(o.Rows, int64(t.cols), 0, true); err != nil {
			return 0, err
		}
		o.warn(sprintf("%s: %d rows were declared, but there are %d; the missing rows are zero", file, o.Rows, rows))
		rows = int(o.Rows)
	}
	// Padding may blow a short file up; a file that grows this much is no csv file.
	if o.Fill == FillRagged && int64(rows)*int64(t.cols) > 64*t.bytes+1<<20 {
		return 0, fileError(file, "padding its %d lines to %d fields would be mostly padding", rows, t.cols)
	}
	return rows, nil
}

// parse fills data, or only looks for faults when data is nil.
func (t *csvText) parse(data []float64) error {
	found := make([]faults, len(t.chunks))
	var w *par.Workers
	if t.o.Mem != nil {
		w = t.o.Mem.Par
	}
	w.Do(len(t.chunks), func(k int) {
		c := t.chunks[k]
		rest, line := c.data, []byte(nil)
		for l := range c.lines {
			line, rest = nextLine(rest)
			var dst []float64
			if data != nil {
				dst = data[(c.row+l)*t.cols : (c.row+l+1)*t.cols]
			}
			t.parseLine(csvLine{c.part.Name, c.line + l, c.row + l + 1, line}, dst, &found[k])
		}
	})
	var all faults
	for k := range found {
		all.merge(&found[k])
	}
	return all.err()
}

// csvLine is a line with its places in the file and in the data.
type csvLine struct {
	file      string
	line, row int
	text      []byte
}

func (l csvLine) fault(off int, hint, format string, args ...any) *Error {
	e := lineError(l.file, l.line, l.text, off, format, args...)
	e.Hint = hint
	return e
}

// parseLine parses one line into dst, which is nil when only faults are wanted.
func (t *csvText) parseLine(l csvLine, dst []float64, f *faults) {
	line := l.text
	if t.cols > 1 && t.isBlank(line) {
		f.add(l.fault(0, "", "blank line between data rows (row %d)", l.row))
		return
	}
	for i, j := 0, 0; ; j++ {
		v, end, ok := t.scan(line, i)
		if !ok {
			end = len(line)
			if k := bytes.Index(line[i:], t.sep); k >= 0 {
				end = i + k
			}
			var e *Error
			if v, e = t.field(l, i, end, j); e != nil {
				f.add(e)
			}
		}
		if j < len(dst) {
			dst[j] = v
		}
		if end == len(line) {
			t.checkCount(l, j+1, dst, f)
			return
		}
		if i = end + len(t.sep); j+1 == t.cols {
			f.add(l.fault(i, "", "row %d has %d fields, the first line has %d", l.row, 1+bytes.Count(line, t.sep), t.cols))
			return
		}
	}
}

// scan reads a plain number between separators, the common case. ok is false for every other field.
func (t *csvText) scan(line []byte, i int) (v float64, end int, ok bool) {
	if !t.plain {
		return 0, 0, false
	}
	if !t.blankSep {
		for i < len(line) && isBlank(line[i]) {
			i++
		}
	}
	v, n, ok := scanNumber(line[i:])
	i += n
	if !t.blankSep {
		for i < len(line) && isBlank(line[i]) {
			i++
		}
	}
	return v, i, ok && (i == len(line) || line[i] == t.sep[0])
}

// field interprets the text of a field, line[lo:hi].
func (t *csvText) field(l csvLine, lo, hi, col int) (float64, *Error) {
	s := strings.TrimSpace(string(l.text[lo:hi]))
	if slices.Contains(t.o.NAStrings, s) {
		return math.NaN(), nil
	}
	if n := len(s); n >= 2 && s[0] == '"' && s[n-1] == '"' {
		s = strings.TrimSpace(s[1 : n-1])
		if slices.Contains(t.o.NAStrings, s) {
			return math.NaN(), nil
		}
	}
	if s == "" {
		if t.o.Fill == FillNone {
			return 0, l.fault(lo, "use fill=TRUE to read empty fields as default", "empty field (row %d, column %d)", l.row, col+1)
		}
		return t.o.Default, nil
	}
	if v, ok := parseNumber(s); ok {
		return v, nil
	}
	for lo < hi && isBlank(l.text[lo]) {
		lo++
	}
	hint := sprintf("to treat it as missing use naStrings=[%s]", quote(s))
	if l.row == 1 && l.line == 1 && !t.o.Header {
		hint = "if the first line holds column names use header=TRUE"
	}
	return 0, l.fault(lo, hint, "%s is not a number (row %d, column %d)", quote(s), l.row, col+1)
}

// checkCount reports a line of n fields that is too short, or pads dst.
func (t *csvText) checkCount(l csvLine, n int, dst []float64, f *faults) {
	switch {
	case n >= t.cols:
	case t.o.Fill != FillRagged:
		f.add(l.fault(len(l.text), `to pad short lines use fill="ragged"`, "row %d has %d fields, the first line has %d", l.row, n, t.cols))
	default:
		for j := n; j < len(dst); j++ {
			dst[j] = t.o.Default
		}
	}
}
