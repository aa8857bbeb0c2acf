package builtins

import (
	"math"
	"strings"
	"testing"

	"gdml/runtime/value"
)

// TestSprintf has expectations from java.lang.String.format.
func TestSprintf(t *testing.T) {
	for _, c := range []struct {
		format string
		args   []value.Value
		want   string
	}{
		{"%d %5.2f %s %b", []value.Value{int64(3), 1.005, "q", true}, "3  1.01 q true"},
		{"%.1f %.0f %.2f", []value.Value{0.25, 0.5, 9.995}, "0.3 1 10.00"},
		{"%.0f %.0f %.0f", []value.Value{1.5, 2.5, 0.4}, "2 3 0"},
		{"%f", []value.Value{1e20}, "100000000000000000000.000000"},
		{"%f %f", []value.Value{1.0 / 3, -0.0000004}, "0.333333 -0.000000"},
		{"%.3f", []value.Value{-2.0}, "-2.000"},
		{"%e", []value.Value{12.3456}, "1.234560e+01"},
		{"%.2E", []value.Value{0.00012345}, "1.23E-04"},
		{"%.0e %e", []value.Value{9.5, 0.0}, "1e+01 0.000000e+00"},
		{"%e", []value.Value{1e-300}, "1.000000e-300"},
		{"%g", []value.Value{0.00012345}, "0.000123450"},
		{"%g %g %g", []value.Value{0.0, 123456.0, 1234567.0}, "0.00000 123456 1.23457e+06"},
		{"%.3g %g", []value.Value{99.99, 0.00001}, "100 1.00000e-05"},
		{"%s %s %s", []value.Value{1e7, int64(-4), false}, "1.0E7 -4 false"},
		{"%S|%5s|%-5s|%.2s", []value.Value{"ab", "ab", "ab", "abc"}, "AB|   ab|ab   |ab"},
		{"%5d|%-5d|%05d|%+d|% d|%(d|%,d", []value.Value{int64(42), int64(42), int64(-42), int64(42), int64(42), int64(-42), int64(-1234567)},
			"   42|42   |-0042|+42| 42|(42)|-1,234,567"},
		{"%,.2f|%010.3f|%+.1f", []value.Value{1234567.891, -3.14159, 2.0}, "1,234,567.89|-00003.142|+2.0"},
		{"%x %X %o %#x", []value.Value{int64(255), int64(255), int64(8), int64(255)}, "ff FF 10 0xff"},
		{"%x", []value.Value{int64(-1)}, "ffffffffffffffff"},
		{"%f %5.1f|%010f|%+f", []value.Value{math.NaN(), math.Inf(-1), math.Inf(1), math.Inf(1)}, "NaN -Infinity|  Infinity|+Infinity"},
		{"100%% %n|", nil, "100% \n|"},
		{"%2$s %1$s %<s %s", []value.Value{"a", "b"}, "b a a a"},
		{"%b %b", []value.Value{"x", int64(0)}, "true true"},
		{"surplus", []value.Value{int64(1)}, "surplus"},
		{"%.20f", []value.Value{0.1}, "0.10000000000000000000"},
		{"é%3s", []value.Value{"ü"}, "é  ü"},
	} {
		got, err := sprintf(c.format, c.args)
		if err != nil || got != c.want {
			t.Errorf("sprintf(%q, %v) = %q, %v, want %q", c.format, c.args, got, err, c.want)
		}
	}
}

func TestSprintfErrors(t *testing.T) {
	for _, c := range []struct {
		format string
		args   []value.Value
		want   string
	}{
		{"%d", []value.Value{1.5}, "use %f"},
		{"%f", []value.Value{int64(1)}, "use %d"},
		{"%d", []value.Value{true}, "use %s"},
		{"%d %d", []value.Value{int64(1)}, "no argument"},
		{"%", nil, "without a conversion"},
		{"%5", nil, "without a conversion"},
		{"%y", nil, "not a conversion"},
		{"%-d", []value.Value{int64(1)}, "needs a width"},
		{"%-05d", []value.Value{int64(1)}, "exclude each other"},
		{"%.2d", []value.Value{int64(1)}, "precision"},
		{"%.f", []value.Value{1.0}, "no digits"},
		{"%<d", []value.Value{int64(1)}, "none before it"},
		{"%,s", []value.Value{"a"}, "does not fit"},
		{"%s", []value.Value{value.NewList(nil, nil)}, "needs a scalar"},
	} {
		got, err := sprintf(c.format, c.args)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("sprintf(%q, %v) = %q, %v, want an error with %q", c.format, c.args, got, err, c.want)
		}
	}
}

func FuzzSprintf(f *testing.F) {
	f.Add("%d %5.2f %s", int64(3), 1.005, "x")
	f.Add("%2$s%<s%,(020.3f", int64(-3), math.Inf(1), "é")
	f.Fuzz(func(t *testing.T, format string, n int64, d float64, s string) {
		if len(format) > 60 {
			return
		}
		out, err := sprintf(format, []value.Value{n, d, s, true})
		if err == nil && !strings.Contains(format, "%") && out != format {
			t.Errorf("text changed: %q", out)
		}
	})
}
