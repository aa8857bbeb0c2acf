package matrix

import "gdml/runtime/cell"

// RemoveEmpty drops the rows (or columns) of a that are all zero; NaN is not zero.
// With sel, n x 1 (or 1 x m), exactly the rows (columns) with a non-zero entry in
// sel are kept. If nothing is left, the result is one row (column) of zeros with
// emptyReturn, and 0 x m (n x 0) without.
func RemoveEmpty(c *Ctx, a *Matrix, rows bool, sel *Matrix, emptyReturn bool) (*Matrix, error) {
	n := a.cols
	if rows {
		n = a.rows
	}
	keep := make([]bool, n)
	if sel != nil {
		if !sel.IsVector() || sel.Cells() != n {
			return nil, sizeErrorf("removeEmpty needs a selection of %d cells for a %v matrix: %v", n, a, sel)
		}
		for i, v := range sel.Vector() {
			keep[i] = v != 0
		}
	} else {
		a.Each(func(i, j int, _ float64) {
			if rows {
				keep[i] = true
			} else {
				keep[j] = true
			}
		})
	}
	var kept []int
	for i, k := range keep {
		if k {
			kept = append(kept, i)
		}
	}
	if len(kept) == 0 {
		left := 0
		if emptyReturn {
			left = 1
		}
		if rows {
			return Fill(c, left, a.cols, 0), nil
		}
		return Fill(c, a.rows, left, 0), nil
	}
	if rows {
		return gatherRows(c, a, len(kept), func(i int) int { return kept[i] }), nil
	}
	return gatherCols(c, a, kept), nil
}

// gatherCols returns the columns of a at the ascending positions kept.
func gatherCols(c *Ctx, a *Matrix, kept []int) *Matrix {
	if a.sparse != nil {
		to := make([]int, a.cols)
		for k, j := range kept {
			to[j] = k + 1
		}
		b := newBuilder(a.rows, len(kept), len(a.sparse.Val))
		for i := range a.rows {
			cs, vs := a.sparse.row(i)
			for p, j := range cs {
				if to[j] > 0 {
					b.put(to[j]-1, vs[p])
				}
			}
			b.end()
		}
		return Compact(c, b.matrix())
	}
	out := newDense(c, a.rows, len(kept))
	c.eachRows(a.rows, a.cols, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			src, dst := a.dense[i*a.cols:(i+1)*a.cols], out.dense[i*len(kept):(i+1)*len(kept)]
			for k, j := range kept {
				dst[k] = src[j]
			}
		}
	})
	return Compact(c, out)
}

// Replace returns a with every cell equal to pattern replaced; NaN matches NaN.
func Replace(c *Ctx, a *Matrix, pattern, replacement float64) *Matrix {
	f := func(v float64) float64 {
		if v == pattern || v != v && pattern != pattern {
			return replacement
		}
		return v
	}
	return Unary(c, &cell.Unary{Name: "replace", F: f, ZeroSafe: f(0) == 0}, a, false)
}

// Operand is a matrix or, if M is nil, a scalar.
type Operand struct {
	M *Matrix
	S float64
}

// scalar returns the number of a scalar or 1x1 operand.
func (o Operand) scalar() (v float64, ok bool) {
	switch {
	case o.M == nil:
		return o.S, true
	case o.M.rows == 1 && o.M.cols == 1:
		return o.M.At(0, 0), true
	}
	return 0, false
}

// IfElse returns a where cond is not zero and b elsewhere; NaN is not zero. Each
// operand is a scalar, a 1x1 matrix, or a matrix of the common dimensions.
func IfElse(c *Ctx, cond, a, b Operand) (*Matrix, error) {
	rows, cols := 1, 1
	for _, o := range []Operand{cond, a, b} {
		if _, ok := o.scalar(); !ok {
			rows, cols = o.M.rows, o.M.cols
		}
	}
	for _, o := range []Operand{cond, a, b} {
		if _, ok := o.scalar(); !ok && (o.M.rows != rows || o.M.cols != cols) {
			return nil, sizeErrorf("operands of ifelse do not agree in size: %v and %dx%d", o.M, rows, cols)
		}
	}
	if v, ok := cond.scalar(); ok {
		pick := b
		if v != 0 {
			pick = a
		}
		if s, ok := pick.scalar(); ok {
			return Fill(c, rows, cols, s), nil
		}
		return pick.M.Retain(), nil
	}
	x, _ := cond.strided()
	y, ys := a.strided()
	z, zs := b.strided()
	out := newDense(c, rows, cols)
	c.workers().Range(len(out.dense), cellGrain, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			if x[i] != 0 {
				out.dense[i] = y[i*ys]
			} else {
				out.dense[i] = z[i*zs]
			}
		}
	})
	return Compact(c, out), nil
}

// strided returns the cells of an operand such that cell i is at i*step; a scalar has step 0.
func (o Operand) strided() (cells []float64, step int) {
	if v, ok := o.scalar(); ok {
		return []float64{v}, 0
	}
	return o.M.Vector(), 1
}

// Triangle returns the lower (or upper) triangle of a square matrix, with or without
// the diagonal: the cells themselves with values, else ones.
func Triangle(c *Ctx, a *Matrix, lower, diag, values bool) (*Matrix, error) {
	if a.rows != a.cols {
		return nil, sizeErrorf("a triangle needs a square matrix: %v", a)
	}
	b := newBuilder(a.rows, a.cols, 0)
	row := make([]float64, a.cols)
	for i := range a.rows {
		a.Row(i, row)
		for j, v := range row {
			if i == j && !diag || i != j && (j < i) != lower {
				continue
			}
			if !values {
				v = 1
			}
			b.put(j, v)
		}
		b.end()
	}
	return Compact(c, b.matrix()), nil
}
