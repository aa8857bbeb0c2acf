package diag

import "strings"

// Nearest returns the candidate that name was most likely meant to be, for a "did
// you mean" hint. Candidates further away than about a third of the name's length
// are not offered. Of equally near candidates the one that begins most like the name
// wins, then the first; a difference in letter case only counts as nearest of all.
func Nearest(name string, candidates []string) (string, bool) {
	limit := 1
	switch n := len(name); {
	case n < 3:
		limit = 0
	case n > 8:
		limit = 3
	case n > 4:
		limit = 2
	}
	best, found := "", false
	for _, c := range candidates {
		if c == name {
			continue
		}
		if strings.EqualFold(c, name) {
			return c, true
		}
		d := distance(name, c, limit)
		if d < limit || d == limit && (!found || common(name, c) > common(name, best)) {
			best, found, limit = c, true, d
		}
	}
	return best, found
}

// common counts the bytes that a and b begin with alike.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// distance counts the insertions, deletions, replacements and swaps of neighbours
// that turn a into b (optimal string alignment; Damerau, "A technique for computer
// detection and correction of spelling errors", CACM 7(3), 1964). Anything above
// limit may be reported as limit+1.
func distance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if d := len(s) - len(t); d > limit || -d > limit {
		return limit + 1
	}
	before := make([]int, len(t)+1)
	prev := make([]int, len(t)+1)
	row := make([]int, len(t)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(t)]
}
