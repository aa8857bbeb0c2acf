package op

import "math"

// Cells returns the number of cells, Unknown when a dimension is not known or the product overflows.
func (s Shape) Cells() int64 {
	if !s.Known() {
		return Unknown
	}
	if s.Cols != 0 && s.Rows > math.MaxInt64/s.Cols {
		return Unknown
	}
	return s.Rows * s.Cols
}

// ConstInt returns the constant value of a numeric scalar as dimensions and indices
// read it: doubles are truncated as the language does (language reference §6.3),
// booleans count as 0 and 1.
func (s Shape) ConstInt() (int64, bool) {
	switch v := s.Val.(type) {
	case int64:
		return v, true
	case float64:
		t := math.Copysign(math.Floor(math.Abs(v)+0x1p-53), v)
		if t != t || math.Abs(t) >= math.MaxInt64 {
			return 0, false
		}
		return int64(t), true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// Ints is the Val of an expression list of up to four numbers that is the argument of a call: the
// shapes of images and filters. An element that is not known, or negative, is Unknown.
type Ints struct {
	N int
	V [4]int64
}

// constFloat returns the constant value of a numeric scalar.
func (s Shape) constFloat() (float64, bool) {
	switch v := s.Val.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case bool:
		n, _ := s.ConstInt()
		return float64(n), true
	}
	return 0, false
}

// dim returns the constant dimension that scalar s gives, or Unknown.
func dim(s Shape) int64 {
	if n, ok := s.ConstInt(); ok && n >= 0 {
		return n
	}
	return Unknown
}

// joinDim returns what holds of a dimension that is a or b.
func joinDim(a, b int64) int64 {
	if a == b {
		return a
	}
	return Unknown
}
