package frame

import "fmt"

// Kind is the value type of a column.
type Kind uint8

// Column types.
const (
	String Kind = iota
	Bool
	Int32
	Int64
	FP32
	FP64
	UInt4
	UInt8
	Character // one character
	Hash32    // up to 8 hexadecimal digits
	Hash64    // up to 16 hexadecimal digits
	numKinds
)

// Store says which slice of a column holds its cells.
type Store uint8

// The slices of a column.
const (
	Strs Store = iota
	Bools
	Ints
	Nums
)

var kinds = [numKinds]struct {
	name  string
	store Store
}{
	String: {"STRING", Strs}, Bool: {"BOOLEAN", Bools}, Int32: {"INT32", Ints}, Int64: {"INT64", Ints},
	FP32: {"FP32", Nums}, FP64: {"FP64", Nums}, UInt4: {"UINT4", Ints}, UInt8: {"UINT8", Ints},
	Character: {"CHARACTER", Strs}, Hash32: {"HASH32", Strs}, Hash64: {"HASH64", Strs},
}

func (k Kind) String() string { return kinds[k].name }

// Store returns where columns of the kind keep their cells.
func (k Kind) Store() Store { return kinds[k].store }

// KindNames lists the column types as schemas write them.
func KindNames() []string {
	names := make([]string, numKinds)
	for k := range names {
		names[k] = kinds[k].name
	}
	return names
}

// Column is one typed column. Exactly the slice that Kind.Store names is set.
// Missing is nil or marks the cells without a value.
type Column struct {
	Name    string
	Kind    Kind
	Strs    []string
	Bools   []bool
	Ints    []int64
	Nums    []float64
	Missing []bool
	Meta    Meta
}

// Meta is what feature encoders note about a column. The zero value says nothing.
type Meta struct {
	Distinct int64  // number of distinct items, 0 when unknown
	Impute   string // what stands for a missing cell, "" when nothing does
}

// Len returns the number of cells.
func (c *Column) Len() int {
	switch c.Kind.Store() {
	case Strs:
		return len(c.Strs)
	case Bools:
		return len(c.Bools)
	case Ints:
		return len(c.Ints)
	}
	return len(c.Nums)
}

// Frame is a table of columns of equal length.
type Frame struct {
	rows int
	cols []Column
}

// New returns a frame of cols, taking ownership. Unnamed columns are called C1, C2, ...
func New(rows int, cols []Column) (*Frame, error) {
	for j := range cols {
		if n := cols[j].Len(); n != rows {
			return nil, fmt.Errorf("column %d of the frame has %d cells, not %d", j+1, n, rows)
		}
		if cols[j].Name == "" {
			cols[j].Name = defaultName(j)
		}
	}
	return &Frame{rows: rows, cols: cols}, nil
}

// Rows returns the number of rows.
func (f *Frame) Rows() int { return f.rows }

// Cols returns the number of columns.
func (f *Frame) Cols() int { return len(f.cols) }

// Column returns column j, 0-based, for reading only.
func (f *Frame) Column(j int) *Column { return &f.cols[j] }

// Bytes estimates the memory the cells take.
func (f *Frame) Bytes() int64 {
	var n int64
	for j := range f.cols {
		c := &f.cols[j]
		n += int64(len(c.Bools)+len(c.Missing)) + 8*int64(len(c.Ints)+len(c.Nums)) + 16*int64(len(c.Strs))
		for _, s := range c.Strs {
			n += int64(len(s))
		}
	}
	return n
}

// String describes the frame for messages: 3x4 frame.
func (f *Frame) String() string { return fmt.Sprintf("%dx%d frame", f.rows, len(f.cols)) }
