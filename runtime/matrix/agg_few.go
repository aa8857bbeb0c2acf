package matrix

import (
	"slices"

	"gdml/runtime/matrix/kernel"
)

// fewStored reports whether a CSR matrix stores so few cells that a pass over a vector
// of its columns takes longer than sorting them.
func fewStored(a *Matrix) bool {
	return a.sparse != nil && a.cols > 1<<10 && 16*len(a.sparse.Val) < a.cols
}

// colSumsOfFew sums the columns of a CSR matrix with few stored cells without touching the
// others. The cells of a column are added in the order of the rows, as colSums adds those of
// its only chunk, and with the same compensation.
func colSumsOfFew(a *Matrix) *Matrix {
	s := a.sparse
	keys := make([]uint64, len(s.Val)) // column, then place
	for p, j := range s.ColIdx {
		keys[p] = uint64(j)<<32 | uint64(p)
	}
	slices.Sort(keys)
	o := &CSR{RowPtr: make([]int, 2)}
	for at := 0; at < len(keys); {
		var acc kernel.Acc
		plain, j := 0.0, keys[at]>>32
		for ; at < len(keys) && keys[at]>>32 == j; at++ {
			v := s.Val[uint32(keys[at])]
			acc.Add(v)
			plain += v
		}
		sum := acc.Value()
		if sum != sum {
			sum = plain // an infinity spoils the compensation
		}
		if sum != 0 {
			o.ColIdx, o.Val = append(o.ColIdx, int32(j)), append(o.Val, sum)
		}
	}
	o.RowPtr[1] = len(o.Val)
	return FromCSR(1, a.cols, o)
}

// minusFew returns the dense matrix a less the CSR matrix b of equal dimensions, in
// place with reuse: a - 0 is a, to the sign of zero, so only the stored cells count.
func minusFew(c *Ctx, a, b *Matrix, reuse bool) *Matrix {
	out := a.target(c, reuse)
	if out != a {
		copy(out.dense, a.dense)
	}
	for i := range b.rows {
		cols, vals := b.sparse.row(i)
		row := out.dense[i*b.cols : (i+1)*b.cols]
		for p, j := range cols {
			row[j] -= vals[p]
		}
	}
	return settle(c, out, a)
}
