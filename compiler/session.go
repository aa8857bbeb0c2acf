package compiler

import (
	"context"
	"maps"
	"slices"

	"gdml/compiler/build"
	"gdml/lang/check"
	"gdml/lang/diag"
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/pool"
	"gdml/runtime/value"
)

// sessionBytes is how much released memory a session keeps for its next inputs.
const sessionBytes = 1 << 30

// Session runs a program that is entered piece by piece: variables, functions and
// sourced namespaces of one input are there for the next. It belongs to one goroutine.
type Session struct {
	opt  Options
	set  *source.Set
	pool *pool.Pool
	vars map[string]value.Value
	runs int64 // inputs run so far
}

// NewSession returns a session without variables. o.Level, Args, LibDirs, Dir and Disable hold for every input.
func NewSession(o Options) *Session {
	o.REPL, o.Vars, o.Funcs, o.Aliases = true, nil, nil, nil
	return &Session{opt: o, set: source.NewSet(), pool: pool.New(sessionBytes), vars: map[string]value.Value{}}
}

// Eval compiles and runs one input. It returns the value of the last bare expression,
// nil if there was none, as a new reference. An input that does not compile changes
// nothing; when a statement fails at run time those before it keep their effect. name
// stands for the input in messages.
func (s *Session) Eval(ctx context.Context, name, text string, o exec.Options) (value.Value, diag.List, error) {
	opt := s.opt
	opt.Vars = map[string]Var{}
	for n, v := range s.vars {
		opt.Vars[n] = Var{Type: value.TypeOf(v), Shape: shapeOf(v)}
	}
	r, ds := compileInto(ctx, s.set, Source{Name: name, Text: text}, opt)
	if ds.HasErrors() {
		return nil, ds, nil
	}
	if o.Pool == nil {
		o.Pool = s.pool
	}
	o.Seed ^= s.runs << 32 // a function that draws gives other numbers in the next input
	s.runs++
	m := exec.New(r.Program, o)
	defer m.Close()
	for n, v := range s.vars {
		m.SetVar(n, value.Retain(v))
	}
	err := m.Run(ctx)
	for n := range r.Program.Main.Vars {
		if v := m.Var(n); v != nil && n != build.LastValue {
			s.Set(n, value.Retain(v))
		}
	}
	s.opt.Funcs, s.opt.Aliases = r.Info.Main.Funcs, r.Info.Main.Aliases
	if err != nil {
		return nil, ds, err
	}
	return value.Retain(m.Var(build.LastValue)), ds, nil
}

// Set sets a variable, taking over the reference.
func (s *Session) Set(name string, v value.Value) {
	if old := s.vars[name]; old != nil {
		value.Release(old)
	}
	s.vars[name] = v
}

// Remove forgets a variable and reports whether there was one.
func (s *Session) Remove(name string) bool {
	v, ok := s.vars[name]
	if ok {
		value.Release(v)
		delete(s.vars, name)
	}
	return ok
}

// Vars lists the names of the variables in alphabetical order.
func (s *Session) Vars() []string { return slices.Sorted(maps.Keys(s.vars)) }

// Value returns a variable, nil if there is none. It is lent until the next change.
func (s *Session) Value(name string) value.Value { return s.vars[name] }

// Funcs returns the functions defined so far, by name.
func (s *Session) Funcs() map[string]*check.Func { return maps.Clone(s.opt.Funcs) }

// Sources returns the texts of all inputs and of what they sourced, for messages.
func (s *Session) Sources() *source.Set { return s.set }

// Close releases all variables.
func (s *Session) Close() {
	for _, n := range s.Vars() {
		s.Remove(n)
	}
}

// shapeOf returns what the compiler may assume of an existing variable. Scalars are
// not taken for constants: one compiled input may not depend on their value.
func shapeOf(v value.Value) op.Shape {
	switch v := v.(type) {
	case *matrix.Matrix:
		return op.Dims(int64(v.Rows()), int64(v.Cols()))
	case *frame.Frame:
		return op.Dims(int64(v.Rows()), int64(v.Cols()))
	case *value.List:
		return op.Dims(int64(v.Len()), 1)
	}
	if value.TypeOf(v).Data == types.Scalar {
		return op.ScalarShape
	}
	return op.NoShape
}
