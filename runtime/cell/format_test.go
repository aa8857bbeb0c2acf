package cell

import (
	"math"
	"strconv"
	"testing"
)

// The expected texts are those of the language reference §13.2 and §13.3.

func TestFormatDouble(t *testing.T) {
	for _, k := range []struct {
		v    float64
		want string
	}{
		{3, "3.0"}, {0.001, "0.001"}, {0.30000000000000004, "0.30000000000000004"}, {9999999, "9999999.0"}, {123456.789, "123456.789"},
		{1e-4, "1.0E-4"}, {1e7, "1.0E7"}, {12345678, "1.2345678E7"}, {1e-10, "1.0E-10"}, {math.MaxFloat64, "1.7976931348623157E308"},
		{0, "0.0"}, {math.Copysign(0, -1), "-0.0"}, {math.NaN(), "NaN"}, {math.Inf(1), "Infinity"}, {math.Inf(-1), "-Infinity"},
		{math.SmallestNonzeroFloat64, "4.9E-324"}, {-1.5e-7, "-1.5E-7"}, {1e23, "1.0E23"}, {-0.001, "-0.001"}, {0.00099, "9.9E-4"},
		{1. / 3, "0.3333333333333333"}, {100, "100.0"}, {123456789, "1.23456789E8"},
	} {
		if got := FormatDouble(k.v); got != k.want {
			t.Errorf("FormatDouble(%g) = %s, want %s", k.v, got, k.want)
		}
	}
}

func TestFormatDoubleReadsBack(t *testing.T) {
	for i := range 2000 {
		v := math.Float64frombits(uint64(i+1) * 0x9E3779B97F4A7C15)
		if v-v != 0 {
			continue
		}
		if back, err := ParseDouble(FormatDouble(v)); err != nil || back != v {
			t.Fatalf("%g is written %s and read back as %g, %v", v, FormatDouble(v), back, err)
		}
	}
}

func TestFixed(t *testing.T) {
	for _, k := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{0.0625, 3, "0.062"}, {0.1875, 3, "0.188"}, {2.0005, 3, "2.001"}, {-0.0001, 3, "-0.000"}, {math.Copysign(0, -1), 3, "0.000"},
		{0.0015, 3, "0.002"}, {0.1235, 3, "0.123"}, {1e20, 3, "100000000000000000000.000"}, {1, 0, "1"}, {0.1, 20, "0.10000000000000000000"},
		{math.NaN(), 3, "NaN"}, {math.Inf(-1), 3, "-Infinity"}, {1, -1, "1"}, {0.0015, -1, "0.002"}, {1234.5, 3, "1234.500"}, {2.5, 0, "2"},
		{100, -1, "100"}, {0, 3, "0.000"}, {0.0005, 3, "0.000"}, {-0.0005, 3, "-0.000"}, {0.00051, 3, "0.001"}, {0.0006, 3, "0.001"},
		{0.00005, 4, "0.0000"}, {0.00015, 4, "0.0001"}, {5e-6, 5, "0.00000"}, {0.0005, 4, "0.0005"}, {0.0005, -1, "0"},
	} {
		if got := Fixed(k.v, k.decimals); got != k.want {
			t.Errorf("Fixed(%g, %d) = %s, want %s", k.v, k.decimals, got, k.want)
		}
	}
}

func TestParseDouble(t *testing.T) {
	for s, want := range map[string]float64{
		"1": 1, "-2.5": -2.5, "+.5": 0.5, "1.": 1, "1e3": 1000, "1E-2": 0.01, " 7\n": 7, "Infinity": math.Inf(1), "-Infinity": math.Inf(-1),
		"1e999": math.Inf(1), "-1e999": math.Inf(-1), "1e-999": 0, "0.1": 0.1,
	} {
		if v, err := ParseDouble(s); err != nil || v != want {
			t.Errorf("ParseDouble(%q) = %v, %v, want %v", s, v, err, want)
		}
	}
	if v, err := ParseDouble("NaN"); err != nil || v == v {
		t.Errorf("ParseDouble(NaN) = %v, %v", v, err)
	}
	for _, s := range []string{"", " ", "abc", "0x1p3", "1d", "1f", "inf", "nan", "1e", "1e+", ".", "-", "1_000", "1 2", "--1", "e5"} {
		if v, err := ParseDouble(s); err == nil {
			t.Errorf("ParseDouble(%q) = %v, want an error", s, v)
		}
	}
}

func FuzzParseDouble(f *testing.F) {
	for _, s := range []string{"1.5e3", "-Infinity", "NaN", "0x10", ".", "1e5e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseDouble(s)
		if err != nil || v != v {
			return
		}
		if back, err := strconv.ParseFloat(FormatDouble(v), 64); err != nil || back != v {
			t.Errorf("%q is %g, written %s", s, v, FormatDouble(v))
		}
	})
}
