package op

import (
	"fmt"

	"gdml/lang/diag"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Cell1 computes F of a scalar or of every cell of a matrix.
type Cell1 struct {
	exec.Meta
	F      *cell.Unary
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *Cell1) Exec(m *exec.Machine) error {
	if n := m.Number(i.X); n.Kind != exec.NotNumber {
		r, err := number1(i.F, n)
		if err == nil {
			m.SetNumber(i.Dst, r)
		}
		return err
	}
	switch x := m.Value(i.X).(type) {
	case *matrix.Matrix:
		reuse := owns(m, &i.Meta, i.X, x)
		adopt(m, i.Dst, matrix.Unary(m.Mat(), i.F, x, reuse), i.X, reuse)
		return nil
	case nil:
		return m.Missing(i.X)
	default:
		v, err := Scalar1(i.F, x)
		if err != nil {
			return err
		}
		m.Set(i.Dst, v)
		return nil
	}
}

// Cell2 computes F of two scalars, of matching cells of two matrices, of a
// matrix's cells and a scalar, or of tensors in the same way.
type Cell2 struct {
	exec.Meta
	F         *cell.Binary
	Double    bool // the static type is double
	A, B, Dst exec.Slot
}

// Exec runs the instruction. Numbers come first: scripts run loops of them.
func (i *Cell2) Exec(m *exec.Machine) error {
	a, b := m.Number(i.A), m.Number(i.B)
	if a.Kind == exec.NotNumber || b.Kind == exec.NotNumber {
		return i.general(m)
	}
	v, err := numbers(i.F, i.Double, a, b)
	if err == nil {
		m.SetNumber(i.Dst, v)
	}
	return err
}

// general handles every other pair.
func (i *Cell2) general(m *exec.Machine) error {
	a, b := m.Value(i.A), m.Value(i.B)
	switch {
	case a == nil:
		return m.Missing(i.A)
	case b == nil:
		return m.Missing(i.B)
	}
	x, xm := a.(*matrix.Matrix)
	y, ym := b.(*matrix.Matrix)
	switch {
	case xm && ym:
		return i.matrices(m, x, y)
	case xm:
		return i.scaled(m, x, i.A, b, false)
	case ym:
		return i.scaled(m, y, i.B, a, true)
	}
	if f, ok := a.(*frame.Frame); ok {
		return compareFrames(m, i, f, b)
	}
	if t, ok, err := tensorBinary(i.F, a, b); ok {
		if err != nil {
			return err
		}
		m.Set(i.Dst, t)
		return nil
	}
	v, err := Scalar2(i.F, i.Double, a, b)
	if err != nil {
		return err
	}
	m.Set(i.Dst, v)
	return nil
}

func (i *Cell2) matrices(m *exec.Machine, x, y *matrix.Matrix) error {
	reuse, from := matrix.ReuseNone, exec.NoSlot
	switch {
	case x == y:
	case owns(m, &i.Meta, i.A, x):
		reuse, from = matrix.ReuseA, i.A
	case owns(m, &i.Meta, i.B, y):
		reuse, from = matrix.ReuseB, i.B
	}
	out, err := matrix.Binary(m.Mat(), i.F, x, y, reuse)
	if err != nil {
		return err
	}
	m.Adopt(i.Dst, out, from)
	return nil
}

// scaled combines the matrix x, in slot s, with the scalar v, which stands on the left if left.
func (i *Cell2) scaled(m *exec.Machine, x *matrix.Matrix, s exec.Slot, v value.Value, left bool) error {
	if _, ok := v.(string); ok || !isScalar(v) {
		return operands(i.F.Name, m.Value(i.A), m.Value(i.B))
	}
	reuse := owns(m, &i.Meta, s, x)
	adopt(m, i.Dst, matrix.Scalar(m.Mat(), i.F, x, number(v), left, reuse), s, reuse)
	return nil
}

// compareFrames compares two frames of one size cell by cell, giving a boolean
// frame: numbers as numbers, everything else as text. A missing cell makes a
// comparison FALSE, two missing ones TRUE.
func compareFrames(m *exec.Machine, i *Cell2, f *frame.Frame, b value.Value) error {
	g, ok := b.(*frame.Frame)
	if !ok || i.F.Kind != cell.Compare {
		return operands(i.F.Name, f, b)
	}
	if f.Rows() != g.Rows() || f.Cols() != g.Cols() {
		return exec.Failf(diag.ShapeMismatch, "", "operands of %s do not agree in size: %v and %v", i.F.Name, f, g)
	}
	cols := make([]frame.Column, f.Cols())
	for j := range cols {
		c, d := f.Column(j), g.Column(j)
		out := frame.NewColumn(c.Name, frame.Bool, f.Rows())
		for k := range f.Rows() {
			x, y := c.Value(k), d.Value(k)
			if x == nil || y == nil {
				out.Bools[k] = x == nil && y == nil
				continue
			}
			t, err := compare(i.F, x, y)
			if err != nil {
				return err
			}
			out.Bools[k] = t
		}
		cols[j] = out
	}
	out, err := frame.New(f.Rows(), cols)
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

// IfElse selects cells: A where Cond is not zero, else B. Of an int and a double, both
// scalars, it selects a double.
type IfElse struct {
	exec.Meta
	Cond, A, B, Dst exec.Slot
}

// Exec runs the instruction.
func (i *IfElse) Exec(m *exec.Machine) error {
	c, a, b := m.Value(i.Cond), m.Value(i.A), m.Value(i.B)
	if isScalar(c) && isScalar(a) && isScalar(b) {
		t, err := value.Truth(c)
		if err != nil {
			return err
		}
		taken, other := a, b
		if !t {
			taken, other = b, a
		}
		if n, ok := taken.(int64); ok {
			if _, mixed := other.(float64); mixed {
				taken = float64(n)
			}
		}
		m.Set(i.Dst, taken)
		return nil
	}
	ops := [3]matrix.Operand{}
	for k, s := range []exec.Slot{i.Cond, i.A, i.B} {
		o, err := operand(m, "ifelse", s)
		if err != nil {
			return err
		}
		ops[k] = o
	}
	out, err := matrix.IfElse(m.Mat(), ops[0], ops[1], ops[2])
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

// operand returns a slot as a matrix or number.
func operand(m *exec.Machine, name string, s exec.Slot) (matrix.Operand, error) {
	switch v := m.Value(s).(type) {
	case *matrix.Matrix:
		return matrix.Operand{M: v}, nil
	case int64, float64, bool:
		return matrix.Operand{S: number(v)}, nil
	case nil:
		return matrix.Operand{}, m.Missing(s)
	default:
		return matrix.Operand{}, fmt.Errorf("%s needs matrices or numbers, not %s", name, article(v))
	}
}

// PlusMul computes A + S*B, or A - S*B if Minus.
type PlusMul struct {
	exec.Meta
	Minus        bool
	A, S, B, Dst exec.Slot
}

// Exec runs the instruction. Operands of other kinds than matrix, number, matrix go the long way.
func (i *PlusMul) Exec(m *exec.Machine) error {
	a, ok1 := m.Value(i.A).(*matrix.Matrix)
	b, ok2 := m.Value(i.B).(*matrix.Matrix)
	if !ok1 || !ok2 {
		return i.apart(m)
	}
	s, err := m.Float(i.S)
	if err != nil {
		return err
	}
	reuse := a != b && owns(m, &i.Meta, i.A, a)
	out, err := matrix.PlusMul(m.Mat(), a, s, b, i.Minus, reuse)
	if err != nil {
		return err
	}
	adopt(m, i.Dst, out, i.A, reuse)
	return nil
}

// apart multiplies and adds one after the other.
func (i *PlusMul) apart(m *exec.Machine) error {
	f := cell.Add
	if i.Minus {
		f = cell.Sub
	}
	p, err := Apply2(m, cell.Mul, m.Value(i.S), m.Value(i.B))
	if err != nil {
		return err
	}
	defer value.Release(p)
	v, err := Apply2(m, f, m.Value(i.A), p)
	if err != nil {
		return err
	}
	m.Set(i.Dst, v)
	return nil
}

// Apply2 applies f to two values, each a scalar, a matrix or a tensor, and returns a new reference.
func Apply2(m *exec.Machine, f *cell.Binary, a, b value.Value) (value.Value, error) {
	x, xm := a.(*matrix.Matrix)
	y, ym := b.(*matrix.Matrix)
	_, as := a.(string)
	_, bs := b.(string)
	switch {
	case xm && ym:
		out, err := matrix.Binary(m.Mat(), f, x, y, matrix.ReuseNone)
		if err != nil {
			return nil, err
		}
		return out, nil
	case xm && isScalar(b) && !bs:
		return matrix.Scalar(m.Mat(), f, x, number(b), false, false), nil
	case ym && isScalar(a) && !as:
		return matrix.Scalar(m.Mat(), f, y, number(a), true, false), nil
	}
	if t, ok, err := tensorBinary(f, a, b); ok {
		return t, err
	}
	return Scalar2(f, false, a, b)
}
