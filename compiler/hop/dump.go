package hop

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
)

// Dump writes p as text: functions after the main program, blocks in source order,
// the nodes of each DAG numbered in the order in which its roots need them.
// Literals stand where they are used. Equal programs give equal text.
func Dump(w io.Writer, p *Program) error {
	d := &dumper{set: p.Sources}
	for i, f := range p.All() {
		if i > 0 {
			d.buf.WriteByte('\n')
		}
		d.function(p, f)
	}
	_, err := w.Write(d.buf.Bytes())
	return err
}

type dumper struct {
	set *source.Set
	buf bytes.Buffer
}

func (d *dumper) line(depth int, format string, args ...any) {
	d.buf.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&d.buf, format, args...)
	d.buf.WriteByte('\n')
}

func (d *dumper) function(p *Program, f *Func) {
	if f == p.Main {
		d.line(0, "main")
	} else {
		d.line(0, "function %s(%s) -> (%s)%s", f.Key, join(f.Params, func(p Param) string { return p.Name }),
			join(f.Results, func(r Result) string { return r.Name }), d.lines(f.Span))
		for _, prm := range f.Params {
			if prm.Default != nil {
				d.pred(1, "default "+prm.Name, prm.Default)
			}
		}
	}
	d.blocks(1, f.Body)
}

func join[T any](xs []T, f func(T) string) string {
	ss := make([]string, len(xs))
	for i, x := range xs {
		ss[i] = f(x)
	}
	return strings.Join(ss, ", ")
}

// lines renders the lines of a span, as " (lines 3-7)".
func (d *dumper) lines(s source.Span) string {
	a, b := d.set.Position(s.Start), d.set.Position(max(s.Start, s.End-1))
	switch {
	case !s.IsValid() || a.File == nil:
		return ""
	case a.Line == b.Line:
		return fmt.Sprintf(" (line %d)", a.Line)
	}
	return fmt.Sprintf(" (lines %d-%d)", a.Line, b.Line)
}

func (d *dumper) blocks(depth int, bs []*Block) {
	for _, b := range bs {
		d.block(depth, b)
	}
}

func (d *dumper) block(depth int, b *Block) {
	at := d.lines(b.Span)
	switch b.Kind {
	case Basic:
		d.line(depth, "basic%s", at)
		d.dag(depth+1, b.DAG, "")
		return
	case If:
		d.line(depth, "if%s", at)
		d.pred(depth+1, "cond", b.Cond)
		d.line(depth+1, "then")
		d.blocks(depth+2, b.Then)
		if len(b.Else) > 0 {
			d.line(depth+1, "else")
			d.blocks(depth+2, b.Else)
		}
		return
	case While:
		d.line(depth, "while%s", at)
		d.pred(depth+1, "cond", b.Cond)
	case For, ParFor:
		d.line(depth, "%s %s%s", map[Kind]string{For: "for", ParFor: "parfor"}[b.Kind], b.Var, at)
		d.pred(depth+1, "from", b.From)
		d.pred(depth+1, "to", b.To)
		if b.Incr != nil {
			d.pred(depth+1, "by", b.Incr)
		}
		if b.Par != nil {
			d.pred(depth+1, "par", b.Par)
		}
		for _, m := range b.Results {
			d.line(depth+1, "%s %s", map[bool]string{false: "merge", true: "accumulate"}[m.Accumulate], m.Var)
		}
	}
	d.line(depth+1, "do")
	d.blocks(depth+2, b.Then)
}

func (d *dumper) pred(depth int, what string, g *DAG) { d.dag(depth, g, what) }

// dag prints the nodes and roots of g; value labels the last root of a predicate.
func (d *dumper) dag(depth int, g *DAG, value string) {
	t := &table{num: map[*Node]int{}}
	seen := map[*Node]bool{}
	for i, r := range g.Roots {
		for _, n := range reach(nil, seen, r.Node) {
			if n.Op != op.Lit {
				t.node(n, r.Effect && n == r.Node)
			}
		}
		switch {
		case r.Var != "":
			t.rows = append(t.rows, row{text: "write " + r.Var + " " + t.ref(r.Node)})
		case value != "" && i == len(g.Roots)-1:
			t.rows = append(t.rows, row{text: value + " " + t.ref(r.Node)})
		case r.Effect && !strings.HasPrefix(t.rows[len(t.rows)-1].text, "do "+t.ref(r.Node)+" "):
			t.rows = append(t.rows, row{text: "do " + t.ref(r.Node)})
		}
	}
	width, before := t.widths()
	for _, r := range t.rows {
		pad := ""
		if r.dims {
			pad = strings.Repeat(" ", before-strings.IndexByte(r.size, 'x'))
		}
		if r.size == "" {
			d.line(depth, "%s", r.text)
		} else {
			d.line(depth, "%-*s  %s%s", width, r.text, pad, r.size)
		}
		if r.note != "" {
			d.line(depth+1, "# %s", r.note)
		}
	}
}

// table holds the lines of one DAG.
type table struct {
	num  map[*Node]int
	rows []row
}

type row struct {
	text string
	size string // or type
	dims bool   // size is dimensions, to be aligned at their x
	note string // for a line of its own below
}

func (t *table) node(n *Node, effect bool) {
	t.num[n] = len(t.num) + 1
	r := row{text: fmt.Sprintf("%%%d %s", t.num[n], t.text(n)), size: sizeText(n), dims: n.Type.Data == types.Matrix}
	if effect {
		r.text = "do " + r.text
	}
	if c, ok := n.Aux.(Explained); ok {
		shapes, bytes := make([]op.Shape, len(n.In)), make([]int64, len(n.In))
		for i, in := range n.In {
			shapes[i], bytes[i] = in.Shape, denseBytes(in)
		}
		r.note = c.Explain(shapes, bytes)
	}
	t.rows = append(t.rows, r)
}

// denseBytes is what the numbers of a matrix, or of a list that is made where it is used, take when stored densely;
// op.Unknown when that is not known.
func denseBytes(n *Node) int64 {
	switch c, ok := n.Aux.(Callee); {
	case n.Type.Data == types.Matrix && n.Shape.Known():
		return 8 * n.Shape.Rows * n.Shape.Cols
	case n.Type.Data == types.Scalar:
		return 8
	case n.Op == op.Call && ok && c.Name() == "list":
		sum := int64(0)
		for _, in := range n.In {
			b := denseBytes(in)
			if b == op.Unknown {
				return op.Unknown
			}
			sum += b
		}
		return sum
	}
	return op.Unknown
}

func (t *table) text(n *Node) string {
	var b strings.Builder
	b.WriteString(n.Opcode())
	switch a := n.Aux.(type) {
	case Var:
		b.WriteString(" " + string(a))
	case op.Result:
		fmt.Fprintf(&b, " %d", a+1)
	case op.Side:
		b.WriteString([]string{" left", " right"}[a])
	case op.Chain:
		b.WriteString([]string{"", " w", " -y"}[a])
	case op.Random:
		b.WriteString(" " + a.PDF)
	case op.Subscript:
		k := n.Op.Info().MinIn
		for _, in := range n.In[:k] {
			b.WriteString(" " + t.ref(in))
		}
		b.WriteString(" " + t.subscript(a, n.In[k:]))
		return b.String()
	}
	for _, in := range n.In {
		b.WriteString(" " + t.ref(in))
	}
	return b.String()
}

// subscript writes bounds as they are written in DML.
func (t *table) subscript(s op.Subscript, in []*Node) string {
	dim := func(b op.Bounds) string {
		switch b {
		case op.One:
			r := t.ref(in[0])
			in = in[1:]
			return r
		case op.Range:
			r := t.ref(in[0]) + ":" + t.ref(in[1])
			in = in[2:]
			return r
		}
		return ""
	}
	rows := dim(s.Rows)
	if s.OneDim {
		return "[" + rows + "]"
	}
	return "[" + rows + "," + dim(s.Cols) + "]"
}

func (t *table) ref(n *Node) string {
	if n.Op == op.Lit {
		return constText(n.Aux.(Const).V)
	}
	return fmt.Sprintf("%%%d", t.num[n])
}

// widths returns the width of the texts that have a size beside them, and of the rows in sizes.
func (t *table) widths() (text, rows int) {
	for _, r := range t.rows {
		if r.size == "" {
			continue
		}
		text = max(text, len(r.text))
		if r.dims {
			rows = max(rows, strings.IndexByte(r.size, 'x'))
		}
	}
	return text, rows
}

// sizeText is the right column: the size of a matrix, or the type of anything else
// with its constant value.
func sizeText(n *Node) string {
	if n.Type.Data == types.Matrix {
		return n.Shape.String()
	}
	if c, ok := n.Aux.(Callee); ok && len(c.Results()) != 1 {
		return ""
	}
	if n.Shape.Val != nil {
		return n.Type.String() + " " + constText(n.Shape.Val)
	}
	return n.Type.String()
}

// constText writes a constant as a DML literal.
func constText(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v)
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	case float64:
		s := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(s, ".eIN") {
			s += ".0"
		}
		return s
	}
	return fmt.Sprint(v)
}
