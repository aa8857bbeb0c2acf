package size

import (
	"gdml/compiler/hop"
	"gdml/lang/diag"
	"gdml/lang/op"
	"gdml/lang/types"
)

// Options configures Propagate.
type Options struct {
	// Vars holds the shapes of all variables that exist before the main program starts (sessions, embedding).
	Vars map[string]op.Shape
	// Fold replaces scalars whose value is known by literals.
	Fold bool
}

// Propagate finds the shapes of all values of p and rebuilds its DAGs with them. The
// diagnostics are dimensions that cannot fit.
func Propagate(p *hop.Program, o Options) diag.List {
	a := &analysis{
		p: p, opt: o,
		nodes:   map[*hop.DAG][]*hop.Node{},
		results: map[string][]op.Shape{},
		runs:    map[string]int{},
		active:  map[string]bool{},
		entry:   map[string][]op.Shape{},
		calls:   map[*hop.FuncCall][]op.Shape{},
	}
	st := state{}
	for name, s := range o.Vars {
		st[name] = variable{shape: s}
	}
	w := &walk{analysis: a, final: true, reached: true, main: true}
	w.blocks(p.Main.Body, st)
	order, recursive := a.callers()
	for _, f := range order {
		a.finish(f, recursive[f.Key])
	}
	for c, s := range a.calls {
		c.Shapes = s
	}
	return a.diags
}

// analysis is the state of one call of Propagate.
type analysis struct {
	p     *hop.Program
	opt   Options
	diags diag.List
	nodes map[*hop.DAG][]*hop.Node // DAG.Nodes of each graph, until it is rebuilt

	results map[string][]op.Shape // of functions under given arguments, see call
	runs    map[string]int        // how many argument lists each function was run with
	active  map[string]bool       // functions being run, to notice recursion

	entry map[string][]op.Shape        // join of the arguments of the calls that were finished
	calls map[*hop.FuncCall][]op.Shape // result shapes of finished calls
}

// walk goes through code once. With final set it rebuilds the graphs and records
// what calls pass on; otherwise it only computes the state.
type walk struct {
	*analysis
	final   bool
	main    bool // in the main program
	reached bool // false in a branch that is never taken
	stopped bool // behind a branch that certainly stops the script
	depth   int  // of branches and loops around the current block
}

// shapes computes the shapes of the nodes of d in state st.
func (w *walk) shapes(d *hop.DAG, st state) map[*hop.Node]op.Shape {
	nodes, ok := w.nodes[d]
	if !ok {
		nodes = d.Nodes()
		w.nodes[d] = nodes
	}
	out := make(map[*hop.Node]op.Shape, len(nodes))
	of := func(n *hop.Node) op.Shape { return out[n] }
	for _, n := range nodes {
		switch n.Op {
		case op.Read:
			out[n] = unknown(n.Type)
			if v, ok := st[string(n.Aux.(hop.Var))]; ok {
				out[n] = agree(n.Type, v.shape)
			}
			continue
		case op.FCall:
			args := make([]op.Shape, len(n.In))
			for i, in := range n.In {
				args[i] = out[in]
			}
			w.follow(n.Aux.(*hop.FuncCall), args)
		}
		s, err := hop.Infer(n, of)
		out[n] = s
		if err != nil && w.final && w.main && w.depth == 0 && !w.stopped {
			w.report(n, err, st, out)
		}
	}
	return out
}

// dag walks one graph and returns the shapes of its nodes, those of the rebuilt graph in a final walk.
func (w *walk) dag(d *hop.DAG, st state) map[*hop.Node]op.Shape {
	s := w.shapes(d, st)
	if !w.final {
		return s
	}
	b := hop.NewBuilder(d.B.Unique())
	now := make(map[*hop.Node]op.Shape, len(s))
	d.Map(b, func(n *hop.Node, in []*hop.Node) *hop.Node {
		m := w.rebuilt(b, n, in, s[n])
		now[m] = s[n]
		return m
	})
	delete(w.nodes, d)
	return now
}

func (w *walk) rebuilt(b *hop.Builder, n *hop.Node, in []*hop.Node, s op.Shape) *hop.Node {
	if w.opt.Fold && n.Type.Data == types.Scalar && s.Val != nil && pure(n) {
		return b.Lit(s.Val, n.Span)
	}
	return b.Node(n.Op, n.Aux, n.Type, s, n.Span, in...)
}

// pure reports whether n can be left out when its value is known.
func pure(n *hop.Node) bool {
	if c, ok := n.Aux.(hop.Callee); ok {
		return c.Pure()
	}
	return n.Op.Info().Pure
}
