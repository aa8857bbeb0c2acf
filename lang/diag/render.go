package diag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"gdml/lang/source"
)

// Renderer writes diagnostics for people and for programs. Set must hold the files
// that the diagnostics point into; a diagnostic whose span lies in none is written
// without a place.
type Renderer struct {
	Set   *source.Set
	Color bool // use ANSI colours
}

// maxLine is the number of characters of a source line that are shown at most.
const maxLine = 160

type style string

// Styles, as ANSI escape sequences.
const (
	bold   style = "\x1b[1m"
	red    style = "\x1b[1;31m"
	yellow style = "\x1b[1;33m"
	cyan   style = "\x1b[36m"
	plain  style = "\x1b[0m"
)

func (r *Renderer) paint(s style, text string) string {
	if !r.Color || text == "" {
		return text
	}
	return string(s) + text + string(plain)
}

// Write writes all diagnostics of l in the order of their places:
//
//	train.dml:12:11: error[E0401]: matrix product needs inner dimensions to agree: X is 100x5, w is 4x1
//	   12 |     q = X %*% w
//	      |         ~ ^~~ ~
//	   note: w was last assigned at train.dml:7:3
//	   hint: t(w) has 1 row
//
// The caret opens the span of the diagnostic, tildes run to its end and under the
// rest of its context.
func (r *Renderer) Write(w io.Writer, l List) error {
	var b bytes.Buffer
	for _, d := range l.All() {
		r.one(&b, d)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// One writes a single diagnostic.
func (r *Renderer) One(w io.Writer, d Diagnostic) error {
	var b bytes.Buffer
	r.one(&b, d)
	_, err := w.Write(b.Bytes())
	return err
}

func (r *Renderer) one(b *bytes.Buffer, d Diagnostic) {
	at := r.Set.Position(d.Span.Start)
	if at.File != nil {
		b.WriteString(r.paint(bold, at.String()+":") + " ")
	}
	sev := d.Severity.String()
	if d.Code != None {
		sev += "[" + d.Code.String() + "]"
	}
	tone := red
	if d.Severity == Warning {
		tone = yellow
	}
	b.WriteString(r.paint(tone, sev+":") + " " + r.paint(bold, d.Msg) + "\n")
	if at.File != nil {
		r.excerpt(b, d, at, tone)
	}
	for _, n := range d.Notes {
		text := n.Msg
		if pos := r.Set.Position(n.Span.Start); pos.File != nil {
			text += " at " + pos.String()
		}
		b.WriteString("   " + r.paint(cyan, "note:") + " " + text + "\n")
	}
	if d.Hint != "" {
		b.WriteString("   " + r.paint(cyan, "hint:") + " " + d.Hint + "\n")
	}
}

// excerpt writes the source line of a diagnostic and the marks under it.
func (r *Renderer) excerpt(b *bytes.Buffer, d Diagnostic, at source.Position, tone style) {
	line := []rune(at.File.Line(at.Line))
	col := min(at.Col-1, len(line))
	end := r.column(d.Span.End, at, len(line))
	lo, hi := col, end
	if ctx := r.Set.Position(d.Context.Start); ctx.File == at.File {
		lo, hi = 0, r.column(d.Context.End, at, len(line))
		if ctx.Line == at.Line {
			lo = min(ctx.Col-1, len(line))
		}
		if ctx.Line > at.Line || hi < col {
			lo, hi = col, end
		}
	}
	marks := make([]rune, max(col+1, end, hi))
	for i := range marks {
		c := ' '
		if i < len(line) {
			c = line[i]
		}
		switch {
		case i == col:
			marks[i] = '^'
		case c == '\t':
			marks[i] = '\t' // keeps what follows aligned, whatever the width of a tab
		case i > col && i < end, lo <= i && i < hi && !unicode.IsSpace(c):
			marks[i] = '~'
		default:
			marks[i] = ' '
		}
	}
	line, marks = window(line, marks, col)
	fmt.Fprintf(b, "%5d | %s\n", at.Line, printable(line))
	gutter := strings.Repeat(" ", max(5, len(fmt.Sprint(at.Line))))
	fmt.Fprintf(b, "%s | %s\n", gutter, r.mark(tone, string(marks)))
}

// column returns the 0-based column of p, cut at the end of the line of at.
func (r *Renderer) column(p source.Pos, at source.Position, width int) int {
	end := at.File.Position(p)
	if end.Line < at.Line {
		return 0
	}
	if end.Line > at.Line {
		return width
	}
	return min(end.Col-1, width)
}

// mark colours the marks and leaves the blanks before them alone.
func (r *Renderer) mark(tone style, marks string) string {
	rest := strings.TrimLeft(marks, " \t")
	return marks[:len(marks)-len(rest)] + r.paint(tone, rest)
}

// window cuts a long line to the part around the column col.
func window(line, marks []rune, col int) (l, m []rune) {
	const gap = "..."
	if len(line) > maxLine {
		lo := max(0, min(col-maxLine/2, len(line)-maxLine))
		hi := lo + maxLine
		marks = marks[:min(hi, len(marks))]
		if hi < len(line) {
			line = append(append([]rune{}, line[:hi]...), []rune(gap)...)
		}
		if lo > 0 {
			line = append([]rune(gap), line[lo:]...)
			marks = append([]rune("   "), marks[lo:]...)
		}
	}
	return line, marks
}

// printable replaces what a terminal would obey instead of showing it.
func printable(line []rune) string {
	return strings.Map(func(c rune) rune {
		if c != '\t' && !unicode.IsPrint(c) {
			return unicode.ReplacementChar
		}
		return c
	}, string(line))
}

// Summary writes one line that counts the diagnostics of l, such as
// "gdml: 2 errors, 1 warning", or nothing when there are none.
func (r *Renderer) Summary(w io.Writer, l List) error {
	var parts []string
	count := func(n int, what string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+what)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, what))
		}
	}
	count(l.Errors(), "error")
	count(l.Len()-l.Errors(), "warning")
	if parts == nil {
		return nil
	}
	_, err := fmt.Fprintf(w, "gdml: %s\n", strings.Join(parts, ", "))
	return err
}

// place is a span in JSON. Lines and columns count from 1, columns in characters;
// the end is the first position after the span.
type place struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Col     int    `json:"col,omitempty"`
	EndLine int    `json:"endLine,omitempty"`
	EndCol  int    `json:"endCol,omitempty"`
}

type jsonNote struct {
	place
	Message string `json:"message"`
}

type jsonDiagnostic struct {
	place
	Severity string     `json:"severity"`
	Code     string     `json:"code,omitempty"`
	Message  string     `json:"message"`
	Hint     string     `json:"hint,omitempty"`
	Notes    []jsonNote `json:"notes,omitempty"`
}

func (r *Renderer) place(s source.Span) place {
	a := r.Set.Position(s.Start)
	if a.File == nil {
		return place{}
	}
	b := a.File.Position(s.End)
	return place{File: a.File.Name, Line: a.Line, Col: a.Col, EndLine: b.Line, EndCol: b.Col}
}

// WriteJSON writes the diagnostics of l as JSON, one object per line.
func (r *Renderer) WriteJSON(w io.Writer, l List) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, d := range l.All() {
		j := jsonDiagnostic{
			place: r.place(d.Span), Severity: d.Severity.String(), Code: d.Code.String(),
			Message: d.Msg, Hint: d.Hint,
		}
		for _, n := range d.Notes {
			j.Notes = append(j.Notes, jsonNote{place: r.place(n.Span), Message: n.Msg})
		}
		if err := enc.Encode(j); err != nil {
			return err
		}
	}
	return nil
}
