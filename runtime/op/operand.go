package op

import (
	"fmt"

	"gdml/lang/diag"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// owns reports whether the instruction may overwrite x, the value of slot s: it
// dies here and nobody else holds it.
func owns(m *exec.Machine, i *exec.Meta, s exec.Slot, x *matrix.Matrix) bool {
	return s >= 0 && x.Unique() && i.Dies(s)
}

// adopt stores out, the result of a door that was allowed to overwrite the operand in slot s if reuse.
func adopt(m *exec.Machine, dst exec.Slot, out *matrix.Matrix, s exec.Slot, reuse bool) {
	if reuse {
		m.Adopt(dst, out, s)
		return
	}
	m.Set(dst, out)
}

// article names a value for messages: a 3x4 matrix, a string.
func article(v value.Value) string {
	switch v := v.(type) {
	case *matrix.Matrix:
		return fmt.Sprintf("a %v matrix", v)
	case *frame.Frame:
		return fmt.Sprintf("a %v", v)
	case *value.List:
		return fmt.Sprintf("a list of %d", v.Len())
	case *value.Tensor:
		return fmt.Sprintf("a %v", v)
	case int64:
		return "an int"
	case nil:
		return "a missing value"
	}
	return "a " + value.TypeOf(v).String()
}

// matrixOf returns slot s as a matrix for the operation called name. It is lent.
func matrixOf(m *exec.Machine, name string, s exec.Slot) (*matrix.Matrix, error) {
	switch v := m.Value(s).(type) {
	case *matrix.Matrix:
		return v, nil
	case nil:
		return nil, m.Missing(s)
	default:
		hint := ""
		if isScalar(v) {
			hint = "use as.matrix(...) to make a 1x1 matrix"
		}
		return nil, exec.Failf(diag.RunTime, hint, "%s needs a matrix, not %s", name, article(v))
	}
}

// dimension returns slot s as a number of rows or columns.
func dimension(m *exec.Machine, s exec.Slot, what string) (int, error) {
	n, err := m.Int(s)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	if n < 0 {
		return 0, fmt.Errorf("a matrix cannot have %d %s", n, what)
	}
	return int(n), nil
}
