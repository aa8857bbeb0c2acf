package parse

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/token"
)

// TestCodes has a script for every code that the parser reports.
func TestCodes(t *testing.T) {
	for _, c := range []struct {
		script string
		code   diag.Code
		sev    diag.Severity
		at     string // text under the caret
	}{
		{"x @= 3", diag.BadToken, diag.Warning, "@"},
		{"x = 'a", diag.UnterminatedString, diag.Error, "'a"},
		{`x = "\d"`, diag.BadEscape, diag.Error, `\d`},
		{"x = 1L", diag.BadNumber, diag.Error, "1L"},
		{"x = 4.2l", diag.BadNumber, diag.Error, "4.2l"},
		{"x = 9223372036854775808", diag.BadNumber, diag.Error, "9223372036854775808"},
		{"x = 1e400", diag.BadNumber, diag.Warning, "1e400"},
		{"x = )", diag.Syntax, diag.Error, ")"},
		{"f = function(flt x) { y = 1 }", diag.BadTypeWord, diag.Error, "flt"},
		{"if (a) { f = function() { y = 1 } }", diag.MisplacedFunction, diag.Error, "function"},
		{"f = function() {}", diag.EmptyFunction, diag.Error, "f"},
		{"f(x) = 3", diag.BadStatement, diag.Error, "f(x)"},
		{"if (a) { f = externalFunction(int a) return (int b) implemented in (x='y') }", diag.MisplacedFunction, diag.Error, "externalFunction"},
		{"f = externalFunction(int a) return (int b) x", diag.Syntax, diag.Error, "x"},
	} {
		set := source.NewSet()
		f, l := File(set, "x.dml", c.script, Options{})
		all := l.All()
		if len(all) != 1 {
			t.Errorf("%s: got %v, want one message", c.script, all)
			continue
		}
		d := all[0]
		if d.Code != c.code || d.Severity != c.sev || f.Source.Slice(d.Span) != c.at {
			t.Errorf("%s: got %s %s at %q, want %s %s at %q",
				c.script, d.Severity, d.Code, f.Source.Slice(d.Span), c.sev, c.code, c.at)
		}
	}
}

// TestRefused has the scripts of the conformance suite that must not parse (§19),
// and the rules of §1 to §4 and §15 that name an error.
func TestRefused(t *testing.T) {
	for _, script := range []string{
		"x = 1:3", "x = y = 3", "f = function(x) { y = x }", "in = 1", "if(a) {b=1}; else {b=2}",
		"f = function(Matrix[Doubl] X) {y=1}", "f = function(MATRIX[DOUBLE] X) {y=1}", "f = function() {}",
		"double(x)", "int = 4", `f(string="a")`, "x = 1 + ifdef($a, 2)", "print(ifdef($a, 2))", "ifdef($a, 2)",
		"x = ifdef($a)", "X[2:,] = 1", "y = X[2:,]", "y = X[:3,]", "y = f(x)[1]", "y = (A)[1,1]", "y = L[1][2]",
		"f(1,)", "f(,1)", "x = f(a=)", "x = ", "x = (1", "x = 1)", "{ x = 1 }", "; x = 1", "if (a) {};",
		"if(x<-3) y = 1", "for (i in X) y = 1", "for (i in rev(1, 2)) y = 1", "for (i in 1:3,) y = 1",
		`source("a.dml")`, `source(a) as b`, "while a y = 1", "x + 1", "x", "1", "a -> b", "x -= 1",
		"[a, b] = 3", "[a, b] = f(x) + 1", "[] = f(x)", "f = function() return (a) { a = 1 }",
		"f = function() { g = function() { a = 1 } }", "x = function() ", "else x = 1", "x = as", "x = $", "}",
	} {
		f, l := File(source.NewSet(), "x.dml", script, Options{})
		if !l.HasErrors() {
			t.Errorf("%s: no error, but %s", script, ast.Dump(f))
		}
		if n := l.Errors(); n > 1 {
			t.Errorf("%s: %d errors: %v", script, n, l.All())
		}
	}
}

// TestAccepted has scripts whose only point is that they parse.
func TestAccepted(t *testing.T) {
	for _, script := range []string{
		"", "\n\n", "# only a comment", "/* a */ # b", "\t x=1 ;;; y=2\r\n",
		"if(a) b=1; else b=2", "while(i < 3) { i = i + 1 }", "f = function() { x = 1 };", "f = function() { x = 1 };;",
		"s = ''; for(i in 1:0) s = s + i + ','; print(s)",
		"for(i in seq(10,1,-4)) { s = s + i + ' '; i = 100; } print(s + i)",
		"if(a) { if(b) {c=1}; d=2 }", "if (a) if (b) { c = 1 }; else { c = 2 }",
		"a = TRUE && FALSE", "$x = 3", "matrix = 3; next = 4; break = next; T = F",
		"lower.tail = 3; f(lower.tail=lower.tail)", "x = frame(data=[1, 2])", "x = f\n(1)",
		"as.scalar(X)", "f = function(double a = -1) return () { b = a }", "X[,1] = Y[1,]",
		"if (a) {} else {}", "parfor(i in 1:3, mode=REMOTE_SPARK) {}", "i = function() { x = 1 } y = 2",
		"x = a # comment\n + b /* c */ * c", "f(\n  a = 1, # first\n  b = 2)\n", "x = 1 -1", "print(\"a\")print(\"b\")",
	} {
		if f, l := File(source.NewSet(), "x.dml", script, Options{}); l.Len() > 0 {
			t.Errorf("%q: %v, tree %s", script, l.All(), ast.Dump(f))
		}
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a.b", "Ident:a"},
		{"a::b ::c a:: b", "Ident:a::b :: :: Ident:c Ident:a :: :: Ident:b"},
		{"as.scalar as.scalars is.nan is.na.x", "Ident:as.scalar Ident:as.scalar Ident:s Ident:is.nan Ident:is.na"},
		{"1 1. .5 1.5 1e3 1E-3 1.e+3 .5e1", "Int:1 Float:1. Float:.5 Float:1.5 Float:1e3 Float:1E-3 Float:1.e+3 Float:.5e1"},
		{"1e 1e+ 1.2.3 1:3 1.:2", "Int:1 Ident:e Int:1 Ident:e + Float:1.2 Float:.3 Int:1 : Int:3 Float:1. : Int:2"},
		{"$x1_ $12a $1", "Arg:$x1_ Arg:$12 Ident:a Arg:$1"},
		{"a<-1 a< -1 a<=-1 a+=+1", "Ident:a <- Int:1 Ident:a < - Int:1 Ident:a <= - Int:1 Ident:a += + Int:1"},
		{"%*% %/% %% * / ** %%%", "%*% %/% %% * / * * %%"},
		{"== = != ! & && | || &&&", "== = != ! & && | || && &"},
		{"TRUE True true FALSE T", "TRUE Ident:True Ident:true FALSE Ident:T"},
		{"iff if IF for parfor", "Ident:iff if Ident:IF for parfor"},
		{"a#b\nc/*d*/e/**/f", "Ident:a Ident:c Ident:e Ident:f"},
		{"x.y = 3", "Ident:x = Int:3"},
		{"x.yz", "Ident:x Ident:z"},
		{"x.\ny", "Ident:x Ident:y"},
		{"a %in% b", "Ident:a Ident:n Ident:b"},
		{"a %*b c", "Ident:a Ident:c"},
		{"$$name$$", "Ident:name"},
		{"a\u00a0b\fc\ufeffd", "Ident:a Ident:b Ident:c Ident:d"},
		{"a\x00b\xffc", "Ident:a Ident:b Ident:c"},
	} {
		s := newScanner(source.NewSet().Add("x.dml", c.in), defaultMaxErrors)
		var got []string
		for {
			tok, err := s.Next()
			if err != nil {
				t.Fatal(err)
			}
			if tok.Type == lexer.EOF {
				break
			}
			switch k := token.Kind(tok.Type); k {
			case token.Comment:
			case token.Ident:
				got = append(got, "Ident:"+tok.Value)
			case token.Int:
				got = append(got, "Int:"+tok.Value)
			case token.Float:
				got = append(got, "Float:"+tok.Value)
			case token.Arg:
				got = append(got, "Arg:"+tok.Value)
			default:
				got = append(got, k.String())
				if k.String() != tok.Value {
					t.Errorf("%q: token %s has the text %q", c.in, k, tok.Value)
				}
			}
		}
		want := strings.ReplaceAll(c.want, ":: ::", ": :")
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q:\n got %s\nwant %s", c.in, g, want)
		}
	}
}

func TestIncomplete(t *testing.T) {
	for _, text := range []string{
		"x =", "x <-", "x +=", "x = 1 +", "x = -", "x = !", "x = a %*%", "f(", "f(1", "f(1,", "f(a=", "x = (1 + 2",
		"X[", "X[1,", "X[1:", "X[1, 2", "[a", "[a, b", "[a, b]", "[a, b] =", "if", "if (", "if (a", "if (a)",
		"if (a) {", "if (a) { x = 1", "if (a) { x = 1 } else", "if (a) { x = 1 } else {", "while (a)",
		"for (i", "for (i in", "for (i in 1:", "for (i in 1:3)", "for (i in 1:3) {\n  x = 1\n",
		"f = function", "f = function(", "f = function(int", "f = function(int a", "f = function(int a) return",
		"f = function(int a) return (int b)", "f = function(int a) {", "f = function(int a) { while (a) { b = 1 }",
		`x = "abc`, "x = 'abc\n", "x = 1 /* more", "/* more", "/*", `source("a.dml")`, `source("a.dml") as`,
		"x = ifdef(", "x = ifdef($a,", "ns::f(", "1 +", "(", "-", "x = 1; y =", "x = 1 # comment\ny = # comment",
	} {
		if !Incomplete(text) {
			t.Errorf("%q should be incomplete", text)
		}
	}
	for _, text := range []string{
		"", "  \n", "# comment", "x", "x = 1", "x = 1;", "f(1)", "if (a) x = 1", "if (a) { x = 1 }", "while (a) {}",
		"1 + 2", "X[1, 2]", "[a, b] = f(1)", "x = 'abc'", "/* done */", "f = function(int a) { b = a }",
		// errors that no addition mends
		"x = )", "x = 1 )", "}", "else", "x = 1 2 (", "if (a } {", "x = 1L +", "f = function(x) {", "f(1, ]", "x = ) 'abc",
	} {
		if Incomplete(text) {
			t.Errorf("%q should not be incomplete", text)
		}
	}
}

// TestPrefixes takes a program apart: every prefix that ends before a blank must
// parse or be incomplete.
func TestPrefixes(t *testing.T) {
	const text = `f = function(matrix[double] X, int k = 2) return (double s) { s = sum(X[1:k, ]) ^ 2 }
x = f(A, k=3) + g([1, "a"]) # comment
[a, b] = h(x)
if (a > 0 & !b) { y = -a } else if (b) y = 'b' else { y = $c }
for (i in seq(1, 10, 2)) { z[i, 1] = i; z += 1 }`
	for i := range len(text) {
		if text[i] != ' ' && text[i] != '\n' || Incomplete(text[:i]) {
			continue
		}
		_, l := File(source.NewSet(), "x.dml", text[:i], Options{REPL: true})
		for _, d := range l.All() {
			if d.Code != diag.EmptyFunction { // a function is complete, though wrong, when its brace closes
				t.Errorf("%q is neither complete nor incomplete: %s", text[:i], d.Msg)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	many := strings.Repeat("x = )\n", 100)
	if _, l := File(source.NewSet(), "x.dml", many, Options{}); l.Errors() != 20 {
		t.Errorf("got %d errors, want 20", l.Errors())
	}
	if _, l := File(source.NewSet(), "x.dml", many, Options{MaxErrors: 3}); l.Errors() != 3 {
		t.Errorf("got %d errors, want 3", l.Errors())
	}
	_, l := File(source.NewSet(), "x.dml", strings.Repeat("x @= 1\n", 100), Options{})
	if n := l.Len(); n != 21 || l.HasErrors() {
		t.Errorf("got %d warnings, want 20 and a summary", n)
	}
	if last := l.All()[20]; last.Msg != "80 more warnings about unreadable text are not shown" {
		t.Errorf("got summary %q", last.Msg)
	}
	if _, l := File(source.NewSet(), "x.dml", strings.Repeat("x = '\n\\", 100)+strings.Repeat("y = 1L\n", 100), Options{}); l.Errors() > 20 {
		t.Errorf("got %d lexical errors, want at most 20", l.Errors())
	}
}

func TestLineEnds(t *testing.T) {
	text := synthetic() + "s = 'two\nlines' # end\nx = a\n[b, c] = f(d)\n"
	dump := func(text string) string {
		f, l := File(source.NewSet(), "x.dml", text, Options{})
		if l.Len() > 0 {
			t.Fatal(l.All()[0].Msg)
		}
		return ast.Dump(f)
	}
	if dump(text) != dump(strings.ReplaceAll(text, "\n", "\r\n")) {
		t.Error("the tree depends on the line ends")
	}
}

func TestComments(t *testing.T) {
	f, _ := File(source.NewSet(), "x.dml", "# one\r\nx = 1 # two\n/* three\n*/ y = '# no' #four", Options{})
	var got []string
	for _, c := range f.Comments {
		got = append(got, c.Text)
		if f.Source.Slice(c.At) != c.Text {
			t.Errorf("comment %q lies at %q", c.Text, f.Source.Slice(c.At))
		}
	}
	if want := []string{"# one", "# two", "/* three\n*/", "#four"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestParallel parses in several goroutines into one set.
func TestParallel(t *testing.T) {
	set := source.NewSet()
	text := synthetic()[:5000]
	want, _ := File(set, "first.dml", text, Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			f, _ := File(set, fmt.Sprint(i), text, Options{})
			if ast.Dump(f) != ast.Dump(want) {
				t.Error("trees differ")
			}
		})
	}
	wg.Wait()
}
