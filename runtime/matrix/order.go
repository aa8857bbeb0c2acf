package matrix

import (
	"fmt"
	"slices"
)

// Order sorts the rows of a by the 0-based columns by, most significant first, and
// returns the sorted rows, or with index the n x 1 vector of their former 1-based
// positions. Rows that tie keep their order in both directions. NaN is the largest value.
func Order(c *Ctx, a *Matrix, by []int, decreasing, index bool) (*Matrix, error) {
	keys := make([][]float64, len(by))
	for k, j := range by {
		if j < 0 || j >= a.cols {
			return nil, fmt.Errorf("order by column %d of a %v matrix", j+1, a)
		}
		keys[k] = a.column(j)
	}
	perm := sortedRows(keys, a.rows, decreasing)
	if !index {
		return gatherRows(c, a, a.rows, func(i int) int { return perm[i] }), nil
	}
	out := newDense(c, a.rows, 1)
	for i, p := range perm {
		out.dense[i] = float64(p + 1)
	}
	return out, nil
}

// column returns a copy of column j.
func (m *Matrix) column(j int) []float64 {
	out := make([]float64, m.rows)
	for i := range out {
		out[i] = m.At(i, j)
	}
	return out
}

// compare orders numbers ascending with NaN last; zeros are equal.
func compare(x, y float64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	case x == y:
		return 0
	case x == x:
		return -1 // y is NaN
	case y == y:
		return 1
	}
	return 0
}

// sortedRows returns the stable permutation that sorts n rows by their keys.
func sortedRows(keys [][]float64, n int, decreasing bool) []int {
	perm := make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	slices.SortStableFunc(perm, func(p, q int) int {
		for _, k := range keys {
			if d := compare(k[p], k[q]); d != 0 {
				if decreasing {
					return -d
				}
				return d
			}
		}
		return 0
	})
	return perm
}

// Direction says over which cells distinct values are taken.
type Direction uint8

// Directions of Unique and CountDistinct.
const (
	All    Direction = iota // the whole matrix
	PerRow                  // every row by itself
	PerCol                  // every column by itself
)

// distinct returns the distinct values of x, ascending, NaN last. It reorders x.
func distinct(x []float64) []float64 {
	slices.SortFunc(x, compare)
	return slices.CompactFunc(x, func(a, b float64) bool { return compare(a, b) == 0 })
}

// Unique returns the distinct values of a in ascending order: k x 1 of all cells,
// or per row packed to the left, or per column packed to the top, padded with zeros.
func Unique(c *Ctx, a *Matrix, dir Direction) *Matrix {
	switch dir {
	case PerRow:
		sets, width := make([][]float64, a.rows), 0
		for i := range sets {
			sets[i] = distinct(slices.Clone(a.Row(i, nil)))
			width = max(width, len(sets[i]))
		}
		out := New(c, a.rows, width)
		for i, s := range sets {
			copy(out.dense[i*width:], s)
		}
		return Compact(c, out)
	case PerCol:
		t := Transpose(c, a)
		defer t.Release()
		u := Unique(c, t, PerRow)
		defer u.Release()
		return Transpose(c, u)
	}
	x := distinct(slices.Clone(a.Vector()))
	return FromDense(len(x), 1, x)
}

// CountDistinct returns the number of distinct values: 1x1 of all cells, n x 1 per row, 1 x m per column.
func CountDistinct(c *Ctx, a *Matrix, dir Direction) *Matrix {
	switch dir {
	case PerRow:
		out := newDense(c, a.rows, 1)
		for i := range out.dense {
			out.dense[i] = float64(len(distinct(slices.Clone(a.Row(i, nil)))))
		}
		return out
	case PerCol:
		t := Transpose(c, a)
		defer t.Release()
		n := CountDistinct(c, t, PerRow)
		defer n.Release()
		return Transpose(c, n)
	}
	return FromDense(1, 1, []float64{float64(len(distinct(slices.Clone(a.Vector()))))})
}
