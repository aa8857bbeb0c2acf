package size

import (
	"fmt"
	"slices"

	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/types"
)

// variants bounds how many different argument lists a function is run with to find
// the results of calls. Beyond it calls are answered for constants unknown, and
// beyond twice as many for unknown arguments.
const variants = 8

// follow finds the shapes of the results of a call and leaves them in c.
func (w *walk) follow(c *hop.FuncCall, args []op.Shape) {
	c.Shapes = w.call(c, args)
	if !w.final {
		return
	}
	w.calls[c] = c.Shapes
	if f := w.p.Funcs[c.Key]; f != nil && w.reached {
		in := arguments(f, c, args)
		if old, ok := w.entry[c.Key]; ok {
			for i := range in {
				in[i] = in[i].Join(old[i])
				if in[i] != absent {
					in[i] = agree(f.Params[i].Type, in[i])
				}
			}
		}
		w.entry[c.Key] = in
	}
}

// absent marks a parameter that a call does not pass. No value has this shape.
var absent = op.Shape{Rows: -2, Cols: -2, NNZ: -2}

// arguments returns one shape for each parameter of f, absent for those not passed.
func arguments(f *hop.Func, c *hop.FuncCall, args []op.Shape) []op.Shape {
	out := make([]op.Shape, len(f.Params))
	k := 0
	for i, p := range f.Params {
		out[i] = absent
		if i < len(c.Has) && c.Has[i] {
			out[i] = converted(p.Type, args[k])
			k++
		}
	}
	return out
}

// call returns the result shapes of a call with these arguments.
func (a *analysis) call(c *hop.FuncCall, args []op.Shape) []op.Shape {
	f := a.p.Funcs[c.Key]
	if f == nil || a.active[c.Key] {
		return nil
	}
	in := arguments(f, c, args)
	switch n := a.runs[c.Key]; {
	case n >= 2*variants:
		for i, p := range f.Params {
			if in[i] != absent {
				in[i] = unknown(p.Type)
			}
		}
	case n >= variants:
		for i := range in {
			in[i].Val = nil
			if in[i] != absent && in[i].Cells() != 0 {
				in[i].NNZ = op.Unknown
			}
		}
	}
	key := fmt.Sprintf("%s %#v", c.Key, in)
	if out, ok := a.results[key]; ok {
		return out
	}
	a.runs[c.Key]++
	a.active[c.Key] = true
	w := &walk{analysis: a}
	st := w.parameters(f, in)
	w.blocks(f.Body, st)
	delete(a.active, c.Key)
	out := make([]op.Shape, len(f.Results))
	for i, r := range f.Results {
		out[i] = unknown(r.Type)
		if v, ok := st[r.Name]; ok {
			out[i] = returned(r.Type, v.shape)
		}
	}
	a.results[key] = out
	return out
}

// returned is the shape of a result declared as t. An int may stay one where a
// double is declared, so only a constant of the declared type is kept.
func returned(t types.Type, s op.Shape) op.Shape {
	c := converted(t, s)
	if c.Val != nil && !op.SameConst(c.Val, s.Val) {
		c.Val = nil
	}
	return c
}

// parameters returns the state in which a body starts.
func (w *walk) parameters(f *hop.Func, in []op.Shape) state {
	st := state{}
	for i, p := range f.Params {
		if in[i] != absent {
			st[p.Name] = variable{shape: in[i]}
		}
	}
	for i, p := range f.Params {
		if in[i] == absent && p.Default != nil {
			st[p.Name] = variable{shape: converted(p.Type, w.value(p.Default, st))}
		}
	}
	return st
}

// finish rebuilds a function for all the calls that were recorded. One that is
// recursive, called by name or never called gets unknown arguments.
func (a *analysis) finish(f *hop.Func, recursive bool) {
	in, called := a.entry[f.Key]
	w := &walk{analysis: a, final: true, reached: called || a.p.Dynamic[f.Key]}
	if !called || recursive || a.p.Dynamic[f.Key] {
		in = make([]op.Shape, len(f.Params))
		for i, p := range f.Params {
			in[i] = unknown(p.Type)
		}
	}
	// Where calls differ in passing a parameter it is unknown already, whatever its default.
	st := state{}
	for i, p := range f.Params {
		if in[i] != absent {
			st[p.Name] = variable{shape: in[i]}
		}
	}
	for i, p := range f.Params {
		if p.Default == nil {
			continue
		}
		s := converted(p.Type, w.value(p.Default, st))
		if in[i] == absent {
			st[p.Name] = variable{shape: s}
		}
	}
	w.blocks(f.Body, st)
}

// callers returns the functions in an order in which callers come before what they call,
// those that the main program does not reach last, and which functions can reach themselves.
func (a *analysis) callers() (order []*hop.Func, recursive map[string]bool) {
	calls := map[string][]string{}
	fs := a.p.Functions()
	for _, f := range a.p.All() {
		calls[f.Key] = a.callees(f)
	}
	seen := map[string]bool{}
	var visit func(key string)
	visit = func(key string) {
		if seen[key] {
			return
		}
		seen[key] = true
		for _, c := range calls[key] {
			visit(c)
		}
		if f := a.p.Funcs[key]; f != nil {
			order = append(order, f)
		}
	}
	for _, f := range slices.Backward(fs) { // reversed at the end
		if !a.p.Dynamic[f.Key] {
			continue
		}
		visit(f.Key)
	}
	for _, c := range calls[a.p.Main.Key] {
		visit(c)
	}
	reached := len(order)
	for _, f := range fs {
		visit(f.Key)
	}
	slices.Reverse(order[:reached])
	slices.Reverse(order[reached:])
	return order, cyclic(calls)
}

// callees lists the keys of the functions that f calls.
func (a *analysis) callees(f *hop.Func) []string {
	var out []string
	add := func(d *hop.DAG) {
		for _, n := range d.Nodes() {
			if c, ok := n.Aux.(*hop.FuncCall); ok && n.Op == op.FCall {
				out = append(out, c.Key)
			}
		}
	}
	for _, p := range f.Params {
		if p.Default != nil {
			add(p.Default)
		}
	}
	hop.Walk(f.Body, func(b *hop.Block) {
		for _, d := range b.DAGs() {
			add(*d)
		}
	})
	return out
}

// cyclic returns the nodes of a graph that can reach themselves.
func cyclic(edges map[string][]string) map[string]bool {
	out := map[string]bool{}
	for start := range edges {
		seen := map[string]bool{}
		todo := slices.Clone(edges[start])
		for len(todo) > 0 && !seen[start] {
			n := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !seen[n] {
				seen[n] = true
				todo = append(todo, edges[n]...)
			}
		}
		out[start] = seen[start]
	}
	return out
}
