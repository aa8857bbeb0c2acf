package op

import "fmt"

// index is the rule of right indexing. A single index keeps its extent of 1 even when its
// value is not known.
func index(aux any, in []Shape) (Shape, error) {
	rows, cols, err := extents(aux.(Subscript), in[0], in, 1)
	return Dims(rows, cols), err
}

// anything is the rule of the entries of lists.
func anything(any, []Shape) (Shape, error) { return NoShape, nil }

// update is the rule of left indexing into a matrix: the target keeps its size, and the source must fill the
// addressed block exactly (language reference §7.2).
func update(aux any, in []Shape) (Shape, error) {
	rows, cols, err := extents(aux.(Subscript), in[0], in, 2)
	out := Dims(in[0].Rows, in[0].Cols)
	if err != nil {
		return out, err
	}
	y, block := in[1], Dims(rows, cols)
	if y.IsScalar() {
		y.Rows, y.Cols = 1, 1
	}
	if y.Rows >= 0 && rows >= 0 && y.Rows != rows || y.Cols >= 0 && cols >= 0 && y.Cols != cols {
		msg := fmt.Sprintf("the addressed block is %s, the value assigned to it is %s", block, y)
		if in[1].IsScalar() {
			msg = fmt.Sprintf("the addressed block is %s, and a scalar fills only a single cell", block)
		}
		return out, &Mismatch{Msg: msg}
	}
	return out, nil
}

// extents returns how many rows and columns sub addresses in x. The bounds start at in[k].
func extents(sub Subscript, x Shape, in []Shape, k int) (rows, cols int64, err error) {
	rows, n, err := extent(sub.Rows, "row", x.Rows, in, k)
	if err != nil {
		return rows, Unknown, err
	}
	cols, _, err = extent(sub.Cols, "column", x.Cols, in, k+n)
	return rows, cols, err
}

// extent handles one dimension of size n and returns the extent and how many inputs it took.
func extent(b Bounds, what string, n int64, in []Shape, k int) (int64, int, error) {
	switch b {
	case One:
		return 1, 1, inside(what, in[k], n, k)
	case Range:
		if err := inside(what, in[k], n, k); err != nil {
			return Unknown, 2, err
		}
		if err := inside(what, in[k+1], n, k+1); err != nil {
			return Unknown, 2, err
		}
		lo, ok1 := in[k].ConstInt()
		hi, ok2 := in[k+1].ConstInt()
		switch {
		case !ok1 || !ok2:
			return Unknown, 2, nil
		case lo > hi:
			return Unknown, 2, &Mismatch{Msg: fmt.Sprintf("the %s range %d:%d is empty", what, lo, hi), In: []int{k + 1}, Index: true}
		}
		return hi - lo + 1, 2, nil
	}
	return n, 0, nil
}

// inside checks a constant index against a dimension of size n.
func inside(what string, s Shape, n int64, k int) error {
	v, ok := s.ConstInt()
	if !ok || v >= 1 && (n < 0 || v <= n) {
		return nil
	}
	return &Mismatch{Msg: fmt.Sprintf("%s index %d is outside the matrix", what, v), In: []int{0, k}, Index: true}
}
