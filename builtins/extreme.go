package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// extremeFunc is the row of min or max.
func extremeFunc(f *cell.Binary, agg op.AggFn) *Func {
	what, empty, example := "smallest", "Infinity", `print(min(3, 5, 4)); print(min(matrix("4 2", 1, 2)))  # 3 / 2.0`
	if agg == op.Max {
		what, empty, example = "largest", "-Infinity", `print(max(3, 5, 4)); print(max(matrix("4 2", 1, 2), 3))  # 5 / 4.000 3.000`
	}
	return &Func{
		Signature: types.Signature{
			Name:     f.Name,
			Params:   []types.Param{rest("x", types.Any, "matrices or scalars, at least one")},
			Results:  []types.Type{types.Any},
			ResultOf: extremeResult,
			Check:    checks(atLeastOne(f.Name), takes(f.Name, 0, matrix2|number)),
		},
		Aliases: []string{"p" + f.Name},
		Family:  cellwise,
		Doc: "The " + what + " cell of one matrix, or the " + what + " of several values cell by cell." +
			" One matrix gives a double, " + empty + " if it has no cells. Of two or more arguments matrices, vectors and scalars" +
			" broadcast; scalars alone give a scalar, an int if all are ints. NaN in an operand gives NaN.",
		Example: example,
		Pure:    true,
		Shape:   extremeShape,
		Lower: func(args []types.Type, has []bool) (Lowering, bool) {
			switch n := passed(has); {
			case n == 2:
				return Lowering{Op: op.Cell2, Aux: f, Args: []Operand{{Arg: 0}, {Arg: 1}}}, true
			case n == 1 && args[0].Data == types.Matrix:
				return Lowering{Op: op.Agg, Aux: op.Aggregate{Fn: agg}, Args: []Operand{{Arg: 0}}}, true
			}
			return Lowering{}, false
		},
		Call: func(a *exec.Args) ([]value.Value, error) { return callExtreme(a, f) },
	}
}

// extremeResult: one matrix gives a double; otherwise cellwise, with promotion to double unless all are ints.
func extremeResult(args []types.Type) []types.Type {
	if len(args) == 1 && args[0].Data == types.Matrix {
		return []types.Type{types.Dbl}
	}
	elem := types.IntT
	for _, t := range args {
		switch {
		case t.Data != types.Scalar:
		case t.Elem == types.AnyElem:
			elem = types.Scal
		case t.Elem != types.Int && elem != types.Scal:
			elem = types.Dbl
		}
	}
	return cellResult(args, elem)
}

func extremeShape(in []op.Shape) ([]op.Shape, error) {
	out := op.ScalarShape
	for _, s := range in {
		switch {
		case len(in) == 1 || s == op.NoShape:
			return []op.Shape{op.NoShape}, nil
		case s.Rows > out.Rows || s.Cols > out.Cols:
			out = op.Dims(max(s.Rows, out.Rows), max(s.Cols, out.Cols))
		case s.Rows < 0 || s.Cols < 0:
			return []op.Shape{op.NoShape}, nil
		}
	}
	return []op.Shape{out}, nil
}

// callExtreme folds three or more values from the left, or one whose type was not known.
func callExtreme(a *exec.Args, f *cell.Binary) ([]value.Value, error) {
	if len(a.Vals) == 1 {
		if m, ok := a.Vals[0].(*matrix.Matrix); ok {
			fn := matrix.Min
			if f == cell.Max {
				fn = matrix.Max
			}
			return one(matrix.AggFull(a.M.Mat(), fn, m))
		}
		if _, err := a.Float(0, 0); err != nil {
			return nil, fmt.Errorf("%s: the argument must be a matrix or a number, not %s", a.Name, value.TypeOf(a.Vals[0]))
		}
		return one(a.Vals[0])
	}
	acc := value.Retain(a.Vals[0])
	for i := 1; i < len(a.Vals); i++ {
		next, err := applyBinary(a, f, acc, a.Vals[i])
		value.Release(acc)
		if err != nil {
			return nil, err
		}
		acc = next
	}
	return one(acc)
}

// applyBinary applies f to two values, each a matrix or a number. Two ints give an int.
func applyBinary(a *exec.Args, f *cell.Binary, x, y value.Value) (value.Value, error) {
	c := a.M.Mat()
	mx, xIsMatrix := x.(*matrix.Matrix)
	my, yIsMatrix := y.(*matrix.Matrix)
	if xIsMatrix && yIsMatrix {
		m, err := matrix.Binary(c, f, mx, my, matrix.ReuseNone)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		return m, nil
	}
	if ix, ok := x.(int64); ok {
		if iy, ok := y.(int64); ok {
			return applyInts(f, ix, iy), nil
		}
	}
	var fx, fy float64
	var err error
	if !xIsMatrix {
		if fx, err = asNumber(a.Name, x); err != nil {
			return nil, err
		}
	}
	if !yIsMatrix {
		if fy, err = asNumber(a.Name, y); err != nil {
			return nil, err
		}
	}
	switch {
	case xIsMatrix:
		return matrix.Scalar(c, f, mx, fy, false, false), nil
	case yIsMatrix:
		return matrix.Scalar(c, f, my, fx, true, false), nil
	}
	return f.F(fx, fy), nil
}

// applyInts is exact where doubles are not: min and max of large ints.
func applyInts(f *cell.Binary, x, y int64) int64 {
	switch f {
	case cell.Min:
		return min(x, y)
	case cell.Max:
		return max(x, y)
	}
	return cell.ToInt(f.F(float64(x), float64(y)))
}

// asNumber returns a scalar that is not a string as a double.
func asNumber(name string, v value.Value) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case int64:
		return float64(v), nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	}
	return 0, fmt.Errorf("%s: a matrix or a number is needed, not %s", name, value.TypeOf(v))
}
