package lambda

import (
	"fmt"
	"strings"

	"gdml/runtime/cell"
	"gdml/runtime/transform"
)

// splitEntry splits a row token·code of recode metadata.
func splitEntry(a []any) (any, error) {
	token, code, ok := transform.SplitEntry(Text(a[0]))
	if !ok {
		return nil, fmt.Errorf("%q is no entry token·code", Text(a[0]))
	}
	return []any{token, code}, nil
}

// asciiAt returns the code of the character at a 1-based position, 0 behind the end.
func asciiAt(a []any) (any, error) {
	at, err := needInt(a[1])
	if err != nil {
		return nil, err
	}
	if r := []rune(Text(a[0])); at >= 1 && at <= len(r) {
		return r[at-1], nil
	}
	return int32(0), nil
}

// jaccard returns the Jaccard similarity of the sets of characters of two strings.
func jaccard(a []any) (any, error) {
	in := map[rune]int{}
	for _, r := range Text(a[0]) {
		in[r] |= 1
	}
	for _, r := range Text(a[1]) {
		in[r] |= 2
	}
	both := 0
	for _, m := range in {
		if m == 3 {
			both++
		}
	}
	if len(in) == 0 {
		return 1.0, nil
	}
	return float64(both) / float64(len(in)), nil
}

// maxWords bounds the product of the lengths that an edit distance is computed for.
const maxWords = 1 << 26

// wordErrorRate returns the edit distance of two texts in words, divided by the number of
// words of the longer one.
func wordErrorRate(a []any) (any, error) {
	x, y := strings.Fields(Text(a[0])), strings.Fields(Text(a[1]))
	if len(x)*len(y) > maxWords {
		return nil, fmt.Errorf("texts of %d and %d words are too long to compare", len(x), len(y))
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, w := range x {
		diag := row[0]
		row[0] = i + 1
		for j, v := range y {
			cost := diag
			if w != v {
				cost++
			}
			diag = row[j+1]
			row[j+1] = min(cost, diag+1, row[j]+1)
		}
	}
	if n := max(len(x), len(y)); n > 0 {
		return float64(row[len(y)]) / float64(n), nil
	}
	return 0.0, nil
}

// copyToArray returns an array as long as the first argument whose items are the second.
func copyToArray(a []any) (any, error) {
	like, ok := a[0].([]any)
	if !ok {
		return nil, fmt.Errorf("an array is needed, not %s", typeName(a[0]))
	}
	out := make([]any, len(like))
	for i := range out {
		out[i] = Text(a[1])
	}
	return out, nil
}

// doubleArray parses an array of strings, or a string of numbers between commas and blanks in brackets or not.
func doubleArray(a []any) (any, error) {
	items, ok := a[0].([]any)
	if !ok {
		text := strings.Trim(strings.TrimSpace(Text(a[0])), "[]")
		for _, f := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
			items = append(items, f)
		}
	}
	out := make([]any, len(items))
	for i, v := range items {
		f, err := cell.ParseDouble(strings.TrimSpace(Text(v)))
		if err != nil {
			return nil, fmt.Errorf("item %d: %q is not a number", i+1, Text(v))
		}
		out[i] = f
	}
	return out, nil
}

// csvString writes the words of a text, or the items of an array, with a separator between them.
func csvString(a []any) (any, error) {
	items, ok := a[0].([]any)
	if !ok {
		for _, w := range strings.Fields(Text(a[0])) {
			items = append(items, w)
		}
	}
	return join([]any{a[1], items})
}

func cleanRow(a []any) (any, error) {
	out := []any{}
	for _, w := range transform.Words(Text(a[0])) {
		out = append(out, w)
	}
	return out, nil
}
