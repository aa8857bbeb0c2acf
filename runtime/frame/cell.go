package frame

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// kindWords are the accepted spellings of value types in schemas, lower-case
// (command-line reference §2.3).
var kindWords = map[string]Kind{
	"string": String, "str": String, "unknown": String, "*": String,
	"character": Character, "char": Character, "hash64": Hash64, "hash32": Hash32,
	"boolean": Bool, "bool": Bool,
	"int32": Int32, "uint8": UInt8, "uint4": UInt4,
	"int64": Int64, "int": Int64, "integer": Int64,
	"fp32": FP32, "float": FP32,
	"fp64": FP64, "double": FP64,
}

// ParseKind returns the column type that a word of a schema names, in any case.
func ParseKind(word string) (Kind, bool) {
	k, ok := kindWords[strings.ToLower(strings.TrimSpace(word))]
	return k, ok
}

// NewColumn returns a column of n cells: empty strings, FALSE or zeros.
func NewColumn(name string, k Kind, n int) Column {
	c := Column{Name: name, Kind: k}
	switch k.Store() {
	case Strs:
		c.Strs = make([]string, n)
	case Bools:
		c.Bools = make([]bool, n)
	case Ints:
		c.Ints = make([]int64, n)
	default:
		c.Nums = make([]float64, n)
	}
	return c
}

// IsMissing reports whether cell i has no value.
func (c *Column) IsMissing(i int) bool { return c.Missing != nil && c.Missing[i] }

// Value returns cell i as string, bool, int64 or float64, nil when it is missing.
func (c *Column) Value(i int) any {
	if c.IsMissing(i) {
		return nil
	}
	switch c.Kind.Store() {
	case Strs:
		return c.Strs[i]
	case Bools:
		return c.Bools[i]
	case Ints:
		return c.Ints[i]
	}
	return c.Nums[i]
}

// SetMissing marks cell i of a column under construction as missing.
func (c *Column) SetMissing(i int) {
	if c.Missing == nil {
		c.Missing = make([]bool, c.Len())
	}
	c.Missing[i] = true
}

// Parse stores text in cell i of a column under construction, converted to the
// column's type. number is the syntax of doubles. Integers may be written as
// integral doubles, booleans as true, false, t, f, 1 or 0 in any case. A character is
// one character, a hash up to 8 or 16 hexadecimal digits.
func (c *Column) Parse(i int, text string, number func(string) (float64, bool)) error {
	if c.Missing != nil {
		c.Missing[i] = false
	}
	switch c.Kind.Store() {
	case Strs:
		if !fitsText(c.Kind, text) {
			return fmt.Errorf("%q is not a %s", text, c.Kind)
		}
		c.Strs[i] = text
		return nil
	case Bools:
		b, ok := parseBool(text)
		if !ok {
			return fmt.Errorf("%q is not a boolean", text)
		}
		c.Bools[i] = b
		return nil
	case Ints:
		n, ok := parseInt(text, number)
		if r := intRanges[c.Kind]; !ok || n < r.lo || n > r.hi {
			return fmt.Errorf("%q is not an %s number", text, c.Kind)
		}
		c.Ints[i] = n
		return nil
	}
	v, ok := number(text)
	if !ok {
		return fmt.Errorf("%q is not a number", text)
	}
	c.Nums[i] = v
	return nil
}

// intRanges are the bounds of the integer types.
var intRanges = map[Kind]struct{ lo, hi int64 }{
	UInt4: {0, 15}, UInt8: {0, math.MaxUint8},
	Int32: {math.MinInt32, math.MaxInt32}, Int64: {math.MinInt64, math.MaxInt64},
}

// fitsText reports whether text is a cell of a type that is kept as text.
func fitsText(k Kind, text string) bool {
	switch k {
	case Character:
		return utf8.RuneCountInString(text) == 1
	case Hash32, Hash64:
		n := 8
		if k == Hash64 {
			n = 16
		}
		return text != "" && len(text) <= n && strings.Trim(text, "0123456789abcdefABCDEF") == ""
	}
	return true
}

func parseBool(s string) (v, ok bool) {
	switch strings.ToLower(s) {
	case "true", "t", "1":
		return true, true
	case "false", "f", "0":
		return false, true
	}
	return false, false
}

// parseInt reads a decimal int64 exactly, and the text of a double when that is integral.
func parseInt(s string, number func(string) (float64, bool)) (int64, bool) {
	var n int64
	digits := strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	for k := range len(digits) {
		d := int64(digits[k]) - '0'
		if d < 0 || d > 9 || n < (math.MinInt64+d)/10 {
			return integral(number(s))
		}
		n = 10*n - d // negative, so that the smallest int64 fits
	}
	switch {
	case digits == "" || len(s)-len(digits) > 1:
		return 0, false
	case s[0] == '-':
		return n, true
	}
	return -n, n != math.MinInt64
}

func integral(v float64, ok bool) (int64, bool) {
	if !ok || v != math.Trunc(v) || math.Abs(v) >= 1<<63 {
		return 0, false
	}
	return int64(v), true
}
