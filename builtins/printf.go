package builtins

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"gdml/lang/types"
	"gdml/runtime/value"
)

// verb is one conversion of a format (language reference §13.5, java.util.Formatter):
// %[index$][flags][width][.precision]conversion.
type verb struct {
	text  string // as written, or literal text for conv 0
	conv  byte   // d x o f e g s b, n and % take no argument; 0 for literal text
	upper bool   // X E G S B
	flags string
	width int // 0 for none
	prec  int // -1 for none
	arg   int // 0-based argument, -1 for none
}

func (v *verb) flag(f byte) bool { return strings.IndexByte(v.flags, f) >= 0 }

// takes reports whether the conversion shows a scalar of type e.
func (v *verb) takes(e types.Elem) bool {
	switch v.conv {
	case 'd', 'x', 'o':
		return e == types.Int || e == types.AnyElem
	case 'f', 'e', 'g':
		return e == types.Double || e == types.AnyElem
	}
	return true
}

// hint says how to show a value of type e.
func (v *verb) hint(e types.Elem) string {
	switch e {
	case types.Int:
		return "use %d for ints, or as.double(...)"
	case types.Double:
		return "use %f, %e or %g for doubles, or as.integer(...)"
	}
	return "use %s"
}

// parseFormat splits a format into literal text and conversions and gives each its argument.
func parseFormat(format string) ([]verb, error) {
	var vs []verb
	next, last := 0, -1
	for format != "" {
		i := strings.IndexByte(format, '%')
		if i != 0 {
			if i < 0 {
				i = len(format)
			}
			vs = append(vs, verb{text: format[:i], arg: -1})
			format = format[i:]
			continue
		}
		v, n, err := parseVerb(format)
		if err != nil {
			return nil, err
		}
		format = format[n:]
		switch {
		case v.conv == 'n' || v.conv == '%':
			v.arg = -1
		case v.flag('<'):
			if v.arg = last; last < 0 {
				return nil, fmt.Errorf("%s repeats an argument, but there is none before it", v.text)
			}
		case v.arg < 0:
			v.arg = next
			next++
		}
		if v.arg >= 0 {
			last = v.arg
		}
		vs = append(vs, v)
	}
	return vs, nil
}

// parseVerb reads the conversion that s starts with and returns its length.
func parseVerb(s string) (verb, int, error) {
	v := verb{prec: -1, arg: -1}
	i := 1
	number := func() int {
		start := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' && i-start < 6 {
			i++
		}
		n, _ := strconv.Atoi(s[start:i])
		return n
	}
	if i < len(s) && s[i] >= '1' && s[i] <= '9' { // an argument index, unless no $ follows
		if n := number(); i < len(s) && s[i] == '$' {
			v.arg = n - 1
			i++
		} else {
			i = 1
		}
	}
	for i < len(s) && strings.IndexByte("-#+ 0,(<", s[i]) >= 0 {
		v.flags += s[i : i+1]
		i++
	}
	v.width = number()
	if i < len(s) && s[i] == '.' {
		i++
		start := i
		if v.prec = number(); i == start {
			return v, 0, fmt.Errorf("%s has no digits after the point", s[:i])
		}
	}
	if i == len(s) {
		return v, 0, fmt.Errorf("%s ends without a conversion", s)
	}
	v.conv = s[i]
	v.text = s[:i+1]
	if strings.IndexByte("XEGSB", v.conv) >= 0 {
		v.upper = true
		v.conv += 'a' - 'A'
	}
	return v, i + 1, v.check()
}

// check refuses combinations that mean nothing.
func (v *verb) check() error {
	switch {
	case strings.IndexByte("dxofegsbn%", v.conv) < 0:
		return fmt.Errorf("%s is not a conversion; legal are %%d %%f %%e %%g %%s %%b %%x %%o %%n %%%%", v.text)
	case v.flag('-') && v.flag('0'), v.flag('+') && v.flag(' '):
		return fmt.Errorf("%s has flags that exclude each other", v.text)
	case (v.flag('-') || v.flag('0')) && v.width == 0:
		return fmt.Errorf("%s needs a width", v.text)
	case v.prec >= 0 && strings.IndexByte("dxon%", v.conv) >= 0:
		return fmt.Errorf("%s must not have a precision", v.text)
	case v.flag('#') && strings.IndexByte("dgsb", v.conv) >= 0,
		v.flag(',') && strings.IndexByte("dfg", v.conv) < 0,
		(v.flag('+') || v.flag(' ') || v.flag('(')) && strings.IndexByte("dfeg", v.conv) < 0,
		v.flag('0') && strings.IndexByte("sb", v.conv) >= 0:
		return fmt.Errorf("%s has a flag that does not fit its conversion", v.text)
	}
	return nil
}

// sprintf formats scalars. Surplus arguments are ignored.
func sprintf(format string, args []value.Value) (string, error) {
	vs, err := parseFormat(format)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i := range vs {
		v := &vs[i]
		switch {
		case v.conv == 0:
			b.WriteString(v.text)
			continue
		case v.conv == 'n':
			b.WriteByte('\n')
			continue
		case v.conv == '%':
			b.WriteString(v.pad("%"))
			continue
		case v.arg >= len(args):
			return "", fmt.Errorf("%s has no argument: %d were passed", v.text, len(args))
		}
		s, err := v.format(args[v.arg])
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// format shows x.
func (v *verb) format(x value.Value) (string, error) {
	t := value.TypeOf(x)
	if t.Data != types.Scalar {
		return "", fmt.Errorf("%s needs a scalar, not %s", v.text, t)
	}
	if !v.takes(t.Elem) {
		return "", fmt.Errorf("%s cannot show a value of type %s; %s", v.text, t, v.hint(t.Elem))
	}
	var s string
	switch v.conv {
	case 'd':
		n := x.(int64)
		digits := strconv.FormatInt(n, 10)
		s = v.number(n < 0, strings.TrimPrefix(digits, "-"))
	case 'x', 'o':
		s = v.unsigned(uint64(x.(int64)))
	case 'f', 'e', 'g':
		s = v.double(x.(float64))
	case 'b':
		b, isBool := x.(bool)
		s = v.text0(strconv.FormatBool(b || !isBool))
	case 's':
		if b, ok := x.(bool); ok {
			s = v.text0(strconv.FormatBool(b))
		} else {
			s = v.text0(value.Text(x))
		}
	default:
		return "", errors.New("unknown conversion " + v.text)
	}
	if v.upper {
		s = strings.ToUpper(s)
	}
	return s, nil
}

// text0 cuts a text to the precision and pads it.
func (v *verb) text0(s string) string {
	if r := []rune(s); v.prec >= 0 && len(r) > v.prec {
		s = string(r[:v.prec])
	}
	return v.pad(s)
}

func (v *verb) pad(s string) string {
	fill := v.width - len([]rune(s))
	switch {
	case fill <= 0:
		return s
	case v.flag('-'):
		return s + strings.Repeat(" ", fill)
	}
	return strings.Repeat(" ", fill) + s
}

func (v *verb) unsigned(n uint64) string {
	base, prefix := 16, "0x"
	if v.conv == 'o' {
		base, prefix = 8, "0"
	}
	s := strconv.FormatUint(n, base)
	if !v.flag('#') {
		prefix = ""
	}
	if fill := v.width - len(prefix) - len(s); v.flag('0') && fill > 0 {
		s = strings.Repeat("0", fill) + s
	}
	return v.pad(prefix + s)
}

// number adds grouping, sign and padding to the digits of a number's magnitude.
func (v *verb) number(negative bool, digits string) string {
	if v.flag(',') {
		digits = group(digits)
	}
	before, after := "", ""
	switch {
	case negative && v.flag('('):
		before, after = "(", ")"
	case negative:
		before = "-"
	case v.flag('+'):
		before = "+"
	case v.flag(' '):
		before = " "
	}
	if fill := v.width - len(before) - len(digits) - len(after); v.flag('0') && fill > 0 {
		digits = strings.Repeat("0", fill) + digits
	}
	return v.pad(before + digits + after)
}

// group puts commas between groups of three digits of the integer part.
func group(digits string) string {
	whole := strings.IndexByte(digits, '.')
	if whole < 0 {
		whole = len(digits)
	}
	var b strings.Builder
	for i := range whole {
		if i > 0 && (whole-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(digits[i])
	}
	return b.String() + digits[whole:]
}

// double shows f by the conversions f, e and g.
func (v *verb) double(f float64) string {
	if f != f || math.IsInf(f, 0) {
		s := "NaN"
		if f == f {
			s = "Infinity"
		}
		plain := *v
		plain.flags = strings.NewReplacer("0", "", ",", "").Replace(v.flags)
		if f != f {
			plain.flags = strings.NewReplacer("+", "", " ", "", "(", "").Replace(plain.flags)
		}
		return plain.number(f < 0, s)
	}
	prec := v.prec
	if prec < 0 {
		prec = 6
	}
	digits, point := shortest(math.Abs(f))
	var s string
	switch v.conv {
	case 'f':
		s = fixed(digits, point, prec)
	case 'e':
		s = scientific(digits, point, prec)
	default:
		s = general(digits, point, max(prec, 1))
	}
	if v.flag('#') && prec == 0 && v.conv != 'g' {
		s = withPoint(s)
	}
	return v.number(math.Signbit(f), s)
}

// withPoint shows a decimal point although no digit follows it.
func withPoint(s string) string {
	mantissa, exp, found := strings.Cut(s, "e")
	if found {
		return mantissa + ".e" + exp
	}
	return s + "."
}

// shortest returns the shortest decimal digits that identify a finite f >= 0, which is 0.d1d2d3... * 10^point; zero is "0" with point 1.
func shortest(f float64) (digits string, point int) {
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	point, _ = strconv.Atoi(exp)
	return strings.Replace(mantissa, ".", "", 1), point + 1
}

// roundAt cuts digits to the first n, rounding half up; n may be negative or beyond the end.
func roundAt(digits string, point, n int) (string, int) {
	switch {
	case n >= len(digits):
		return digits, point
	case n < 0 || digits[n] < '5' && n == 0:
		return "", point
	}
	up := digits[n] >= '5'
	b := []byte(digits[:n])
	for i := n - 1; up && i >= 0; i-- {
		if b[i] == '9' {
			b[i] = '0'
			continue
		}
		b[i]++
		up = false
	}
	if up {
		return "1" + string(b), point + 1
	}
	return string(b), point
}

// fixed writes a number with prec decimal places.
func fixed(digits string, point, prec int) string {
	digits, point = roundAt(digits, point, point+prec)
	if digits == "" {
		point = 0
	}
	var b strings.Builder
	at := func(i int) byte {
		if i >= 0 && i < len(digits) {
			return digits[i]
		}
		return '0'
	}
	if point <= 0 {
		b.WriteByte('0')
	}
	for i := range max(point, 0) {
		b.WriteByte(at(i))
	}
	if prec > 0 {
		b.WriteByte('.')
		for i := point; i < point+prec; i++ {
			b.WriteByte(at(i))
		}
	}
	return b.String()
}

// scientific writes a number with one digit before the point, prec after it and an exponent of at least two digits.
func scientific(digits string, point, prec int) string {
	if digits == "0" {
		point = 1
	}
	digits, point = roundAt(digits, point, prec+1)
	if fill := prec + 1 - len(digits); fill > 0 {
		digits += strings.Repeat("0", fill)
	}
	mantissa := digits[:1]
	if prec > 0 {
		mantissa += "." + digits[1:prec+1]
	}
	return fmt.Sprintf("%se%+03d", mantissa, point-1)
}

// general writes a number with prec significant digits: plainly from 10^-4 up to 10^prec, else scientifically. Zeros stay.
func general(digits string, point, prec int) string {
	if digits == "0" {
		return fixed(digits, point, prec-1)
	}
	r, p := roundAt(digits, point, prec)
	if p >= -3 && p <= prec {
		return fixed(r, p, prec-p)
	}
	return scientific(digits, point, prec-1)
}
