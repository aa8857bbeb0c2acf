package transform

import (
	"fmt"
	"strconv"
	"strings"

	"gdml/runtime/frame"
	"gdml/runtime/value"
)

// mark stands between a token and its code, and between the bounds of a bin.
const mark = "·"

// meta writes what was fitted as a frame of strings (builtin reference §16.3): for recode,
// bag_of_words and word_embedding a row token·code for each code in ascending order, for
// bin a row lower·upper for each bin, for hash the number of buckets. The other cells are
// missing. Recoded and binned columns note their number of distinct items, imputed ones
// what is put for missing cells.
func (p *Plan) meta(fits []*fitted) (*frame.Frame, error) {
	cells := make([][]string, len(fits))
	rows := 0
	for j, f := range fits {
		cells[j] = p.metaCells(j, f)
		rows = max(rows, len(cells[j]))
	}
	cols := make([]frame.Column, len(fits))
	for j := range cols {
		c := frame.NewColumn(p.names[j], frame.String, rows)
		copy(c.Strs, cells[j])
		for i := len(cells[j]); i < rows; i++ {
			c.SetMissing(i)
		}
		c.Meta.Impute = fits[j].text
		switch p.cols[j].method {
		case recode, binned:
			c.Meta.Distinct = int64(len(cells[j]))
		}
		cols[j] = c
	}
	return frame.New(rows, cols)
}

func (p *Plan) metaCells(j int, f *fitted) []string {
	var out []string
	switch p.cols[j].method {
	case recode, words, embed:
		for i, t := range f.tokens {
			out = append(out, t+mark+strconv.Itoa(i+1))
		}
	case binned:
		for i := range f.upper {
			out = append(out, value.Text(f.lower[i])+mark+value.Text(f.upper[i]))
		}
	case hash:
		out = []string{strconv.Itoa(p.cols[j].k)}
	}
	return out
}

// SplitEntry splits a row token·code at its last mark: the token may hold marks itself.
func SplitEntry(s string) (token, code string, ok bool) {
	i := strings.LastIndex(s, mark)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(mark):], true
}

// fromMeta reads back what meta wrote of column j. Rows may stand in any order. kind is
// the type of the column that will be encoded.
func (p *Plan) fromMeta(c *frame.Column, j int, kind frame.Kind) (*fitted, error) {
	f := &fitted{}
	var err error
	switch p.cols[j].method {
	case recode, words, embed:
		err = p.readCodes(f, c, j)
	case binned:
		err = p.readBins(f, c, j)
	}
	if err != nil {
		return nil, err
	}
	if m := p.cols[j].impute; m != nil {
		text := c.Meta.Impute
		if m.method == "constant" {
			text = m.value
		}
		if text == "" {
			return nil, fmt.Errorf("the metadata of %s do not say what stands for missing cells; was it encoded with the same specification?", p.where(j))
		}
		return f, p.imputeText(f, j, text, kind)
	}
	return f, nil
}

func (p *Plan) readCodes(f *fitted, c *frame.Column, j int) error {
	f.codes = map[string]int{}
	for i := range c.Len() {
		t, ok := token(c, i)
		if !ok {
			continue
		}
		tok, text, split := SplitEntry(t)
		code, err := strconv.Atoi(text)
		if !split || err != nil || code < 1 || code > c.Len() {
			return fmt.Errorf("row %d of the metadata of %s: token%scode is needed, with a code from 1 to %d, found %q", i+1, p.where(j), mark, c.Len(), t)
		}
		for len(f.tokens) < code {
			f.tokens = append(f.tokens, "")
		}
		f.tokens[code-1], f.codes[tok] = tok, code
	}
	return nil
}

func (p *Plan) readBins(f *fitted, c *frame.Column, j int) error {
	for i := range c.Len() {
		t, ok := token(c, i)
		if !ok {
			continue
		}
		lo, hi, split := SplitEntry(t)
		l, ok1 := value.ParseNumber(lo)
		h, ok2 := value.ParseNumber(hi)
		if !split || !ok1 || !ok2 {
			return fmt.Errorf("row %d of the metadata of %s: lower%supper is needed, found %q", i+1, p.where(j), mark, t)
		}
		f.lower, f.upper = append(f.lower, l), append(f.upper, h)
	}
	if len(f.upper) != p.cols[j].k {
		return fmt.Errorf("the metadata of %s have %d bins, the specification %d", p.where(j), len(f.upper), p.cols[j].k)
	}
	return nil
}
