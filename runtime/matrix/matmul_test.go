package matrix

import (
	"fmt"
	"slices"
	"testing"

	"gdml/runtime/cell"
)

// TestMatMulMapIsItsSteps compares with the product, the sum and the function one after another, to the bit.
func TestMatMulMapIsItsSteps(t *testing.T) {
	for _, s := range [][3]int{{0, 3, 4}, {3, 0, 4}, {1, 1, 5}, {5, 4, 1}, {1, 50, 60}, {1, 6000, 9}, {300, 100, 10}, {70, 5000, 30}, {150, 80, 500}, {400, 300, 310}} {
		for _, kind := range []content{whole, few} {
			a, b, bias := draw(s[0], s[1], kind), draw(s[1], s[2], kind), draw(1, s[2], whole)
			for _, f := range []*cell.Unary{nil, cell.Sigmoid, cell.Abs} {
				for _, v := range []*Matrix{nil, bias.dense(), bias.csr()} {
					for _, x := range a.forms() {
						for _, c := range contexts() {
							name := fmt.Sprintf("%v sparse %v bias %v function %v", s, x.IsSparse(), v, f)
							got, err := MatMulMap(c, x, b.dense(), v, f)
							if err != nil {
								t.Fatalf("%s: %v", name, err)
							}
							want, err := mulThenMap(nil, x, b.dense(), v, f)
							if err != nil || !slices.Equal(bitsOf(got), bitsOf(want)) {
								t.Fatalf("%s: other cells than step by step (%v)", name, err)
							}
						}
					}
				}
			}
		}
	}
	for _, bad := range [][3]*Matrix{
		{New(nil, 4, 5), New(nil, 4, 3), nil},
		{New(nil, 4, 5), New(nil, 5, 3), New(nil, 1, 2)},
		{New(nil, 4, 5), New(nil, 5, 3), New(nil, 4, 1)},
	} {
		if m, err := MatMulMap(nil, bad[0], bad[1], bad[2], nil); err == nil {
			t.Errorf("%v by %v plus %v: %v, want an error", bad[0], bad[1], bad[2], m)
		}
	}
}

// TestTMatMulIsTheProductOfTheTranspose uses whole numbers, whose sums are exact in any order.
func TestTMatMulIsTheProductOfTheTranspose(t *testing.T) {
	for _, s := range [][3]int{{0, 3, 4}, {3, 0, 4}, {1, 1, 5}, {1, 4, 5}, {5, 1, 4}, {5, 4, 1}, {256, 16, 64}, {6000, 9, 1}, {5000, 12, 7}, {300, 310, 20}, {9000, 30, 1}} {
		for _, kind := range []content{whole, few} {
			a, b := draw(s[0], s[1], kind), draw(s[0], s[2], kind)
			want, err := MatMul(nil, Transpose(nil, a.dense()), b.dense())
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range a.forms() {
				for _, y := range b.forms() {
					for _, c := range contexts() {
						got, err := TMatMul(c, x, y)
						if err != nil || !Equal(got, want) {
							t.Fatalf("%v sparse %v %v: other cells than with a transpose (%v)", s, x.IsSparse(), y.IsSparse(), err)
						}
					}
				}
			}
		}
	}
	if m, err := TMatMul(nil, New(nil, 4, 5), New(nil, 5, 3)); err == nil {
		t.Errorf("t(4x5) by 5x3: %v, want an error", m)
	}
}
