package op

import "math"

func fill(_ any, in []Shape) (Shape, error) {
	out, err := generated(in[1], in[2], 1, 2)
	if v, ok := in[0].constFloat(); ok {
		if v == 0 {
			out.NNZ = 0
		} else {
			out.NNZ = out.Cells()
		}
	}
	return out, err
}

func random(_ any, in []Shape) (Shape, error) { return generated(in[0], in[1], 0, 1) }

// generated gives the dimensions that two scalars, inputs i and j, ask for.
func generated(rows, cols Shape, i, j int) (Shape, error) {
	out := Dims(dim(rows), dim(cols))
	for k, s := range []Shape{rows, cols} {
		if n, ok := s.ConstInt(); ok && n < 0 {
			return out, &Mismatch{Msg: "a matrix cannot have a negative number of " + [...]string{"rows", "columns"}[k], In: []int{[...]int{i, j}[k]}}
		}
	}
	return out, nil
}

// sequence counts from:to:incr. An increment of 1 with from > to means -1, as the
// default does. Where rounding could decide about the last element the number of
// rows stays unknown.
func sequence(_ any, in []Shape) (Shape, error) {
	from, ok1 := in[0].constFloat()
	to, ok2 := in[1].constFloat()
	incr, ok3 := in[2].constFloat()
	if !ok1 || !ok2 || !ok3 {
		return Dims(Unknown, 1), nil
	}
	if incr == 1 && from > to {
		incr = -1
	}
	if from == to {
		return Dims(1, 1), nil
	}
	steps := (to - from) / incr
	n := math.Floor(steps)
	exact := from == math.Trunc(from) && to == math.Trunc(to) && incr == math.Trunc(incr)
	if near := math.Round(steps); !exact && math.Abs(steps-near) < 1e-6 {
		return Dims(Unknown, 1), nil
	}
	if !(n >= 0 && n < 1<<53) {
		return Dims(Unknown, 1), nil
	}
	return Dims(int64(n)+1, 1), nil
}
