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
	in := room[:0]
	for _, s := range i.In {
		o := matrix.Operand{}
		if n := m.Number(s); n.Kind != exec.NotNumber {
			o.S = n.Float()
		} else if x, ok := m.Value(s).(*matrix.Matrix); ok {
			o.M = x
		} else {
			return i.apart(m)
		}
		in = append(in, o)
	}
	for _, s := range i.Steps {
		if numbersOnly(s, in) {
			return i.apart(m)
		}
	}
	into, from := i.spare(m, in)
	out, ok := matrix.CellChain(m.Mat(), i.Steps, in, into)
	if !ok {
		return i.apart(m)
	}
	m.Adopt(i.Dst, out, from)
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

// numbersOnly reports whether all operands of a step are inputs that are numbers.
func numbersOnly(s matrix.CellStep, in []matrix.Operand) bool {
	number := func(k int) bool { return k < len(in) && in[k].M == nil }
	return number(s.A) && (s.F1 != nil || number(s.B))
}

// apart does one operation after the other. Results in between have one use and are overwritten by it if they can be.
func (i *Cells) apart(m *exec.Machine) error {
	vals := make([]value.Value, 0, len(i.In)+len(i.Steps))
	for _, s := range i.In {
		v := m.Value(s)
		if v == nil {
			return m.Missing(s)
		}
		vals = append(vals, v)
	}
	for _, s := range i.Steps {
		v, err := i.step(m, s, vals)
		for _, k := range []int{s.A, s.B} {
			if k < len(i.In) || vals[k] == nil {
				continue
			}
			if vals[k] != v {
				value.Release(vals[k])
			}
			vals[k] = nil
		}
		if err != nil {
			releaseAll(vals[len(i.In):])
			return err
		}
		vals = append(vals, v)
	}
	m.Set(i.Dst, vals[len(vals)-1])
	return nil
}

// step computes one operator. The result may be an operand that is not an input.
func (i *Cells) step(m *exec.Machine, s matrix.CellStep, vals []value.Value) (value.Value, error) {
	x, xm := vals[s.A].(*matrix.Matrix)
	own := s.A >= len(i.In)
	if s.F1 != nil {
		if xm {
			return matrix.Unary(m.Mat(), s.F1, x, own), nil
		}
		return Scalar1(s.F1, vals[s.A])
	}
	y, ym := vals[s.B].(*matrix.Matrix)
	if !xm || !ym || x == y {
		return Apply2(m, s.F2, vals[s.A], vals[s.B])
	}
	reuse := matrix.ReuseNone
	if own {
		reuse |= matrix.ReuseA
	}
	if s.B >= len(i.In) {
		reuse |= matrix.ReuseB
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
