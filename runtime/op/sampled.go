package op

import (
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Sampled computes a chain of cellwise operators over the operands in In after the
// first two, and over the product of these, A %*% B or A %*% t(B) if Trans. The
// product is the operand after all others. Where a sparse operand makes all other cells
// zero, only its cells are computed.
type Sampled struct {
	exec.Meta
	Trans bool
	Steps []matrix.CellStep
	Dst   exec.Slot
}

// Exec runs the instruction. Without such an operand the product is computed first, then the chain.
func (i *Sampled) Exec(m *exec.Machine) error {
	a, ok1 := m.Value(i.In[0]).(*matrix.Matrix)
	b, ok2 := m.Value(i.In[1]).(*matrix.Matrix)
	in, ok := chainOperands(m, i.Steps, i.In[2:], make([]matrix.Operand, 0, len(i.In)-1))
	if ok && ok1 && ok2 {
		if out, ok := matrix.Sampled(m.Mat(), matrix.Factors{A: a, B: b, Trans: i.Trans}, i.Steps, in); ok {
			m.Set(i.Dst, out)
			return nil
		}
	}
	p, err := i.product(m)
	if err != nil {
		return err
	}
	if x, isMatrix := p.(*matrix.Matrix); ok && isMatrix {
		if out, ok := matrix.CellChain(m.Mat(), i.Steps, append(in, matrix.Operand{M: x}), x); ok {
			if out != x {
				x.Release()
			}
			m.Set(i.Dst, out)
			return nil
		}
	}
	vals, err := appendValues(m, make([]value.Value, 0, len(i.In)+len(i.Steps)), i.In[2:])
	if err != nil {
		value.Release(p)
		return err
	}
	v, err := inTurn(m, i.Steps, append(vals, p), len(vals))
	if err != nil {
		return err
	}
	m.Set(i.Dst, v)
	return nil
}

// product returns the whole product as a new reference.
func (i *Sampled) product(m *exec.Machine) (value.Value, error) {
	if !i.Trans {
		return product(m, i.In[0], i.In[1])
	}
	b, err := matrixOf(m, "t", i.In[1])
	if err != nil {
		return nil, err
	}
	if v := m.Value(i.In[0]); isScalar(v) {
		t := matrix.Transpose(m.Mat(), b)
		defer t.Release()
		return Apply2(m, cell.Mul, v, t)
	}
	a, err := matrixOf(m, "%*%", i.In[0])
	if err != nil {
		return nil, err
	}
	out, err := matrix.Factors{A: a, B: b, Trans: true}.MatMul(m.Mat())
	if err != nil {
		return nil, err
	}
	return out, nil
}
