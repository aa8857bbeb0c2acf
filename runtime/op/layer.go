package op

import (
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Layer computes F(A %*% B + Bias), a layer of a network: a product whose cells are
// finished while they are in cache. Bias may be NoSlot and F nil.
type Layer struct {
	exec.Meta
	F               *cell.Unary
	A, B, Bias, Dst exec.Slot
}

// Exec runs the instruction. A bias that turns out to be no row vector of the
// product's width, and operands that are no matrices, go the long way.
func (i *Layer) Exec(m *exec.Machine) error {
	a, ok1 := m.Value(i.A).(*matrix.Matrix)
	b, ok2 := m.Value(i.B).(*matrix.Matrix)
	v, ok3 := (*matrix.Matrix)(nil), i.Bias == exec.NoSlot
	if !ok3 {
		v, ok3 = m.Value(i.Bias).(*matrix.Matrix)
	}
	if !ok1 || !ok2 || !ok3 || v != nil && (v.Rows() != 1 || v.Cols() != b.Cols()) {
		return i.apart(m)
	}
	out, err := matrix.MatMulMap(m.Mat(), a, b, v, i.F)
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

// apart does one operation after the other.
func (i *Layer) apart(m *exec.Machine) error {
	p, err := product(m, i.A, i.B)
	if err != nil {
		return err
	}
	if i.Bias != exec.NoSlot {
		if m.Unset(i.Bias) {
			value.Release(p)
			return m.Missing(i.Bias)
		}
		sum, err := plus(m, p, m.Value(i.Bias))
		if err != nil {
			return err
		}
		p = sum
	}
	if i.F != nil {
		x, ok := p.(*matrix.Matrix)
		if !ok {
			v, err := Scalar1(i.F, p)
			if err != nil {
				return err
			}
			m.Set(i.Dst, v)
			return nil
		}
		p = matrix.Unary(m.Mat(), i.F, x, false)
		x.Release()
	}
	m.Set(i.Dst, p)
	return nil
}

// plus returns p + v. It takes over the reference to p, which nobody else holds.
func plus(m *exec.Machine, p, v value.Value) (value.Value, error) {
	x, ok1 := p.(*matrix.Matrix)
	y, ok2 := v.(*matrix.Matrix)
	if !ok1 || !ok2 {
		defer value.Release(p)
		return Apply2(m, cell.Add, p, v)
	}
	out, err := matrix.Binary(m.Mat(), cell.Add, x, y, matrix.ReuseA)
	if out != x {
		x.Release()
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}
