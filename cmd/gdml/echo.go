package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gdml/lang/ast"
	"gdml/lang/check"
	"gdml/lang/parse"
	"gdml/lang/source"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// The prompt shows at most this many rows and columns of a matrix; print shows all.
const (
	shownRows = 10
	shownCols = 8
)

// echo renders the value of a bare expression, shortened to fit a screen.
func echo(v value.Value) string {
	switch v := v.(type) {
	case *matrix.Matrix:
		return describe(v) + "\n" + cells(v)
	case *frame.Frame:
		return describe(v) + "\n" + value.ToString(v, value.TextOptions{Rows: shownRows, Cols: shownCols, Decimal: 3, Sep: " ", Linesep: "\n"})
	case *value.List:
		var b strings.Builder
		b.WriteString(describe(v) + "\n")
		for i := range v.Len() {
			name := v.Name(i)
			if name == "" {
				name = strconv.Itoa(i + 1)
			}
			fmt.Fprintf(&b, "  $%s : %s\n", name, describe(v.At(i)))
		}
		return b.String()
	}
	return value.Text(v) + "\n"
}

// describe names the type and size of a value in one line.
func describe(v value.Value) string {
	switch v := v.(type) {
	case *matrix.Matrix:
		s := fmt.Sprintf("%dx%d matrix<double>", v.Rows(), v.Cols())
		if v.IsSparse() {
			s += fmt.Sprintf(", sparse %.4g%%", 100*float64(v.NNZ())/float64(max(v.Cells(), 1)))
		}
		return s
	case *frame.Frame:
		return v.String()
	case *value.List:
		return fmt.Sprintf("list of %d", v.Len())
	case *value.Tensor:
		return v.String()
	case nil:
		return "not set"
	}
	return fmt.Sprintf("%s %s", value.TypeOf(v), value.Text(v))
}

// cells lays out a matrix with row and column numbers; long ones are elided in the middle.
func cells(m *matrix.Matrix) string {
	rows, cols := elide(m.Rows(), shownRows), elide(m.Cols(), shownCols)
	table := [][]string{{""}}
	for _, j := range cols {
		table[0] = append(table[0], head("[,%d]", j))
	}
	for _, i := range rows {
		line := []string{head("[%d,]", i)}
		for _, j := range cols {
			switch {
			case i < 0 || j < 0:
				line = append(line, "...")
			case m.IsSparse() && m.At(i, j) == 0:
				line = append(line, ".")
			default:
				line = append(line, strconv.FormatFloat(m.At(i, j)+0, 'g', 5, 64))
			}
		}
		table = append(table, line)
	}
	return align(table)
}

// elide returns the indices to show of n, -1 standing for those left out.
func elide(n, shown int) []int {
	var idx []int
	for i := range n {
		switch {
		case n <= shown || i < shown/2 || i >= n-shown/2:
			idx = append(idx, i)
		case i == shown/2:
			idx = append(idx, -1)
		}
	}
	return idx
}

func head(format string, i int) string {
	if i < 0 {
		return "..."
	}
	return fmt.Sprintf(format, i+1)
}

// align pads all columns to the right.
func align(table [][]string) string {
	var width []int
	for _, line := range table {
		for j, c := range line {
			if j == len(width) {
				width = append(width, 0)
			}
			width[j] = max(width[j], len(c))
		}
	}
	var b strings.Builder
	for _, line := range table {
		for j, c := range line {
			if j > 0 {
				b.WriteString("  ")
			}
			fmt.Fprintf(&b, "%*s", width[j], c)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// signatures lists functions by name.
func signatures(funcs map[string]*check.Func) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(funcs)) {
		d := funcs[name].Decl
		out = append(out, fmt.Sprintf("%s(%s) -> %s", name, params(d.Params), params(d.Results)))
	}
	return out
}

func params(ps []ast.FuncParam) string {
	var names []string
	for _, p := range ps {
		names = append(names, p.Type.String()+" "+p.Name.Name)
	}
	return strings.Join(names, ", ")
}

// oneLine joins an input to one line for the history: newlines are white space in DML
// except in strings and at the end of comments, which are dropped.
func oneLine(input string) string {
	f, _ := parse.File(source.NewSet(), "", input, parse.Options{REPL: true})
	var b strings.Builder
	at := 0
	for _, c := range f.Comments {
		b.WriteString(input[at:f.Source.Offset(c.At.Start)])
		at = f.Source.Offset(c.At.End)
	}
	b.WriteString(input[at:])
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}

// completer completes builtin names for the line editor.
type completer struct{ names []string }

func newCompleter(names []string) *completer {
	names = slices.Clone(names)
	slices.Sort(names)
	return &completer{slices.Compact(names)}
}

// Do returns what may follow the word before the cursor.
func (c *completer) Do(line []rune, pos int) (suffixes [][]rune, length int) {
	start := pos
	for start > 0 && (line[start-1] == '.' || line[start-1] == '_' || isWordRune(line[start-1])) {
		start--
	}
	word := string(line[start:pos])
	if word == "" {
		return nil, 0
	}
	for _, n := range c.names {
		if rest, ok := strings.CutPrefix(n, word); ok {
			suffixes = append(suffixes, []rune(rest+"("))
		}
	}
	return suffixes, len([]rune(word))
}

func isWordRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}
