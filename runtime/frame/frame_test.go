package frame

import (
	"fmt"
	"math"
	"strconv"
	"testing"
)

func number(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		text string
		want any // nil: an error
	}{
		{String, "a b", "a b"}, {String, "", ""},
		{Bool, "TRUE", true}, {Bool, "f", false}, {Bool, "1", true}, {Bool, "yes", nil},
		{Int64, "-9223372036854775808", int64(math.MinInt64)}, {Int64, "9223372036854775807", int64(math.MaxInt64)},
		{Int64, "9223372036854775808", nil}, {Int64, "+12", int64(12)}, {Int64, "-+12", nil}, {Int64, "+-12", nil},
		{Int64, "", nil}, {Int64, "-", nil}, {Int64, "3.0", int64(3)}, {Int64, "3.5", nil}, {Int64, "9007199254740993", int64(9007199254740993)},
		{Int32, "2147483648", nil}, {Int32, "-2147483648", int64(math.MinInt32)},
		{FP64, "1e-3", 1e-3}, {FP32, "0.1", 0.1}, {FP64, "x", nil},
	} {
		col := NewColumn("c", c.kind, 1)
		err := col.Parse(0, c.text, number)
		if c.want == nil {
			if err == nil {
				t.Errorf("%s %q was accepted as %v", c.kind, c.text, col.Value(0))
			}
			continue
		}
		if err != nil || col.Value(0) != c.want {
			t.Errorf("%s %q = %v, %v; want %v", c.kind, c.text, col.Value(0), err, c.want)
		}
	}
}

func TestParseKind(t *testing.T) {
	for word, want := range map[string]Kind{"STRING": String, " fp64 ": FP64, "*": String, "Int": Int64, "boolean": Bool} {
		if k, ok := ParseKind(word); !ok || k != want {
			t.Errorf("ParseKind(%q) = %v, %v", word, k, ok)
		}
	}
	if _, ok := ParseKind("number"); ok {
		t.Error("number is no value type")
	}
}

func sample(t *testing.T) *Frame {
	t.Helper()
	num := Column{Name: "x", Kind: FP64, Nums: []float64{1, 2, 3}}
	num.SetMissing(1)
	f, err := New(3, []Column{{Kind: String, Strs: []string{"a", "b", "c"}}, num, {Kind: Int32, Ints: []int64{7, 8, 9}}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func dump(f *Frame) string {
	s := fmt.Sprint(f.Names(), f.Kinds())
	for i := range f.Rows() {
		s += "|"
		for j := range f.Cols() {
			s += fmt.Sprint(f.Column(j).Value(i), " ")
		}
	}
	return s
}

func TestReorg(t *testing.T) {
	f := sample(t)
	text := func(v any) string { return fmt.Sprint(v) }
	check := func(name string, g *Frame, err error, want string) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := dump(g); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	before := dump(f)
	s, err := f.Slice(1, 3, 1, 3)
	check("slice", s, err, "[x C3] [FP64 INT32]|<nil> 8 |3 9 ")
	a, err := f.Assign(0, 1, s, text, number)
	check("assign", a, err, "[C1 x C3] [STRING FP64 INT32]|a <nil> 8 |b 3 9 |c 3 9 ")
	a, err = f.Assign(0, 0, s, text, number)
	check("assign with conversion", a, err, "[C1 x C3] [STRING FP64 INT32]|<nil> 8 7 |3 9 8 |c 3 9 ")
	c, err := CBind(f, f)
	check("cbind", c, err, "[C1 x C3 C4 x C6] [STRING FP64 INT32 STRING FP64 INT32]|a 1 7 a 1 7 |b <nil> 8 b <nil> 8 |c 3 9 c 3 9 ")
	r, err := RBind(text, number, s, s)
	check("rbind", r, err, "[x C3] [FP64 INT32]|<nil> 8 |3 9 |<nil> 8 |3 9 ")
	if dump(f) != before {
		t.Error("an operation changed its operand")
	}
	for name, err := range map[string]error{
		"slice rows": second(f.Slice(0, 4, 0, 1)), "slice empty": second(f.Slice(1, 1, 0, 1)),
		"assign": second(f.Assign(2, 0, s, text, number)), "assign text": second(f.Assign(0, 2, f1(t), text, number)),
		"cbind": second(CBind(f, s)), "rbind": second(RBind(text, number, f, s)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func f1(t *testing.T) *Frame {
	f, err := New(1, []Column{{Kind: String, Strs: []string{"word"}}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func second[T any](_ T, err error) error { return err }
