package matrix

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gdml/runtime/par"
)

// grid is what the naive oracles compute with.
type grid [][]float64

func newGrid(rows, cols int) grid {
	g := make(grid, rows)
	for i := range g {
		g[i] = make([]float64, cols)
	}
	return g
}

// dims carries the dimensions apart, since a grid without rows does not know its columns.
type operand struct {
	name       string
	rows, cols int
	g          grid
}

func (o operand) dense() *Matrix {
	m := FromRows(o.g)
	m.rows, m.cols = o.rows, o.cols
	return m
}

func (o operand) csr() *Matrix { return toSparse(nil, o.dense()) }

// forms returns the operand dense and as CSR.
func (o operand) forms() []*Matrix { return []*Matrix{o.dense(), o.csr()} }

// gridOf reads a result cell by cell.
func gridOf(m *Matrix) grid {
	g := newGrid(m.Rows(), m.Cols())
	for i := range g {
		for j := range g[i] {
			g[i][j] = m.At(i, j)
		}
	}
	return g
}

// content is the way the cells of a test operand are drawn.
type content uint8

const (
	whole     content = iota // small whole numbers: sums of products are exact
	fractions                // numbers of mixed magnitude
	few                      // one cell in ten, whole, with empty rows
	special                  // few, with NaN and infinities
)

func draw(rows, cols int, kind content) operand {
	r := rand.New(rand.NewPCG(uint64(rows)<<20|uint64(cols), uint64(kind)))
	g := newGrid(rows, cols)
	for i := range g {
		for j := range g[i] {
			switch kind {
			case whole:
				g[i][j] = float64(r.IntN(9) - 4)
			case fractions:
				g[i][j] = r.NormFloat64() * math.Exp(4*r.NormFloat64())
			default:
				if i%5 != 3 && r.IntN(10) == 0 {
					g[i][j] = float64(r.IntN(9) - 4)
				}
				if kind == special && r.IntN(12) == 0 {
					g[i][j] = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}[r.IntN(3)]
				}
			}
		}
	}
	return operand{fmt.Sprintf("%dx%d/%d", rows, cols, kind), rows, cols, g}
}

// shapes are legal sizes of one operand, with those around the borders of blocks.
var shapes = [][2]int{{0, 0}, {0, 3}, {3, 0}, {1, 1}, {1, 5}, {5, 1}, {4, 4}, {3, 7}, {7, 3}, {17, 16}, {33, 25}, {1, 600}, {600, 1}}

// bigShapes are for doors with blocks of their own; cellwise doors do without.
var bigShapes = append(shapes[:len(shapes):len(shapes)], [2]int{130, 70}, [2]int{2100, 5}, [2]int{5, 2100})

var contents = []content{whole, fractions, few, special}

// contexts are the environments every door must give the same cells in.
func contexts() []*Ctx {
	return []*Ctx{nil, {Par: par.New(3), Mem: NewArena(1 << 20)}}
}

// same reports whether two cells agree: bit for bit up to the sign of zero, or within tol.
func same(x, y, tol float64) bool {
	if x == y || x != x && y != y {
		return true
	}
	return math.Abs(x-y) <= tol*max(1, math.Abs(x), math.Abs(y))
}

// expect compares a result with the oracle's and checks the result's own invariants.
func expect(t *testing.T, name string, got *Matrix, rows, cols int, want grid, tol float64) {
	t.Helper()
	if got.Rows() != rows || got.Cols() != cols {
		t.Fatalf("%s: dimensions %v, want %dx%d", name, got, rows, cols)
	}
	wellFormed(t, name, got)
	nnz := int64(0)
	for i := range want {
		for j, w := range want[i] {
			v := got.At(i, j)
			if !same(v, w, tol) {
				t.Fatalf("%s: cell (%d,%d) is %v, want %v", name, i, j, v, w)
			}
			if v != 0 {
				nnz++
			}
		}
	}
	if got.NNZ() != nnz {
		t.Fatalf("%s: NNZ is %d, want %d", name, got.NNZ(), nnz)
	}
}

// wellFormed checks what must hold for every matrix.
func wellFormed(t *testing.T, name string, m *Matrix) {
	t.Helper()
	if m.refs.Load() < 1 {
		t.Fatalf("%s: result without a reference", name)
	}
	s := m.sparse
	if s == nil {
		if len(m.dense) != m.rows*m.cols {
			t.Fatalf("%s: %d cells in a %v matrix", name, len(m.dense), m)
		}
		return
	}
	if m.dense != nil || len(s.RowPtr) != m.rows+1 || s.RowPtr[0] != 0 || s.RowPtr[m.rows] != len(s.Val) {
		t.Fatalf("%s: malformed CSR", name)
	}
	for i := range m.rows {
		cols, _ := s.row(i)
		if !slices.IsSorted(cols) || len(slices.Compact(slices.Clone(cols))) != len(cols) {
			t.Fatalf("%s: columns of row %d do not ascend: %v", name, i, cols)
		}
		if len(cols) > 0 && (cols[0] < 0 || int(cols[len(cols)-1]) >= m.cols) {
			t.Fatalf("%s: column out of range in row %d: %v", name, i, cols)
		}
	}
}

// bitsOf returns all cells for comparison to the last bit.
func bitsOf(m *Matrix) []uint64 {
	out := make([]uint64, 0, m.Cells())
	for _, row := range gridOf(m) {
		for _, v := range row {
			if v != v {
				v = math.NaN()
			}
			out = append(out, math.Float64bits(v))
		}
	}
	return out
}

// unaryCase is a door of one operand with its naive definition.
type unaryCase struct {
	name  string
	tol   float64
	big   bool // try bigShapes too
	plain bool // not defined on NaN and infinities in the same way for both forms
	run   func(c *Ctx, a *Matrix) (*Matrix, error)
	// want gives the dimensions and cells, or fails where the door must.
	want func(a operand) (rows, cols int, g grid, fails bool)
}

// checkUnary runs a door over all shapes, contents, forms and contexts.
func checkUnary(t *testing.T, k unaryCase) {
	t.Helper()
	sizes := shapes
	if k.big {
		sizes = bigShapes
	}
	for _, s := range sizes {
		for _, kind := range contents {
			if k.plain && kind == special {
				continue
			}
			o := draw(s[0], s[1], kind)
			rows, cols, want, fails := k.want(o)
			for f, a := range o.forms() {
				for _, c := range contexts() {
					before := bitsOf(a)
					name := fmt.Sprintf("%s of %s form %d", k.name, o.name, f)
					got, err := k.run(c, a)
					if fails != (err != nil) {
						t.Fatalf("%s: error %v, want one: %v", name, err, fails)
					}
					if err == nil {
						expect(t, name, got, rows, cols, want, k.tol)
						got.Release()
					}
					if a.refs.Load() != 1 || !slices.Equal(before, bitsOf(a)) {
						t.Fatalf("%s: operand changed", name)
					}
				}
			}
		}
	}
}
