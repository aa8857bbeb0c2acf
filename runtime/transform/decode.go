package transform

import (
	"fmt"
	"math"

	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Decode turns numbers (n x k, as Encode laid them out) back into a frame (n x m). A code
// becomes its token, a group of dummycode the token of its first non-zero column, a bin its
// centre, shifted by the fractional part of the code; a code that has no token becomes a
// missing cell. Columns that were parsed as numbers are FP64, hashes are their buckets,
// all others are strings. Bags of words and embeddings cannot be decoded.
func (p *Plan) Decode(x *matrix.Matrix, meta *frame.Frame) (*frame.Frame, error) {
	fits, widths, err := p.layout(meta)
	if err != nil {
		return nil, err
	}
	if k := total(widths); k != x.Cols() {
		return nil, fmt.Errorf("the metadata and the specification describe %d columns, the matrix has %d", k, x.Cols())
	}
	cols := make([]frame.Column, len(p.cols))
	at := 0
	for j := range cols {
		if m := p.cols[j].method; m == words || m == embed {
			return nil, fmt.Errorf("%s is in %s, which cannot be decoded", p.where(j), methodKeys[m])
		}
		cols[j] = p.decode(x, at, widths[j], j, fits[j])
		cols[j].Name = meta.Column(j).Name
		at += widths[j]
	}
	return frame.New(x.Rows(), cols)
}

// layout reads the metadata and returns how many encoded columns each column has.
func (p *Plan) layout(meta *frame.Frame) ([]*fitted, []int, error) {
	if meta.Cols() != len(p.cols) {
		return nil, nil, fmt.Errorf("the specification is for %d columns, the metadata has %d", len(p.cols), meta.Cols())
	}
	bare := *p
	bare.cols = append([]colPlan(nil), p.cols...)
	fits := make([]*fitted, len(p.cols))
	for j := range fits {
		bare.cols[j].impute = nil // decoding asks for no value
		f, err := bare.fromMeta(meta.Column(j), j, frame.String)
		if err != nil {
			return nil, nil, err
		}
		fits[j] = f
	}
	return fits, p.widths(fits, nil), nil
}

func (p *Plan) decode(x *matrix.Matrix, at, width, j int, f *fitted) frame.Column {
	plan := &p.cols[j]
	kind := frame.String
	if !plan.dummy && (plan.method == pass || plan.method == hash) {
		kind = frame.FP64
	}
	c := frame.NewColumn("", kind, x.Rows())
	for i := range x.Rows() {
		v := x.At(i, at)
		if plan.dummy {
			v = math.NaN()
			for k := range width {
				if g := x.At(i, at+k); g != 0 && g == g {
					v = float64(k + 1)
					break
				}
			}
		}
		if kind == frame.FP64 {
			c.Nums[i] = v
			continue
		}
		if text, ok := plan.text(f, v); ok {
			c.Strs[i] = text
		} else {
			c.SetMissing(i)
		}
	}
	return c
}

// text returns what a code stands for; ok is false for none.
func (c *colPlan) text(f *fitted, v float64) (s string, ok bool) {
	code := math.Floor(v)
	switch c.method {
	case recode:
		if !(code >= 1 && code <= float64(len(f.tokens))) {
			return "", false
		}
		return f.tokens[int(code)-1], true
	case binned:
		if !(code >= 1 && code <= float64(len(f.upper))) {
			return "", false
		}
		lo, hi := f.lower[int(code)-1], f.upper[int(code)-1]
		return value.Text(lo + (v-code+0.5)*(hi-lo)), true
	}
	return value.Text(int64(code)), code == code
}

// ColMap returns an m x 3 matrix: each source column with the first and last of its encoded
// columns, 1-based. A column of no encoded columns has a last one below its first.
func (p *Plan) ColMap(meta *frame.Frame) (*matrix.Matrix, error) {
	_, widths, err := p.layout(meta)
	if err != nil {
		return nil, err
	}
	out := make([]float64, 0, 3*len(widths))
	at := 0
	for j, w := range widths {
		out = append(out, float64(j+1), float64(at+1), float64(at+w))
		at += w
	}
	return matrix.FromDense(len(widths), 3, out), nil
}

// Mask returns a 1 x k matrix with a 1 for each encoded column that is categorical: the
// codes of recode and hash, and the groups of dummycode. f is the frame that is encoded,
// or metadata that note the number of distinct items. Bins, bags of words, embeddings and
// functions are not supported.
func (p *Plan) Mask(f *frame.Frame) (*matrix.Matrix, error) {
	if p.fn != "" {
		return nil, fmt.Errorf("a mask of categories cannot be made of a specification with udf")
	}
	var out []float64
	for j := range p.cols {
		plan := &p.cols[j]
		width, mask := 1, 1.0
		switch {
		case plan.method == pass:
			mask = 0
		case plan.method != recode && plan.method != hash:
			return nil, fmt.Errorf("%s is in %s, which a mask of categories cannot have", p.where(j), methodKeys[plan.method])
		case plan.dummy && plan.method == hash:
			width = plan.k
		case plan.dummy:
			if width = int(f.Column(j).Meta.Distinct); width == 0 {
				fit, err := p.fit(f.Column(j), j)
				if err != nil {
					return nil, err
				}
				width = len(fit.tokens)
			}
		}
		for range width {
			out = append(out, mask)
		}
	}
	return matrix.FromDense(1, len(out), out), nil
}
