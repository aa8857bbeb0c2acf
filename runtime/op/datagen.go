package op

import (
	"fmt"
	"slices"

	"gdml/lang/op"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
)

// Fill makes a matrix whose cells are all V. A matrix V, whose type was not known
// before, is reshaped instead.
type Fill struct {
	exec.Meta
	V, Rows, Cols, Dst exec.Slot
}

// Exec runs the instruction.
func (i *Fill) Exec(m *exec.Machine) error {
	rows, err := dimension(m, i.Rows, "rows")
	if err != nil {
		return err
	}
	cols, err := dimension(m, i.Cols, "columns")
	if err != nil {
		return err
	}
	if x, ok := m.Value(i.V).(*matrix.Matrix); ok {
		out, err := matrix.Reshape(m.Mat(), x, rows, cols, true)
		if err != nil {
			return err
		}
		m.Set(i.Dst, out)
		return nil
	}
	v, err := m.Float(i.V)
	if err != nil {
		return err
	}
	if err := matrix.CheckSize(rows, cols); err != nil {
		return err
	}
	m.Set(i.Dst, matrix.Fill(m.Mat(), rows, cols, v))
	return nil
}

// Seq makes the column vector From, From+Incr, ..., To.
type Seq struct {
	exec.Meta
	From, To, Incr, Dst exec.Slot
}

// Exec runs the instruction.
func (i *Seq) Exec(m *exec.Machine) error {
	var v [3]float64
	for k, s := range []exec.Slot{i.From, i.To, i.Incr} {
		f, err := m.Float(s)
		if err != nil {
			return fmt.Errorf("seq: %w", err)
		}
		v[k] = f
	}
	out, err := matrix.Seq(m.Mat(), v[0], v[1], v[2])
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

// Rand makes a random matrix. Its operands stand in In in the order of op.Rand.
type Rand struct {
	exec.Meta
	Kind op.Random
	Dst  exec.Slot
}

// Exec runs the instruction. Seed -1 means a seed of the machine's own streams.
func (i *Rand) Exec(m *exec.Machine) error {
	rows, err := dimension(m, i.In[0], "rows")
	if err != nil {
		return err
	}
	cols, err := dimension(m, i.In[1], "columns")
	if err != nil {
		return err
	}
	var f [4]float64 // min, max, sparsity, lambda
	for k := range f {
		if f[k], err = m.Float(i.In[2+k]); err != nil {
			return fmt.Errorf("rand: %w", err)
		}
	}
	seed, err := m.Int(i.In[6])
	if err != nil {
		return fmt.Errorf("rand: %w", err)
	}
	if seed == -1 {
		seed = m.NextSeed()
	}
	pdf := slices.Index(matrix.PDFs[:], i.Kind.PDF)
	if pdf < 0 {
		return fmt.Errorf("rand: unknown pdf %q; the distributions are %v", i.Kind.PDF, matrix.PDFs)
	}
	out, err := matrix.Rand(m.Mat(), matrix.RandSpec{
		Rows: rows, Cols: cols, Min: f[0], Max: f[1], Sparsity: f[2], Lambda: f[3],
		PDF: matrix.PDF(pdf), Seed: seed,
	})
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}
