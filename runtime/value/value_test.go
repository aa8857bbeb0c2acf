package value

import (
	"math"
	"strings"
	"testing"

	"gdml/lang/types"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

func mat(rows ...[]float64) *matrix.Matrix { return matrix.FromRows(rows) }

func list(vals ...Value) *List { return NewList(vals, nil) }

func TestText(t *testing.T) {
	num := frame.Column{Name: "C2", Kind: frame.FP64, Nums: []float64{1.5, 2}}
	f, err := frame.New(2, []frame.Column{
		{Name: "name", Kind: frame.String, Strs: []string{"abc", ""}, Missing: []bool{false, true}},
		num,
		{Kind: frame.Bool, Bools: []bool{true, false}},
		{Kind: frame.FP32, Nums: []float64{1.5, 0.1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		v    Value
		want string
	}{
		{int64(7), "7"}, {3.0, "3.0"}, {1e-4, "1.0E-4"}, {true, "TRUE"}, {"a b", "a b"},
		{mat([]float64{1, 2.5}), "1.000 2.500\n"},
		{list(int64(1), 2.5, "x", true), "List containing:\n[1, 2.5, x, TRUE]"},
		{list(mat([]float64{3}), int64(7)), "List containing:\n[\nMatrix:\n3.000\n, 7]"},
		{list(), "List containing:]"},
		{list(list(int64(1)), "y"), "List containing:\n[List containing:\n[1], y]"},
		{f, "# FRAME: nrow = 2, ncol = 4\n# name C2 C3 C4\n# STRING FP64 BOOLEAN FP32\nabc 1.500 TRUE 1.5\nnull 2.000 FALSE 0.1\n"},
	} {
		if got := Text(c.v); got != c.want {
			t.Errorf("Text(%v) = %q, want %q", c.v, got, c.want)
		}
	}
	o := DefaultText()
	o.Rows, o.Cols, o.Sep, o.Linesep = 1, 2, ",", ";"
	if got, want := ToString(f, o), "# FRAME: nrow = 2, ncol = 4;#,name,C2;#,STRING,FP64;abc,1.500;"; got != want {
		t.Errorf("frame with options: %q, want %q", got, want)
	}
}

func TestTruthAndConvert(t *testing.T) {
	for _, c := range []struct {
		v    Value
		e    types.Elem
		want Value // nil: an error
	}{
		{2.7, types.Int, int64(2)}, {-2.7, types.Int, int64(-2)}, {"2.7", types.Int, int64(2)}, {"x", types.Int, nil},
		{math.NaN(), types.Int, int64(0)}, {math.Inf(1), types.Int, int64(math.MaxInt64)}, {true, types.Int, int64(1)},
		{int64(3), types.Double, 3.0}, {false, types.Double, 0.0}, {" 1e3 ", types.Double, 1000.0}, {"1.0x", types.Double, nil},
		{math.NaN(), types.Bool, true}, {0.0, types.Bool, false}, {"true", types.Bool, true}, {"True", types.Bool, false},
		{1e7, types.String, "1.0E7"}, {true, types.String, "TRUE"}, {int64(4), types.AnyElem, int64(4)},
		{mat([]float64{1}), types.Double, nil}, {nil, types.Int, nil},
	} {
		got, err := Convert(c.v, c.e)
		if (err != nil) != (c.want == nil) || err == nil && got != c.want {
			t.Errorf("Convert(%v, %s) = %v, %v; want %v", c.v, c.e, got, err, c.want)
		}
	}
	if _, err := Truth(mat([]float64{1})); err == nil || !strings.Contains(err.Error(), "as.scalar") {
		t.Errorf("truth of a matrix: %v", err)
	}
}

func TestCasts(t *testing.T) {
	m := mat([]float64{1, 0.5, 0.1, 1.0 / 3, 1e10, 3})
	f, err := AsFrame(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []frame.Kind{frame.Bool, frame.FP32, frame.FP32, frame.FP64, frame.Int64, frame.Int32}
	for j, k := range f.Kinds() {
		if k != want[j] {
			t.Errorf("column %d is %s, want %s", j+1, k, want[j])
		}
	}
	back, err := AsMatrix(f)
	if err != nil || !matrix.Equal(m, back) {
		t.Errorf("as.matrix(as.frame(m)) = %v, %v", back, err)
	}
	if _, err := AsFrame(m, list("a")); err == nil {
		t.Error("as.frame took one name for six columns")
	}
	if m, err := AsMatrix(list(int64(1), "TRUE", "3", 2.5)); err != nil || Text(m) != "1.000\n1.000\n0.000\n2.500\n" {
		t.Errorf("as.matrix of a list of scalars: %v, %v", m, err)
	}
	text, err := frame.New(6, []frame.Column{{Strs: []string{"1.5", "T", "false", "", "-Inf", "NaN"}}})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := AsMatrix(text); err != nil || Text(m) != "1.500\n1.000\n0.000\nNaN\n-Infinity\nNaN\n" {
		t.Errorf("as.matrix of a string column: %v, %v", m, err)
	}
	for name, err := range map[string]error{
		"as.scalar 2x1":        second(AsScalar(mat([]float64{1}, []float64{2}))),
		"as.scalar empty list": second(AsScalar(list())),
		"as.matrix empty list": second(AsMatrix(list())),
		"as.matrix list":       second(AsMatrix(list(mat([]float64{1}), 1.0))),
		"as.list":              second(AsList(1.0)),
		"as.frame":             second(AsFrame(list(), nil)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if v, err := AsScalar(list("x", 1.0)); err != nil || v != "x" {
		t.Errorf("as.scalar of a list = %v, %v", v, err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestReferences checks that the casts of list elements leave the list whole when their results are released.
func TestReferences(t *testing.T) {
	m := mat([]float64{1, 2})
	inner := list(m)
	l := list(inner)
	for range 3 {
		out, err := AsList(l)
		if err != nil || out != inner {
			t.Fatalf("AsList = %v, %v", out, err)
		}
		Release(out)
		x, err := AsMatrix(inner)
		if err != nil || x != m {
			t.Fatalf("AsMatrix = %v, %v", x, err)
		}
		x.Release()
	}
	if !m.Unique() || !inner.Unique() {
		t.Error("a cast kept a reference")
	}
}

func TestListArithmetic(t *testing.T) {
	negZero := math.Copysign(0, -1)
	a := NewList([]Value{mat([]float64{1, negZero}, []float64{math.Inf(1), math.NaN()}), 2.5, int64(3)}, []string{"W", "b", "n"})
	b := NewList([]Value{mat([]float64{3, 1}, []float64{0, 1}), 0.5, int64(4)}, []string{"W", "b", "n"})
	sum, err := AddLists(nil, a, b)
	if err != nil || sum.Name(0) != "W" || sum.At(1) != 3.0 || sum.At(2) != int64(7) {
		t.Fatalf("AddLists = %v, %v", sum, err)
	}
	if got := Text(sum.At(0)); got != "4.000 1.000\nInfinity NaN\n" {
		t.Errorf("sum of the matrices: %q", got)
	}
	same, err := MixLists(nil, a, a, 0.3)
	if err != nil || !EqualLists(same, a) {
		t.Errorf("mixing equal lists changed bits: %v, %v", Text(same), err)
	}
	half, err := MixLists(nil, b, sum, 0.5)
	if err != nil || half.At(0).(*matrix.Matrix).At(0, 0) != 3.5 || half.At(2) != 5.5 {
		t.Errorf("MixLists = %v, %v", Text(half), err)
	}
	if EqualLists(a, b) || EqualLists(a, list(1.0)) || EqualLists(list(0.0), list(negZero)) {
		t.Error("EqualLists takes different lists for equal")
	}
	for _, c := range []struct {
		b    *List
		want string
	}{
		{NewList([]Value{mat([]float64{1}), 1.0, 1.0}, nil), "entry W: sizes differ: 2x2 and 1x1"},
		{NewList([]Value{mat([]float64{1, 2}, []float64{3, 4}), "x", 1.0}, nil), "entry b: a double and a string cannot be combined"},
		{list(1.0), "lists of 3 and 1 entries cannot be combined"},
	} {
		if _, err := AddLists(nil, a, c.b); err == nil || err.Error() != c.want {
			t.Errorf("AddLists: %v, want %s", err, c.want)
		}
	}
}
