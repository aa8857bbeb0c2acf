package paramserv

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// The binary form of lists, little endian: a count, whether there are names, the names,
// and the entries, each with a kind. Floats keep their bits.
const (
	kindInt byte = iota + 1
	kindDouble
	kindTrue
	kindFalse
	kindString
	kindDense
	kindSparse
)

// Bytes that a list and a matrix take besides their entries.
const (
	listHeader   = 9
	matrixHeader = 17
)

var errShort = errors.New("the data ends early")

func appendText(b []byte, s string) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

func appendUint(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint64(b, v) }

func appendFloats(b []byte, vs []float64) []byte {
	for _, v := range vs {
		b = appendUint(b, math.Float64bits(v))
	}
	return b
}

// appendList encodes a list that checkModel accepts.
func appendList(b []byte, l *value.List) []byte {
	b = appendUint(b, uint64(l.Len()))
	if !l.Named() {
		b = append(b, 0)
	} else {
		b = append(b, 1)
		for _, n := range l.Names() {
			b = appendText(b, n)
		}
	}
	for i := range l.Len() {
		b = appendValue(b, l.At(i))
	}
	return b
}

func appendValue(b []byte, v value.Value) []byte {
	switch v := v.(type) {
	case int64:
		return appendUint(append(b, kindInt), uint64(v))
	case float64:
		return appendUint(append(b, kindDouble), math.Float64bits(v))
	case bool:
		if v {
			return append(b, kindTrue)
		}
		return append(b, kindFalse)
	case string:
		return appendText(append(b, kindString), v)
	case *matrix.Matrix:
		return appendMatrix(b, v)
	}
	panic(fmt.Sprintf("paramserv: a %s cannot be encoded", value.TypeOf(v)))
}

func appendMatrix(b []byte, m *matrix.Matrix) []byte {
	kind := kindDense
	if m.IsSparse() {
		kind = kindSparse
	}
	b = appendUint(appendUint(append(b, kind), uint64(m.Rows())), uint64(m.Cols()))
	if kind == kindDense {
		return appendFloats(b, m.DenseData())
	}
	s := m.SparseData()
	for _, p := range s.RowPtr {
		b = appendUint(b, uint64(p-s.RowPtr[0]))
	}
	lo, hi := s.RowPtr[0], s.RowPtr[m.Rows()]
	for _, c := range s.ColIdx[lo:hi] {
		b = binary.LittleEndian.AppendUint32(b, uint32(c))
	}
	return appendFloats(b, s.Val[lo:hi])
}

// encodedSize is the length of the binary form, without making it.
func encodedSize(l *value.List) int64 {
	n := int64(listHeader)
	if l.Named() {
		for i := range l.Len() {
			n += 4 + int64(len(l.Name(i)))
		}
	}
	for i := range l.Len() {
		n += encodedValueSize(l.At(i))
	}
	return n
}

func encodedValueSize(v value.Value) int64 {
	switch v := v.(type) {
	case string:
		return 5 + int64(len(v))
	case bool:
		return 1
	case *matrix.Matrix:
		if v.IsSparse() {
			s := v.SparseData()
			return matrixHeader + 8*int64(v.Rows()+1) + 12*int64(s.RowPtr[v.Rows()]-s.RowPtr[0])
		}
		return matrixHeader + 8*int64(v.Cells())
	}
	return 9
}

// decoder reads what the functions above wrote. After the first error all results are zero.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) take(n int) []byte {
	if d.err != nil || n < 0 || n > len(d.b) {
		if d.err == nil {
			d.err = errShort
		}
		return nil
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) uint() uint64 {
	if b := d.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (d *decoder) float() float64 { return math.Float64frombits(d.uint()) }

// count reads a number of things that take at least size bytes each.
func (d *decoder) count(size int) int {
	n := d.uint()
	if n > uint64(len(d.b)/max(size, 1)) {
		if d.err == nil {
			d.err = errShort
		}
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	b := d.take(4)
	if b == nil {
		return ""
	}
	return string(d.take(int(binary.LittleEndian.Uint32(b))))
}

func (d *decoder) floats(n int) []float64 {
	if n > len(d.b)/8 {
		d.err = errShort
		return nil
	}
	vs := make([]float64, n)
	for i := range vs {
		vs[i] = d.float()
	}
	return vs
}

// list decodes a list as a new reference, nil after an error.
func (d *decoder) list() *value.List {
	n := d.count(1)
	named := d.byte() == 1
	var names []string
	for range n {
		if named {
			names = append(names, d.text())
		}
	}
	vals := make([]value.Value, 0, n)
	for range n {
		v := d.value()
		if d.err != nil {
			return nil
		}
		vals = append(vals, v)
	}
	if d.err != nil {
		return nil
	}
	return value.NewList(vals, names)
}

func (d *decoder) value() value.Value {
	switch kind := d.byte(); kind {
	case kindInt:
		return int64(d.uint())
	case kindDouble:
		return d.float()
	case kindTrue, kindFalse:
		return kind == kindTrue
	case kindString:
		return d.text()
	case kindDense, kindSparse:
		return d.matrix(kind == kindSparse)
	}
	if d.err == nil {
		d.err = errors.New("an entry is of unknown kind")
	}
	return nil
}

func (d *decoder) matrix(sparse bool) value.Value {
	rows, cols := d.uint(), d.uint()
	if d.err == nil && (rows > math.MaxInt32 || cols > math.MaxInt32 || matrix.CheckSize(int(rows), int(cols)) != nil) {
		d.err = errors.New("a matrix is too large")
	}
	if d.err != nil {
		return nil
	}
	r, c := int(rows), int(cols)
	if !sparse {
		if vs := d.floats(r * c); d.err == nil {
			return matrix.FromDense(r, c, vs)
		}
		return nil
	}
	if r >= len(d.b)/8 {
		d.err = errShort
		return nil
	}
	s := &matrix.CSR{RowPtr: make([]int, r+1)}
	for i := range s.RowPtr {
		s.RowPtr[i] = int(d.uint())
		if s.RowPtr[i] < 0 || s.RowPtr[i] > len(d.b)/4 || i > 0 && s.RowPtr[i] < s.RowPtr[i-1] {
			d.err = errors.New("the rows of a sparse matrix are out of order")
			return nil
		}
	}
	for range s.RowPtr[r] {
		col := d.take(4)
		if col == nil {
			return nil
		}
		j := binary.LittleEndian.Uint32(col)
		if uint64(j) >= cols {
			d.err = errors.New("a column of a sparse matrix does not exist")
			return nil
		}
		s.ColIdx = append(s.ColIdx, int32(j))
	}
	if s.Val = d.floats(s.RowPtr[r]); d.err != nil {
		return nil
	}
	return matrix.FromCSR(r, c, s)
}
