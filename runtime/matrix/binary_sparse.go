package matrix

import "gdml/runtime/cell"

// binarySparse handles the cellwise functions whose result has zeros wherever the
// pattern of a CSR operand has none. It returns nil when there is no such pattern.
func binarySparse(c *Ctx, f *cell.Binary, a, b *Matrix, rows, cols int) *Matrix {
	full := func(m *Matrix) bool { return m.sparse != nil && m.rows == rows && m.cols == cols }
	switch {
	case full(a) && full(b) && f.BothZero && !f.LeftZero:
		return Compact(c, mergeRows(a, b, f.F))
	case full(a) && (f.LeftZero || zeroAgainst(b, func(v float64) float64 { return f.F(0, v) })):
		return Compact(c, onPattern(c, a, b, f.F))
	case full(b) && (f.RightZero || zeroAgainst(a, func(v float64) float64 { return f.F(v, 0) })):
		return Compact(c, onPattern(c, b, a, func(x, y float64) float64 { return f.F(y, x) }))
	}
	return nil
}

// zeroAgainst reports whether f is zero on all cells of m.
func zeroAgainst(m *Matrix, f func(float64) float64) bool {
	if m.sparse != nil && f(0) != 0 && m.NNZ() < int64(m.Cells()) {
		return false
	}
	for _, v := range m.values() {
		if f(v) != 0 {
			return false
		}
	}
	return true
}

// onPattern computes f(a, b) on the stored cells of the CSR matrix a; b may be broadcast.
func onPattern(c *Ctx, a, b *Matrix, f func(x, y float64) float64) *Matrix {
	if b.sparse != nil && b.IsVector() {
		b = toDense(c, b)
		defer b.Release()
	}
	s := a.sparse
	val := make([]float64, len(s.Val))
	step, wide := rowStep(b, a.rows), b.cols == a.cols
	c.eachRows(a.rows, 1+len(val)/max(a.rows, 1), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			for p := s.RowPtr[i]; p < s.RowPtr[i+1]; p++ {
				var w float64
				switch {
				case b.sparse != nil:
					w = b.sparse.at(i, int(s.ColIdx[p]))
				case wide:
					w = b.dense[i*step+int(s.ColIdx[p])]
				default:
					w = b.dense[i*step]
				}
				val[p] = f(s.Val[p], w)
			}
		}
	})
	return FromCSR(a.rows, a.cols, &CSR{RowPtr: s.RowPtr, ColIdx: s.ColIdx, Val: val})
}

// mergeRows computes f on the union of the stored cells of two CSR matrices of equal dimensions.
func mergeRows(a, b *Matrix, f func(x, y float64) float64) *Matrix {
	n := len(a.sparse.Val) + len(b.sparse.Val)
	o := &CSR{RowPtr: make([]int, a.rows+1), ColIdx: make([]int32, 0, n), Val: make([]float64, 0, n)}
	for i := range a.rows {
		ac, av := a.sparse.row(i)
		bc, bv := b.sparse.row(i)
		p, q := 0, 0
		for p < len(ac) || q < len(bc) {
			var j int32
			var v float64
			switch {
			case q == len(bc) || p < len(ac) && ac[p] < bc[q]:
				j, v = ac[p], f(av[p], 0)
				p++
			case p == len(ac) || bc[q] < ac[p]:
				j, v = bc[q], f(0, bv[q])
				q++
			default:
				j, v = ac[p], f(av[p], bv[q])
				p++
				q++
			}
			if v != 0 {
				o.ColIdx = append(o.ColIdx, j)
				o.Val = append(o.Val, v)
			}
		}
		o.RowPtr[i+1] = len(o.Val)
	}
	return FromCSR(a.rows, a.cols, o)
}
