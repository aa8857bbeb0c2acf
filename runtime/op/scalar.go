package op

import (
	"fmt"
	"math"
	"unicode/utf16"

	"gdml/runtime/cell"
	"gdml/runtime/value"
)

// Scalar2 applies f to two scalars by the value-type rules of the language
// (language reference §6.2). double asks for double arithmetic even on two ints:
// the static type of the expression is double.
func Scalar2(f *cell.Binary, double bool, a, b value.Value) (value.Value, error) {
	if !isScalar(a) || !isScalar(b) {
		return nil, operands(f.Name, a, b)
	}
	switch f.Kind {
	case cell.Compare:
		return compare(f, a, b)
	case cell.Logic:
		return logic(f, a, b)
	}
	_, sa := a.(string)
	_, sb := b.(string)
	if sa || sb {
		if f == cell.Add {
			return value.Text(a) + value.Text(b), nil
		}
		return nil, fmt.Errorf("operator %s is not defined on strings", f.Name)
	}
	x, xi := a.(int64)
	y, yi := b.(int64)
	_, xd := a.(float64)
	_, yd := b.(float64)
	if (xi || yi) && !xd && !yd && !double {
		if !xi {
			x = int64(number(a))
		}
		if !yi {
			y = int64(number(b))
		}
		return ints(f, x, y)
	}
	return f.F(number(a), number(b)), nil
}

// ints is int arithmetic; / and ^ and the functions give a double.
func ints(f *cell.Binary, x, y int64) (value.Value, error) {
	var n int64
	var err error
	switch f {
	case cell.Add:
		n, err = cell.AddInt(x, y)
	case cell.Sub:
		n, err = cell.SubInt(x, y)
	case cell.Mul:
		n, err = cell.MulInt(x, y)
	case cell.IntDiv:
		n, err = cell.IntDivInt(x, y)
	case cell.Mod:
		n = cell.ModInt(x, y)
	case cell.Min:
		n = min(x, y)
	case cell.Max:
		n = max(x, y)
	default:
		return f.F(float64(x), float64(y)), nil
	}
	if err != nil {
		return nil, fmt.Errorf("%d %s %d: %w", x, f.Name, y, err)
	}
	return n, nil
}

// compare orders two scalars: as text if one is a string, as doubles if one is a
// double, else as ints, where FALSE is 0 and TRUE is 1.
func compare(f *cell.Binary, a, b value.Value) (value.Value, error) {
	_, sa := a.(string)
	_, sb := b.(string)
	if sa || sb {
		return f.F(float64(compareText(value.Text(a), value.Text(b))), 0) != 0, nil
	}
	x, xi := a.(int64)
	y, yi := b.(int64)
	if xi && yi {
		return compareInts(f, x, y), nil
	}
	return f.F(number(a), number(b)) != 0, nil
}

// compareInts does not go through doubles, which cannot tell large neighbours apart.
func compareInts(f *cell.Binary, x, y int64) bool {
	c := 0.0
	switch {
	case x < y:
		c = -1
	case x > y:
		c = 1
	}
	return f.F(c, 0) != 0
}

// compareText orders strings by their UTF-16 code units.
func compareText(a, b string) int {
	x, y := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			if x[i] < y[i] {
				return -1
			}
			return 1
		}
	}
	switch {
	case len(x) < len(y):
		return -1
	case len(x) > len(y):
		return 1
	}
	return 0
}

// logic gives a boolean, or the number 1.0 or 0.0 when an operand is a double.
func logic(f *cell.Binary, a, b value.Value) (value.Value, error) {
	for _, v := range []value.Value{a, b} {
		if _, ok := v.(string); ok {
			return nil, fmt.Errorf("operator %s is not defined on strings", f.Name)
		}
	}
	t := f.F(number(a), number(b))
	_, xd := a.(float64)
	_, yd := b.(float64)
	if xd || yd {
		return t, nil
	}
	return t != 0, nil
}

// Scalar1 applies f to a scalar.
func Scalar1(f *cell.Unary, a value.Value) (value.Value, error) {
	switch v := a.(type) {
	case float64:
		if f.Bool && f != cell.Not {
			return f.F(v) != 0, nil
		}
		return f.F(v), nil
	case int64:
		switch {
		case f == cell.Abs && v == math.MinInt64:
			return nil, fmt.Errorf("abs(%d): %w", v, cell.ErrOverflow)
		case f == cell.Abs:
			return max(v, -v), nil
		case f.KeepsInt:
			return int64(f.F(float64(v))), nil
		case f.Bool && f != cell.Not:
			return f.F(float64(v)) != 0, nil
		}
		return f.F(float64(v)), nil
	case bool:
		if f == cell.Not {
			return !v, nil
		}
		if f.Bool {
			return f.F(number(v)) != 0, nil
		}
		return f.F(number(v)), nil
	}
	return nil, fmt.Errorf("%s is not defined on %s", f.Name, article(a))
}

func isScalar(v value.Value) bool {
	switch v.(type) {
	case int64, float64, bool, string:
		return true
	}
	return false
}

// number returns a numeric or boolean scalar as a double.
func number(v value.Value) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	case bool:
		if v {
			return 1
		}
	}
	return 0
}

// operands is the error for operands that an operator does not combine.
func operands(name string, a, b value.Value) error {
	return fmt.Errorf("operator %s cannot combine %s and %s", name, article(a), article(b))
}
