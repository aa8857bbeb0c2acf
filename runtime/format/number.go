package format

import (
	"math"
	"strconv"
	"strings"

	"gdml/runtime/cell"
)

// pow10 holds the powers of ten that are exact doubles.
var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// scanNumber reads a plain decimal number at the start of b and returns it with its
// length. ok is false when the number needs the slow path: too many digits, a large
// exponent, or no decimal number at all. With a mantissa below 2^53 and a power of
// ten up to 22 one multiplication or division rounds correctly (Clinger 1990).
func scanNumber(b []byte) (v float64, n int, ok bool) {
	neg := false
	if n < len(b) && (b[n] == '-' || b[n] == '+') {
		neg = b[n] == '-'
		n++
	}
	var mant uint64
	start, exp := n, 0
	for n < len(b) && b[n]-'0' <= 9 {
		mant = 10*mant + uint64(b[n]-'0')
		n++
	}
	digits := n - start
	if n < len(b) && b[n] == '.' {
		n++
		dot := n
		for n < len(b) && b[n]-'0' <= 9 {
			mant = 10*mant + uint64(b[n]-'0')
			n++
		}
		exp = dot - n
		digits += n - dot
	}
	if digits == 0 || digits > 18 || mant >= 1<<53 {
		return 0, 0, false
	}
	if n < len(b) && b[n]|0x20 == 'e' {
		x, k := scanExponent(b[n+1:])
		if k == 0 {
			return 0, 0, false
		}
		exp += x
		n += 1 + k
	}
	v = float64(mant)
	switch {
	case exp == 0 || mant == 0:
	case exp > 0 && exp < len(pow10):
		v *= pow10[exp]
	case exp < 0 && -exp < len(pow10):
		v /= pow10[-exp]
	default:
		return 0, 0, false
	}
	if neg {
		v = -v
	}
	return v, n, true
}

// scanExponent reads a signed number of at most three digits; n is 0 when there is none.
func scanExponent(b []byte) (x, n int) {
	neg := false
	if n < len(b) && (b[n] == '-' || b[n] == '+') {
		neg = b[n] == '-'
		n++
	}
	start := n
	for n < len(b) && b[n]-'0' <= 9 {
		if n-start == 3 {
			return 0, 0
		}
		x = 10*x + int(b[n]-'0')
		n++
	}
	if n == start {
		return 0, 0
	}
	if neg {
		x = -x
	}
	return x, n
}

// parseNumber reads all of s as a number: Java's syntax, and nan and inf in any case.
func parseNumber(s string) (float64, bool) {
	if v, n, ok := scanNumber([]byte(s)); ok && n == len(s) {
		return v, true
	}
	if v, err := cell.ParseDouble(s); err == nil && strings.TrimSpace(s) == s {
		return v, true
	}
	switch strings.ToLower(s) {
	case "nan":
		return math.NaN(), true
	case "inf", "+inf", "infinity", "+infinity":
		return math.Inf(1), true
	case "-inf", "-infinity":
		return math.Inf(-1), true
	}
	return 0, false
}

// appendNumber appends the text of v as cell.FormatDouble gives it.
func appendNumber(b []byte, v float64) []byte {
	if i := int64(v); float64(i) == v && i > -1e7 && i < 1e7 && (i != 0 || !math.Signbit(v)) {
		return append(strconv.AppendInt(b, i, 10), ".0"...)
	}
	if a := math.Abs(v); a >= 1e-3 && a < 1e7 {
		return strconv.AppendFloat(b, v, 'f', -1, 64) // no whole number, so that there is a point
	}
	return append(b, cell.FormatDouble(v)...)
}

// parseIndex reads all of b as an unsigned decimal below 2^62.
func parseIndex(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 18 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	return n, true
}
