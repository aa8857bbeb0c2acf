package hop

import (
	"cmp"
	"slices"
)

// Functions returns the functions in source order, without the main program.
func (p *Program) Functions() []*Func {
	fs := make([]*Func, 0, len(p.Funcs))
	for _, f := range p.Funcs {
		fs = append(fs, f)
	}
	slices.SortFunc(fs, func(a, b *Func) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Key, b.Key))
	})
	return fs
}

// All returns the main program, then the functions in source order.
func (p *Program) All() []*Func { return append([]*Func{p.Main}, p.Functions()...) }

// DAGs returns the addresses of all DAGs of p, so that they can be replaced: those of
// All's functions in order, within a function the defaults of parameters, then the blocks.
func (p *Program) DAGs() []**DAG {
	var out []**DAG
	for _, f := range p.All() {
		for i := range f.Params {
			if f.Params[i].Default != nil {
				out = append(out, &f.Params[i].Default)
			}
		}
		Walk(f.Body, func(b *Block) { out = append(out, b.DAGs()...) })
	}
	return out
}

// Walk calls visit for each block and the blocks inside it, in source order, outer blocks first.
func Walk(blocks []*Block, visit func(*Block)) {
	for _, b := range blocks {
		visit(b)
		Walk(b.Then, visit)
		Walk(b.Else, visit)
	}
}

// DAGs returns the addresses of b's own DAGs: the basic block or the predicates that it has.
func (b *Block) DAGs() []**DAG {
	var out []**DAG
	for _, d := range []**DAG{&b.DAG, &b.Cond, &b.From, &b.To, &b.Incr, &b.Par} {
		if *d != nil {
			out = append(out, d)
		}
	}
	return out
}

// Nodes returns the nodes that the roots need, inputs before users, in the order in
// which roots and inputs first name them.
func (d *DAG) Nodes() []*Node {
	var out []*Node
	seen := map[*Node]bool{}
	for _, r := range d.Roots {
		out = reach(out, seen, r.Node)
	}
	return out
}

func reach(out []*Node, seen map[*Node]bool, n *Node) []*Node {
	if seen[n] {
		return out
	}
	seen[n] = true
	for _, in := range n.In {
		out = reach(out, seen, in)
	}
	return append(out, n)
}

// Consumers counts for each node that the roots need how often it is an input or a
// root. A node that is twice an input of the same user counts twice.
func (d *DAG) Consumers() map[*Node]int {
	uses := map[*Node]int{}
	for _, n := range d.Nodes() {
		for _, in := range n.In {
			uses[in]++
		}
	}
	for _, r := range d.Roots {
		uses[r.Node]++
	}
	return uses
}

// EachDAG calls f for every DAG of p, in the order of DAGs.
func (p *Program) EachDAG(f func(d *DAG)) {
	for _, d := range p.DAGs() {
		f(*d)
	}
}

// Map replaces the nodes of d. f gets each node that the roots need once, inputs
// before users, with its inputs already replaced, and returns the node to put in its
// place: b.Copy(n, in) keeps it. All nodes must come from b, which becomes the builder
// of d: a fresh one, or d.B itself when f may return nodes of the old graph.
func (d *DAG) Map(b *Builder, f func(n *Node, in []*Node) *Node) {
	to := map[*Node]*Node{}
	for _, n := range d.Nodes() {
		in := make([]*Node, len(n.In))
		for i, x := range n.In {
			in[i] = to[x]
		}
		to[n] = f(n, in)
	}
	d.B, d.Roots = b, slices.Clone(d.Roots)
	for i := range d.Roots {
		d.Roots[i].Node = to[d.Roots[i].Node]
	}
}
