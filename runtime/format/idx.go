package format

import (
	"encoding/binary"
	"math"

	"gdml/runtime/matrix"
)

// idxFormat is IDX, the format of the MNIST digits (LeCun, Cortes, Burges: The MNIST
// database of handwritten digits): two zero bytes, a byte for the type of the cells, a
// byte for the number of dimensions, the dimensions and the cells, all big-endian. The
// first dimension becomes the rows; the others are laid out along a row, last one
// fastest, so that images of 28x28 pixels have 784 columns. It can be read only.
var idxFormat = Format{
	Name: "idx", Exts: []string{".idx", ".idx1-ubyte", ".idx3-ubyte"},
	ReadMatrix: readIDX,
	describe:   describeIDX, noMeta: true,
}

// idxCell returns the size of a cell in bytes and its decoding, 0 and nil for no type.
func idxCell(kind byte) (size int, cell func(b []byte) float64) {
	switch kind {
	case 0x08:
		return 1, func(b []byte) float64 { return float64(b[0]) }
	case 0x09:
		return 1, func(b []byte) float64 { return float64(int8(b[0])) }
	case 0x0b:
		return 2, func(b []byte) float64 { return float64(int16(binary.BigEndian.Uint16(b))) }
	case 0x0c:
		return 4, func(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) }
	case 0x0d:
		return 4, func(b []byte) float64 { return float64(math.Float32frombits(binary.BigEndian.Uint32(b))) }
	case 0x0e:
		return 8, func(b []byte) float64 { return math.Float64frombits(binary.BigEndian.Uint64(b)) }
	}
	return 0, nil
}

// maxIDXDims bounds the dimensions that are believed.
const maxIDXDims = 8

// isIDX tells whether a file may start with b.
func isIDX(b []byte) bool {
	if len(b) < 4 || b[0] != 0 || b[1] != 0 || b[3] < 1 || b[3] > maxIDXDims {
		return false
	}
	size, _ := idxCell(b[2])
	return size > 0
}

// idxHeader is what stands before the cells.
type idxHeader struct {
	kind       byte
	rows, cols int64
	length     int // of the header in bytes
}

func parseIDX(file string, b []byte) (h idxHeader, err error) {
	if !isIDX(b) {
		return h, fileError(file, "the file does not start as an IDX file")
	}
	h = idxHeader{kind: b[2], cols: 1, length: 4 + 4*int(b[3])}
	if len(b) < h.length {
		return h, fileError(file, "the file ends in its header")
	}
	for d := range int(b[3]) {
		n := int64(binary.BigEndian.Uint32(b[4+4*d:]))
		if d == 0 {
			h.rows = n
			continue
		}
		if n > 0 && h.cols > math.MaxInt64>>32/n {
			return h, fileError(file, "the dimensions are too large")
		}
		h.cols *= n
	}
	return h, nil
}

func readIDX(in []Part, o *Options) (*matrix.Matrix, error) {
	if len(in) != 1 {
		return nil, &Error{Msg: "IDX data is one file, not a directory"}
	}
	file, b := in[0].Name, in[0].Data
	h, err := parseIDX(file, b)
	if err != nil {
		return nil, err
	}
	if o.Rows >= 0 && o.Rows != h.rows || o.Cols >= 0 && o.Cols != h.cols {
		return nil, fileError(file, "%dx%d was declared, but the file holds %dx%d", o.Rows, o.Cols, h.rows, h.cols)
	}
	if err := o.fits(h.rows, h.cols, 0, true); err != nil {
		return nil, err
	}
	size, cell := idxCell(h.kind)
	cells := b[h.length:]
	if want := h.rows * h.cols * int64(size); int64(len(cells)) != want {
		return nil, fileError(file, "%d bytes of cells were announced, but there are %d", want, len(cells))
	}
	data := make([]float64, h.rows*h.cols)
	for i := range data {
		data[i] = cell(cells[i*size:])
	}
	return matrix.Compact(o.Mem, matrix.FromDense(int(h.rows), int(h.cols), data)), nil
}

func describeIDX(path string, _ *Options, info *Info) error {
	b, err := head(path, 4+4*maxIDXDims)
	if err != nil {
		return err
	}
	h, err := parseIDX(path, b)
	if err != nil {
		return err
	}
	info.Rows, info.Cols = h.rows, h.cols
	return nil
}
