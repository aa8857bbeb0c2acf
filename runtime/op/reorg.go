package op

import (
	"fmt"

	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Reorg is a rearrangement of one matrix that takes no parameters: t, rev or diag.
type Reorg struct {
	exec.Meta
	F      func(c *matrix.Ctx, x *matrix.Matrix) (*matrix.Matrix, error)
	X, Dst exec.Slot
}

// The rearrangements.
var (
	Transpose = func(c *matrix.Ctx, x *matrix.Matrix) (*matrix.Matrix, error) { return matrix.Transpose(c, x), nil }
	Rev       = func(c *matrix.Ctx, x *matrix.Matrix) (*matrix.Matrix, error) { return matrix.Rev(c, x), nil }
	Diag      = matrix.Diag
)

// Exec runs the instruction.
func (i *Reorg) Exec(m *exec.Machine) error {
	x, err := matrixOf(m, i.Opcode, i.X)
	if err != nil {
		return err
	}
	out, err := i.F(m.Mat(), x)
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

// Reshape gives the cells of a matrix, a 1x1 one for a scalar, other dimensions.
type Reshape struct {
	exec.Meta
	X, Rows, Cols, ByRow, Dst exec.Slot
}

// Exec runs the instruction.
func (i *Reshape) Exec(m *exec.Machine) error {
	x, err := matrixOf(m, "matrix", i.X)
	if err != nil {
		return err
	}
	rows, err := dimension(m, i.Rows, "rows")
	if err != nil {
		return err
	}
	cols, err := dimension(m, i.Cols, "columns")
	if err != nil {
		return err
	}
	byRow, err := value.Truth(m.Value(i.ByRow))
	if err != nil {
		return err
	}
	out, err := matrix.Reshape(m.Mat(), x, rows, cols, byRow)
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

// Bind puts matrices, or frames, side by side (Cols) or below each other.
type Bind struct {
	exec.Meta
	Cols bool
	Dst  exec.Slot
}

// Exec runs the instruction.
func (i *Bind) Exec(m *exec.Machine) error {
	if _, ok := m.Value(i.In[0]).(*frame.Frame); ok {
		return i.frames(m)
	}
	ms := make([]*matrix.Matrix, len(i.In))
	for k, s := range i.In {
		x, err := matrixOf(m, i.Opcode, s)
		if err != nil {
			return err
		}
		ms[k] = x
	}
	bind := matrix.RBind
	if i.Cols {
		bind = matrix.CBind
	}
	out, err := bind(m.Mat(), ms...)
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

func (i *Bind) frames(m *exec.Machine) error {
	fs := make([]*frame.Frame, len(i.In))
	for k, s := range i.In {
		f, ok := m.Value(s).(*frame.Frame)
		if !ok {
			return fmt.Errorf("%s of a frame needs frames, not %s", i.Opcode, article(m.Value(s)))
		}
		fs[k] = f
	}
	var out *frame.Frame
	var err error
	if i.Cols {
		out, err = frame.CBind(fs...)
	} else {
		out, err = frame.RBind(cellText, parseCell, fs...)
	}
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

// cellText and parseCell are how frame cells change their type.
func cellText(v any) string { return value.Text(v) }

func parseCell(s string) (float64, bool) {
	v, err := cell.ParseDouble(s)
	return v, err == nil
}
