package print

import (
	"gdml/lang/ast"
	"gdml/lang/parse"
	"gdml/lang/source"
	"gdml/lang/token"
)

// indent is what a block, and a line that continues a statement, is set off by.
const indent = 2

// Format returns the text of a file in the one layout. f must have been parsed from
// f.Source without errors and without skipped text.
func Format(f *ast.File) string {
	p := &printer{file: f.Source, sign: map[source.Pos]bool{}, wide: map[source.Pos]bool{}}
	for _, t := range parse.Tokens(f.Source) {
		p.toks = append(p.toks, piece{
			Token: t, line: f.Source.Position(t.At.Start).Line, end: f.Source.Position(t.At.End).Line,
		})
	}
	for _, s := range f.Stmts {
		ast.Walk(s, p.note)
	}
	p.block(f.Stmts, 0)
	return p.text()
}

// piece is a token with the lines that it begins and ends on.
type piece struct {
	parse.Token
	line, end int
}

// printer walks along the tokens of a file while it descends into its tree.
type printer struct {
	file *source.File
	toks []piece
	next int // index of the next token

	sign map[source.Pos]bool // prefix operators
	wide map[source.Pos]bool // upper bounds whose colon stands between blanks

	lines []line
	prev  piece // what was printed or skipped last
	last  token.Kind
	glue  bool // the next statement goes on the current line
	ended bool // a comment has ended the current line

	// of the statement being printed
	depth   int   // its indentation, in levels
	open    []int // indentation of the lines that the open brackets stand on
	head    bool  // it is the head of a function
	pending bool  // a line break that comes after a comma instead of before it
}

// note remembers what cannot be told from tokens alone.
func (p *printer) note(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Unary:
		p.sign[n.At.Start] = true
	case *ast.Index:
		for _, r := range n.Dims {
			p.noteRange(r.Lo, r.Hi)
		}
	case *ast.For:
		if !n.Seq {
			p.noteRange(n.From, n.To)
		}
	}
	return true
}

// noteRange sets the colon of a range apart where an operator stands beside it:
// a:b binds weaker than every operator and should look so.
func (p *printer) noteRange(lo, hi ast.Expr) {
	if lo == nil || hi == nil {
		return
	}
	for _, x := range []ast.Expr{lo, hi} {
		if _, ok := x.(*ast.Binary); ok {
			p.wide[hi.Span().Start] = true
		}
	}
}

// peek returns the next token that is no comment.
func (p *printer) peek() piece {
	for _, t := range p.toks[p.next:] {
		if t.Kind != token.Comment {
			return t
		}
	}
	return piece{}
}

// commented reports whether a comment comes before the next token.
func (p *printer) commented() bool {
	return p.next < len(p.toks) && p.toks[p.next].Kind == token.Comment
}

// take consumes the next token.
func (p *printer) take() piece {
	p.prev = p.toks[p.next]
	p.next++
	return p.prev
}

// block prints statements, each on lines of its own, and the comments after them.
func (p *printer) block(ss []ast.Stmt, depth int) {
	first := true
	for _, s := range ss {
		first = p.lead(depth, first)
		p.begin(depth, first)
		first = false
		p.statement(s, depth)
	}
	p.lead(depth, first)
}

// lead prints the comments before a statement, or before the end of a block, and drops
// semicolons. first says that nothing was printed in the block yet; the result is the
// same for what follows.
func (p *printer) lead(depth int, first bool) bool {
	for p.next < len(p.toks) {
		switch p.toks[p.next].Kind {
		case token.Semi:
			p.take()
			continue
		case token.Comment:
		default:
			return first
		}
		t := p.toks[p.next]
		own := t.line != p.prev.end || p.next == 0 || p.glue || p.ended
		if own {
			p.begin(depth, first)
			p.write(p.source(t))
			first = false
		} else {
			p.trail(p.source(t))
		}
		p.ended = true
		p.take()
		p.glue = own && p.next < len(p.toks) && p.inline(t, p.toks[p.next])
	}
	return first
}

// inline reports whether code goes on behind a comment.
func (p *printer) inline(comment, t piece) bool {
	return t.line == comment.end && p.file.Text[p.file.Offset(comment.At.Start)] != '#' &&
		t.Kind != token.RBrace && t.Kind != token.Comment && t.Kind != token.Semi
}

// begin starts a line for what comes next, after a blank line if there was one.
func (p *printer) begin(depth int, first bool) {
	if p.glue {
		p.glue = false
		p.write(" ")
		return
	}
	if !first && p.toks[p.next].line > p.prev.end+1 {
		p.newline(0)
	}
	p.newline(depth * indent)
}

func (p *printer) statement(s ast.Stmt, depth int) {
	switch s := s.(type) {
	case *ast.If:
		p.body(s.Then, depth, p.until(s.Then.At.Start, depth))
		if s.Else != nil {
			p.otherwise(s, depth)
		}
	case *ast.While:
		p.body(s.Body, depth, p.until(s.Body.At.Start, depth))
	case *ast.For:
		p.body(s.Body, depth, p.until(s.Body.At.Start, depth))
	case *ast.FuncDef:
		p.head = true
		broken := p.until(s.Body.At.Start, depth)
		p.head = false
		p.body(s.Body, depth, broken)
	default:
		p.until(s.Span().End, depth)
	}
}

// otherwise prints the else of s. It stands behind a closing brace; behind a statement
// without braces it stays on the line it was on.
func (p *printer) otherwise(s *ast.If, depth int) {
	p.semis()
	word := p.peek()
	if !p.commented() && (s.Then.Braces || word.line == p.prev.end) {
		p.write(" ")
	} else {
		p.lead(depth, true)
		p.begin(depth, true)
	}
	p.write(p.source(p.take()))
	p.last = token.KwElse
	if chain, ok := elseIf(s.Else); ok && !p.commented() {
		p.write(" ")
		p.statement(chain, depth)
		return
	}
	p.body(s.Else, depth, false)
}

// semis drops the semicolons that come next.
func (p *printer) semis() {
	for p.next < len(p.toks) && p.toks[p.next].Kind == token.Semi {
		p.take()
	}
}

func elseIf(b *ast.Body) (*ast.If, bool) {
	if b.Braces || len(b.Stmts) != 1 {
		return nil, false
	}
	s, ok := b.Stmts[0].(*ast.If)
	return s, ok
}

// body prints the body of a statement. broken says that the head of the statement
// spans lines: then the brace stands on a line of its own.
func (p *printer) body(b *ast.Body, depth int, broken bool) {
	switch {
	case !b.Braces && !p.commented() && p.peek().line == p.prev.end:
		p.write(" ")
		p.statement(b.Stmts[0], depth)
		return
	case !b.Braces:
		p.begin(depth+1, p.lead(depth+1, true))
		p.statement(b.Stmts[0], depth+1)
		return
	}
	if p.commented() {
		p.lead(depth+1, true)
		broken = !p.glue
	}
	if broken {
		p.begin(depth, true)
	} else {
		p.glue = false
		p.write(" ")
	}
	open := p.take()
	p.write("{")
	p.last = token.LBrace
	switch end := p.file.Position(b.At.End - 1).Line; {
	case len(b.Stmts) == 0 && p.peek().Kind == token.RBrace && !p.commented():
	case open.line == end && len(b.Stmts) == 1 && !p.commentBefore(b.At.End):
		p.write(" ")
		p.statement(b.Stmts[0], depth+1)
		p.semis()
		p.write(" ")
	default:
		p.block(b.Stmts, depth+1)
		p.newline(depth * indent)
	}
	p.take()
	p.write("}")
	p.last = token.RBrace
}

// commentBefore reports whether a comment lies before an offset.
func (p *printer) commentBefore(end source.Pos) bool {
	for _, t := range p.toks[p.next:] {
		if t.At.Start >= end {
			return false
		}
		if t.Kind == token.Comment {
			return true
		}
	}
	return false
}
