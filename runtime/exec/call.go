package exec

import (
	"fmt"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// maxDepth is how many calls of DML functions may be open at once.
const maxDepth = 20_000

// Call calls a function from Go code, for example from a builtin that was given a
// function. args are lent and stand in parameter order, nil for a missing one. The
// results are new references.
func (m *Machine) Call(fn *Function, args []value.Value) (out []value.Value, err error) {
	own := make([]value.Value, len(args))
	for i, v := range args {
		own[i] = value.Retain(v)
	}
	was, depth, from, pinned := m.activation(), len(m.stack), m.pins.from, len(m.pins.list)
	defer func() {
		if p := m.stack[:depth]; len(m.stack) != depth { // a panic left frames behind
			m.stack = p
			m.resume(was)
			m.pins.from = from
			m.unpin(pinned)
		}
	}()
	defer m.guard(&err)
	return m.Invoke(fn, own)
}

// activation is what a call saves.
type activation struct {
	fn    *Function
	frame []register
	ins   Instruction
}

func (m *Machine) activation() activation { return activation{m.fn, m.frame, m.ins} }

func (m *Machine) resume(a activation) { m.fn, m.frame, m.ins = a.fn, a.frame, a.ins }

// Invoke is Call for instructions: it takes over the references of args, so that
// the callee may update in place what nobody else holds.
func (m *Machine) Invoke(fn *Function, args []value.Value) ([]value.Value, error) {
	if len(m.stack) >= maxDepth {
		releaseAll(args)
		return nil, Failf(diag.RunTime, "does the recursion end?", "more than %d calls are open at once", maxDepth)
	}
	caller := m.activation()
	m.stack = append(m.stack, Call{fn.Name, m.At()})
	m.enter(fn)
	out, err := m.activate(fn, args)
	m.leave()
	m.resume(caller)
	m.stack = m.stack[:len(m.stack)-1]
	return out, err
}

// activate binds the arguments, runs the body and collects the results.
func (m *Machine) activate(fn *Function, args []value.Value) ([]value.Value, error) {
	if err := m.bind(fn, args); err != nil {
		return nil, err
	}
	if err := m.blocks(fn.Body); err != nil {
		return nil, err
	}
	return m.results(fn)
}

// bind stores the arguments in the callee's frame, converted to the declared
// types, and then evaluates the defaults of the missing ones.
func (m *Machine) bind(fn *Function, args []value.Value) error {
	if len(args) > len(fn.Params) {
		releaseAll(args)
		return fmt.Errorf("%s takes %d arguments, not %d", fn.Name, len(fn.Params), len(args))
	}
	for i, v := range args {
		if v == nil {
			continue
		}
		c, err := convert(v, fn.Params[i].Type)
		if err != nil {
			releaseAll(args[i:])
			return fmt.Errorf("argument %s of %s: %w", fn.Params[i].Name, fn.Name, err)
		}
		m.Set(fn.Params[i].Slot, c)
	}
	for i := range fn.Params {
		p := &fn.Params[i]
		if i < len(args) && args[i] != nil {
			continue
		}
		if p.Default == nil {
			return fmt.Errorf("argument %s of %s is missing", p.Name, fn.Name)
		}
		v, err := m.eval(p.Default)
		if err != nil {
			return err
		}
		c, err := convert(value.Retain(v), p.Type)
		if err != nil {
			return m.fail(p.Default.At, fmt.Errorf("default of argument %s of %s: %w", p.Name, fn.Name, err))
		}
		m.release(p.Default.Kill)
		m.Set(p.Slot, c)
	}
	return nil
}

// results takes the results out of the frame.
func (m *Machine) results(fn *Function) ([]value.Value, error) {
	out := make([]value.Value, len(fn.Results))
	for i, r := range fn.Results {
		v := m.Take(r.Slot)
		if v == nil {
			releaseAll(out)
			return nil, Failf(diag.Unset, "", "function %s did not set its result %s", fn.Name, r.Name)
		}
		if fn.Cast && r.Type.Data == types.Scalar && r.Type.Elem != types.String {
			c, err := convert(v, r.Type)
			if err != nil {
				releaseAll(append(out, v))
				return nil, fmt.Errorf("result %s of %s: %w", r.Name, fn.Name, err)
			}
			v = c
		}
		out[i] = v
	}
	return out, nil
}

// convert turns an argument into the declared type (language reference §9.3):
// scalars convert to each other, data types do not. It keeps v's reference.
func convert(v value.Value, t types.Type) (value.Value, error) {
	have := value.TypeOf(v)
	if t.Data == types.Unknown {
		return v, nil
	}
	if have.Data != t.Data {
		e := &Error{Code: diag.TypeMismatch, Msg: fmt.Sprintf("a %v is wanted here, not %s", t.Data, describe(v))}
		if x, ok := v.(*matrix.Matrix); ok && x.Cells() == 1 && t.Data == types.Scalar {
			e.Hint = "use as.scalar(...) to take the value of a 1x1 matrix"
		}
		if have.Data == types.Scalar && t.Data == types.Matrix {
			e.Hint = "use as.matrix(...) to make a 1x1 matrix"
		}
		return nil, e
	}
	if t.Data == types.Scalar && t.Elem != types.AnyElem && have.Elem != t.Elem {
		return value.Convert(v, t.Elem)
	}
	return v, nil
}

// describe names a value for messages.
func describe(v value.Value) string {
	switch v := v.(type) {
	case *matrix.Matrix:
		return fmt.Sprintf("a %v matrix", v)
	case *frame.Frame:
		return fmt.Sprintf("a %v", v)
	case *value.List:
		return fmt.Sprintf("a list of %d", v.Len())
	case *value.Tensor:
		return fmt.Sprintf("a %v", v)
	}
	return "a " + value.TypeOf(v).String()
}

func releaseAll(vs []value.Value) {
	for _, v := range vs {
		if v != nil {
			value.Release(v)
		}
	}
}
