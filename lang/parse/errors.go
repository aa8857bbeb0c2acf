package parse

import (
	"errors"
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/token"
)

// failure is a syntax error: what was wanted at a token, and how to mend it.
type failure struct {
	tok  lexer.Token
	want string    // completes "expected ..., found tok"
	msg  string    // is used instead of want when set
	hint string    // is found by the parser when not set
	code diag.Code // Syntax when not set
}

func (f *failure) Error() string { return f.want + f.msg }

// asFailure turns an error of the grammar into a failure. start is the first token
// of the statement, for errors that have no place of their own.
func asFailure(err error, start lexer.Token) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	var u *participle.UnexpectedTokenError
	if errors.As(err, &u) {
		f := &failure{tok: u.Unexpected, want: wanted(u)}
		switch f.want {
		case `"as"`:
			f.hint = `write source("file.dml") as name`
		case `"in"`:
			f.hint = "write for (i in from:to)"
		}
		return f
	}
	return &failure{tok: start, msg: err.Error()}
}

// wanted names the first thing that participle could have gone on with. It gives
// the rest of the production in EBNF, in which tokens read <name>.
func wanted(u *participle.UnexpectedTokenError) string {
	msg := u.Message()
	const lead = "(expected "
	i := strings.LastIndex(msg, lead)
	if i < 0 {
		return "a statement"
	}
	word := strings.TrimLeft(msg[i+len(lead):], "(")
	if i := strings.IndexAny(word, " )?*"); i >= 0 {
		word = word[:i]
	}
	for name, k := range symbols {
		if word == "<"+strings.ToLower(name)+">" {
			return describeKind(k)
		}
	}
	if word == "TypeRef" {
		return "a type"
	}
	return "an expression"
}

// foreign lists words that other languages have and DML has not, with what to write instead.
var foreign = map[string]string{
	"next":   "put the rest of the loop body into an if",
	"break":  "use a while loop with a flag in its condition",
	"repeat": "write while (TRUE) or a while loop with a condition",
	"elif":   "write else if",
	"elseif": "write else if",
}

func isForeign(word string) bool { return foreign[word] != "" }

// casts gives the function to call in place of a reserved type word.
var casts = map[token.Kind]string{
	token.KwInt: "as.integer", token.KwInteger: "as.integer", token.KwIntC: "as.integer", token.KwIntegerC: "as.integer",
	token.KwDouble: "as.double", token.KwDoubleC: "as.double",
	token.KwBoolean: "as.logical", token.KwBooleanC: "as.logical",
	token.KwString: "toString", token.KwStringC: "toString",
}

// add reports a syntax error in the statement that began at start. The lexer stays
// where it is. An error in a statement that already has a broken literal is not
// reported, since one usually follows from the other.
func (p *parser) add(start lexer.Checkpoint, f *failure) {
	here := p.lex.MakeCheckpoint()
	defer p.lex.LoadCheckpoint(here)
	p.record(&f.tok)
	p.lex.LoadCheckpoint(start)
	begin := source.Pos(p.lex.Peek().Pos.Offset)
	at := span(&f.tok)
	for _, fault := range p.scan.faults {
		if fault.End > begin && fault.Start <= at.Start {
			return
		}
	}
	prev, before, open := p.before(f.tok.Pos.Offset)
	d := diag.Diagnostic{Code: f.code, Span: p.place(&f.tok), Msg: f.msg, Hint: f.hint}
	if d.Code == diag.None {
		d.Code = diag.Syntax
	}
	if d.Msg == "" {
		d.Msg = "expected " + f.want + ", found " + describe(&f.tok)
	}
	if d.Hint == "" {
		d.Hint = p.hint(&f.tok, prev, before)
	}
	switch {
	case prev == nil:
	case kind(prev) == token.Str && p.line(span(prev).Start) != p.line(span(prev).End):
		d.Notes = append(d.Notes, diag.Note{Span: span(prev), Msg: "the string before this was opened"})
	case open != nil && strings.Contains(f.want, closing[kind(open)]) && p.line(span(open).Start) != p.line(at.Start):
		d.Notes = append(d.Notes, diag.Note{Span: span(open), Msg: strconv.Quote(open.Value) + " was opened"})
	}
	p.report(d)
}

var closing = map[token.Kind]string{token.LParen: `")"`, token.LBrack: `"]"`}

// before returns the token before the position at, the one before that, and the
// innermost bracket that is open there; nil when they lie before the lexer's place.
func (p *parser) before(at int) (prev, before, open *lexer.Token) {
	var opened []*lexer.Token
	for kind(p.lex.Peek()) != token.EOF && p.lex.Peek().Pos.Offset < at {
		prev, before = p.lex.Next(), prev
		switch n := nesting(kind(prev)); {
		case n > 0:
			opened = append(opened, prev)
		case n < 0 && len(opened) > 0:
			opened = opened[:len(opened)-1]
		}
	}
	if len(opened) > 0 {
		open = opened[len(opened)-1]
	}
	return prev, before, open
}

func (p *parser) line(at source.Pos) int { return p.file.Position(at).Line }

// hint finds what may have been meant by an unexpected token. Both tokens before it may be nil.
func (p *parser) hint(t, prev, before *lexer.Token) string {
	k := kind(t)
	joined := prev != nil && span(prev).End == span(t).Start
	switch k {
	case token.Arrow:
		return `"<-" is an assignment; write "x < -1" with a blank to compare`
	case token.Assign, token.AddAssign:
		return p.hintAssign(t, prev, before)
	case token.Gt:
		if joined && kind(prev) == token.Sub {
			return `there is no "->"; write name = value`
		}
	case token.Colon:
		return "from:to stands only in loop headers and subscripts, elsewhere use seq(from, to)"
	case token.LBrack:
		return "only a variable can be indexed, assign the value to a variable first"
	case token.KwFunction:
		return "a function is defined by a statement of its own: name = function(...)"
	case token.KwIfdef:
		return "ifdef must be the whole right side of an assignment: x = ifdef($x, default)"
	case token.KwReturn:
		return "a function returns the final values of its result variables"
	}
	if f := casts[k]; f != "" {
		return strconv.Quote(t.Value) + " is a reserved word, use " + f + " to convert a value"
	}
	if k.IsKeyword() && !(keywordBegins(k) && p.opensLine(span(t).Start)) {
		return strconv.Quote(t.Value) + " is a reserved word and cannot be a name"
	}
	return ""
}

// hintAssign explains an assignment operator inside an expression.
func (p *parser) hintAssign(t, prev, before *lexer.Token) string {
	if prev == nil {
		return ""
	}
	at := span(t).Start
	if k := kind(prev); span(prev).End == at && k.Info().Binary > 0 && kind(t) == token.Assign {
		op := prev.Value
		return "there is no " + strconv.Quote(op+"=") + "; write x = x " + op + " ..."
	}
	if before != nil && kind(prev) == token.Ident && p.line(span(before).End) < p.line(at) &&
		(kind(before).Info().Binary > 0 || kind(before) == token.Comma || kind(before) == token.LParen) {
		return "the line above ends with " + strconv.Quote(before.Value) + " and goes on here"
	}
	if kind(t) == token.Assign {
		return `an assignment is a statement of its own; write "==" to compare`
	}
	return "an assignment is a statement of its own"
}

// describeKind names a kind of token for a message.
func describeKind(k token.Kind) string {
	switch k {
	case token.Ident:
		return "a name"
	case token.Str:
		return "a string in quotes"
	}
	return strconv.Quote(k.String())
}

// describe names a token for a message.
func describe(t *lexer.Token) string {
	switch k := kind(t); {
	case k == token.EOF:
		return "the end of the file"
	case k == token.Str:
		return "string " + printable(unquote(t.Value))
	case k == token.Int, k == token.Float:
		return "number " + clip(t.Value, 30)
	case k.IsKeyword():
		return "the reserved word " + strconv.Quote(t.Value)
	}
	return printable(t.Value)
}
