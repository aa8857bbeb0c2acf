package matrix

import (
	"fmt"
	"math"
	"testing"
)

func naiveMul(a, b operand) grid {
	g := newGrid(a.rows, b.cols)
	for i := range g {
		for j := range g[i] {
			for k := range a.cols {
				g[i][j] += a.g[i][k] * b.g[k][j]
			}
		}
	}
	return g
}

func flip(a operand) operand {
	g := newGrid(a.cols, a.rows)
	for i := range a.rows {
		for j := range a.cols {
			g[j][i] = a.g[i][j]
		}
	}
	return operand{a.name + "'", a.cols, a.rows, g}
}

// TestMatMulAgainstOracle uses whole numbers, for which every order of addition is exact.
func TestMatMulAgainstOracle(t *testing.T) {
	sizes := [][3]int{{0, 3, 4}, {3, 0, 4}, {3, 4, 0}, {2, 3, 4}, {1, 7, 1}, {1, 7, 5}, {5, 7, 1}, {5, 1, 7}, {1, 1, 5}, {6, 1, 1},
		{3, 9, 5}, {8, 256, 9}, {17, 300, 23}, {65, 33, 70}, {70, 257, 66}, {3, 4200, 5}, {1, 4200, 30}, {40, 12, 9}}
	for _, s := range sizes {
		for _, ka := range []content{whole, few} {
			for _, kb := range []content{whole, few} {
				a, b := draw(s[0], s[1], ka), draw(s[1], s[2], kb)
				want := naiveMul(a, b)
				for _, x := range a.forms() {
					for _, y := range b.forms() {
						for _, c := range contexts() {
							name := fmt.Sprintf("%s by %s sparse %v %v", a.name, b.name, x.IsSparse(), y.IsSparse())
							got, err := MatMul(c, x, y)
							if err != nil {
								t.Fatalf("%s: %v", name, err)
							}
							expect(t, name, got, a.rows, b.cols, want, 0)
						}
					}
				}
			}
		}
	}
}

func TestMatMulOfScalars(t *testing.T) {
	a, s := draw(4, 6, whole), FromRows(grid{{3}})
	for _, m := range a.forms() {
		for _, swap := range []bool{false, true} {
			x, y := m, s
			if swap {
				x, y = s, m
			}
			got, err := MatMul(nil, x, y)
			if err != nil || got.At(2, 2) != 3*a.g[2][2] || got.Cols() != 6 {
				t.Errorf("%v by %v: %v, %v", x, y, got, err)
			}
		}
	}
	if _, err := MatMul(nil, New(nil, 100, 5), New(nil, 4, 1)); err == nil ||
		err.Error() != "matrix product needs inner dimensions to agree: 100x5 and 4x1" {
		t.Errorf("inner dimensions: %v", err)
	}
}

// TestDenseProductIsIEEE: zero times NaN or infinity is NaN, in every loop of the product.
func TestDenseProductIsIEEE(t *testing.T) {
	for _, s := range [][3]int{{2, 3, 4}, {50, 60, 70}, {1, 9, 1}, {30, 5000, 4}, {9, 5, 1}} {
		for _, bad := range []float64{math.NaN(), math.Inf(1)} {
			a, b := New(nil, s[0], s[1]), New(nil, s[1], s[2])
			b.dense[s[2]] = bad // row 1, column 0
			got := mulDense(nil, a, b)
			for i := range s[0] {
				if got.At(i, 0) == got.At(i, 0) || s[2] > 1 && got.At(i, 1) != 0 {
					t.Fatalf("%v zeros by %v: row %d is %v", s, bad, i, gridOf(got)[i])
				}
			}
		}
	}
}

func TestTSMMAgainstOracle(t *testing.T) {
	for _, left := range []bool{true, false} {
		for _, kind := range []content{whole, few} {
			for _, s := range append(bigShapes, [2]int{20, 520}, [2]int{5000, 9}) {
				if max(s[0], s[1]) > 600 && (s[0] > 600) != left {
					continue
				}
				x := draw(s[0], s[1], kind)
				want := naiveMul(x, flip(x))
				if left {
					want = naiveMul(flip(x), x)
				}
				n := len(want)
				for _, m := range x.forms() {
					for _, c := range contexts() {
						expect(t, fmt.Sprintf("tsmm %s left %v sparse %v", x.name, left, m.IsSparse()), TSMM(c, m, left), n, n, want, 0)
					}
				}
			}
		}
	}
}

func TestMMChainAgainstOracle(t *testing.T) {
	for _, s := range bigShapes {
		for _, kind := range []content{whole, few} {
			x, v, w := draw(s[0], s[1], kind), draw(s[1], 1, whole), draw(s[0], 1, whole)
			for _, chain := range []ChainKind{XtXv, XtwXv, XtXvy} {
				p := operand{"", s[0], 1, naiveMul(x, v)}
				for i := range p.g {
					switch chain {
					case XtwXv:
						p.g[i][0] *= w.g[i][0]
					case XtXvy:
						p.g[i][0] -= w.g[i][0]
					}
				}
				want := naiveMul(flip(x), p)
				for _, m := range x.forms() {
					for _, c := range contexts() {
						weights := w.dense()
						if chain == XtXv {
							weights = nil
						}
						got, err := MMChain(c, m, v.dense(), weights, chain)
						if err != nil {
							t.Fatal(err)
						}
						expect(t, fmt.Sprintf("mmchain %d %s", chain, x.name), got, s[1], 1, want, 0)
					}
				}
			}
		}
	}
	x := New(nil, 4, 3)
	if _, err := MMChain(nil, x, New(nil, 4, 1), nil, XtXv); err == nil {
		t.Error("mmchain with a vector that does not fit: no error")
	}
	if _, err := MMChain(nil, x, New(nil, 3, 1), New(nil, 3, 1), XtwXv); err == nil {
		t.Error("mmchain with weights that do not fit: no error")
	}
}
