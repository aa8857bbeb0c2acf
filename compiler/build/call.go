package build

import (
	"gdml/builtins"
	"gdml/compiler/hop"
	"gdml/lang/ast"
	"gdml/lang/check"
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
)

// call returns the node of a call and the types of its results. The value of a call node with
// several results is taken by result.
func (g *graph) call(c *ast.Call) (*hop.Node, []types.Type) {
	t := g.info.Calls[c]
	switch {
	case t == nil:
		g.broken(c.FnPos, "call of "+c.Name+" was not resolved")
	case t.Func != nil:
		return g.functionCall(c, t), t.Results
	default:
		if row, ok := g.table.Lookup(t.Name); ok {
			return g.builtinCall(c.FnPos, row, t), t.Results
		}
		g.broken(c.FnPos, "builtin "+t.Name+" is not in the table")
	}
	return g.b.Lit(false, c.FnPos), []types.Type{types.Any}
}

func (g *graph) functionCall(c *ast.Call, t *check.Target) *hop.Node {
	f := &hop.FuncCall{Key: t.Func.Key, Func: t.Func.Name, Has: make([]bool, len(t.Args)), Types: t.Results}
	var in []*hop.Node
	spans := make([]source.Span, len(t.Args))
	for i, a := range t.Args {
		if a != nil {
			f.Has[i] = true
			in = append(in, g.expr(a))
			spans[i] = a.Span()
		}
	}
	n := g.node(op.FCall, f, single(t.Results), c.FnPos, spans, in...)
	g.effect(n)
	return n
}

// single is the type of a call node: that of its result if it has one.
func single(results []types.Type) types.Type {
	if len(results) == 1 {
		return results[0]
	}
	return types.Any
}

func (g *graph) builtinCall(at source.Span, row *builtins.Func, t *check.Target) *hop.Node {
	in := make([]*hop.Node, len(t.Args)) // nil where no argument was passed
	ts := make([]types.Type, len(t.Args))
	has := make([]bool, len(t.Args))
	spans := make([]source.Span, len(t.Args))
	for i, a := range t.Args {
		if a == nil {
			continue
		}
		if i < len(row.Params) && row.Params[i].Func && g.info.Refs[a] == nil {
			g.anyName = true
		}
		in[i], ts[i], has[i], spans[i] = g.expr(a), g.typeOf(a), true, a.Span()
	}
	if row.Lower != nil {
		if l, ok := row.Lower(ts, has); ok {
			return g.lowered(at, l, single(t.Results), in, spans)
		}
	}
	var args []*hop.Node
	for _, n := range in {
		if n != nil {
			args = append(args, n)
		}
	}
	var b *builtins.Bound
	if row.Binding == types.Collect {
		b = g.form(row, nil, t.Names, t.Results)
	} else {
		b = g.form(row, has, nil, t.Results)
	}
	b.Stale = row.Probe != nil && g.mayFollowWrite(at)
	n := g.node(op.Call, b, single(t.Results), at, spans, args...)
	if !row.Pure || len(t.Results) == 0 {
		g.effect(n)
	}
	return n
}

// lowered makes the operator that a call becomes.
func (g *graph) lowered(at source.Span, l builtins.Lowering, t types.Type, args []*hop.Node, written []source.Span) *hop.Node {
	in := make([]*hop.Node, len(l.Args))
	spans := make([]source.Span, len(l.Args))
	for i, a := range l.Args {
		if a.Arg >= 0 && a.Arg < len(args) && args[a.Arg] != nil {
			in[i], spans[i] = args[a.Arg], written[a.Arg]
		} else {
			in[i] = g.b.Lit(a.Lit, at)
		}
	}
	aux := l.Aux
	if r, ok := aux.(op.Random); ok {
		aux = g.site(r, in[len(in)-1])
	}
	return g.node(l.Op, aux, t, at, spans, in...)
}

// site keeps a random call apart from all others unless its seed makes it repeatable.
func (g *graph) site(r op.Random, seed *hop.Node) op.Random {
	if c, ok := seed.Aux.(hop.Const); ok {
		if v, ok := op.Const(c.V).ConstInt(); ok && v != -1 {
			return r
		}
	}
	g.sites++
	r.Site = g.sites
	return r
}

// vector is an expression list, which the builtins that take one see as a list.
func (g *graph) vector(e *ast.Vector) *hop.Node {
	row, ok := g.table.Lookup("list")
	if !ok {
		g.broken(e.Span(), "there is no builtin list to make an expression list")
		return g.b.Lit(false, e.Span())
	}
	return g.builtinCall(e.Span(), row, &check.Target{
		Builtin: &row.Signature, Name: "list", Args: e.Elems, Names: make([]string, len(e.Elems)), Results: []types.Type{types.ListT},
	})
}
