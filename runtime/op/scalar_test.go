package op

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gdml/runtime/cell"
	"gdml/runtime/value"
)

// scalar2 lists calls of Scalar2 with the type and printed form of the result, or the error after "!".
var scalar2 = []struct {
	f      *cell.Binary
	a, b   value.Value
	double bool
	want   string // type and printed form, or the error after "!"
}{
	{cell.Div, int64(7), int64(2), false, "float64 3.5"},
	{cell.Div, int64(6), int64(2), false, "float64 3.0"},
	{cell.Pow, int64(2), int64(3), false, "float64 8.0"},
	{cell.IntDiv, int64(-7), int64(2), false, "int64 -3"},
	{cell.Mod, int64(-7), int64(3), false, "int64 -1"},
	{cell.Mod, int64(7), int64(-3), false, "int64 1"},
	{cell.Mod, int64(5), int64(0), false, "int64 0"},
	{cell.IntDiv, int64(5), int64(0), false, "!overflow"},
	{cell.Mod, -7.5, int64(2), false, "float64 -1.5"},
	{cell.Mod, 5.0, math.Inf(1), false, "float64 NaN"},
	{cell.Div, int64(0), int64(0), false, "float64 NaN"},
	{cell.Add, int64(1), int64(2), false, "int64 3"},
	{cell.Add, int64(1), int64(2), true, "float64 3.0"},
	{cell.Add, int64(math.MaxInt64), int64(1), false, "!overflow"},
	{cell.Mul, int64(math.MaxInt64), int64(2), false, "!overflow"},
	{cell.Add, true, true, false, "float64 2.0"},
	{cell.Add, "a", int64(1), false, "string a1"},
	{cell.Add, true, "x", false, "string TRUEx"},
	{cell.Add, 1.5, "x", false, "string 1.5x"},
	{cell.Sub, "a", int64(1), false, "!not defined on strings"},
	{cell.Eq, "3", int64(3), false, "bool TRUE"},
	{cell.Eq, "3", 3.0, false, "bool FALSE"},
	{cell.Eq, "TRUE", true, false, "bool TRUE"},
	{cell.Lt, "B", "a", false, "bool TRUE"},
	{cell.Lt, "10", "9", false, "bool TRUE"},
	{cell.Lt, "\U0001F600", "\uFF5E", false, "bool TRUE"}, // surrogates sort before U+FF5E
	{cell.Eq, math.NaN(), math.NaN(), false, "bool FALSE"},
	{cell.Ne, math.NaN(), math.NaN(), false, "bool TRUE"},
	{cell.Eq, 0.0, math.Copysign(0, -1), false, "bool TRUE"},
	{cell.Eq, int64(1<<53 + 1), int64(1 << 53), false, "bool FALSE"},
	{cell.Eq, int64(1<<53 + 1), 9007199254740992.0, false, "bool TRUE"},
	{cell.Lt, false, true, false, "bool TRUE"},
	{cell.Eq, true, int64(1), false, "bool TRUE"},
	{cell.And, true, false, false, "bool FALSE"},
	{cell.Or, int64(0), int64(3), false, "bool TRUE"},
	{cell.And, 2.0, true, false, "float64 1.0"},
	{cell.And, "a", true, false, "!not defined on strings"},
	{cell.Min, int64(1), int64(2), false, "int64 1"},
	{cell.Max, int64(1), 2.0, false, "float64 2.0"},
	{cell.LogBase, int64(8), int64(2), false, "float64 3.0"},
	{cell.Add, value.NewList(nil, nil), int64(1), false, "!cannot combine a list of 0 and an int"},
}

func TestScalar2(t *testing.T) {
	for _, tt := range scalar2 {
		v, err := Scalar2(tt.f, tt.double, tt.a, tt.b)
		got := "!" + fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprintf("%T %s", v, value.Text(v))
		}
		if want, fails := strings.CutPrefix(tt.want, "!"); got != tt.want && !(fails && strings.Contains(got, want)) {
			t.Errorf("%v %s %v = %s; want %s", tt.a, tt.f.Name, tt.b, got, tt.want)
		}
	}
}

func TestScalar1(t *testing.T) {
	tests := []struct {
		f    *cell.Unary
		a    value.Value
		want string
	}{
		{cell.Abs, int64(-3), "int64 3"},
		{cell.Abs, -3.5, "float64 3.5"},
		{cell.Abs, int64(math.MinInt64), "!overflow"},
		{cell.Sqrt, int64(4), "float64 2.0"},
		{cell.IsNaN, math.NaN(), "bool TRUE"},
		{cell.IsNaN, int64(1), "bool FALSE"},
		{cell.Not, true, "bool FALSE"},
		{cell.Not, int64(0), "float64 1.0"},
		{cell.Not, 2.5, "float64 0.0"},
		{cell.Exp, true, "float64 2.718281828459045"},
		{cell.Exp, "x", "!exp is not defined on a string"},
	}
	for _, tt := range tests {
		v, err := Scalar1(tt.f, tt.a)
		got := "!" + fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprintf("%T %s", v, value.Text(v))
		}
		if want, fails := strings.CutPrefix(tt.want, "!"); got != tt.want && !(fails && strings.Contains(got, want)) {
			t.Errorf("%s(%v) = %s; want %s", tt.f.Name, tt.a, got, tt.want)
		}
	}
}

// The fast path of Cell2 must agree with Scalar2 on every pair of numbers.
func TestCell2FastPath(t *testing.T) {
	vals := []value.Value{int64(0), int64(1), int64(-3), int64(7), 0.0, 2.0, -1.5, math.NaN(), math.Inf(-1)}
	for _, f := range cell.Binaries() {
		for _, double := range []bool{false, true} {
			for _, a := range vals {
				for _, b := range vals {
					want, werr := Scalar2(f, double, a, b)
					got, gerr := exec1(&Cell2{F: f, Double: double, A: 0, B: 1, Dst: 2}, 3, a, b)
					if (werr == nil) != (gerr == nil) || fmt.Sprintf("%T %v", got, got) != fmt.Sprintf("%T %v", want, want) {
						t.Errorf("%v %s %v (double %v) = %T %v, %v; want %T %v, %v", a, f.Name, b, double, got, got, gerr, want, want, werr)
					}
				}
			}
		}
	}
}
