package exec

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"gdml/lang/source"
	"gdml/runtime/cell"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/pool"
	"gdml/runtime/value"
)

// Options configures a run.
type Options struct {
	Out      io.Writer    // print goes here; nil discards
	Warn     func(string) // run-time warnings; nil discards
	Progress func(string) // lines about the progress of long operations (paramserv epochs); nil discards
	Workers  *par.Workers // thread budget; nil is one thread
	Pool     *pool.Pool   // memory accounting and buffers; nil gives a fresh one
	Seed     int64        // master seed of every random operation without its own; used when Seeded
	Seeded   bool
	Stats    *Stats              // nil collects nothing
	Training *Training           // for calls of paramserv; nil asks nothing of them
	Form     matrix.Form         // storage of matrices; for tests
	FilePath func(string) string // maps the path of read and write; nil leaves it as it is
}

// shared is what a machine and its forks have in common.
type shared struct {
	opt Options
	mu  sync.Mutex // guards opt.Out, opt.Warn and opt.Progress
}

// Machine runs a program: it holds the frame of the function being executed and
// the stack of calls that led there. It belongs to one goroutine.
type Machine struct {
	prog   *Program
	shared *shared
	ctx    context.Context
	halt   *atomic.Bool // set when ctx is done; read before every instruction
	mat    matrix.Ctx
	pool   *pool.Pool // where slots tell what they hold
	pins   pins
	fn     *Function
	frame  []register
	spare  [][]register // cleared frames of calls that have ended
	seeds  *seeds
	stack  []Call
	ins    Instruction   // being executed, for errors and seeds
	inner  time.Duration // spent in instructions within the current one; statistics only
}

// Call is one entry of the DML call stack.
type Call struct {
	Func string
	At   source.Span // of the call
}

// Value returns the value of operand s, nil when it is not set or s is NoSlot. It is lent.
func (m *Machine) Value(s Slot) value.Value {
	if s >= 0 {
		return m.frame[s].value()
	}
	if s == NoSlot {
		return nil
	}
	return m.fn.Consts[^s]
}

// Set stores v in slot s, taking over the reference, and releases what was there.
func (m *Machine) Set(s Slot, v value.Value) {
	m.Release(s)
	m.frame[s] = register{NumberOf(v), v}
	if x, ok := v.(*matrix.Matrix); ok {
		m.pool.Publish(x)
	}
}

// Take removes the value of slot s from the frame and hands its reference to the caller.
func (m *Machine) Take(s Slot) value.Value {
	v := m.frame[s].value()
	m.frame[s] = register{}
	if x, ok := v.(*matrix.Matrix); ok {
		if m.pins.on { // what leaves the frame must have its cells
			m.pool.Pin(x)
			defer m.pool.Unpin(x)
		}
		m.pool.Retire(x)
	}
	return v
}

// Move empties slot from into slot to; what to held is released.
func (m *Machine) Move(to, from Slot) {
	if to == from {
		return
	}
	m.Release(to)
	m.frame[to] = m.frame[from]
	m.frame[from] = register{}
}

// Copy makes slot to another name of the value of slot from, which must be set.
func (m *Machine) Copy(to, from Slot) {
	if n := m.Number(from); n.Kind != NotNumber {
		m.SetNumber(to, n)
		return
	}
	m.Set(to, value.Retain(m.Value(from)))
}

// Adopt stores the result of an operation that may have overwritten the operand in
// slot from, in which case v is that operand and its slot is emptied. The reference is taken over.
func (m *Machine) Adopt(to Slot, v *matrix.Matrix, from Slot) {
	if from >= 0 && m.frame[from].v == value.Value(v) {
		m.Move(to, from)
		return
	}
	m.Set(to, v)
}

// Release empties slot s.
func (m *Machine) Release(s Slot) {
	r := &m.frame[s]
	if r.num.Kind == NotNumber {
		if r.v == nil {
			return
		}
		m.drop(r.v)
	}
	*r = register{}
}

func (m *Machine) drop(v value.Value) {
	if x, ok := v.(*matrix.Matrix); ok {
		m.pool.Retire(x)
	}
	value.Release(v)
}

// Matrix returns operand s as a matrix. It is lent.
func (m *Machine) Matrix(s Slot) (*matrix.Matrix, error) {
	switch v := m.Value(s).(type) {
	case *matrix.Matrix:
		return v, nil
	case nil:
		return nil, m.unset(s)
	default:
		return nil, fmt.Errorf("a matrix is needed here, not a %s", value.TypeOf(v))
	}
}

// Float returns operand s as a double; booleans count as 0 and 1.
func (m *Machine) Float(s Slot) (float64, error) {
	if n := m.Number(s); n.Kind != NotNumber {
		return n.Float(), nil
	}
	if v := m.Value(s); v != nil {
		return 0, fmt.Errorf("a number is needed here, not a %s", value.TypeOf(v))
	}
	return 0, m.unset(s)
}

// Int returns operand s as an integer, truncated by cell.ToInt.
func (m *Machine) Int(s Slot) (int64, error) {
	if n := m.Number(s); n.Kind == Int {
		return n.Int(), nil
	}
	f, err := m.Float(s)
	return cell.ToInt(f), err
}

// Str returns operand s as a string; it must be one.
func (m *Machine) Str(s Slot) (string, error) {
	switch v := m.Value(s).(type) {
	case string:
		return v, nil
	case nil:
		return "", m.unset(s)
	default:
		return "", fmt.Errorf("a string is needed here, not a %s", value.TypeOf(v))
	}
}

// Unset reports whether operand s has no value.
func (m *Machine) Unset(s Slot) bool {
	if s >= 0 {
		return !m.frame[s].isSet()
	}
	return s == NoSlot
}

// Missing is the error for reading operand s, which has no value.
func (m *Machine) Missing(s Slot) error { return m.unset(s) }

// unset is the error for reading an operand that has no value.
func (m *Machine) unset(s Slot) error {
	if s >= 0 && m.fn.Names[s] != "" {
		return &UnsetError{Var: m.fn.Names[s]}
	}
	return &UnsetError{}
}

// UnsetError reports a variable that the executed path did not set.
type UnsetError struct{ Var string }

func (e *UnsetError) Error() string {
	if e.Var == "" {
		return "a value is missing here"
	}
	return "variable " + e.Var + " is not set on this path"
}

// Mat returns what matrix operations run with.
func (m *Machine) Mat() *matrix.Ctx { return &m.mat }

// Context returns the context that cancels the run.
func (m *Machine) Context() context.Context { return m.ctx }

// Workers returns the thread budget.
func (m *Machine) Workers() *par.Workers { return m.mat.Par }

// Program returns the program being run.
func (m *Machine) Program() *Program { return m.prog }

// Home returns the program that the function being executed was compiled with. It
// differs from Program in library functions that the Resolver found.
func (m *Machine) Home() *Program {
	if m.fn.Home != nil {
		return m.fn.Home
	}
	return m.prog
}

// At returns the span of the instruction being executed.
func (m *Machine) At() source.Span {
	if m.ins == nil {
		return source.Span{}
	}
	return m.ins.Info().At
}

// FilePath maps a path of read or write by the FilePath option.
func (m *Machine) FilePath(path string) string {
	if f := m.shared.opt.FilePath; f != nil {
		return f(path)
	}
	return path
}

// Pool returns the memory accounting of the run.
func (m *Machine) Pool() *pool.Pool { return m.pool }

// Print writes one text to the output; texts of concurrent workers do not mix.
func (m *Machine) Print(s string) error {
	if m.shared.opt.Out == nil {
		return nil
	}
	m.shared.mu.Lock()
	defer m.shared.mu.Unlock()
	_, err := io.WriteString(m.shared.opt.Out, s)
	return err
}

// Warn reports a run-time warning.
func (m *Machine) Warn(format string, args ...any) {
	if w := m.shared.opt.Warn; w != nil {
		m.shared.mu.Lock()
		defer m.shared.mu.Unlock()
		w(fmt.Sprintf(format, args...))
	}
}

// Progress reports a line about a long operation.
func (m *Machine) Progress(format string, args ...any) {
	if p := m.shared.opt.Progress; p != nil {
		m.shared.mu.Lock()
		defer m.shared.mu.Unlock()
		p(fmt.Sprintf(format, args...))
	}
}

// Stats returns where statistics go, nil when none are collected.
func (m *Machine) Stats() *Stats { return m.shared.opt.Stats }
