package matrix

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gdml/runtime/cell"
	"gdml/runtime/par"
)

// sampledCase is a chain whose operands are the driver, a second matrix, the number
// 0, the number 0.5 and, last, the product.
type sampledCase struct {
	name  string
	steps []CellStep
	f     func(w, x, p float64) float64 // where w is not zero
}

const prod = 4 // the product's place among the operands

var sampledCases = []sampledCase{
	{"W * P", []CellStep{{F2: cell.Mul, A: 0, B: prod}}, func(w, _, p float64) float64 { return w * p }},
	{"(W != 0) * (P - X)", []CellStep{{F2: cell.Ne, A: 0, B: 2}, {F2: cell.Sub, A: prod, B: 1}, {F2: cell.Mul, A: prod + 1, B: prod + 2}},
		func(_, x, p float64) float64 { return p - x }},
	{"W / (P^2 + 0.5)", []CellStep{{F1: cell.Square, A: prod}, {F2: cell.Add, A: prod + 1, B: 3}, {F2: cell.Div, A: 0, B: prod + 2}},
		func(w, _, p float64) float64 { return w / (p*p + 0.5) }},
	{"abs(W) * P * exp(0.5 * P) - 0.5 * W", []CellStep{{F1: cell.Abs, A: 0}, {F2: cell.Mul, A: prod, B: prod + 1}, {F2: cell.Mul, A: 3, B: prod}, {F1: cell.Exp, A: prod + 3},
		{F2: cell.Mul, A: prod + 2, B: prod + 4}, {F2: cell.Mul, A: 3, B: 0}, {F2: cell.Sub, A: prod + 5, B: prod + 6}},
		func(w, _, p float64) float64 { return math.Abs(w)*p*math.Exp(0.5*p) - 0.5*w }},
}

// sampledInputs are the second matrix: of the product's size, broadcast in every way, and the driver itself.
func sampledInputs(rows, cols int, w operand) []operand {
	return []operand{draw(rows, cols, fractions), draw(rows, cols, few), draw(rows, 1, whole), draw(1, cols, whole), draw(1, 1, whole), w}
}

func TestSampledAgainstOracle(t *testing.T) {
	for _, size := range [][3]int{{20, 1, 30}, {30, 2, 20}, {90, 3, 70}, {61, 7, 170}, {700, 5, 40}} {
		rows, inner, cols := size[0], size[1], size[2]
		for _, w := range []operand{draw(rows, cols, few), {rows: rows, cols: cols, g: newGrid(rows, cols)}} {
			for _, x := range sampledInputs(rows, cols, w) {
				for _, k := range sampledCases {
					checkSampled(t, k, draw(rows, inner, whole), draw(cols, inner, whole), w, x)
				}
			}
		}
	}
}

// checkSampled demands that the door samples and agrees with the definition, however the factors are given.
func checkSampled(t *testing.T, k sampledCase, u, v, w, x operand) {
	t.Helper()
	want := newGrid(w.rows, w.cols)
	for i := range want {
		for j := range want[i] {
			p := 0.0
			for l := range u.cols {
				p += u.g[i][l] * v.g[j][l]
			}
			if w.g[i][j] != 0 {
				want[i][j] = k.f(w.g[i][j], x.g[i%x.rows][j%x.cols], p)
			}
		}
	}
	second := x.dense()
	if x.rows == w.rows && x.cols == w.cols {
		second = x.csr()
	}
	for _, c := range contexts() {
		for _, f := range []Factors{{u.dense(), v.dense(), true}, {u.csr(), Transpose(nil, v.dense()), false}} {
			for _, s := range []*Matrix{second, second.ToDense(nil)} {
				name := fmt.Sprintf("%s, %v %v %v with %v", k.name, f.A, f.B, f.Trans, s)
				got, ok := Sampled(c, f, k.steps, []Operand{{M: w.csr()}, {M: s}, {S: 0}, {S: 0.5}})
				if !ok {
					t.Fatalf("%s: not sampled", name)
				}
				expect(t, name, got, w.rows, w.cols, want, 1e-14)
			}
		}
	}
}

// What is not sampled is left to the caller: dense and full drivers, drivers of other sizes, chains that
// are not zero outside of a pattern, and products that are none.
func TestSampledRefuses(t *testing.T) {
	u, v, w := draw(20, 3, whole).dense(), draw(30, 3, whole).dense(), draw(20, 30, few).csr()
	times := []CellStep{{F2: cell.Mul, A: 0, B: 1}}
	full := Fill(nil, 20, 30, 1).ToSparse(nil)
	for _, tt := range []struct {
		name  string
		f     Factors
		steps []CellStep
		in    []Operand
	}{
		{"dense driver", Factors{u, v, true}, times, []Operand{{M: w.ToDense(nil)}}},
		{"full driver", Factors{u, v, true}, times, []Operand{{M: full}}},
		{"driver of another size", Factors{u, v, true}, times, []Operand{{M: draw(30, 20, few).csr()}}},
		{"driver that is broadcast", Factors{u, v, true}, times, []Operand{{M: draw(1, 30, few).csr()}}},
		{"number", Factors{u, v, true}, times, []Operand{{S: 0}}},
		{"sum", Factors{u, v, true}, []CellStep{{F2: cell.Add, A: 0, B: 1}}, []Operand{{M: w}}},
		{"power of zero", Factors{u, v, true}, []CellStep{{F2: cell.Pow, A: 0, B: 1}, {F2: cell.Mul, A: 2, B: 3}}, []Operand{{M: w}, {S: 0}}},
		{"divisor of zero", Factors{u, v, true}, []CellStep{{F2: cell.Div, A: 0, B: 1}, {F2: cell.Mul, A: 2, B: 3}}, []Operand{{M: w}, {S: 0}}},
		{"factors that do not fit", Factors{u, v, false}, times, []Operand{{M: w}}},
		{"1x1 factor", Factors{draw(1, 1, whole).dense(), draw(1, 30, whole).dense(), false}, times, []Operand{{M: draw(1, 30, few).csr()}}},
		{"deep product", Factors{draw(20, 40, whole).dense(), draw(30, 40, whole).dense(), true}, times, []Operand{{M: w}}},
		{"few cells in a factor", Factors{FromCSR(20, 3, &CSR{RowPtr: make([]int, 21)}), v, true}, times, []Operand{{M: w}}},
	} {
		if got, ok := Sampled(nil, tt.f, tt.steps, tt.in); ok {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// Outside of the pattern NaN and infinity do not count, inside they do; a quotient is zero outside, too.
func TestSampledSpecialValues(t *testing.T) {
	w := newGrid(20, 30)
	w[2][3], w[4][5], w[6][7] = 1, 2, math.NaN()
	u, v := newGrid(20, 1), newGrid(30, 1)
	u[0][0], u[1][0], u[2][0], u[4][0], u[6][0] = math.NaN(), math.Inf(1), math.Inf(1), 3, 1
	for j := range v {
		v[j][0] = 1
	}
	driver := operand{rows: 20, cols: 30, g: w}.csr()
	f := Factors{FromRows(u), FromRows(v), true}
	for _, tt := range []struct {
		f      *cell.Binary
		at     [3]float64
		nonnil int64
	}{
		{cell.Mul, [3]float64{math.Inf(1), 6, math.NaN()}, 3},
		{cell.Div, [3]float64{0, 2.0 / 3, math.NaN()}, 2},
	} {
		got, ok := Sampled(nil, f, []CellStep{{F2: tt.f, A: 0, B: 1}}, []Operand{{M: driver}})
		if !ok {
			t.Fatalf("%s: not sampled", tt.f.Name)
		}
		at := [3]float64{got.At(2, 3), got.At(4, 5), got.At(6, 7)}
		for k := range at {
			if !same(at[k], tt.at[k], 0) {
				t.Errorf("%s: %v, want %v", tt.f.Name, at, tt.at)
			}
		}
		if got.NNZ() != tt.nonnil {
			t.Errorf("%s: %d cells are not zero, want %d", tt.f.Name, got.NNZ(), tt.nonnil)
		}
	}
}

// TestSampledThreads cuts the pattern, with empty and crowded rows, into many tasks.
func TestSampledThreads(t *testing.T) {
	g := newGrid(900, 700)
	for i := range g {
		for j := range g[i] {
			if i%7 == 0 && j%2 == 0 || (31*i+17*j)%97 == 0 && i%5 != 0 {
				g[i][j] = float64(i-j) + 0.5
			}
		}
	}
	w := operand{rows: 900, cols: 700, g: g}.csr()
	f := Factors{draw(900, 7, fractions).dense(), draw(700, 7, fractions).dense(), true}
	x := draw(900, 700, fractions).dense()
	for _, k := range sampledCases {
		in := []Operand{{M: w}, {M: x}, {S: 0}, {S: 0.5}}
		want, ok := Sampled(&Ctx{}, f, k.steps, in)
		if !ok {
			t.Fatalf("%s: not sampled", k.name)
		}
		for _, threads := range []int{2, 3, 8} {
			got, _ := Sampled(&Ctx{Par: par.New(threads), Mem: NewArena(1 << 24)}, f, k.steps, in)
			if !slices.Equal(bitsOf(got), bitsOf(want)) {
				t.Errorf("%s: %d threads give other bits", k.name, threads)
			}
		}
	}
}

// TestSampledMemory checks that nothing like the product is allocated.
func TestSampledMemory(t *testing.T) {
	const n = 3000
	s := &CSR{RowPtr: make([]int, 1, n+1)}
	for i := range n {
		for k := range i % 4 {
			s.ColIdx = append(s.ColIdx, int32((i+700*k)%700+700*k))
			s.Val = append(s.Val, 1)
		}
		s.RowPtr = append(s.RowPtr, len(s.Val))
	}
	w := FromCSR(n, n, s)
	u := draw(n, 7, fractions).dense()
	c := &Ctx{Par: par.New(2), Mem: NewArena(0)}
	c.Mem.Bound(1 << 20) // bytes of one buffer; the product takes 72 MB
	for _, k := range sampledCases {
		if _, ok := Sampled(c, Factors{u, u, true}, k.steps, []Operand{{M: w}, {M: w}, {S: 0}, {S: 0.5}}); !ok {
			t.Errorf("%s: not sampled", k.name)
		}
	}
}
