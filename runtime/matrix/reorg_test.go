package matrix

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// reorder is a reorganisation whose result cells are cells of the operand.
func reorder(rows, cols int, at func(i, j int) float64) (int, int, grid, bool) {
	g := newGrid(rows, cols)
	for i := range g {
		for j := range g[i] {
			g[i][j] = at(i, j)
		}
	}
	return rows, cols, g, false
}

func noError(f func(c *Ctx, a *Matrix) *Matrix) func(*Ctx, *Matrix) (*Matrix, error) {
	return func(c *Ctx, a *Matrix) (*Matrix, error) { return f(c, a), nil }
}

func TestReorganisationsAgainstOracle(t *testing.T) {
	checkUnary(t, unaryCase{name: "t", big: true, run: noError(Transpose),
		want: func(a operand) (int, int, grid, bool) {
			return reorder(a.cols, a.rows, func(i, j int) float64 { return a.g[j][i] })
		}})
	checkUnary(t, unaryCase{name: "rev", run: noError(Rev),
		want: func(a operand) (int, int, grid, bool) {
			return reorder(a.rows, a.cols, func(i, j int) float64 { return a.g[a.rows-1-i][j] })
		}})
	for _, shift := range []int{0, 1, -1, 4, 1000, -1001} {
		checkUnary(t, unaryCase{name: "roll", run: noError(func(c *Ctx, a *Matrix) *Matrix { return Roll(c, a, shift) }),
			want: func(a operand) (int, int, grid, bool) {
				return reorder(a.rows, a.cols, func(i, j int) float64 {
					return a.g[((i-shift)%a.rows+a.rows)%a.rows][j]
				})
			}})
	}
	checkUnary(t, unaryCase{name: "diag", run: Diag,
		want: func(a operand) (int, int, grid, bool) {
			switch {
			case a.cols == 1:
				return reorder(a.rows, a.rows, func(i, j int) float64 {
					if i == j {
						return a.g[i][0]
					}
					return 0
				})
			case a.rows == a.cols:
				return reorder(a.rows, 1, func(i, _ int) float64 { return a.g[i][i] })
			}
			return 0, 0, nil, true
		}})
	for _, byrow := range []bool{true, false} {
		checkUnary(t, unaryCase{name: fmt.Sprintf("reshape byrow %v", byrow),
			run: func(c *Ctx, a *Matrix) (*Matrix, error) { return Reshape(c, a, a.cols, a.rows, byrow) },
			want: func(a operand) (int, int, grid, bool) {
				return reorder(a.cols, a.rows, func(i, j int) float64 {
					if byrow {
						k := i*a.rows + j
						return a.g[k/a.cols][k%a.cols]
					}
					k := j*a.cols + i
					return a.g[k%a.rows][k/a.rows]
				})
			}})
	}
	if _, err := Reshape(nil, New(nil, 2, 3), 4, 2, true); err == nil {
		t.Error("reshape to other cells: no error")
	}
}

func TestTriangleAgainstOracle(t *testing.T) {
	for k := range 8 {
		lower, diag, values := k&1 != 0, k&2 != 0, k&4 != 0
		checkUnary(t, unaryCase{name: fmt.Sprintf("triangle %v %v %v", lower, diag, values),
			run: func(c *Ctx, a *Matrix) (*Matrix, error) { return Triangle(c, a, lower, diag, values) },
			want: func(a operand) (int, int, grid, bool) {
				if a.rows != a.cols {
					return 0, 0, nil, true
				}
				return reorder(a.rows, a.cols, func(i, j int) float64 {
					inside := lower && j < i || !lower && j > i || diag && i == j
					switch {
					case !inside:
						return 0
					case values:
						return a.g[i][j]
					}
					return 1
				})
			}})
	}
}

func TestBindAgainstOracle(t *testing.T) {
	for _, kinds := range [][2]content{{whole, few}, {few, few}, {special, whole}} {
		a, b := draw(20, 30, kinds[0]), draw(20, 7, kinds[1])
		at, bt := flip(a), flip(b)
		for f := range 4 {
			name := fmt.Sprintf("bind %v form %d", kinds, f)
			got, err := CBind(nil, a.forms()[f&1], b.forms()[f>>1], a.forms()[f&1])
			if err != nil {
				t.Fatal(err)
			}
			_, _, want, _ := reorder(20, 67, func(i, j int) float64 {
				switch {
				case j < 30:
					return a.g[i][j]
				case j < 37:
					return b.g[i][j-30]
				}
				return a.g[i][j-37]
			})
			expect(t, name, got, 20, 67, want, 0)
			got, err = RBind(nil, at.forms()[f&1], bt.forms()[f>>1], at.forms()[f&1])
			if err != nil {
				t.Fatal(err)
			}
			expect(t, "r"+name, got, 67, 20, flip(operand{"", 20, 67, want}).g, 0)
		}
	}
	if m, err := CBind(nil); err != nil || m.Cells() != 0 {
		t.Errorf("cbind of nothing: %v, %v", m, err)
	}
	grow := New(nil, 0, 4)
	for i := range 3 {
		var err error
		if grow, err = RBind(nil, grow, Fill(nil, 1, 4, float64(i))); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "rbind onto 0x4", grow, 3, 4, grid{{0, 0, 0, 0}, {1, 1, 1, 1}, {2, 2, 2, 2}}, 0)
	if _, err := CBind(nil, New(nil, 2, 2), New(nil, 3, 2)); err == nil {
		t.Error("cbind of 2x2 and 3x2: no error")
	}
	if _, err := RBind(nil, New(nil, 2, 2), New(nil, 2, 3)); err == nil {
		t.Error("rbind of 2x2 and 2x3: no error")
	}
}

func TestSliceAndAssignAgainstOracle(t *testing.T) {
	for _, kind := range contents {
		a, b := draw(33, 65, kind), draw(5, 9, kind)
		for _, at := range [][2]int{{0, 0}, {28, 56}, {7, 20}} {
			for f := range 4 {
				m, src := a.forms()[f&1], b.forms()[f>>1]
				before := bitsOf(m)
				got, err := Slice(nil, m, at[0], at[0]+5, at[1], at[1]+9)
				if err != nil {
					t.Fatal(err)
				}
				_, _, want, _ := reorder(5, 9, func(i, j int) float64 { return a.g[at[0]+i][at[1]+j] })
				expect(t, "slice", got, 5, 9, want, 0)

				_, _, want, _ = reorder(33, 65, func(i, j int) float64 {
					if i >= at[0] && i < at[0]+5 && j >= at[1] && j < at[1]+9 {
						return b.g[i-at[0]][j-at[1]]
					}
					return a.g[i][j]
				})
				if got, err = Assign(nil, m, at[0], at[1], src, false); err != nil {
					t.Fatal(err)
				}
				expect(t, "assign", got, 33, 65, want, 0)
				if m.sparse != nil {
					expect(t, "assign to CSR", assignSparse(nil, m, at[0], at[1], src), 33, 65, want, 0)
				}
				if !slices.Equal(before, bitsOf(m)) {
					t.Fatal("left indexing changed its operand")
				}
				again, err := Assign(nil, m, at[0], at[1], src, true)
				if err != nil || m.sparse == nil && again != m {
					t.Fatalf("left indexing in place: %v, %v", again, err)
				}
				expect(t, "assign in place", again, 33, 65, want, 0)
				one, err := AssignScalar(nil, again, 2, 3, 9, true)
				if err != nil || one.At(2, 3) != 9 || one.At(3, 2) != want[3][2] && want[3][2] == want[3][2] {
					t.Fatalf("scalar left indexing: %v", err)
				}
			}
		}
	}
	m := New(nil, 3, 4)
	for _, k := range [][4]int{{-1, 2, 0, 1}, {0, 4, 0, 1}, {0, 1, 2, 5}, {2, 1, 0, 1}} {
		if _, err := Slice(nil, m, k[0], k[1], k[2], k[3]); err == nil {
			t.Errorf("slice %v: no error", k)
		}
	}
	if _, err := Assign(nil, m, 2, 2, New(nil, 2, 2), false); err == nil {
		t.Error("left index out of range: no error")
	}
	if _, err := AssignScalar(nil, m, 3, 0, 1, false); err == nil {
		t.Error("left index of a cell out of range: no error")
	}
}

func TestRemoveEmptyAgainstOracle(t *testing.T) {
	for _, rows := range []bool{true, false} {
		for _, fill := range []bool{true, false} {
			checkUnary(t, unaryCase{name: fmt.Sprintf("removeEmpty rows %v", rows),
				run: func(c *Ctx, a *Matrix) (*Matrix, error) { return RemoveEmpty(c, a, rows, nil, fill) },
				want: func(a operand) (int, int, grid, bool) {
					if !rows {
						a = flip(a)
					}
					var kept grid
					for _, r := range a.g {
						if slices.ContainsFunc(r, func(v float64) bool { return v != 0 }) {
							kept = append(kept, r)
						}
					}
					if kept == nil && fill {
						kept = newGrid(1, a.cols)
					}
					o := operand{"", len(kept), a.cols, kept}
					if !rows {
						o = flip(o)
					}
					return o.rows, o.cols, o.g, false
				}})
		}
	}
	a := draw(4, 3, whole)
	got, err := RemoveEmpty(nil, a.dense(), true, FromRows(grid{{1}, {0}, {math.NaN()}, {0}}), true)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "select rows", got, 2, 3, grid{a.g[0], a.g[2]}, 0)
	if _, err := RemoveEmpty(nil, a.dense(), true, New(nil, 3, 1), true); err == nil {
		t.Error("selection that does not fit: no error")
	}
}

func TestReplaceAgainstOracle(t *testing.T) {
	for _, p := range [][2]float64{{0, 5}, {math.NaN(), 0}, {math.Inf(1), 1}, {2, 0}, {0, 0}} {
		checkUnary(t, unaryCase{name: fmt.Sprintf("replace %v", p),
			run: noError(func(c *Ctx, a *Matrix) *Matrix { return Replace(c, a, p[0], p[1]) }),
			want: func(a operand) (int, int, grid, bool) {
				return reorder(a.rows, a.cols, func(i, j int) float64 {
					if v := a.g[i][j]; same(v, p[0], 0) {
						return p[1]
					}
					return a.g[i][j]
				})
			}})
	}
}

func TestOrderIsStableBothWays(t *testing.T) {
	m := FromRows(grid{{2, 1}, {1, 2}, {math.NaN(), 3}, {2, 4}, {1, 5}, {0, 6}})
	for _, k := range []struct {
		decreasing bool
		want       []float64
	}{{false, []float64{6, 2, 5, 1, 4, 3}}, {true, []float64{3, 1, 4, 2, 5, 6}}} {
		p, err := Order(nil, m, []int{0}, k.decreasing, true)
		if err != nil || !slices.Equal(p.dense, k.want) {
			t.Errorf("decreasing %v: permutation %v, %v, want %v", k.decreasing, p.dense, err, k.want)
		}
		for _, form := range []*Matrix{m, toSparse(nil, m)} {
			s, err := Order(nil, form, []int{0}, k.decreasing, false)
			if err != nil || !slices.Equal(s.column(1), k.want) {
				t.Errorf("decreasing %v: rows %v, %v", k.decreasing, gridOf(s), err)
			}
		}
	}
	two, err := Order(nil, FromRows(grid{{2, 9}, {1, 5}, {2, 3}}), []int{0, 1}, false, true)
	if err != nil || !slices.Equal(two.dense, []float64{2, 3, 1}) {
		t.Errorf("two keys: %v, %v", two.dense, err)
	}
	if _, err := Order(nil, m, []int{2}, false, false); err == nil {
		t.Error("order by a missing column: no error")
	}
}

func TestUniqueIsAscending(t *testing.T) {
	o := operand{"", 2, 4, grid{{3, 0, 3, math.NaN()}, {-1, 0, 0, 3}}}
	nan := math.NaN()
	for _, m := range o.forms() {
		expect(t, "unique", Unique(nil, m, All), 4, 1, grid{{-1}, {0}, {3}, {nan}}, 0)
		expect(t, "unique rows", Unique(nil, m, PerRow), 2, 3, grid{{0, 3, nan}, {-1, 0, 3}}, 0)
		expect(t, "unique columns", Unique(nil, m, PerCol), 2, 4, grid{{-1, 0, 0, 3}, {3, 0, 3, nan}}, 0)
		expect(t, "count", CountDistinct(nil, m, All), 1, 1, grid{{4}}, 0)
		expect(t, "count rows", CountDistinct(nil, m, PerRow), 2, 1, grid{{3}, {3}}, 0)
		expect(t, "count columns", CountDistinct(nil, m, PerCol), 1, 4, grid{{2, 1, 2, 2}}, 0)
	}
}
