package frame

import (
	"slices"
	"strconv"
	"strings"
)

// Unknown is the word that Detect gives for a column without any value. ParseKind reads it as STRING.
const Unknown = "UNKNOWN"

// NullMark is what Detect appends to a type when cells of the column are missing.
const NullMark = "·n"

// candidates are the types that Detect tries, narrowest first.
var candidates = []Kind{Bool, Int32, Int64, FP32, FP64, Character, Hash32, Hash64}

// Detect names the narrowest type that all cells of c have, in the order BOOLEAN, INT32,
// INT64, FP32, FP64, CHARACTER, HASH32, HASH64, STRING, with NullMark appended to all but
// STRING when some cells are missing or empty, and Unknown when all are. Integers have no
// exponent; a number is FP32 when single and double precision write it with the same
// digits; a hash has all its 8 or 16 digits, and a column with hashes of both is HASH64. Only columns of STRING and FP64 are looked
// through: the others have their type already.
// text writes a cell, number is the syntax of doubles.
func (c *Column) Detect(text func(any) string, number func(string) (float64, bool)) string {
	var out [numKinds]bool
	seen, missing := false, false
	for i := range c.Len() {
		v := c.Value(i)
		if v == nil || v == "" {
			missing = true
			continue
		}
		seen = true
		s := text(v)
		if x, ok := v.(float64); ok {
			if n, ok := integral(x, true); ok {
				s = strconv.FormatInt(n, 10)
			}
		}
		for _, k := range candidates {
			out[k] = out[k] || !isExactly(k, s, number)
		}
	}
	typed := c.Kind != String && c.Kind != FP64
	word := String.String()
	switch {
	case !seen:
		word = Unknown
	case typed:
		word = c.Kind.String()
	default:
		for _, k := range candidates {
			if !out[k] {
				word = k.String()
				break
			}
		}
	}
	if missing && word != String.String() {
		word += NullMark
	}
	return word
}

// isExactly is the rule of Detect, which is stricter than Parse for numbers and hashes.
func isExactly(k Kind, s string, number func(string) (float64, bool)) bool {
	switch k {
	case Int32, Int64:
		return !strings.ContainsAny(s, "eE") && Fits(k, s, number)
	case FP32:
		v, ok := number(s)
		return ok && strconv.FormatFloat(v, 'g', -1, 32) == strconv.FormatFloat(v, 'g', -1, 64)
	case Hash32:
		return len(s) == 8 && fitsText(k, s)
	case Hash64:
		return (len(s) == 16 || len(s) == 8) && fitsText(k, s)
	}
	return Fits(k, s, number)
}

// widening lists the types that numbers and booleans grow to, narrowest first.
var widening = []Kind{Bool, UInt4, UInt8, Int32, Int64, FP32, FP64}

// common returns the narrowest type that holds the cells of columns of both types.
func common(a, b Kind) Kind {
	i, j := slices.Index(widening, a), slices.Index(widening, b)
	switch {
	case a == b:
		return a
	case i >= 0 && j >= 0:
		return widening[max(i, j)]
	case a == Hash64 && b == Hash32, a == Hash32 && b == Hash64:
		return Hash64
	}
	return String
}

// Fits reports whether text can be parsed as a cell of type k.
func Fits(k Kind, text string, number func(string) (float64, bool)) bool {
	c := NewColumn("", k, 1)
	return c.Parse(0, text, number) == nil
}

// Convert returns the cells of c as a column of type k. A cell that does not fit is an error.
func (c *Column) Convert(k Kind, text func(any) string, number func(string) (float64, bool)) (Column, error) {
	if k == c.Kind {
		return *c, nil
	}
	d := NewColumn(c.Name, k, c.Len())
	d.Meta = c.Meta
	for i := range c.Len() {
		v := c.Value(i)
		if v == "" && k != String {
			v = nil
		}
		if err := d.Put(i, v, text, number); err != nil {
			return d, &CellError{Row: i, Err: err}
		}
	}
	return d, nil
}

// CellError is a cell that could not be converted; Row is 0-based.
type CellError struct {
	Row int
	Err error
}

func (e *CellError) Error() string { return e.Err.Error() + " (row " + strconv.Itoa(e.Row+1) + ")" }

// Unwrap returns what was wrong with the cell.
func (e *CellError) Unwrap() error { return e.Err }
