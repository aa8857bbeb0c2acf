package parse

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/token"
)

// definition is the lexer as participle wants it described.
type definition struct{}

// symbols names the token types for the tags of grammar.go.
var symbols = map[string]token.Kind{
	"Comment": token.Comment, "Ident": token.Ident, "Str": token.Str,
	"Assign": token.Assign, "Arrow": token.Arrow, "AddAssign": token.AddAssign,
	"LParen": token.LParen, "RParen": token.RParen, "Comma": token.Comma, "Colon": token.Colon,
	"KwSource": token.KwSource, "KwSetwd": token.KwSetwd, "KwAs": token.KwAs, "KwIf": token.KwIf,
	"KwFor": token.KwFor, "KwParfor": token.KwParfor, "KwIn": token.KwIn, "KwWhile": token.KwWhile,
	"KwFunction": token.KwFunction, "KwExternal": token.KwExternal, "KwImplemented": token.KwImplemented, "KwReturn": token.KwReturn, "KwIfdef": token.KwIfdef,
}

// Symbols implements lexer.Definition.
func (definition) Symbols() map[string]lexer.TokenType {
	m := map[string]lexer.TokenType{"EOF": lexer.EOF}
	for name, k := range symbols {
		m[name] = lexer.TokenType(k)
	}
	return m
}

// Lex implements lexer.Definition.
func (d definition) Lex(name string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", name, err)
	}
	return d.LexString(name, string(text))
}

// LexString implements lexer.StringDefinition.
func (definition) LexString(name, text string) (lexer.Lexer, error) {
	return newScanner(source.NewSet().Add(name, text), defaultMaxErrors), nil
}

// Read-only tables.
var (
	keywords = token.Keywords()
	dotted   = token.DottedNames()
)

// A scanner cuts the text of a file into tokens by the longest match. It never
// fails: what is no token is dropped with a warning (language reference §1.7),
// and errors inside strings and numbers are reported while the token stands.
type scanner struct {
	file     *source.File
	text     string
	pos      int // byte offset of the next character
	line     int // 1-based line of pos
	max      int // number of errors, and of warnings, to report
	diags    diag.List
	warnings int
	faults   []source.Span // of the errors, to silence what follows from them
	comments []ast.Comment
	braces   int    // opening minus closing braces
	open     int    // offset of a string or comment that is not closed, or -1
	unclosed string // quotes of strings that are not closed
	dropLo   int    // dropped text not reported yet: [dropLo, dropHi)
	dropHi   int    //
	last     int    // offset of the end of the last token
	done     bool   // everything after an unclosed comment is ignored
}

func newScanner(f *source.File, max int) *scanner {
	return &scanner{file: f, text: f.Text, line: 1, max: max, open: -1}
}

// kind returns the kind of a participle token.
func kind(t *lexer.Token) token.Kind {
	if t.Type == lexer.EOF {
		return token.EOF
	}
	return token.Kind(t.Type)
}

// span returns the place of a participle token.
func span(t *lexer.Token) source.Span {
	start := source.Pos(t.Pos.Offset)
	return source.Span{Start: start, End: start + source.Pos(len(t.Value))}
}

// Next implements lexer.Lexer. It returns no error, ever.
func (s *scanner) Next() (lexer.Token, error) {
	for {
		s.blanks()
		start, line := s.pos, s.line
		if start >= len(s.text) || s.done {
			s.flush()
			s.summary()
			return lexer.EOFToken(lexer.Position{Offset: int(s.file.Base) + len(s.text), Line: line}), nil
		}
		k := s.scan()
		if k == token.Invalid {
			continue
		}
		s.flush()
		text := s.text[start:s.pos]
		if k == token.Comment {
			s.comments = append(s.comments, ast.Comment{At: s.file.Span(start, s.pos), Text: text})
		} else {
			s.last = s.pos
		}
		return lexer.Token{
			Type:  lexer.TokenType(k),
			Value: text,
			Pos:   lexer.Position{Offset: int(s.file.Base) + start, Line: line},
		}, nil
	}
}

func (s *scanner) blanks() {
	for ; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case '\n':
			s.line++
		case ' ', '\t', '\r':
		default:
			return
		}
	}
}

// at returns the byte i places ahead, or 0 at the end of the text.
func (s *scanner) at(i int) byte {
	if s.pos+i < len(s.text) {
		return s.text[s.pos+i]
	}
	return 0
}

// scan consumes one token and returns its kind, or drops text and returns Invalid.
func (s *scanner) scan() token.Kind {
	c := s.at(0)
	switch {
	case isLetter(c):
		return s.word()
	case isDigit(c), c == '.' && isDigit(s.at(1)):
		return s.number()
	}
	switch c {
	case '"', '\'':
		return s.str(c)
	case '#':
		return s.lineComment()
	case '$':
		return s.arg()
	case '/':
		if s.at(1) == '*' {
			return s.blockComment()
		}
	case '{':
		s.braces++
	case '}':
		s.braces--
	}
	if k, n := operator(c, s.at(1), s.at(2)); k != token.Invalid {
		s.pos += n
		return k
	}
	matched := 0 // characters that could still have become a token
	switch {
	case c == '%' && (s.at(1) == '*' || s.at(1) == '/'):
		matched = 2
	case c == '%', c == '.':
		matched = 1
	}
	return s.drop(matched)
}

// operator returns the longest operator or punctuation that starts with the
// given characters, and its length.
func operator(c, d, e byte) (token.Kind, int) {
	if c == '%' {
		switch {
		case d == '%':
			return token.Mod, 2
		case d == '*' && e == '%':
			return token.MatMul, 3
		case d == '/' && e == '%':
			return token.IntDiv, 3
		}
		return token.Invalid, 0
	}
	if k := pairs[[2]byte{c, d}]; k != token.Invalid {
		return k, 2
	}
	return singles[c], 1
}

var pairs = map[[2]byte]token.Kind{
	{'<', '='}: token.Le, {'<', '-'}: token.Arrow, {'>', '='}: token.Ge, {'=', '='}: token.Eq,
	{'!', '='}: token.Ne, {'&', '&'}: token.AndAnd, {'|', '|'}: token.OrOr, {'+', '='}: token.AddAssign,
}

var singles = [256]token.Kind{
	'^': token.Pow, '-': token.Sub, '+': token.Add, '*': token.Mul, '/': token.Div,
	'<': token.Lt, '>': token.Gt, '!': token.Not, '&': token.And, '|': token.Or, '=': token.Assign,
	'(': token.LParen, ')': token.RParen, '[': token.LBrack, ']': token.RBrack,
	'{': token.LBrace, '}': token.RBrace, ',': token.Comma, ';': token.Semi, ':': token.Colon,
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }

func (s *scanner) wordChars() {
	for isWord(s.at(0)) {
		s.pos++
	}
}

// word scans a name, a reserved word, a namespaced name or a dotted name.
func (s *scanner) word() token.Kind {
	start := s.pos
	s.wordChars()
	switch {
	case s.at(0) == ':' && s.at(1) == ':' && isLetter(s.at(2)):
		s.pos += 2
		s.wordChars()
		return token.Ident
	case s.at(0) == '.':
		best := 0
		for _, name := range dotted {
			if len(name) > best && strings.HasPrefix(s.text[start:], name) {
				best = len(name)
			}
		}
		if best > 0 {
			s.pos = start + best
			return token.Ident
		}
	}
	if k, ok := keywords[s.text[start:s.pos]]; ok {
		return k
	}
	return token.Ident
}

func (s *scanner) digits() {
	for isDigit(s.at(0)) {
		s.pos++
	}
}

func (s *scanner) number() token.Kind {
	start, k := s.pos, token.Int
	s.digits()
	if s.at(0) == '.' {
		k = token.Float
		s.pos++
		s.digits()
	}
	if c := s.at(0); c == 'e' || c == 'E' {
		n := 1
		if d := s.at(1); d == '+' || d == '-' {
			n = 2
		}
		if isDigit(s.at(n)) {
			k = token.Float
			s.pos += n
			s.digits()
		}
	}
	text := s.text[start:s.pos]
	if c := s.at(0); c == 'L' || c == 'l' {
		s.pos++
		s.errorf(diag.BadNumber, start, s.pos, "write "+text, "numbers have no suffix %c", c)
		return k
	}
	s.checkNumber(k, start, text)
	return k
}

// checkNumber reports a literal whose value does not fit its type.
func (s *scanner) checkNumber(k token.Kind, start int, text string) {
	if k == token.Int {
		if len(text) < 19 {
			return
		}
		if _, err := strconv.ParseInt(text, 10, 64); err != nil {
			s.errorf(diag.BadNumber, start, s.pos, "write "+text+".0 for a double",
				"integer %s is larger than %d", clip(text, 30), int64(math.MaxInt64))
		}
		return
	}
	if v, _ := strconv.ParseFloat(text, 64); math.IsInf(v, 0) {
		s.warn(diag.BadNumber, start, s.pos, "write Inf if that is meant",
			fmt.Sprintf("number %s is too large for a double and becomes Inf", clip(text, 30)))
	}
}

func (s *scanner) arg() token.Kind {
	switch c := s.at(1); {
	case isLetter(c):
		s.pos++
		s.wordChars()
	case isDigit(c):
		s.pos++
		s.digits()
	default:
		return s.drop(1)
	}
	return token.Arg
}

func (s *scanner) lineComment() token.Kind {
	end := strings.IndexAny(s.text[s.pos:], "\n\r")
	if end < 0 {
		end = len(s.text) - s.pos
	}
	s.pos += end
	return token.Comment
}

func (s *scanner) blockComment() token.Kind {
	n := strings.Index(s.text[s.pos+2:], "*/")
	if n < 0 {
		s.open = s.pos
		s.errorf(diag.Syntax, s.pos, s.pos+2, "close it with */", "comment is not closed")
		s.pos = len(s.text)
		s.done = true
		return token.Invalid
	}
	end := s.pos + 2 + n + 2
	s.line += strings.Count(s.text[s.pos:end], "\n")
	s.pos = end
	return token.Comment
}
