package value

import (
	"errors"
	"fmt"
	"math"

	"gdml/runtime/cell"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// AsFrame converts v to a frame: a scalar to 1x1, a list of one element to that
// element, and a matrix to columns of the narrowest type that holds each of them
// (language reference §5.3): BOOLEAN for only 0 and 1, INT32 or INT64 for whole numbers,
// FP32 when every value has the same shortest digits as a float, else FP64. FP32
// columns keep the doubles. names is nil or a list of column names.
func AsFrame(v Value, names *List) (*frame.Frame, error) {
	cols, err := columnsOf(v)
	if err != nil {
		return nil, err
	}
	rows := 0
	if len(cols) > 0 {
		rows = cols[0].Len()
	}
	if m, ok := v.(*matrix.Matrix); ok {
		rows = m.Rows()
	}
	if names != nil {
		if names.Len() != len(cols) {
			return nil, fmt.Errorf("as.frame: %d column names for %d columns", names.Len(), len(cols))
		}
		for j := range cols {
			n, ok := names.At(j).(string)
			if !ok {
				return nil, fmt.Errorf("as.frame: column name %d must be a string, not a %s", j+1, TypeOf(names.At(j)))
			}
			cols[j].Name = n
		}
	}
	return frame.New(rows, cols)
}

func columnsOf(v Value) ([]frame.Column, error) {
	switch v := v.(type) {
	case *matrix.Matrix:
		cols := make([]frame.Column, v.Cols())
		vals := make([]float64, v.Rows())
		for j := range cols {
			for i := range vals {
				vals[i] = v.At(i, j)
			}
			cols[j] = narrowest(vals)
		}
		return cols, nil
	case *frame.Frame:
		cols := make([]frame.Column, v.Cols())
		for j := range cols {
			cols[j] = *v.Column(j)
		}
		return cols, nil
	case *List:
		if v.Len() == 0 {
			return nil, errors.New("as.frame of an empty list")
		}
		return columnsOf(v.At(0))
	case string:
		return []frame.Column{{Kind: frame.String, Strs: []string{v}}}, nil
	case bool:
		return []frame.Column{{Kind: frame.Bool, Bools: []bool{v}}}, nil
	case int64:
		return []frame.Column{{Kind: frame.Int64, Ints: []int64{v}}}, nil
	case float64:
		return []frame.Column{{Kind: frame.FP64, Nums: []float64{v}}}, nil
	}
	return nil, fmt.Errorf("as.frame cannot convert a %s", TypeOf(v))
}

// narrowest returns a column with a copy of vals.
func narrowest(vals []float64) frame.Column {
	kind := frame.Bool
	for _, v := range vals {
		kind = max(kind, cellKind(v))
	}
	c := frame.NewColumn("", kind, len(vals))
	for i, v := range vals {
		switch kind {
		case frame.Bool:
			c.Bools[i] = v == 1
		case frame.Int32, frame.Int64:
			c.Ints[i] = int64(v)
		default:
			c.Nums[i] = v
		}
	}
	return c
}

// cellKind returns the narrowest type of one value. The kinds ascend in the order in which they include each other.
func cellKind(v float64) frame.Kind {
	switch {
	case v == 0 || v == 1:
		return frame.Bool
	case v == math.Trunc(v) && v >= math.MinInt32 && v <= math.MaxInt32:
		return frame.Int32
	case v == math.Trunc(v) && math.Abs(v) < 1<<63:
		return frame.Int64
	case isFloat(v):
		return frame.FP32
	}
	return frame.FP64
}

// isFloat reports whether v reads the same as a float: as.frame(0.1) is single precision, 1/3 is not.
func isFloat(v float64) bool {
	if v != v || math.IsInf(v, 0) {
		return true
	}
	c := frame.Column{Kind: frame.FP32, Nums: []float64{v}}
	return CellText(&c, 0) == cell.FormatDouble(v)
}
