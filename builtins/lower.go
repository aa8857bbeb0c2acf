package builtins

import (
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

type lowering = func(args []types.Type, has []bool) (Lowering, bool)

// lowersTo makes a call operator o over the arguments at the given positions.
func lowersTo(o op.Op, aux any, args ...int) lowering {
	in := make([]Operand, len(args))
	for i, a := range args {
		in[i] = Operand{Arg: a}
	}
	return func([]types.Type, []bool) (Lowering, bool) {
		return Lowering{Op: o, Aux: aux, Args: in}, true
	}
}

// lowersAll makes a call operator o over all passed arguments if all are of data type d.
func lowersAll(o op.Op, d types.Data) lowering {
	return func(args []types.Type, has []bool) (Lowering, bool) {
		l := Lowering{Op: o}
		for i, t := range args {
			if !has[i] {
				continue
			}
			if t.Data != d {
				return Lowering{}, false
			}
			l.Args = append(l.Args, Operand{Arg: i})
		}
		return l, len(l.Args) > 0
	}
}

// passed counts the arguments of a call whose arguments are taken in order.
func passed(has []bool) int {
	n := 0
	for _, h := range has {
		if h {
			n++
		}
	}
	return n
}

// has reports data type d among the types.
func hasData(ts []types.Type, d types.Data) bool {
	for _, t := range ts {
		if t.Data == d {
			return true
		}
	}
	return false
}

// allScalar reports whether all of the types are scalars.
func allScalar(ts []types.Type) bool {
	for _, t := range ts {
		if t.Data != types.Scalar {
			return false
		}
	}
	return true
}

// cellResult returns the result type of a cellwise function: a matrix as soon as one
// argument is one, scalar for scalars, unknown otherwise.
func cellResult(args []types.Type, scalar types.Type) []types.Type {
	switch {
	case hasData(args, types.Matrix):
		return []types.Type{types.Mat}
	case allScalar(args):
		return []types.Type{scalar}
	}
	return []types.Type{types.Any}
}

// shapeRule is the form of Func.Shape for a builtin of one result.
type shapeRule = func(in []op.Shape) ([]op.Shape, error)

// gives makes a rule of a function that returns the dimensions of the one result.
func gives(f func(in []op.Shape) (rows, cols int64)) shapeRule {
	return func(in []op.Shape) ([]op.Shape, error) {
		r, c := f(in)
		return []op.Shape{op.Dims(r, c)}, nil
	}
}

// sameAs gives the result the dimensions of argument i.
func sameAs(i int) shapeRule {
	return gives(func(in []op.Shape) (int64, int64) { s := shapeAt(in, i); return s.Rows, s.Cols })
}

// shapeAt returns the shape of argument i, NoShape if it was not passed.
func shapeAt(in []op.Shape, i int) op.Shape {
	if i < len(in) {
		return in[i]
	}
	return op.NoShape
}

// size returns the constant dimension that argument i gives, or Unknown.
func size(in []op.Shape, i int) int64 {
	n := int64(op.Unknown)
	switch v := shapeAt(in, i).Val.(type) {
	case int64:
		n = v
	case float64:
		n = cell.ToInt(v)
	}
	return max(n, op.Unknown)
}
