package op

import (
	"fmt"
	"slices"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

// tensorBinary combines two tensors of equal dimensions, or a tensor and a scalar, cell by cell
// with the rules of scalars. ok is false when neither value is a tensor.
func tensorBinary(f *cell.Binary, a, b value.Value) (out value.Value, ok bool, err error) {
	x, xt := a.(*value.Tensor)
	y, yt := b.(*value.Tensor)
	if !xt && !yt {
		return nil, false, nil
	}
	if !xt && !isScalar(a) || !yt && !isScalar(b) {
		return nil, true, operands(f.Name, a, b)
	}
	if err := onTensors(f, a, b); err != nil {
		return nil, true, err
	}
	if xt && yt && !slices.Equal(x.Dims(), y.Dims()) {
		return nil, true, exec.Failf(diag.ShapeMismatch, "", "operands of %s do not agree in size: %v and %v", f.Name, x, y)
	}
	shape := x
	if !xt {
		shape = y
	}
	t, err := value.NewTensor(shape.Dims(), func(i int) (value.Value, error) {
		p, q := a, b
		if xt {
			p = x.At(i)
		}
		if yt {
			q = y.At(i)
		}
		return Scalar2(f, false, p, q)
	})
	if err != nil {
		return nil, true, err
	}
	return t, true, nil
}

// onTensors says why f cannot be applied to cells like those of a and b: tensors know + - * / on
// numbers, and comparisons.
func onTensors(f *cell.Binary, a, b value.Value) error {
	switch {
	case f.Kind == cell.Compare:
		return nil
	case f != cell.Add && f != cell.Sub && f != cell.Mul && f != cell.Div:
		return exec.Failf(diag.RunTime, "a tensor of two dimensions can be converted with as.matrix", "operator %s is not defined on tensors", f.Name)
	case cells(a) == types.String || cells(b) == types.String:
		return fmt.Errorf("operator %s cannot combine %s and %s: with tensors, strings can only be compared", f.Name, article(a), article(b))
	}
	return nil
}

// cells returns the value type of a scalar or of the cells of a tensor.
func cells(v value.Value) types.Elem { return value.TypeOf(v).Elem }
