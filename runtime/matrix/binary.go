package matrix

import (
	"gdml/runtime/cell"
	"gdml/runtime/matrix/kernel"
)

// Reuse says which operands of a binary door may be overwritten.
type Reuse uint8

// Reuse flags; they may be combined.
const (
	ReuseA    Reuse = 1 << iota // the left operand
	ReuseB                      // the right operand
	ReuseNone Reuse = 0
)

// loops are the forms of one binary function; a nil form falls back on the cell function.
type loops struct {
	xy func(dst, x, y []float64)
	xs func(dst, x []float64, s float64)
	sx func(dst []float64, s float64, y []float64)
}

// binaryLoops has the functions with loops of their own. Read-only.
var binaryLoops = map[*cell.Binary]loops{
	cell.Add: loopsFor(kernel.Plus, kernel.Plus),
	cell.Sub: loopsFor(kernel.Sub, kernel.From),
	cell.Mul: loopsFor(kernel.Mul, kernel.Mul),
	cell.Div: loopsFor(kernel.Div, kernel.Into),
	cell.Eq:  loopsFor(kernel.Eq, kernel.Eq),
	cell.Ne:  loopsFor(kernel.Ne, kernel.Ne),
	cell.Lt:  loopsFor(kernel.Lt, kernel.Gt),
	cell.Le:  loopsFor(kernel.Le, kernel.Ge),
	cell.Gt:  loopsFor(kernel.Gt, kernel.Lt),
	cell.Ge:  loopsFor(kernel.Ge, kernel.Le),
	cell.Min: {kernel.XY(kernel.Lesser), kernel.XS(kernel.Lesser), nil},
	cell.Max: {kernel.XY(kernel.Greater), kernel.XS(kernel.Greater), nil},
}

// loopsFor returns the loops of an operator; swapped is the one that takes its operands in the other order.
func loopsFor(o, swapped kernel.Op) loops {
	f := kernel.XS(swapped)
	return loops{kernel.XY(o), kernel.XS(o), func(dst []float64, s float64, y []float64) { f(dst, y, s) }}
}

// loopsOf returns all three forms of f.
func loopsOf(f *cell.Binary) loops {
	l := binaryLoops[f]
	if l.xy == nil {
		l.xy = func(dst, x, y []float64) { kernel.Zip(f.F, dst, x, y) }
	}
	if l.xs == nil {
		l.xs = func(dst, x []float64, s float64) { kernel.ZipScalar(f.F, dst, x, s) }
	}
	if l.sx == nil {
		l.sx = func(dst []float64, s float64, y []float64) { kernel.ScalarZip(f.F, dst, s, y) }
	}
	return l
}

// broadcast returns the dimensions of a cellwise result. Each dimension of an
// operand must be the result's or 1; this is the language's rule (language
// reference §6.5) made symmetric, with the outer form n x 1 by 1 x m.
func broadcast(a, b *Matrix) (rows, cols int, ok bool) {
	rows, ok1 := stretch(a.rows, b.rows)
	cols, ok2 := stretch(a.cols, b.cols)
	return rows, cols, ok1 && ok2
}

func stretch(a, b int) (int, bool) {
	switch {
	case a == b || b == 1:
		return a, true
	case a == 1:
		return b, true
	}
	return 0, false
}

// Binary applies f to the cells of a and b, which have equal dimensions or are
// broadcast: a column vector over columns, a row vector over rows, a 1x1 matrix
// over all, on either side.
func Binary(c *Ctx, f *cell.Binary, a, b *Matrix, reuse Reuse) (*Matrix, error) {
	rows, cols, ok := broadcast(a, b)
	if !ok {
		return nil, sizeErrorf("operands of %s do not agree in size: %v and %v", f.Name, a, b)
	}
	switch {
	case b.rows == 1 && b.cols == 1:
		return Scalar(c, f, a, b.At(0, 0), false, reuse&ReuseA != 0), nil
	case a.rows == 1 && a.cols == 1:
		return Scalar(c, f, b, a.At(0, 0), true, reuse&ReuseB != 0), nil
	}
	if a.sparse != nil || b.sparse != nil {
		if out := binarySparse(c, f, a, b, rows, cols); out != nil {
			return out, nil
		}
	}
	if f == cell.Sub && a.sparse == nil && b.sparse != nil && a.rows == b.rows && a.cols == b.cols {
		return minusFew(c, a, b, reuse&ReuseA != 0), nil
	}
	if a.sparse != nil {
		a = toDense(c, a)
		defer a.Release()
		reuse &^= ReuseA
	}
	if b.sparse != nil {
		b = toDense(c, b)
		defer b.Release()
		reuse &^= ReuseB
	}
	return binaryDense(c, loopsOf(f), a, b, rows, cols, reuse), nil
}

// binaryDense runs the loops over two dense operands.
func binaryDense(c *Ctx, l loops, a, b *Matrix, rows, cols int, reuse Reuse) *Matrix {
	var out, in *Matrix
	switch {
	case reuse&ReuseA != 0 && a.rows == rows && a.cols == cols:
		out, in = a.target(c, true), a
	case reuse&ReuseB != 0 && b.rows == rows && b.cols == cols:
		out, in = b.target(c, true), b
	default:
		out = newDense(c, rows, cols)
	}
	x, y, z := a.dense, b.dense, out.dense
	if a.rows == b.rows && a.cols == b.cols {
		f := func(d []float64, lo int) { l.xy(d, x[lo:lo+len(d)], y[lo:lo+len(d)]) }
		if in != nil {
			c.eachCells(len(z), func(lo, hi int) { f(z[lo:hi], lo) })
		} else {
			c.fill(z, cellNanos, f)
		}
		return settle(c, out, in)
	}
	xr, yr := rowStep(a, rows), rowStep(b, rows)
	c.eachRows(rows, cols, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			d := z[i*cols : (i+1)*cols]
			switch p, q := i*xr, i*yr; {
			case a.cols == cols && b.cols == cols:
				l.xy(d, x[p:p+cols], y[q:q+cols])
			case a.cols == cols:
				l.xs(d, x[p:p+cols], y[q])
			default:
				l.sx(d, x[p], y[q:q+cols])
			}
		}
	})
	return settle(c, out, in)
}

// rowStep returns the distance between an operand's rows in a loop over rows: 0 repeats its single row.
func rowStep(m *Matrix, rows int) int {
	if m.rows == 1 && rows != 1 {
		return 0
	}
	return m.cols
}

// Scalar applies f to every cell v of a and the scalar s: f(v, s), or f(s, v) if
// left. Structural zeros stay when the function maps zero to zero, or is a product.
func Scalar(c *Ctx, f *cell.Binary, a *Matrix, s float64, left, reuse bool) *Matrix {
	l := loopsOf(f)
	loop := func(dst, x []float64) { l.xs(dst, x, s) }
	if left {
		loop = func(dst, x []float64) { l.sx(dst, s, x) }
	}
	if a.sparse != nil {
		safe := f.LeftZero || f.F(0, s) == 0
		if left {
			safe = f.RightZero || f.F(s, 0) == 0
		}
		if safe {
			return mapStored(c, a, loop)
		}
		a = toDense(c, a)
		defer a.Release()
		reuse = false
	}
	return mapDense(c, a, reuse, loop)
}

// PlusMul returns a + s*b, or a - s*b if minus; a and b have equal dimensions or are broadcast as in Binary.
func PlusMul(c *Ctx, a *Matrix, s float64, b *Matrix, minus, reuse bool) (*Matrix, error) {
	f := cell.Add
	if minus {
		f = cell.Sub
	}
	if a.rows == b.rows && a.cols == b.cols && a.sparse == nil && b.sparse == nil {
		if minus {
			s = -s // a - s*b and a + (-s)*b are the same to the bit
		}
		out := a.target(c, reuse)
		c.eachCells(len(out.dense), func(lo, hi int) {
			kernel.PlusMul(out.dense[lo:hi], a.dense[lo:hi], s, b.dense[lo:hi])
		})
		return settle(c, out, a), nil
	}
	t := Scalar(c, cell.Mul, b, s, false, false)
	defer t.Release()
	r := ReuseNone
	if reuse {
		r = ReuseA
	}
	return Binary(c, f, a, t, r)
}

// Outer applies f to every pair of a cell of the column vector u and one of the row vector v.
func Outer(c *Ctx, f *cell.Binary, u, v *Matrix) (*Matrix, error) {
	if u.cols != 1 || v.rows != 1 {
		return nil, sizeErrorf("outer needs a column and a row vector: %v and %v", u, v)
	}
	return Binary(c, f, u, v, ReuseNone)
}
