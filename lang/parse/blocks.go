package parse

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/token"
)

// list parses statements up to the end of the file, or up to the brace that closes
// the block opened by open. It consumes at least one token if there is one to consume.
func (p *parser) list(open *lexer.Token) []ast.Stmt {
	var stmts []ast.Stmt
	for !p.full() && !p.unclosed {
		start := p.lex.RawCursor()
		t := p.lex.Peek()
		switch kind(t) {
		case token.EOF:
			return stmts
		case token.RBrace:
			if open != nil {
				return stmts
			}
			p.strayBrace()
			continue
		case token.Semi:
			p.straySemi()
			continue
		case token.KwElse:
			p.strayElse(true)
			continue
		}
		if open != nil && p.missingBrace(open) {
			return stmts
		}
		s := p.statement(open == nil)
		if s != nil {
			stmts = append(stmts, s)
		}
		if open != nil || !endsInBody(s) {
			p.semis()
		}
		if p.lex.RawCursor() == start { // so that the loop ends whatever happens above
			p.lex.Next()
		}
	}
	return stmts
}

// endsInBody reports whether s is a control statement, after which a semicolon is
// wrong at top level (language reference §1.6).
func endsInBody(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.If, *ast.While, *ast.For:
		return true
	}
	return false
}

func (p *parser) semis() {
	for kind(p.lex.Peek()) == token.Semi {
		p.lex.Next()
	}
}

// statement parses one statement, or reports why it cannot, moves to the next one
// and returns nil.
func (p *parser) statement(top bool) ast.Stmt {
	start := p.lex.MakeCheckpoint()
	first := *p.lex.Peek()
	if !p.canBegin(&first) {
		p.syntax(start, &failure{tok: first, want: "a statement"})
		return nil
	}
	head, err := statements().ParseFromLexer(p.lex, participle.AllowTrailing(true))
	if err != nil {
		p.syntax(start, asFailure(err, first))
		return nil
	}
	at := span(&first)
	switch {
	case head.If != nil:
		return p.ifStmt(head.If, at)
	case head.While != nil:
		body := p.body()
		return &ast.While{Pos: p.from(at), Cond: head.While.Cond, Body: body}
	case head.For != nil:
		return p.forStmt(head.For, at)
	}
	if head.Simple != nil && head.Simple.Func != nil {
		return p.funcDef(head.Simple, start, top)
	}
	if f := p.trailing(head, first); f != nil {
		p.syntax(start, f)
		return nil
	}
	return p.convert(head, p.from(at), top)
}

// from returns the span from the start of at to the last token consumed.
func (p *parser) from(at source.Span) ast.Pos {
	if t := p.previous(); t != nil {
		at = at.To(span(t))
	}
	return ast.Pos{At: at}
}

// canBegin reports whether a statement may begin with t. Expressions may, although
// only the REPL takes them, because they can be explained better as a whole.
func (p *parser) canBegin(t *lexer.Token) bool {
	switch kind(t) {
	case token.KwIf, token.KwWhile, token.KwFor, token.KwParfor, token.KwSource, token.KwSetwd:
		return true
	case token.Int, token.Float, token.Str, token.KwTrue, token.KwFalse,
		token.LParen, token.Sub, token.Add, token.Not:
		return true
	}
	return isName(t)
}

// isName reports whether t can begin the left side of an assignment.
func isName(t *lexer.Token) bool {
	switch kind(t) {
	case token.Ident, token.Arg, token.LBrack:
		return true
	}
	return false
}

// trailing checks what follows a statement that needs no separator to end. A
// statement that could not stand alone is left to the conversion.
func (p *parser) trailing(head *statement, first lexer.Token) *failure {
	t, prev := p.lex.Peek(), p.previous()
	newLine := t.Pos.Line > prev.Pos.Line
	switch k := kind(t); {
	case k == token.EOF, k == token.Semi, k == token.RBrace, k == token.KwElse:
		if s := head.Simple; s != nil && s.Op == nil {
			if _, ok := s.Left.(*ast.Vector); ok {
				return &failure{tok: *t, want: `"=" after the list of targets`}
			}
		}
		return nil
	case k == token.LBrack:
		return p.trailingBracket(t, prev, newLine)
	case isName(t), keywordBegins(k), newLine && p.canBegin(t):
		return nil
	}
	if isForeign(first.Value) && kind(t) == token.LBrace {
		return &failure{tok: first, code: diag.BadStatement,
			msg: "the language has no " + first.Value, hint: foreign[first.Value]}
	}
	return &failure{tok: *t, want: "the end of the statement"}
}

// trailingBracket checks a bracket after a statement, which must open [a, b] = f(...).
func (p *parser) trailingBracket(t, prev *lexer.Token, newLine bool) *failure {
	next := afterBracket(p.lex)
	switch {
	case next == token.Invalid, next == token.Assign, next == token.Arrow:
		return nil
	case !newLine:
		return &failure{tok: *t, msg: "only a variable can be indexed", hint: "assign the value to a variable first"}
	case kind(prev) == token.Ident:
		return &failure{tok: *t, msg: "this bracket begins no statement",
			hint: "a subscript must open on the line of its variable"}
	}
	return nil
}

// keywordBegins reports whether k is a word that begins statements and nothing else.
func keywordBegins(k token.Kind) bool {
	switch k {
	case token.KwIf, token.KwWhile, token.KwFor, token.KwParfor, token.KwSource, token.KwSetwd:
		return true
	}
	return false
}

// body parses the body of a control statement: a block, or one statement.
func (p *parser) body() *ast.Body {
	if p.depth++; p.depth > maxDepth {
		p.report(diag.Diagnostic{Code: diag.Syntax, Span: span(p.lex.Peek()), Msg: "statements are nested too deeply"})
		p.stop = true
	}
	defer func() { p.depth-- }()
	t := p.lex.Peek()
	at := source.Span{Start: span(t).Start, End: span(t).Start}
	switch k := kind(t); {
	case p.full():
		return &ast.Body{Pos: ast.Pos{At: at}}
	case k == token.LBrace:
		return p.block()
	case !p.canBegin(t):
		p.add(p.lex.MakeCheckpoint(), &failure{tok: *t, want: `a statement or "{"`})
		if k == token.Semi {
			p.semis()
		}
		return &ast.Body{Pos: ast.Pos{At: at}}
	}
	b := &ast.Body{Pos: ast.Pos{At: at}}
	if s := p.statement(false); s != nil {
		b.At = s.Span()
		b.Stmts = []ast.Stmt{s}
	}
	p.semis()
	return b
}

// block parses { ... }.
func (p *parser) block() *ast.Body {
	open := p.lex.Next()
	b := &ast.Body{Braces: true, Pos: ast.Pos{At: span(open)}}
	b.Stmts = p.list(open)
	if !p.full() && !p.unclosed {
		if kind(p.lex.Peek()) == token.EOF {
			p.reportMissing(open, p.lex.Peek(), "the end of the file")
		} else {
			p.lex.Next()
		}
	}
	b.Pos = p.from(b.At)
	return b
}

// missingBrace looks for the sign of a forgotten brace: a function definition at
// the left margin inside a block, in a file with more opening than closing braces.
func (p *parser) missingBrace(open *lexer.Token) bool {
	t := p.lex.Peek()
	if p.scan.braces <= 0 || kind(t) != token.Ident {
		return false
	}
	if off := p.file.Offset(span(t).Start); off > 0 && p.file.Text[off-1] != '\n' {
		return false
	}
	here := p.lex.MakeCheckpoint()
	name := p.lex.Next()
	op := kind(p.lex.Next())
	isFunc := (op == token.Assign || op == token.Arrow) && kind(p.lex.Peek()) == token.KwFunction
	p.lex.LoadCheckpoint(here)
	if isFunc {
		p.reportMissing(open, name, "this function definition")
	}
	return isFunc
}

func (p *parser) reportMissing(open, at *lexer.Token, before string) {
	p.unclosed = true
	p.scan.braces--
	p.record(at)
	d := diag.Diagnostic{
		Code: diag.Syntax, Span: p.place(at), Msg: `expected "}" before ` + before,
		Notes: []diag.Note{{Span: span(open), Msg: "the block was opened"}},
	}
	p.report(d)
}

// strayBrace reports a } that closes nothing, and skips an else after it.
func (p *parser) strayBrace() {
	t := p.lex.Next()
	p.record(t)
	p.report(diag.Diagnostic{Code: diag.Syntax, Span: span(t), Msg: `"}" closes nothing`})
	p.semis()
	if kind(p.lex.Peek()) == token.KwElse {
		p.strayElse(false)
	}
}

// straySemi reports a semicolon where no statement ends.
func (p *parser) straySemi() {
	t := p.lex.Peek()
	f := &failure{tok: *t, want: "a statement", hint: `";" may only follow a statement`}
	prev := p.previous()
	here := p.lex.MakeCheckpoint()
	p.semis()
	orphan := kind(p.lex.Peek()) == token.KwElse
	p.lex.LoadCheckpoint(here)
	switch {
	case orphan:
		f.msg, f.hint = `";" separates "else" from its "if"`, `remove the ";"`
	case prev != nil && kind(prev) == token.RBrace:
		f.msg, f.hint = `";" after the "}" of a statement at top level`, `remove the ";"`
	}
	p.add(here, f)
	p.semis()
	if orphan {
		p.strayElse(false)
	}
}

// strayElse skips an else that belongs to no if, with its body.
func (p *parser) strayElse(complain bool) {
	here := p.lex.MakeCheckpoint()
	t := p.lex.Next()
	if complain {
		f := &failure{tok: *t, msg: `"else" without "if"`, hint: "an else follows directly after the body of its if"}
		if p.opts.REPL {
			f.hint = `write "} else {" on one line`
		}
		p.add(here, f)
	}
	if p.canBegin(p.lex.Peek()) || kind(p.lex.Peek()) == token.LBrace {
		p.body()
	}
}
