package parse

import (
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/token"
)

// tokens is what a capture of a token gives: the comments before it, then the
// token itself.
type tokens = []lexer.Token

// last returns the token of a capture.
func last(ts tokens) *lexer.Token { return &ts[len(ts)-1] }

// statement is the head of a statement: everything up to its body. Bodies are put
// together by parser.body, so that an error inside one stays there.
type statement struct {
	Simple *simple     `parser:"  @@"`
	If     *ifHead     `parser:"| @@"`
	While  *whileHead  `parser:"| @@"`
	For    *forHead    `parser:"| @@"`
	Source *sourceForm `parser:"| @@"`
	Setwd  *setwdForm  `parser:"| @@"`
}

// simple covers assignments of all kinds, calls and function definitions. The left
// side is any expression; what may stand there is settled in convert.go.
type simple struct {
	Left  target     `parser:"@@"`
	Op    tokens     `parser:"( @( Assign | Arrow | AddAssign )"`
	Func  *funcHead  `parser:"  ( @@"`
	Ext   *extHead   `parser:"  | @@"`
	Ifdef *ifdefForm `parser:"  | @@"`
	Value value      `parser:"  | @@ ) )?"`
}

type ifHead struct {
	Cond inner `parser:"KwIf LParen @@ RParen"`
}

type whileHead struct {
	Cond inner `parser:"KwWhile LParen @@ RParen"`
}

type forHead struct {
	Keyword tokens       `parser:"@( KwFor | KwParfor ) LParen"`
	Var     tokens       `parser:"@Ident KwIn"`
	From    inner        `parser:"@@"`
	To      inner        `parser:"( Colon @@ )?"`
	Params  []*loopParam `parser:"( Comma @@ )* RParen"`
}

type loopParam struct {
	Name  tokens `parser:"@Ident Assign"`
	Value inner  `parser:"@@"`
}

type funcHead struct {
	Keyword tokens       `parser:"@KwFunction LParen"`
	Params  []*paramForm `parser:"( @@ ( Comma @@ )* )? RParen"`
	Results []*paramForm `parser:"( KwReturn LParen ( @@ ( Comma @@ )* )? RParen )?"`
}

type extHead struct {
	Keyword tokens       `parser:"@KwExternal LParen"`
	Params  []*paramForm `parser:"( @@ ( Comma @@ )* )? RParen"`
	Results []*paramForm `parser:"( KwReturn LParen ( @@ ( Comma @@ )* )? RParen )?"`
	How     []*loopParam `parser:"KwImplemented KwIn LParen ( @@ ( Comma @@ )* )? RParen"`
}

// paramForm lets the name be missing, because a parameter without a type looks so.
type paramForm struct {
	Type    typeRef `parser:"@@"`
	Name    tokens  `parser:"@Ident?"`
	Default inner   `parser:"( Assign @@ )?"`
}

type ifdefForm struct {
	Keyword tokens `parser:"@KwIfdef LParen"`
	Arg     inner  `parser:"@@ Comma"`
	Default inner  `parser:"@@ RParen"`
}

type sourceForm struct {
	Keyword tokens `parser:"@KwSource LParen"`
	Path    tokens `parser:"@Str RParen KwAs"`
	Alias   tokens `parser:"@Ident"`
}

type setwdForm struct {
	Path tokens `parser:"KwSetwd LParen @Str RParen"`
}

// typeRef is a *typeForm; participle wants an interface here.
type typeRef interface{ form() *typeForm }

// typeForm is a type as written: word, or word[elem].
type typeForm struct {
	word, elem lexer.Token
	bracket    bool
}

func (t *typeForm) form() *typeForm { return t }

// parseType parses a type. The words are judged by the conversion.
func parseType(lex *lexer.PeekingLexer) (typeRef, error) {
	isWord := func() bool {
		k := kind(lex.Peek())
		return k == token.Ident || k.IsValueType()
	}
	if !isWord() {
		return nil, participle.NextMatch
	}
	t := &typeForm{word: *lex.Next()}
	if kind(lex.Peek()) != token.LBrack {
		return t, nil
	}
	lex.Next()
	if !isWord() {
		return nil, &failure{tok: *lex.Peek(), want: "a value type such as double"}
	}
	t.elem, t.bracket = *lex.Next(), true
	if kind(lex.Peek()) != token.RBrack {
		return nil, &failure{tok: *lex.Peek(), want: `"]" after the value type`}
	}
	lex.Next()
	return t, nil
}

// statements returns the parser of one statement head. The grammar is LL(1) and
// lookahead is 0: an alternative is chosen by its first token and kept, so an error
// is reported where it is.
var statements = sync.OnceValue(func() *participle.Parser[statement] {
	return participle.MustBuild[statement](
		participle.Lexer(definition{}),
		participle.Elide("Comment"),
		participle.UseLookahead(0),
		participle.ParseTypeWith(parseTarget),
		participle.ParseTypeWith(parseValue),
		participle.ParseTypeWith(parseInner),
		participle.ParseTypeWith(parseType),
	)
})
