package transform

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf16"

	"gdml/runtime/frame"
)

// The buckets of hash and tokenize are those of the reference, which takes the hashes of
// its platform: 31-based sums over UTF-16 units for strings, folded bits for numbers
// (Java Language Specification, java.lang.String, Double, Long).

// Hash returns the hash of a string.
func Hash(s string) int32 {
	h := int32(0)
	for _, u := range utf16.Encode([]rune(s)) {
		h = 31*h + int32(u)
	}
	return h
}

func fold(v uint64) int32 { return int32(uint32(v ^ v>>32)) }

// javaCell is the hash of a cell by its type; ok is false for a missing or empty one.
func javaCell(c *frame.Column, i int) (h int32, ok bool) {
	switch v := c.Value(i).(type) {
	case string:
		return Hash(v), v != ""
	case bool:
		if v {
			return 1231, true
		}
		return 1237, true
	case int64:
		if c.Kind == frame.Int64 {
			return fold(uint64(v)), true
		}
		return int32(v), true
	case float64:
		if c.Kind == frame.FP32 {
			return int32(math.Float32bits(float32(canonical(v)))), true
		}
		return fold(math.Float64bits(canonical(v))), true
	}
	return 0, false
}

// canonical gives all NaN the bits that Java's hash sees.
func canonical(v float64) float64 {
	if v != v {
		return math.Float64frombits(0x7ff8000000000000)
	}
	return v
}

// bucket returns abs(h) mod k + 1.
func bucket(h int32, k int) float64 {
	a := int64(h)
	if a < 0 {
		a = -a
	}
	return float64(a%int64(k) + 1)
}

// Words splits text as a bag of words does: runs of letters, in lower case.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
}
