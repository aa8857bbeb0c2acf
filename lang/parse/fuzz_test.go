package parse

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"gdml/lang/ast"
	"gdml/lang/source"
)

// FuzzFile parses anything: no panic, an end, every span inside the file, no more
// errors than asked for, and expressions that are where they say they are.
func FuzzFile(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		_, secs := readScenario(f, path)
		f.Add(secs[0].text, false)
		f.Add(secs[0].text, true)
	}
	f.Fuzz(checkFile)
}

func checkFile(t *testing.T, text string, repl bool) {
	set := source.NewSet()
	set.Add("before.dml", "x = 1")
	tree, l := File(set, "x.dml", text, Options{REPL: repl})
	set.Add("after.dml", "x = 1")
	inside := func(what string, s source.Span) {
		end := tree.Source.Base + source.Pos(len(text))
		if s.Start < tree.Source.Base || s.End < s.Start || s.End > end {
			t.Errorf("%s has the span %v outside of [%d, %d]", what, s, tree.Source.Base, end)
		}
	}
	for _, d := range l.All() {
		inside(d.Msg, d.Span)
		for _, n := range d.Notes {
			inside(n.Msg, n.Span)
		}
	}
	if l.Errors() > defaultMaxErrors {
		t.Errorf("%d errors", l.Errors())
	}
	for _, s := range tree.Stmts {
		ast.Walk(s, func(n ast.Node) bool {
			inside("node", n.Span())
			return true
		})
	}
	for _, c := range tree.Comments {
		inside("comment", c.At)
	}
	ast.Dump(tree)
	Incomplete(text)
	if len(text) < 300 && l.Len() == 0 {
		checkSpans(t, tree)
	}
}

// TestSoup parses random sequences of tokens, which get further into the parser
// than random bytes do.
func TestSoup(t *testing.T) {
	words := strings.Fields(`a b f ns::g x1 as.scalar 1 2.5 "s" 'two $p $1 + - * ^ %*% %% < == ! & | = = = <- += ( ( ) ) [ [ ] ]
		{ { } } , , ; : : if else for in parfor while function return ifdef source as setwd TRUE int double matrix[double]
		externalFunction /* */ # @ .`)
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		var b strings.Builder
		for range r.IntN(60) {
			b.WriteString(words[r.IntN(len(words))])
			b.WriteString([]string{" ", " ", "\n", ""}[r.IntN(4)])
		}
		checkFile(t, b.String(), r.IntN(2) == 0)
		if t.Failed() {
			t.Fatalf("the text is\n%s", b.String())
		}
	}
}
