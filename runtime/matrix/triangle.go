package matrix

import "gdml/runtime/matrix/kernel"

const (
	triBlock = 64   // size from which a triangle is cut in two
	triTask  = 160  // size up to which strips of the right-hand side are solved for side by side
	triStrip = 96   // most columns, or rows, of such a strip
	triNanos = 0.06 // time of a multiply-add of a small triangle
)

// triangle is op(A) for a triangular A.
type triangle struct {
	a      view // op(A)
	lower  bool // op(A) is lower triangular
	unit   bool // its diagonal is one and not read
	turned bool // op transposes
}

func newTriangle(lower, trans, unit bool, a []float64, lda int) triangle {
	t := triangle{a: view{a, lda, 1}, lower: lower != trans, unit: unit, turned: trans}
	if trans {
		t.a.rs, t.a.cs = 1, lda
	}
	return t
}

// low returns the triangle from row and column i on.
func (t triangle) low(i int) triangle {
	t.a = t.a.at(i, i)
	return t
}

// square returns the square block between the triangles before and after h, as an
// operand of Gemm.
func (t triangle) square(h int) (data []float64, trans bool, ld int) {
	if t.lower {
		data = t.a.at(h, 0).data
	} else {
		data = t.a.at(0, h).data
	}
	return data, t.turned, max(t.a.rs, t.a.cs)
}

// halve returns where a triangle of n rows is cut: at whole tiles.
func halve(n int) int { return (n/2 + 7) &^ 7 }

// Trsm solves op(A)*X = alpha*B for X, or X*op(A) = alpha*B if right is set, and writes
// X to b. B is m x n with rows ldb apart; A is triangular, lower or upper, with rows lda
// apart, and its other triangle is not read, nor is its diagonal if unit is set. op
// transposes if trans is set. It runs on all threads of c. Zeros on the diagonal give
// infinities or NaN. The slices must have room; the caller checks.
func Trsm(c *Ctx, right, lower, trans, unit bool, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	if m == 0 || n == 0 {
		return
	}
	t := newTriangle(lower, trans, unit, a, lda)
	if alpha != 1 {
		fadeRows(m, n, alpha, b, ldb)
	}
	if right {
		t.solveRight(c, m, n, b, ldb)
	} else {
		t.solveLeft(c, m, n, b, ldb)
	}
}

// strips calls solve for strips of n columns or rows of a right-hand side, which are
// independent, if there are several and the triangle is not so large that its products
// should be shared instead.
func (t triangle) strips(c *Ctx, size, n int, solve func(lo, n int)) bool {
	if size > triTask || n <= triStrip {
		return false
	}
	parts := (n + triStrip - 1) / triStrip
	wide := ((n+parts-1)/parts + 7) &^ 7
	c.workers().RangeCost(n, wide, triNanos*float64(size*size)/2, func(lo, hi int) { solve(lo, hi-lo) })
	return true
}

// solveLeft replaces b, m x n, by the X with op(A)*X = b.
func (t triangle) solveLeft(c *Ctx, m, n int, b []float64, ldb int) {
	if t.strips(c, m, n, func(lo, n int) { t.solveLeft(c, m, n, b[lo:], ldb) }) {
		return
	}
	if m <= triBlock {
		t.substitute(m, n, t.blocks(m), b, ldb)
		return
	}
	h := halve(m)
	top, bottom := b, b[h*ldb:]
	s, tr, ld := t.square(h)
	if t.lower {
		t.solveLeft(c, h, n, top, ldb)
		Gemm(c, tr, false, m-h, n, h, -1, s, ld, top, ldb, 1, bottom, ldb)
		t.low(h).solveLeft(c, m-h, n, bottom, ldb)
		return
	}
	t.low(h).solveLeft(c, m-h, n, bottom, ldb)
	Gemm(c, tr, false, h, n, m-h, -1, s, ld, bottom, ldb, 1, top, ldb)
	t.solveLeft(c, h, n, top, ldb)
}

// solveRight replaces b, m x n, by the X with X*op(A) = b.
func (t triangle) solveRight(c *Ctx, m, n int, b []float64, ldb int) {
	if t.strips(c, n, m, func(lo, m int) { t.solveRight(c, m, n, b[lo*ldb:], ldb) }) {
		return
	}
	if n <= triBlock {
		t.smallRight(c, m, n, b, ldb)
		return
	}
	h := halve(n)
	left, right := b, b[h:]
	s, tr, ld := t.square(h)
	if t.lower {
		t.low(h).solveRight(c, m, n-h, right, ldb)
		Gemm(c, false, tr, m, h, n-h, -1, right, ldb, s, ld, 1, left, ldb)
		t.solveRight(c, m, h, left, ldb)
		return
	}
	t.solveRight(c, m, h, left, ldb)
	Gemm(c, false, tr, m, n-h, h, -1, left, ldb, s, ld, 1, right, ldb)
	t.low(h).solveRight(c, m, n-h, right, ldb)
}

// smallRight is solveRight for at most triBlock columns and triStrip rows: the transposed problem.
func (t triangle) smallRight(c *Ctx, m, n int, b []float64, ldb int) {
	s := t
	s.a.rs, s.a.cs = t.a.cs, t.a.rs
	s.lower = !t.lower
	buf := newDense(c, n, triStrip)
	defer buf.Release()
	kernel.Transpose(m, n, b, ldb, buf.dense, triStrip)
	s.substitute(n, m, s.blocks(n), buf.dense, triStrip)
	kernel.Transpose(n, m, buf.dense, triStrip, b, ldb)
}

// blocks returns, for every step of substitute, the triangle of its rows in the order
// in which they are solved for, with the reciprocals of the diagonal.
func (t triangle) blocks(m int) []float64 {
	step := kernel.SymStep()
	l := make([]float64, 0, m*step)
	for i := 0; i < m; i += step {
		s := min(step, m-i)
		for r := range s {
			for p := range s {
				row, col := i+r, i+p
				if !t.lower {
					row, col = m-1-row, m-1-col
				}
				v := 0.0
				switch {
				case p < r:
					v = t.a.data[row*t.a.rs+col*t.a.cs]
				case p == r && t.unit:
					v = 1
				case p == r:
					v = 1 / t.a.data[row*t.a.rs+col*t.a.cs]
				}
				l = append(l, v)
			}
		}
	}
	return l
}

// substitute replaces b, m x n, by the solution X of op(A)*X = b, a few rows at a time:
// down for a lower triangle, up for an upper one.
func (t triangle) substitute(m, n int, blocks, b []float64, ldb int) {
	step := kernel.SymStep()
	for i := 0; i < m; i += step {
		s := min(step, m-i)
		at, from := i, 0 // the rows of this step, and those solved for before
		if !t.lower {
			at, from = m-i-s, m-i
		}
		rows := b[at*ldb:]
		if i > 0 {
			a := t.a.at(at, from)
			kernel.Gemm(s, n, i, kernel.LeftPanels(a.data, a.rs, a.cs), kernel.RightPanels(b[from*ldb:], ldb), rows, ldb, kernel.Subtract, kernel.Whole, 0, 0)
		}
		kernel.SolveRows(s, n, blocks, rows, ldb, !t.lower)
		blocks = blocks[s*s:]
	}
}

// Trmm computes B = alpha*op(A)*B, or B = alpha*B*op(A) if right is set, in place. The
// arguments are those of Trsm.
func Trmm(c *Ctx, right, lower, trans, unit bool, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	if m == 0 || n == 0 {
		return
	}
	t := newTriangle(lower, trans, unit, a, lda)
	if right {
		t.mulRight(c, m, n, b, ldb)
	} else {
		t.mulLeft(c, m, n, b, ldb)
	}
	if alpha != 1 {
		fadeRows(m, n, alpha, b, ldb)
	}
}

// mulLeft replaces b, m x n, by op(A)*b.
func (t triangle) mulLeft(c *Ctx, m, n int, b []float64, ldb int) {
	if m <= triBlock {
		buf, square, old := t.complete(c, m, m, n, b, ldb)
		defer buf.Release()
		Gemm(c, false, false, m, n, m, 1, square, m, old, n, 0, b, ldb)
		return
	}
	h := halve(m)
	top, bottom := b, b[h*ldb:]
	s, tr, ld := t.square(h)
	if t.lower {
		t.low(h).mulLeft(c, m-h, n, bottom, ldb)
		Gemm(c, tr, false, m-h, n, h, 1, s, ld, top, ldb, 1, bottom, ldb)
		t.mulLeft(c, h, n, top, ldb)
		return
	}
	t.mulLeft(c, h, n, top, ldb)
	Gemm(c, tr, false, h, n, m-h, 1, s, ld, bottom, ldb, 1, top, ldb)
	t.low(h).mulLeft(c, m-h, n, bottom, ldb)
}

// mulRight replaces b, m x n, by b*op(A).
func (t triangle) mulRight(c *Ctx, m, n int, b []float64, ldb int) {
	if n <= triBlock {
		buf, square, old := t.complete(c, n, m, n, b, ldb)
		defer buf.Release()
		Gemm(c, false, false, m, n, n, 1, old, n, square, n, 0, b, ldb)
		return
	}
	h := halve(n)
	left, right := b, b[h:]
	s, tr, ld := t.square(h)
	if t.lower {
		t.mulRight(c, m, h, left, ldb)
		Gemm(c, false, tr, m, h, n-h, 1, right, ldb, s, ld, 1, left, ldb)
		t.low(h).mulRight(c, m, n-h, right, ldb)
		return
	}
	t.low(h).mulRight(c, m, n-h, right, ldb)
	Gemm(c, false, tr, m, n-h, h, 1, left, ldb, s, ld, 1, right, ldb)
	t.mulRight(c, m, h, left, ldb)
}

// complete returns op(A), size x size, with its zeros and ones, and a copy of b, m x n.
func (t triangle) complete(c *Ctx, size, m, n int, b []float64, ldb int) (buf *Matrix, square, old []float64) {
	buf = newDense(c, 1, size*size+m*n)
	square, old = buf.dense[:size*size], buf.dense[size*size:]
	for i := range size {
		for j := range size {
			v := 0.0
			switch {
			case i == j && t.unit:
				v = 1
			case i == j || t.lower == (j < i):
				v = t.a.data[i*t.a.rs+j*t.a.cs]
			}
			square[i*size+j] = v
		}
	}
	for i := range m {
		copy(old[i*n:(i+1)*n], b[i*ldb:])
	}
	return buf, square, old
}
