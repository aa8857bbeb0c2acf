package build

import (
	"math"

	"gdml/compiler/hop"
	"gdml/lang/ast"
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/token"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

// cellwise maps the binary operators of the language to their functions. The words && and ||,
// which the checker refuses, have none.
var cellwise = map[token.Kind]*cell.Binary{
	token.Add: cell.Add, token.Sub: cell.Sub, token.Mul: cell.Mul, token.Div: cell.Div, token.Pow: cell.Pow,
	token.Mod: cell.Mod, token.IntDiv: cell.IntDiv,
	token.Eq: cell.Eq, token.Ne: cell.Ne, token.Lt: cell.Lt, token.Le: cell.Le, token.Gt: cell.Gt, token.Ge: cell.Ge,
	token.And: cell.And, token.Or: cell.Or,
}

// constants are the names that no script can assign.
var constants = map[string]float64{"Inf": math.Inf(1), "NaN": math.NaN(), "pi": math.Pi}

// expr returns the node of an expression.
func (g *graph) expr(e ast.Expr) *hop.Node {
	switch e := e.(type) {
	case *ast.Paren:
		return g.expr(e.X)
	case *ast.Ident:
		if v, ok := constants[e.Name]; ok {
			return g.b.Lit(v, e.Span())
		}
		return g.read(e)
	case *ast.IntLit:
		return g.b.Lit(e.Value, e.Span())
	case *ast.FloatLit:
		return g.b.Lit(e.Value, e.Span())
	case *ast.BoolLit:
		return g.b.Lit(e.Value, e.Span())
	case *ast.StrLit:
		return g.b.Lit(e.Value, e.Span())
	case *ast.Arg:
		return g.argument(e)
	case *ast.Unary:
		return g.unary(e)
	case *ast.Binary:
		return g.binary(e)
	case *ast.Index:
		return g.index(e)
	case *ast.Vector:
		return g.vector(e)
	case *ast.Call:
		n, results := g.call(e)
		return g.result(n, results, 0)
	}
	g.broken(e.Span(), "expression of an unknown form")
	return g.b.Lit(false, e.Span())
}

// argument is the literal that a $ parameter stands for.
func (g *graph) argument(e *ast.Arg) *hop.Node {
	switch v := g.info.Args[e].(type) {
	case int64, float64, bool, string:
		return g.b.Lit(v, e.Span())
	}
	if g.opt.Partial {
		return g.b.Node(op.Read, hop.Var("$"+e.Name), types.Any, unsized(types.Any), e.Span())
	}
	g.broken(e.Span(), "argument $"+e.Name+" has no value")
	return g.b.Lit(false, e.Span())
}

func (g *graph) unary(e *ast.Unary) *hop.Node {
	at := source.Span{Start: e.Span().Start, End: e.Span().Start + 1}
	if e.Op == token.Sub {
		switch l := ast.Unparen(e.X).(type) {
		case *ast.IntLit:
			return g.b.Lit(-l.Value, e.Span())
		case *ast.FloatLit:
			return g.b.Lit(-l.Value, e.Span())
		}
	}
	x, t := g.expr(e.X), g.typeOf(e)
	switch {
	case e.Op == token.Not:
		return g.node(op.Cell1, cell.Not, t, at, []source.Span{e.X.Span()}, x)
	case e.Op == token.Add:
		return x
	case x.Type.Data == types.Matrix: // so that zeros stay +0.0
		return g.node(op.Cell2, cell.Sub, t, at, []source.Span{{}, e.X.Span()}, g.b.Lit(int64(0), at), x)
	}
	return g.node(op.Cell2, cell.Mul, t, at, []source.Span{e.X.Span(), {}}, x, g.b.Lit(int64(-1), at))
}

func (g *graph) binary(e *ast.Binary) *hop.Node {
	x, y := g.expr(e.X), g.expr(e.Y)
	spans := []source.Span{e.X.Span(), e.Y.Span()}
	if e.Op == token.MatMul {
		return g.node(op.MatMul, nil, g.typeOf(e), e.OpPos, spans, x, y)
	}
	f := cellwise[e.Op]
	if f == nil {
		g.broken(e.OpPos, "operator "+e.Op.String()+" has no meaning")
		return x
	}
	return g.node(op.Cell2, f, g.typeOf(e), e.OpPos, spans, x, y)
}

func (g *graph) index(e *ast.Index) *hop.Node {
	x := g.read(e.X)
	sub, bounds, spans := g.subscript(e.Dims)
	return g.part(x, e, e.Span(), sub, bounds, spans)
}

// part returns the part of x that sub addresses, written at span at.
func (g *graph) part(x *hop.Node, e *ast.Index, at source.Span, sub op.Subscript, bounds []*hop.Node, spans []source.Span) *hop.Node {
	if sub.Rows == op.All && sub.Cols == op.All {
		return x
	}
	t := g.typeOf(e)
	if t == types.Any {
		t = x.Type // a target of +=
	}
	spans = append([]source.Span{e.X.Span()}, spans...)
	return g.node(op.Index, sub, t, at, spans, append([]*hop.Node{x}, bounds...)...)
}

// subscript builds the bounds of an index.
func (g *graph) subscript(dims []ast.Range) (sub op.Subscript, in []*hop.Node, spans []source.Span) {
	forms := [2]op.Bounds{}
	for i, d := range dims {
		for _, e := range []ast.Expr{d.Lo, d.Hi} {
			if e == nil {
				continue
			}
			forms[i]++ // one bound is One, two are Range
			in = append(in, g.expr(e))
			spans = append(spans, e.Span())
		}
	}
	return op.Subscript{Rows: forms[0], Cols: forms[1], OneDim: len(dims) == 1}, in, spans
}
