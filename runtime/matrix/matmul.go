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

// TMatMul returns t(a) %*% b. Of dense operands the transpose is not made: the product
// reads a by columns.
func TMatMul(c *Ctx, a, b *Matrix) (*Matrix, error) {
	scalar := a.rows == 1 && a.cols == 1 || b.rows == 1 && b.cols == 1
	if a.sparse != nil || b.sparse != nil || scalar || a.rows != b.rows || a.cols == 1 {
		t := Transpose(c, a)
		defer t.Release()
		return MatMul(c, t, b)
	}
	out := newDense(c, a.cols, b.cols)
	p := denseProduct(c, a, b, out)
	p.m, p.k, p.a = a.cols, a.rows, a.tview()
	if b.cols == 1 { // as t(b) %*% a, whose cells lie in the same order
		p.m, p.n, p.a, p.b = 1, a.cols, b.tview(), a.view()
	}
	p.run()
	return Compact(c, out), nil
}

// MatMulMap returns f(a %*% b + bias), where bias is a row vector, or nil for none,
// and f may be nil: a layer of a network. Of dense operands the result is finished
// block by block, while the cells of a block are in cache.
func MatMulMap(c *Ctx, a, b, bias *Matrix, f *cell.Unary) (*Matrix, error) {
	if bias != nil && (bias.rows != 1 || bias.cols != b.cols) {
		return nil, sizeErrorf("the bias of a product needs one row and %d columns: %v", b.cols, bias)
	}
	scalar := a.rows == 1 && a.cols == 1 || b.rows == 1 && b.cols == 1
	if a.sparse != nil || b.sparse != nil || scalar || a.cols != b.rows {
		return mulThenMap(c, a, b, bias, f)
	}
	out := newDense(c, a.rows, b.cols)
	p := denseProduct(c, a, b, out)
	p.done, p.doneNanos = finisher(out, bias, f), mapNanos
	p.run()
	return Compact(c, out), nil
}

// mulThenMap is MatMulMap in steps.
func mulThenMap(c *Ctx, a, b, bias *Matrix, f *cell.Unary) (*Matrix, error) {
	out, err := MatMul(c, a, b)
	if err != nil {
		return nil, err
	}
	if bias != nil {
		sum, err := Binary(c, cell.Add, out, bias, ReuseNone)
		out.Release()
		if err != nil {
			return nil, err
		}
		out = sum
	}
	if f != nil {
		mapped := Unary(c, f, out, false)
		out.Release()
		out = mapped
	}
	return out, nil
}

// finisher returns what turns the cells of a product into those of MatMulMap.
func finisher(out, bias *Matrix, f *cell.Unary) func(lo, hi, from, to int) {
	var loop func(dst, x []float64)
	if f != nil {
		loop = unaryLoop(f)
	}
	var add []float64
	if bias != nil {
		add = bias.Vector()
	}
	rows := repeated(add, biasCells)
	return func(lo, hi, from, to int) {
		if from == 0 && to == out.cols {
			finishRows(out.dense[lo*to:hi*to], rows, loop)
			return
		}
		for i := lo; i < hi; i++ {
			row := out.dense[i*out.cols+from : i*out.cols+to]
			if add != nil {
				kernel.Add(row, row, add[from:])
			}
			if loop != nil {
				loop(row, row)
			}
		}
	}
}

// biasCells is how many cells a bias is repeated to fill: a loop of so many costs little more than its start.
const biasCells = 128

// repeated returns v as often after itself as fits in n cells, or v.
func repeated(v []float64, n int) []float64 {
	if len(v) == 0 || 2*len(v) > n {
		return v
	}
	out := make([]float64, 0, n)
	for len(out)+len(v) <= n {
		out = append(out, v...)
	}
	return out
}

// finishRows finishes whole rows, adding the bias to several at a time. They lie side by
// side, so that a narrow result needs no loop per row.
func finishRows(cells, bias []float64, loop func(dst, x []float64)) {
	for d := cells; bias != nil && len(d) > 0; {
		n := min(len(bias), len(d))
		kernel.Add(d[:n], d[:n], bias)
		d = d[n:]
	}
	if loop != nil {
		loop(cells, cells)
	}
}

// denseProduct is the product of dense operands into out.
func denseProduct(c *Ctx, a, b, out *Matrix) product {
	return product{c: c, m: a.rows, n: b.cols, k: a.cols, a: a.view(), b: b.view(), out: out.dense}
}

func mulDense(c *Ctx, a, b *Matrix) *Matrix {
	out := newDense(c, a.rows, b.cols)
	p := denseProduct(c, a, b, out)
	p.run()
	return out
}
