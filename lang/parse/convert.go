package parse

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/token"
)

// meaningless reports a statement that parses but has no meaning.
func (p *parser) meaningless(at source.Span, msg, hint string) ast.Stmt {
	p.report(diag.Diagnostic{Code: diag.BadStatement, Span: at, Msg: msg, Hint: hint})
	return nil
}

// convert makes the tree of a statement without a body. It returns nil when it had
// to report an error.
func (p *parser) convert(head *statement, at ast.Pos, top bool) ast.Stmt {
	switch {
	case head.Source != nil:
		return p.source(head.Source, at, top)
	case head.Setwd != nil:
		return &ast.Setwd{Pos: at, Path: strLit(last(head.Setwd.Path))}
	case head.Simple.Op == nil:
		return p.bare(head.Simple.Left, at)
	}
	if head.Simple.Ext != nil {
		return p.external(head.Simple, at, top)
	}
	return p.assign(head.Simple, at)
}

// external converts the declaration of a function in another language.
func (p *parser) external(f *simple, at ast.Pos, top bool) ast.Stmt {
	name, ok := f.Left.(*ast.Ident)
	switch {
	case !ok || kind(last(f.Op)) == token.AddAssign:
		return p.meaningless(f.Left.Span(), "a function needs a plain name", "write name = externalFunction(...)")
	case !top:
		p.report(diag.Diagnostic{
			Code: diag.MisplacedFunction, Span: span(last(f.Ext.Keyword)),
			Msg: "a function must be declared at top level, not in a block", Hint: "move it out of the block",
		})
		return nil
	}
	return &ast.External{Pos: at, Name: name}
}

func (p *parser) source(f *sourceForm, at ast.Pos, top bool) ast.Stmt {
	if !top {
		p.report(diag.Diagnostic{
			Code: diag.MisplacedFunction, Span: span(last(f.Keyword)),
			Msg: "source must stand at top level, not in a block", Hint: "move it to the start of the file",
		})
		return nil
	}
	return &ast.Source{Pos: at, Path: strLit(last(f.Path)), Alias: p.plain(last(f.Alias))}
}

// bare converts an expression that stands alone.
func (p *parser) bare(x ast.Expr, at ast.Pos) ast.Stmt {
	switch x := x.(type) {
	case *ast.Call:
		return &ast.CallStmt{Pos: at, Call: x}
	case *ast.Vector:
		return p.meaningless(x.At, "a list of targets needs a call to fill it", "write [a, b] = f(...)")
	case *ast.Ident:
		if isForeign(x.Name) {
			return p.meaningless(x.At, "the language has no "+x.Name, foreign[x.Name])
		}
	}
	if p.opts.REPL {
		return &ast.ExprStmt{Pos: at, X: x}
	}
	line := p.file.Position(x.Span().Start).Line
	if line == p.bareLine { // skipped text has torn one statement into several
		return nil
	}
	p.bareLine = line
	return p.meaningless(x.Span(), "an expression alone is no statement", "assign it to a variable, or print it")
}

func (p *parser) assign(f *simple, at ast.Pos) ast.Stmt {
	op := kind(last(f.Op))
	if v, ok := f.Left.(*ast.Vector); ok {
		return p.multi(v, f, op, at)
	}
	if !p.assignable(f.Left) {
		return nil
	}
	if f.Ifdef == nil {
		return &ast.Assign{Pos: at, Target: f.Left, Op: op, Value: f.Value}
	}
	if op == token.AddAssign {
		return p.meaningless(span(last(f.Ifdef.Keyword)), "ifdef cannot be added to a variable",
			"assign it to another variable with = first")
	}
	return &ast.Ifdef{Pos: at, Target: f.Left, Op: op, Arg: f.Ifdef.Arg, Default: f.Ifdef.Default}
}

// multi converts [a, b] = f(...).
func (p *parser) multi(v *ast.Vector, f *simple, op token.Kind, at ast.Pos) ast.Stmt {
	for _, x := range v.Elems {
		if _, arg := x.(*ast.Arg); arg {
			return p.meaningless(x.Span(), "a $ parameter cannot be assigned", "")
		}
		if !p.assignable(x) {
			return nil
		}
	}
	if op == token.AddAssign {
		return p.meaningless(span(last(f.Op)), "several variables cannot be added to at once", "write [a, b] = f(...)")
	}
	if f.Ifdef != nil {
		return p.meaningless(span(last(f.Ifdef.Keyword)), "ifdef gives one value, not several", "write x = ifdef($x, default)")
	}
	c, ok := f.Value.(*ast.Call)
	if !ok {
		return p.meaningless(f.Value.Span(), "several variables can be assigned only from one call",
			"write [a, b] = f(...) with nothing around the call")
	}
	return &ast.MultiAssign{Pos: at, Targets: v.Elems, Op: op, Call: c}
}

// assignable reports whether x may be the target of an assignment, and says so if not.
// A $ parameter passes: it is a proper target that nobody may write to.
func (p *parser) assignable(x ast.Expr) bool {
	what := "an expression"
	hint := ""
	switch x := x.(type) {
	case *ast.Ident, *ast.Index, *ast.Arg:
		return true
	case *ast.Call:
		what = "a call"
		hint = "assign the result of " + x.Name + " to a variable"
	case *ast.IntLit, *ast.FloatLit, *ast.BoolLit, *ast.StrLit:
		what = "a constant"
	case *ast.Paren:
		hint = "write the variable without parentheses"
	case *ast.Unary, *ast.Binary:
		hint = `write "==" to compare`
	}
	p.meaningless(x.Span(), "cannot assign to "+what, hint)
	return false
}

func (p *parser) ifStmt(f *ifHead, at source.Span) ast.Stmt {
	s := &ast.If{Cond: f.Cond, Then: p.body()}
	if kind(p.lex.Peek()) == token.KwElse {
		p.lex.Next()
		s.Else = p.body()
	}
	s.Pos = p.from(at)
	return s
}

func (p *parser) forStmt(f *forHead, at source.Span) ast.Stmt {
	s := &ast.For{
		Parallel: kind(last(f.Keyword)) == token.KwParfor,
		Var:      p.plain(last(f.Var)),
		From:     f.From, To: f.To,
	}
	ok := f.To != nil || p.seqRange(s)
	for _, x := range f.Params {
		t := last(x.Name)
		s.Params = append(s.Params, ast.CallArg{Name: p.plain(t).Name, NamePos: span(t), Value: x.Value})
	}
	s.Body = p.body()
	s.Pos = p.from(at)
	if !ok {
		return nil
	}
	return s
}

// seqRange takes the range seq(from, to, incr) of a loop apart, or reports that it is none.
func (p *parser) seqRange(s *ast.For) bool {
	c, ok := s.From.(*ast.Call)
	if !ok {
		p.report(diag.Diagnostic{
			Code: diag.Syntax, Span: s.From.Span(), Msg: "a loop runs over from:to or seq(from, to, incr)",
			Hint: "to visit the cells of a vector, run over 1:length(v)",
		})
		return false
	}
	d := diag.Diagnostic{Code: diag.Syntax, Span: c.FnPos, Context: c.At, Hint: "a loop runs over from:to or seq(from, to, incr)"}
	switch {
	case c.Name != "seq" || c.NS != "":
		d.Msg = "cannot loop over " + p.file.Slice(c.FnPos) + "(...)"
	case len(c.Args) < 2 || len(c.Args) > 3:
		d.Msg = "seq in a loop takes two or three values"
	}
	for _, a := range c.Args {
		if a.Name != "" && d.Msg == "" {
			d.Msg, d.Span = "seq in a loop takes its values without names", a.NamePos
		}
	}
	if d.Msg != "" {
		p.report(d)
		return false
	}
	s.Seq = true
	s.From, s.To = c.Args[0].Value, c.Args[1].Value
	if len(c.Args) == 3 {
		s.Incr = c.Args[2].Value
	}
	return true
}

// plain makes a name that must not carry a namespace.
func (p *parser) plain(t *lexer.Token) *ast.Ident {
	if strings.Contains(t.Value, "::") {
		p.report(diag.Diagnostic{
			Code: diag.Syntax, Span: span(t), Msg: "expected a plain name, found " + describe(t),
			Hint: "only functions are called by a name with a namespace",
		})
	}
	return &ast.Ident{Pos: ast.Pos{At: span(t)}, Name: t.Value}
}

func strLit(t *lexer.Token) *ast.StrLit {
	return &ast.StrLit{Pos: ast.Pos{At: span(t)}, Value: unquote(t.Value)}
}
