package matrix

import (
	"gdml/runtime/cell"
	"gdml/runtime/matrix/kernel"
)

// CumFn is a cumulative function.
type CumFn uint8

// The cumulative functions. CumRowSum runs along rows, the others down columns.
const (
	CumSum CumFn = iota
	CumProd
	CumMin
	CumMax
	CumRowSum
)

// running is a sum that is compensated as long as all terms are finite, and plain otherwise.
type running struct {
	acc   kernel.Acc
	plain float64
}

func (r *running) next(v float64) float64 {
	r.acc.Add(v)
	r.plain += v
	return orPlain(r.acc, r.plain)
}

// Cum returns the running sums, products, minima or maxima of a, in a's dimensions.
func Cum(c *Ctx, fn CumFn, a *Matrix) *Matrix {
	d := a.ToDense(c)
	defer d.Release()
	out := newDense(c, a.rows, a.cols)
	switch fn {
	case CumRowSum:
		c.eachRows(a.rows, a.cols, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				var r running
				for p := i * a.cols; p < (i+1)*a.cols; p++ {
					out.dense[p] = r.next(d.dense[p])
				}
			}
		})
	case CumSum:
		sums := make([]running, a.cols)
		for p, v := range d.dense {
			out.dense[p] = sums[p%a.cols].next(v)
		}
	default:
		f := map[CumFn]*cell.Binary{CumProd: cell.Mul, CumMin: cell.Min, CumMax: cell.Max}[fn]
		l := loopsOf(f)
		copy(out.dense, d.dense[:min(a.cols, len(d.dense))])
		for i := 1; i < a.rows; i++ {
			p := i * a.cols
			l.xy(out.dense[p:p+a.cols], out.dense[p-a.cols:p], d.dense[p:p+a.cols])
		}
	}
	return settle(c, out, nil)
}

// CumSumProd returns y with y[i] = a[i,1] + a[i,2]*y[i-1] and y[0] = 0 before the first row, for a of two columns: n x 1.
func CumSumProd(c *Ctx, a *Matrix) (*Matrix, error) {
	if a.cols != 2 {
		return nil, sizeErrorf("cumsumprod needs two columns: %v", a)
	}
	x := a.Vector()
	out := newDense(c, a.rows, 1)
	y := 0.0
	for i := range out.dense {
		y = x[2*i] + x[2*i+1]*y
		out.dense[i] = y
	}
	return out, nil
}
