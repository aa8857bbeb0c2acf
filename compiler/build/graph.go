package build

import (
	"fmt"

	"gdml/builtins"
	"gdml/compiler/hop"
	"gdml/lang/ast"
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
)

// graph builds one DAG.
type graph struct {
	*program
	b     *hop.Builder
	vars  map[string]*hop.Node       // current value of each variable read or written so far
	defs  map[string]source.Span     // place of its last assignment in the block
	bound map[string]*builtins.Bound // forms of pure calls
	roots []hop.Root
}

func newGraph(p *program) *graph {
	return &graph{program: p, b: hop.NewBuilder(p.opt.Naive), vars: map[string]*hop.Node{},
		defs: map[string]source.Span{}, bound: map[string]*builtins.Bound{}}
}

func (g *graph) dag() *hop.DAG { return &hop.DAG{B: g.b, Roots: g.roots} }

// write makes n the value of variable v. An earlier assignment in the block is forgotten.
func (g *graph) write(v string, n *hop.Node, at source.Span) {
	g.vars[v], g.defs[v] = n, at
	for i, r := range g.roots {
		if r.Var == v {
			g.roots = append(g.roots[:i], g.roots[i+1:]...)
			break
		}
	}
	g.roots = append(g.roots, hop.Root{Var: v, Node: n, At: at})
}

// effect makes n a root that is executed whether or not its value is used.
func (g *graph) effect(n *hop.Node) {
	g.roots = append(g.roots, hop.Root{Node: n, Effect: true})
}

// read returns the value of a variable.
func (g *graph) read(id *ast.Ident) *hop.Node {
	if at, ok := g.defs[id.Name]; ok {
		g.out.Defs[id.Span()] = at
	}
	if n, ok := g.vars[id.Name]; ok {
		return n
	}
	t := g.typeOf(id)
	n := g.b.Node(op.Read, hop.Var(id.Name), t, unsized(t), id.Span())
	g.vars[id.Name] = n
	return n
}

// node makes an operation written at span at. operands are the spans of its inputs.
func (g *graph) node(o op.Op, aux any, t types.Type, at source.Span, operands []source.Span, in ...*hop.Node) *hop.Node {
	if o.Info().Matrix && t.Data != types.Matrix {
		t = types.Mat
	}
	if at.IsValid() {
		g.out.Operands[at] = operands
	}
	return g.b.Node(o, aux, t, unsized(t), at, in...)
}

// result returns result k of the call node n.
func (g *graph) result(n *hop.Node, results []types.Type, k int) *hop.Node {
	if len(results) <= 1 || n.Op != op.Call && n.Op != op.FCall {
		return n
	}
	return g.b.Node(op.Out, op.Result(k), results[k], unsized(results[k]), n.Span, n)
}

// form returns what a call of row has in Aux. Calls of a pure builtin with the same arguments
// passed share it, so that equal calls are one node.
func (g *graph) form(row *builtins.Func, has []bool, names []string, results []types.Type) *builtins.Bound {
	b := &builtins.Bound{Func: row, Has: has, Names: names, Types: results}
	if !row.Pure || g.opt.Naive {
		return b
	}
	key := fmt.Sprintf("%s %v %q %v", row.Name, has, names, results)
	if old, ok := g.bound[key]; ok {
		return old
	}
	g.bound[key] = b
	return b
}

// unsized is the shape of a value of which only the type is known.
func unsized(t types.Type) op.Shape {
	if t.Data == types.Scalar {
		return op.ScalarShape
	}
	return op.NoShape
}
