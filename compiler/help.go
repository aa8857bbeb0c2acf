package compiler

import (
	"strings"

	"gdml/lang/ast"
	"gdml/lang/check"
	"gdml/lang/parse"
	"gdml/lang/source"
)

// LibraryHelp describes a library function that a script could call under o: the heads of
// its variants, the comment above the first of them, and the file. ok is false if there is
// no such function.
func LibraryHelp(name string, o Options) (text string, ok bool) {
	_, file, code, ok := newLoader(o).Library(name)
	if !ok {
		return "", false
	}
	f, _ := parse.File(source.NewSet(), file, code, parse.Options{})
	variants := check.LibraryVariants(f, name)
	if len(variants) == 0 {
		return "", false
	}
	var b strings.Builder
	for _, d := range variants {
		head := f.Source.Slice(source.Span{Start: d.At.Start, End: d.Body.At.Start})
		b.WriteString(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(head), "{")) + "\n")
	}
	if doc := commentAbove(f, variants[0]); doc != "" {
		b.WriteString("\n" + doc + "\n")
	}
	b.WriteString("\nDefined in " + file + "\n")
	return b.String(), true
}

// LibraryNames lists the library functions that a script could call under o.
func LibraryNames(o Options) []string { return newLoader(o).LibraryNames() }

// commentAbove returns the block of comments that ends above d, perhaps with blank lines
// between it and d, without the comment marks.
func commentAbove(f *ast.File, d *ast.FuncDef) string {
	if d.Doc != "" {
		return d.Doc
	}
	var lines []string
	next := d.At.Start
	for i := len(f.Comments) - 1; i >= 0; i-- {
		c := f.Comments[i]
		if c.At.Start >= d.At.Start {
			continue
		}
		gap := f.Source.Slice(source.Span{Start: c.At.End, End: next})
		if strings.TrimSpace(gap) != "" || len(lines) > 0 && strings.Count(gap, "\n") > 1 {
			break
		}
		lines = append([]string{strings.TrimPrefix(strings.TrimPrefix(c.Text, "#"), " ")}, lines...)
		next = c.At.Start
	}
	return strings.Join(lines, "\n")
}
