package op

import (
	"fmt"

	"gdml/lang/diag"
	"gdml/lang/op"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Update computes the value that X has after X[...] = Y. A matrix that nobody else
// holds is changed in place.
type Update struct {
	exec.Meta
	Sub       op.Subscript
	X, Y, Dst exec.Slot
	Bounds    []exec.Slot
}

// Exec runs the instruction.
func (i *Update) Exec(m *exec.Machine) error {
	y := m.Value(i.Y)
	if y == nil {
		return m.Missing(i.Y)
	}
	switch x := m.Value(i.X).(type) {
	case *matrix.Matrix:
		return i.matrix(m, x, y)
	case *frame.Frame:
		return i.frame(m, x, y)
	case *value.List:
		return i.list(m, x, y)
	case nil:
		return m.Missing(i.X)
	default:
		return fmt.Errorf("%s has no cells to assign", article(x))
	}
}

func (i *Update) matrix(m *exec.Machine, x *matrix.Matrix, y value.Value) error {
	b, err := resolve(m, i.Sub, i.Bounds, x.Rows(), x.Cols())
	if err != nil {
		return err
	}
	src, isMatrix := y.(*matrix.Matrix)
	reuse := src != x && owns(m, &i.Meta, i.X, x)
	var out *matrix.Matrix
	switch {
	case isMatrix:
		if src.Rows() != b.rows() || src.Cols() != b.cols() {
			return misfit(b, y)
		}
		out, err = matrix.Assign(m.Mat(), x, b.r0, b.c0, src, reuse)
	case isScalar(y) && value.TypeOf(y).Elem != stringElem:
		if b.rows() != 1 || b.cols() != 1 {
			return misfit(b, y)
		}
		out, err = matrix.AssignScalar(m.Mat(), x, b.r0, b.c0, number(y), reuse)
	default:
		return fmt.Errorf("cells of a matrix take numbers, not %s", article(y))
	}
	if err != nil {
		return err
	}
	adopt(m, i.Dst, out, i.X, reuse)
	return nil
}

// misfit is the error for a source that does not fill the addressed block exactly.
func misfit(b block, y value.Value) error {
	hint := ""
	if isScalar(y) {
		hint = fmt.Sprintf("use matrix(..., %d, %d) to fill the block", b.rows(), b.cols())
	}
	return exec.Failf(diag.ShapeMismatch, hint, "the index addresses %dx%d cells, the value assigned is %s", b.rows(), b.cols(), article(y))
}

func (i *Update) frame(m *exec.Machine, x *frame.Frame, y value.Value) error {
	b, err := resolve(m, i.Sub, i.Bounds, x.Rows(), x.Cols())
	if err != nil {
		return err
	}
	g, ok := y.(*frame.Frame)
	if !ok {
		if !isScalar(y) || b.rows() != 1 || b.cols() != 1 {
			return misfit(b, y)
		}
		if g, err = value.AsFrame(y, nil); err != nil {
			return err
		}
	}
	if g.Rows() != b.rows() || g.Cols() != b.cols() {
		return misfit(b, y)
	}
	out, err := x.Assign(b.r0, b.c0, g, cellText, parseCell)
	if err != nil {
		return err
	}
	m.Set(i.Dst, out)
	return nil
}

// list replaces entries. A list on the right gives one value per entry, so that a
// list is nested by list(list(...)) (language reference §7.4); if both lists are named,
// the entries take their new names along.
func (i *Update) list(m *exec.Machine, x *value.List, y value.Value) error {
	lo, hi, err := entries(m, i.Sub, i.Bounds, x)
	if err != nil {
		return err
	}
	from, isList := y.(*value.List)
	switch {
	case isList && from.Len() != hi-lo:
		return exec.Failf(diag.ShapeMismatch, "use list(list(...)) to store a list as one entry",
			"the index addresses %d entries, the list assigned has %d", hi-lo, from.Len())
	case !isList && hi-lo != 1:
		return exec.Failf(diag.ShapeMismatch, "", "the index addresses %d entries, the value assigned is %s", hi-lo, article(y))
	}
	out := x
	if inPlace := i.X >= 0 && x != from && x.Unique() && i.Dies(i.X); inPlace {
		m.Move(i.Dst, i.X)
	} else {
		out = x.Clone()
		m.Set(i.Dst, out)
	}
	for k := lo; k < hi; k++ {
		if isList {
			y = from.At(k - lo)
		}
		out.Replace(k, value.Retain(y))
	}
	if isList {
		out.Rename(lo, from)
	}
	return nil
}
