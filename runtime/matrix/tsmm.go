package matrix

import "gdml/runtime/matrix/kernel"

// TSMM returns t(x) %*% x if left, else x %*% t(x). Only one triangle is computed.
func TSMM(c *Ctx, x *Matrix, left bool) *Matrix {
	if x.sparse != nil {
		return Compact(c, tsmmSparse(c, x, left))
	}
	p := product{c: c, m: x.rows, n: x.rows, k: x.cols, a: x.view(), b: x.tview(), part: kernel.Upper}
	if left {
		p = product{c: c, m: x.cols, n: x.cols, k: x.rows, a: x.tview(), b: x.view(), part: kernel.Upper}
	}
	out := newDense(c, p.m, p.n)
	p.out = out.dense
	p.run()
	mirror(c, out)
	return Compact(c, out)
}

// ChainKind is the form of a product chain.
type ChainKind uint8

// The chains that MMChain computes in one pass over x.
const (
	XtXv  ChainKind = iota // t(x) %*% (x %*% v)
	XtwXv                  // t(x) %*% (w * (x %*% v))
	XtXvy                  // t(x) %*% ((x %*% v) - w)
)

// MMChain computes a product chain in one pass over the rows of x: for x of n x m,
// v is m x 1, w is n x 1 (ignored and nil for XtXv) and the result m x 1.
func MMChain(c *Ctx, x, v, w *Matrix, kind ChainKind) (*Matrix, error) {
	if v.rows != x.cols || v.cols != 1 {
		return nil, sizeErrorf("matrix product chain needs a vector of %d rows: %v and %v", x.cols, x, v)
	}
	var weights []float64
	if kind != XtXv {
		if w.rows != x.rows || w.cols != 1 {
			return nil, sizeErrorf("matrix product chain needs weights of %d rows: %v and %v", x.rows, x, w)
		}
		weights = w.Vector()
	}
	vec := v.Vector()
	out := New(c, x.cols, 1)
	grain := max(rowGrain(x.cols), (x.rows+31)/32)
	parts := make([][]float64, (x.rows+grain-1)/grain)
	c.workers().DoCost(len(parts), cellNanos*float64(x.rows)*float64(x.cols), func(k int) {
		parts[k] = chainRows(x, vec, weights, kind, k*grain, min((k+1)*grain, x.rows))
	})
	for _, p := range parts {
		kernel.Add(out.dense, out.dense, p)
	}
	return out, nil
}

// chainRows computes the share of the rows [lo, hi), a few rows at a time so that they are still in cache for the second product.
func chainRows(x *Matrix, v, w []float64, kind ChainKind, lo, hi int) []float64 {
	const step = 8
	var t [step]float64
	sum := make([]float64, x.cols, x.cols+16) // no two sums in one cache line
	for i := lo; i < hi; i += step {
		n := min(step, hi-i)
		if x.sparse == nil {
			kernel.Gemv(n, x.cols, x.dense[i*x.cols:], x.cols, v, t[:])
		} else {
			for r := range n {
				cols, vals := x.sparse.row(i + r)
				t[r] = kernel.GatherDot(vals, cols, v)
			}
		}
		for r := range n {
			switch kind {
			case XtwXv:
				t[r] *= w[i+r]
			case XtXvy:
				t[r] -= w[i+r]
			}
		}
		if x.sparse == nil {
			kernel.GemvT(n, x.cols, x.dense[i*x.cols:], x.cols, t[:], sum)
			continue
		}
		for r := range n {
			cols, vals := x.sparse.row(i + r)
			kernel.ScatterAxpy(t[r], vals, cols, sum)
		}
	}
	return sum
}
