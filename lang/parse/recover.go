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

// syntax reports a failed statement that began at start and moves to the next one.
func (p *parser) syntax(start lexer.Checkpoint, f *failure) {
	p.add(start, f)
	p.resync(start, f.tok.Pos.Offset)
}

// resync moves to the next statement at the brace depth of start. at is the
// position of the error; the lexer may be anywhere.
func (p *parser) resync(start lexer.Checkpoint, at int) {
	p.lex.LoadCheckpoint(start)
	open, line := p.walk(at)
	switch next := p.lex.RawCursor(); {
	case len(open) > 0 && p.closed(open[0]):
		p.close(len(open))
	case line != nil && next > line.RawCursor():
		p.lex.LoadCheckpoint(*line)
		return
	case kind(p.lex.Peek()) == token.LBrack && p.closed(p.next()) && !opensMulti(p.lex):
		p.lex.Next()
		p.close(1)
	}
	for !p.full() && !p.unclosed {
		t := p.lex.Peek()
		switch k := kind(t); {
		case k == token.EOF, k == token.RBrace, k == token.Semi:
			return
		case k == token.LBrace: // the body of a head that failed
			if p.skipBody() {
				return
			}
			continue
		case p.lex.RawCursor() > start.RawCursor() && p.opensStatement():
			return
		}
		p.lex.Next()
		if nesting(kind(t)) > 0 && p.closed(p.lex.RawCursor()-1) {
			p.close(1)
		}
	}
}

// skipBody parses a block whose head failed, for the sake of the errors in it. It
// reports whether the statement ends there.
func (p *parser) skipBody() bool {
	p.body()
	if kind(p.lex.Peek()) != token.KwElse {
		return true
	}
	p.lex.Next()
	return kind(p.lex.Peek()) != token.LBrace
}

// walk moves to the token at a position. It returns the brackets open there, and
// the start of the line if that line reads name = or name[...] = up to the
// position, which happens when the statement before it lacks its end.
func (p *parser) walk(at int) (open []lexer.RawCursor, line *lexer.Checkpoint) {
	var begin lexer.Checkpoint
	state, inner := 0, 0 // state: 1 after a name that opens a line, 2 inside or after its subscript
	prev := 0
	for first := true; ; first = false {
		t := p.lex.Peek()
		k := kind(t)
		if t.Pos.Offset >= at || k == token.EOF {
			if state > 0 && len(open) == inner && (k == token.Assign || k == token.Arrow || k == token.AddAssign) {
				line = &begin
			}
			return open, line
		}
		switch {
		case !first && k == token.Ident && t.Pos.Line > prev:
			begin = p.lex.MakeCheckpoint()
			state, inner = 1, len(open)
		case state == 1 && k == token.LBrack:
			state = 2
		case state == 1, state == 2 && len(open) == inner:
			state = 0
		}
		prev = t.Pos.Line
		p.lex.Next()
		switch n := nesting(k); {
		case n > 0:
			open = append(open, p.lex.RawCursor()-1)
		case n < 0 && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
}

// nesting is the change of bracket depth that a token brings.
func nesting(k token.Kind) int {
	switch k {
	case token.LParen, token.LBrack:
		return 1
	case token.RParen, token.RBrack:
		return -1
	}
	return 0
}

// next returns the place of the next token in the raw stream, comments counted.
func (p *parser) next() lexer.RawCursor {
	here := p.lex.MakeCheckpoint()
	defer p.lex.LoadCheckpoint(here)
	p.lex.Next()
	return p.lex.RawCursor() - 1
}

// closed reports whether the bracket at a place of the raw stream is closed before
// anything comes that cannot stand inside brackets.
func (p *parser) closed(bracket lexer.RawCursor) bool {
	if p.pairs == nil {
		p.pairs = p.match()
	}
	return p.pairs[bracket]
}

// match finds all brackets that are closed.
func (p *parser) match() map[lexer.RawCursor]bool {
	pairs := make(map[lexer.RawCursor]bool)
	here := p.lex.MakeCheckpoint()
	defer p.lex.LoadCheckpoint(here)
	p.lex.LoadCheckpoint(p.start)
	var open []lexer.RawCursor
	for {
		switch k := kind(p.lex.Next()); {
		case k == token.EOF:
			return pairs
		case k == token.Semi, k == token.LBrace, k == token.RBrace, keywordBegins(k):
			open = open[:0]
		case nesting(k) > 0:
			open = append(open, p.lex.RawCursor()-1)
		case nesting(k) < 0 && len(open) > 0:
			pairs[open[len(open)-1]] = true
			open = open[:len(open)-1]
		}
	}
}

// close moves behind the closing brackets of the given number of open ones, which
// must be closed.
func (p *parser) close(depth int) {
	for depth > 0 && kind(p.lex.Peek()) != token.EOF {
		depth += nesting(kind(p.lex.Next()))
	}
}

// opensStatement reports whether a statement clearly begins at the next token.
func (p *parser) opensStatement() bool {
	t, prev := p.lex.Peek(), p.previous()
	if keywordBegins(kind(t)) {
		return true
	}
	if prev == nil || t.Pos.Line == prev.Pos.Line {
		return false
	}
	if endsOperand(kind(prev)) && beginsOperand(kind(t)) { // no expression goes on like this
		return true
	}
	if !isName(t) {
		return false
	}
	here := p.lex.MakeCheckpoint()
	defer p.lex.LoadCheckpoint(here)
	if kind(t) != token.LBrack {
		p.lex.Next()
	}
	switch kind(p.lex.Peek()) {
	case token.Assign, token.Arrow, token.AddAssign:
		return true
	case token.LBrack:
		return p.closed(p.next()) && opensMulti(p.lex)
	}
	return false
}

func endsOperand(k token.Kind) bool {
	switch k {
	case token.Ident, token.Int, token.Float, token.Str, token.Arg, token.KwTrue, token.KwFalse,
		token.RParen, token.RBrack:
		return true
	}
	return false
}

// beginsOperand reports whether k can begin an operand and nothing else. A reserved
// word counts unless it may follow an expression: it was meant to.
func beginsOperand(k token.Kind) bool {
	switch k {
	case token.Ident, token.Int, token.Float, token.Str, token.Arg:
		return true
	case token.KwElse, token.KwReturn, token.KwImplemented:
		return false
	}
	return k.IsKeyword()
}

// record notes the place of the first syntax error, for Incomplete.
func (p *parser) record(t *lexer.Token) {
	if p.first == nil {
		p.first = t
	}
}

// report adds an error, up to the limit. Of several errors at one place only the
// first tells something.
func (p *parser) report(d diag.Diagnostic) {
	if p.diags.Errors() >= p.opts.MaxErrors {
		return
	}
	for _, o := range p.diags.All() {
		if o.Severity == diag.Error && o.Span.Start == d.Span.Start {
			return
		}
	}
	p.diags.Add(d)
}

// place is where an error at t is shown. The end of the file is shown after the
// last token, not after the blank lines and comments that follow it.
func (p *parser) place(t *lexer.Token) source.Span {
	if kind(t) != token.EOF {
		return span(t)
	}
	return p.file.Span(p.scan.last, p.scan.last)
}
