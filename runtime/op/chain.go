package op

import (
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Cells computes a chain of cellwise operators over the operands in In.
type Cells struct {
	exec.Meta
	Steps []matrix.CellStep
	Dst   exec.Slot
}

// Exec runs the instruction. Operands that are sparse, of different sizes or of other
// kinds than matrix and number go from one operator to the next.
func (i *Cells) Exec(m *exec.Machine) error {
	var room [2 * matrix.MaxCellSteps]matrix.Operand
	if in, ok := chainOperands(m, i.Steps, i.In, room[:0]); ok {
		into, from := i.spare(m, in)
		if out, ok := matrix.CellChain(m.Mat(), i.Steps, in, into); ok {
			m.Adopt(i.Dst, out, from)
			return nil
		}
	}
	vals, err := appendValues(m, make([]value.Value, 0, len(i.In)+len(i.Steps)), i.In)
	if err != nil {
		return err
	}
	v, err := inTurn(m, i.Steps, vals, len(vals))
	if err != nil {
		return err
	}
	m.Set(i.Dst, v)
	return nil
}

// spare returns an operand that the result may overwrite, and its slot.
func (i *Cells) spare(m *exec.Machine, in []matrix.Operand) (*matrix.Matrix, exec.Slot) {
	for k, s := range i.In {
		if x := in[k].M; x != nil && owns(m, &i.Meta, s, x) {
			return x, s
		}
	}
	return nil, exec.NoSlot
}

// chainOperands appends the operands in slots to in. It reports false when one is neither a
// matrix nor a number, or a step has nothing but numbers.
func chainOperands(m *exec.Machine, steps []matrix.CellStep, slots []exec.Slot, in []matrix.Operand) ([]matrix.Operand, bool) {
	for _, s := range slots {
		o := matrix.Operand{}
		if n := m.Number(s); n.Kind != exec.NotNumber {
			o.S = n.Float()
		} else if x, ok := m.Value(s).(*matrix.Matrix); ok {
			o.M = x
		} else {
			return nil, false
		}
		in = append(in, o)
	}
	for _, s := range steps {
		if numbersOnly(s, in) {
			return nil, false
		}
	}
	return in, true
}

// numbersOnly reports whether all operands of a step are inputs that are numbers.
func numbersOnly(s matrix.CellStep, in []matrix.Operand) bool {
	number := func(k int) bool { return k < len(in) && in[k].M == nil }
	return number(s.A) && (s.F1 != nil || number(s.B))
}

// appendValues appends the values of slots, which are lent, to vals.
func appendValues(m *exec.Machine, vals []value.Value, slots []exec.Slot) ([]value.Value, error) {
	for _, s := range slots {
		v := m.Value(s)
		if v == nil {
			return nil, m.Missing(s)
		}
		vals = append(vals, v)
	}
	return vals, nil
}

// inTurn does one operation of a chain after the other and returns the last result. The values
// from number lent on belong to it: they and the results in between are overwritten or
// released with their last use.
func inTurn(m *exec.Machine, steps []matrix.CellStep, vals []value.Value, lent int) (value.Value, error) {
	for k, s := range steps {
		var reuse matrix.Reuse
		if s.A >= lent && !reads(steps[k+1:], s.A) {
			reuse |= matrix.ReuseA
		}
		if s.F2 != nil && s.B >= lent && s.B != s.A && !reads(steps[k+1:], s.B) {
			reuse |= matrix.ReuseB
		}
		v, err := chainStep(m, s, vals, reuse)
		for _, used := range []struct {
			k   int
			bit matrix.Reuse
		}{{s.A, matrix.ReuseA}, {s.B, matrix.ReuseB}} {
			if reuse&used.bit == 0 {
				continue
			}
			if vals[used.k] != v {
				value.Release(vals[used.k])
			}
			vals[used.k] = nil
		}
		if err != nil {
			releaseAll(vals[lent:])
			return nil, err
		}
		vals = append(vals, v)
	}
	return vals[len(vals)-1], nil
}

// reads reports whether a step has operand k.
func reads(steps []matrix.CellStep, k int) bool {
	for _, s := range steps {
		if s.A == k || s.F2 != nil && s.B == k {
			return true
		}
	}
	return false
}

// chainStep computes one operator. The result may be an operand that may be reused.
func chainStep(m *exec.Machine, s matrix.CellStep, vals []value.Value, reuse matrix.Reuse) (value.Value, error) {
	x, xm := vals[s.A].(*matrix.Matrix)
	if s.F1 != nil {
		if xm {
			return matrix.Unary(m.Mat(), s.F1, x, reuse&matrix.ReuseA != 0), nil
		}
		return Scalar1(s.F1, vals[s.A])
	}
	y, ym := vals[s.B].(*matrix.Matrix)
	if !xm || !ym || x == y {
		return Apply2(m, s.F2, vals[s.A], vals[s.B])
	}
	out, err := matrix.Binary(m.Mat(), s.F2, x, y, reuse)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func releaseAll(vals []value.Value) {
	for _, v := range vals {
		if v != nil {
			value.Release(v)
		}
	}
}
