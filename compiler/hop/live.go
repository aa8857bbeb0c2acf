package hop

import (
	"maps"

	"gdml/lang/op"
)

// vars is a set of variables.
type vars map[string]bool

// Live finds for every block which variables are needed after it and sets LiveOut.
// keep names the variables of the main program that must survive it.
func Live(p *Program, keep []string) {
	out := vars{}
	for _, v := range keep {
		out[v] = true
	}
	liveBlocks(p.Main.Body, out)
	for _, f := range p.Funcs {
		out := vars{}
		for _, r := range f.Results {
			out[r.Name] = true
		}
		liveBlocks(f.Body, out)
	}
}

// liveBlocks sets LiveOut of a sequence of blocks whose variables out are needed after
// it, and returns those needed before it. It does not keep or change out.
func liveBlocks(blocks []*Block, out vars) vars {
	live := maps.Clone(out)
	for i := len(blocks) - 1; i >= 0; i-- {
		b := blocks[i]
		b.LiveOut = maps.Clone(live)
		switch b.Kind {
		case Basic:
			liveDAG(b.DAG, live)
		case If:
			other := liveBlocks(b.Else, live)
			live = liveBlocks(b.Then, live)
			maps.Copy(live, other)
			liveDAG(b.Cond, live)
		default:
			live = liveLoop(b, live)
		}
	}
	return live
}

// liveLoop returns what is needed before loop b when out is needed after it. What the
// next iteration or the predicate reads is needed at the end of the body.
func liveLoop(b *Block, out vars) vars {
	head := maps.Clone(out)
	if b.Kind == While {
		liveDAG(b.Cond, head)
	}
	for _, r := range b.Results { // the merge compares with the value from before the loop
		head[r.Var] = true
	}
	for n := -1; n != len(head); {
		n = len(head)
		for v := range liveBlocks(b.Then, head) {
			if b.Kind == While || v != b.Var {
				head[v] = true
			}
		}
	}
	for _, d := range []*DAG{b.From, b.To, b.Incr, b.Par} {
		if d != nil {
			liveDAG(d, head)
		}
	}
	return head
}

// liveDAG turns the variables needed after d into those needed before it.
func liveDAG(d *DAG, live vars) {
	for _, r := range d.Roots {
		if r.Var != "" {
			delete(live, r.Var)
		}
	}
	for _, n := range d.Nodes() {
		switch {
		case n.Op == op.Read:
			live[string(n.Aux.(Var))] = true
		case n.Op == op.Call && n.Opcode() == Exists:
			for _, in := range n.In {
				if c, ok := in.Aux.(Const); ok {
					if name, ok := c.V.(string); ok {
						live[name] = true
					}
				}
			}
		}
	}
}

// Exists is the name of the builtin that asks for a variable by its name: a use that is not a Read.
const Exists = "exists"

// Prune removes assignments to variables that nothing needs afterwards, as often as one
// makes others dead, and sets LiveOut as Live does. Effects stay. It returns how many it removed.
func Prune(p *Program, keep []string) int {
	total := 0
	for {
		Live(p, keep)
		n := 0
		for _, f := range p.All() {
			Walk(f.Body, func(b *Block) {
				if b.Kind == Basic {
					n += b.prune()
				}
			})
		}
		if n == 0 {
			return total
		}
		total += n
	}
}

func (b *Block) prune() int {
	kept := make([]Root, 0, len(b.DAG.Roots))
	for _, r := range b.DAG.Roots {
		if r.Effect || b.LiveOut[r.Var] {
			kept = append(kept, r)
		}
	}
	n := len(b.DAG.Roots) - len(kept)
	if n > 0 {
		b.DAG = &DAG{B: b.DAG.B, Roots: kept}
	}
	return n
}
