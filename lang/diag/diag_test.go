package diag

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gdml/lang/source"
)

func TestList(t *testing.T) {
	var a, b List
	first := Diagnostic{Code: Syntax, Span: source.Span{Start: 5, End: 6}, Msg: "m"}
	a.Add(first)
	a.Add(first)
	second := first
	second.Msg = "n"
	b.Add(second)
	b.Add(first)
	b.Add(Diagnostic{Code: BadToken, Severity: Warning, Span: source.Span{Start: 1, End: 2}, Msg: "w"})
	a.Append(b)
	if a.Len() != 3 || a.Errors() != 2 || !a.HasErrors() {
		t.Errorf("got %d diagnostics, %d errors", a.Len(), a.Errors())
	}
	all := a.All()
	if all[0].Msg != "w" || all[1].Msg != "m" || all[2].Msg != "n" {
		t.Errorf("got the order %v", all)
	}
	all[0].Msg = "changed"
	if a.All()[0].Msg != "w" {
		t.Error("callers can change the list")
	}
	var warnings List
	warnings.Add(Diagnostic{Severity: Warning, Msg: "w"})
	if warnings.HasErrors() {
		t.Error("a warning counts as an error")
	}
}

// TestCodes reads codes.go: every code has a number of its own and a comment that
// begins with its name.
func TestCodes(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			name, value := v.Names[0].Name, v.Values[0].(*ast.BasicLit).Value
			if other, ok := seen[value]; ok {
				t.Errorf("%s and %s have the number %s", other, name, value)
			}
			seen[value] = name
			if name != "None" && !strings.HasPrefix(v.Doc.Text(), name+": ") {
				t.Errorf("%s has no comment that begins with its name", name)
			}
		}
	}
	listed := map[string]bool{"0": true}
	for _, c := range Codes() {
		listed[strconv.Itoa(int(c))] = true
	}
	for value, name := range seen {
		if !listed[value] {
			t.Errorf("Codes does not list %s", name)
		}
	}
	if len(listed) != len(seen) || len(Codes())+1 != len(seen) || !slices.IsSorted(Codes()) {
		t.Errorf("Codes lists %v for %d constants", Codes(), len(seen)-1)
	}
	if None.String() != "" || Syntax.String() != "E0110" || Internal.String() != "E0799" {
		t.Errorf("got %q, %q, %q", None, Syntax, Internal)
	}
}
