package transform

import (
	"fmt"
	"slices"
	"strings"
)

// Plan says what is done with each column of a frame.
type Plan struct {
	names []string
	cols  []colPlan
	omit  bool  // some column drops rows
	udf   []int // source columns of the function, 0-based
	fn    string
}

// method is how the cells of a column become numbers.
type method uint8

const (
	pass method = iota // parsed as numbers
	recode
	hash
	binned
	words // bag of words: a count for each word
	embed // recode, then a row of the embedding
)

var methodKeys = [...]string{"passthrough", "recode", "hash", "bin", "bag_of_words", "word_embedding"}

type colPlan struct {
	name   string
	method method
	dummy  bool
	omit   bool
	k      int    // buckets or bins
	bin    string // method of binning
	impute *imputeSpec
}

// Bind applies the specification to the columns called names.
func (s *Spec) Bind(names []string) (p *Plan, err error) {
	defer catch(&err)
	b := &binder{s: s, Plan: &Plan{names: names, cols: make([]colPlan, len(names))}, set: make([]bool, len(names))}
	for j, n := range names {
		b.cols[j].name = n
	}
	b.encoders()
	for _, c := range s.lists["dummycode"] {
		j := b.column(c, "dummycode")
		switch b.cols[j].method {
		case pass:
			if b.set[j] {
				b.failAt(c, "", "the column %s is in passthrough, it cannot be dummycoded", names[j])
			}
			b.cols[j].method = recode
		case words, embed:
			b.failAt(c, "", "the column %s is in %s, it cannot be dummycoded", names[j], methodKeys[b.cols[j].method])
		}
		b.cols[j].dummy = true
	}
	for _, c := range s.lists["omit"] {
		b.cols[b.column(c, "omit")].omit, b.omit = true, true
	}
	for i := range s.impute {
		b.imputation(&s.impute[i])
	}
	if s.udf != nil {
		b.fn = s.udf.name
		for _, c := range s.udf.columns {
			b.udf = append(b.udf, b.column(c, "udf"))
		}
		slices.Sort(b.udf)
	}
	return b.Plan, nil
}

// binder builds a plan.
type binder struct {
	*Plan
	s   *Spec
	set []bool // a method was chosen
}

func (b *binder) failAt(c column, hint, format string, args ...any) {
	b.s.fail(&node{at: c.at}, hint, format, args...)
}

// column returns the 0-based index of c.
func (b *binder) column(c column, key string) int {
	if b.s.ids {
		if c.id > len(b.names) {
			b.failAt(c, "", "%s names column %d, but the frame has %d columns", key, c.id, len(b.names))
		}
		return c.id - 1
	}
	j := slices.Index(b.names, c.name)
	if j < 0 {
		hint := "the columns are " + strings.Join(b.names[:min(len(b.names), 20)], ", ")
		if strings.Trim(c.name, "0123456789") == "" {
			hint = "add ids:true to give numbers"
		}
		b.failAt(c, hint, "%s names the column %q, which the frame does not have", key, c.name)
	}
	return j
}

// encoders chooses the method of each column; only one is allowed.
func (b *binder) encoders() {
	choose := func(c column, m method) *colPlan {
		j := b.column(c, methodKeys[m])
		if b.set[j] {
			b.failAt(c, "keep one of them", "the column %s is in %s already, it cannot be in %s too", b.names[j], methodKeys[b.cols[j].method], methodKeys[m])
		}
		b.set[j], b.cols[j].method = true, m
		return &b.cols[j]
	}
	for _, m := range []method{pass, recode, hash, words, embed} {
		for _, c := range b.s.lists[methodKeys[m]] {
			choose(c, m).k = b.s.buckets
		}
	}
	for _, d := range b.s.bins {
		c := choose(d.column, binned)
		c.k, c.bin = d.n, d.method
	}
}

func (b *binder) imputation(m *imputeSpec) {
	j := b.column(m.column, "impute")
	c := &b.cols[j]
	switch {
	case c.impute != nil:
		b.failAt(m.column, "", "impute names the column %s twice", c.name)
	case c.method == words || c.method == embed:
		b.failAt(m.column, "", "the column %s is in %s, its missing cells cannot be imputed", c.name, methodKeys[c.method])
	case m.method == "global_mean" && (c.method == recode || c.method == hash):
		b.failAt(m.column, "use global_mode", "the column %s is in %s, codes have no mean", c.name, methodKeys[c.method])
	}
	c.impute = m
}

// UDF returns the name of the function that the specification applies, "" for none.
func (p *Plan) UDF() string { return p.fn }

// where names column j in messages.
func (p *Plan) where(j int) string { return fmt.Sprintf("column %d (%s)", j+1, p.names[j]) }
