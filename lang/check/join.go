package check

import (
	"maps"
	"slices"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/types"
)

// join merges the variables after the two branches of an if. A branch that ends in
// stop() does not take part. Where the branches leave different value types, that of
// the first one counts; different data types are an error (language reference §14.2).
func (c *checker) join(start, then, other *env) *env {
	switch {
	case then.dead && other.dead:
		out := c.union(start, then, other)
		out.dead = true
		return out
	case then.dead:
		return c.union(start, other, then)
	case other.dead:
		return c.union(start, then, other)
	}
	out := newEnv()
	for _, name := range sortedVars(then, other) {
		t, inThen := then.vars[name]
		o, inOther := other.vars[name]
		switch {
		case inThen && inOther:
			out.vars[name] = c.merge(name, start, t, o)
		case inThen:
			t.maybe, t.val = true, nil
			out.vars[name] = t
		default:
			o.maybe, o.val = true, nil
			out.vars[name] = o
		}
	}
	return out
}

// union is the state after an if of which only one branch goes on. Variables of the other
// one count as assigned, since they are in the text, but only where the first has none.
func (c *checker) union(start, live, dead *env) *env {
	out := live.clone()
	for name, v := range dead.vars {
		if _, ok := out.vars[name]; !ok {
			if _, ok := start.vars[name]; !ok {
				v.maybe, v.val = true, nil
			}
			out.vars[name] = v
		}
	}
	return out
}

// merge joins the values that a variable has after two branches.
func (c *checker) merge(name string, start *env, t, o variable) variable {
	out := t
	out.maybe = t.maybe || o.maybe
	if t.val != o.val || t.val == nil {
		out.val = nil
	}
	if !t.def.IsValid() || t.def == start.vars[name].def {
		out.def = o.def // the place of a change is more telling than that of the old value
	}
	if t.typ.Data == o.typ.Data {
		return out
	}
	out.typ = types.Any
	if t.typ.Data != types.Unknown && o.typ.Data != types.Unknown {
		c.typeChange(name, start, t, o)
	}
	return out
}

// typeChange reports a variable whose data type depends on the path taken.
func (c *checker) typeChange(name string, start *env, a, b variable) {
	at, first := b, a
	if old, ok := start.vars[name]; ok && old.def == b.def {
		at, first = a, b
	}
	c.reportChange(name, first, at)
}

func (c *checker) reportChange(name string, first, at variable) {
	d := diag.Diagnostic{
		Code: diag.TypeChange, Span: at.def,
		Msg:  name + " is " + article(kind(first.typ)) + " on one path and " + article(kind(at.typ)) + " on another",
		Hint: "use another name for one of them, or convert: " + convertTo(first.typ),
	}
	if c.cond > 0 {
		d.Severity = diag.Warning
	}
	if first.def.IsValid() {
		d.Notes = append(d.Notes, diag.Note{Span: first.def, Msg: article(kind(first.typ)) + " here"})
	}
	c.report(d)
}

func convertTo(t types.Type) string {
	switch t.Data {
	case types.Matrix:
		return "as.matrix(...)"
	case types.Frame:
		return "as.frame(...)"
	case types.List:
		return "list(...)"
	case types.Tensor:
		return "tensor(...)"
	}
	return "as.scalar(...)"
}

// widen merges the types at the end of a loop body into those at its head and reports
// whether any changed. Numbers of different value types meet in double.
func widen(start, end *env) bool {
	changed := false
	for name, v := range start.vars {
		e, ok := end.vars[name]
		if !ok || e.typ == v.typ {
			continue
		}
		t := types.Join(v.typ, e.typ)
		if v.typ.IsNumeric() && e.typ.IsNumeric() {
			t = types.Dbl
		}
		if t != v.typ {
			v.typ = t
			start.vars[name] = v
			changed = true
		}
	}
	return changed
}

// leaveLoop returns the variables after a loop over index: those at the end of its body,
// which counts as run once. A variable from before must have kept its data type.
func (c *checker) leaveLoop(before, end *env, index *ast.Ident) *env {
	end.dead = before.dead
	for _, name := range slices.Sorted(maps.Keys(end.vars)) {
		e, old := end.vars[name], before.vars[name]
		if e.def == old.def {
			continue
		}
		e.val = nil
		_, outer := before.vars[name]
		e.leaked = !outer || old.leaked
		switch {
		case index != nil && name == index.Name:
			e.typ = types.IntT
		case outer && e.typ.Data != old.typ.Data:
			if e.typ.Data != types.Unknown && old.typ.Data != types.Unknown {
				c.reportChange(name, old, e)
			}
			e.typ = types.Any
		}
		end.vars[name] = e
	}
	return end
}

func sortedVars(a, b *env) []string {
	names := slices.Collect(maps.Keys(a.vars))
	for n := range b.vars {
		if _, ok := a.vars[n]; !ok {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names
}
