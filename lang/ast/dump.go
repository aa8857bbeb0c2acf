package ast

import (
	"fmt"
	"strconv"
	"strings"

	"gdml/lang/source"
)

// Dump returns f as text that stays the same as long as the tree does: a line for
// each statement with its place, children indented, expressions as Sexpr writes
// them.
//
//	1:1 assign =
//	  x
//	  (+ a (* b 2))
func Dump(f *File) string {
	d := dumper{file: f.Source}
	d.stmts(f.Stmts)
	return d.b.String()
}

type dumper struct {
	b     strings.Builder
	file  *source.File
	depth int
}

func (d *dumper) line(format string, args ...any) {
	d.b.WriteString(strings.Repeat("  ", d.depth))
	fmt.Fprintf(&d.b, format, args...)
	d.b.WriteByte('\n')
}

// head writes the first line of a node and leaves d indented for its children.
func (d *dumper) head(n Node, format string, args ...any) {
	at := ""
	if d.file != nil {
		p := d.file.Position(n.Span().Start)
		at = fmt.Sprintf("%d:%d ", p.Line, p.Col)
	}
	d.line("%s%s", at, fmt.Sprintf(format, args...))
	d.depth++
}

func (d *dumper) exprs(es ...Expr) {
	for _, e := range es {
		if e != nil {
			d.line("%s", Sexpr(e))
		}
	}
}

func (d *dumper) stmts(ss []Stmt) {
	for _, s := range ss {
		d.stmt(s)
		d.depth--
	}
}

func (d *dumper) body(name string, b *Body) {
	if b == nil {
		return
	}
	d.line("%s", name)
	d.depth++
	d.stmts(b.Stmts)
	d.depth--
}

func (d *dumper) stmt(s Stmt) {
	switch s := s.(type) {
	case *Assign:
		d.head(s, "assign %s", s.Op)
		d.exprs(s.Target, s.Value)
	case *MultiAssign:
		d.head(s, "multi %s", s.Op)
		d.exprs(s.Targets...)
		d.exprs(s.Call)
	case *Ifdef:
		d.head(s, "ifdef %s", s.Op)
		d.exprs(s.Target, s.Arg, s.Default)
	case *CallStmt:
		d.head(s, "call")
		d.exprs(s.Call)
	case *ExprStmt:
		d.head(s, "expr")
		d.exprs(s.X)
	case *If:
		d.head(s, "if %s", Sexpr(s.Cond))
		d.body("then", s.Then)
		d.body("else", s.Else)
	case *While:
		d.head(s, "while %s", Sexpr(s.Cond))
		d.body("do", s.Body)
	case *For:
		d.loop(s)
	case *FuncDef:
		d.function(s)
	case *External:
		d.head(s, "external %s", s.Name.Name)
	case *Source:
		d.head(s, "source %q as %s", s.Path.Value, s.Alias.Name)
	case *Setwd:
		d.head(s, "setwd %q", s.Path.Value)
	default:
		d.head(s, "unknown statement %T", s)
	}
}

func (d *dumper) loop(s *For) {
	word := "for"
	if s.Parallel {
		word = "parfor"
	}
	form := "range"
	if s.Seq {
		form = "seq"
	}
	d.head(s, "%s %s %s", word, s.Var.Name, form)
	d.exprs(s.From, s.To, s.Incr)
	for _, p := range s.Params {
		d.line("%s=%s", p.Name, Sexpr(p.Value))
	}
	d.body("do", s.Body)
}

func (d *dumper) function(s *FuncDef) {
	d.head(s, "function %s", s.Name.Name)
	if s.Doc != "" {
		d.line("doc %q", s.Doc)
	}
	for _, p := range s.Params {
		def := ""
		if p.Default != nil {
			def = " = " + Sexpr(p.Default)
		}
		d.line("param %s %s%s", p.Type, p.Name.Name, def)
	}
	for _, p := range s.Results {
		d.line("result %s %s", p.Type, p.Name.Name)
	}
	d.body("do", s.Body)
}

// Sexpr returns an expression on one line in prefix form. Parentheses of the source
// are written as (paren x), so that they are seen; a blank subscript is _.
func Sexpr(e Expr) string {
	var b strings.Builder
	sexpr(&b, e)
	return b.String()
}

func sexpr(b *strings.Builder, e Expr) {
	switch e := e.(type) {
	case *Ident:
		b.WriteString(e.Name)
	case *IntLit:
		b.WriteString(strconv.FormatInt(e.Value, 10))
	case *FloatLit:
		s := strconv.FormatFloat(e.Value, 'g', -1, 64)
		if !strings.ContainsAny(s, ".eIN") {
			s += ".0"
		}
		b.WriteString(s)
	case *BoolLit:
		b.WriteString(strings.ToUpper(strconv.FormatBool(e.Value)))
	case *StrLit:
		b.WriteString(strconv.Quote(e.Value))
	case *Arg:
		b.WriteString("$" + e.Name)
	case *Unary:
		group(b, e.Op.String(), e.X)
	case *Binary:
		group(b, e.Op.String(), e.X, e.Y)
	case *Paren:
		group(b, "paren", e.X)
	case *Vector:
		group(b, "vector", e.Elems...)
	case *Call:
		sexprCall(b, e)
	case *Index:
		sexprIndex(b, e)
	default:
		fmt.Fprintf(b, "(unknown expression %T)", e)
	}
}

func group(b *strings.Builder, head string, xs ...Expr) {
	b.WriteString("(" + head)
	for _, x := range xs {
		b.WriteByte(' ')
		sexpr(b, x)
	}
	b.WriteByte(')')
}

func sexprCall(b *strings.Builder, e *Call) {
	b.WriteString("(call ")
	if e.NS != "" {
		b.WriteString(e.NS + "::")
	}
	b.WriteString(e.Name)
	for _, a := range e.Args {
		b.WriteByte(' ')
		if a.Name != "" {
			b.WriteString(a.Name + "=")
		}
		sexpr(b, a.Value)
	}
	b.WriteByte(')')
}

func sexprIndex(b *strings.Builder, e *Index) {
	b.WriteString("(index " + e.X.Name)
	for _, r := range e.Dims {
		b.WriteByte(' ')
		if r.All() {
			b.WriteByte('_')
			continue
		}
		sexpr(b, r.Lo)
		if r.Hi != nil {
			b.WriteByte(':')
			sexpr(b, r.Hi)
		}
	}
	b.WriteByte(')')
}
