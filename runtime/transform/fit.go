package transform

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"gdml/runtime/frame"
	"gdml/runtime/value"
)

// fitted is what encoding learns of one column.
type fitted struct {
	tokens []string       // of recode, words and embed, by code
	codes  map[string]int // 1-based
	lower  []float64      // bounds of the bins
	upper  []float64
	impute float64 // what stands for a missing cell, in codes or numbers
	text   string  // of impute, as the metadata has it
}

// token returns the text of a cell, and false when it is missing or empty.
func token(c *frame.Column, i int) (string, bool) {
	switch v := c.Value(i).(type) {
	case nil:
		return "", false
	case string:
		return v, v != ""
	}
	return value.CellText(c, i), true
}

// number returns a cell as a number, NaN for a missing one.
func (p *Plan) number(c *frame.Column, i, j int) (float64, error) {
	v, ok := value.CellNumber(c, i)
	if !ok {
		return 0, fmt.Errorf("row %d of %s: %q is not a number; list the column in recode, dummycode or hash", i+1, p.where(j), c.Value(i))
	}
	return v, nil
}

// fit learns column j from its cells.
func (p *Plan) fit(c *frame.Column, j int) (*fitted, error) {
	f := &fitted{}
	switch plan := &p.cols[j]; plan.method {
	case recode, embed:
		f.codes = map[string]int{}
		for i := range c.Len() {
			if t, ok := token(c, i); ok {
				f.add(t)
			}
		}
	case words:
		f.codes = map[string]int{}
		for i := range c.Len() {
			t, _ := token(c, i)
			for _, w := range Words(t) {
				f.add(w)
			}
		}
	case binned:
		vals, err := p.present(c, j)
		if err != nil {
			return nil, err
		}
		f.lower, f.upper = bounds(vals, plan.bin, plan.k)
	}
	if p.cols[j].impute == nil {
		return f, nil
	}
	return f, p.fitImpute(f, c, j)
}

func (f *fitted) add(t string) {
	if _, ok := f.codes[t]; !ok {
		f.tokens = append(f.tokens, t)
		f.codes[t] = len(f.tokens)
	}
}

// present returns the numbers of a column that are not missing.
func (p *Plan) present(c *frame.Column, j int) ([]float64, error) {
	vals := make([]float64, 0, c.Len())
	for i := range c.Len() {
		v, err := p.number(c, i, j)
		if err != nil {
			return nil, err
		}
		if v == v {
			vals = append(vals, v)
		}
	}
	return vals, nil
}

// bounds cuts the range of vals into k bins. Bins of equal width split the span from the
// smallest to the largest value; the upper bounds of bins of equal height are the
// quantiles of rank ceil(n*i/k) (builtin reference §16.2). Without values the bounds are NaN.
// The approximate method of the reference, which looks at a sample, is computed exactly.
func bounds(vals []float64, method string, k int) (lower, upper []float64) {
	lower, upper = make([]float64, k), make([]float64, k)
	if len(vals) == 0 {
		for i := range k {
			lower[i], upper[i] = math.NaN(), math.NaN()
		}
		return lower, upper
	}
	if method == "equi-width" {
		lo, hi := slices.Min(vals), slices.Max(vals)
		width := (hi - lo) / float64(k)
		for i := range k {
			lower[i], upper[i] = lo+float64(i)*width, lo+float64(i+1)*width
		}
		lower[0], upper[k-1] = lo, hi
		return lower, upper
	}
	vals = slices.Sorted(slices.Values(vals))
	at := vals[0]
	for i := range k {
		rank := (len(vals)*(i+1) + k - 1) / k
		lower[i], upper[i] = at, vals[rank-1]
		at = upper[i]
	}
	return lower, upper
}

// binOf returns the code of v: by the formula for bins of equal width, else the first bin
// whose upper bound is not below v. Values outside go to the first and last bin.
func (f *fitted) binOf(v float64, method string) float64 {
	k := len(f.upper)
	if v != v || k == 0 || f.upper[0] != f.upper[0] {
		return math.NaN()
	}
	if method == "equi-width" {
		lo, hi := f.lower[0], f.upper[k-1]
		if lo == hi {
			return 1
		}
		return min(max(math.Ceil((v-lo)/(hi-lo)*float64(k)), 1), float64(k))
	}
	at := sort.SearchFloat64s(f.upper, v)
	return float64(min(at, k-1) + 1)
}

// fitImpute finds what stands for the missing cells of column j.
func (p *Plan) fitImpute(f *fitted, c *frame.Column, j int) error {
	m := p.cols[j].impute
	if m.method == "constant" {
		return p.imputeText(f, j, m.value, c.Kind)
	}
	if p.cols[j].method == recode || p.cols[j].method == hash {
		text, ok := commonToken(c)
		if !ok {
			return nil
		}
		return p.imputeText(f, j, text, c.Kind)
	}
	vals, err := p.present(c, j)
	if err != nil || len(vals) == 0 {
		return err
	}
	v := commonNumber(vals)
	if m.method == "global_mean" {
		v = mean(vals)
	}
	return p.imputeText(f, j, value.Text(v), c.Kind)
}

// imputeText sets what stands for missing cells to the text that metadata hold: a token,
// or a number, which is encoded as the cells of the column, of type kind, are.
func (p *Plan) imputeText(f *fitted, j int, text string, kind frame.Kind) error {
	f.text = text
	switch plan := &p.cols[j]; plan.method {
	case recode:
		code, ok := f.codes[text]
		if !ok {
			return fmt.Errorf("%s: the value %q that is put for missing cells is no token of the column", p.where(j), text)
		}
		f.impute = float64(code)
	case hash:
		c := frame.NewColumn("", kind, 1)
		if err := c.Parse(0, text, value.ParseNumber); err != nil {
			return fmt.Errorf("%s: the value that is put for missing cells: %w", p.where(j), err)
		}
		h, _ := javaCell(&c, 0)
		f.impute = bucket(h, plan.k)
	default:
		v, ok := value.ParseNumber(text)
		if !ok {
			return fmt.Errorf("%s: the value %q that is put for missing cells is not a number", p.where(j), text)
		}
		f.impute = v
		if plan.method == binned {
			f.impute = f.binOf(v, plan.bin)
		}
	}
	return nil
}

// commonToken returns the most frequent token, the first one of equally frequent ones.
func commonToken(c *frame.Column) (string, bool) {
	count := map[string]int{}
	best := ""
	for i := range c.Len() {
		if t, ok := token(c, i); ok {
			count[t]++
			best = t
		}
	}
	for i := c.Len() - 1; i >= 0; i-- { // backwards, so that the first one stays
		if t, ok := token(c, i); ok && count[t] >= count[best] {
			best = t
		}
	}
	return best, len(count) > 0
}

// commonNumber returns the most frequent number, the first one of equally frequent ones.
func commonNumber(vals []float64) float64 {
	count := map[float64]int{}
	for _, v := range vals {
		count[v]++
	}
	best := vals[0]
	for _, v := range vals {
		if count[v] > count[best] {
			best = v
		}
	}
	return best
}

// mean adds with compensation (Kahan), so that order hardly matters.
func mean(vals []float64) float64 {
	sum, lost := 0.0, 0.0
	for _, v := range vals {
		y := v - lost
		t := sum + y
		lost = (t - sum) - y
		sum = t
	}
	return sum / float64(len(vals))
}
