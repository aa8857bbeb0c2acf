package op

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

// Scalar2 applies f to two scalars by the value-type rules of the language
// (language reference §6.2). double asks for double arithmetic even on two ints:
// the static type of the expression is double.
func Scalar2(f *cell.Binary, double bool, a, b value.Value) (value.Value, error) {
	x, y := exec.NumberOf(a), exec.NumberOf(b)
	if x.Kind != exec.NotNumber && y.Kind != exec.NotNumber {
		n, err := numbers(f, double, x, y)
		if err != nil {
			return nil, err
		}
		return n.Value(), nil
	}
	if !isScalar(a) || !isScalar(b) {
		return nil, operands(f.Name, a, b)
	}
	switch { // one is a string
	case f.Kind == cell.Compare:
		return compareStrings(f, a, b), nil
	case f == cell.Add:
		return value.Text(a) + value.Text(b), nil
	}
	return nil, fmt.Errorf("operator %s is not defined on strings", f.Name)
}

// numbers is Scalar2 without strings.
func numbers(f *cell.Binary, double bool, a, b exec.Number) (exec.Number, error) {
	bothInts := a.Kind == exec.Int && b.Kind == exec.Int
	anyDouble := a.Kind == exec.Double || b.Kind == exec.Double
	switch f.Kind {
	case cell.Compare:
		if bothInts {
			return exec.BoolOf(compareInts(f, a.Int(), b.Int())), nil
		}
		return exec.BoolOf(doubles(f, a.Float(), b.Float()) != 0), nil
	case cell.Logic: // a boolean, or the number 1.0 or 0.0 when an operand is a double
		t := f.F(a.Float(), b.Float())
		if anyDouble {
			return exec.FloatOf(t), nil
		}
		return exec.BoolOf(t != 0), nil
	case cell.Extreme: // one of two ints is an int, whatever the static type
		double = false
	}
	anyInt := a.Kind == exec.Int || b.Kind == exec.Int
	if anyInt && !anyDouble && !double {
		return ints(f, a.Int(), b.Int())
	}
	return exec.FloatOf(doubles(f, a.Float(), b.Float())), nil
}

// doubles is f.F, with a shortcut for the most frequent functions.
func doubles(f *cell.Binary, a, b float64) float64 {
	switch f {
	case cell.Add:
		return a + b
	case cell.Sub:
		return a - b
	case cell.Mul:
		return a * b
	case cell.Div:
		return a / b
	}
	return f.F(a, b)
}

// ints is int arithmetic; / and ^ and the functions give a double.
func ints(f *cell.Binary, x, y int64) (exec.Number, error) {
	n, ok, err := cell.Ints(f, x, y)
	if !ok {
		return exec.FloatOf(f.F(float64(x), float64(y))), nil
	}
	if err != nil {
		return exec.Number{}, fmt.Errorf("%d %s %d: %w", x, f.Name, y, err)
	}
	return exec.IntOf(n), nil
}

// compare orders two scalars: as text if one is a string, as doubles if one is a
// double, else as ints, where FALSE is 0 and TRUE is 1.
func compare(f *cell.Binary, a, b value.Value) (bool, error) {
	x, y := exec.NumberOf(a), exec.NumberOf(b)
	if x.Kind == exec.NotNumber || y.Kind == exec.NotNumber {
		return compareStrings(f, a, b), nil
	}
	n, err := numbers(f, false, x, y)
	return n.True(), err
}

// compareStrings compares as text.
func compareStrings(f *cell.Binary, a, b value.Value) bool {
	return f.F(float64(compareText(value.Text(a), value.Text(b))), 0) != 0
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

// compareText orders strings by their UTF-16 code units. Bytes have the same order
// unless both strings go on with characters beyond ASCII where they differ.
func compareText(a, b string) int {
	if a == b {
		return 0
	}
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] && a[same] < utf8.RuneSelf {
		same++
	}
	a, b = a[same:], b[same:]
	if a == "" || b == "" || a[0] < utf8.RuneSelf || b[0] < utf8.RuneSelf {
		return strings.Compare(a, b)
	}
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

// Scalar1 applies f to a scalar.
func Scalar1(f *cell.Unary, a value.Value) (value.Value, error) {
	x := exec.NumberOf(a)
	if x.Kind == exec.NotNumber {
		return nil, fmt.Errorf("%s is not defined on %s", f.Name, article(a))
	}
	n, err := number1(f, x)
	if err != nil {
		return nil, err
	}
	return n.Value(), nil
}

// number1 is Scalar1 without strings.
func number1(f *cell.Unary, a exec.Number) (exec.Number, error) {
	switch {
	case f == cell.Not && a.Kind == exec.Bool:
		return exec.BoolOf(!a.True()), nil
	case f.Bool && f != cell.Not:
		return exec.BoolOf(f.F(a.Float()) != 0), nil
	case a.Kind != exec.Int:
		return exec.FloatOf(f.F(a.Float())), nil
	case f == cell.Abs && a.Int() == math.MinInt64:
		return exec.Number{}, fmt.Errorf("abs(%d): %w", a.Int(), cell.ErrOverflow)
	case f == cell.Abs:
		return exec.IntOf(max(a.Int(), -a.Int())), nil
	case f.KeepsInt:
		return exec.IntOf(int64(f.F(a.Float()))), nil
	}
	return exec.FloatOf(f.F(a.Float())), nil
}

func isScalar(v value.Value) bool {
	switch v.(type) {
	case int64, float64, bool, string:
		return true
	}
	return false
}

// number returns a numeric or boolean scalar as a double.
func number(v value.Value) float64 { return exec.NumberOf(v).Float() }

// operands is the error for operands that an operator does not combine.
func operands(name string, a, b value.Value) error {
	return fmt.Errorf("operator %s cannot combine %s and %s", name, article(a), article(b))
}
