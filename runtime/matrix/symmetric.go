package matrix

import (
	"math"

	"gdml/runtime/matrix/kernel"
)

// A product with a symmetric matrix is cut into parts of about as many cells, each
// with a result of its own, so that threads do not meet. The cut depends on n alone.
const (
	symPart  = 128 // rows of a part in the mean
	symParts = 8   // most parts
	symNanos = 0.2 // time for a stored cell, read once for two multiply-adds
)

// Symv computes y = alpha*A*x + beta*y for a symmetric A, n x n with rows lda apart, of
// which it reads one triangle, the lower or the upper, once. What y holds is not read
// if beta is 0. y must not overlap a or x.
func Symv(c *Ctx, lower bool, n int, alpha float64, a []float64, lda int, x []float64, beta float64, y []float64) {
	if n == 0 {
		return
	}
	y = y[:n]
	fadeRows(1, n, beta, y, n)
	parts := min(max(n/symPart, 1), symParts)
	ld := n + 16 // no two parts in one cache line
	buf := newDense(c, parts, ld)
	defer buf.Release()
	edge := func(p int) int { // rows of the first p parts: areas grow with the square of the lower triangle's rows
		if lower {
			return int(math.Sqrt(float64(p)/float64(parts))*float64(n)+0.5) &^ 7
		}
		return n - int(math.Sqrt(float64(parts-p)/float64(parts))*float64(n)+0.5)&^7
	}
	c.workers().DoCost(parts, symNanos/2*float64(n)*float64(n), func(p int) {
		z := buf.dense[p*ld : p*ld+n]
		clear(z)
		lo, hi := edge(p), edge(p+1)
		if p == 0 {
			lo = 0
		}
		if p == parts-1 {
			hi = n
		}
		symRange(lower, lo, hi, n, a, lda, x, z)
	})
	for p := range parts {
		kernel.Axpy(alpha, buf.dense[p*ld:p*ld+n], y)
	}
}

// symRange adds to z the share of the rows [lo, hi) of a triangle.
func symRange(lower bool, lo, hi, n int, a []float64, lda int, x, z []float64) {
	step := kernel.SymStep()
	for i := lo; i < hi; i += step {
		m := min(step, hi-i)
		rows := a[i*lda:]
		if lower {
			kernel.SymRows(m, i, x[i:], rows, lda, x, z, z[i:])
		} else if at := i + m; at < n {
			kernel.SymRows(m, n-at, x[i:], rows[at:], lda, x[at:], z[at:], z[i:])
		}
		for r := range m { // the triangle on the diagonal
			row := rows[r*lda+i:]
			z[i+r] += row[r] * x[i+r]
			from, to := 0, r
			if !lower {
				from, to = r+1, m
			}
			for q := from; q < to; q++ {
				z[i+r] += row[q] * x[i+q]
				z[i+q] += row[q] * x[i+r]
			}
		}
	}
}
