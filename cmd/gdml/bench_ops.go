package main

import (
	"errors"
	"math/rand/v2"

	"gdml/runtime/cell"
	"gdml/runtime/matrix"
)

// randomSparse returns a CSR matrix with about density*rows*cols cells.
func randomSparse(rows, cols int, density float64) *matrix.Matrix {
	r := rand.New(rand.NewPCG(uint64(rows), uint64(cols)))
	step := max(int(2/density)-1, 1)
	s := &matrix.CSR{RowPtr: make([]int, 1, rows+1)}
	for range rows {
		for j := r.IntN(step); j < cols; j += 1 + r.IntN(step) {
			s.ColIdx = append(s.ColIdx, int32(j))
			s.Val = append(s.Val, 1-r.Float64())
		}
		s.RowPtr = append(s.RowPtr, len(s.Val))
	}
	return matrix.FromCSR(rows, cols, s)
}

// opCases are operations on whole matrices besides products and cellwise ones, and
// the sparse products. The last number of a sparse shape is the cells per 10,000.
func opCases() []benchCase {
	var out []benchCase
	for _, s := range [][2]int{{10000, 1000}, {1000, 100}} {
		m, n := s[0], s[1]
		out = append(out,
			reduced("colSums", m, n, func(c *matrix.Ctx, x *matrix.Matrix) *matrix.Matrix { return matrix.AggCols(c, matrix.Sum, x) }),
			reduced("rowSums", m, n, func(c *matrix.Ctx, x *matrix.Matrix) *matrix.Matrix { return matrix.AggRows(c, matrix.Sum, x) }),
			reduced("rowMaxs", m, n, func(c *matrix.Ctx, x *matrix.Matrix) *matrix.Matrix { return matrix.AggRows(c, matrix.Max, x) }),
			reduced("rowIndexMax", m, n, func(c *matrix.Ctx, x *matrix.Matrix) *matrix.Matrix { return matrix.IndexExtreme(c, x, true) }),
			mapped("transpose", m, n, func(c *matrix.Ctx, x *matrix.Matrix) *matrix.Matrix { return matrix.Transpose(c, x) }),
			mapped("rev", m, n, func(c *matrix.Ctx, x *matrix.Matrix) *matrix.Matrix { return matrix.Rev(c, x) }),
			mapped("cumsum", m, n, func(c *matrix.Ctx, x *matrix.Matrix) *matrix.Matrix { return matrix.Cum(c, matrix.CumSum, x) }),
		)
	}
	out = append(out, randCase(1000, 1000), orderCase(100000))
	out = append(out, factorCases()...)
	for _, s := range [][3]int{{10000, 10000, 100}, {10000, 3000, 1000}, {100000, 100000, 1}} {
		for _, n := range []int{1, 10, 100} {
			out = append(out, spmmCase(s[0], s[1], n, s[2]))
		}
	}
	for _, per10000 := range []int{10, 100, 1000} {
		out = append(out, sampledCases(4000, 10, 3000, per10000)...)
	}
	for _, s := range []matrix.ConvShape{
		{N: 64, C: 1, H: 28, W: 28, K: 32, R: 5, S: 5, StrideH: 1, StrideW: 1, PadH: 2, PadW: 2},
		{N: 64, C: 32, H: 14, W: 14, K: 64, R: 5, S: 5, StrideH: 1, StrideW: 1, PadH: 2, PadW: 2},
	} {
		out = append(out, convCases(s)...)
	}
	return append(out, sparseTsmmCase(20000, 1000, 100), sparseTsmmCase(20000, 1000, 1000), denseSparseCase(200, 20000, 1000, 1000))
}

func reduced(op string, m, n int, f func(c *matrix.Ctx, x *matrix.Matrix) *matrix.Matrix) benchCase {
	b := mapped(op, m, n, f)
	b.bytes, b.reads = 8*float64(m*n), true
	return b
}

func mapped(op string, m, n int, f func(c *matrix.Ctx, x *matrix.Matrix) *matrix.Matrix) benchCase {
	return benchCase{op: op, shape: []int{m, n}, bytes: 16 * float64(m*n), make: func(c *matrix.Ctx) (func() error, error) {
		x := randomDense(c, m, n)
		return sure(func() *matrix.Matrix { return f(c, x) }), nil
	}}
}

func randCase(m, n int) benchCase {
	return benchCase{op: "rand", shape: []int{m, n}, make: func(c *matrix.Ctx) (func() error, error) {
		return yields(func() (*matrix.Matrix, error) {
			return matrix.Rand(c, matrix.RandSpec{Rows: m, Cols: n, Max: 1, Sparsity: 1, Seed: 7})
		}), nil
	}}
}

func orderCase(n int) benchCase {
	return benchCase{op: "order", shape: []int{n}, make: func(c *matrix.Ctx) (func() error, error) {
		x := randomDense(c, n, 1)
		return yields(func() (*matrix.Matrix, error) { return matrix.Order(c, x, []int{0}, false, true) }), nil
	}}
}

func spmmCase(m, k, n, per10000 int) benchCase {
	return benchCase{op: "spmm", shape: []int{m, k, n, per10000}, make: func(c *matrix.Ctx) (func() error, error) {
		s, d := randomSparse(m, k, float64(per10000)/1e4), randomDense(c, k, n)
		return yields(func() (*matrix.Matrix, error) { return matrix.MatMul(c, s, d) }), nil
	}}
}

// sampledCases are W * (U %*% t(V) - W) for a sparse m x n matrix W and k columns in U and V,
// in one operator and one operation after another.
func sampledCases(m, k, n, per10000 int) []benchCase {
	one := func(op string, run func(c *matrix.Ctx, w, u, v *matrix.Matrix) (*matrix.Matrix, error)) benchCase {
		return benchCase{op: op, shape: []int{m, k, n, per10000}, make: func(c *matrix.Ctx) (func() error, error) {
			w, u, v := randomSparse(m, n, float64(per10000)/1e4), randomDense(c, m, k), randomDense(c, n, k)
			return yields(func() (*matrix.Matrix, error) { return run(c, w, u, v) }), nil
		}}
	}
	steps := []matrix.CellStep{{F2: cell.Sub, A: 1, B: 0}, {F2: cell.Mul, A: 0, B: 2}}
	return []benchCase{
		one("sampled", func(c *matrix.Ctx, w, u, v *matrix.Matrix) (*matrix.Matrix, error) {
			out, ok := matrix.Sampled(c, matrix.Factors{A: u, B: v, Trans: true}, steps, []matrix.Operand{{M: w}})
			if !ok {
				return nil, errors.New("the product is computed as a whole")
			}
			return out, nil
		}),
		one("wholeProduct", func(c *matrix.Ctx, w, u, v *matrix.Matrix) (*matrix.Matrix, error) {
			p, err := matrix.Factors{A: u, B: v, Trans: true}.MatMul(c)
			if err != nil {
				return nil, err
			}
			defer p.Release()
			d, err := matrix.Binary(c, cell.Sub, p, w, matrix.ReuseA)
			if err != nil {
				return nil, err
			}
			if d != p {
				defer d.Release()
			}
			return matrix.Binary(c, cell.Mul, w, d, matrix.ReuseNone)
		}),
	}
}

func sparseTsmmCase(m, n, per10000 int) benchCase {
	return benchCase{op: "sptsmm", shape: []int{m, n, per10000}, make: func(c *matrix.Ctx) (func() error, error) {
		s := randomSparse(m, n, float64(per10000)/1e4)
		return sure(func() *matrix.Matrix { return matrix.TSMM(c, s, true) }), nil
	}}
}

func denseSparseCase(m, k, n, per10000 int) benchCase {
	return benchCase{op: "dsmm", shape: []int{m, k, n, per10000}, make: func(c *matrix.Ctx) (func() error, error) {
		d, s := randomDense(c, m, k), randomSparse(k, n, float64(per10000)/1e4)
		return yields(func() (*matrix.Matrix, error) { return matrix.MatMul(c, d, s) }), nil
	}}
}

// convCases are a convolution and its gradients. The shape of a case is images,
// channels, height and width of both, filters, height and width of these.
func convCases(s matrix.ConvShape) []benchCase {
	pq, crs := s.P()*s.Q(), s.C*s.R*s.S
	one := func(op string, run func(c *matrix.Ctx, x, w, d *matrix.Matrix) (*matrix.Matrix, error)) benchCase {
		return benchCase{op: op, shape: []int{s.N, s.C, s.H, s.K, s.R}, flops: 2 * float64(s.N) * float64(s.K) * float64(crs) * float64(pq),
			make: func(c *matrix.Ctx) (func() error, error) {
				x, w, d := randomDense(c, s.N, s.C*s.H*s.W), randomDense(c, s.K, crs), randomDense(c, s.N, s.K*pq)
				return yields(func() (*matrix.Matrix, error) { return run(c, x, w, d) }), nil
			}}
	}
	return []benchCase{
		one("conv2d", func(c *matrix.Ctx, x, w, _ *matrix.Matrix) (*matrix.Matrix, error) { return matrix.Conv2D(c, x, w, s) }),
		one("conv2dFilter", func(c *matrix.Ctx, x, _, d *matrix.Matrix) (*matrix.Matrix, error) {
			return matrix.Conv2DBackwardFilter(c, x, d, s)
		}),
		one("conv2dData", func(c *matrix.Ctx, _, w, d *matrix.Matrix) (*matrix.Matrix, error) {
			return matrix.Conv2DBackwardData(c, w, d, s)
		}),
	}
}
