package emit

import (
	"fmt"
	"maps"
	"slices"

	"gdml/compiler/hop"
	"gdml/runtime/exec"
)

// Options configures emission.
type Options struct {
	Naive bool            // no reuse of slots and operands (-O0)
	Hold  bool            // a variable keeps its value until its assignment is complete (REPL)
	Cast  map[string]bool // keys of the functions whose scalar results are converted to the declared types
	Vars  []string        // variables of the main program that get a slot even if it does not mention them
}

// Program emits the main program and all functions of p. Package hop's Live must
// have run. The error tells of a node that has no instruction, a defect of the compiler.
func Program(p *hop.Program, o Options) (*exec.Program, error) {
	out := &exec.Program{Funcs: map[string]*exec.Function{}, Sources: p.Sources}
	for key := range p.Funcs {
		out.Funcs[key] = &exec.Function{} // calls need the address, also of what comes later
	}
	for _, f := range p.All() {
		e := &emitter{o: o, funcs: out.Funcs, slots: newSlots(o.Naive)}
		target := out.Funcs[f.Key]
		if f == p.Main {
			target = &exec.Function{}
			out.Main = target
			for _, v := range o.Vars {
				e.slots.variable(v)
			}
		}
		target.Home = out
		if err := e.function(f, target); err != nil {
			return nil, fmt.Errorf("function %s: %w", f.Name, err)
		}
	}
	return out, nil
}

// emitter emits one function.
type emitter struct {
	o     Options
	funcs map[string]*exec.Function
	slots *slots
}

func (e *emitter) function(f *hop.Func, out *exec.Function) error {
	out.Key, out.Name, out.At, out.Cast = f.Key, f.Name, f.Span, e.o.Cast[f.Key]
	for _, p := range f.Params {
		e.slots.variable(p.Name)
	}
	for _, p := range f.Params {
		q := exec.Param{Name: p.Name, Type: p.Type, Slot: e.slots.variable(p.Name)}
		if p.Default != nil {
			d, err := e.pred(p.Default)
			if err != nil {
				return err
			}
			q.Default = &d
		}
		out.Params = append(out.Params, q)
	}
	for _, r := range f.Results {
		out.Results = append(out.Results, exec.Result{Name: r.Name, Type: r.Type, Slot: e.slots.variable(r.Name)})
	}
	body, err := e.blocks(f.Body)
	if err != nil {
		return err
	}
	out.Body = body
	out.Slots, out.Consts = len(e.slots.names), e.slots.consts
	out.Vars, out.Names = e.slots.vars, e.slots.names
	return nil
}

func (e *emitter) blocks(bs []*hop.Block) ([]exec.Block, error) {
	out := make([]exec.Block, 0, len(bs))
	for _, b := range bs {
		x, err := e.block(b)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func (e *emitter) block(b *hop.Block) (exec.Block, error) {
	switch b.Kind {
	case hop.Basic:
		d := newGraph(e, b.DAG, b.LiveOut)
		if err := d.emit(); err != nil {
			return nil, err
		}
		return &exec.Basic{Instrs: d.out}, nil
	case hop.If:
		return e.branch(b)
	case hop.While:
		cond, err := e.pred(b.Cond)
		if err != nil {
			return nil, err
		}
		body, err := e.blocks(b.Then)
		return &exec.While{Cond: cond, Body: body, Drop: e.dead(b)}, err
	}
	loop, err := e.loop(b)
	if err != nil || b.Kind == hop.For {
		return &loop, err
	}
	return e.parfor(b, loop)
}

func (e *emitter) branch(b *hop.Block) (exec.Block, error) {
	cond, err := e.pred(b.Cond)
	if err != nil {
		return nil, err
	}
	yes, err := e.blocks(b.Then)
	if err != nil {
		return nil, err
	}
	no, err := e.blocks(b.Else)
	return &exec.If{Cond: cond, Then: yes, Else: no, Drop: e.dead(b)}, err
}

func (e *emitter) loop(b *hop.Block) (exec.For, error) {
	f := exec.For{Var: e.slots.variable(b.Var), At: b.Span, Incr: exec.Pred{Out: exec.NoSlot, At: b.Span}}
	for _, x := range []struct {
		d *hop.DAG
		p *exec.Pred
	}{{b.From, &f.From}, {b.To, &f.To}, {b.Incr, &f.Incr}} {
		if x.d == nil {
			continue
		}
		p, err := e.pred(x.d)
		if err != nil {
			return f, err
		}
		*x.p = p
	}
	body, err := e.blocks(b.Then)
	f.Body, f.Drop = body, e.dead(b)
	return f, err
}

func (e *emitter) parfor(b *hop.Block, loop exec.For) (exec.Block, error) {
	p := &exec.ParFor{For: loop, Par: exec.Pred{Out: exec.NoSlot, At: b.Span}, Log: b.Log}
	if b.Par != nil {
		par, err := e.pred(b.Par)
		if err != nil {
			return nil, err
		}
		p.Par = par
	}
	result := map[string]bool{b.Var: true}
	for _, g := range b.Results {
		result[g.Var] = true
		p.Results = append(p.Results, exec.Merge{Slot: e.slots.variable(g.Var), Accumulate: g.Accumulate, Disjoint: g.Disjoint})
	}
	for _, v := range mentioned(b.Then, false) {
		if !result[v] && (b.LiveOut == nil || b.LiveOut[v]) {
			p.Private = append(p.Private, e.slots.variable(v))
		}
	}
	return p, nil
}

// dead lists the slots of the variables that b mentions and nothing needs after it.
func (e *emitter) dead(b *hop.Block) []exec.Slot {
	if b.LiveOut == nil {
		return nil
	}
	var out []exec.Slot
	for _, v := range mentioned([]*hop.Block{b}, true) {
		if !b.LiveOut[v] {
			out = append(out, e.slots.variable(v))
		}
	}
	return out
}

// mentioned returns the variables that blocks assign, and with reads also those they read, sorted.
func mentioned(bs []*hop.Block, reads bool) []string {
	found := map[string]bool{}
	hop.Walk(bs, func(b *hop.Block) {
		if b.Var != "" {
			found[b.Var] = true
		}
		for _, d := range b.DAGs() {
			for _, r := range (*d).Roots {
				if r.Var != "" {
					found[r.Var] = true
				}
			}
			if reads {
				for _, n := range (*d).Nodes() {
					if v, ok := n.Aux.(hop.Var); ok {
						found[string(v)] = true
					}
				}
			}
		}
	})
	return slices.Sorted(maps.Keys(found))
}

// pred emits a predicate, bound or default. It kills no variables: a loop evaluates it again.
func (e *emitter) pred(d *hop.DAG) (exec.Pred, error) {
	g := newGraph(e, d, nil)
	value := d.Value()
	if err := g.emit(); err != nil {
		return exec.Pred{}, err
	}
	p := exec.Pred{Instrs: g.out, At: value.Span}
	var err error
	if p.Out, err = g.slotOf(value); err != nil {
		return p, err
	}
	if e.slots.isTemp(p.Out) {
		p.Kill = []exec.Slot{p.Out}
		e.slots.free(p.Out)
	}
	return p, nil
}
