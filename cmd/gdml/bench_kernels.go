package main

import (
	"math/rand/v2"

	"gdml/runtime/cell"
	"gdml/runtime/matrix"
)

// randomDense returns a dense matrix of numbers in (0, 1), a function of its dimensions.
func randomDense(c *matrix.Ctx, rows, cols int) *matrix.Matrix {
	return randomSeeded(c, rows, cols, 0)
}

// randomSeeded returns different matrices for different seeds.
func randomSeeded(c *matrix.Ctx, rows, cols, seed int) *matrix.Matrix {
	r := rand.New(rand.NewPCG(uint64(rows)+uint64(seed)<<32, uint64(cols)))
	m := matrix.New(c, rows, cols)
	data := m.DenseData()
	for i := range data {
		data[i] = r.Float64()
	}
	return m
}

// yields runs an operation and drops its result.
func yields(f func() (*matrix.Matrix, error)) func() error {
	return func() error {
		m, err := f()
		if err == nil {
			m.Release()
		}
		return err
	}
}

// sure is yields for an operation that cannot fail.
func sure(f func() *matrix.Matrix) func() error {
	return yields(func() (*matrix.Matrix, error) { return f(), nil })
}

// kernelCases are the dense products and the cellwise operations.
func kernelCases() []benchCase {
	var out []benchCase
	for _, s := range [][3]int{
		{64, 64, 64}, {128, 128, 128}, {256, 256, 256}, {512, 512, 512}, {1000, 1000, 1000}, {2048, 2048, 2048},
		{100000, 10, 100}, {100000, 100, 100}, {10000, 10, 1000}, {10000, 100, 1000}, {50, 50, 10000}, {64, 128, 784}, {1000, 1000, 50}, // m, n, k
	} {
		out = append(out, gemmCase(s[0], s[1], s[2]))
	}
	for _, s := range [][2]int{{100000, 10}, {100000, 100}, {2000, 1000}} {
		out = append(out, tsmmCase(s[0], s[1]))
	}
	out = append(out, gemvCase(10000, 1000), gevmCase(10000, 1000), chainCase(100000, 100), chainCase(10000, 1000))
	for _, n := range []int{4096, 1 << 20, 1 << 24} {
		out = append(out, cellCases(n)...)
	}
	return out
}

func gemmCase(m, n, k int) benchCase {
	return benchCase{op: "gemm", shape: []int{m, n, k}, flops: 2 * float64(m) * float64(n) * float64(k),
		make: func(c *matrix.Ctx) (func() error, error) {
			a, b := randomDense(c, m, k), randomDense(c, k, n)
			return yields(func() (*matrix.Matrix, error) { return matrix.MatMul(c, a, b) }), nil
		}}
}

func tsmmCase(m, n int) benchCase {
	return benchCase{op: "tsmm", shape: []int{m, n}, flops: float64(m) * float64(n) * float64(n+1),
		make: func(c *matrix.Ctx) (func() error, error) {
			x := randomDense(c, m, n)
			return sure(func() *matrix.Matrix { return matrix.TSMM(c, x, true) }), nil
		}}
}

func gemvCase(m, n int) benchCase {
	return benchCase{op: "gemv", shape: []int{m, n}, bytes: 8 * float64(m*n), reads: true,
		make: func(c *matrix.Ctx) (func() error, error) {
			x, v := randomDense(c, m, n), randomDense(c, n, 1)
			return yields(func() (*matrix.Matrix, error) { return matrix.MatMul(c, x, v) }), nil
		}}
}

func gevmCase(m, n int) benchCase {
	return benchCase{op: "gevm", shape: []int{m, n}, bytes: 8 * float64(m*n), reads: true,
		make: func(c *matrix.Ctx) (func() error, error) {
			x, v := randomDense(c, m, n), randomDense(c, 1, m)
			return yields(func() (*matrix.Matrix, error) { return matrix.MatMul(c, v, x) }), nil
		}}
}

func chainCase(m, n int) benchCase {
	return benchCase{op: "mmchain", shape: []int{m, n}, bytes: 8 * float64(m*n), reads: true,
		make: func(c *matrix.Ctx) (func() error, error) {
			x, v := randomDense(c, m, n), randomDense(c, n, 1)
			return yields(func() (*matrix.Matrix, error) { return matrix.MMChain(c, x, v, nil, matrix.XtXv) }), nil
		}}
}

// cellCases are the cellwise operations and full aggregates of n cells.
func cellCases(n int) []benchCase {
	rows := n / 64
	binary := func(op string, f *cell.Binary) benchCase {
		return benchCase{op: op, shape: []int{n}, bytes: 24 * float64(n), make: func(c *matrix.Ctx) (func() error, error) {
			x, y := randomDense(c, rows, 64), randomSeeded(c, rows, 64, 1)
			return yields(func() (*matrix.Matrix, error) { return matrix.Binary(c, f, x, y, matrix.ReuseNone) }), nil
		}}
	}
	unary := func(op string, f *cell.Unary) benchCase {
		return benchCase{op: op, shape: []int{n}, bytes: 16 * float64(n), make: func(c *matrix.Ctx) (func() error, error) {
			x := randomDense(c, rows, 64)
			return sure(func() *matrix.Matrix { return matrix.Unary(c, f, x, false) }), nil
		}}
	}
	full := func(op string, f matrix.Agg) benchCase {
		return benchCase{op: op, shape: []int{n}, bytes: 8 * float64(n), reads: true, make: func(c *matrix.Ctx) (func() error, error) {
			x := randomDense(c, rows, 64)
			return func() error { matrix.AggFull(c, f, x); return nil }, nil
		}}
	}
	return []benchCase{
		binary("mul", cell.Mul), binary("add", cell.Add), binary("greater", cell.Gt),
		unary("exp", cell.Exp), unary("log", cell.Log), unary("tanh", cell.Tanh), unary("sigmoid", cell.Sigmoid),
		full("sum", matrix.Sum), full("sumsq", matrix.SumSq), full("max", matrix.Max),
	}
}
