package op

import (
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/pool"
	"gdml/runtime/value"
)

// bench is a machine with a frame of named slots for one instruction.
func bench(slots int, vals ...value.Value) *exec.Machine {
	f := &exec.Function{Slots: slots, Vars: map[string]exec.Slot{}, Names: make([]string, slots)}
	m := exec.New(&exec.Program{Main: f}, exec.Options{Pool: pool.New(1 << 20)})
	for s, v := range vals {
		if v != nil {
			m.Set(exec.Slot(s), v)
		}
	}
	return m
}

// exec1 runs one instruction over the values in the first slots and returns the value of the last slot.
func exec1(in exec.Instruction, slots int, vals ...value.Value) (value.Value, error) {
	m := bench(slots, vals...)
	if err := runOn(m, in); err != nil {
		return nil, err
	}
	return m.Value(exec.Slot(slots - 1)), nil
}

// runOn runs an instruction the way the machine does, with its kill list.
func runOn(m *exec.Machine, in exec.Instruction) error {
	if err := in.Exec(m); err != nil {
		return err
	}
	for _, s := range in.Info().Kill {
		m.Release(s)
	}
	return nil
}

func rows(r ...[]float64) *matrix.Matrix { return matrix.FromRows(r) }
