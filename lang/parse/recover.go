package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/token"
)

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
