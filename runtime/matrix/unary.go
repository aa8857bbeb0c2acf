package matrix

import (
	"gdml/runtime/cell"
	"gdml/runtime/matrix/kernel"
)

// unaryLoops has the functions with a loop of their own. Read-only.
var unaryLoops = map[*cell.Unary]func(dst, x []float64){
	cell.Exp:     kernel.Loop(kernel.Exp),
	cell.Log:     kernel.Loop(kernel.Log),
	cell.Tanh:    kernel.Loop(kernel.Tanh),
	cell.Sigmoid: kernel.Loop(kernel.Sigmoid),
	cell.Sqrt:    kernel.Loop(kernel.Sqrt),
	cell.Abs:     kernel.Loop(kernel.Abs),
	cell.Square:  kernel.Loop(kernel.Square),
	cell.Not:     kernel.Loop(kernel.Not),
}

// unaryLoop returns the loop of f.
func unaryLoop(f *cell.Unary) func(dst, x []float64) {
	if l := unaryLoops[f]; l != nil {
		return l
	}
	return func(dst, x []float64) { kernel.Map(f.F, dst, x) }
}

// Unary applies f to every cell. Structural zeros stay when f is zero-safe. With
// reuse the result may be a itself (see the package comment on reuse).
func Unary(c *Ctx, f *cell.Unary, a *Matrix, reuse bool) *Matrix {
	loop := unaryLoop(f)
	if a.sparse != nil && f.ZeroSafe {
		return mapStored(c, a, loop)
	}
	if a.sparse != nil {
		a = toDense(c, a)
		defer a.Release()
		reuse = false
	}
	return mapDense(c, a, reuse, loop)
}

// mapStored applies loop to the stored values of a CSR matrix.
func mapStored(c *Ctx, a *Matrix, loop func(dst, x []float64)) *Matrix {
	s := a.sparse
	val := make([]float64, len(s.Val))
	c.workers().RangeCost(len(val), loopGrain(len(val)), mapNanos, func(lo, hi int) { loop(val[lo:hi], s.Val[lo:hi]) })
	return settle(c, FromCSR(a.rows, a.cols, &CSR{RowPtr: s.RowPtr, ColIdx: s.ColIdx, Val: val}), nil)
}

// mapNanos estimates the time a function of one number takes for a cell, in nanoseconds.
const mapNanos = 0.9

// mapDense applies loop to the cells of a dense matrix, in place with reuse.
func mapDense(c *Ctx, a *Matrix, reuse bool, loop func(dst, x []float64)) *Matrix {
	out := a.target(c, reuse)
	if out == a {
		c.workers().RangeCost(len(a.dense), loopGrain(len(a.dense)), mapNanos, func(lo, hi int) { loop(a.dense[lo:hi], a.dense[lo:hi]) })
	} else {
		c.fill(out.dense, mapNanos, func(d []float64, lo int) { loop(d, a.dense[lo:lo+len(d)]) })
	}
	return settle(c, out, a)
}

// target returns where a result of a's size goes: a itself with reuse, else a new dense matrix.
func (m *Matrix) target(c *Ctx, reuse bool) *Matrix {
	if reuse && m.sparse == nil {
		m.nnz.Store(0)
		return m
	}
	return newDense(c, m.rows, m.cols)
}
