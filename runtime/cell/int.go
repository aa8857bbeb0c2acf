package cell

import (
	"errors"
	"math"
)

// ErrOverflow is the error of an int result above 2^63-1.
var ErrOverflow = errors.New("integer overflow")

// The functions below are the int arithmetic of scalars (language reference §6.3).
// An int result travels through a double, so beyond 2^53 its low bits are lost; a
// result above 2^63-1 is ErrOverflow, one below -2^63 wraps around.

// AddInt returns a + b.
func AddInt(a, b int64) (int64, error) {
	s := a + b
	if a > 0 && b > 0 && s < 0 {
		return 0, ErrOverflow
	}
	return throughDouble(s), nil
}

// SubInt returns a - b.
func SubInt(a, b int64) (int64, error) {
	d := a - b
	if a >= 0 && b < 0 && d < 0 {
		return 0, ErrOverflow
	}
	return throughDouble(d), nil
}

// MulInt returns a * b.
func MulInt(a, b int64) (int64, error) {
	p := a * b
	positive := (a > 0) == (b > 0)
	if a != 0 && b != 0 && positive && (float64(a)*float64(b) > math.MaxInt64 || p <= 0) {
		return 0, ErrOverflow
	}
	return throughDouble(p), nil
}

// IntDivInt returns a / b truncated towards zero. A positive a over zero is
// ErrOverflow, a negative one the smallest int, and 0 over 0 is 0.
func IntDivInt(a, b int64) (int64, error) {
	q := float64(a) / float64(b)
	if q > math.MaxInt64 {
		return 0, ErrOverflow
	}
	return ToInt(q), nil
}

// ModInt returns a - (a %/% b)*b, which has the sign of a; it is 0 when b is 0.
func ModInt(a, b int64) int64 {
	if b == 0 {
		return 0
	}
	return ToInt(mod(float64(a), float64(b)))
}

// throughDouble rounds v to the nearest double; the largest ints saturate.
func throughDouble(v int64) int64 {
	if f := float64(v); f < math.MaxInt64 {
		return int64(f)
	}
	return math.MaxInt64
}

// Ints is f of two ints where that is an int; ok is false for functions that give a double.
func Ints(f *Binary, a, b int64) (n int64, ok bool, err error) {
	switch f {
	case Add:
		n, err = AddInt(a, b)
	case Sub:
		n, err = SubInt(a, b)
	case Mul:
		n, err = MulInt(a, b)
	case IntDiv:
		n, err = IntDivInt(a, b)
	case Mod:
		n = ModInt(a, b)
	case Min:
		n = min(a, b)
	case Max:
		n = max(a, b)
	default:
		return 0, false, nil
	}
	return n, true, err
}
