package format

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"gdml/runtime/matrix"
)

// mmFormat is Matrix Market (Boisvert, Pozo, Remington: The Matrix Market Exchange
// Formats, 1996): coordinate and array; real, integer and pattern; general, symmetric
// and skew-symmetric. The file tells its dimensions, so that there is no metadata.
var mmFormat = Format{
	Name: "mm", Exts: []string{".mtx", ".mm"},
	ReadMatrix: readMM, WriteMatrix: writeMM,
	describe: describeMM, noMeta: true,
}

// mmMagic is how every Matrix Market file starts.
const mmMagic = "%%"

// mmHeader is the first line and the size line.
type mmHeader struct {
	array            bool
	pattern, integer bool
	mirror           float64 // 0 general, 1 symmetric, -1 skew-symmetric
	rows, cols, nnz  int64   // nnz of an array is that of the stored cells
	body             []byte  // what follows the size line
	line             int     // number of its first line
}

// parseMM reads the header of a file. data may end after the header.
func parseMM(file string, data []byte) (*mmHeader, error) {
	data = clean(data)
	if len(data) == 0 {
		return nil, fileError(file, "file is empty")
	}
	head, rest := nextLine(data)
	h := &mmHeader{line: 2}
	if msg, hint := h.words(strings.Fields(strings.ToLower(string(head)))); msg != "" {
		e := lineError(file, 1, head, 0, "%s", msg)
		e.Hint = hint
		return nil, e
	}
	for len(rest) > 0 {
		var line []byte
		line, rest = nextLine(rest)
		h.line++
		if l := bytes.TrimSpace(line); len(l) == 0 || l[0] == '%' {
			continue
		}
		if msg := h.size(strings.Fields(string(line))); msg != "" {
			return nil, lineError(file, h.line-1, line, 0, "%s", msg)
		}
		h.body = rest
		return h, nil
	}
	return nil, fileError(file, "the size line is missing")
}

// words interprets the first line.
func (h *mmHeader) words(w []string) (msg, hint string) {
	if len(w) != 5 || w[0] != "%%matrixmarket" {
		return "the first line must be %%MatrixMarket matrix coordinate|array real|integer|pattern general|symmetric|skew-symmetric", ""
	}
	if w[1] != "matrix" {
		return quote(w[1]) + " objects are not supported, only matrix", ""
	}
	switch w[2] {
	case "coordinate":
	case "array":
		h.array = true
	default:
		return quote(w[2]) + " is neither coordinate nor array", ""
	}
	switch w[3] {
	case "real", "double":
	case "integer":
		h.integer = true
	case "pattern":
		h.pattern = true
	default:
		return quote(w[3]) + " values are not supported", "the fields are real, integer and pattern"
	}
	switch w[4] {
	case "general":
	case "symmetric":
		h.mirror = 1
	case "skew-symmetric":
		h.mirror = -1
	default:
		return quote(w[4]) + " matrices are not supported", "the symmetries are general, symmetric and skew-symmetric"
	}
	if h.array && h.pattern {
		return "an array has no pattern form", ""
	}
	return "", ""
}

// size interprets the size line.
func (h *mmHeader) size(w []string) string {
	want := 3
	if h.array {
		want = 2
	}
	nums := make([]int64, 3)
	ok := len(w) == want
	for k := 0; ok && k < want; k++ {
		nums[k], ok = parseIndex([]byte(w[k]))
	}
	switch {
	case !ok && h.array:
		return "the size line must be: rows cols"
	case !ok:
		return "the size line must be: rows cols entries"
	}
	h.rows, h.cols, h.nnz = nums[0], nums[1], nums[2]
	if h.mirror != 0 && h.rows != h.cols {
		return sprintf("a %dx%d matrix cannot be symmetric", h.rows, h.cols)
	}
	return ""
}

func readMM(in []Part, o *Options) (*matrix.Matrix, error) {
	if len(in) > 1 {
		return nil, fileError(in[0].Name, "a Matrix Market matrix is one file, not a directory")
	}
	file := in[0].Name
	h, err := parseMM(file, in[0].Data)
	if err != nil {
		return nil, err
	}
	if err := h.agrees(file, o); err != nil {
		return nil, err
	}
	if h.array {
		return readMMArray(file, h, o)
	}
	// Two digits and two blanks at least for every entry: the header cannot promise more than there is.
	if h.nnz > int64(len(h.body)+1)/3 {
		return nil, fileError(file, "the header promises %d entries, but the file is too short for them", h.nnz)
	}
	var t triples
	t.grow(int(h.nnz))
	var f faults
	n := int64(0)
	p := Part{file, h.body}
	eachLine(&p, func(line int, text []byte) {
		if text[0] == '%' {
			return
		}
		c, off, msg := parseCoordinate(text, !h.pattern)
		if h.mirror == 0 && c.i == 0 && c.j == 0 && msg == "" && c.v == 0 {
			return // SystemDS writes this line for an empty matrix
		}
		n++
		if msg == "" {
			off, msg = h.entry(c, text)
		}
		if msg != "" {
			f.add(lineError(file, h.line+line-1, text, off, "%s", msg))
			return
		}
		h.put(&t, c)
	})
	if err := f.err(); err != nil {
		return nil, err
	}
	if n != h.nnz {
		return nil, fileError(file, "the header promises %d entries, but there are %d", h.nnz, n)
	}
	m, err := t.matrix(o, h.rows, h.cols)
	return m, inFile(file, err)
}

// agrees compares explicitly given dimensions with the header.
func (h *mmHeader) agrees(file string, o *Options) error {
	if o.Rows >= 0 && o.Rows != h.rows || o.Cols >= 0 && o.Cols != h.cols {
		show := func(n int64) string {
			if n < 0 {
				return "?"
			}
			return strconv.FormatInt(n, 10)
		}
		return fileError(file, "%sx%s was declared, but the file holds a %dx%d matrix", show(o.Rows), show(o.Cols), h.rows, h.cols)
	}
	return nil
}

// entry checks one coordinate.
func (h *mmHeader) entry(c coordinate, line []byte) (off int, msg string) {
	if c.i < 1 || c.j < 1 || c.i > h.rows || c.j > h.cols {
		return c.at, outside(c.i, c.j, h.rows, h.cols)
	}
	if h.integer {
		lo, hi := nextField(line, c.vt)
		if _, err := strconv.ParseInt(string(line[lo:hi]), 10, 64); err != nil {
			return lo, quote(string(line[lo:hi])) + " is not an integer"
		}
	}
	return 0, ""
}

func (h *mmHeader) put(t *triples, c coordinate) {
	if c.v == 0 && !math.Signbit(c.v) {
		return
	}
	t.add(c.i-1, c.j-1, c.v)
	if h.mirror != 0 && c.i != c.j {
		t.add(c.j-1, c.i-1, h.mirror*c.v)
	}
}

// readMMArray reads the cells column by column; of a symmetric matrix those on and
// below the diagonal, of a skew-symmetric one those below it.
func readMMArray(file string, h *mmHeader, o *Options) (*matrix.Matrix, error) {
	if cells := float64(h.rows) * float64(h.cols); h.mirror == 0 && 2*cells-1 > float64(len(h.body)) || cells > 5*float64(len(h.body))+4 {
		return nil, fileError(file, "the header promises %dx%d cells, but the file is too short for them", h.rows, h.cols)
	}
	if err := o.fits(h.rows, h.cols, 0, true); err != nil {
		return nil, inFile(file, err)
	}
	rows, cols := int(h.rows), int(h.cols)
	data := make([]float64, rows*cols)
	first := func(j int) int { // first stored row of column j
		switch h.mirror {
		case 1:
			return j
		case -1:
			return j + 1
		}
		return 0
	}
	i, j := 0, 0
	var f faults
	p := Part{file, h.body}
	skip := func() {
		for i >= rows && j < cols {
			j++
			i = first(j)
		}
	}
	i = first(0)
	skip()
	eachLine(&p, func(n int, line []byte) {
		for lo, hi := nextField(line, 0); lo < hi && line[0] != '%'; lo, hi = nextField(line, hi) {
			v, ok := parseNumber(string(line[lo:hi]))
			switch {
			case !ok:
				f.add(lineError(file, h.line+n-1, line, lo, "%s is not a number", quote(string(line[lo:hi]))))
			case j >= cols:
				f.add(lineError(file, h.line+n-1, line, lo, "more values than the %dx%d cells of the header", rows, cols))
			default:
				data[i*cols+j] = v
				if h.mirror != 0 && i != j {
					data[j*cols+i] = h.mirror * v
				}
			}
			i++
			skip()
		}
	})
	if err := f.err(); err != nil {
		return nil, err
	}
	if j < cols && rows > 0 {
		return nil, fileError(file, "the file ends at row %d of column %d; the header promises %dx%d cells", i+1, j+1, rows, cols)
	}
	return matrix.Compact(o.Mem, matrix.FromDense(rows, cols, data)), nil
}

func writeMM(w io.Writer, m *matrix.Matrix, _ *WriteOptions) error {
	n := 0
	eachCell(m, func(int, int, float64) { n++ })
	b := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(b, "%%%%MatrixMarket matrix coordinate real general\n%d %d %d\n", m.Rows(), m.Cols(), n)
	writeCells(b, m)
	return b.Flush()
}

func describeMM(path string, o *Options, info *Info) error {
	if st, err := os.Stat(path); err != nil || st.IsDir() {
		return nil // the read reports it
	}
	data, err := head(path, 1<<16)
	if err != nil {
		return err
	}
	h, err := parseMM(path, data)
	if err != nil {
		return err
	}
	if err := h.agrees(path, o); err != nil {
		return err
	}
	info.Rows, info.Cols = h.rows, h.cols
	return nil
}
