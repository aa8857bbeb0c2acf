package cell

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// FormatDouble writes v the way scripts see doubles (language reference §13.2):
// the shortest digits that read back as v, plain for 1e-3 <= |v| < 1e7 and as
// d.dE±x elsewhere, always with a fraction digit; NaN, Infinity, -Infinity.
func FormatDouble(v float64) string {
	switch {
	case v != v:
		return "NaN"
	case math.IsInf(v, 1):
		return "Infinity"
	case math.IsInf(v, -1):
		return "-Infinity"
	}
	if a := math.Abs(v); a == 0 || a >= 1e-3 && a < 1e7 {
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	s := strconv.FormatFloat(v, 'e', -1, 64)
	if !strings.Contains(s, ".") {
		// Two digits are written in any case, and they are the nearest two: 4.9E-324.
		s = strconv.FormatFloat(v, 'e', 1, 64)
	}
	mantissa, exponent, _ := strings.Cut(s, "e")
	x, err := strconv.Atoi(exponent)
	if err != nil {
		return s // not reached: strconv writes a decimal exponent
	}
	return mantissa + "E" + strconv.Itoa(x)
}

// Fixed writes v with exactly decimals fraction digits, as toString does (language
// reference §13.3): digits that the shortest form does not have are zeros, others
// are rounded half-even on the exact binary value; only a lone 5 in the first place that
// is cut, below a thousandth, is dropped (0.0005 gives 0.000), as Java's formatter does.
// A negative decimals means up to three fraction digits without trailing zeros. Negative
// zero loses its sign.
func Fixed(v float64, decimals int) string {
	if v-v != 0 {
		return FormatDouble(v)
	}
	if v == 0 {
		v = 0 // not -0
	}
	if decimals < 0 {
		s := Fixed(v, 3)
		return strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	s := strconv.FormatFloat(v, 'f', -1, 64)
	have := 0
	if dot := strings.IndexByte(s, '.'); dot >= 0 {
		have = len(s) - dot - 1
	}
	switch {
	case have == decimals+1 && decimals >= 3 && strings.TrimLeft(s, "-0.") == "5":
		return strings.TrimSuffix(s, "5")
	case have > decimals:
		return strconv.FormatFloat(v, 'f', decimals, 64)
	case have < decimals && have == 0:
		s += "."
	}
	return s + strings.Repeat("0", decimals-have)
}

// ParseDouble reads a double in Java's decimal syntax: an optional sign, digits with
// an optional point and exponent, or NaN or Infinity. White space around it is
// ignored; hexadecimal forms and type suffixes are errors. Values out of range
// become infinite or zero.
func ParseDouble(s string) (float64, error) {
	t := strings.TrimSpace(s)
	sign, rest := 1.0, t
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		if rest[0] == '-' {
			sign = -1
		}
		rest = rest[1:]
	}
	switch rest {
	case "NaN":
		return math.NaN(), nil
	case "Infinity":
		return math.Inf(int(sign)), nil
	}
	if !decimalSyntax(rest) {
		return 0, fmt.Errorf("not a number: %q", s)
	}
	v, err := strconv.ParseFloat(rest, 64)
	if err != nil && v == 0 {
		return 0, fmt.Errorf("not a number: %q", s)
	}
	return sign * v, nil
}

// decimalSyntax reports whether s is digits with an optional point, at least one digit, and an optional exponent.
func decimalSyntax(s string) bool {
	digits := func() (n int) {
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n
	}
	n := digits()
	if strings.HasPrefix(s, ".") {
		s = s[1:]
		n += digits()
	}
	if n == 0 {
		return false
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if digits() == 0 {
			return false
		}
	}
	return s == ""
}
