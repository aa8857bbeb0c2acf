package matrix

import (
	"math"
	"testing"

	"gdml/runtime/cell"
)

// TestSumChainIsTheSumOfTheChain uses whole numbers, whose sums are exact in any order.
func TestSumChainIsTheSumOfTheChain(t *testing.T) {
	steps := []CellStep{{F2: cell.Sub, A: 0, B: 1}, {F1: cell.Abs, A: 3}, {F2: cell.Mul, A: 4, B: 2}}
	for _, s := range [][2]int{{0, 3}, {1, 1}, {7, 9}, {64, 64}, {300, 250}} {
		x, y := draw(s[0], s[1], whole).dense(), draw(s[0], s[1], few).dense()
		in := []Operand{{M: x}, {M: y}, {S: 3}}
		for _, n := range []int{1, 2, 3} {
			chained := steps[:n]
			if n == 2 {
				in = in[:2]
				chained = []CellStep{steps[0], {F1: cell.Abs, A: 2}}
			} else if n == 3 {
				in = in[:3]
			}
			cells, ok := CellChain(nil, chained, in, nil)
			if !ok {
				t.Fatalf("%v: no chain of %d", s, n)
			}
			for _, square := range []bool{false, true} {
				fn := Sum
				if square {
					fn = SumSq
				}
				want := AggFull(nil, fn, cells)
				for _, c := range contexts() {
					if got, ok := SumChain(c, chained, in, square); !ok || got != want {
						t.Errorf("%v: %d steps, square %v: %v, %v; want %v", s, n, square, got, ok, want)
					}
				}
			}
		}
	}
}

func TestSumChainDependsOnNoThreads(t *testing.T) {
	x := draw(500, 300, whole).dense()
	y := Unary(nil, cell.Tanh, x, false)
	steps := []CellStep{{F2: cell.Div, A: 0, B: 1}}
	want, _ := SumChain(nil, steps, []Operand{{M: y}, {S: 7}}, true)
	for _, c := range contexts() {
		if got, ok := SumChain(c, steps, []Operand{{M: y}, {S: 7}}, true); !ok || math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%v, %v; want %v", got, ok, want)
		}
	}
}

func TestSumChainLeavesToOthers(t *testing.T) {
	sub := []CellStep{{F2: cell.Sub, A: 0, B: 1}}
	x := draw(20, 5, few)
	inf := FromRows([][]float64{{math.Inf(1), 1}})
	for name, in := range map[string][]Operand{
		"sparse":    {{M: x.csr()}, {M: x.dense()}},
		"broadcast": {{M: x.dense()}, {M: New(nil, 1, 5)}},
		"infinite":  {{M: inf}, {S: 1}},
	} {
		if s, ok := SumChain(nil, sub, in, false); ok {
			t.Errorf("%s: %v, want no sum", name, s)
		}
	}
}
