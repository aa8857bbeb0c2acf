package transform

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gdml/runtime/frame"
	"gdml/runtime/value"
)

// Smoothing are the parameters of exponential smoothing of a series.
type Smoothing struct {
	Order  int // 1 level, 2 level and trend (Holt), 3 level, trend and season (Holt and Winters, additive)
	Season int // length of the season, of order 3
	Alpha  float64
	Beta   float64
	Gamma  float64
	Tries  int // how many settings are tried when a parameter is NaN
}

// ParseSmoothing reads "tries;mode;season;alpha;beta;gamma", mode one of single, double and
// triple. Parameters lie between 0 and 1; NaN asks for a search.
func ParseSmoothing(args string) (Smoothing, error) {
	fields := strings.Split(args, ";")
	if len(fields) != 6 {
		return Smoothing{}, fmt.Errorf("six parameters iterations;mode;frequency;alpha;beta;gamma are needed, not %q", args)
	}
	var num [6]float64
	for i, f := range fields {
		fields[i] = strings.Trim(strings.TrimSpace(f), `"'`)
		v, ok := value.ParseNumber(fields[i])
		if !ok && i != 1 {
			return Smoothing{}, fmt.Errorf("%q is not a number", f)
		}
		num[i] = v
	}
	s := Smoothing{Order: slices.Index([]string{"single", "double", "triple"}, fields[1]) + 1, Alpha: num[3], Beta: num[4], Gamma: num[5]}
	s.Tries, s.Season = int(min(max(num[0], 1), 1e6)), int(min(max(num[2], 0), 1e9))
	switch {
	case s.Order == 0:
		return s, fmt.Errorf("the mode must be single, double or triple, not %q", fields[1])
	case s.Order == 3 && s.Season < 1:
		return s, fmt.Errorf("the frequency of triple smoothing must be at least 1, not %v", num[2])
	}
	for _, p := range num[3:] {
		if p < 0 || p > 1 {
			return s, fmt.Errorf("alpha, beta and gamma must lie between 0 and 1, not %v", p)
		}
	}
	return s, nil
}

// Smooth smooths each column of f and returns FP64 columns; missing cells and NaN take the
// forecast. If a parameter is NaN, the setting with the smallest squared error of the forecasts
// among Tries is taken; they are spread evenly, so that equal calls give equal results.
func (s Smoothing) Smooth(f *frame.Frame) (*frame.Frame, error) {
	cols := make([]frame.Column, f.Cols())
	for j := range cols {
		c := f.Column(j)
		x := make([]float64, c.Len())
		for i := range x {
			v, ok := value.CellNumber(c, i)
			if !ok {
				return nil, fmt.Errorf("row %d of column %s: %q is not a number", i+1, c.Name, c.Value(i))
			}
			x[i] = v
		}
		cols[j] = frame.Column{Kind: frame.FP64, Nums: s.best(x)}
	}
	return frame.New(f.Rows(), cols)
}

// best smooths x with the given or the best parameters.
func (s Smoothing) best(x []float64) []float64 {
	if !math.IsNaN(s.Alpha + s.Beta + s.Gamma) {
		out, _ := s.run(x)
		return out
	}
	var best []float64
	least := math.Inf(1)
	for k := range s.Tries {
		t := s
		for i, p := range []*float64{&t.Alpha, &t.Beta, &t.Gamma} {
			if math.IsNaN(*p) {
				*p = spread(k, i)
			}
		}
		if out, e := t.run(x); e < least || best == nil {
			best, least = out, e
		}
	}
	return best
}

// spread returns the k-th point of a sequence that fills (0, 1) evenly in each dimension i:
// the multiples of the powers of 1/phi (M. Roberts, The unreasonable effectiveness of
// quasirandom sequences, 2018).
func spread(k, i int) float64 {
	const phi = 1.2207440846057596 // the real root above 1 of x^4 = x + 1
	_, frac := math.Modf(0.5 + float64(k+1)*math.Pow(1/phi, float64(i+1)))
	return frac
}

// run smooths x and returns the sum of the squared errors of the one-step forecasts.
func (s Smoothing) run(x []float64) (out []float64, sse float64) {
	switch out = make([]float64, len(x)); {
	case len(x) == 0:
		return out, 0
	case s.Order == 1:
		return s.single(x, out)
	case s.Order == 2:
		return s.double(x, out)
	}
	return s.triple(x, out)
}

func missed(x, forecast float64) float64 {
	if x != x {
		return 0
	}
	return (x - forecast) * (x - forecast)
}

func (s Smoothing) single(x, out []float64) ([]float64, float64) {
	level, sse := x[0], 0.0
	for i, v := range x {
		if level != level {
			level = v
		}
		sse += missed(v, level)
		if v == v {
			level = s.Alpha*v + (1-s.Alpha)*level
		}
		out[i] = level
	}
	return out, sse
}

func (s Smoothing) double(x, out []float64) ([]float64, float64) {
	level, trend, sse := x[0], 0.0, 0.0
	if len(x) > 1 && x[1] == x[1] {
		trend = x[1] - x[0]
	}
	out[0] = x[0]
	for i := 1; i < len(x); i++ {
		v, forecast := x[i], level+trend
		if forecast != forecast {
			level, trend, out[i] = v, 0, v
			continue
		}
		sse += missed(v, forecast)
		if v != v {
			v = forecast
		}
		before := level
		level = s.Alpha*v + (1-s.Alpha)*forecast
		trend = s.Beta*(level-before) + (1-s.Beta)*trend
		out[i] = level + trend
	}
	return out, sse
}

func (s Smoothing) triple(x, out []float64) ([]float64, float64) {
	n := min(s.Season, len(x))
	level := meanPresent(x[:n])
	season := make([]float64, n)
	for i := range season {
		if x[i] == x[i] {
			season[i] = x[i] - level
		}
		out[i] = level + season[i]
	}
	trend, sse := 0.0, 0.0
	if second := meanPresent(x[n:min(2*n, len(x))]); second == second {
		trend = (second - level) / float64(n)
	}
	for i := n; i < len(x); i++ {
		k := i % n
		v, forecast := x[i], level+trend+season[k]
		sse += missed(v, forecast)
		if v != v {
			v = forecast
		}
		before := level
		level = s.Alpha*(v-season[k]) + (1-s.Alpha)*(level+trend)
		trend = s.Beta*(level-before) + (1-s.Beta)*trend
		season[k] = s.Gamma*(v-level) + (1-s.Gamma)*season[k]
		out[i] = level + trend + season[k]
	}
	return out, sse
}

// meanPresent returns the mean of the numbers that are not NaN.
func meanPresent(x []float64) float64 {
	var vals []float64
	for _, v := range x {
		if v == v {
			vals = append(vals, v)
		}
	}
	return mean(vals)
}
