package size

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gdml/compiler/hop"
	"gdml/lang/diag"
	"gdml/lang/op"
	"gdml/lang/source"
)

// report adds the diagnostic for a node whose inputs cannot fit.
func (w *walk) report(n *hop.Node, err error, st state, shapes map[*hop.Node]op.Shape) {
	var m *op.Mismatch
	if !errors.As(err, &m) {
		w.diags.Add(diag.Diagnostic{Code: diag.BadValue, Span: n.Span, Msg: err.Error()})
		return
	}
	r := diag.Diagnostic{Code: diag.ShapeMismatch, Span: n.Span, Context: n.Span, Msg: m.Msg}
	if m.Index {
		r.Code = diag.BadIndex
	}
	var sizes, names []string
	var dims []op.Shape
	for _, o := range w.operands(n, m.In) {
		s := shapes[o.node]
		r.Context = cover(r.Context, o.at)
		if s.IsScalar() {
			if o.at.IsValid() {
				r.Span = o.at // the index or dimension at fault
			}
			continue
		}
		name := w.text(o.at)
		if name == "" {
			continue
		}
		sizes = append(sizes, name+" is "+s.String())
		names, dims = append(names, name), append(dims, s)
		note := diag.Note{Span: w.assigned(name, o.at, st), Msg: name + " was last assigned"}
		if note.Span.IsValid() && !slices.Contains(r.Notes, note) {
			r.Notes = append(r.Notes, note)
		}
	}
	if len(sizes) > 0 {
		r.Msg += ": " + strings.Join(sizes, ", ")
	}
	if len(names) == 2 {
		r.Hint = hint(n, names[0], names[1], dims[0], dims[1])
	}
	w.diags.Add(r)
}

// operand is an input as written.
type operand struct {
	node *hop.Node
	at   source.Span
}

// operands returns the inputs of n that a Mismatch names. For a call it names
// parameters, of which only the passed ones are inputs.
func (w *walk) operands(n *hop.Node, which []int) []operand {
	spans := w.p.Operands[n.Span]
	var out []operand
	for _, i := range which {
		var o operand
		if i < len(spans) {
			o.at = spans[i]
		}
		k := i
		if n.Op == op.Call {
			k = 0
			for _, s := range spans[:min(i, len(spans))] {
				if s.IsValid() {
					k++
				}
			}
		}
		if k < len(n.In) {
			o.node = n.In[k]
			out = append(out, o)
		}
	}
	return out
}

// cover returns the smallest span around s and t.
func cover(s, t source.Span) source.Span {
	if !t.IsValid() || !s.IsValid() {
		return s
	}
	return source.Span{Start: min(s.Start, t.Start), End: max(s.End, t.End)}
}

// text returns the source text of an operand on one line, shortened.
func (w *walk) text(at source.Span) string {
	f := w.p.Sources.File(at.Start)
	if f == nil || !at.IsValid() {
		return ""
	}
	const most = 32
	s := []rune(strings.Join(strings.Fields(f.Slice(at)), " "))
	if len(s) > most {
		return fmt.Sprintf("%s...", string(s[:most-3]))
	}
	return string(s)
}

// assigned returns the place where the variable that stands at span use got its value.
func (w *walk) assigned(name string, use source.Span, st state) source.Span {
	if at, ok := w.p.Defs[use]; ok {
		return at
	}
	return st[name].at // invalid for anything but a variable
}
