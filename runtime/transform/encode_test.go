package transform

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// table5 is a frame of strings: id, name, age, flag, city, code, with missing cells.
func table5(t *testing.T) *frame.Frame {
	return stringFrame(t, "id name age flag city code", "1 ann 3.5 true Paris a1f|2 bob - false Rome b2c|3 ann 7 TRUE - c3d|4 x·y 2.25 F Paris d4e|5 cy 9 t Oslo e5f")
}

// stringFrame makes a frame of strings; a cell - is missing.
func stringFrame(t *testing.T, names, rows string) *frame.Frame {
	t.Helper()
	lines := strings.Split(rows, "|")
	if rows == "" {
		lines = nil
	}
	var cols []frame.Column
	for j, n := range strings.Fields(names) {
		c := frame.NewColumn(n, frame.String, len(lines))
		for i, l := range lines {
			if cell := strings.Fields(l)[j]; cell == "-" {
				c.SetMissing(i)
			} else {
				c.Strs[i] = cell
			}
		}
		cols = append(cols, c)
	}
	return newFrame(t, len(lines), cols...)
}

func newFrame(t *testing.T, rows int, cols ...frame.Column) *frame.Frame {
	t.Helper()
	f, err := frame.New(rows, cols)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func numbers(kind frame.Kind, vals ...float64) frame.Column {
	c := frame.NewColumn("", kind, len(vals))
	for i, v := range vals {
		if kind.Store() == frame.Ints {
			c.Ints[i] = int64(v)
		} else {
			c.Nums[i] = v
		}
	}
	return c
}

func bind(t *testing.T, spec string, f *frame.Frame) *Plan {
	t.Helper()
	s, err := Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Bind(f.Names())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func encode(t *testing.T, spec string, f *frame.Frame) (*Plan, *matrix.Matrix, *frame.Frame) {
	t.Helper()
	p := bind(t, spec, f)
	x, meta, err := p.Encode(nil, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, x, meta
}

// cells writes a matrix or frame with | between rows.
func cells(v value.Value) string {
	switch v := v.(type) {
	case *matrix.Matrix:
		return strings.ReplaceAll(strings.TrimSuffix(matrix.ToText(v, matrix.TextOpts{Rows: -1, Cols: -1, Decimals: 3, Sep: " ", LineSep: "|"}), "|"), ".000", "")
	case *frame.Frame:
		var rows []string
		for i := range v.Rows() {
			var row []string
			for j := range v.Cols() {
				row = append(row, value.CellText(v.Column(j), i))
			}
			rows = append(rows, strings.Join(row, " "))
		}
		return strings.Join(rows, "|")
	}
	return value.Text(v)
}

func same(t *testing.T, what string, got value.Value, want string) {
	t.Helper()
	if g := cells(got); g != want {
		t.Errorf("%s:\n got %s\nwant %s", what, g, want)
	}
}

// TestEncode: codes, bins, buckets and groups.
// from: Apache SystemDS 3.3, but for the rows of recode metadata, which stand in its hash
// order there, and for the bins of age, where it counts the missing cell as 0.
func TestEncode(t *testing.T) {
	f := table5(t)
	spec := `{recode:["name","city"], bin:[{name:age,method:equi-width,numbins:3}], hash:[code], K:10, dummycode:[flag]}`
	p, x, meta := encode(t, spec, f)
	same(t, "X", x, "1 1 1 1 0 0 0 0 1 9|2 2 NaN 0 1 0 0 0 2 8|3 1 3 0 0 1 0 0 NaN 1|4 3 1 0 0 0 1 0 1 4|5 4 3 0 0 0 0 1 3 7")
	same(t, "M", meta, "null ann·1 2.25·4.5 true·1 Paris·1 10|null bob·2 4.5·6.75 false·2 Rome·2 null|null x·y·3 6.75·9.0 TRUE·3 Oslo·3 null|null cy·4 null F·4 null null|null null null t·5 null null")
	var distinct []int64
	for j := range meta.Cols() {
		distinct = append(distinct, meta.Column(j).Meta.Distinct)
	}
	if want := []int64{0, 4, 3, 5, 3, 0}; !reflect.DeepEqual(distinct, want) {
		t.Errorf("distinct counts %v, want %v", distinct, want)
	}
	m, err := p.ColMap(meta)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "column map", m, "1 1 1|2 2 2|3 3 3|4 4 8|5 9 9|6 10 10")
	again, err := p.Apply(nil, f, meta, nil, nil)
	if err != nil || !matrix.Equal(again, x) {
		t.Errorf("apply differs from encode: %v\n%s", err, cells(again))
	}
	back, err := p.Decode(x, meta)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "decoded", back, "1.0 ann 3.375 true Paris 9.0|2.0 bob null false Rome 8.0|3.0 ann 7.875 TRUE null 1.0|4.0 x·y 3.375 F Paris 4.0|5.0 cy 7.875 t Oslo 7.0")
}

// TestHash: cells hash by the type of their column.
// from: Apache SystemDS 3.3
func TestHash(t *testing.T) {
	f := newFrame(t, 6, numbers(frame.Int64, 1, 3, 200, 1, 0, 3e9), numbers(frame.FP32, 2, 4.5, -7.25, 1, 0, 3))
	_, x, _ := encode(t, `{ids:true,hash:[1,2],K:1000}`, f)
	same(t, "K 1000", x, "2 825|4 9|201 473|2 217|1 1|297 129")
	_, x, _ = encode(t, `{ids:true,hash:[1,2],K:3,dummycode:[1]}`, f)
	same(t, "dummycoded", x, "0 1 0 2|1 0 0 2|0 0 1 1|0 1 0 3|1 0 0 1|0 1 0 3")
	_, x, _ = encode(t, `{ids:true,hash:[1],K:5}`, newFrame(t, 3, numbers(frame.FP32, 1, math.NaN(), 3.5)))
	same(t, "NaN", x, "2|5|1")
	_, x, _ = encode(t, `{hash:[city],K:4}`, stringFrame(t, "city", "Paris|Rome|-|Paris|Oslo"))
	same(t, "strings", x, "4|2|NaN|4|4")
}

// TestBins: bounds and codes of equal width and height.
// from: Apache SystemDS 3.3, without missing cells, which it sorts behind the numbers
func TestBins(t *testing.T) {
	f := newFrame(t, 7, numbers(frame.Int64, 1, 1, 1, 3, 2, 4, 4), numbers(frame.Int64, 1, 1, 3, 4, 5, 5, 7))
	spec := `{ids:true,bin:[{id:2,method:equi-height,numbins:7},{id:1,method:equi-width,numbins:3}]}`
	p, x, meta := encode(t, spec, f)
	same(t, "X", x, "1 1|1 1|1 3|2 4|1 5|3 5|3 7")
	same(t, "M", meta, "1.0·2.0 1.0·1.0|2.0·3.0 1.0·1.0|3.0·4.0 1.0·3.0|null 3.0·4.0|null 4.0·5.0|null 5.0·5.0|null 5.0·7.0")
	out, err := p.Apply(nil, newFrame(t, 3, numbers(frame.FP64, -5, 2.5, 100), numbers(frame.FP64, math.NaN(), 0, 50)), meta, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "beyond the bounds", out, "1 NaN|2 1|3 7")
	g := newFrame(t, 4, numbers(frame.FP64, 1.25, 2, 3.75, math.NaN()))
	p, _, meta = encode(t, `{ids:true,bin:[{id:1,method:equi-width,numbins:2}]}`, g)
	back, err := p.Decode(matrix.FromDense(4, 1, []float64{1, 1.25, 2.5, math.NaN()}), meta)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "centres, shifted by the fraction", back, "1.875|2.1875|3.75|null")
	_, x, _ = encode(t, `{ids:true,bin:[{id:1,method:equi-width,numbins:3}]}`, newFrame(t, 2, numbers(frame.Int32, 3, 3)))
	same(t, "a single value", x, "1|1")
	_, x, meta = encode(t, `{ids:true,bin:[{id:1,method:equi-height,numbins:2}],dummycode:[1]}`, newFrame(t, 1, numbers(frame.FP64, math.NaN())))
	same(t, "no value", x, "0 0")
	same(t, "no value, metadata", meta, "NaN·NaN|NaN·NaN")
}

// TestImpute: from: Apache SystemDS 3.3, but for a dummycoded column, which it leaves alone.
func TestImpute(t *testing.T) {
	f := table5(t)
	for _, c := range []struct{ spec, x, text string }{
		{`{recode:[city],impute:[{name:city,method:global_mode}]}`, "1|2|1|1|3", "Paris"},
		{`{recode:[city],impute:[{name:city,method:constant,value:Rome}]}`, "1|2|2|1|3", "Rome"},
		{`{dummycode:[city],impute:[{name:city,method:constant,value:Rome}]}`, "1 0 0|0 1 0|0 1 0|1 0 0|0 0 1", "Rome"},
		{`{hash:[city],K:4,impute:[{name:city,method:constant,value:Rome}]}`, "4|2|2|4|4", "Rome"},
	} {
		g, err := f.Slice(0, 5, 4, 5)
		if err != nil {
			t.Fatal(err)
		}
		p, x, meta := encode(t, c.spec, g)
		same(t, c.spec, x, c.x)
		if got := meta.Column(0).Meta.Impute; got != c.text {
			t.Errorf("%s: the metadata say %q", c.spec, got)
		}
		again, err := p.Apply(nil, g, meta, nil, nil)
		if err != nil || !matrix.Equal(again, x) {
			t.Errorf("%s: apply differs: %v", c.spec, err)
		}
	}
	g := newFrame(t, 7, numbers(frame.FP64, 1, math.NaN(), 3.5, 4, 4, 4, math.NaN()))
	_, x, _ := encode(t, `{ids:true,impute:[{id:1,method:global_mode}]}`, g)
	same(t, "mode", x, "1|4|3.500|4|4|4|4")
	_, x, meta := encode(t, `{ids:true,impute:[{id:1,method:global_mean}]}`, g)
	same(t, "mean", x, "1|3.300|3.500|4|4|4|3.300")
	if got := meta.Column(0).Meta.Impute; got != "3.3" {
		t.Errorf("the metadata say %q", got)
	}
	_, x, _ = encode(t, `{ids:true,impute:[{id:1,method:global_mean}]}`, newFrame(t, 1, numbers(frame.FP64, math.NaN())))
	same(t, "nothing to take a mean of", x, "NaN")
}

// TestOmit: dropped rows still count for the codes. from: Apache SystemDS 3.3
func TestOmit(t *testing.T) {
	f, err := table5(t).Slice(0, 5, 1, 4)
	if err != nil {
		t.Fatal(err)
	}
	_, x, _ := encode(t, `{ids:true,recode:[1,3], omit:[2]}`, f)
	same(t, "X", x, "1 3.500 1|1 7 3|3 2.250 4|4 9 5")
	_, x, _ = encode(t, `{ids:true,omit:[1]}`, newFrame(t, 1, numbers(frame.FP64, math.NaN())))
	if x.Rows() != 0 || x.Cols() != 1 {
		t.Errorf("all rows dropped: %v", x)
	}
}

// TestWords: from: Apache SystemDS 3.3
func TestWords(t *testing.T) {
	f := newFrame(t, 5, frame.Column{Kind: frame.String, Strs: []string{"a b", "b c", "", "a A x", "Hello, World: it's 2 good good-day; don't U2"}})
	p, x, meta := encode(t, `{ids:true,bag_of_words:[1]}`, f)
	same(t, "X", x, "1 1 0 0 0 0 0 0 0 0 0 0 0|0 1 1 0 0 0 0 0 0 0 0 0 0|0 0 0 0 0 0 0 0 0 0 0 0 0|2 0 0 1 0 0 0 0 0 0 0 0 0|0 0 0 0 1 1 1 1 2 1 1 1 1")
	same(t, "M", meta, "a·1|b·2|c·3|x·4|hello·5|world·6|it·7|s·8|good·9|day·10|don·11|t·12|u·13")
	m, err := p.ColMap(meta)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "column map", m, "1 1 13")
	if _, err := p.Decode(x, meta); err == nil {
		t.Error("a bag of words was decoded")
	}
}

func TestEmbedding(t *testing.T) {
	f := stringFrame(t, "w n", "a 1|b 2|c 3|b 4|zz 5|- 6")
	_, _, meta := encode(t, `{recode:[w]}`, stringFrame(t, "w n", "a 1|b 2|c 3"))
	p := bind(t, `{word_embedding:[w]}`, f)
	e := matrix.FromRows([][]float64{{1, 2}, {3, 4}, {5, 6}})
	x, err := p.Apply(nil, f, meta, e, nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "X", x, "1 2 1|3 4 2|5 6 3|3 4 4|0 0 5|0 0 6")
	if _, err := p.Apply(nil, f, meta, nil, nil); err == nil || !strings.Contains(err.Error(), "embedding is needed") {
		t.Errorf("no embedding: %v", err)
	}
	if _, err := p.Apply(nil, f, meta, matrix.FromRows([][]float64{{1}}), nil); err == nil || !strings.Contains(err.Error(), "has 1 rows") {
		t.Errorf("a short embedding: %v", err)
	}
}

func TestUDF(t *testing.T) {
	f := stringFrame(t, "a b c", "x 1 p|y 2 q")
	p := bind(t, `{dummycode:[a],recode:[c],udf:{name:f,names:[c,a]}}`, f)
	var seen string
	tenfold := func(x *matrix.Matrix) (*matrix.Matrix, error) {
		seen = cells(x)
		out := make([]float64, x.Cells())
		for i := range out {
			out[i] = 10 * x.At(i/x.Cols(), i%x.Cols())
		}
		return matrix.FromDense(x.Rows(), x.Cols(), out), nil
	}
	x, _, err := p.Encode(nil, f, tenfold)
	if err != nil {
		t.Fatal(err)
	}
	if seen != "1 0 1|0 1 2" {
		t.Errorf("the function saw %s", seen)
	}
	same(t, "X", x, "10 0 1 10|0 10 2 20")
	shrink := func(*matrix.Matrix) (*matrix.Matrix, error) { return matrix.FromRows([][]float64{{1}}), nil }
	if _, _, err := p.Encode(nil, f, shrink); err == nil || !strings.Contains(err.Error(), "size must stay") {
		t.Errorf("a function that changes the size: %v", err)
	}
	if _, _, err := p.Encode(nil, f, nil); err == nil {
		t.Error("a function is missing")
	}
}

func TestApplyErrors(t *testing.T) {
	f := stringFrame(t, "a b", "x 1|y 2")
	for _, c := range []struct{ spec, meta, want string }{
		{`{recode:[a]}`, "x -|y -", "token·code is needed"}, {`{recode:[a]}`, "x·0 -|y·1 -", "from 1 to 2"}, {`{recode:[a]}`, "x·1 -|y·9 -", "from 1 to 2"},
		{`{bin:[{name:b,method:equi-width,numbins:2}]}`, "- 1·x|- 1·2", "lower·upper is needed"}, {`{bin:[{name:b,method:equi-width,numbins:3}]}`, "- 0·1|- 1·2", "have 2 bins"},
		{`{impute:[{name:b,method:global_mean}],recode:[a]}`, "x·1 -|y·2 -", "do not say"}, {`{recode:[b]}`, "- 1·1", `"x" is not a number`},
		{`{recode:[a],impute:[{name:a,method:constant,value:q}]}`, "x·1 -|y·2 -", "no token"},
	} {
		p := bind(t, c.spec, f)
		if x, err := p.Apply(nil, f, stringFrame(t, "a b", c.meta), nil, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %s: %v, %v, want %q", c.spec, c.meta, x, err, c.want)
		}
	}
	p := bind(t, `{recode:[a]}`, f)
	if _, err := p.Apply(nil, f, stringFrame(t, "a", "x·1"), nil, nil); err == nil || !strings.Contains(err.Error(), "the metadata has 1") {
		t.Errorf("too few columns: %v", err)
	}
	if _, err := p.Decode(matrix.FromRows([][]float64{{1}}), stringFrame(t, "a b", "x·1 -")); err == nil || !strings.Contains(err.Error(), "describe 2 columns, the matrix has 1") {
		t.Errorf("too narrow: %v", err)
	}
	if _, _, err := bind(t, `{}`, f).Encode(nil, f, nil); err == nil || !strings.Contains(err.Error(), `row 1 of column 1 (a): "x" is not a number; list the column in recode`) {
		t.Errorf("text that is no number: %v", err)
	}
}

// TestSmall: frames without rows, and with one.
func TestSmall(t *testing.T) {
	spec := `{ids:true,recode:[1],bin:[{id:2,method:equi-height,numbins:2}],dummycode:[3],impute:[{id:1,method:global_mode}]}`
	p, x, meta := encode(t, spec, stringFrame(t, "a b c", ""))
	if x.Rows() != 0 || x.Cols() != 2 || meta.Rows() != 2 {
		t.Errorf("no rows: %v, %v", x, meta)
	}
	back, err := p.Decode(x, meta)
	if err != nil || back.Rows() != 0 || back.Cols() != 3 {
		t.Errorf("no rows: %v, %v", back, err)
	}
	p, x, meta = encode(t, spec, stringFrame(t, "a b c", "u 1 w"))
	same(t, "one row", x, "1 1 1")
	if back, err = p.Decode(x, meta); err != nil {
		t.Fatal(err)
	}
	same(t, "one row", back, "u 1.0 w")
}

// TestRoundTrip: random frames come back, whatever the tokens and whether codes or groups are used.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tokens := []string{"a", "b·1", "·", "x·y·2", "ä", "1", "NaN", "long token with blanks"}
	for trial := range 50 {
		n := 1 + r.IntN(20)
		s := frame.NewColumn("s", frame.String, n)
		d := frame.NewColumn("d", frame.String, n)
		v := frame.NewColumn("v", frame.FP64, n)
		for i := range n {
			s.Strs[i], d.Strs[i], v.Nums[i] = tokens[r.IntN(len(tokens))], tokens[r.IntN(len(tokens))], r.NormFloat64()
			if r.IntN(5) == 0 {
				s.SetMissing(i)
				d.SetMissing(i)
			}
		}
		f := newFrame(t, n, s, d, v)
		p, x, meta := encode(t, `{recode:[s],dummycode:[d]}`, f)
		again, err := p.Apply(nil, f, meta, nil, nil)
		if err != nil || !matrix.Equal(again, x) {
			t.Fatalf("trial %d: apply differs: %v", trial, err)
		}
		back, err := p.Decode(x, meta)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "round trip", back, cells(f))
	}
}

func TestUnseenTokens(t *testing.T) {
	p, _, meta := encode(t, `{recode:[a],dummycode:[b]}`, stringFrame(t, "a b", "x u|y v"))
	x, err := p.Apply(nil, stringFrame(t, "a b", "y v|q u|x q|- -"), meta, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "X", x, "2 0 1|NaN 1 0|1 0 0|NaN 0 0")
}

func TestMask(t *testing.T) {
	f := stringFrame(t, "a b c d", "x u 1 p|y v 2 p|x w 3 p")
	spec := `{recode:[a],dummycode:[b,d],hash:[d],K:2}`
	p, _, meta := encode(t, spec, f)
	for name, in := range map[string]*frame.Frame{"data": f, "metadata": meta} {
		m, err := p.Mask(in)
		if err != nil {
			t.Fatal(err)
		}
		same(t, name, m, "1 1 1 1 0 1 1")
	}
	if _, err := bind(t, `{bag_of_words:[a]}`, f).Mask(f); err == nil {
		t.Error("a mask of a bag of words")
	}
}
