package main

import (
	"fmt"
	"strings"
)

// surround is the number of unchanged lines around a change.
const surround = 3

// edit is a line of a comparison: kept (' '), only in the old text ('-'), or only in
// the new one ('+').
type edit struct {
	sign byte
	line string
}

// unifiedDiff returns the changes from a to b in the unified format.
func unifiedDiff(name, a, b string) string {
	edits := compare(splitLines(a), splitLines(b))
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s (formatted)\n", name, name)
	oldLine, newLine := 1, 1 // of edits[i]
	for i := 0; i < len(edits); {
		if edits[i].sign == ' ' {
			i, oldLine, newLine = i+1, oldLine+1, newLine+1
			continue
		}
		lo, hi := max(0, i-surround), hunkEnd(edits, i)
		writeHunk(&out, edits[lo:hi], oldLine-(i-lo), newLine-(i-lo))
		for ; i < hi; i++ {
			if edits[i].sign != '+' {
				oldLine++
			}
			if edits[i].sign != '-' {
				newLine++
			}
		}
	}
	return out.String()
}

// hunkEnd returns the end of the hunk whose first change is edits[i]: changes with few
// lines between them stand in one hunk.
func hunkEnd(edits []edit, i int) int {
	last := i
	for j := i; j < len(edits) && j-last <= 2*surround; j++ {
		if edits[j].sign != ' ' {
			last = j
		}
	}
	return min(len(edits), last+1+surround)
}

func writeHunk(out *strings.Builder, edits []edit, oldLine, newLine int) {
	olds, news := 0, 0
	for _, e := range edits {
		if e.sign != '+' {
			olds++
		}
		if e.sign != '-' {
			news++
		}
	}
	fmt.Fprintf(out, "@@ -%d,%d +%d,%d @@\n", oldLine, olds, newLine, news)
	for _, e := range edits {
		out.WriteByte(e.sign)
		out.WriteString(e.line)
		if !strings.HasSuffix(e.line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// splitLines cuts a text behind its line ends.
func splitLines(s string) []string {
	ls := strings.SplitAfter(s, "\n")
	if ls[len(ls)-1] == "" {
		ls = ls[:len(ls)-1]
	}
	return ls
}

// compare finds a shortest list of edits from a to b (E. W. Myers, An O(ND) difference
// algorithm and its variations, 1986). trace[d] holds how far each diagonal k = x-y gets
// with d changes, at index k+d.
func compare(a, b []string) []edit {
	var trace [][]int
	reach := func(d, k int) int { // the x that d changes reach on diagonal k, before equal lines
		prev := trace[d-1]
		at := func(k int) int { return prev[k+d-1] }
		if k == -d || k != d && at(k-1) < at(k+1) {
			return at(k + 1)
		}
		return at(k-1) + 1
	}
	for d := 0; ; d++ {
		row := make([]int, 2*d+1)
		for k := -d; k <= d; k += 2 {
			x := 0
			if d > 0 {
				x = reach(d, k)
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			row[k+d] = x
			if k == len(a)-len(b) && x >= len(a) {
				trace = append(trace, row)
				return backtrack(a, b, trace, reach)
			}
		}
		trace = append(trace, row)
	}
}

// backtrack follows a shortest path from its end and returns its edits in order.
func backtrack(a, b []string, trace [][]int, reach func(d, k int) int) []edit {
	x, y := len(a), len(b)
	edits := make([]edit, 0, len(a)+len(b))
	for d := len(trace) - 1; d >= 0; d-- {
		k, from := x-y, 0
		if d > 0 {
			from = reach(d, k)
		}
		for x > from && x > 0 && y > 0 {
			x, y = x-1, y-1
			edits = append(edits, edit{' ', a[x]})
		}
		if d == 0 {
			break
		}
		prev := trace[d-1]
		if k == -d || k != d && prev[k-1+d-1] < prev[k+1+d-1] {
			y--
			edits = append(edits, edit{'+', b[y]})
		} else {
			x--
			edits = append(edits, edit{'-', a[x]})
		}
	}
	for i, j := 0, len(edits)-1; i < j; i, j = i+1, j-1 {
		edits[i], edits[j] = edits[j], edits[i]
	}
	return edits
}
