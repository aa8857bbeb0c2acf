package matrix

import "gdml/runtime/matrix/kernel"

// Draft returns a dense rows x cols matrix with undefined content, and its cells,
// row-major, which its maker fills before it hands the matrix out.
func Draft(c *Ctx, rows, cols int) (m *Matrix, cells []float64) {
	m = newDense(c, rows, cols)
	return m, m.dense
}

// Gemm computes out = alpha*op(a)*op(b) + beta*out on row-major operands whose rows
// are lda, ldb and ldc apart, on all threads of c. op transposes if ta (tb) is set:
// op(a) is m x k, op(b) k x n and out m x n. What out holds is not read if beta is 0.
// out must not overlap a or b. The slices must have room for their operands, as
// kernel.Gemm says; the caller checks.
func Gemm(c *Ctx, ta, tb bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, out []float64, ldc int) {
	if m == 0 || n == 0 {
		return
	}
	if k == 0 || alpha == 0 {
		fadeRows(m, n, beta, out, ldc)
		return
	}
	p := product{c: c, m: m, n: n, k: k, a: view{a, lda, 1}, b: view{b, ldb, 1}, out: out, ldc: ldc}
	if ta {
		p.a.rs, p.a.cs = 1, lda
	}
	if tb {
		p.b.rs, p.b.cs = 1, ldb
	}
	p.factor(alpha, beta)
	switch {
	case n == 1:
		p.vectorRun(p.a, p.b.data, p.b.rs, m, out, ldc)
	case m == 1:
		p.vectorRun(view{p.b.data, p.b.cs, p.b.rs}, p.a.data, p.a.cs, n, out, 1)
	case k >= 2*splitDepth && m*n <= splitCells:
		p.splitRun()
	default:
		p.blockRun(c.workers())
	}
}

// factor prepares for alpha times the product plus beta times the old result.
func (p *product) factor(alpha, beta float64) {
	switch {
	case alpha == -1 && beta != 0:
		p.minus = true
	case alpha != 1:
		p.scale = alpha
	}
	p.add = beta != 0
	scaleRows(p.m, p.n, beta, p.out, p.ldc)
}

// Syrk computes the triangle, lower or upper, of out = alpha*op(a)*op(a)' + beta*out,
// where op(a), n x k, is a or, if ta is set, its transpose. Some cells of the other
// triangle are overwritten, too, and undefined afterwards. For the rest it is as Gemm.
func Syrk(c *Ctx, ta, lower bool, n, k int, alpha float64, a []float64, lda int, beta float64, out []float64, ldc int) {
	if n == 0 {
		return
	}
	if k == 0 || alpha == 0 {
		fadeRows(n, n, beta, out, ldc)
		return
	}
	p := product{c: c, m: n, n: n, k: k, a: view{a, lda, 1}, b: view{a, 1, lda}, out: out, ldc: ldc, part: kernel.Upper}
	if ta {
		p.a, p.b = p.b, p.a
	}
	if lower {
		p.part = kernel.Lower
	}
	p.factor(alpha, beta)
	p.blockRun(c.workers())
}

// fadeRows multiplies m rows of n cells by s, where 0 clears them.
func fadeRows(m, n int, s float64, out []float64, ldc int) {
	if s != 0 {
		scaleRows(m, n, s, out, ldc)
		return
	}
	for i := range m {
		clear(out[i*ldc : i*ldc+n])
	}
}

// vectorStrip is the number of results of one task of vectorRun.
const vectorStrip = 256

// vectorRun computes the product of the rows x p.k matrix a with the vector whose
// cell j is at x[j*xs], scaled by p.scale, into or (p.add) onto y[i*ys].
func (p *product) vectorRun(a view, x []float64, xs, rows int, y []float64, ys int) {
	scale := p.scale
	switch {
	case p.minus:
		scale = -1
	case scale == 0:
		scale = 1
	}
	if xs != 1 || scale != 1 && a.rs == 1 {
		buf := newDense(p.c, 1, p.k)
		defer buf.Release()
		for i := range buf.dense {
			buf.dense[i] = x[i*xs]
		}
		if a.rs == 1 {
			kernel.XS(kernel.Mul)(buf.dense, buf.dense, scale)
			scale = 1
		}
		x = buf.dense
	}
	p.c.workers().RangeCost(rows, vectorStrip, cellNanos*float64(p.k), func(lo, hi int) {
		var part [vectorStrip]float64
		t := part[:hi-lo]
		if a.cs == 1 {
			kernel.Gemv(hi-lo, p.k, a.data[lo*a.rs:], a.rs, x, t)
		} else {
			kernel.GemvT(p.k, hi-lo, a.data[lo:], a.cs, x, t)
		}
		for i, v := range t {
			if p.add {
				y[(lo+i)*ys] += scale * v
			} else {
				y[(lo+i)*ys] = scale * v
			}
		}
	})
}
