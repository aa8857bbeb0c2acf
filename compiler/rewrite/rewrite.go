package rewrite

import (
	"fmt"

	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
)

// Rule is one rewrite.
type Rule struct {
	Name    string
	Pattern string  // t(t(X)) => X
	Ops     []op.Op // operators of the root
	Level   int     // lowest optimisation level that uses it
	Apply   func(r *Rewriter, n *hop.Node) *hop.Node
}

// Options selects rules.
type Options struct {
	Level   int             // 0 applies nothing
	Disable map[string]bool // rule names to leave out
}

// Firing is one entry of a Trace.
type Firing struct {
	Rule string
	At   source.Span
}

// Trace lists the rules that fired, in order.
type Trace []Firing

// Rules returns all rules in the order they are tried.
func Rules() []Rule {
	var all []Rule
	for _, topic := range [][]Rule{foldRules(), cellRules(), aggRules(), linalgRules(), indexRules()} {
		all = append(all, topic...)
	}
	return all
}

// rounds bounds the passes over one graph. A rule set that needs more does not terminate, which is a bug.
const rounds = 40

// Rewriter is what a rule works with: the builder of the graph and the use counts of its nodes.
type Rewriter struct {
	b     *hop.Builder
	uses  map[*hop.Node]int
	dag   *hop.DAG // as it was when the round began
	users map[*hop.Node][]*hop.Node
	byOp  map[op.Op][]Rule
	trace Trace
}

// Apply runs the algebraic rules over p and returns what fired.
func Apply(p *hop.Program, o Options) Trace {
	trace := Run(p, Rules(), o)
	if o.Level > 0 && !o.Disable[branchRule] {
		trace = append(trace, removeBranches(p)...)
	}
	return trace
}

// Run applies rules to every graph of p until none fires and returns what did.
func Run(p *hop.Program, rules []Rule, o Options) Trace {
	if o.Level <= 0 {
		return nil
	}
	r := &Rewriter{byOp: map[op.Op][]Rule{}}
	for _, rule := range rules {
		if rule.Level > o.Level || o.Disable[rule.Name] {
			continue
		}
		for _, k := range rule.Ops {
			r.byOp[k] = append(r.byOp[k], rule)
		}
	}
	p.EachDAG(r.graph)
	return r.trace
}

// graph rewrites one graph to a fixpoint.
func (r *Rewriter) graph(d *hop.DAG) {
	for i := 0; ; i++ {
		if i == rounds {
			panic(fmt.Sprintf("rewrite: rules do not terminate; last fired %v", r.trace[len(r.trace)-1]))
		}
		r.b, r.uses, r.dag, r.users = d.B, d.Consumers(), d, nil
		before := len(r.trace)
		d.Map(d.B, r.rebuild)
		if len(r.trace) == before {
			return
		}
	}
}

// rebuild makes the node that takes the place of n, whose inputs have become in.
func (r *Rewriter) rebuild(n *hop.Node, in []*hop.Node) *hop.Node {
	for i := range in {
		if in[i] != n.In[i] {
			n = r.copy(n, in)
			break
		}
	}
	for _, rule := range r.byOp[n.Op] {
		if m := rule.Apply(r, n); m != nil && m != n {
			r.trace = append(r.trace, Firing{rule.Name, n.Span})
			r.uses[m] += r.uses[n] // m takes over the consumers of n
			return m
		}
	}
	return n
}

// copy returns n over other inputs. Its consumers are those of n.
func (r *Rewriter) copy(n *hop.Node, in []*hop.Node) *hop.Node {
	c := r.b.Node(n.Op, n.Aux, n.Type, n.Shape, n.Span, in...)
	if _, known := r.uses[c]; !known {
		r.uses[c] = r.uses[n]
	}
	return c
}

// Single reports whether n has one consumer at most, so that replacing it does not compute it twice.
func (r *Rewriter) Single(n *hop.Node) bool { return r.uses[n] <= 1 }

// Uses returns how often n is an input or a root.
func (r *Rewriter) Uses(n *hop.Node) int { return r.uses[n] }

// Users returns the nodes that have n as an input in the graph as it was before this
// round, once for each time. There are fewer than Uses if n is a root or new.
func (r *Rewriter) Users(n *hop.Node) []*hop.Node {
	if r.users == nil {
		r.users = map[*hop.Node][]*hop.Node{}
		for _, u := range r.dag.Nodes() {
			for _, in := range u.In {
				r.users[in] = append(r.users[in], u)
			}
		}
	}
	return r.users[n]
}

// Node returns a node whose shape follows from its inputs.
func (r *Rewriter) Node(o op.Op, aux any, t types.Type, at source.Span, in ...*hop.Node) *hop.Node {
	return hop.Make(r.b, o, aux, t, at, in...)
}

// Lit returns a literal node.
func (r *Rewriter) Lit(v any, at source.Span) *hop.Node { return r.b.Lit(v, at) }

// Helpers that read patterns.

func isMatrix(n *hop.Node) bool { return n.Type.Data == types.Matrix }
func isScalar(n *hop.Node) bool { return n.Type.Data == types.Scalar }

// isNumber reports whether n is a scalar int or double.
func isNumber(n *hop.Node) bool { return n.Type.IsNumeric() }

// constant returns the value of a numeric literal.
func constant(n *hop.Node) (float64, bool) {
	if n.Op != op.Lit {
		return 0, false
	}
	switch v := n.Aux.(hop.Const).V.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// is reports whether n is the numeric literal v.
func is(n *hop.Node, v float64) bool {
	c, ok := constant(n)
	return ok && c == v
}

// sameDims reports whether both shapes are known and equal.
func sameDims(a, b *hop.Node) bool {
	return a.Shape.Known() && a.Shape.Rows == b.Shape.Rows && a.Shape.Cols == b.Shape.Cols
}
