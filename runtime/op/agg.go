package op

import (
	"fmt"

	"gdml/lang/op"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Agg aggregates all cells to a scalar, or each row or column.
type Agg struct {
	exec.Meta
	Kind   op.Aggregate
	X, Dst exec.Slot
}

var aggs = [...]matrix.Agg{
	op.Sum: matrix.Sum, op.SumSq: matrix.SumSq, op.Mean: matrix.Mean, op.Var: matrix.Var,
	op.SD: matrix.SD, op.Min: matrix.Min, op.Max: matrix.Max, op.Prod: matrix.Prod,
}

// Exec runs the instruction. A number whose type was not known before counts as a 1x1 matrix.
// Tensors have a sum only.
func (i *Agg) Exec(m *exec.Machine) error {
	if v := m.Value(i.X); i.Kind.Dir == op.Full && (i.Kind.Fn == op.Min || i.Kind.Fn == op.Max) {
		switch v.(type) {
		case int64, float64, bool:
			m.Set(i.Dst, v)
			return nil
		}
	}
	if t, ok := m.Value(i.X).(*value.Tensor); ok && i.Kind == (op.Aggregate{Fn: op.Sum, Dir: op.Full}) {
		s, err := t.Sum()
		if err != nil {
			return err
		}
		m.Set(i.Dst, s)
		return nil
	}
	x, err := matrixOf(m, i.Opcode, i.X)
	if err != nil {
		return err
	}
	if i.Kind.Fn == op.Trace {
		v, err := matrix.Trace(m.Mat(), x)
		if err != nil {
			return err
		}
		m.Set(i.Dst, v)
		return nil
	}
	switch fn := aggs[i.Kind.Fn]; i.Kind.Dir {
	case op.Row:
		m.Set(i.Dst, matrix.AggRows(m.Mat(), fn, x))
	case op.Col:
		m.Set(i.Dst, matrix.AggCols(m.Mat(), fn, x))
	default:
		m.Set(i.Dst, matrix.AggFull(m.Mat(), fn, x))
	}
	return nil
}

// IndexExtreme finds the column of the largest or smallest cell of each row.
type IndexExtreme struct {
	exec.Meta
	Max    bool
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *IndexExtreme) Exec(m *exec.Machine) error {
	x, err := matrixOf(m, i.Opcode, i.X)
	if err != nil {
		return err
	}
	m.Set(i.Dst, matrix.IndexExtreme(m.Mat(), x, i.Max))
	return nil
}

// Cum computes running sums, products, minima or maxima down the columns.
type Cum struct {
	exec.Meta
	Fn     op.AggFn
	X, Dst exec.Slot
}

// Exec runs the instruction.
func (i *Cum) Exec(m *exec.Machine) error {
	x, err := matrixOf(m, i.Opcode, i.X)
	if err != nil {
		return err
	}
	var fn matrix.CumFn
	switch i.Fn {
	case op.Sum:
		fn = matrix.CumSum
	case op.Prod:
		fn = matrix.CumProd
	case op.Min:
		fn = matrix.CumMin
	case op.Max:
		fn = matrix.CumMax
	default:
		return fmt.Errorf("there is no cumulative %v", i.Fn)
	}
	m.Set(i.Dst, matrix.Cum(m.Mat(), fn, x))
	return nil
}
