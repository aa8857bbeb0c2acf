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
	v, err := apart(m, i.Steps, i.In)
	if err != nil {
		return err
	}
	m.Set(i.Dst, v)
	return nil
}

// SumCells computes the sum of the cells of such a chain, or of their squares if Square.
type SumCells struct {
	exec.Meta
	Steps  []matrix.CellStep
	Square bool
	Dst    exec.Slot
}

// Exec runs the instruction. What Cells does one by one is added up at the end.
func (i *SumCells) Exec(m *exec.Machine) error {
	var room [2 * matrix.MaxCellSteps]matrix.Operand
	if in, ok := chainOperands(m, i.Steps, i.In, room[:0]); ok {
		if s, ok := matrix.SumChain(m.Mat(), i.Steps, in, i.Square); ok {
			m.SetFloat(i.Dst, s)
			return nil
		}
	}
	v, err := apart(m, i.Steps, i.In)
	if err != nil {
		return err
	}
	defer value.Release(v)
	x, err := value.AsMatrix(v)
	if err != nil {
		return err
	}
	defer x.Release()
	fn := matrix.Sum
	if i.Square {
		fn = matrix.SumSq
	}
	m.SetFloat(i.Dst, matrix.AggFull(m.Mat(), fn, x))
	return nil
}

// apart does one operation of a chain over the operands in slots after the other.
func apart(m *exec.Machine, steps []matrix.CellStep, slots []exec.Slot) (value.Value, error) {
	vals, err := appendValues(m, make([]value.Value, 0, len(slots)+len(steps)), slots)
	if err != nil {
		return nil, err
	}
	return inTurn(m, steps, vals, len(vals))
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
