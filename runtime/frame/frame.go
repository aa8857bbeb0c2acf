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
	numKinds
)

var kindNames = [numKinds]string{"STRING", "BOOLEAN", "INT32", "INT64", "FP32", "FP64"}

func (k Kind) String() string { return kindNames[k] }

// Column is one typed column. Exactly the slice that fits Kind is set: Strs for
// String, Bools for Bool, Ints for Int32 and Int64, Nums for FP32 and FP64.
// Missing is nil or marks the cells without a value.
type Column struct {
	Name    string
	Kind    Kind
	Strs    []string
	Bools   []bool
	Ints    []int64
	Nums    []float64
	Missing []bool
}

// Len returns the number of cells.
func (c *Column) Len() int {
	switch c.Kind {
	case String:
		return len(c.Strs)
	case Bool:
		return len(c.Bools)
	case Int32, Int64:
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
			cols[j].Name = fmt.Sprintf("C%d", j+1)
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
