package lambda

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"gdml/runtime/transform"
)

// methods of strings. Positions count characters. A method that hands its receiver to a
// static function of the same meaning needs no row in statics.
var methods = map[string]function{
	"length":           on(func(s string) any { return int32(count(s)) }),
	"isEmpty":          on(func(s string) any { return s == "" }),
	"isBlank":          on(func(s string) any { return strings.TrimSpace(s) == "" }),
	"toLowerCase":      on(func(s string) any { return strings.ToLower(s) }),
	"toUpperCase":      on(func(s string) any { return strings.ToUpper(s) }),
	"trim":             on(func(s string) any { return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' }) }),
	"strip":            on(func(s string) any { return strings.TrimSpace(s) }),
	"stripLeading":     on(func(s string) any { return strings.TrimLeftFunc(s, unicode.IsSpace) }),
	"stripTrailing":    on(func(s string) any { return strings.TrimRightFunc(s, unicode.IsSpace) }),
	"hashCode":         on(func(s string) any { return transform.Hash(s) }),
	"toCharArray":      on(func(s string) any { return chars(s) }),
	"concat":           with(func(s, t string) (any, error) { return s + t, nil }),
	"contains":         with(func(s, t string) (any, error) { return strings.Contains(s, t), nil }),
	"startsWith":       with(func(s, t string) (any, error) { return strings.HasPrefix(s, t), nil }),
	"endsWith":         with(func(s, t string) (any, error) { return strings.HasSuffix(s, t), nil }),
	"equalsIgnoreCase": with(func(s, t string) (any, error) { return strings.EqualFold(s, t), nil }),
	"compareTo":        with(func(s, t string) (any, error) { return compareTo(s, t), nil }),
	"matches":          {min: 1, max: 1, f: matches, regex: whole},
	"equals":           {min: 1, max: 1, f: func(a []any) (any, error) { return typeName(a[0]) == typeName(a[1]) && equal(a[0], a[1]), nil }},
	"toString":         {f: func(a []any) (any, error) { return Text(a[0]), nil }},
	"charAt":           {min: 1, max: 1, f: charAt},
	"substring":        {min: 1, max: 2, f: substring},
	"repeat":           {min: 1, max: 1, f: repeat},
	"indexOf":          {min: 1, max: 1, f: func(a []any) (any, error) { return find(a, strings.Index) }},
	"lastIndexOf":      {min: 1, max: 1, f: func(a []any) (any, error) { return find(a, strings.LastIndex) }},
	"replace": {min: 2, max: 2, f: func(a []any) (any, error) {
		return strings.ReplaceAll(Text(a[0]), Text(a[1]), Text(a[2])), needText(a[0])
	}},
	"replaceAll":   {min: 2, max: 2, f: func(a []any) (any, error) { return replace(a, -1) }, regex: anywhere},
	"replaceFirst": {min: 2, max: 2, f: func(a []any) (any, error) { return replace(a, 1) }, regex: anywhere},
	"split":        {min: 1, max: 2, f: split, regex: anywhere},
}

// on is a method of a string without arguments.
func on(f func(string) any) function {
	return function{f: func(a []any) (any, error) {
		if err := needText(a[0]); err != nil {
			return nil, err
		}
		return f(Text(a[0])), nil
	}}
}

// with is a method of a string with one string argument.
func with(f func(s, t string) (any, error)) function {
	return function{min: 1, max: 1, f: func(a []any) (any, error) {
		for _, v := range a {
			if err := needText(v); err != nil {
				return nil, err
			}
		}
		return f(Text(a[0]), Text(a[1]))
	}}
}

// needText is an error unless v is a string or a char.
func needText(v any) error {
	switch v.(type) {
	case string, Char:
		return nil
	}
	return fmt.Errorf("a String is needed, not %s", typeName(v))
}

func needInt(v any) (int, error) {
	if rank(v) != 1 {
		return 0, fmt.Errorf("an int is needed, not %s", typeName(v))
	}
	return int(toInt(v)), nil
}

func matches(a []any) (any, error) {
	return a[1].(*regexp.Regexp).MatchString(Text(a[0])), needText(a[0])
}

func count(s string) int { return len([]rune(s)) }

func chars(s string) []any {
	var out []any
	for _, r := range s {
		out = append(out, Char(r))
	}
	return out
}

func charAt(a []any) (any, error) {
	i, err := needInt(a[1])
	if err != nil {
		return nil, err
	}
	r := []rune(Text(a[0]))
	if i < 0 || i >= len(r) {
		return nil, fmt.Errorf("position %d is outside %q", i, Text(a[0]))
	}
	return Char(r[i]), needText(a[0])
}

func substring(a []any) (any, error) {
	r := []rune(Text(a[0]))
	lo, err := needInt(a[1])
	hi := len(r)
	if err == nil && len(a) > 2 {
		hi, err = needInt(a[2])
	}
	if err != nil {
		return nil, err
	}
	if lo < 0 || lo > hi || hi > len(r) {
		return nil, fmt.Errorf("positions %d to %d are outside %q", lo, hi, Text(a[0]))
	}
	return string(r[lo:hi]), needText(a[0])
}

// maxText bounds what repeat makes.
const maxText = 1 << 24

func repeat(a []any) (any, error) {
	n, err := needInt(a[1])
	if err != nil {
		return nil, err
	}
	s := Text(a[0])
	if n < 0 || n > maxText/max(len(s), 1) {
		return nil, fmt.Errorf("a string cannot be repeated %d times", n)
	}
	return strings.Repeat(s, n), needText(a[0])
}

func find(a []any, f func(s, t string) int) (any, error) {
	for _, v := range a {
		if err := needText(v); err != nil {
			return nil, err
		}
	}
	s := Text(a[0])
	at := f(s, Text(a[1]))
	if at < 0 {
		return int32(-1), nil
	}
	return int32(count(s[:at])), nil
}

// compareTo is the difference of the first characters that differ, or of the lengths.
func compareTo(s, t string) int32 {
	x, y := []rune(s), []rune(t)
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] - y[i]
		}
	}
	return int32(len(x) - len(y))
}

// replace replaces at most n matches, all if n is below 0.
func replace(a []any, n int) (any, error) {
	if err := needText(a[0]); err != nil {
		return nil, err
	}
	re := a[1].(*regexp.Regexp)
	s := Text(a[0])
	var b strings.Builder
	at := 0
	for _, m := range re.FindAllStringSubmatchIndex(s, n) {
		b.WriteString(s[at:m[0]])
		if err := expand(&b, Text(a[2]), s, m); err != nil {
			return nil, err
		}
		at = m[1]
	}
	b.WriteString(s[at:])
	return b.String(), nil
}

// expand writes a replacement: $n is group n, a backslash takes the next character as it is.
func expand(b *strings.Builder, repl, s string, m []int) error {
	for i := 0; i < len(repl); i++ {
		switch c := repl[i]; {
		case c == '\\' && i+1 < len(repl):
			i++
			b.WriteByte(repl[i])
		case c == '$':
			i++
			if i == len(repl) || repl[i] < '0' || repl[i] > '9' {
				return fmt.Errorf("a $ in the replacement %q needs the number of a group, or a backslash before it", repl)
			}
			g := int(repl[i] - '0')
			for i+1 < len(repl) && repl[i+1] >= '0' && repl[i+1] <= '9' && 10*g+int(repl[i+1]-'0') < len(m)/2 {
				i++
				g = 10*g + int(repl[i]-'0')
			}
			if g >= len(m)/2 {
				return fmt.Errorf("the expression has no group %d", g)
			}
			if m[2*g] >= 0 {
				b.WriteString(s[m[2*g]:m[2*g+1]])
			}
		default:
			b.WriteByte(c)
		}
	}
	return nil
}

// split cuts at matches of a regular expression; empty strings at the end are dropped, and
// one at the start if the match there is empty. A limit above 0 bounds the number of parts.
func split(a []any) (any, error) {
	if err := needText(a[0]); err != nil {
		return nil, err
	}
	limit := 0
	if len(a) > 2 {
		n, err := needInt(a[2])
		if err != nil {
			return nil, err
		}
		limit = n
	}
	return parts(a[1].(*regexp.Regexp), Text(a[0]), limit), nil
}

func parts(re *regexp.Regexp, s string, limit int) []any {
	var out []any
	at := 0
	for _, m := range re.FindAllStringIndex(s, -1) {
		if limit > 0 && len(out) == limit-1 {
			break
		}
		if m[1] == 0 || m[0] == m[1] && m[0] == len(s) {
			continue
		}
		out = append(out, s[at:m[0]])
		at = m[1]
	}
	out = append(out, s[at:])
	for limit == 0 && len(out) > 1 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}
