package exec

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"gdml/lang/diag"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/pool"
	"gdml/runtime/value"
)

// arenaBytes is how much a pool of the machine's own keeps of released buffers.
const arenaBytes = 1 << 30

// New returns a machine that is about to run the main program of p.
func New(p *Program, o Options) *Machine {
	if o.Pool == nil {
		o.Pool = pool.Make(pool.Options{Keep: arenaBytes})
	}
	m := &Machine{
		prog:   p,
		shared: &shared{opt: o},
		ctx:    context.Background(),
		halt:   new(atomic.Bool),
		mat:    matrix.Ctx{Par: o.Workers, Mem: o.Pool.Arena(), Form: o.Form},
		pool:   o.Pool,
		pins:   pins{on: o.Pool.Limited()},
		seeds:  newSeeds(o),
	}
	m.enter(p.Main)
	return m
}

// Run executes the main program until it ends, fails or ctx is done. The variables
// that the compiler was told to keep can be read with Var afterwards; Close
// releases them. The error is nil or an *Error.
func (m *Machine) Run(ctx context.Context) (err error) {
	if ctx.Err() != nil {
		return m.interruptedBy(ctx)
	}
	m.ctx = ctx
	m.haltBy(new(atomic.Bool))
	stop := context.AfterFunc(ctx, haltOn(m.halt))
	defer stop()
	defer m.guard(&err)
	return m.blocks(m.prog.Main.Body)
}

func (m *Machine) interruptedBy(ctx context.Context) error {
	m.ctx = ctx
	return m.interrupted(m.At())
}

// haltBy makes b stop the machine's instructions and the loops within them.
func (m *Machine) haltBy(b *atomic.Bool) {
	m.halt = b
	m.mat.Par = m.mat.Par.Stoppable(b)
}

func haltOn(b *atomic.Bool) func() { return func() { b.Store(true) } }

// Close releases every variable. The machine must not be used afterwards.
func (m *Machine) Close() {
	m.unpin(0)
	m.clear()
}

// clear empties the frame.
func (m *Machine) clear() {
	for s := range m.frame {
		m.Release(Slot(s))
	}
}

// Var returns a variable of the function being executed by its name, nil when it is not set. It is lent.
func (m *Machine) Var(name string) value.Value {
	if s, ok := m.fn.Vars[name]; ok {
		m.pin([]Slot{s})
		return m.frame[s].value()
	}
	return nil
}

// SetVar sets a variable before Run, taking over the reference. It reports false,
// and releases v, when the program does not mention the variable.
func (m *Machine) SetVar(name string, v value.Value) bool {
	s, ok := m.fn.Vars[name]
	if !ok {
		value.Release(v)
		return false
	}
	m.Set(s, v)
	return true
}

// Fork returns a machine for another goroutine: same program, output and context,
// no variables, thread budget w and random streams of its own, which depend on
// this machine's master seed and on stream only.
func (m *Machine) Fork(w *par.Workers, stream uint64) *Machine {
	f := *m
	f.mat.Par = w.Stoppable(m.halt)
	f.seeds = m.seeds.fork(stream)
	f.stack = append([]Call(nil), m.stack...)
	f.pins = pins{on: m.pins.on}
	f.inner = 0
	f.frame, f.spare = make([]register, m.fn.Slots), nil
	return &f
}

// ForkContext is Fork with a context of its own. The caller must call release when
// the machine is no longer used.
func (m *Machine) ForkContext(ctx context.Context, w *par.Workers, stream uint64) (f *Machine, release func()) {
	f = m.Fork(w, stream)
	f.ctx = ctx
	f.haltBy(new(atomic.Bool))
	f.halt.Store(ctx.Err() != nil)
	stop := context.AfterFunc(ctx, haltOn(f.halt))
	return f, func() { stop() }
}

// enter makes fn the executed function with an empty frame.
func (m *Machine) enter(fn *Function) {
	m.fn = fn
	if n := len(m.spare); n > 0 {
		was := m.spare[n-1]
		m.spare = m.spare[:n-1]
		if cap(was) >= fn.Slots {
			m.frame = was[:fn.Slots]
			return
		}
	}
	m.frame = make([]register, fn.Slots)
}

// leave clears the frame, which another call will use.
func (m *Machine) leave() {
	m.clear()
	m.spare = append(m.spare, m.frame)
	m.frame = nil
}

// blocks runs a list of blocks.
func (m *Machine) blocks(bs []Block) error {
	for _, b := range bs {
		if err := b.Run(m); err != nil {
			return err
		}
	}
	return nil
}

// exec runs instructions one after another.
func (m *Machine) exec(list []Instruction) error {
	if m.pins.on || m.shared.opt.Stats != nil {
		return m.execWatched(list)
	}
	halt := m.halt
	for _, in := range list {
		if halt.Load() {
			return m.interrupted(in.Info().At)
		}
		m.ins = in
		if err := in.Exec(m); err != nil {
			return m.failed(in.Info(), err)
		}
		for _, s := range in.Info().Kill {
			m.Release(s)
		}
	}
	return nil
}

// execWatched is exec with times noted and operands pinned, as far as that is wanted.
func (m *Machine) execWatched(list []Instruction) error {
	outer, from := m.pins.from, len(m.pins.list)
	m.pins.from = from
	defer func() { m.pins.from = outer }()
	for _, in := range list {
		if m.halt.Load() {
			return m.interrupted(in.Info().At)
		}
		m.ins = in
		meta := in.Info()
		m.pin(meta.In)
		var err error
		if m.shared.opt.Stats == nil {
			err = in.Exec(m)
		} else {
			err = m.timed(in)
		}
		m.unpin(from)
		if err != nil {
			return m.failed(meta, err)
		}
		for _, s := range meta.Kill {
			m.Release(s)
		}
	}
	return nil
}

// timed is Exec with its time noted.
func (m *Machine) timed(in Instruction) error {
	outer := m.inner
	m.inner = 0
	start := time.Now()
	err := in.Exec(m)
	d := time.Since(start)
	m.shared.opt.Stats.add(in.Info(), d, d-m.inner)
	m.inner = outer + d
	return err
}

// release empties slots.
func (m *Machine) release(slots []Slot) {
	for _, s := range slots {
		m.Release(s)
	}
}

// eval runs a predicate's instructions and returns its value, which is lent until done is called.
func (m *Machine) eval(p *Pred) (value.Value, error) {
	if err := m.exec(p.Instrs); err != nil {
		return nil, err
	}
	return m.result(p)
}

// result returns the value of a predicate whose instructions were run.
func (m *Machine) result(p *Pred) (value.Value, error) {
	v := m.Value(p.Out)
	if v == nil {
		return nil, m.fail(p.At, m.unset(p.Out))
	}
	return v, nil
}

// truth evaluates a condition: a boolean as it is, a number by being non-zero, a string by being TRUE or true.
func (m *Machine) truth(p *Pred) (bool, error) {
	if err := m.exec(p.Instrs); err != nil {
		return false, err
	}
	if n := m.Number(p.Out); n.Kind != NotNumber {
		m.release(p.Kill)
		return n.True(), nil
	}
	v, err := m.result(p)
	if err != nil {
		return false, err
	}
	text, ok := v.(string)
	if !ok {
		err = m.fail(p.At, notScalar("a condition", v))
	}
	m.release(p.Kill)
	return text == "TRUE" || text == "true", err
}

// notScalar is the error for a value that stands where a scalar is needed.
func notScalar(where string, v value.Value) error {
	e := &Error{Code: diag.TypeMismatch, Msg: fmt.Sprintf("%s must be a scalar, not a %s", where, value.TypeOf(v))}
	if x, ok := v.(*matrix.Matrix); ok {
		e.Msg = fmt.Sprintf("%s must be a scalar, not a %v matrix", where, x)
		if x.Cells() == 1 {
			e.Hint = "use as.scalar(...) to take the value of a 1x1 matrix"
		}
	}
	return e
}
