package parse

import (
	"gdml/lang/source"
	"gdml/lang/token"
)

// Token is one token of a file, or a comment.
type Token struct {
	Kind token.Kind
	At   source.Span
}

// Tokens cuts a file that is already in a set into its tokens, comments included, in
// order and without the end of file. What is no token is left out, as File does.
func Tokens(f *source.File) []Token {
	s := newScanner(f, defaultMaxErrors)
	toks := make([]Token, 0, len(f.Text)/4)
	for {
		t, _ := s.Next() // the scanner does not fail
		if kind(&t) == token.EOF {
			return toks
		}
		toks = append(toks, Token{Kind: kind(&t), At: span(&t)})
	}
}
