package parse

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gdml/lang/diag"
	"gdml/lang/token"
)

// escaped gives the value of each escape but \\, which stands for itself.
var escaped = [256]byte{
	'b': '\b', 't': '\t', 'n': '\n', 'f': '\f', 'r': '\r', '\'': '\'', '"': '"',
}

// str scans a string literal, which may span lines. One that is never closed is
// taken to end with its first line, so that the rest of the file is still parsed.
func (s *scanner) str(quote byte) token.Kind {
	start, end := s.pos, len(s.text)
	if strings.IndexByte(s.unclosed, quote) >= 0 { // searching the rest again and again would be quadratic
		if n := strings.IndexAny(s.text[start:], "\n\r"); n >= 0 {
			end = start + n
		}
	}
	bad := 0 // offset of the first unknown escape
	for i := start + 1; i < end; i++ {
		switch c := s.text[i]; c {
		case quote:
			if bad > 0 {
				s.badEscape(bad)
			}
			s.line += strings.Count(s.text[start:i], "\n")
			s.pos = i + 1
			return token.Str
		case '\\':
			i++
			if bad == 0 && i < end && escaped[s.text[i]] == 0 && s.text[i] != '\\' {
				bad = i - 1
			}
		}
	}
	if s.open < 0 {
		s.open = start
	}
	if strings.IndexByte(s.unclosed, quote) < 0 {
		s.unclosed += string(quote)
	}
	if n := strings.IndexAny(s.text[start:end], "\n\r"); n >= 0 {
		end = start + n
	}
	s.errorf(diag.UnterminatedString, start, end, "close it with "+string(quote), "string is not closed")
	s.pos = end
	return token.Str
}

// badEscape reports the backslash at offset i. A string is reported once.
func (s *scanner) badEscape(i int) {
	_, n := utf8.DecodeRuneInString(s.text[i+1:])
	s.errorf(diag.BadEscape, i, i+1+n, `the escapes are \b \t \n \f \r \" \' \\`,
		"unknown escape %s in a string", printable(s.text[i:i+1+n]))
}

// unquote returns the value of a string literal. Escapes are replaced as the
// language reference §1.5 says: a pair of backslashes stays a pair, and its
// second half may begin an escape. Line ends become \n, however they are written.
func unquote(lit string) string {
	body := strings.TrimSuffix(lit[1:], lit[:1])
	if !strings.ContainsAny(body, "\\\r") {
		return body
	}
	var b strings.Builder
	for i := 0; i < len(body); i++ {
		c := body[i]
		switch {
		case c == '\r':
			if i+1 < len(body) && body[i+1] == '\n' {
				continue
			}
			c = '\n'
		case c == '\\' && i+1 < len(body) && escaped[body[i+1]] != 0:
			i++
			c = escaped[body[i]]
		}
		b.WriteByte(c)
	}
	return b.String()
}

// drop skips the given number of characters and the one after them, at which the
// token failed. Neighbouring drops are reported as one.
func (s *scanner) drop(matched int) token.Kind {
	start := s.pos
	s.pos += matched
	if s.pos < len(s.text) {
		_, n := utf8.DecodeRuneInString(s.text[s.pos:])
		s.pos += n
	}
	s.line += strings.Count(s.text[start:s.pos], "\n")
	if s.dropHi != start || s.dropHi == s.dropLo {
		s.flush()
		s.dropLo = start
	}
	s.dropHi = s.pos
	return token.Invalid
}

// flush reports dropped text.
func (s *scanner) flush() {
	if s.dropLo == s.dropHi {
		return
	}
	lo, text := s.dropLo, s.text[s.dropLo:s.dropHi]
	s.dropLo, s.dropHi = 0, 0
	hi := lo + len(strings.TrimRight(text, " \t\r\n"))
	text = s.text[lo:hi]
	var hint string
	switch {
	case text[0] == '.' && lo > 0 && isWord(s.text[lo-1]):
		hint = "names cannot contain a dot, use _"
	case text[0] == '_':
		hint = "names start with a letter"
	case text[0] == '%':
		hint = "the operators with % are %*%, %/% and %%"
	case text[0] >= utf8.RuneSelf:
		hint = "outside of strings and comments only ASCII is allowed"
	}
	s.warn(diag.BadToken, lo, hi, hint, fmt.Sprintf("skipped %s, which is no part of the language", printable(text)))
}

// summary tells how many warnings were held back.
func (s *scanner) summary() {
	if n := s.warnings - s.max; n > 0 {
		s.diags.Add(diag.Diagnostic{
			Code: diag.BadToken, Severity: diag.Warning, Span: s.file.Span(len(s.text), len(s.text)),
			Msg: fmt.Sprintf("%d more warnings about unreadable text are not shown", n),
		})
	}
}

func (s *scanner) warn(code diag.Code, lo, hi int, hint, msg string) {
	if s.warnings++; s.warnings <= s.max {
		s.diags.Add(diag.Diagnostic{
			Code: code, Severity: diag.Warning, Span: s.file.Span(lo, hi), Msg: msg, Hint: hint,
		})
	}
}

func (s *scanner) errorf(code diag.Code, lo, hi int, hint, format string, args ...any) {
	at := s.file.Span(lo, hi)
	s.faults = append(s.faults, at)
	if len(s.faults) <= s.max {
		s.diags.Add(diag.Diagnostic{Code: code, Span: at, Msg: fmt.Sprintf(format, args...), Hint: hint})
	}
}

// printable quotes a piece of source text for a message, escaping what a
// terminal would not show, and shortens it.
func printable(text string) string {
	text = clip(text, 20)
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return strconv.Quote(text)
		}
	}
	return `"` + text + `"`
}

// clip shortens a text to at most n characters.
func clip(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n]) + "..."
}
