package print

import (
	"strings"

	"gdml/lang/source"
	"gdml/lang/token"
)

// until prints the tokens that begin before end, which belong to one statement, and
// reports whether they take several lines.
func (p *printer) until(end source.Pos, depth int) (broken bool) {
	p.depth, p.open, p.pending = depth, p.open[:0], false
	p.last = token.Invalid
	for p.next < len(p.toks) && p.toks[p.next].At.Start < end {
		if p.commented() && p.behind(end) {
			return broken
		}
		if p.toks[p.next].Kind == token.Semi { // one may stand behind a call inside an expression
			p.next++
			continue
		}
		if p.gap() {
			broken = true
		}
		p.token()
	}
	return broken
}

// behind reports whether only comments lie before end.
func (p *printer) behind(end source.Pos) bool {
	t := p.peek()
	return t.Kind == token.Invalid || t.At.Start >= end
}

// token prints the next token without what comes before it.
func (p *printer) token() {
	t := p.take()
	p.write(p.source(t))
	switch t.Kind {
	case token.LParen, token.LBrack:
		p.open = append(p.open, p.lines[len(p.lines)-1].indent)
	case token.RParen, token.RBrack:
		p.open = p.open[:max(len(p.open)-1, 0)]
	}
	p.last = t.Kind
}

// gap prints what comes between the last token and the next: comments, and a blank or
// a line end. It reports whether there was a line end.
func (p *printer) gap() (broken bool) {
	if p.last == token.Invalid && !p.commented() {
		return false
	}
	for p.commented() {
		t := p.toks[p.next]
		if t.line > p.prev.end {
			p.newline(p.continued(t))
			broken = true
		} else {
			p.write(" ")
		}
		after := p.toks[p.next+1]
		p.take()
		if p.inline(t, after) {
			p.write(p.source(t))
			if after.Kind != token.Comma {
				p.write(" ")
			}
			continue
		}
		p.remark(p.source(t))
		if after.Kind != token.Comment {
			p.newline(p.continued(after))
			return true
		}
	}
	t := p.toks[p.next]
	if p.prev.Kind == token.Comment {
		return broken
	}
	if t.line > p.prev.end || p.pending {
		p.pending = false
		switch {
		case t.Kind == token.Comma:
			p.pending = true
		case !p.joined(t):
			p.newline(p.continued(t))
			return true
		}
	}
	if p.spaced(t) {
		p.write(" ")
	}
	return broken
}

// continued returns the indentation of a line within a statement that begins with t.
func (p *printer) continued(t piece) int {
	if len(p.open) == 0 {
		return (p.depth + 1) * indent
	}
	in := p.open[len(p.open)-1]
	switch {
	case t.Kind == token.RParen, t.Kind == token.RBrack:
		return in
	case p.head && len(p.open) == 1: // parameters, deeper than the return and the body below them
		return in + 2*indent
	}
	return in + indent
}

// joined reports whether t belongs on the line of the last token whatever the author did.
func (p *printer) joined(t piece) bool {
	switch t.Kind {
	case token.Assign, token.Arrow, token.AddAssign, token.Colon:
		return true
	case token.LParen, token.LBrack:
		return p.called()
	}
	return p.sign[p.prev.At.Start] || p.last == token.Colon
}

// called reports whether a bracket after the last token belongs to it.
func (p *printer) called() bool {
	switch p.last {
	case token.Ident, token.KwFunction, token.KwExternal, token.KwSource, token.KwSetwd, token.KwIfdef,
		token.KwIf, token.KwWhile, token.KwFor, token.KwParfor, token.KwReturn:
		return true
	}
	return false
}

// spaced reports whether a blank stands between the last token and t.
func (p *printer) spaced(t piece) bool {
	switch p.last {
	case token.LParen, token.LBrack, token.Pow:
		return false
	case token.Comma: // also before the bracket in X[1, ]
		return true
	case token.Colon:
		return p.wide[t.At.Start]
	case token.Assign:
		return !p.named()
	}
	if p.sign[p.prev.At.Start] {
		return false
	}
	switch t.Kind {
	case token.RParen, token.RBrack, token.Comma, token.Pow:
		return false
	case token.Colon:
		return p.next+1 < len(p.toks) && p.wide[p.toks[p.next+1].At.Start]
	case token.Assign:
		return !p.named()
	case token.LParen:
		return !p.called() || wordBeforeParen(p.last)
	case token.LBrack:
		return !p.called()
	}
	return true
}

// wordBeforeParen reports whether a blank stands between k and a parenthesis.
func wordBeforeParen(k token.Kind) bool {
	switch k {
	case token.KwIf, token.KwWhile, token.KwFor, token.KwParfor, token.KwReturn:
		return true
	}
	return false
}

// named reports whether an equals sign at this place names an argument. The one that
// gives a parameter its default value does not.
func (p *printer) named() bool {
	return len(p.open) > 1 || len(p.open) == 1 && !p.head
}

// source returns the text of a token with plain line ends.
func (p *printer) source(t piece) string {
	s := p.file.Slice(t.At)
	if t.Kind != token.Comment {
		return strings.ReplaceAll(s, "\r\n", "\n")
	}
	ls := strings.Split(s, "\n")
	for i, l := range ls {
		ls[i] = strings.TrimRight(l, " \t\r")
	}
	return strings.Join(ls, "\n")
}
