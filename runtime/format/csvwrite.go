package format

import (
	"bufio"
	"bytes"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"gdml/runtime/cell"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// writeCSV writes one line per row. Zeros are written as 0, or left empty when sparse is asked
// for; a column of its own always shows them, since an empty line is easily lost.
func writeCSV(w io.Writer, m *matrix.Matrix, o *WriteOptions) error {
	sep := o.separator()
	// A matrix without rows or columns has no cells to tell its size; the header and the metadata do.
	if (o.Header || m.Rows() == 0) && m.Cols() > 0 {
		if _, err := io.WriteString(w, csvHeader(m.Cols(), sep)); err != nil {
			return err
		}
	}
	if m.Cols() == 0 {
		return nil
	}
	var row []float64
	if m.IsSparse() {
		row = make([]float64, m.Cols())
	}
	b := make([]byte, 0, 1<<16)
	for i := range m.Rows() {
		for j, v := range m.Row(i, row) {
			if j > 0 {
				b = append(b, sep...)
			}
			switch {
			case v != 0 || math.Signbit(v):
				b = appendNumber(b, v)
			case !o.Sparse || m.Cols() == 1:
				b = append(b, '0')
			}
		}
		if b = append(b, '\n'); len(b) > 1<<15 {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	_, err := w.Write(b)
	return err
}

func csvHeader(cols int, sep string) string {
	names := make([]string, cols)
	for j := range names {
		names[j] = "C" + strconv.Itoa(j+1)
	}
	return strings.Join(names, sep) + "\n"
}

// writeCSVFrame quotes values where RFC 4180 asks for it, and empty strings, since an
// empty field is a missing cell.
func writeCSVFrame(w io.Writer, f *frame.Frame, o *WriteOptions) error {
	sep := o.separator()
	b := bufio.NewWriter(w)
	if (o.Header || f.Rows() == 0) && f.Cols() > 0 {
		for j, n := range f.Names() {
			if j > 0 {
				b.WriteString(sep)
			}
			b.WriteString(quoteCSV(n, sep))
		}
		b.WriteByte('\n')
	}
	if f.Cols() == 0 {
		return b.Flush()
	}
	writeColumnMeta(b, f, sep)
	for i := range f.Rows() {
		for j := range f.Cols() {
			if j > 0 {
				b.WriteString(sep)
			}
			if c := f.Column(j); !c.IsMissing(i) {
				b.WriteString(quoteCSV(frameText(c, i), sep))
			}
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}

func quoteCSV(s, sep string) string {
	if s != "" && !strings.ContainsAny(s, "\"\r\n") && !strings.Contains(s, sep) && strings.TrimSpace(s) == s && !strings.HasPrefix(s, "#Meta") {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// frameText is the text of a cell on disk: doubles as scripts see them, booleans in lower case like those of scalar files.
func frameText(c *frame.Column, i int) string {
	switch v := c.Value(i).(type) {
	case float64:
		return cell.FormatDouble(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case string:
		return v
	}
	return ""
}

// scanLimit is the largest file that is scanned for its dimensions before it is read.
const scanLimit = 1 << 28

// describeCSV counts the columns of the first line and, in a file of moderate size, the lines.
func describeCSV(path string, o *Options, info *Info) error {
	files, err := partFiles(path)
	if err != nil {
		return err
	}
	if len(files) > 1 || path == Stdin {
		return nil
	}
	st, err := os.Stat(path)
	if err != nil {
		return osError(path, err)
	}
	if st.Size() > scanLimit {
		return nil
	}
	parts, err := load(path, nil)
	if err != nil {
		return err
	}
	t, err := cutCSV(parts, o)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(parts[0].Data, []byte("#Meta")) {
		return nil // no line of data comes first
	}
	if t.cols > 0 && t.rows > 0 {
		info.Cols = max(info.Cols, int64(t.cols))
		if info.DataType != "frame" || !bytes.ContainsAny(parts[0].Data, `"#`) {
			info.Rows = max(info.Rows, int64(t.rows))
		} else if bytes.IndexByte(parts[0].Data, '"') >= 0 && o.Cols < 0 {
			info.Cols = -1 // separators may be quoted
		}
	}
	return nil
}
