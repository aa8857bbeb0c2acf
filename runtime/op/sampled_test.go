package op

import (
	"fmt"
	"strings"
	"testing"

	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// The operator gives what the product and the cellwise operators give one after another, whatever the operands turn out to be.
func TestSampled(t *testing.T) {
	u, v := matrix.Fill(nil, 40, 2, 0.5), matrix.Fill(nil, 30, 2, 2)
	square := matrix.New(nil, 40, 30)
	for i := range 30 {
		square.DenseData()[31*i] = float64(i + 1)
		u.DenseData()[2*i] = float64(i)
	}
	sparse, dense := square.ToSparse(nil), matrix.Fill(nil, 40, 30, 3)
	h := matrix.Transpose(nil, v)
	column, one := matrix.Fill(nil, 40, 1, 2), rows([]float64{5})
	// W * P^2, (W - P) * W, W / (P + 1), with the operands W, 1, P
	square2 := []matrix.CellStep{{F1: cell.Square, A: 2}, {F2: cell.Mul, A: 0, B: 3}}
	twice := []matrix.CellStep{{F2: cell.Sub, A: 0, B: 2}, {F2: cell.Mul, A: 3, B: 0}, {F2: cell.Mul, A: 4, B: 2}}
	ratio := []matrix.CellStep{{F2: cell.Add, A: 2, B: 1}, {F2: cell.Div, A: 0, B: 3}}
	for _, steps := range [][]matrix.CellStep{square2, twice, ratio} {
		for _, trans := range []bool{false, true} {
			for _, a := range []value.Value{u, 2.0, one, "s"} {
				for _, b := range []value.Value{v, h, one} {
					for _, w := range []value.Value{sparse, square, dense, column, one, -1.5, "s"} {
						i := &Sampled{Meta: exec.Meta{In: []exec.Slot{0, 1, 2, 3}}, Trans: trans, Steps: steps, Dst: 4}
						got, err := exec1(i, 5, value.Retain(a), value.Retain(b), value.Retain(w), 1.0)
						want, werr := factorThenCells(steps, trans, a, b, w)
						agree(t, fmt.Sprintf("%v, %v, %v", a, b, w), got, err, want, werr)
					}
				}
			}
		}
	}
}

func agree(t *testing.T, name string, got value.Value, err error, want value.Value, werr error) {
	t.Helper()
	if (err == nil) != (werr == nil) || err != nil && !strings.Contains(err.Error(), werr.Error()) {
		t.Errorf("%s: %v; want %v", name, err, werr)
		return
	}
	if m, ok := got.(*matrix.Matrix); ok {
		if x, ok := want.(*matrix.Matrix); !ok || !matrix.Equal(m, x) {
			t.Errorf("%s: %v; want %v", name, got, want)
		}
	} else if got != want {
		t.Errorf("%s: %v; want %v", name, got, want)
	}
}

// factorThenCells computes the product and the chain by the plain instructions.
func factorThenCells(steps []matrix.CellStep, trans bool, a, b, w value.Value) (value.Value, error) {
	if trans {
		b = matrix.Transpose(nil, b.(*matrix.Matrix))
	}
	p, err := exec1(&MatMul{A: 0, B: 1, Dst: 2}, 3, value.Retain(a), value.Retain(b))
	if err != nil {
		return nil, err
	}
	return oneByOne(steps, w, 1.0, p)
}

// A missing operand is reported as such.
func TestSampledMissing(t *testing.T) {
	u := matrix.Fill(nil, 40, 2, 0.5)
	i := &Sampled{Meta: exec.Meta{In: []exec.Slot{0, 1, 2}}, Trans: true, Steps: []matrix.CellStep{{F2: cell.Mul, A: 0, B: 1}}, Dst: 3}
	for k := range 3 {
		vals := []value.Value{value.Retain(u), value.Retain(u), value.Retain(u)}
		vals[k] = nil
		if _, err := exec1(i, 4, vals...); err == nil {
			t.Errorf("operand %d missing: no error", k)
		}
	}
}
