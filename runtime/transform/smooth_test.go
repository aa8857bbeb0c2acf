package transform

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"gdml/runtime/frame"
)

func series() []float64 {
	return []float64{1, 2, 3, 4, 5, math.NaN(), 7, 8, 9, math.NaN(), 11, 12}
}

// TestSmoothing: from: Apache SystemDS 3.3, single and double
func TestSmoothing(t *testing.T) {
	for args, want := range map[string]string{
		"1;single;1;0.2;0.2;0.2": "1.000 1.200 1.560 2.048 2.638 2.638 3.511 4.409 5.327 5.327 6.461 7.569",
		"1;single;1;0.5;0.2;0.2": "1.000 1.500 2.250 3.125 4.062 4.062 5.531 6.766 7.883 7.883 9.441 10.721",
		"1;double;1;0.2;0.2;0.2": "1.000 3.000 4.000 5.000 6.000 7.000 8.000 9.000 10.000 11.000 12.000 13.000",
	} {
		s, err := ParseSmoothing(args)
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.Smooth(newFrame(t, 12, numbers(frame.FP64, series()...)))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range f.Rows() {
			got = append(got, fixed(f.Column(0).Nums[i]))
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%s:\n got %s\nwant %s", args, g, want)
		}
	}
}

func fixed(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }

// TestSeason: a series that repeats exactly is forecast exactly, and its gaps are filled.
func TestSeason(t *testing.T) {
	var x []float64
	for i := range 20 {
		x = append(x, []float64{10, 20, 5, 7}[i%4])
	}
	whole := append([]float64(nil), x...)
	x[9], x[14] = math.NaN(), math.NaN()
	s := Smoothing{Order: 3, Season: 4, Alpha: 0.3, Beta: 0.1, Gamma: 0.2}
	out, sse := s.run(x)
	if sse > 1e-20 {
		t.Errorf("the error of the forecasts is %g", sse)
	}
	for i, v := range out {
		if math.Abs(v-whole[i]) > 1e-9 {
			t.Errorf("value %d is %g, want %g", i, v, whole[i])
		}
	}
}

// TestSearch: parameters that are NaN are chosen, and better than any fixed middle setting.
func TestSearch(t *testing.T) {
	var x []float64
	for i := range 40 {
		x = append(x, 3*float64(i)+math.Sin(float64(i)))
	}
	s := Smoothing{Order: 2, Alpha: math.NaN(), Beta: math.NaN(), Gamma: 0.5, Tries: 50}
	best := s.best(x)
	again := s.best(x)
	_, middle := Smoothing{Order: 2, Alpha: 0.05, Beta: 0.05}.run(x)
	e := 0.0
	for i := range best {
		if best[i] != again[i] {
			t.Fatal("two searches differ")
		}
		if i+1 < len(x) && i > 0 {
			e += missed(x[i+1], best[i])
		}
	}
	if e > middle {
		t.Errorf("the search found an error of %g, a poor setting has %g", e, middle)
	}
}

func TestSmoothingErrors(t *testing.T) {
	for args, want := range map[string]string{
		"1;single;1;0.2;0.2": "six parameters", "1;simple;1;0.2;0.2;0.2": "single, double or triple", "1;single;1;2;0.2;0.2": "between 0 and 1",
		"1;triple;0;0.2;0.2;0.2": "frequency", "x;single;1;0.2;0.2;0.2": "not a number",
	} {
		if _, err := ParseSmoothing(args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", args, err, want)
		}
	}
	s, err := ParseSmoothing("1;single;1;0.2;0.2;0.2")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Smooth(stringFrame(t, "a", "1|x")); err == nil || !strings.Contains(err.Error(), "row 2") {
		t.Errorf("text: %v", err)
	}
}

// TestDominant: the first two expectations are from: Apache SystemDS 3.3; the others are
// computed by hand by the levels that the function documents.
func TestDominant(t *testing.T) {
	for _, c := range []struct {
		rows      string
		threshold float64
		want      string
	}{
		{"ab12|cd34|Ef56|x|12.5|GH78", 0.3, "ab12|cd34|NA|NA|NA|NA"},
		{"ab12|cd34|Ef56|x|12.5|GH78", 0.5, "ab12|cd34|Ef56|NA|NA|GH78"},
		{"1|22|333|4444|x|-5", 0.5, "1|22|333|4444|NA|NA"},
		{"a|1|%|a1", 0.9, "a|1|%|a1"},
		{"2020-01-02|2020-01-03|1/2/20|n/a|-|2020-11-12", 0.4, "2020-01-02|2020-01-03|NA|NA|null|2020-11-12"},
	} {
		f, err := Dominant(stringFrame(t, "a", c.rows), c.threshold, "NA")
		if err != nil {
			t.Fatal(err)
		}
		same(t, c.rows, f, c.want)
	}
}
