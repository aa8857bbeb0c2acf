package op

import (
	"fmt"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// AsScalar takes the only cell of a matrix or frame, or the first entry of a list.
type AsScalar struct {
	exec.Meta
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *AsScalar) Exec(m *exec.Machine) error {
	if n := m.Number(i.X); n.Kind != exec.NotNumber {
		m.SetNumber(i.Dst, n)
		return nil
	}
	x := m.Value(i.X)
	if x == nil {
		return m.Missing(i.X)
	}
	v, err := value.AsScalar(x)
	if err != nil {
		return err
	}
	m.Set(i.Dst, v)
	return nil
}

// AsMatrix turns a scalar, list, frame or tensor into a matrix.
type AsMatrix struct {
	exec.Meta
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *AsMatrix) Exec(m *exec.Machine) error {
	x := m.Value(i.X)
	if x == nil {
		return m.Missing(i.X)
	}
	v, err := value.AsMatrix(x)
	if err != nil {
		return err
	}
	m.Set(i.Dst, v)
	return nil
}

// AsElem converts a scalar to another value type.
type AsElem struct {
	exec.Meta
	Elem   types.Elem
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *AsElem) Exec(m *exec.Machine) error {
	if n := m.Number(i.X); n.Kind != exec.NotNumber {
		switch i.Elem {
		case types.Double:
			m.SetFloat(i.Dst, n.Float())
			return nil
		case types.Int:
			if n.Kind == exec.Double {
				n = exec.IntOf(cell.ToInt(n.Float()))
			}
			m.SetInt(i.Dst, n.Int())
			return nil
		case types.Bool:
			m.SetBool(i.Dst, n.True())
			return nil
		}
	}
	x := m.Value(i.X)
	if x == nil {
		return m.Missing(i.X)
	}
	if !isScalar(x) {
		hint := ""
		if _, ok := x.(*matrix.Matrix); ok {
			hint = "use as.scalar(...) first"
		}
		return exec.Failf(diag.RunTime, hint, "only scalars convert to %v, not %s", i.Elem, article(x))
	}
	v, err := value.Convert(x, i.Elem)
	if err != nil {
		return err
	}
	m.Set(i.Dst, v)
	return nil
}

// Size is one of the numbers that nrow, ncol and length give.
type Size uint8

// Sizes.
const (
	NRow Size = iota
	NCol
	Length
)

// SizeOf computes nrow, ncol or length of a matrix, frame or list, or the length of a tensor.
type SizeOf struct {
	exec.Meta
	Size   Size
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *SizeOf) Exec(m *exec.Machine) error {
	var rows, cols int
	switch x := m.Value(i.X).(type) {
	case *matrix.Matrix:
		rows, cols = x.Rows(), x.Cols()
	case *frame.Frame:
		rows, cols = x.Rows(), x.Cols()
	case *value.List:
		rows, cols = x.Len(), 1
	case *value.Tensor:
		if i.Size != Length {
			return exec.Failf(diag.RunTime, "length gives the number of its cells", "%s needs a matrix, frame or list, not %s", i.Opcode, article(x))
		}
		rows, cols = x.Len(), 1
	case nil:
		return m.Missing(i.X)
	default:
		return fmt.Errorf("%s needs a matrix, frame or list, not %s", i.Opcode, article(x))
	}
	m.SetInt(i.Dst, int64([...]int{NRow: rows, NCol: cols, Length: rows * cols}[i.Size]))
	return nil
}
