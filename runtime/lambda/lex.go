package lambda

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	end tokenKind = iota
	ident
	numberLit
	stringLit
	charLit
	mark // operator or punctuation
)

type token struct {
	kind tokenKind
	at   int // byte offset
	text string
}

func (t token) String() string {
	if t.kind == end {
		return "the end"
	}
	return fmt.Sprintf("%q", t.text)
}

// SyntaxError is a fault in the text of a lambda; At is its place in characters counted from 1.
type SyntaxError struct {
	At   int
	Msg  string
	Hint string
}

func (e *SyntaxError) Error() string {
	s := fmt.Sprintf("expression, character %d: %s", e.At, e.Msg)
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

func faultAt(text string, at int, hint, format string, args ...any) error {
	return &SyntaxError{At: utf8.RuneCountInString(text[:at]) + 1, Msg: fmt.Sprintf(format, args...), Hint: hint}
}

// marks lists the operators and punctuation, longest first.
var marks = []string{"->", "&&", "||", "==", "!=", ">>>", ">>", "<<", "<=", ">=",
	"+", "-", "*", "/", "%", "<", ">", "!", "?", ":", "(", ")", "[", "]", "{", "}", ",", ".", "&", "|", "^", "~"}

// lex splits the text of a lambda.
func lex(text string) ([]token, error) {
	var out []token
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		start := i
		switch {
		case unicode.IsSpace(r):
			i += size
			continue
		case r == '_' || r == '$' || unicode.IsLetter(r):
			for i < len(text) && isWord(text[i:]) {
				_, size = utf8.DecodeRuneInString(text[i:])
				i += size
			}
			out = append(out, token{ident, start, text[start:i]})
		case r >= '0' && r <= '9' || r == '.' && i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9':
			i = numberEnd(text, i)
			out = append(out, token{numberLit, start, text[start:i]})
		case r == '"' || r == '\'':
			s, n, err := quoted(text, i)
			if err != nil {
				return nil, err
			}
			kind := stringLit
			if r == '\'' {
				kind = charLit
			}
			out = append(out, token{kind, start, s})
			i += n
		default:
			m := markAt(text[i:])
			if m == "" {
				return nil, faultAt(text, i, "", "unexpected character %q", r)
			}
			out = append(out, token{mark, start, m})
			i += len(m)
		}
	}
	return append(out, token{kind: end, at: len(text)}), nil
}

func isWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func markAt(s string) string {
	for _, m := range marks {
		if strings.HasPrefix(s, m) {
			return m
		}
	}
	return ""
}

// numberEnd returns where the number that starts at i ends.
func numberEnd(s string, i int) int {
	if strings.HasPrefix(s[i:], "0x") || strings.HasPrefix(s[i:], "0X") {
		for i += 2; i < len(s) && strings.IndexByte("0123456789abcdefABCDEFlL", s[i]) >= 0; i++ {
		}
		return i
	}
	for ; i < len(s); i++ {
		c := s[i]
		sign := (c == '+' || c == '-') && (s[i-1] == 'e' || s[i-1] == 'E')
		if !sign && strings.IndexByte("0123456789.eEfFdDlL", c) < 0 {
			break
		}
	}
	return i
}

var escapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", 'b': "\b", 'f': "\f", '0': "\x00", '"': "\"", '\'': "'", '\\': "\\"}

// quoted reads the literal at i and returns what it holds and how long it is. A backslash
// before a letter that makes no escape stays, since DML has taken one level of escapes
// already and regular expressions would need four of them.
func quoted(s string, i int) (text string, n int, err error) {
	quote := s[i]
	var b strings.Builder
	for k := i + 1; k < len(s); k++ {
		switch c := s[k]; {
		case c == quote:
			return b.String(), k - i + 1, nil
		case c == '\\' && k+1 < len(s):
			k++
			if e, ok := escapes[s[k]]; ok {
				b.WriteString(e)
			} else {
				b.WriteString(s[k-1 : k+1])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, faultAt(s, i, "", "the quote is not closed")
}
