package exp

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// estimate is a mean with its 95 % confidence interval, mean ± half. With fewer than two
// values there is none, and half is 0.
type estimate struct {
	n              int
	mean, sd, half float64
}

// estimated uses Student's distribution: values are taken as independent and normal.
func estimated(values []float64) estimate {
	e := estimate{n: len(values)}
	switch {
	case e.n == 0:
		e.mean = math.NaN()
	case e.n == 1:
		e.mean = values[0]
	default:
		e.mean, e.sd = stat.MeanStdDev(values, nil)
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(e.n - 1)}
		e.half = t.Quantile(0.975) * e.sd / math.Sqrt(float64(e.n))
	}
	return e
}

// sdInterval is the 95 % confidence interval of a standard deviation of n values, at least
// two, from the chi-squared distribution.
func sdInterval(sd float64, n int) (low, high float64) {
	d := float64(n - 1)
	chi := distuv.ChiSquared{K: d}
	return sd * math.Sqrt(d/chi.Quantile(0.975)), sd * math.Sqrt(d/chi.Quantile(0.025))
}

// exponent fits y = c x^e to positive points by least squares of the logarithms. There must
// be two different x.
func exponent(x, y []float64) float64 {
	lx, ly := make([]float64, len(x)), make([]float64, len(y))
	for i := range x {
		lx[i], ly[i] = math.Log(x[i]), math.Log(y[i])
	}
	_, slope := stat.LinearRegression(lx, ly, nil, false)
	return slope
}

// group is the rows of one configuration.
type group struct {
	label string // the settings in which it differs from the others
	rows  [][]string
}

// settings returns the columns of settings, which stand between seed and rc.
func (t *results) settings() []string {
	i, j := slices.Index(t.header, "seed"), slices.Index(t.header, "rc")
	if i < 0 || j < i {
		return nil
	}
	return t.header[i+1 : j]
}

// successful returns the rows of runs that succeeded in the order of the runs, which is not
// that of the rows when several ran at the same time.
func (t *results) successful() [][]string {
	var out [][]string
	for _, r := range t.rows {
		if t.text(r, "rc") == "0" {
			out = append(out, r)
		}
	}
	run := func(r []string) float64 { v, _ := t.number(r, "run"); return v }
	slices.SortStableFunc(out, func(a, b []string) int { return cmp.Compare(run(a), run(b)) })
	return out
}

// groups gathers rows of equal settings, those named in without aside, in the order of
// their first rows.
func (t *results) groups(rows [][]string, without ...string) []group {
	var columns []string
	for _, c := range t.settings() {
		differs := func(r []string) bool { return t.text(r, c) != t.text(rows[0], c) }
		if !slices.Contains(without, c) && slices.ContainsFunc(rows, differs) {
			columns = append(columns, c)
		}
	}
	var out []group
	at := map[string]int{}
	for _, r := range rows {
		var parts []string
		for _, c := range columns {
			if v := t.text(r, c); v != "" {
				parts = append(parts, strings.TrimPrefix(c, dataPrefix)+"="+v)
			}
		}
		label := strings.Join(parts, " ")
		if label == "" {
			label = "all runs"
		}
		i, ok := at[label]
		if !ok {
			i = len(out)
			at[label] = i
			out = append(out, group{label: label})
		}
		out[i].rows = append(out[i].rows, r)
	}
	return out
}

// numbers returns the finite numbers of a column.
func (t *results) numbers(rows [][]string, column string) []float64 {
	var out []float64
	for _, r := range rows {
		if v, ok := t.number(r, column); ok {
			out = append(out, v)
		}
	}
	return out
}

// having returns the rows in which all these columns hold finite numbers.
func (t *results) having(rows [][]string, columns ...string) [][]string {
	var out [][]string
	for _, r := range rows {
		if !slices.ContainsFunc(columns, func(c string) bool { _, ok := t.number(r, c); return !ok }) {
			out = append(out, r)
		}
	}
	return out
}
