package format

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"gdml/runtime/cell"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
)

// samples are the matrices every format must return bit for bit.
func samples() map[string]*matrix.Matrix {
	r := rand.New(rand.NewPCG(1, 2))
	random := func(rows, cols int, density float64) *matrix.Matrix {
		data := make([]float64, rows*cols)
		for i := range data {
			if r.Float64() < density {
				data[i] = math.Float64frombits(r.Uint64())
				if data[i]-data[i] != 0 { // NaNs have one bit pattern in text
					data[i] = r.NormFloat64()
				}
			}
		}
		return matrix.Compact(nil, matrix.FromDense(rows, cols, data))
	}
	return map[string]*matrix.Matrix{
		"1x1":       matrix.FromRows([][]float64{{math.Pi}}),
		"row":       random(1, 17, 1),
		"column":    random(17, 1, 1),
		"3x4":       matrix.FromRows([][]float64{{1, 2.5, -3, 0}, {0, 0, 0, 1e7}, {1e-3, 9999999, 123456789, 0.1}}),
		"large":     random(1001, 1001, 0.02),
		"dense":     random(301, 57, 1),
		"0x3":       matrix.New(nil, 0, 3),
		"3x0":       matrix.New(nil, 3, 0),
		"sparse":    random(2000, 300, 0.001),
		"zero":      matrix.Fill(nil, 40, 50, 0),
		"zeros":     matrix.Fill(nil, 5, 1, 0),
		"special":   matrix.FromRows([][]float64{{math.NaN(), math.Inf(1), math.Inf(-1)}, {math.Copysign(0, -1), 0, 1}}),
		"extreme":   matrix.FromRows([][]float64{{1e300, 1e-300, -1e300}, {math.MaxFloat64, math.SmallestNonzeroFloat64, 2.2250738585072011e-308}}),
		"last zero": matrix.FromRows([][]float64{{1, 2}, {3, 4}, {0, 0}}),
	}
}

func bits(m *matrix.Matrix) []uint64 {
	out := make([]uint64, 0, m.Rows()*m.Cols())
	buf := make([]float64, m.Cols())
	for i := range m.Rows() {
		for _, v := range m.Row(i, buf) {
			out = append(out, math.Float64bits(v))
		}
	}
	return out
}

func sameMatrix(t *testing.T, got, want *matrix.Matrix) {
	t.Helper()
	if got.Rows() != want.Rows() || got.Cols() != want.Cols() {
		t.Fatalf("read %s, wrote %s", got, want)
	}
	g, w := bits(got), bits(want)
	for i := range w {
		if g[i] != w[i] {
			t.Fatalf("cell %d is %x, was %x", i, g[i], w[i])
		}
	}
	if got.NNZ() != want.NNZ() {
		t.Fatalf("%d non-zeros, were %d", got.NNZ(), want.NNZ())
	}
	if got.IsSparse() != want.IsSparse() {
		t.Errorf("sparse %v, was %v", got.IsSparse(), want.IsSparse())
	}
}

func TestMatrixRoundTrip(t *testing.T) {
	type form struct {
		name string
		o    WriteOptions
	}
	forms := []form{{"text", WriteOptions{}}, {"csv", WriteOptions{}}, {"csv", WriteOptions{Sparse: true}}, {"csv", WriteOptions{Header: true, Sep: "; "}},
		{"csv", WriteOptions{Sep: "\t", Sparse: true}}, {"mm", WriteOptions{}}, {"binary", WriteOptions{}}, {"libsvm", WriteOptions{}}}
	dir := t.TempDir()
	for name, m := range samples() {
		for _, f := range forms {
			for _, ext := range []string{".dat", ".dat.gz"} {
				o := f.o
				o.Format, _ = Find(f.name)
				if f.name == "libsvm" && (m.Cols() == 0 || name == "special") {
					continue // a label is needed, and zeros are never written
				}
				t.Run(name+"/"+f.name+ext, func(t *testing.T) {
					path := filepath.Join(dir, "X"+ext)
					if err := WriteMatrix(path, m, &o); err != nil {
						t.Fatal(err)
					}
					r := &Request{Path: path, Mem: &matrix.Ctx{Par: par.New(3)}, Warn: func(s string) { t.Error("warning:", s) }}
					info, err := Describe(r)
					if err != nil {
						t.Fatal(err)
					}
					if info.Format != f.name || info.Rows != int64(m.Rows()) || info.Cols != int64(m.Cols()) {
						t.Errorf("described as %+v", info)
					}
					ro, err := r.Resolve()
					if err != nil {
						t.Fatal(err)
					}
					got, err := ReadMatrix(r, ro)
					if err != nil {
						t.Fatal(err)
					}
					sameMatrix(t, got, m)
				})
			}
		}
	}
}

// TestWithoutMetadata reads what was written when the metadata is gone, which must give the same wherever the file tells the size.
func TestWithoutMetadata(t *testing.T) {
	m := samples()["3x4"]
	for name, args := range map[string]map[string]any{
		"X.csv": nil, "X.mtx": nil, "X.gdmb": nil, "X.csv.gz": nil, "X.tsv": {"sep": ","},
		"X.ijv": {"rows": int64(3), "cols": int64(4)}, "X.unknown": {"format": "csv"}, "noext": {"format": "binary"},
	} {
		path := filepath.Join(t.TempDir(), name)
		format := map[string]string{"X.mtx": "mm", "X.gdmb": "binary", "X.ijv": "text", "noext": "binary"}[name]
		if format == "" {
			format = "csv"
		}
		f, _ := Find(format)
		if err := WriteMatrix(path, m, &WriteOptions{Format: f}); err != nil {
			t.Fatal(err)
		}
		os.Remove(path + MetaExt)
		got, err := readPath(path, args)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sameMatrix(t, got, m)
	}
}

func readPath(path string, args map[string]any) (*matrix.Matrix, error) {
	r := &Request{Path: path, Args: args, Limit: 1 << 30}
	o, err := r.Resolve()
	if err != nil {
		return nil, err
	}
	return ReadMatrix(r, o)
}

func TestFrameRoundTrip(t *testing.T) {
	strs := []string{"plain", "a,b", "say \"hi\"", "two\nlines", "", " blanks ", "#Meta", "1 2", "null", "\u00e9\u4e2d"}
	n := len(strs)
	num := frame.NewColumn("num ber", frame.FP64, n)
	ints := frame.NewColumn("n", frame.Int64, n)
	flags := frame.NewColumn("", frame.Bool, n)
	for i := range n {
		num.Nums[i], ints.Ints[i], flags.Bools[i] = math.Sqrt(float64(i)), math.MaxInt64-int64(i), i%2 == 0
	}
	num.SetMissing(3)
	s := frame.Column{Name: "s", Strs: strs}
	miss := frame.NewColumn("miss", frame.String, n)
	for i := range n {
		miss.SetMissing(i)
	}
	all, err := frame.New(n, []frame.Column{s, num, ints, flags, miss})
	if err != nil {
		t.Fatal(err)
	}
	one, err := frame.New(n, []frame.Column{miss})
	if err != nil {
		t.Fatal(err)
	}
	empty, err := frame.New(0, []frame.Column{{Name: "a", Kind: frame.Int32}, {Name: "b"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]*frame.Frame{"all": all, "one": one, "empty": empty} {
		for _, o := range []WriteOptions{{Format: &csvFormat, Header: true}, {Format: &csvFormat, Sep: "||"}, {Format: &csvFormat, Header: true, Sep: "\t"}, {Format: &textFormat}, {Format: &binaryFormat}} {
			path := filepath.Join(t.TempDir(), "F")
			if err := WriteFrame(path, f, &o); err != nil {
				t.Fatal(err)
			}
			r := &Request{Path: path}
			ro, err := r.Resolve()
			if err != nil {
				t.Fatal(name, err)
			}
			got, err := ReadFrame(r, ro)
			if err != nil {
				t.Errorf("%s %s: %v", name, o.Format.Name, err)
				continue
			}
			sameFrame(t, name+" "+o.Format.Name+" "+o.Sep, got, f, o.Header)
		}
	}
}

func sameFrame(t *testing.T, what string, got, want *frame.Frame, names bool) {
	t.Helper()
	if got.Rows() != want.Rows() || got.Cols() != want.Cols() {
		t.Errorf("%s: read a %s, wrote a %s", what, got, want)
		return
	}
	for j := range want.Cols() {
		g, w := got.Column(j), want.Column(j)
		if g.Kind != w.Kind || names && g.Name != w.Name {
			t.Errorf("%s: column %d is %s %q, was %s %q", what, j+1, g.Kind, g.Name, w.Kind, w.Name)
			continue
		}
		for i := range want.Rows() {
			if g.Value(i) != w.Value(i) {
				t.Errorf("%s: cell %d,%d is %#v, was %#v", what, i+1, j+1, g.Value(i), w.Value(i))
			}
		}
	}
}

func TestScalarAndList(t *testing.T) {
	dir := t.TempDir()
	for _, v := range []any{int64(-7), 0.1, true, "two\nlines", "", math.Inf(-1)} {
		path := filepath.Join(dir, "s")
		if err := WriteScalar(path, v, &WriteOptions{Format: &textFormat}); err != nil {
			t.Fatal(err)
		}
		r := &Request{Path: path}
		o, err := r.Resolve()
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadScalar(r, o)
		if err != nil || got != v {
			t.Errorf("read %#v, %v; wrote %#v", got, err, v)
		}
	}
	path := filepath.Join(dir, "L")
	var put []Entry
	for _, name := range []string{"W_1", "b", ""} {
		put = append(put, Entry{Name: name, Write: func(path string) error {
			return WriteScalar(path, name, &WriteOptions{Format: &csvFormat})
		}})
	}
	for range 2 { // the second replaces the first
		if err := WriteList(path, put, &WriteOptions{Format: &csvFormat}); err != nil {
			t.Fatal(err)
		}
	}
	info, err := Describe(&Request{Path: path})
	if err != nil || info.DataType != "list" || info.Rows != 3 {
		t.Errorf("list described as %+v, %v", info, err)
	}
	got, err := ReadList(path)
	if err != nil || len(got) != 3 {
		t.Fatalf("ReadList: %v, %v", got, err)
	}
	for i, e := range got {
		if e.Name != put[i].Name {
			t.Errorf("element %d is called %q", i, e.Name)
		}
	}
}

func TestAppendNumber(t *testing.T) {
	for _, v := range []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 1e-3, 9.99e-4, 9999999, 1e7, 1.5e7, 12345678.5, -0.1, math.NaN(), math.Inf(-1), 1e300, 5e-324} {
		if got, want := string(appendNumber(nil, v)), cell.FormatDouble(v); got != want {
			t.Errorf("%v is written as %s, want %s", v, got, want)
		}
	}
}
