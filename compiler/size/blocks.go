package size

import (
	"maps"

	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/types"
)

// settle bounds the rounds through a loop. A state can only lose knowledge, and rarely
// needs more than three; beyond the bound whatever still changes is taken as unknown.
const settle = 8

// blocks walks bs, changing st from the state before them to the state after them.
func (w *walk) blocks(bs []*hop.Block, st state) {
	for _, b := range bs {
		switch b.Kind {
		case hop.Basic:
			w.basic(b.DAG, st)
		case hop.If:
			w.branch(b, st)
		default:
			w.loop(b, st)
		}
	}
}

func (w *walk) basic(d *hop.DAG, st state) {
	s := w.dag(d, st)
	for _, r := range d.Roots {
		if r.Var != "" {
			st[r.Var] = variable{s[r.Node], r.At}
		}
	}
}

// value walks a predicate or bound and returns the shape of its value.
func (w *walk) value(d *hop.DAG, st state) op.Shape {
	s := w.dag(d, st)
	return s[d.Value()]
}

// inner walks blocks that may not be executed.
func (w *walk) inner(bs []*hop.Block, st state, reached bool) {
	was := w.reached
	w.depth++
	w.reached = was && reached
	w.blocks(bs, st)
	w.depth--
	w.reached = was
}

func (w *walk) branch(b *hop.Block, st state) {
	takes, decided := truth(w.value(b.Cond, st).Val)
	other := st.clone()
	w.inner(b.Then, st, !decided || takes)
	w.inner(b.Else, other, !decided || !takes)
	if decided && w.depth == 0 && (takes && stops(b.Then) || !takes && stops(b.Else)) {
		w.stopped = true
	}
	switch {
	case !decided:
		st.join(other)
	case !takes:
		clear(st)
		for name, v := range other {
			st[name] = v
		}
	}
}

// stops reports whether blocks that are executed end the script by stop.
func stops(bs []*hop.Block) bool {
	for _, b := range bs {
		if b.Kind != hop.Basic {
			continue
		}
		for _, r := range b.DAG.Roots {
			if c, ok := r.Node.Aux.(hop.Callee); ok && r.Node.Op == op.Call && c.Name() == "stop" {
				return true
			}
		}
	}
	return false
}

// truth returns what a constant predicate decides.
func truth(v any) (takes, decided bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case int64:
		return v != 0, true
	case float64:
		return v != 0, true
	}
	return false, false
}

func (w *walk) loop(b *hop.Block, st state) {
	for _, d := range []*hop.DAG{b.From, b.To, b.Incr, b.Par} {
		if d != nil {
			w.value(d, st)
		}
	}
	head := w.stable(b, st)
	if b.Kind == hop.While {
		w.value(b.Cond, head)
	}
	end := head.clone()
	w.inner(b.Then, end, true)
	if certain(b) {
		maps.Copy(st, end)
		return
	}
	if b.Kind == hop.ParFor {
		merge(st, end)
	}
	st.join(end)
}

// certain reports whether the body of b runs at least once: a range of integers without
// an increment goes up or down and is never empty.
func certain(b *hop.Block) bool {
	isInt := func(d *hop.DAG) bool { return d.Value().Type.Elem == types.Int }
	return b.Kind == hop.For && b.Incr == nil && isInt(b.From) && isInt(b.To)
}

// stable returns the state at the start of every iteration of b, when st is the state before the loop.
func (w *walk) stable(b *hop.Block, st state) state {
	try := &walk{analysis: w.analysis}
	head := st.clone()
	for round := 0; ; round++ {
		if b.Kind != hop.While {
			head[b.Var] = variable{shape: op.ScalarShape}
		}
		next := head.clone()
		if b.Kind == hop.While {
			try.value(b.Cond, next)
		}
		try.blocks(b.Then, next)
		if b.Kind != hop.While {
			next[b.Var] = variable{shape: op.ScalarShape}
		}
		next.join(head)
		if next.equal(head) {
			return head
		}
		if round >= settle {
			next.widen(head)
		}
		head = next
	}
}

// merge turns the state at the end of a parfor body into what is true after the
// workers' results were put together: cells of several workers meet in one matrix, and
// scalars of the body are not those of its last iteration.
func merge(before, end state) {
	for name, v := range end {
		if w, ok := before[name]; ok && v.shape.Equal(w.shape) && v.at == w.at {
			continue
		}
		v.shape.NNZ, v.shape.Val = op.Unknown, nil
		if v.shape.Rows == 0 && v.shape.Cols == 0 {
			v.shape = op.NoShape // a scalar, or a matrix without cells that looks like one now
		}
		end[name] = v
	}
}
