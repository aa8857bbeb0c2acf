package op

import (
	"gdml/lang/op"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// MatMul computes the matrix product A %*% B. Scalars scale.
type MatMul struct {
	exec.Meta
	A, B, Dst exec.Slot
}

// Exec runs the instruction.
func (i *MatMul) Exec(m *exec.Machine) error {
	v, err := product(m, i.A, i.B)
	if err != nil {
		return err
	}
	m.Set(i.Dst, v)
	return nil
}

// TMatMul computes t(A) %*% B without the transpose of A.
type TMatMul struct {
	exec.Meta
	A, B, Dst exec.Slot
}

// Exec runs the instruction.
func (i *TMatMul) Exec(m *exec.Machine) error {
	a, err := matrixOf(m, "t", i.A)
	if err != nil {
		return err
	}
	b, err := matrixOf(m, "%*%", i.B)
	if err != nil {
		return err
	}
	out, err := matrix.TMatMul(m.Mat(), a, b)
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

// product returns the matrix product of two operands as a new reference.
func product(m *exec.Machine, sa, sb exec.Slot) (value.Value, error) {
	a, b := m.Value(sa), m.Value(sb)
	if isScalar(a) != isScalar(b) {
		return Apply2(m, cell.Mul, a, b)
	}
	x, err := matrixOf(m, "%*%", sa)
	if err != nil {
		return nil, err
	}
	y, err := matrixOf(m, "%*%", sb)
	if err != nil {
		return nil, err
	}
	out, err := matrix.MatMul(m.Mat(), x, y)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// TSMM computes t(X) %*% X, or X %*% t(X).
type TSMM struct {
	exec.Meta
	Side   op.Side
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *TSMM) Exec(m *exec.Machine) error {
	x, err := matrixOf(m, "%*%", i.X)
	if err != nil {
		return err
	}
	m.Set(i.Dst, matrix.TSMM(m.Mat(), x, i.Side == op.Left))
	return nil
}

// MMChain computes t(X) %*% (X %*% V) and its relatives in one pass over the rows
// of X. W is NoSlot when the chain has no third operand.
type MMChain struct {
	exec.Meta
	Chain        op.Chain
	X, V, W, Dst exec.Slot
}

var chainKinds = [...]matrix.ChainKind{op.XtXv: matrix.XtXv, op.XtwXv: matrix.XtwXv, op.XtXvy: matrix.XtXvy}

// Exec runs the instruction.
func (i *MMChain) Exec(m *exec.Machine) error {
	x, err := matrixOf(m, "%*%", i.X)
	if err != nil {
		return err
	}
	v, err := matrixOf(m, "%*%", i.V)
	if err != nil {
		return err
	}
	var w *matrix.Matrix
	if i.W != exec.NoSlot {
		if w, err = matrixOf(m, "%*%", i.W); err != nil {
			return err
		}
	}
	out, err := matrix.MMChain(m.Mat(), x, v, w, chainKinds[i.Chain])
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}
