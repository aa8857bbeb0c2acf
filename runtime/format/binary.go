package format

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"
	"os"
	"unsafe"

	"gdml/runtime/matrix"
)

// binaryFormat is gdml's own binary format (command-line reference §2.10): a 64-byte
// little-endian header with dimensions and a checksum, the cells, and a trailer with
// the checksum of the data. Dense and compressed sparse row matrices keep their form;
// frames are in binaryframe.go.
var binaryFormat = Format{
	Name: "binary", Exts: []string{".gdmb"},
	ReadMatrix: readBinary, WriteMatrix: writeBinary,
	ReadFrame: readBinaryFrame, WriteFrame: writeBinaryFrame,
	describe: describeBinary,
}

const (
	binMagic   = "\x89GDMB\r\n\x1a" // a text-mode copy damages the line ends
	binTrailer = "GDME"
	binHeader  = 64
	binVersion = 1
	kindDense  = 1
	kindCSR    = 2
	kindFrame  = 3
	dtypeF64   = 1
	flagSums   = 2
	binAlign   = 64
)

var binKinds = [...]string{1: "dense matrix", 2: "sparse matrix", 3: "frame", 4: "scalar", 5: "list"}

// binHead is the header. All fields but nnz are settled by the layout of the file.
type binHead struct {
	kind            uint8
	rows, cols, nnz uint64
	offset, length  uint64 // of the data
	extra           uint32 // length of the JSON header of a frame
}

func (h *binHead) encode() []byte {
	b := make([]byte, binHeader)
	copy(b, binMagic)
	le := binary.LittleEndian
	le.PutUint16(b[8:], binVersion)
	b[10], b[11] = h.kind, dtypeF64
	le.PutUint32(b[12:], flagSums)
	le.PutUint64(b[16:], h.rows)
	le.PutUint64(b[24:], h.cols)
	le.PutUint64(b[32:], h.nnz)
	le.PutUint64(b[40:], h.offset)
	le.PutUint64(b[48:], h.length)
	le.PutUint32(b[56:], h.extra)
	le.PutUint32(b[60:], crc32.Checksum(b[:60], castagnoli()))
	return b
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// decodeHead reads and checks a header.
func decodeHead(file string, b []byte) (*binHead, error) {
	if len(b) >= 4 && string(b[:3]) == "SEQ" {
		return nil, &Error{File: file, Msg: "this is a SystemDS block file (Hadoop SequenceFile), which is not supported", Hint: "write it as csv, text or mm there"}
	}
	switch {
	case len(b) == 0:
		return nil, fileError(file, "file is empty")
	case len(b) < 8 || string(b[:8]) != binMagic:
		return nil, fileError(file, "not a gdml binary file")
	case len(b) < binHeader:
		return nil, fileError(file, "the file ends within its header")
	}
	le := binary.LittleEndian
	if v := le.Uint16(b[8:]); v != binVersion {
		return nil, fileError(file, "version %d of the binary format is not supported, only version %d", v, binVersion)
	}
	if le.Uint32(b[60:]) != crc32.Checksum(b[:60], castagnoli()) {
		return nil, fileError(file, "the header is damaged (its checksum does not match)")
	}
	h := &binHead{kind: b[10], rows: le.Uint64(b[16:]), cols: le.Uint64(b[24:]), nnz: le.Uint64(b[32:]), offset: le.Uint64(b[40:]), length: le.Uint64(b[48:]), extra: le.Uint32(b[56:])}
	switch {
	case h.kind < kindDense || h.kind > kindFrame:
		what := sprintf("an object of kind %d", h.kind)
		if int(h.kind) < len(binKinds) && binKinds[h.kind] != "" {
			what = "a " + binKinds[h.kind]
		}
		return nil, fileError(file, "the file holds %s, which is not supported", what)
	case b[11] != dtypeF64 || le.Uint32(b[12:])&^flagSums != 0:
		return nil, fileError(file, "cell type %d with flags %#x is not supported", b[11], le.Uint32(b[12:]))
	case h.rows > 1<<48 || h.cols > 1<<48 || h.kind != kindFrame && h.length != h.dataLen():
		return nil, fileError(file, "the header is inconsistent: %d bytes for a %dx%d matrix", h.length, h.rows, h.cols)
	}
	return h, nil
}

// dataLen is the length the data must have; no value that is too large to be one overflows into a small one.
func (h *binHead) dataLen() uint64 {
	if h.kind == kindDense {
		if h.cols != 0 && h.rows > math.MaxInt64/8/h.cols {
			return math.MaxUint64
		}
		return 8 * h.rows * h.cols
	}
	if h.nnz > 1<<48 || h.cols > math.MaxInt32 {
		return math.MaxUint64
	}
	_, val := h.csrOffsets()
	return val + 8*h.nnz
}

// csrOffsets returns where column indexes and values start in the data, which begins with the row pointers.
func (h *binHead) csrOffsets() (idx, val uint64) {
	idx = align(8 * (h.rows + 1))
	return idx, align(idx + 4*h.nnz)
}

func align(n uint64) uint64 { return (n + binAlign - 1) / binAlign * binAlign }

func writeBinary(w io.Writer, m *matrix.Matrix, _ *WriteOptions) error {
	h := &binHead{kind: kindDense, rows: uint64(m.Rows()), cols: uint64(m.Cols()), nnz: uint64(m.NNZ()), offset: binHeader}
	s := m.SparseData()
	if s != nil {
		h.kind, h.nnz = kindCSR, uint64(len(s.Val))
	}
	h.length = h.dataLen()
	if _, err := w.Write(h.encode()); err != nil {
		return err
	}
	c := &binWriter{w: w, sum: castagnoli()}
	if s == nil {
		c.floats(m.DenseData())
	} else {
		c.ints(len(s.RowPtr), 8, func(i int) uint64 { return uint64(s.RowPtr[i]) })
		c.pad()
		c.ints(len(s.ColIdx), 4, func(i int) uint64 { return uint64(s.ColIdx[i]) })
		c.pad()
		c.floats(s.Val)
	}
	tail := binary.LittleEndian.AppendUint32(nil, c.crc)
	c.write(append(tail, binTrailer...))
	return c.err
}

// binWriter writes arrays and keeps their checksum.
type binWriter struct {
	w   io.Writer
	sum *crc32.Table
	crc uint32
	n   uint64
	err error
}

func (c *binWriter) write(b []byte) {
	if c.err != nil {
		return
	}
	c.crc = crc32.Update(c.crc, c.sum, b)
	c.n += uint64(len(b))
	_, c.err = c.w.Write(b)
}

func (c *binWriter) pad() { c.write(make([]byte, align(c.n)-c.n)) }

func (c *binWriter) floats(v []float64) {
	c.ints(len(v), 8, func(i int) uint64 { return math.Float64bits(v[i]) })
}

// ints writes n numbers of the given width.
func (c *binWriter) ints(n, width int, at func(i int) uint64) {
	const block = 1 << 13
	b := make([]byte, 0, width*min(n, block))
	for lo := 0; lo < n; lo += block {
		b = b[:0]
		for i := lo; i < min(lo+block, n); i++ {
			if width == 8 {
				b = binary.LittleEndian.AppendUint64(b, at(i))
			} else {
				b = binary.LittleEndian.AppendUint32(b, uint32(at(i)))
			}
		}
		c.write(b)
	}
}

func readBinary(in []Part, o *Options) (*matrix.Matrix, error) {
	if len(in) > 1 {
		return nil, fileError(in[0].Name, "a gdml binary matrix is one file, not a directory")
	}
	file, b := in[0].Name, in[0].Data
	h, err := decodeHead(file, b)
	if err != nil {
		return nil, err
	}
	if err := h.agrees(file, o); err != nil {
		return nil, err
	}
	if h.kind == kindFrame {
		return nil, fileError(file, `the file holds a frame; add data_type="frame" to the read`)
	}
	data, err := h.data(file, b)
	if err != nil {
		return nil, err
	}
	if err := o.fits(int64(h.rows), int64(h.cols), int64(h.nnz), h.kind == kindDense); err != nil {
		return nil, inFile(file, err)
	}
	if h.kind == kindDense {
		v, ok := floatsIn(data)
		if !ok {
			v = make([]float64, h.rows*h.cols)
			decodeFloats(v, data)
		}
		return matrix.Compact(o.Mem, matrix.FromDense(int(h.rows), int(h.cols), v)), nil
	}
	s, ok := h.csr(data)
	if !ok {
		return nil, fileError(file, "the row pointers or column indexes are damaged")
	}
	return matrix.Compact(o.Mem, matrix.FromCSR(int(h.rows), int(h.cols), s)), nil
}

// data returns the data section of the file content b after comparing its length and checksum.
func (h *binHead) data(file string, b []byte) ([]byte, error) {
	if h.offset < binHeader || h.offset > uint64(len(b)) || h.length > uint64(len(b)) || uint64(len(b))-h.offset != h.length+8 || string(b[len(b)-4:]) != binTrailer {
		return nil, fileError(file, "the file is truncated or damaged: %d bytes of data were announced", h.length)
	}
	data := b[h.offset : h.offset+h.length]
	if binary.LittleEndian.Uint32(b[len(b)-8:]) != crc32.Checksum(data, castagnoli()) {
		return nil, fileError(file, "the data is damaged (its checksum does not match)")
	}
	return data, nil
}

// floatsIn returns little-endian numbers where they lie, which takes a machine of this order
// and an aligned place. The caller gives b up.
func floatsIn(b []byte) ([]float64, bool) {
	one := []byte{1, 0}
	if len(b) == 0 || binary.NativeEndian.Uint16(one) != 1 || uintptr(unsafe.Pointer(&b[0]))%unsafe.Alignof(float64(0)) != 0 {
		return nil, false
	}
	return unsafe.Slice((*float64)(unsafe.Pointer(&b[0])), len(b)/8), true
}

func decodeFloats(v []float64, b []byte) {
	for i := range v {
		v[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
}

// csr decodes the arrays and checks what must hold: ascending pointers, and ascending columns within each row.
func (h *binHead) csr(data []byte) (*matrix.CSR, bool) {
	idx, val := h.csrOffsets()
	s := &matrix.CSR{RowPtr: make([]int, h.rows+1), ColIdx: make([]int32, h.nnz), Val: make([]float64, h.nnz)}
	for i := range s.RowPtr {
		s.RowPtr[i] = int(binary.LittleEndian.Uint64(data[8*i:]))
	}
	for k := range s.ColIdx {
		s.ColIdx[k] = int32(binary.LittleEndian.Uint32(data[idx+4*uint64(k):]))
	}
	decodeFloats(s.Val, data[val:])
	if s.RowPtr[0] != 0 || s.RowPtr[h.rows] != int(h.nnz) {
		return nil, false
	}
	for i := range int(h.rows) {
		lo, hi := s.RowPtr[i], s.RowPtr[i+1]
		if lo > hi || hi > int(h.nnz) {
			return nil, false
		}
		last := int32(-1)
		for _, j := range s.ColIdx[lo:hi] {
			if j <= last || uint64(j) >= h.cols {
				return nil, false
			}
			last = j
		}
	}
	return s, true
}

// agrees compares declared dimensions with the header. Metadata gives way to the header, a call does not.
func (h *binHead) agrees(file string, o *Options) error {
	if o.dimsFromMetadata || (o.Rows < 0 || uint64(o.Rows) == h.rows) && (o.Cols < 0 || uint64(o.Cols) == h.cols) {
		return nil
	}
	return fileError(file, "%dx%d was declared, but the file holds a %dx%d matrix", o.Rows, o.Cols, h.rows, h.cols)
}

func describeBinary(path string, o *Options, info *Info) error {
	if st, err := os.Stat(path); err != nil || st.IsDir() {
		return nil // the read reports it
	}
	b, err := head(path, binHeader)
	if err != nil {
		return err
	}
	h, err := decodeHead(path, b)
	if err != nil {
		return err
	}
	if err := h.agrees(path, o); err != nil {
		return err
	}
	info.Rows, info.Cols = int64(h.rows), int64(h.cols)
	if h.kind == kindDense {
		info.NNZ = int64(h.nnz)
	}
	return nil
}
