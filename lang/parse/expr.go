package parse

import (
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/ast"
	"gdml/lang/source"
	"gdml/lang/token"
)

// The grammar knows expressions by three names, because a bracket means
// different things at different places (language reference §3.3).
type (
	// target is the expression a statement begins with: name[...] is what is assigned to.
	target interface{ ast.Expr }
	// value is an expression that ends with its statement: name[...] = is a new statement.
	value interface{ ast.Expr }
	// inner is an expression inside brackets, where line ends mean nothing.
	inner interface{ ast.Expr }
)

// maxDepth bounds the height of the tree, which recursive code walks later.
const maxDepth = 10_000

func parseTarget(lex *lexer.PeekingLexer) (target, error) {
	return parseAs[target](lex, exprs{first: true})
}
func parseValue(lex *lexer.PeekingLexer) (value, error) { return parseAs[value](lex, exprs{}) }
func parseInner(lex *lexer.PeekingLexer) (inner, error) { return parseAs[inner](lex, exprs{inside: 1}) }

func parseAs[T ast.Expr](lex *lexer.PeekingLexer, e exprs) (x T, err error) {
	e.lex = lex
	y, err := e.climb(token.Loosest)
	if err != nil {
		return x, err
	}
	return y.(T), nil
}

// exprs parses one expression.
type exprs struct {
	lex    *lexer.PeekingLexer
	depth  int  // height of the tree so far
	inside int  // open brackets
	first  bool // the next operand begins a statement
}

func (e *exprs) fail(want string) error {
	return &failure{tok: *e.lex.Peek(), want: want}
}

// expect consumes a token of kind k.
func (e *exprs) expect(k token.Kind, want string) (*lexer.Token, error) {
	if kind(e.lex.Peek()) != k {
		return nil, e.fail(want)
	}
	return e.lex.Next(), nil
}

// deeper counts one more level of the tree.
func (e *exprs) deeper() error {
	if e.depth++; e.depth > maxDepth {
		return &failure{tok: *e.lex.Peek(), msg: "expression is nested too deeply", hint: "split it with variables"}
	}
	return nil
}

// climb parses operators of level max and tighter (language reference §4).
func (e *exprs) climb(max int) (ast.Expr, error) {
	depth := e.depth
	defer func() { e.depth = depth }()
	left, err := e.operand()
	if err != nil {
		return nil, err
	}
	for {
		op := e.lex.Peek()
		info := kind(op).Info()
		if info.Binary == 0 || info.Binary > max {
			return left, nil
		}
		e.lex.Next()
		if err := e.deeper(); err != nil {
			return nil, err
		}
		next := info.Binary - 1
		if info.Assoc == token.Right {
			next = info.Binary
		}
		right, err := e.climb(next)
		if err != nil {
			return nil, err
		}
		left = &ast.Binary{
			Pos: ast.Pos{At: left.Span().To(right.Span())},
			Op:  kind(op), OpPos: span(op), X: left, Y: right,
		}
	}
}

// operand parses a prefix operator with its operand, or a primary expression. How
// a prefix operator binds does not depend on what stands before it.
func (e *exprs) operand() (ast.Expr, error) {
	if err := e.deeper(); err != nil {
		return nil, err
	}
	t := e.lex.Peek()
	first := e.first
	e.first = false
	at := ast.Pos{At: span(t)}
	switch k := kind(t); k {
	case token.Sub, token.Add, token.Not:
		e.lex.Next()
		x, err := e.climb(k.Info().Prefix)
		if err != nil {
			return nil, err
		}
		return &ast.Unary{Pos: ast.Pos{At: at.At.To(x.Span())}, Op: k, X: x}, nil
	case token.Ident:
		return e.name(first)
	case token.Int:
		e.lex.Next()
		v, _ := strconv.ParseInt(t.Value, 10, 64) // the scanner has reported what does not fit
		return &ast.IntLit{Pos: at, Value: v}, nil
	case token.Float:
		e.lex.Next()
		v, _ := strconv.ParseFloat(strings.TrimRight(t.Value, "lL"), 64)
		return &ast.FloatLit{Pos: at, Value: v}, nil
	case token.Str:
		e.lex.Next()
		return &ast.StrLit{Pos: at, Value: unquote(t.Value)}, nil
	case token.KwTrue, token.KwFalse:
		e.lex.Next()
		return &ast.BoolLit{Pos: at, Value: k == token.KwTrue}, nil
	case token.Arg:
		e.lex.Next()
		return &ast.Arg{Pos: at, Name: t.Value[1:]}, nil
	case token.LParen:
		return e.paren()
	case token.LBrack:
		return e.vector()
	}
	if first {
		return nil, participle.NextMatch
	}
	return nil, e.fail("an expression")
}

func (e *exprs) paren() (ast.Expr, error) {
	open := e.lex.Next()
	e.inside++
	x, err := e.climb(token.Loosest)
	if err != nil {
		return nil, err
	}
	end, err := e.expect(token.RParen, `")"`)
	if err != nil {
		return nil, err
	}
	e.inside--
	return &ast.Paren{Pos: ast.Pos{At: span(open).To(span(end))}, X: x}, nil
}

func (e *exprs) vector() (ast.Expr, error) {
	v := &ast.Vector{}
	open := e.lex.Next()
	e.inside++
	for {
		x, err := e.climb(token.Loosest)
		if err != nil {
			return nil, err
		}
		v.Elems = append(v.Elems, x)
		if kind(e.lex.Peek()) != token.Comma {
			break
		}
		e.lex.Next()
	}
	end, err := e.expect(token.RBrack, `"," or "]"`)
	if err != nil {
		return nil, err
	}
	e.inside--
	v.At = span(open).To(span(end))
	return v, nil
}

// name parses what begins with a name: a call, a subscript, or a variable.
func (e *exprs) name(first bool) (ast.Expr, error) {
	t := e.lex.Next()
	next := e.lex.Peek()
	switch {
	case kind(next) == token.LParen:
		return e.call(t)
	case strings.Contains(t.Value, "::"):
		return nil, &failure{
			tok: *next, want: `"(" after ` + t.Value, hint: "only functions are called by a name with a namespace",
		}
	}
	id := &ast.Ident{Pos: ast.Pos{At: span(t)}, Name: t.Value}
	if kind(next) == token.LBrack && e.indexes(t, next, first) {
		return e.index(id)
	}
	return id, nil
}

// indexes decides whether the bracket after a name is its subscript. Outside of
// other brackets it must open on the line of the name, and must not turn out to be
// the left side of [a, b] = f(...), unless the name itself begins the statement.
func (e *exprs) indexes(name, bracket *lexer.Token, first bool) bool {
	switch {
	case e.inside > 0:
		return true
	case name.Pos.Line != bracket.Pos.Line:
		return false
	}
	return first || !opensMulti(e.lex)
}

// opensMulti reports whether the bracket ahead belongs to [a, b] = f(...): whether
// its closing bracket is followed by = or <-.
func opensMulti(lex *lexer.PeekingLexer) bool {
	k := afterBracket(lex)
	return k == token.Assign || k == token.Arrow
}

// afterBracket returns the kind of the token after the bracket that closes the one
// ahead, or Invalid when it is not closed. It does not move the lexer.
func afterBracket(lex *lexer.PeekingLexer) token.Kind {
	here := lex.MakeCheckpoint()
	defer lex.LoadCheckpoint(here)
	for depth := 0; ; {
		switch kind(lex.Next()) {
		case token.EOF, token.LBrace, token.RBrace, token.Semi:
			return token.Invalid
		case token.LBrack, token.LParen:
			depth++
		case token.RBrack, token.RParen:
			if depth--; depth == 0 {
				return kind(lex.Peek())
			}
		}
	}
}

// index parses the subscript of x: blank, one or two ranges.
func (e *exprs) index(x *ast.Ident) (ast.Expr, error) {
	n := &ast.Index{X: x}
	e.lex.Next()
	e.inside++
	if t := e.lex.Peek(); kind(t) == token.LBrack {
		return nil, &failure{tok: *t, msg: "[[ ]] is not a subscript", hint: "write " + x.Name + "[i] with single brackets"}
	}
	for {
		r, err := e.subscript(x)
		if err != nil {
			return nil, err
		}
		n.Dims = append(n.Dims, r)
		if t := e.lex.Peek(); kind(t) != token.Comma {
			break
		} else if len(n.Dims) == 2 {
			return nil, &failure{tok: *t, msg: "a subscript has at most two dimensions"}
		}
		e.lex.Next()
	}
	want := `"," or "]"`
	if len(n.Dims) == 2 {
		want = `"]"`
	}
	end, err := e.expect(token.RBrack, want)
	if err != nil {
		return nil, err
	}
	e.inside--
	n.At = x.At.To(span(end))
	return n, nil
}

// subscript parses one dimension of x[...].
func (e *exprs) subscript(x *ast.Ident) (r ast.Range, err error) {
	t := e.lex.Peek()
	switch kind(t) {
	case token.Comma, token.RBrack:
		here := span(t).Start
		return ast.Range{At: source.Span{Start: here, End: here}}, nil
	case token.Colon:
		return r, &failure{tok: *t, msg: "a range needs its first index", hint: "write 1:n, or leave the place blank for everything"}
	}
	if r.Lo, err = e.climb(token.Loosest); err != nil {
		return r, err
	}
	r.At = r.Lo.Span()
	if kind(e.lex.Peek()) != token.Colon {
		return r, nil
	}
	e.lex.Next()
	if t := e.lex.Peek(); kind(t) == token.Comma || kind(t) == token.RBrack {
		return r, &failure{
			tok: *t, msg: "a range needs its last index",
			hint: "write for example i:nrow(" + x.Name + "), or leave the place blank for everything",
		}
	}
	if r.Hi, err = e.climb(token.Loosest); err != nil {
		return r, err
	}
	r.At = r.At.To(r.Hi.Span())
	return r, nil
}

// call parses the arguments of a call of the function named by t.
func (e *exprs) call(t *lexer.Token) (ast.Expr, error) {
	c := &ast.Call{Name: t.Value, FnPos: span(t)}
	if ns, name, ok := strings.Cut(t.Value, "::"); ok {
		c.NS, c.Name = ns, name
	}
	e.lex.Next()
	e.inside++
	for kind(e.lex.Peek()) != token.RParen || len(c.Args) > 0 {
		a, err := e.arg()
		if err != nil {
			return nil, err
		}
		c.Args = append(c.Args, a)
		if kind(e.lex.Peek()) != token.Comma {
			break
		}
		e.lex.Next()
	}
	want := `"," or ")"`
	if len(c.Args) == 0 {
		want = `")"`
	}
	end, err := e.expect(token.RParen, want)
	if err != nil {
		return nil, err
	}
	e.inside--
	c.At = c.FnPos.To(span(end))
	for e.inside > 0 && kind(e.lex.Peek()) == token.Semi { // language reference §3.3: swallowed
		e.lex.Next()
	}
	return c, nil
}

func (e *exprs) arg() (a ast.CallArg, err error) {
	t := e.lex.Peek()
	if kind(t).IsKeyword() {
		if err := e.reservedArg(); err != nil {
			return a, err
		}
	}
	if a.Value, err = e.climb(token.Loosest); err != nil {
		return a, err
	}
	id, ok := a.Value.(*ast.Ident)
	if !ok || kind(e.lex.Peek()) != token.Assign {
		return a, nil
	}
	e.lex.Next()
	a.Name, a.NamePos = id.Name, id.At
	a.Value, err = e.climb(token.Loosest)
	return a, err
}

// reservedArg refuses a reserved word as the name of an argument.
func (e *exprs) reservedArg() error {
	here := e.lex.MakeCheckpoint()
	defer e.lex.LoadCheckpoint(here)
	t := e.lex.Next()
	if kind(e.lex.Peek()) != token.Assign {
		return nil
	}
	return &failure{
		tok: *t, msg: strconv.Quote(t.Value) + " is a reserved word and cannot name an argument",
		hint: "pass the arguments by position",
	}
}
