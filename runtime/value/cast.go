package value

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// Truth returns the truth of a predicate value (language reference §8.4): numbers are
// true unless zero, strings only as TRUE or true. A matrix or list is an error.
func Truth(v Value) (bool, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case int64:
		return v != 0, nil
	case float64:
		return v != 0, nil
	case string:
		return v == "TRUE" || v == "true", nil
	case *matrix.Matrix:
		return false, fmt.Errorf("a condition must be a scalar, not a %s matrix; use as.scalar", v)
	}
	return false, fmt.Errorf("a condition must be a scalar, not a %s", TypeOf(v))
}

// Convert converts the scalar v to value type e (language reference §9.3): doubles are
// truncated to int by cell.ToInt, numbers are true unless zero, strings are parsed.
// AnyElem returns v unchanged.
func Convert(v Value, e types.Elem) (Value, error) {
	switch v.(type) {
	case int64, float64, bool, string:
	default:
		return nil, fmt.Errorf("a %s cannot be converted to %s", TypeOf(v), e)
	}
	switch e {
	case types.Int:
		return toInt(v)
	case types.Double:
		return toDouble(v)
	case types.Bool:
		return Truth(v)
	case types.String:
		return scalarText(v), nil
	}
	return v, nil
}

func toDouble(v Value) (Value, error) {
	switch v := v.(type) {
	case int64:
		return float64(v), nil
	case bool:
		if v {
			return 1.0, nil
		}
		return 0.0, nil
	case string:
		f, err := cell.ParseDouble(strings.TrimSpace(v))
		if err != nil {
			return nil, fmt.Errorf("the string %q is not a number", v)
		}
		return f, nil
	}
	return v, nil
}

// toInt parses a string as a double first, so that "2.7" gives 2.
func toInt(v Value) (Value, error) {
	if n, ok := v.(int64); ok {
		return n, nil
	}
	f, err := toDouble(v)
	if err != nil {
		return nil, err
	}
	return cell.ToInt(f.(float64)), nil
}

// AsScalar returns the only cell of a 1x1 matrix or frame, or the first element of a
// list whatever its type, as a new reference. A scalar is returned as it is.
func AsScalar(v Value) (Value, error) {
	switch v := v.(type) {
	case *matrix.Matrix:
		if v.Rows() == 1 && v.Cols() == 1 {
			return v.At(0, 0), nil
		}
		return nil, fmt.Errorf("as.scalar needs a 1x1 matrix, not %s", v)
	case *frame.Frame:
		if v.Rows() == 1 && v.Cols() == 1 {
			return cellScalar(v.Column(0))
		}
		return nil, fmt.Errorf("as.scalar needs a 1x1 frame, not a %s", v)
	case *List:
		if v.Len() == 0 {
			return nil, errors.New("as.scalar of an empty list")
		}
		return Retain(v.At(0)), nil
	case *Tensor:
		return nil, fmt.Errorf("as.scalar needs a matrix, frame or list, not a %s", v)
	case nil:
		return nil, errors.New("as.scalar: the value is missing")
	}
	return v, nil
}

// cellScalar returns the first cell as a scalar of the column's type. A missing string is empty, a missing double NaN.
func cellScalar(c *frame.Column) (Value, error) {
	v := c.Value(0)
	if v != nil {
		return v, nil
	}
	switch c.Kind.Store() {
	case frame.Strs:
		return "", nil
	case frame.Nums:
		return math.NaN(), nil
	}
	return nil, fmt.Errorf("as.scalar: the cell of column %s is missing and %s has no value for that", c.Name, c.Kind)
}

// AsMatrix converts v to a matrix, a new reference: a scalar to 1x1, a list of one
// element to that element, a list of n scalars to n x 1, a frame or a tensor of two dimensions cell by cell. A
// string scalar counts as 1 when it is TRUE and as 0 otherwise (language reference §5.3).
func AsMatrix(v Value) (*matrix.Matrix, error) {
	switch v := v.(type) {
	case *matrix.Matrix:
		return v.Retain(), nil
	case *frame.Frame:
		return frameMatrix(v)
	case *List:
		return listMatrix(v)
	case *Tensor:
		return v.matrix()
	}
	f, err := cellOf(v)
	if err != nil {
		return nil, fmt.Errorf("as.matrix: %w", err)
	}
	return matrix.FromDense(1, 1, []float64{f}), nil
}

func cellOf(v Value) (float64, error) {
	switch v := v.(type) {
	case string:
		if v == "TRUE" || v == "true" {
			return 1, nil
		}
		return 0, nil
	case int64, float64, bool:
		f, err := toDouble(v)
		return f.(float64), err
	}
	return 0, fmt.Errorf("a %s is no matrix cell", TypeOf(v))
}

func listMatrix(l *List) (*matrix.Matrix, error) {
	switch l.Len() {
	case 0:
		return nil, errors.New("as.matrix of an empty list")
	case 1:
		return AsMatrix(l.At(0))
	}
	data := make([]float64, l.Len())
	for i := range data {
		f, err := cellOf(l.At(i))
		if err != nil {
			return nil, fmt.Errorf("as.matrix of a list of several elements needs scalars; element %d: %w", i+1, err)
		}
		data[i] = f
	}
	return matrix.FromDense(len(data), 1, data), nil
}

// frameMatrix converts cells by CellNumber.
func frameMatrix(f *frame.Frame) (*matrix.Matrix, error) {
	rows, cols := f.Rows(), f.Cols()
	data := make([]float64, rows*cols)
	for j := range cols {
		c := f.Column(j)
		for i := range rows {
			v, ok := CellNumber(c, i)
			if !ok {
				return nil, fmt.Errorf("as.matrix: %q in row %d of column %s is not a number", c.Strs[i], i+1, c.Name)
			}
			data[i*cols+j] = v
		}
	}
	return matrix.Compact(nil, matrix.FromDense(rows, cols, data)), nil
}

// CellNumber returns cell i of c as a number; ok is false for text that is none.
// Strings are parsed, true/t and false/f in any case as 1 and 0; a missing or empty cell
// is NaN, a CHARACTER its code point and a hash the number that it writes.
func CellNumber(c *frame.Column, i int) (v float64, ok bool) {
	if s, isText := c.Value(i).(string); isText && c.Kind != frame.String {
		if c.Kind == frame.Character {
			r, _ := utf8.DecodeRuneInString(s)
			return float64(r), true
		}
		h, err := strconv.ParseUint(s, 16, 64)
		return float64(h), err == nil
	}
	return cellNumber(c.Value(i))
}

func cellNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case nil:
		return math.NaN(), true
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	s := strings.TrimSpace(v.(string))
	switch strings.ToLower(s) {
	case "":
		return math.NaN(), true
	case "true", "t":
		return 1, true
	case "false", "f":
		return 0, true
	}
	return ParseNumber(s)
}

// ParseNumber is the number syntax of frame cells and strings; ok is false for other text.
func ParseNumber(s string) (v float64, ok bool) {
	switch strings.ToLower(s) {
	case "inf":
		return math.Inf(1), true
	case "-inf":
		return math.Inf(-1), true
	}
	v, err := cell.ParseDouble(s)
	return v, err == nil
}

// AsList returns the inner list of a list that holds nothing else, any other list unchanged, as a new reference.
func AsList(v Value) (*List, error) {
	l, ok := v.(*List)
	if !ok {
		return nil, fmt.Errorf("as.list needs a list, not a %s", TypeOf(v))
	}
	if l.Len() == 1 {
		if inner, ok := l.At(0).(*List); ok {
			l = inner
		}
	}
	return Retain(l).(*List), nil
}
