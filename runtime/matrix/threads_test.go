package matrix

import (
	"slices"
	"testing"

	"gdml/runtime/cell"
	"gdml/runtime/par"
)

// threadCases are the doors that cut their work, on operands large enough to be cut.
func threadCases() map[string]func(c *Ctx) (*Matrix, error) {
	ok := func(m *Matrix) (*Matrix, error) { return m, nil }
	a, b := draw(700, 310, fractions).dense(), draw(310, 90, fractions).dense()
	s := draw(900, 700, few).csr()
	tall := draw(9000, 11, fractions).dense()
	v, w := draw(11, 1, fractions).dense(), draw(9000, 1, fractions).dense()
	sv, sw := draw(700, 1, fractions).dense(), draw(900, 1, fractions).dense()
	narrow := draw(5000, 40, few).csr()
	shape := ConvShape{N: 40, C: 2, H: 8, W: 8, K: 3, R: 3, S: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1}
	x, f, d := draw(40, 128, fractions).dense(), draw(3, 18, fractions).dense(), draw(40, 192, fractions).dense()
	cases := map[string]func(c *Ctx) (*Matrix, error){
		"exp":         func(c *Ctx) (*Matrix, error) { return ok(Unary(c, cell.Exp, a, false)) },
		"sparse abs":  func(c *Ctx) (*Matrix, error) { return ok(Unary(c, cell.Abs, s, false)) },
		"plus":        func(c *Ctx) (*Matrix, error) { return Binary(c, cell.Add, a, a, ReuseNone) },
		"outer":       func(c *Ctx) (*Matrix, error) { return Binary(c, cell.Mul, w, Transpose(c, v), ReuseNone) },
		"pattern":     func(c *Ctx) (*Matrix, error) { return Binary(c, cell.Mul, s, sw, ReuseNone) },
		"plusmul":     func(c *Ctx) (*Matrix, error) { return PlusMul(c, a, 0.3, a, true, false) },
		"product":     func(c *Ctx) (*Matrix, error) { return MatMul(c, a, b) },
		"deep":        func(c *Ctx) (*Matrix, error) { return MatMul(c, Transpose(c, tall), tall) },
		"transposed":  func(c *Ctx) (*Matrix, error) { return TMatMul(c, tall, tall) },
		"gemv":        func(c *Ctx) (*Matrix, error) { return MatMul(c, tall, v) },
		"gevm":        func(c *Ctx) (*Matrix, error) { return MatMul(c, Transpose(c, w), tall) },
		"CSR dense":   func(c *Ctx) (*Matrix, error) { return MatMul(c, s, a) },
		"dense CSR":   func(c *Ctx) (*Matrix, error) { return MatMul(c, Transpose(c, a), s.head(c, 700)) },
		"CSR CSR":     func(c *Ctx) (*Matrix, error) { return MatMul(c, s, Transpose(c, s)) },
		"tsmm":        func(c *Ctx) (*Matrix, error) { return ok(TSMM(c, tall, true)) },
		"tsmm right":  func(c *Ctx) (*Matrix, error) { return ok(TSMM(c, a, false)) },
		"tsmm CSR":    func(c *Ctx) (*Matrix, error) { return ok(TSMM(c, narrow, true)) },
		"mmchain":     func(c *Ctx) (*Matrix, error) { return MMChain(c, tall, v, w, XtwXv) },
		"mmchain CSR": func(c *Ctx) (*Matrix, error) { return MMChain(c, s, sv, sw, XtXvy) },
		"index":       func(c *Ctx) (*Matrix, error) { return ok(IndexExtreme(c, a, true)) },
		"t":           func(c *Ctx) (*Matrix, error) { return ok(Transpose(c, a)) },
		"cbind":       func(c *Ctx) (*Matrix, error) { return CBind(c, a, a) },
		"slice":       func(c *Ctx) (*Matrix, error) { return Slice(c, a, 3, 690, 4, 300) },
		"conv2d":      func(c *Ctx) (*Matrix, error) { return Conv2D(c, x, f, shape) },
		"filter":      func(c *Ctx) (*Matrix, error) { return Conv2DBackwardFilter(c, x, d, shape) },
		"data":        func(c *Ctx) (*Matrix, error) { return Conv2DBackwardData(c, f, d, shape) },
	}
	for _, fn := range aggs {
		for name, m := range map[string]*Matrix{" dense": a, " CSR": s} {
			cases[fn.String()+name] = func(c *Ctx) (*Matrix, error) { return FromRows(grid{{AggFull(c, fn, m)}}), nil }
			cases["col "+fn.String()+name] = func(c *Ctx) (*Matrix, error) { return AggCols(c, fn, m), nil }
			cases["row "+fn.String()+name] = func(c *Ctx) (*Matrix, error) { return AggRows(c, fn, m), nil }
		}
	}
	return cases
}

// head returns the first n rows of m.
func (m *Matrix) head(c *Ctx, n int) *Matrix {
	out, err := Slice(c, m, 0, n, 0, m.cols)
	if err != nil {
		panic(err)
	}
	return out
}

// TestThreadsDoNotChangeBits runs every door with several budgets.
func TestThreadsDoNotChangeBits(t *testing.T) {
	for name, run := range threadCases() {
		want, err := run(&Ctx{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, threads := range []int{2, 3, 8} {
			got, err := run(&Ctx{Par: par.New(threads), Mem: NewArena(1 << 24)})
			if err != nil || !slices.Equal(bitsOf(got), bitsOf(want)) {
				t.Errorf("%s: %d threads give other bits (%v)", name, threads, err)
			}
		}
	}
}

// TestArenaReuse releases everything and computes on the released buffers.
func TestArenaReuse(t *testing.T) {
	c := &Ctx{Mem: NewArena(1 << 24)}
	a := draw(130, 70, whole)
	x := Scalar(c, cell.Add, a.dense(), 0, false, false)
	for range 5 {
		y, err := MatMul(c, x, Transpose(c, x))
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "product on reused buffers", y, 130, 130, naiveMul(a, flip(a)), 0)
		y.Release()
		z := New(c, 130, 130)
		if AggFull(c, SumSq, z) != 0 {
			t.Fatal("New returned a buffer that is not zero")
		}
		z.Release()
	}
}
