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

// A chain gives what its operators give one after another, whatever its operands turn out to be.
func TestCells(t *testing.T) {
	x := rows([]float64{1, -2, 3}, []float64{4, 5, -6})
	y := rows([]float64{7, 8, 9}, []float64{-1, 0, 2})
	row, one := rows([]float64{1, 0, 2}), rows([]float64{5})
	wide, square := matrix.Fill(nil, 40, 40, 0.5), matrix.New(nil, 40, 40)
	for i := range 40 {
		square.DenseData()[41*i] = 2
	}
	sparse := square.ToSparse(nil)
	// (1 - A^2) * B, and -|A| / B
	slope := []matrix.CellStep{{F1: cell.Square, A: 0}, {F2: cell.Sub, A: 2, B: 3}, {F2: cell.Mul, A: 4, B: 1}}
	ratio := []matrix.CellStep{{F1: cell.Abs, A: 0}, {F2: cell.Sub, A: 2, B: 3}, {F2: cell.Div, A: 4, B: 1}}
	for _, steps := range [][]matrix.CellStep{slope, ratio} {
		for _, a := range []value.Value{x, row, one, 2.0, int64(3), true, "s", wide, sparse} {
			for _, b := range []value.Value{x, y, row, one, -1.5, wide, sparse} {
				i := &Cells{Meta: exec.Meta{In: []exec.Slot{0, 1, 2}}, Steps: steps, Dst: 3}
				got, err := exec1(i, 4, value.Retain(a), value.Retain(b), 1.0)
				want, werr := oneByOne(steps, a, b, 1.0)
				if (err == nil) != (werr == nil) || err != nil && !strings.Contains(err.Error(), werr.Error()) {
					t.Errorf("%v, %v: %v; want %v", a, b, err, werr)
					continue
				}
				if fmt.Sprintf("%T", got) != fmt.Sprintf("%T", want) {
					t.Errorf("%v, %v: %T; want %T", a, b, got, want)
				} else if m, ok := got.(*matrix.Matrix); ok && !matrix.Equal(m, want.(*matrix.Matrix)) || !ok && got != want {
					t.Errorf("%v, %v: %v; want %v", a, b, got, want)
				}
			}
		}
	}
}

func oneByOne(steps []matrix.CellStep, vals ...value.Value) (value.Value, error) {
	for _, s := range steps {
		var v value.Value
		var err error
		if s.F1 != nil {
			v, err = exec1(&Cell1{F: s.F1, X: 0, Dst: 1}, 2, value.Retain(vals[s.A]))
		} else {
			v, err = exec1(&Cell2{F: s.F2, A: 0, B: 1, Dst: 2}, 3, value.Retain(vals[s.A]), value.Retain(vals[s.B]))
		}
		if err != nil {
			return nil, err
		}
		vals = append(vals, v)
	}
	return vals[len(vals)-1], nil
}

// A chain overwrites an operand that dies with it and that nobody else holds.
func TestCellsInPlace(t *testing.T) {
	// (1 - A^2) * A
	steps := []matrix.CellStep{{F1: cell.Square, A: 0}, {F2: cell.Sub, A: 1, B: 2}, {F2: cell.Mul, A: 3, B: 0}}
	want := rows([]float64{6, 0}, []float64{-24, -6})
	for _, held := range []bool{false, true} {
		a := rows([]float64{-2, 1}, []float64{3, 2})
		if held {
			a.Retain()
		}
		i := &Cells{Meta: exec.Meta{In: []exec.Slot{0, 1}, Kill: []exec.Slot{0}}, Steps: steps, Dst: 2}
		got, err := exec1(i, 3, a, 1.0)
		if err != nil || !matrix.Equal(got.(*matrix.Matrix), want) {
			t.Fatalf("%v, %v; want %v", got, err, want)
		}
		if (got.(*matrix.Matrix) == a) == held {
			t.Errorf("held elsewhere %v, overwritten %v", held, !held)
		}
	}
}
