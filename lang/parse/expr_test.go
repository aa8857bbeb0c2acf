package parse

import (
	"strings"
	"testing"

	"gdml/lang/ast"
	"gdml/lang/source"
	"gdml/lang/token"
)

// parseExpr parses x = <text> and returns the right side.
func parseExpr(t *testing.T, text string) ast.Expr {
	t.Helper()
	f, l := File(source.NewSet(), "x.dml", "x = "+text, Options{})
	if l.Len() > 0 || len(f.Stmts) != 1 {
		t.Fatalf("%q: %d statements, %v", text, len(f.Stmts), l.All())
	}
	return f.Stmts[0].(*ast.Assign).Value
}

func TestPrecedence(t *testing.T) {
	// The table of the language reference, §4.
	for _, c := range []struct{ in, want string }{
		{"-a^2", "(- (^ a 2))"},
		{"a^b^c", "(^ a (^ b c))"},
		{"2^-a*b", "(* (^ 2 (- a)) b)"},
		{"a^-b^c", "(^ a (- (^ b c)))"},
		{"-a%*%b", "(%*% (- a) b)"},
		{"a*b%*%c", "(* a (%*% b c))"},
		{"a*b%%c", "(* a (%% b c))"},
		{"a%%b*c", "(* (%% a b) c)"},
		{"!a==b", "(! (== a b))"},
		{"!a&b", "(& (! a) b)"},
		{"!a+b", "(! (+ a b))"},
		{"a+!b+c", "(+ a (! (+ b c)))"},
		{"a*!b+c", "(* a (! (+ b c)))"},
		{"-!a+b", "(- (! (+ a b)))"},
		{"a|b&c", "(| a (& b c))"},
		{"a<b<c", "(< (< a b) c)"},
		{"a-b-c", "(- (- a b) c)"},
		{"a/b*c", "(* (/ a b) c)"},
		{"a%/%b%%c", "(%% (%/% a b) c)"},
		{"a&&b||c", "(|| (&& a b) c)"},
		{"a--b", "(- a (- b))"},
		{"+-+a", "(+ (- (+ a)))"},
		{"!!a", "(! (! a))"},
		{"-a+b", "(+ (- a) b)"},
		{"-2^2", "(- (^ 2 2))"},
		{"(-2)^2", "(^ (paren (- 2)) 2)"},
		{"X[p+1:p+q,]", "(index X (+ p 1):(+ p q) _)"},
		{"X[1:n-1]", "(index X 1:(- n 1))"},
		{"f(a, g(b);; + 1)", "(call f a (+ (call g b) 1))"}, // semicolons behind a call inside brackets mean nothing
	} {
		if got := ast.Sexpr(parseExpr(t, c.in)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.in, got, c.want)
		}
	}
}

// TestLevels holds every pair of binary operators against the token table: the
// tighter one goes below, equals go left, and only ^ goes right.
func TestLevels(t *testing.T) {
	var ops []token.Kind
	for k := token.Pow; k < token.Assign; k++ {
		if k.Info().Binary > 0 {
			ops = append(ops, k)
		}
	}
	if len(ops) != 18 {
		t.Fatalf("found %d binary operators", len(ops))
	}
	for _, p := range ops {
		for _, q := range ops {
			got := ast.Sexpr(parseExpr(t, "a "+p.String()+" b "+q.String()+" c"))
			left := "(" + q.String() + " (" + p.String() + " a b) c)"
			right := "(" + p.String() + " a (" + q.String() + " b c))"
			want := left
			if q.Info().Binary < p.Info().Binary || p == q && p == token.Pow {
				want = right
			}
			if got != want {
				t.Errorf("a %s b %s c: got %s, want %s", p, q, got, want)
			}
		}
	}
}

func TestStrings(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`""`, ""},
		{`''`, ""},
		{`"a\tb\n\r\b\f"`, "a\tb\n\r\b\f"},
		{`"\"" + ''`, `"`},
		{`'\'"' + ""`, `'"`},
		{`"a\\d"`, `a\\d`},  // a pair of backslashes stays a pair
		{`"a\\n"`, "a\\\n"}, // and its second half begins an escape
		{`"\\\\"`, `\\\\`},
		{`"\\"`, `\\`},
		{"'two\nlines'", "two\nlines"},
		{"'two\r\nlines\r'", "two\nlines\n"},
		{`"# /* no comment */"`, "# /* no comment */"},
		{`"größe"`, "größe"},
	} {
		x := parseExpr(t, c.in)
		if b, ok := x.(*ast.Binary); ok {
			x = b.X
		}
		if got := x.(*ast.StrLit).Value; got != c.want {
			t.Errorf("%s: got %q, want %q", c.in, got, c.want)
		}
	}
}

// TestSpans checks that the text of every expression is that expression.
func TestSpans(t *testing.T) {
	const text = `
x = -a^2 + (b * f(c, d=[1, "two"], g())) %*% X[i, j:k + 1]  # comment
if (!a & (b | c)) y = ns::h(z[1], $arg)[q, r] = f(x[], y[,], 'it''s')
`
	f, _ := File(source.NewSet(), "x.dml", text, Options{})
	n := checkSpans(t, f)
	if n < 30 {
		t.Errorf("only %d expressions", n)
	}
}

// checkSpans parses the text of every expression of f again and compares.
func checkSpans(t *testing.T, f *ast.File) int {
	n := 0
	for _, s := range f.Stmts {
		ast.Walk(s, func(node ast.Node) bool {
			x, ok := node.(ast.Expr)
			if !ok {
				return true
			}
			n++
			slice := f.Source.Slice(x.Span())
			want := "(paren " + ast.Sexpr(x) + ")"
			again, l := File(source.NewSet(), "again.dml", "x = ("+slice+"\n)", Options{})
			if l.HasErrors() || len(again.Stmts) != 1 {
				t.Errorf("%s has the text %q, which does not parse: %v", want, slice, l.All())
				return true
			}
			if got := ast.Sexpr(again.Stmts[0].(*ast.Assign).Value); got != want {
				t.Errorf("%s has the text %q, which is %s", want, slice, got)
			}
			return true
		})
	}
	return n
}

func TestDepth(t *testing.T) {
	const n = 100_000
	for name, text := range map[string]string{
		"parens":   "x = " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n),
		"prefix":   "x = " + strings.Repeat("-", n) + "1",
		"chain":    "x = 1" + strings.Repeat(" + 1", n),
		"power":    "x = 1" + strings.Repeat("^1", n),
		"calls":    "x = " + strings.Repeat("f(", n) + strings.Repeat(")", n),
		"brackets": "x = " + strings.Repeat("[", n),
		"blocks":   strings.Repeat("while (a) {", n) + "x = 1" + strings.Repeat("}", n),
		"ifs":      strings.Repeat("if (a) ", n) + "x = 1",
		"elses":    strings.Repeat("if (a) x = 1 else ", n) + "x = 2",
		"heads":    strings.Repeat("if a {", n),
	} {
		t.Run(name, func(t *testing.T) {
			_, l := File(source.NewSet(), "x.dml", text, Options{})
			if !l.HasErrors() {
				t.Error("no error")
			}
			if name == "heads" { // every head is an error
				return
			}
			for _, d := range l.All() {
				if !strings.HasSuffix(d.Msg, "nested too deeply") {
					t.Errorf("unexpected error %s", d.Msg)
				}
			}
		})
	}
	if got := ast.Sexpr(parseExpr(t, strings.Repeat("(", 900)+"1"+strings.Repeat(")", 900))); !strings.Contains(got, "1") {
		t.Error("a tree of moderate height is refused")
	}
}
