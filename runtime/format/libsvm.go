package format

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"

	"gdml/lang/types"
	"gdml/runtime/matrix"
)

// libsvmFormat is one example per line: a label and index:value pairs, 1-based
// (command-line reference §2.11). The label becomes the last column. cols counts the
// features only.
var libsvmFormat = Format{
	Name: "libsvm", Exts: []string{".libsvm", ".svm"},
	Params: []types.Param{
		{Name: "sep", Type: types.Str, Optional: true, Default: `","`, Doc: "separator of the pairs; by default blanks and commas both separate"},
		{Name: "indSep", Type: types.Str, Optional: true, Default: `":"`, Doc: "separator of index and value"},
		{Name: "label", Type: types.Str, Optional: true, Default: `"last"`, Enum: []string{"last", "first"}, Doc: "the column of the label"},
	},
	WriteParams: []types.Param{
		{Name: "sep", Type: types.Str, Optional: true, Default: `","`, Doc: "separator, one or more characters"},
		{Name: "indSep", Type: types.Str, Optional: true, Default: `":"`, Doc: "separator of index and value"},
	},
	ReadMatrix: readLibSVM, WriteMatrix: writeLibSVM,
}

func readLibSVM(in []Part, o *Options) (*matrix.Matrix, error) {
	var t triples
	var f faults
	var rows, cols int64
	var labels []float64
	for p := range in {
		eachLine(&in[p], func(n int, line []byte) {
			if i := bytes.IndexByte(line, '#'); i >= 0 {
				line = line[:i]
			}
			if len(bytes.TrimSpace(line)) == 0 {
				return
			}
			label, off, msg := parseExample(line, o, func(j int64, v float64) string {
				if o.Cols >= 0 && j > o.Cols {
					return sprintf("index %d is outside the %d declared columns", j, o.Cols)
				}
				cols = max(cols, j)
				if v != 0 {
					t.add(rows, j-1, v)
				}
				return ""
			})
			if msg != "" {
				f.add(lineError(in[p].Name, n, line, off, "%s", msg))
			}
			labels = append(labels, label)
			rows++
		})
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	m, err := assembleExamples(in[0].Name, &t, labels, cols, o)
	return m, inFile(in[0].Name, err)
}

// assembleExamples puts features and labels together.
func assembleExamples(file string, t *triples, labels []float64, cols int64, o *Options) (*matrix.Matrix, error) {
	rows := int64(len(labels))
	switch {
	case rows == 0 && o.Rows != 0:
		return nil, fileError(file, "file is empty")
	case o.Rows >= 0 && o.Rows < rows:
		return nil, fileError(file, "%d rows were declared, but there are %d", o.Rows, rows)
	case o.Rows > rows:
		o.warn(sprintf("%s: %d rows were declared, but there are %d; the missing rows are zero", file, o.Rows, rows))
		rows = o.Rows
	}
	if o.Cols >= 0 {
		cols = o.Cols
	}
	at := cols
	if o.LabelFirst {
		at = 0
		for k := range t.col {
			t.col[k]++
		}
	}
	for i, v := range labels {
		if v != 0 {
			t.add(int64(i), at, v)
		}
	}
	return t.matrix(o, rows, cols+1)
}

// parseExample reads one line and hands its pairs to put, which returns what is wrong with one.
func parseExample(line []byte, o *Options, put func(j int64, v float64) string) (label float64, off int, msg string) {
	isSep := func(c byte) bool { return isBlank(c) || c == ',' }
	if o.Sep != "" && strings.Trim(o.Sep, " \t,") != "" {
		line = bytes.ReplaceAll(line, []byte(o.Sep), []byte(strings.Repeat(" ", len(o.Sep))))
	}
	first := true
	for i := 0; i < len(line); {
		for i < len(line) && isSep(line[i]) {
			i++
		}
		lo := i
		for i < len(line) && !isSep(line[i]) {
			i++
		}
		switch word := string(line[lo:i]); {
		case word == "":
		case first:
			var ok bool
			if label, ok = parseNumber(word); !ok {
				return 0, lo, quote(word) + " is not a label"
			}
			first = false
		default:
			index, value, found := strings.Cut(word, o.IndSep)
			j, ok := parseIndex([]byte(index))
			v, isNum := parseNumber(value)
			switch {
			case !found || !ok || !isNum:
				return 0, lo, quote(word) + " is not index" + o.IndSep + "value"
			case j < 1:
				return 0, lo, "indexes start at 1"
			}
			if msg := put(j, v); msg != "" {
				return 0, lo, msg
			}
		}
	}
	if first {
		return 0, 0, "the label is missing"
	}
	return label, 0, ""
}

// writeLibSVM takes the last column as label and writes the other non-zeros.
func writeLibSVM(w io.Writer, m *matrix.Matrix, o *WriteOptions) error {
	if m.Cols() == 0 {
		return &Error{Msg: "a matrix without columns has no labels"}
	}
	sep, ind := o.separator(), o.IndSep
	if ind == "" {
		ind = ":"
	}
	b := bufio.NewWriter(w)
	var buf []float64
	if m.IsSparse() {
		buf = make([]float64, m.Cols())
	}
	var text []byte
	for i := range m.Rows() {
		row := m.Row(i, buf)
		last := len(row) - 1
		text = appendNumber(text[:0], row[last])
		for j, v := range row[:last] {
			if v != 0 {
				text = append(strconv.AppendInt(append(text, sep...), int64(j)+1, 10), ind...)
				text = appendNumber(text, v)
			}
		}
		b.Write(append(text, '\n'))
	}
	return b.Flush()
}
