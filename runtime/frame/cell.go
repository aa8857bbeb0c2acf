package frame

import (
	"fmt"
	"math"
	"strings"
)

// kindWords are the accepted spellings of value types in schemas, lower-case
// (command-line reference §2.3). The narrow unsigned types are kept as INT32 and
// characters and hashes as STRING.
var kindWords = map[string]Kind{
	"string": String, "str": String, "char": String, "character": String, "unknown": String, "*": String,
	"hash64": String, "hash32": String,
	"boolean": Bool, "bool": Bool,
	"int32": Int32, "uint8": Int32, "uint4": Int32,
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
	switch k {
	case String:
		c.Strs = make([]string, n)
	case Bool:
		c.Bools = make([]bool, n)
	case Int32, Int64:
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
	switch c.Kind {
	case String:
		return c.Strs[i]
	case Bool:
		return c.Bools[i]
	case Int32, Int64:
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
// integral doubles, booleans as true, false, t, f, 1 or 0 in any case.
func (c *Column) Parse(i int, text string, number func(string) (float64, bool)) error {
	if c.Missing != nil {
		c.Missing[i] = false
	}
	switch c.Kind {
	case String:
		c.Strs[i] = text
		return nil
	case Bool:
		b, ok := parseBool(text)
		if !ok {
			return fmt.Errorf("%q is not a boolean", text)
		}
		c.Bools[i] = b
		return nil
	case Int32, Int64:
		n, ok := parseInt(text, number)
		if !ok || c.Kind == Int32 && (n > math.MaxInt32 || n < math.MinInt32) {
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
