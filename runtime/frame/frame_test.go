package frame

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
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
	check("cbind", c, err, "[C1 C2 C3 C4 C5 C6] [STRING FP64 INT32 STRING FP64 INT32]|a 1 7 a 1 7 |b <nil> 8 b <nil> 8 |c 3 9 c 3 9 ")
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

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		text string
		want any // nil: an error
	}{
		{UInt4, "15", int64(15)}, {UInt4, "16", nil}, {UInt8, "255", int64(255)}, {UInt8, "-1", nil}, {Character, "ä", "ä"}, {Character, "ab", nil}, {Character, "", nil},
		{Hash32, "deadbeef", "deadbeef"}, {Hash32, "deadbeef0", nil}, {Hash64, "0123456789ABCDEF", "0123456789ABCDEF"}, {Hash64, "xyz", nil}, {Hash32, "", nil},
	} {
		col := NewColumn("c", c.kind, 1)
		if err := col.Parse(0, c.text, number); (err == nil) != (c.want != nil) || err == nil && col.Value(0) != c.want {
			t.Errorf("%s %q = %v, %v; want %v", c.kind, c.text, col.Value(0), err, c.want)
		}
	}
	for _, name := range KindNames() {
		k, ok := ParseKind(name)
		if col := NewColumn("c", k, 3); !ok || k.String() != name || col.Len() != 3 {
			t.Errorf("%s: kind %v, column of %d", name, k, col.Len())
		}
	}
}

// TestDetect: from: Apache SystemDS 3.3, but for 1e40, which is no single precision number.
func TestDetect(t *testing.T) {
	for _, c := range []struct {
		cells string
		want  string
	}{
		{"0 1 1", "BOOLEAN"}, {"t F true", "BOOLEAN"}, {"1 2 300", "INT32"}, {"1 3000000000 2", "INT64"}, {"1.5 2 0.1", "FP32"}, {"1.123456789 2 3", "FP64"}, {"a b c", "CHARACTER"},
		{"deadbeef 01234567 abcdef01", "HASH32"}, {"deadbeefdeadbeef 0123456789abcdef 0000000000000001", "HASH64"}, {"abc de f", "STRING"}, {"NaN 1.5 2", "FP32"}, {"-1 1 0", "INT32"},
		{"12345678 23456789 34567890", "INT32"}, {"1.0 2.0 3.0", "INT32"}, {"TRUE 0 1", "BOOLEAN"}, {"null 1 2", "STRING"}, {"16777217.5 1.5 1", "FP64"}, {"1e40 1.5 1", "FP64"}, {"1e5 2.5 3", "FP32"},
		{"1 - 3", "INT32·n"}, {"- - -", "UNKNOWN·n"}, {"ab - c", "STRING"},
	} {
		words := strings.Fields(c.cells)
		col := NewColumn("c", String, len(words))
		for i, w := range words {
			if w == "-" {
				col.SetMissing(i)
			} else {
				col.Strs[i] = w
			}
		}
		if got := col.Detect(func(v any) string { return fmt.Sprint(v) }, number); got != c.want {
			t.Errorf("%s: %s, want %s", c.cells, got, c.want)
		}
	}
}

func TestConvert(t *testing.T) {
	text := func(v any) string { return fmt.Sprint(v) }
	flags := Column{Kind: Bool, Bools: []bool{true, false}, Meta: Meta{Distinct: 2}}
	ints, err := flags.Convert(Int32, text, number)
	if err != nil || ints.Ints[0] != 1 || ints.Ints[1] != 0 || ints.Meta != flags.Meta {
		t.Errorf("booleans as ints: %+v, %v", ints, err)
	}
	nums := Column{Kind: FP64, Nums: []float64{1, 0, 2}}
	_, err = nums.Convert(Bool, text, number)
	var bad *CellError
	if !errors.As(err, &bad) || bad.Row != 2 {
		t.Errorf("2 as a boolean: %v", err)
	}
	strs := Column{Kind: String, Strs: []string{"", "7"}}
	if c, err := strs.Convert(FP64, text, number); err != nil || !c.IsMissing(0) || c.Nums[1] != 7 {
		t.Errorf("an empty string as a number: %+v, %v", c, err)
	}
}
