package exec

import (
	"fmt"

	"gdml/runtime/cell"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// merger puts one result variable of a parfor together (language reference §11.4).
// A cell or list entry is taken from a chunk if it differs from its value before
// the loop; chunks are added in order, so the last difference wins in matrices and
// frames and the first in lists. Accumulators add up the differences instead.
type merger struct {
	Merge
	initial value.Value // lent by the machine that runs the loop
	out     value.Value // owned; nil as long as nothing differs
	owned   bool        // out's buffer belongs to the merger and may be changed in place
}

// add merges what a chunk left in the variable, taking over the reference.
func (g *merger) add(m *Machine, v value.Value) error {
	if v == nil {
		return nil
	}
	defer value.Release(v)
	switch init := g.initial.(type) {
	case *matrix.Matrix:
		x, ok := v.(*matrix.Matrix)
		if !ok {
			return g.changed(m, v)
		}
		if x == init {
			return nil
		}
		if g.Accumulate {
			return g.accumulate(m.Mat(), init, x)
		}
		if x.Rows() != init.Rows() || x.Cols() != init.Cols() {
			return g.changed(m, v)
		}
		g.cells(m.Mat(), init, x)
	case *frame.Frame:
		x, ok := v.(*frame.Frame)
		if !ok || x.Rows() != init.Rows() || x.Cols() != init.Cols() {
			return g.changed(m, v)
		}
		return g.frameCells(init, x)
	case *value.List:
		if x, ok := v.(*value.List); ok && x != init {
			return g.entries(init, x)
		}
	case *value.Tensor:
		if x, ok := v.(*value.Tensor); !ok || x != init {
			return fmt.Errorf("a parfor body cannot change %s, which is %s", m.fn.Names[g.Slot], describe(init))
		}
	}
	return nil // scalars that the body assigns are discarded
}

// changed is the error for a result that no longer has the form it had before the loop.
func (g *merger) changed(m *Machine, v value.Value) error {
	return fmt.Errorf("the parfor body turned %s from %s into %s; only its cells can be merged",
		m.fn.Names[g.Slot], describe(g.initial), describe(v))
}

// replace sets out, taking over the reference.
func (g *merger) replace(v value.Value) {
	if g.out != nil {
		value.Release(g.out)
	}
	g.out = v
}

// base returns what the next difference is applied to. It is lent.
func (g *merger) base() value.Value {
	if g.out != nil {
		return g.out
	}
	return g.initial
}

func (g *merger) accumulate(c *matrix.Ctx, init, x *matrix.Matrix) error {
	delta, err := matrix.Binary(c, cell.Sub, x, init, matrix.ReuseNone)
	if err != nil {
		return err
	}
	defer delta.Release()
	sum, err := matrix.Binary(c, cell.Add, g.base().(*matrix.Matrix), delta, matrix.ReuseNone)
	if err != nil {
		return err
	}
	g.replace(sum)
	return nil
}

// differs tells whether a cell was changed; NaN equals NaN.
func differs(was, is float64) bool { return was != is && (was == was || is == is) }

// cells takes over the cells of x that differ from init.
func (g *merger) cells(c *matrix.Ctx, init, x *matrix.Matrix) {
	base := g.base().(*matrix.Matrix)
	if init.IsSparse() && x.IsSparse() && base.IsSparse() {
		g.replace(matrix.Compact(c, mergeSparse(base, init, x)))
		return
	}
	rows, cols := init.Rows(), init.Cols()
	if !g.owned {
		fresh := matrix.New(c, rows, cols)
		for i := range rows {
			base.Row(i, fresh.DenseData()[i*cols:(i+1)*cols])
		}
		g.replace(fresh)
		g.owned = true
	}
	out := g.out.(*matrix.Matrix).DenseData()
	was, is := make([]float64, cols), make([]float64, cols)
	for i := range rows {
		a, b := init.Row(i, was), x.Row(i, is)
		dst := out[i*cols : (i+1)*cols]
		for j, v := range b {
			if differs(a[j], v) {
				dst[j] = v
			}
		}
	}
}

// mergeSparse is cells for three CSR matrices of equal dimensions.
func mergeSparse(base, init, x *matrix.Matrix) *matrix.Matrix {
	rows, cols := init.Rows(), init.Cols()
	out := &matrix.CSR{RowPtr: make([]int, 1, rows+1)}
	b, a, y := base.SparseData(), init.SparseData(), x.SparseData()
	for i := range rows {
		pb, pa, py := cursor(b, i), cursor(a, i), cursor(y, i)
		for {
			j := min(pb.col(), pa.col(), py.col())
			if j >= int32(cols) {
				break
			}
			v, was, is := pb.take(j), pa.take(j), py.take(j)
			if differs(was, is) {
				v = is
			}
			if v != 0 {
				out.ColIdx = append(out.ColIdx, j)
				out.Val = append(out.Val, v)
			}
		}
		out.RowPtr = append(out.RowPtr, len(out.Val))
	}
	return matrix.FromCSR(rows, cols, out)
}

// walk goes along one row of a CSR matrix.
type walk struct {
	s     *matrix.CSR
	p, hi int
}

func cursor(s *matrix.CSR, i int) *walk { return &walk{s, s.RowPtr[i], s.RowPtr[i+1]} }

// col returns the column of the next stored cell, a huge one at the end of the row.
func (w *walk) col() int32 {
	if w.p == w.hi {
		return 1<<31 - 1
	}
	return w.s.ColIdx[w.p]
}

// take returns the value at column j, which is not before the cursor, and passes it.
func (w *walk) take(j int32) float64 {
	if w.col() != j {
		return 0
	}
	w.p++
	return w.s.Val[w.p-1]
}

// entries takes over the list entries that are not the ones before the loop and that no earlier chunk replaced.
func (g *merger) entries(init, x *value.List) error {
	base := g.base().(*value.List)
	out := base
	for i := range min(init.Len(), x.Len()) {
		if same(init.At(i), x.At(i)) || !same(init.At(i), base.At(i)) {
			continue
		}
		next, err := out.With(i, value.Retain(x.At(i)))
		if out != base {
			value.Release(out)
		}
		if err != nil {
			return err
		}
		out = next
	}
	if out != base {
		g.replace(out)
	}
	return nil
}

// same reports whether two list entries are one value.
func same(a, b value.Value) bool {
	if x, ok := a.(float64); ok {
		y, ok := b.(float64)
		return ok && !differs(x, y)
	}
	return a == b
}

// frameCells takes over the runs of changed cells of every column.
func (g *merger) frameCells(init, x *frame.Frame) error {
	base := g.base().(*frame.Frame)
	for j := range init.Cols() {
		was, is := init.Column(j), x.Column(j)
		for lo := 0; lo < init.Rows(); lo++ {
			if sameCell(was.Value(lo), is.Value(lo)) {
				continue
			}
			hi := lo + 1
			for hi < init.Rows() && !sameCell(was.Value(hi), is.Value(hi)) {
				hi++
			}
			part, err := x.Slice(lo, hi, j, j+1)
			if err != nil {
				return err
			}
			if base, err = base.Assign(lo, j, part, cellText, parseCell); err != nil {
				return err
			}
			lo = hi
		}
	}
	g.replace(base)
	return nil
}

// sameCell compares cells of a frame. A column whose type grew in the body holds other
// types of equal value.
func sameCell(was, is any) bool {
	if was == is {
		return true
	}
	x, ok1 := numeric(was)
	y, ok2 := numeric(is)
	return ok1 && ok2 && !differs(x, y)
}

func numeric(v any) (float64, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func cellText(v any) string { return value.Text(v) }

func parseCell(s string) (float64, bool) {
	v, err := cell.ParseDouble(s)
	return v, err == nil
}

// publish stores the merged value.
func (g *merger) publish(m *Machine) {
	if g.out == nil {
		return
	}
	if x, ok := g.out.(*matrix.Matrix); ok && g.owned {
		g.out = matrix.Compact(m.Mat(), x)
	}
	m.Set(g.Slot, g.out)
	g.out = nil
}

// abandon releases what was merged so far.
func (g *merger) abandon() {
	if g.out != nil {
		value.Release(g.out)
		g.out = nil
	}
}
