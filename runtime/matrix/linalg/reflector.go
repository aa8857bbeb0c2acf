package linalg

import (
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// length returns the Euclidean length of x, also where squares leave the range of numbers.
func length(x []float64) float64 {
	const least, most = 0x1p-900, 0x1p900
	if s := kernel.Dot(x, x); s >= least && s <= most {
		return math.Sqrt(s)
	}
	top := 0.0
	for _, v := range x {
		top = max(top, math.Abs(v))
	}
	if top == 0 || math.IsInf(top, 1) {
		return top
	}
	s := 0.0
	for _, v := range x {
		s += v / top * (v / top)
	}
	return top * math.Sqrt(s)
}

// reflect finds the reflection I - tau*v*v' with v[0] = 1 that turns x into a multiple
// a of the first unit vector, and overwrites x with v. a has the sign that x[0] has
// not, so nothing cancels; it is positive if x[0] is 0. For x = 0 tau is 0.
func reflect(x []float64) (a, tau float64) {
	a = length(x)
	if a == 0 {
		x[0] = 1
		return 0, 0
	}
	x0 := x[0]
	if x0 > 0 {
		a = -a
	}
	kernel.XS(kernel.Div)(x, x, x0-a)
	x[0] = 1
	return a, 1 - x0/a
}

// block is the product Q = H_0 H_1 ... H_k-1 of the reflections H_j = I - tau_j v_j v_j'
// in the compact form I - V T V' of R. Schreiber and C. Van Loan (A storage-efficient WY
// representation, SIAM J. Sci. Stat. Comput. 10, 1989). V is m x k with the vectors as
// columns, each complete with its 1 and its zeros.
type block struct {
	m, k int
	v    []float64 // cell (i, j) of V is at i*ld+j, or at j*ld+i if rows
	ld   int
	rows bool      // the vectors are the rows of v
	t    []float64 // T, k x k, upper triangular with zeros below; see buildT
}

// gram computes V'*V into g, k x k.
func (q *block) gram(c *matrix.Ctx, g []float64) {
	matrix.Gemm(c, !q.rows, q.rows, q.k, q.k, q.m, 1, q.v, q.ld, q.v, q.ld, 0, g, q.k)
}

// buildT computes T of the reflections with the factors tau into t, k*k cells, and keeps it.
func (q *block) buildT(c *matrix.Ctx, tau, t []float64) {
	k := q.k
	buf, g := matrix.Draft(c, k+1, k)
	defer buf.Release()
	q.gram(c, g)
	z := g[k*k:]
	clear(t[:k*k])
	for j := range k {
		for p := range j {
			z[p] = -tau[j] * g[p*k+j]
		}
		for i := range j {
			t[i*k+j] = kernel.Dot(t[i*k+i:i*k+j], z[i:j])
		}
		t[j*k+j] = tau[j]
	}
	q.t = t
}

// applyLeft replaces the m x n matrix a, with rows lda apart, by Q*a, or by Q'*a if trans.
func (q *block) applyLeft(c *matrix.Ctx, trans bool, n int, a []float64, lda int) {
	buf, w := matrix.Draft(c, 2*q.k, n)
	defer buf.Release()
	x := w[q.k*n:]
	matrix.Gemm(c, !q.rows, false, q.k, n, q.m, 1, q.v, q.ld, a, lda, 0, w, n)
	matrix.Gemm(c, trans, false, q.k, n, q.k, 1, q.t, q.k, w, n, 0, x, n)
	matrix.Gemm(c, q.rows, false, q.m, n, q.k, -1, q.v, q.ld, x, n, 1, a, lda)
}

// applyRight replaces the n x m matrix a, with rows lda apart, by a*Q, or by a*Q' if trans.
func (q *block) applyRight(c *matrix.Ctx, trans bool, n int, a []float64, lda int) {
	buf, w := matrix.Draft(c, 2*n, q.k)
	defer buf.Release()
	x := w[q.k*n:]
	matrix.Gemm(c, false, q.rows, n, q.k, q.m, 1, a, lda, q.v, q.ld, 0, w, q.k)
	matrix.Gemm(c, false, trans, n, q.k, q.k, 1, w, q.k, q.t, q.k, 0, x, q.k)
	matrix.Gemm(c, false, !q.rows, n, q.m, q.k, -1, x, q.k, q.v, q.ld, 1, a, lda)
}
