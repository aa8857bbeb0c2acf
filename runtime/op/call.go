package op

import (
	"fmt"

	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

const stringElem = types.String

// Call calls a builtin that has no operator of its own. In holds one slot per
// parameter, NoSlot for a missing one, or the arguments as written with their names.
type Call struct {
	exec.Meta
	F     exec.Builtin
	Names []string
	Param []string
}

// Exec runs the instruction.
func (i *Call) Exec(m *exec.Machine) error {
	args := &exec.Args{M: m, Name: i.Opcode, Names: i.Names, Param: i.Param, Vals: make([]value.Value, len(i.In))}
	for k, s := range i.In {
		if s == exec.NoSlot {
			continue
		}
		v := m.Value(s)
		if v == nil {
			return m.Missing(s)
		}
		args.Vals[k] = v
	}
	out, err := i.F(args)
	if err != nil {
		return err
	}
	return store(m, i.Opcode, i.Out, out)
}

// FCall calls a DML function. In holds one slot per parameter, NoSlot for a missing one.
type FCall struct {
	exec.Meta
	Func *exec.Function
}

// Exec runs the instruction. An argument that dies with the call is handed over,
// so that the function may overwrite it.
func (i *FCall) Exec(m *exec.Machine) error {
	args := make([]value.Value, len(i.In))
	for k, s := range i.In {
		if s == exec.NoSlot {
			continue
		}
		v := m.Value(s)
		if v == nil {
			for _, v := range args[:k] {
				if v != nil {
					value.Release(v)
				}
			}
			return m.Missing(s)
		}
		args[k] = value.Retain(v)
	}
	m.Unpin()
	for _, s := range i.Kill {
		m.Release(s)
	}
	out, err := m.Invoke(i.Func, args)
	if err != nil {
		return err
	}
	return store(m, i.Func.Name, i.Out, out)
}

// store puts the results of a call into slots; those that nobody wants are released.
func store(m *exec.Machine, name string, slots []exec.Slot, vals []value.Value) error {
	if len(vals) < len(slots) {
		for _, v := range vals {
			value.Release(v)
		}
		return fmt.Errorf("%s gives %d results, not %d", name, len(vals), len(slots))
	}
	for k, v := range vals {
		if k < len(slots) && slots[k] != exec.NoSlot {
			m.Set(slots[k], v)
		} else {
			value.Release(v)
		}
	}
	return nil
}

// Copy makes Dst another name of X's value.
type Copy struct {
	exec.Meta
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *Copy) Exec(m *exec.Machine) error {
	if m.Unset(i.X) {
		return m.Missing(i.X)
	}
	m.Copy(i.Dst, i.X)
	return nil
}

// Move empties slot X into Dst.
type Move struct {
	exec.Meta
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *Move) Exec(m *exec.Machine) error {
	if m.Unset(i.X) {
		return m.Missing(i.X)
	}
	m.Move(i.Dst, i.X)
	return nil
}

// Release does nothing itself: its Kill list is what it is for.
type Release struct {
	exec.Meta
}

// Exec runs the instruction.
func (i *Release) Exec(*exec.Machine) error { return nil }
