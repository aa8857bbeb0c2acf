package transform

import (
	"strconv"
	"strings"
	"unicode"

	"gdml/runtime/frame"
)

// levels are the abstractions that Dominant tries in turn, from fine to coarse. The first
// four keep the order of runs of characters: with upper and lower case told apart or not,
// with the lengths of runs or not. The fifth asks which classes occur at all, the last
// whether there is a letter.
var levels = []func(string) string{
	func(s string) string { return shape(s, false, true) },
	func(s string) string { return shape(s, false, false) },
	func(s string) string { return shape(s, true, true) },
	func(s string) string { return shape(s, true, false) },
	classes,
	func(s string) string { return strconv.FormatBool(strings.ContainsFunc(s, unicode.IsLetter)) },
}

// Dominant finds, column by column, the pattern that more than the share threshold of the
// cells have, at the first level of abstraction that has one, and replaces every cell of
// another pattern by replacement. A column without such a pattern stays. Missing cells
// stay and count as cells. The result has string columns.
func Dominant(f *frame.Frame, threshold float64, replacement string) (*frame.Frame, error) {
	cols := make([]frame.Column, f.Cols())
	for j := range cols {
		src := f.Column(j)
		c := frame.NewColumn("", frame.String, src.Len())
		level, pattern := dominant(src, threshold)
		for i := range src.Len() {
			t, ok := token(src, i)
			switch {
			case src.IsMissing(i):
				c.SetMissing(i)
			case ok && level != nil && level(t) != pattern:
				c.Strs[i] = replacement
			default:
				c.Strs[i] = t
			}
		}
		cols[j] = c
	}
	return frame.New(f.Rows(), cols)
}

func dominant(c *frame.Column, threshold float64) (level func(string) string, pattern string) {
	for _, level := range levels {
		n := map[string]int{}
		for i := range c.Len() {
			t, ok := token(c, i)
			if !ok {
				continue
			}
			p := level(t)
			if n[p]++; float64(n[p]) > threshold*float64(c.Len()) && n[p] > n[pattern] {
				pattern = p
			}
		}
		if n[pattern] > 0 {
			return level, pattern
		}
	}
	return nil, ""
}

// class is the class of a character: U and l for letters, or a when case does not count,
// d for digits, s for blanks, and itself for any other one.
func class(r rune, anyCase bool) string {
	switch {
	case unicode.IsLetter(r) && anyCase:
		return "a"
	case unicode.IsUpper(r):
		return "U"
	case unicode.IsLetter(r):
		return "l"
	case unicode.IsDigit(r):
		return "d"
	case unicode.IsSpace(r):
		return "s"
	}
	return "\\" + string(r)
}

// shape writes the runs of characters of one class, with their lengths if counts.
func shape(s string, anyCase, counts bool) string {
	var b strings.Builder
	last, n := "", 0
	flush := func() {
		b.WriteString(last)
		if counts && n > 0 {
			b.WriteString(strconv.Itoa(n))
		}
	}
	for _, r := range s {
		if c := class(r, anyCase); c != last {
			flush()
			last, n = c, 0
		}
		n++
	}
	flush()
	return b.String()
}

// classes tells which of letters, digits and other characters occur.
func classes(s string) string {
	out := []byte("---")
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			out[0] = 'a'
		case unicode.IsDigit(r):
			out[1] = 'd'
		default:
			out[2] = 'o'
		}
	}
	return string(out)
}
