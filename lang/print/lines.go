package print

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// line is one line of output. A remark, the comment behind the code, is kept apart,
// because the remarks of neighbouring lines are aligned.
type line struct {
	indent int
	code   []byte
	remark string
}

// newline ends the current line.
func (p *printer) newline(indent int) {
	p.lines = append(p.lines, line{indent: indent})
	p.ended = false
}

func (p *printer) write(s string) {
	if len(p.lines) == 0 {
		p.newline(0)
	}
	l := &p.lines[len(p.lines)-1]
	l.code = append(l.code, s...)
}

// remark sets a comment behind the code of the current line, or as the line if it has none.
func (p *printer) remark(s string) {
	l := &p.lines[len(p.lines)-1]
	if len(l.code) == 0 {
		l.code = append(l.code, s...)
		return
	}
	p.trail(s)
}

// trail adds a comment to the end of the current line.
func (p *printer) trail(s string) {
	l := &p.lines[len(p.lines)-1]
	if l.remark != "" {
		l.remark += " "
	}
	l.remark += s
}

// width is the column behind the code of a line that has a remark to align, else -1.
func (l *line) width() int {
	if l.remark == "" || bytes.Contains(l.code, []byte("\n")) {
		return -1
	}
	return l.indent + utf8.RuneCount(bytes.TrimRight(l.code, " "))
}

// text joins the lines.
func (p *printer) text() string {
	var b strings.Builder
	for i := 0; i < len(p.lines); {
		n, column := i, 0
		for ; n < len(p.lines) && p.lines[n].width() >= 0; n++ {
			column = max(column, p.lines[n].width())
		}
		for n = max(n, i+1); i < n; i++ {
			p.lines[i].writeTo(&b, column)
		}
	}
	return b.String()
}

// writeTo writes a line whose remark, if any, stands two blanks behind the given column.
func (l *line) writeTo(b *strings.Builder, column int) {
	code := bytes.TrimRight(l.code, " ")
	if len(code) > 0 {
		b.WriteString(strings.Repeat(" ", l.indent))
	}
	b.Write(code)
	if l.remark != "" {
		blanks := 2
		if w := l.width(); w >= 0 {
			blanks += column - w
		}
		b.WriteString(strings.Repeat(" ", blanks))
		b.WriteString(l.remark)
	}
	b.WriteByte('\n')
}
