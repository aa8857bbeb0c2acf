package matrix

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gdml/runtime/cell"
)

func TestUnaryAgainstOracle(t *testing.T) {
	for _, f := range append(cell.Unaries(), cell.Not, cell.Square, cell.Sigmoid, cell.Sprop) {
		checkUnary(t, unaryCase{
			name: f.Name,
			tol:  4 * 0x1p-52, // what package kernel promises
			run:  func(c *Ctx, a *Matrix) (*Matrix, error) { return Unary(c, f, a, false), nil },
			want: func(a operand) (int, int, grid, bool) {
				g := newGrid(a.rows, a.cols)
				for i := range g {
					for j := range g[i] {
						g[i][j] = f.F(a.g[i][j])
					}
				}
				return a.rows, a.cols, g, false
			},
		})
	}
}

func TestScalarAgainstOracle(t *testing.T) {
	for _, f := range cell.Binaries() {
		for _, s := range []float64{0, -2, 0.5, math.NaN()} {
			for _, left := range []bool{false, true} {
				checkUnary(t, unaryCase{
					name: fmt.Sprintf("%s %v left=%v", f.Name, s, left),
					// a product with NaN or infinity keeps structural zeros, which the oracle does not know
					plain: true,
					run: func(c *Ctx, a *Matrix) (*Matrix, error) {
						if s-s != 0 && (f.LeftZero || f.RightZero) {
							a = a.ToDense(c)
							defer a.Release()
						}
						return Scalar(c, f, a, s, left, false), nil
					},
					want: func(a operand) (int, int, grid, bool) {
						g := newGrid(a.rows, a.cols)
						for i := range g {
							for j, v := range a.g[i] {
								g[i][j] = f.F(v, s)
								if left {
									g[i][j] = f.F(s, v)
								}
							}
						}
						return a.rows, a.cols, g, false
					},
				})
			}
		}
	}
}

// TestStructuralZerosOfProducts fixes the documented difference of the forms.
func TestStructuralZerosOfProducts(t *testing.T) {
	g := newGrid(20, 20)
	g[3][4] = 2
	d := operand{rows: 20, cols: 20, g: g}
	if v := Scalar(nil, cell.Mul, d.csr(), math.NaN(), false, false); v.At(0, 0) != 0 || v.At(3, 4) == v.At(3, 4) {
		t.Errorf("CSR times NaN: %v and %v, want 0 and NaN", v.At(0, 0), v.At(3, 4))
	}
	if v := Scalar(nil, cell.Mul, d.dense(), math.NaN(), false, false); v.At(0, 0) == v.At(0, 0) {
		t.Errorf("dense times NaN: %v, want NaN", v.At(0, 0))
	}
	inf := Fill(nil, 20, 1, math.Inf(1))
	got, err := MatMul(nil, d.csr(), inf)
	if err != nil || got.At(0, 0) != 0 || !math.IsInf(got.At(3, 0), 1) {
		t.Errorf("CSR by infinities: %v, %v", gridOf(got), err)
	}
	got, err = MatMul(nil, d.dense(), inf)
	if err != nil || got.At(0, 0) == got.At(0, 0) {
		t.Errorf("dense by infinities: %v, %v, want NaN", gridOf(got), err)
	}
}

func binaryWant(f func(a, b float64) float64, a, b operand, rows, cols int) grid {
	g := newGrid(rows, cols)
	for i := range g {
		for j := range g[i] {
			g[i][j] = f(a.g[i%a.rows][j%a.cols], b.g[i%b.rows][j%b.cols])
		}
	}
	return g
}

// pairs are sizes that fit each other, in all the ways of broadcasting.
var pairs = [][4]int{
	{4, 6, 4, 6}, {4, 6, 4, 1}, {4, 6, 1, 6}, {4, 1, 4, 6}, {1, 6, 4, 6}, {4, 1, 1, 6}, {1, 6, 4, 1},
	{4, 6, 1, 1}, {1, 1, 4, 6}, {1, 1, 1, 1}, {5, 1, 5, 1}, {1, 5, 1, 5}, {20, 30, 20, 30}, {20, 30, 20, 1},
	{20, 30, 1, 30}, {1, 30, 20, 30}, {0, 3, 0, 3}, {0, 3, 1, 3}, {3, 0, 3, 1}, {0, 0, 1, 1},
}

func TestBinaryAgainstOracle(t *testing.T) {
	for _, f := range cell.Binaries() {
		for _, p := range pairs {
			for _, ka := range contents[:3] {
				for _, kb := range contents {
					// NaN and infinities against structural zeros differ by form, as documented
					if kb == special && (f.LeftZero || f.RightZero) {
						continue
					}
					checkBinary(t, f, draw(p[0], p[1], ka), draw(p[2], p[3], kb))
				}
			}
		}
	}
}

func checkBinary(t *testing.T, f *cell.Binary, a, b operand) {
	t.Helper()
	rows, cols := max(a.rows, b.rows), max(a.cols, b.cols)
	if a.rows == 0 || b.rows == 0 {
		rows = 0
	}
	if a.cols == 0 || b.cols == 0 {
		cols = 0
	}
	want := binaryWant(f.F, a, b, rows, cols)
	for _, x := range a.forms() {
		for _, y := range b.forms() {
			for _, c := range contexts() {
				for reuse := ReuseNone; reuse <= ReuseA|ReuseB; reuse++ {
					p, q := deepCopy(x), deepCopy(y)
					name := fmt.Sprintf("%s %s %s sparse %v %v reuse %d", a.name, f.Name, b.name, x.IsSparse(), y.IsSparse(), reuse)
					got, err := Binary(c, f, p, q, reuse)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					expect(t, name, got, rows, cols, want, 0)
					if reuse&ReuseA == 0 && !slices.Equal(bitsOf(p), bitsOf(x)) || reuse&ReuseB == 0 && !slices.Equal(bitsOf(q), bitsOf(y)) {
						t.Fatalf("%s: operand changed", name)
					}
				}
			}
		}
	}
}

// deepCopy returns a deep copy of m in its form.
func deepCopy(m *Matrix) *Matrix {
	if m.sparse != nil {
		return FromCSR(m.rows, m.cols, &CSR{slices.Clone(m.sparse.RowPtr), slices.Clone(m.sparse.ColIdx), slices.Clone(m.sparse.Val)})
	}
	return FromDense(m.rows, m.cols, slices.Clone(m.dense))
}

func TestBinaryRejectsSizes(t *testing.T) {
	for _, p := range [][4]int{{2, 3, 3, 2}, {2, 3, 2, 2}, {2, 3, 3, 1}, {2, 3, 1, 2}, {0, 3, 2, 3}} {
		a, b := New(nil, p[0], p[1]), New(nil, p[2], p[3])
		if _, err := Binary(nil, cell.Add, a, b, ReuseNone); err == nil {
			t.Errorf("%v + %v: no error", a, b)
		}
		if _, err := PlusMul(nil, a, 2, b, false, false); err == nil {
			t.Errorf("%v + 2*%v: no error", a, b)
		}
	}
}

func TestPlusMulAgainstOracle(t *testing.T) {
	for _, p := range pairs {
		for _, kind := range contents[:3] {
			a, b := draw(p[0], p[1], kind), draw(p[2], p[3], kind)
			if a.rows*a.cols*b.rows*b.cols == 0 {
				continue
			}
			for _, minus := range []bool{false, true} {
				f := func(x, y float64) float64 { return x + 3*y }
				if minus {
					f = func(x, y float64) float64 { return x - 3*y }
				}
				want := binaryWant(f, a, b, max(a.rows, b.rows), max(a.cols, b.cols))
				for _, x := range a.forms() {
					for _, y := range b.forms() {
						for _, reuse := range []bool{false, true} {
							got, err := PlusMul(nil, deepCopy(x), 3, y, minus, reuse)
							if err != nil {
								t.Fatal(err)
							}
							expect(t, fmt.Sprintf("%s plusmul %s", a.name, b.name), got, len(want), max(a.cols, b.cols), want, 0)
						}
					}
				}
			}
		}
	}
}

// TestReuseKeepsItsPromise checks the contract: the result is the operand, or the operand can still be released.
func TestReuseKeepsItsPromise(t *testing.T) {
	c := &Ctx{Mem: NewArena(1 << 20)}
	a := Fill(c, 50, 50, 2)
	if out := Unary(c, cell.Sqrt, a, true); out != a || out.At(1, 1) != math.Sqrt(2) {
		t.Errorf("in place sqrt did not return its operand")
	}
	zero := Scalar(c, cell.Mul, a, 0, false, true)
	if zero == a {
		t.Errorf("the zero matrix was not stored as CSR")
	}
	zero.Release()
	a.Release() // still the caller's
	x, y := Fill(c, 50, 50, 2), Fill(c, 50, 1, 3)
	out, err := Binary(c, cell.Add, y, x, ReuseB)
	if err != nil || out != x || out.At(4, 4) != 5 {
		t.Errorf("in place on the right: %v", err)
	}
	if out, err = Binary(c, cell.Add, y, x, ReuseA); err != nil || out == y || out == x {
		t.Errorf("a smaller operand cannot take the result: %v", err)
	}
}

func TestIfElseAgainstOracle(t *testing.T) {
	cond, a, b := draw(30, 40, special), draw(30, 40, fractions), draw(30, 40, few)
	scalar := Operand{S: 7}
	one := Operand{M: FromRows(grid{{-3}})}
	cells := func(o Operand, i, j int) float64 {
		if v, ok := o.scalar(); ok {
			return v
		}
		return o.M.At(i, j)
	}
	for _, x := range []Operand{{M: cond.dense()}, {M: cond.csr()}, scalar, {}, {S: math.NaN()}} {
		for _, y := range []Operand{{M: a.dense()}, one, scalar} {
			for _, z := range []Operand{{M: b.dense()}, {M: b.csr()}, scalar} {
				got, err := IfElse(nil, x, y, z)
				if err != nil {
					t.Fatal(err)
				}
				want := newGrid(got.Rows(), got.Cols())
				for i := range want {
					for j := range want[i] {
						want[i][j] = cells(z, i, j)
						if cells(x, i, j) != 0 {
							want[i][j] = cells(y, i, j)
						}
					}
				}
				expect(t, "ifelse", got, len(want), got.Cols(), want, 0)
			}
		}
	}
	if _, err := IfElse(nil, Operand{M: New(nil, 2, 3)}, Operand{M: New(nil, 3, 2)}, scalar); err == nil {
		t.Error("sizes that do not agree: no error")
	}
}
