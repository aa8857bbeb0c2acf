package rewrite

import (
	"gdml/compiler/hop"
	"gdml/lang/op"
)

// branchRule is the name of the one rewrite on blocks.
const branchRule = "RemoveBranch"

// removeBranches replaces every branch whose predicate is constant by the body it chooses.
func removeBranches(p *hop.Program) Trace {
	var t Trace
	p.Main.Body = t.blocks(p.Main.Body)
	for _, f := range p.Functions() {
		f.Body = t.blocks(f.Body)
	}
	return t
}

func (t *Trace) blocks(in []*hop.Block) []*hop.Block {
	var out []*hop.Block
	for _, b := range in {
		b.Then, b.Else = t.blocks(b.Then), t.blocks(b.Else)
		if b.Kind == hop.If {
			if v, ok := decided(b.Cond); ok {
				*t = append(*t, Firing{branchRule, b.Span})
				if v {
					out = append(out, b.Then...)
				} else {
					out = append(out, b.Else...)
				}
				continue
			}
		}
		out = append(out, b)
	}
	return out
}

// decided returns the truth of a predicate that is a literal. A predicate that is
// wrong at run time (a string that is no truth value is FALSE) keeps its meaning.
func decided(d *hop.DAG) (truth, ok bool) {
	if len(d.Roots) != 1 || d.Roots[0].Node.Op != op.Lit {
		return false, false
	}
	switch v := d.Roots[0].Node.Aux.(hop.Const).V.(type) {
	case bool:
		return v, true
	case int64:
		return v != 0, true
	case float64:
		return v != 0, true
	}
	return false, false
}
