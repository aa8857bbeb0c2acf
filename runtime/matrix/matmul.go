package matrix

import (
	"gdml/runtime/cell"
	"gdml/runtime/matrix/kernel"
)

// MatMul returns the matrix product of a and b. A 1x1 operand multiplies the other
// as a scalar (language reference §6.5).
func MatMul(c *Ctx, a, b *Matrix) (*Matrix, error) {
	switch {
	case b.rows == 1 && b.cols == 1:
		return Scalar(c, cell.Mul, a, b.At(0, 0), false, false), nil
	case a.rows == 1 && a.cols == 1:
		return Scalar(c, cell.Mul, b, a.At(0, 0), true, false), nil
	case a.cols != b.rows:
		return nil, sizeErrorf("matrix product needs inner dimensions to agree: %v and %v", a, b)
	}
	switch {
	case a.sparse != nil && b.sparse != nil:
		return Compact(c, mulSparse(c, a, b)), nil
	case a.sparse != nil:
		return Compact(c, mulSparseDense(c, a, b)), nil
	case b.sparse != nil:
		return Compact(c, mulDenseSparse(c, a, b)), nil
	}
	return Compact(c, mulDense(c, a, b)), nil
}

func mulDense(c *Ctx, a, b *Matrix) *Matrix {
	out := newDense(c, a.rows, b.cols)
	if b.cols == 1 && a.cols > 0 {
		c.eachRows(a.rows, a.cols, func(lo, hi int) {
			kernel.Gemv(hi-lo, a.cols, a.dense[lo*a.cols:], a.cols, b.dense, out.dense[lo:])
		})
		return out
	}
	p := product{c: c, m: a.rows, n: b.cols, k: a.cols, a: a.view(), b: b.view(), out: out.dense}
	p.run()
	return out
}
