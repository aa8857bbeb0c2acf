package op

import (
	"strings"
	"testing"

	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// A layer is the product, the sum and the function one after another, whatever the bias turns out to be.
func TestLayer(t *testing.T) {
	a := rows([]float64{1, -2, 3}, []float64{4, 5, -6})
	b := rows([]float64{1, 0}, []float64{2, -1}, []float64{-3, 4})
	for _, tt := range []struct {
		a, b, bias value.Value
		f          *cell.Unary
		want       any // a matrix, a number, or the text of an error
	}{
		{a, b, nil, nil, rows([]float64{-12, 14}, []float64{32, -29})},
		{a, b, rows([]float64{10, 20}), nil, rows([]float64{-2, 34}, []float64{42, -9})},
		{a, b, rows([]float64{10, 20}), cell.Abs, rows([]float64{2, 34}, []float64{42, 9})},
		{a, b, nil, cell.Sign, rows([]float64{-1, 1}, []float64{1, -1})},
		{a, b, rows([]float64{1}, []float64{2}), cell.Abs, rows([]float64{11, 15}, []float64{34, 27})},
		{a, b, rows([]float64{12, -14}, []float64{-32, 29}), cell.Abs, rows([]float64{0, 0}, []float64{0, 0})},
		{a, b, rows([]float64{100}), nil, rows([]float64{88, 114}, []float64{132, 71})},
		{a, b, 2.0, nil, rows([]float64{-10, 16}, []float64{34, -27})},
		{2.0, a, rows([]float64{1, 1, 1}), cell.Abs, rows([]float64{3, 3, 7}, []float64{9, 11, 11})},
		{rows([]float64{2}), a, rows([]float64{1, 1, 1}), nil, rows([]float64{3, -3, 7}, []float64{9, 11, -11})},
		{a, a, nil, nil, "inner dimensions to agree"},
		{a, b, rows([]float64{1, 2, 3}), nil, "do not agree in size"},
		{a, b, "x", nil, "cannot combine"},
		{a, "x", nil, cell.Abs, "cannot combine"},
	} {
		i := &Layer{F: tt.f, A: 0, B: 1, Bias: 2, Dst: 3}
		if tt.bias == nil {
			i.Bias = exec.NoSlot
		}
		got, err := exec1(i, 4, value.Retain(tt.a), value.Retain(tt.b), value.Retain(tt.bias))
		if text, ok := tt.want.(string); ok {
			if err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("layer %v %v %v fails with %v; want %s", tt.a, tt.b, tt.bias, err, text)
			}
			continue
		}
		m, ok := got.(*matrix.Matrix)
		if err != nil || !ok || !matrix.Equal(m, tt.want.(*matrix.Matrix)) {
			t.Errorf("layer %v %v %v = %v, %v; want %v", tt.a, tt.b, tt.bias, got, err, tt.want)
		}
	}
}
