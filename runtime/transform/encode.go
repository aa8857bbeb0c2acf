package transform

import (
	"errors"
	"fmt"
	"math"

	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// UDF is a function of the specification, from matrix to matrix of the same size.
type UDF func(x *matrix.Matrix) (*matrix.Matrix, error)

// Encode fits the plan to f (n x m) and returns f as numbers, with the metadata, a frame
// of strings of m columns. Rows that omit names are left out of the numbers only.
func (p *Plan) Encode(mc *matrix.Ctx, f *frame.Frame, udf UDF) (*matrix.Matrix, *frame.Frame, error) {
	fits := make([]*fitted, len(p.cols))
	for j := range p.cols {
		fit, err := p.fit(f.Column(j), j)
		if err != nil {
			return nil, nil, err
		}
		fits[j] = fit
	}
	x, err := p.numbers(mc, f, fits, nil, udf)
	if err != nil {
		return nil, nil, err
	}
	meta, err := p.meta(fits)
	if err != nil {
		x.Release()
		return nil, nil, err
	}
	return x, meta, nil
}

// Apply encodes f (n x m) by the metadata of an earlier Encode (m columns). embedding
// holds a row for each code of the columns in word_embedding; it is nil when there are none.
func (p *Plan) Apply(mc *matrix.Ctx, f, meta *frame.Frame, embedding *matrix.Matrix, udf UDF) (*matrix.Matrix, error) {
	if meta.Cols() != len(p.cols) {
		return nil, fmt.Errorf("the frame has %d columns, the metadata has %d", len(p.cols), meta.Cols())
	}
	fits := make([]*fitted, len(p.cols))
	for j := range p.cols {
		if p.cols[j].method == embed && embedding == nil {
			return nil, fmt.Errorf("%s is in word_embedding, so the argument embedding is needed", p.where(j))
		}
		fit, err := p.fromMeta(meta.Column(j), j, f.Column(j).Kind)
		if err != nil {
			return nil, err
		}
		fits[j] = fit
	}
	return p.numbers(mc, f, fits, embedding, udf)
}

// widths returns how many output columns each column has.
func (p *Plan) widths(fits []*fitted, embedding *matrix.Matrix) []int {
	w := make([]int, len(p.cols))
	for j := range w {
		w[j] = p.width(j, fits[j])
		if p.cols[j].method == embed && embedding != nil {
			w[j] = embedding.Cols()
		}
	}
	return w
}

func (p *Plan) width(j int, f *fitted) int {
	switch c := &p.cols[j]; {
	case c.method == words:
		return len(f.tokens)
	case !c.dummy:
		return 1
	case c.method == recode:
		return len(f.tokens)
	default:
		return c.k
	}
}

func total(widths []int) int {
	n := 0
	for _, w := range widths {
		n += w
	}
	return n
}

// numbers encodes f column by column and applies the function and omit.
func (p *Plan) numbers(mc *matrix.Ctx, f *frame.Frame, fits []*fitted, embedding *matrix.Matrix, udf UDF) (*matrix.Matrix, error) {
	widths := p.widths(fits, embedding)
	cols := total(widths)
	if err := matrix.CheckSize(f.Rows(), cols); err != nil {
		return nil, err
	}
	out := newTable(f.Rows(), cols, len(p.cols))
	at := 0
	for j := range p.cols {
		if err := p.encode(out, at, f.Column(j), j, fits[j], embedding); err != nil {
			return nil, err
		}
		at += widths[j]
	}
	x, err := p.applyUDF(mc, out.matrix(mc), widths, udf)
	if err != nil || !p.omit {
		return x, err
	}
	defer x.Release()
	return p.omitRows(mc, x, f)
}

// encode writes the cells of column j into the columns of out from at on.
func (p *Plan) encode(out *table, at int, c *frame.Column, j int, f *fitted, embedding *matrix.Matrix) error {
	plan := &p.cols[j]
	for i := range c.Len() {
		if plan.method == words {
			t, _ := token(c, i)
			count := map[int]float64{}
			for _, w := range Words(t) {
				count[f.codes[w]]++
			}
			delete(count, 0) // words without a code
			for code, n := range count {
				out.set(i, at+code-1, n)
			}
			continue
		}
		v, missing, err := p.code(c, i, j, f)
		if err != nil {
			return err
		}
		if missing && plan.impute != nil && f.text != "" {
			v = f.impute
		}
		switch {
		case plan.method == embed && embedding != nil:
			if v == v && int(v) > embedding.Rows() {
				return fmt.Errorf("row %d of %s: the token has code %d, but the embedding has %d rows", i+1, p.where(j), int(v), embedding.Rows())
			}
			for k := 0; v == v && k < embedding.Cols(); k++ {
				out.set(i, at+k, embedding.At(int(v)-1, k))
			}
		case !plan.dummy:
			out.set(i, at, v)
		case v == v:
			out.set(i, at+int(v)-1, 1)
		}
	}
	return nil
}

// code returns the number of a cell before impute and dummycode, NaN for none, and whether
// the cell is missing.
func (p *Plan) code(c *frame.Column, i, j int, f *fitted) (v float64, missing bool, err error) {
	switch plan := &p.cols[j]; plan.method {
	case recode, embed:
		t, ok := token(c, i)
		if code := f.codes[t]; ok && code > 0 {
			return float64(code), false, nil
		}
		return math.NaN(), !ok, nil
	case hash:
		h, ok := javaCell(c, i)
		if !ok {
			return math.NaN(), true, nil
		}
		return bucket(h, plan.k), false, nil
	case binned:
		v, err := p.number(c, i, j)
		return f.binOf(v, plan.bin), v != v, err
	}
	v, err = p.number(c, i, j)
	return v, v != v, err
}

// errNoUDF is a plan with a function that was given none.
var errNoUDF = errors.New("the specification applies a function, but none is given")

// applyUDF replaces the columns that the function takes by its result.
func (p *Plan) applyUDF(mc *matrix.Ctx, x *matrix.Matrix, widths []int, udf UDF) (*matrix.Matrix, error) {
	if p.fn == "" {
		return x, nil
	}
	defer x.Release()
	if udf == nil {
		return nil, errNoUDF
	}
	var taken []int
	at := 0
	for j, w := range widths {
		for _, u := range p.udf {
			for k := 0; u == j && k < w; k++ {
				taken = append(taken, at+k)
			}
		}
		at += w
	}
	in := make([]float64, x.Rows()*len(taken))
	for i := range x.Rows() {
		for k, c := range taken {
			in[i*len(taken)+k] = x.At(i, c)
		}
	}
	arg := matrix.FromDense(x.Rows(), len(taken), in)
	defer arg.Release()
	y, err := udf(arg)
	if err != nil {
		return nil, err
	}
	defer y.Release()
	if y.Rows() != x.Rows() || y.Cols() != len(taken) {
		return nil, fmt.Errorf("the function %s of the specification turns %s into %s, the size must stay", p.fn, arg, y)
	}
	out := make([]float64, x.Rows()*x.Cols())
	for i := range x.Rows() {
		row := out[i*x.Cols() : (i+1)*x.Cols()]
		x.Row(i, row)
		for k, c := range taken {
			row[c] = y.At(i, k)
		}
	}
	return matrix.Compact(mc, matrix.FromDense(x.Rows(), x.Cols(), out)), nil
}

// omitRows drops the rows in which a column of omit is missing, empty or NaN.
func (p *Plan) omitRows(mc *matrix.Ctx, x *matrix.Matrix, f *frame.Frame) (*matrix.Matrix, error) {
	keep := make([]float64, f.Rows())
	for i := range keep {
		keep[i] = 1
		for j := range p.cols {
			if !p.cols[j].omit {
				continue
			}
			v, isNumber := f.Column(j).Value(i).(float64)
			if _, ok := token(f.Column(j), i); !ok || isNumber && v != v {
				keep[i] = 0
			}
		}
	}
	return matrix.RemoveEmpty(mc, x, true, matrix.FromDense(len(keep), 1, keep), false)
}
