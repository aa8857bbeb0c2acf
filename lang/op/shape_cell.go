package op

func scalar(any, []Shape) (Shape, error) { return ScalarShape, nil }

// likeFirst is the rule of functions of each cell; the count of non-zeros may change.
func likeFirst(_ any, in []Shape) (Shape, error) {
	if in[0].IsScalar() {
		return ScalarShape, nil
	}
	return Dims(in[0].Rows, in[0].Cols), nil
}

// sameCells is the rule of operators that only move cells within their matrix.
func sameCells(_ any, in []Shape) (Shape, error) {
	s := in[0]
	s.Val = nil
	return s, nil
}

// broadcast is the rule of cellwise operators. In each dimension the operands agree
// or have extent 1; a scalar fits everything. This is the symmetric superset of the
// language's rule: either side may be the smaller one, and a column with a row gives
// the outer result.
func broadcast(_ any, in []Shape) (Shape, error) {
	out := Shape{NNZ: Unknown}
	var seen []int // inputs that are not scalars
	for i, s := range in {
		if s.IsScalar() {
			continue
		}
		if len(seen) == 0 {
			out.Rows, out.Cols = s.Rows, s.Cols
			seen = append(seen, i)
			continue
		}
		r, ok1 := broadcastDim(out.Rows, s.Rows)
		c, ok2 := broadcastDim(out.Cols, s.Cols)
		if !ok1 || !ok2 {
			return NoShape, &Mismatch{Msg: "cellwise operation needs equal dimensions, or a row or column vector that fits", In: append(seen, i)}
		}
		out.Rows, out.Cols = r, c
		seen = append(seen, i)
	}
	return out, nil
}

// broadcastDim combines two extents. An unknown one may turn out to be 1 or, where
// the other is not 1, must equal it.
func broadcastDim(a, b int64) (int64, bool) {
	switch {
	case a == b:
		return a, true
	case a == 1:
		return b, true
	case b == 1:
		return a, true
	case a == Unknown:
		return b, true
	case b == Unknown:
		return a, true
	}
	return Unknown, false
}

func aggregate(aux any, in []Shape) (Shape, error) {
	x := in[0]
	a, _ := aux.(Aggregate)
	if a.Fn == Trace && x.Known() && x.Rows != x.Cols {
		return NoShape, &Mismatch{Msg: "trace needs a square matrix", In: []int{0}}
	}
	switch a.Dir {
	case Row:
		return Dims(x.Rows, 1), nil
	case Col:
		return Dims(1, x.Cols), nil
	}
	return ScalarShape, nil
}

func perRow(_ any, in []Shape) (Shape, error) { return Dims(in[0].Rows, 1), nil }

// count is the rule of metadata queries: a constant when the dimension is known.
func count(f func(Shape) int64) Rule {
	return func(_ any, in []Shape) (Shape, error) {
		if n := f(in[0]); n >= 0 && !in[0].IsScalar() {
			return Const(n), nil
		}
		return ScalarShape, nil
	}
}

func asScalar(_ any, in []Shape) (Shape, error) {
	x := in[0]
	if !x.IsScalar() && (x.Rows >= 0 && x.Rows != 1 || x.Cols >= 0 && x.Cols != 1) {
		return NoShape, &Mismatch{Msg: "as.scalar needs a 1x1 matrix", In: []int{0}}
	}
	return ScalarShape, nil
}

func asMatrix(_ any, in []Shape) (Shape, error) {
	if in[0].IsScalar() {
		return Dims(1, 1), nil
	}
	return sameCells(nil, in)
}

// together is the rule of a chain of cellwise operators: every input takes part in the result.
func together(_ any, in []Shape) (Shape, error) {
	out := in[0]
	for _, s := range in[1:] {
		var err error
		if out, err = broadcast(nil, []Shape{out, s}); err != nil {
			return NoShape, err
		}
	}
	return Dims(out.Rows, out.Cols), nil
}
