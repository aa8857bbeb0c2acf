package emit

import (
	"fmt"
	"maps"
	"slices"

	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/runtime/exec"
	rop "gdml/runtime/op"
)

// never and always are times outside a graph's schedule.
const (
	never = -1
	end   = 1 << 30
)

// step is one entry of a graph's schedule: a node to compute, or an assignment.
type step struct {
	node *hop.Node
	root int // index of the assigning root, or -1
}

// value is a computed result: a node, or result k of a call.
type result struct {
	node *hop.Node
	k    int
}

// graph emits one DAG.
type graph struct {
	*emitter
	dag  *hop.DAG
	live map[string]bool // variables needed afterwards; nil: all
	out  []exec.Instruction

	steps    []step
	made     map[*hop.Node]int // time a node is computed
	lastUse  map[result]int    // time a result is used last
	lastRead map[string]int    // time a variable's old value is used last
	written  map[string]bool   // variables with a root
	direct   map[result]string // variable whose slot a result goes to
	byRoot   map[int]bool      // roots that are direct
	slot     map[result]exec.Slot
	late     []int // roots whose assignment waits until the end
}

func newGraph(e *emitter, d *hop.DAG, live map[string]bool) *graph {
	g := &graph{
		emitter: e, dag: d, live: live,
		made: map[*hop.Node]int{}, lastUse: map[result]int{}, lastRead: map[string]int{},
		written: map[string]bool{}, direct: map[result]string{}, byRoot: map[int]bool{},
		slot: map[result]exec.Slot{},
	}
	g.schedule()
	g.place()
	return g
}

// resultOf returns the result a node stands for.
func resultOf(n *hop.Node) result {
	if n.Op == op.Out {
		return result{n.In[0], int(n.Aux.(op.Result))}
	}
	return result{n, 0}
}

// isLeaf reports whether n needs no instruction.
func isLeaf(n *hop.Node) bool { return n.Op == op.Read || n.Op == op.Lit || n.Op == op.Out }

// schedule lists the steps in order and notes the last use of everything. An
// assignment to a variable that is not needed afterwards is left out.
func (g *graph) schedule() {
	seen := map[*hop.Node]bool{}
	for i, r := range g.dag.Roots {
		if r.Var != "" && g.live != nil && !g.live[r.Var] && !g.o.Naive {
			continue
		}
		g.visit(r.Node, seen)
		last := r.Var == "" && !r.Effect
		switch {
		case r.Var != "":
			g.written[r.Var] = true
			g.use(r.Node, len(g.steps))
			g.steps = append(g.steps, step{root: i})
		case last:
			g.use(r.Node, end)
		}
	}
}

func (g *graph) visit(n *hop.Node, seen map[*hop.Node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	for _, in := range n.In {
		g.visit(in, seen)
	}
	if isLeaf(n) {
		return
	}
	t := len(g.steps)
	g.made[n] = t
	g.steps = append(g.steps, step{n, -1})
	for _, in := range n.In {
		g.use(in, t)
	}
}

// use notes that n's value is needed at time t.
func (g *graph) use(n *hop.Node, t int) {
	if v, ok := n.Aux.(hop.Var); ok {
		if was, ok := g.lastRead[string(v)]; !ok || was < t {
			g.lastRead[string(v)] = t
		}
		return
	}
	r := resultOf(n)
	if was, ok := g.lastUse[r]; !ok || was < t {
		g.lastUse[r] = t
	}
}

// readUntil returns the last time a variable's old value is needed.
func (g *graph) readUntil(v string) int {
	if t, ok := g.lastRead[v]; ok {
		return t
	}
	return never
}

// place decides which results go directly into a variable's slot and which
// assignments wait until the end, because the old value is still read.
func (g *graph) place() {
	for again := true; again; { // a late assignment reads its source at the end
		again = false
		for t, s := range g.steps {
			if s.root < 0 {
				continue
			}
			r := g.dag.Roots[s.root]
			src, isVar := r.Node.Aux.(hop.Var)
			if !isVar || string(src) == r.Var || g.readUntil(r.Var) <= t || g.readUntil(string(src)) == end {
				continue
			}
			g.lastRead[string(src)] = end
			again = true
		}
	}
	for t, s := range g.steps {
		if s.root < 0 {
			continue
		}
		r := g.dag.Roots[s.root]
		from := resultOf(r.Node)
		if at, computed := g.made[from.node]; computed && !g.o.Naive && g.direct[from] == "" && g.readUntil(r.Var) <= at {
			g.direct[from] = r.Var
			g.byRoot[s.root] = true
			continue
		}
		if g.readUntil(r.Var) > t {
			g.late = append(g.late, s.root)
			g.use(r.Node, end)
		}
	}
}

// emit appends the instructions of all steps.
func (g *graph) emit() error {
	for t, s := range g.steps {
		if s.root < 0 {
			if err := g.compute(s.node, t); err != nil {
				return err
			}
			continue
		}
		if g.byRoot[s.root] || slices.Contains(g.late, s.root) {
			continue
		}
		if err := g.assign(g.dag.Roots[s.root], t); err != nil {
			return err
		}
	}
	return g.assignLate()
}

// slotOf returns the operand for a node.
func (g *graph) slotOf(n *hop.Node) (exec.Slot, error) {
	switch a := n.Aux.(type) {
	case hop.Var:
		return g.slots.variable(string(a)), nil
	case hop.Const:
		return g.slots.constant(a.V), nil
	}
	s, ok := g.slot[resultOf(n)]
	if !ok {
		return 0, fmt.Errorf("node %d %s is used before it is computed", n.ID, n.Opcode())
	}
	return s, nil
}

// compute emits the instruction of a node at time t.
func (g *graph) compute(n *hop.Node, t int) error {
	meta := exec.Meta{Opcode: n.Opcode(), At: n.Span, In: make([]exec.Slot, len(n.In))}
	for i, in := range n.In {
		s, err := g.slotOf(in)
		if err != nil {
			return err
		}
		meta.In[i] = s
		if in.Op == op.Read {
			meta.Reads = append(meta.Reads, exec.Read{Slot: s, At: in.Span})
		}
	}
	kill := g.dying(n.In, t)
	results, call := 1, false
	if c, ok := n.Aux.(hop.Callee); ok {
		results, call = len(c.Results()), true
	}
	for k := range results {
		r := result{n, k}
		_, used := g.lastUse[r]
		switch v, direct := g.direct[r]; {
		case direct:
			g.slot[r] = g.slots.variable(v)
		case used || !call:
			g.slot[r] = g.slots.temp()
			if !used {
				kill = append(kill, g.slot[r])
			}
		default:
			g.slot[r] = exec.NoSlot
		}
		meta.Out = append(meta.Out, g.slot[r])
	}
	ins, err := g.instruction(n, meta)
	if err != nil {
		return err
	}
	g.add(ins, slices.DeleteFunc(kill, func(s exec.Slot) bool { return slices.Contains(meta.Out, s) && !g.slots.isTemp(s) }))
	return nil
}

// add appends an instruction after which the slots in kill are dead.
func (g *graph) add(ins exec.Instruction, kill []exec.Slot) {
	g.out = append(g.out, ins)
	if len(kill) == 0 {
		return
	}
	if g.o.Naive {
		g.out = append(g.out, &rop.Release{Meta: exec.Meta{Opcode: "release", At: ins.Info().At, Kill: kill}})
	} else {
		ins.Info().Kill = kill
	}
	for _, s := range kill {
		if g.slots.isTemp(s) {
			g.slots.free(s)
		}
	}
}

// dying returns the slots of the operands whose last use is at time t.
func (g *graph) dying(in []*hop.Node, t int) []exec.Slot {
	var out []exec.Slot
	for _, n := range in {
		var s exec.Slot
		switch a := n.Aux.(type) {
		case hop.Const:
			continue
		case hop.Var:
			if !g.varDies(string(a), t) {
				continue
			}
			s = g.slots.variable(string(a))
		default:
			r := resultOf(n)
			if g.lastUse[r] != t || g.direct[r] != "" {
				continue
			}
			s = g.slot[r]
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// varDies reports whether the value a variable has at the start of the graph is
// used for the last time at t, and not needed afterwards either.
func (g *graph) varDies(v string, t int) bool {
	if g.live == nil || g.readUntil(v) != t {
		return false
	}
	if g.written[v] {
		return !g.o.Hold
	}
	return !g.live[v]
}

// assign emits a root whose value is not in the variable's slot yet.
func (g *graph) assign(r hop.Root, t int) error {
	if v, ok := r.Node.Aux.(hop.Var); ok && string(v) == r.Var {
		return nil
	}
	from, err := g.slotOf(r.Node)
	if err != nil {
		return err
	}
	at := r.At
	if !at.IsValid() {
		at = r.Node.Span
	}
	if len(g.dying([]*hop.Node{r.Node}, t)) > 0 {
		g.move(g.slots.variable(r.Var), from, at)
	} else {
		g.copy(g.slots.variable(r.Var), from, at)
	}
	if r.Node.Op == op.Read {
		g.out[len(g.out)-1].Info().Reads = []exec.Read{{Slot: from, At: r.Node.Span}}
	}
	return nil
}

func (g *graph) move(to, from exec.Slot, at source.Span) {
	g.out = append(g.out, &rop.Move{Meta: g.meta("mvvar", to, from, at), X: from, Dst: to})
	if g.slots.isTemp(from) {
		g.slots.free(from)
	}
}

func (g *graph) copy(to, from exec.Slot, at source.Span) {
	g.out = append(g.out, &rop.Copy{Meta: g.meta("cpvar", to, from, at), X: from, Dst: to})
}

func (g *graph) meta(opcode string, to, from exec.Slot, at source.Span) exec.Meta {
	return exec.Meta{Opcode: opcode, At: at, In: []exec.Slot{from}, Out: []exec.Slot{to}}
}

// assignLate emits the assignments that had to wait, as if all happened at once: a
// variable that is also a source is saved first.
func (g *graph) assignLate() error {
	type pair struct {
		to, from exec.Slot
		at       source.Span
	}
	var todo []pair
	for _, i := range g.late {
		r := g.dag.Roots[i]
		from, err := g.slotOf(r.Node)
		if err != nil {
			return err
		}
		todo = append(todo, pair{g.slots.variable(r.Var), from, r.Node.Span})
	}
	for len(todo) > 0 {
		reads := func(s exec.Slot) int {
			n := 0
			for _, p := range todo {
				if p.from == s {
					n++
				}
			}
			return n
		}
		i := slices.IndexFunc(todo, func(p pair) bool { return reads(p.to) == 0 })
		if i < 0 { // only cycles are left: save one variable in a temporary
			was, t := todo[0].to, g.slots.temp()
			g.move(t, was, todo[0].at)
			for k := range todo {
				if todo[k].from == was {
					todo[k].from = t
				}
			}
			continue
		}
		p := todo[i]
		todo = slices.Delete(todo, i, i+1)
		if g.slots.isTemp(p.from) && reads(p.from) == 0 {
			g.move(p.to, p.from, p.at)
		} else {
			g.copy(p.to, p.from, p.at)
		}
	}
	g.releaseLate()
	return nil
}

// releaseLate releases the variables that only late assignments still read.
func (g *graph) releaseLate() {
	var dead []exec.Slot
	for _, v := range slices.Sorted(maps.Keys(g.lastRead)) {
		if g.live != nil && g.lastRead[v] == end && !g.written[v] && !g.live[v] {
			dead = append(dead, g.slots.variable(v))
		}
	}
	if len(dead) > 0 {
		g.out = append(g.out, &rop.Release{Meta: exec.Meta{Opcode: "release", Kill: dead}})
	}
}
