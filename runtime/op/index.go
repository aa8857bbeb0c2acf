package op

import (
	"fmt"

	"gdml/lang/diag"
	"gdml/lang/op"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Index computes X[...] of a matrix, frame or list. Bounds holds the slots that Sub names.
type Index struct {
	exec.Meta
	Sub    op.Subscript
	X, Dst exec.Slot
	Bounds []exec.Slot
}

// block is a range of rows and one of columns, 0-based and half-open.
type block struct{ r0, r1, c0, c1 int }

func (b block) rows() int { return b.r1 - b.r0 }
func (b block) cols() int { return b.c1 - b.c0 }

// Exec runs the instruction.
func (i *Index) Exec(m *exec.Machine) error {
	switch x := m.Value(i.X).(type) {
	case *matrix.Matrix:
		b, err := resolve(m, i.Sub, i.Bounds, x.Rows(), x.Cols())
		if err != nil {
			return err
		}
		out, err := matrix.Slice(m.Mat(), x, b.r0, b.r1, b.c0, b.c1)
		if err != nil {
			return err
		}
		m.Set(i.Dst, out)
	case *frame.Frame:
		b, err := resolve(m, i.Sub, i.Bounds, x.Rows(), x.Cols())
		if err != nil {
			return err
		}
		out, err := x.Slice(b.r0, b.r1, b.c0, b.c1)
		if err != nil {
			return err
		}
		m.Set(i.Dst, out)
	case *value.List:
		lo, hi, err := entries(m, i.Sub, i.Bounds, x)
		if err != nil {
			return err
		}
		out, err := x.Slice(lo, hi)
		if err != nil {
			return err
		}
		m.Set(i.Dst, out)
	case nil:
		return m.Missing(i.X)
	default:
		return fmt.Errorf("%s cannot be indexed", article(x))
	}
	return nil
}

// Entry computes as.matrix(L[I]) if Matrix, else as.scalar(L[I]), of a list.
type Entry struct {
	exec.Meta
	Matrix    bool
	L, I, Dst exec.Slot
}

// Exec runs the instruction.
func (i *Entry) Exec(m *exec.Machine) error {
	v := m.Value(i.L)
	l, ok := v.(*value.List)
	switch {
	case v == nil:
		return m.Missing(i.L)
	case !ok:
		return fmt.Errorf("an entry is taken from a list, not from %s", article(v))
	}
	k, err := entry(m, i.I, l)
	if err != nil {
		return err
	}
	if !i.Matrix {
		m.Set(i.Dst, value.Retain(l.At(k)))
		return nil
	}
	x, err := value.AsMatrix(l.At(k))
	if err != nil {
		return err
	}
	m.Set(i.Dst, x)
	return nil
}

// resolve turns the bounds of a subscript into a block of a value of rows x cols.
func resolve(m *exec.Machine, sub op.Subscript, bounds []exec.Slot, rows, cols int) (b block, err error) {
	used := 0
	if b.r0, b.r1, used, err = resolveDim(m, sub.Rows, bounds, rows, "row"); err != nil {
		return b, err
	}
	if sub.OneDim {
		b.c1 = cols
		return b, nil
	}
	b.c0, b.c1, _, err = resolveDim(m, sub.Cols, bounds[used:], cols, "column")
	return b, err
}

// resolveDim turns the bounds of one dimension of size n into a range and tells how many slots it read.
func resolveDim(m *exec.Machine, form op.Bounds, bounds []exec.Slot, n int, what string) (lo, hi, used int, err error) {
	switch form {
	case op.One:
		v, err := bound(m, bounds[0])
		if err != nil {
			return 0, 0, 0, err
		}
		if v < 1 || v > int64(n) {
			return 0, 0, 0, outside("%s index %d is outside 1..%d", what, v, n)
		}
		return int(v) - 1, int(v), 1, nil
	case op.Range:
		l, err := bound(m, bounds[0])
		if err != nil {
			return 0, 0, 0, err
		}
		h, err := bound(m, bounds[1])
		if err != nil {
			return 0, 0, 0, err
		}
		switch {
		case l < 1 || h > int64(n):
			return 0, 0, 0, outside("%s range %d:%d is outside 1..%d", what, l, h, n)
		case l > h:
			return 0, 0, 0, outside("%s range %d:%d is empty", what, l, h)
		}
		return int(l) - 1, int(h), 2, nil
	}
	return 0, n, 0, nil
}

func outside(format string, args ...any) error {
	return exec.Failf(diag.BadIndex, "", format, args...)
}

// bound returns an index as an integer.
func bound(m *exec.Machine, s exec.Slot) (int64, error) {
	switch n := m.Number(s); n.Kind {
	case exec.Int:
		return n.Int(), nil
	case exec.Double, exec.Bool:
		return cell.ToInt(n.Float()), nil
	}
	switch v := m.Value(s).(type) {
	case nil:
		return 0, m.Missing(s)
	case *matrix.Matrix:
		hint := ""
		if v.Cells() == 1 {
			hint = "use as.scalar(...) to take the value of a 1x1 matrix"
		}
		return 0, exec.Failf(diag.RunTime, hint, "an index must be a number, not %s", article(v))
	default:
		return 0, fmt.Errorf("an index must be a number, not %s", article(v))
	}
}

// entries turns the bounds of a list subscript, numbers or names, into a 0-based half-open range.
func entries(m *exec.Machine, sub op.Subscript, bounds []exec.Slot, l *value.List) (lo, hi int, err error) {
	switch sub.Rows { // of two subscripts the second means nothing
	case op.One:
		lo, err = entry(m, bounds[0], l)
		return lo, lo + 1, err
	case op.Range:
		if lo, err = entry(m, bounds[0], l); err != nil {
			return 0, 0, err
		}
		if hi, err = entry(m, bounds[1], l); err != nil {
			return 0, 0, err
		}
		if lo > hi {
			return 0, 0, outside("list range %d:%d is empty", lo+1, hi+1)
		}
		return lo, hi + 1, nil
	}
	return 0, l.Len(), nil
}

// entry returns the 0-based position that slot s names in l.
func entry(m *exec.Machine, s exec.Slot, l *value.List) (int, error) {
	if name, ok := m.Value(s).(string); ok {
		if !l.Named() {
			return 0, outside("the list has no names, so there is no entry %q", name)
		}
		at := l.Index(name)
		if at < 0 {
			return 0, outside("the list has no entry called %q; its names are %q", name, l.Names())
		}
		return at, nil
	}
	v, err := bound(m, s)
	if err != nil {
		return 0, err
	}
	if v < 1 || v > int64(l.Len()) {
		return 0, outside("list index %d is outside 1..%d", v, l.Len())
	}
	return int(v) - 1, nil
}
