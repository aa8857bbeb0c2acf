package format

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"
	"math"

	"gdml/runtime/frame"
)

// A frame on disk: after the header a JSON object with the column names and, if encoders
// noted something about the columns, their notes; padded with blanks to a multiple of 64 bytes; then the data: a table of 32 bytes per column (type,
// seven bytes of zero, then as u64 offset and length of the cells and offset of the null
// bitmap, 0 for none), and the cells. Strings are rows+1 u64 offsets and the UTF-8 bytes,
// booleans bytes, ints i64, floats f64. Offsets count from the start of the data.
const frameEntry = 32

// frameNames is the JSON header.
type frameNames struct {
	Names    []string `json:"names"`
	Distinct []int64  `json:"distinct,omitempty"`
	Impute   []string `json:"impute,omitempty"`
}

func namesOf(f *frame.Frame) frameNames {
	n := frameNames{Names: f.Names()}
	if !hasColumnMeta(f) {
		return n
	}
	for j := range f.Cols() {
		m := f.Column(j).Meta
		n.Distinct, n.Impute = append(n.Distinct, m.Distinct), append(n.Impute, m.Impute)
	}
	return n
}

// frameKinds are the column types by their number on disk.
func frameKinds() []frame.Kind {
	return []frame.Kind{frame.String, frame.Bool, frame.Int32, frame.Int64, frame.FP32, frame.FP64,
		frame.UInt4, frame.UInt8, frame.Character, frame.Hash32, frame.Hash64}
}

func writeBinaryFrame(w io.Writer, f *frame.Frame, _ *WriteOptions) error {
	names, err := json.Marshal(namesOf(f))
	if err != nil {
		return err
	}
	for len(names)%binAlign != 0 {
		names = append(names, ' ')
	}
	data := encodeFrame(f)
	h := &binHead{kind: kindFrame, rows: uint64(f.Rows()), cols: uint64(f.Cols()), extra: uint32(len(names)),
		offset: binHeader + uint64(len(names)), length: uint64(len(data))}
	tail := binary.LittleEndian.AppendUint32(nil, crc32.Checksum(data, castagnoli()))
	for _, b := range [][]byte{h.encode(), names, data, append(tail, binTrailer...)} {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// encodeFrame returns the data section.
func encodeFrame(f *frame.Frame) []byte {
	le := binary.LittleEndian
	data := make([]byte, frameEntry*f.Cols())
	for j := range f.Cols() {
		c := f.Column(j)
		start := len(data)
		data = appendCells(data, c)
		cells := len(data) - start
		nulls := 0
		if c.Missing != nil {
			nulls = len(data)
			data = append(data, make([]byte, (f.Rows()+7)/8)...)
			for i, missing := range c.Missing {
				if missing {
					data[nulls+i/8] |= 1 << (i % 8)
				}
			}
		}
		entry := data[frameEntry*j : frameEntry*(j+1)]
		for k, kind := range frameKinds() {
			if kind == c.Kind {
				entry[0] = byte(k)
			}
		}
		le.PutUint64(entry[8:], uint64(start))
		le.PutUint64(entry[16:], uint64(cells))
		le.PutUint64(entry[24:], uint64(nulls))
	}
	return data
}

func appendCells(b []byte, c *frame.Column) []byte {
	le := binary.LittleEndian
	end := 0
	if c.Kind.Store() == frame.Strs {
		b = le.AppendUint64(b, 0)
	}
	for _, s := range c.Strs {
		end += len(s)
		b = le.AppendUint64(b, uint64(end))
	}
	for _, s := range c.Strs {
		b = append(b, s...)
	}
	for _, v := range c.Bools {
		if v {
			b = append(b, 1)
		} else {
			b = append(b, 0)
		}
	}
	for _, v := range c.Ints {
		b = le.AppendUint64(b, uint64(v))
	}
	for _, v := range c.Nums {
		b = le.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

func readBinaryFrame(in []Part, o *Options) (*frame.Frame, error) {
	if len(in) > 1 {
		return nil, fileError(in[0].Name, "a gdml binary frame is one file, not a directory")
	}
	file, b := in[0].Name, in[0].Data
	h, err := decodeHead(file, b)
	if err != nil {
		return nil, err
	}
	if h.kind != kindFrame {
		return nil, fileError(file, "the file holds a %s, not a frame", binKinds[h.kind])
	}
	if err := h.agrees(file, o); err != nil {
		return nil, err
	}
	data, err := h.data(file, b)
	if err != nil {
		return nil, err
	}
	var names frameNames
	if h.offset != binHeader+uint64(h.extra) || json.Unmarshal(b[binHeader:h.offset], &names) != nil || uint64(len(names.Names)) != h.cols {
		return nil, fileError(file, "the column names are damaged")
	}
	cols, ok := decodeColumns(data, h, names.Names)
	if !ok {
		return nil, fileError(file, "the column table is damaged")
	}
	for j := range cols {
		if j < len(names.Distinct) && j < len(names.Impute) {
			cols[j].Meta = frame.Meta{Distinct: max(names.Distinct[j], 0), Impute: names.Impute[j]}
		}
	}
	return frame.New(int(h.rows), cols)
}

// decodeColumns reads the columns. Their cells may not take more than the data, so that a
// small file cannot stand for a large frame.
func decodeColumns(data []byte, h *binHead, names []string) ([]frame.Column, bool) {
	n := uint64(len(data))
	if h.cols > n/frameEntry || h.cols > 0 && h.rows > n || h.cols == 0 && h.rows > 0 {
		return nil, false
	}
	le := binary.LittleEndian
	kinds := frameKinds()
	cols := make([]frame.Column, h.cols)
	left := n
	for j := range cols {
		entry := data[frameEntry*j : frameEntry*(j+1)]
		off, length, nulls := le.Uint64(entry[8:]), le.Uint64(entry[16:]), le.Uint64(entry[24:])
		if int(entry[0]) >= len(kinds) || off > n || length > n-off || length > left || nulls > n {
			return nil, false
		}
		left -= length
		c := frame.NewColumn(names[j], kinds[entry[0]], int(h.rows))
		if !decodeCells(&c, data[off:off+length]) || nulls > 0 && !decodeNulls(&c, data[nulls:]) {
			return nil, false
		}
		cols[j] = c
	}
	return cols, true
}

// decodeCells fills a column from its cells.
func decodeCells(c *frame.Column, b []byte) bool {
	le := binary.LittleEndian
	rows := c.Len()
	switch c.Kind.Store() {
	case frame.Strs:
		return decodeStrings(c.Strs, b)
	case frame.Bools:
		if len(b) != rows {
			return false
		}
		for i, v := range b {
			c.Bools[i] = v != 0
		}
		return true
	}
	if len(b) != 8*rows {
		return false
	}
	for i := range c.Ints {
		c.Ints[i] = int64(le.Uint64(b[8*i:]))
	}
	decodeFloats(c.Nums, b)
	return true
}

func decodeStrings(out []string, b []byte) bool {
	head := 8 * (len(out) + 1)
	if len(b) < head {
		return false
	}
	text := string(b[head:])
	last := binary.LittleEndian.Uint64(b)
	for i := range out {
		end := binary.LittleEndian.Uint64(b[8*(i+1):])
		if end < last || end > uint64(len(text)) {
			return false
		}
		out[i] = text[last:end]
		last = end
	}
	return true
}

func decodeNulls(c *frame.Column, b []byte) bool {
	rows := c.Len()
	if len(b) < (rows+7)/8 {
		return false
	}
	for i := range rows {
		if b[i/8]&(1<<(i%8)) != 0 {
			c.SetMissing(i)
		}
	}
	return true
}
