package build

import (
	"strings"

	"gdml/compiler/hop"
	"gdml/lang/ast"
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/token"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

// stmt adds a straight-line statement to the block.
func (g *graph) stmt(st ast.Stmt) {
	switch st := st.(type) {
	case *ast.Assign:
		if c, ok := st.Value.(*ast.Call); ok && g.void(c) {
			g.call(c)
			return
		}
		g.assign(st.Target, g.expr(st.Value), st.Value.Span(), st.Op == token.AddAssign)
	case *ast.Ifdef:
		e := g.info.Ifdefs[st]
		if e == nil {
			g.broken(st.Span(), "ifdef without a chosen value")
			return
		}
		g.assign(st.Target, g.expr(e), e.Span(), false)
	case *ast.MultiAssign:
		g.multiAssign(st)
	case *ast.CallStmt:
		n, results := g.call(st.Call)
		if g.opt.REPL && len(results) > 0 {
			g.write(LastValue, g.result(n, results, 0), st.Call.FnPos)
		}
	case *ast.ExprStmt:
		g.write(LastValue, g.expr(st.X), st.X.Span())
	default:
		g.broken(st.Span(), "statement that cannot stand in a block")
	}
}

// void reports whether a call has no value to assign: y = print(x) prints and leaves y alone.
func (g *graph) void(c *ast.Call) bool {
	t := g.info.Calls[c]
	return t != nil && len(t.Results) == 0 && (t.Func != nil || t.Builtin != nil && t.Builtin.Statement)
}

// assign gives node n, the value of the expression at span value, to target, or adds it when add is set.
func (g *graph) assign(target ast.Expr, n *hop.Node, value source.Span, add bool) {
	switch t := target.(type) {
	case *ast.Ident:
		if add {
			n = g.plus(g.read(t), n, t.Span(), value)
		}
		g.write(t.Name, n, t.Span())
	case *ast.Index:
		x := g.read(t.X)
		sub, bounds, spans := g.subscript(t.Dims)
		if add {
			n = g.plus(g.part(x, t, t.X.Span(), sub, bounds, spans), n, t.Span(), value)
		}
		ty := x.Type
		if ty.Data == types.Scalar {
			ty = types.Any
		}
		spans = append([]source.Span{t.X.Span(), value}, spans...)
		u := g.node(op.Update, sub, ty, t.Span(), spans, append([]*hop.Node{x, n}, bounds...)...)
		g.write(t.X.Name, u, t.X.Span())
	default:
		g.broken(target.Span(), "assignment to something that is no variable")
	}
}

// plus returns old + n, written target += value.
func (g *graph) plus(old, n *hop.Node, target, value source.Span) *hop.Node {
	at := target
	if f := g.out.Sources.File(target.Start); f != nil {
		if i := strings.Index(f.Slice(source.Span{Start: target.End, End: value.Start}), "+="); i >= 0 {
			i += f.Offset(target.End)
			at = f.Span(i, i+2)
		}
	}
	return g.node(op.Cell2, cell.Add, sumType(old.Type, n.Type), at, []source.Span{target, value}, old, n)
}

// sumType is the static type of a + b (language reference §6.1, §6.2).
func sumType(a, b types.Type) types.Type {
	switch {
	case a.Data == types.Matrix || b.Data == types.Matrix:
		return types.Mat
	case a.Data != types.Scalar || b.Data != types.Scalar:
		return types.Any
	case a.Elem == types.String || b.Elem == types.String:
		return types.Str
	case a.Elem == types.Double || b.Elem == types.Double:
		return types.Dbl
	case a == types.BoolT && b == types.BoolT:
		return types.Dbl
	case a == types.IntT && b == types.IntT:
		return types.IntT
	}
	return types.Scal
}

func (g *graph) multiAssign(st *ast.MultiAssign) {
	n, results := g.call(st.Call)
	for k, target := range st.Targets {
		if k >= len(results) {
			g.broken(target.Span(), "more targets than results")
			return
		}
		g.assign(target, g.result(n, results, k), st.Call.Span(), false)
	}
}
