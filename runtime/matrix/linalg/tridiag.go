package linalg

import (
	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

const (
	tridiagPanel = 32   // rows that are reduced before the rest is brought up to date
	tridiagRows  = 96   // rows of one task of that update
	flopNanos    = 0.04 // time of a multiply-add of a product
	cellNanos    = 0.3  // time of a multiply-add of a matrix with a vector
)

// tridiagonalise reduces the symmetric matrix a, n x n, of which only the cells on and
// above the diagonal are read, to the tridiagonal Q'*a*Q with the diagonal d and the n-1
// couplings e. Row i of a becomes the vector of reflection i, complete with its 1 and its
// zeros, and tau[i] its factor, for i < n-2: Q is the product of the reflections in this
// order.
//
// Half of the work is products of the matrix with a vector, one for each row; the other
// half, the update of the rest by the rows of a panel, is one product of matrices:
// J. J. Dongarra, S. J. Hammarling and D. C. Sorensen, Block Reduction of Matrices to
// Condensed Forms for Eigenvalue Computations, J. Comput. Appl. Math. 27 (1989).
func tridiagonalise(c *matrix.Ctx, n int, a, d, e, tau []float64) {
	buf, cells := matrix.Draft(c, 4*tridiagPanel, n)
	defer buf.Release()
	p := &tridiagPanelState{c: c, n: n, a: a, d: d, e: e, tau: tau}
	p.pairs, p.turned = cells[:2*tridiagPanel*n], cells[2*tridiagPanel*n:]
	for lo := 0; lo < n; lo += tridiagPanel {
		hi := min(lo+tridiagPanel, n)
		p.lo = lo
		for i := lo; i < hi; i++ {
			p.reduce(i)
		}
		p.update(hi)
	}
}

// tridiagPanelState is a panel that begins at row lo. The rest of a is changed at its end:
// until then it lacks the sum of -v*w' - w*v' over the rows v (2k) and w (2k+1) of pairs,
// one pair for each row of the panel.
type tridiagPanelState struct {
	c         *matrix.Ctx
	n, lo     int
	a         []float64
	d, e, tau []float64
	pairs     []float64
	turned    []float64 // pairs with v and w exchanged
}

// reduce makes row i one of a tridiagonal matrix.
func (p *tridiagPanelState) reduce(i int) {
	n, k := p.n, 2*(i-p.lo)
	row := p.a[i*n : (i+1)*n]
	var weights [2 * tridiagPanel]float64
	for r := range k {
		weights[r] = -p.pairs[(r^1)*n+i]
	}
	kernel.GemvT(k, n-i, p.pairs[i:], n, weights[:k], row[i:])
	p.d[i] = row[i]
	if i == n-2 {
		p.e[i] = row[n-1]
		clear(p.pairs[k*n : (k+2)*n]) // nothing to reflect
	}
	if i >= n-2 {
		return
	}
	v := row[i+1:]
	p.e[i], p.tau[i] = reflect(v)
	clear(row[:i+1])
	copy(p.pairs[k*n:(k+1)*n], row)
	p.partner(i, k, v)
}

// partner computes the vector w of the reflection with the vector v: with the factor tau,
// y = tau*a*v and w = y - tau/2*(y*v)*v the matrix becomes a - v*w' - w*v'.
func (p *tridiagPanelState) partner(i, k int, v []float64) {
	n, m := p.n, len(v)
	full := p.pairs[(k+1)*n : (k+2)*n]
	clear(full[:i+1])
	w := full[i+1:]
	matrix.Symv(p.c, false, m, 1, p.a[(i+1)*n+i+1:], n, v, 0, w)
	var dots, weights [2 * tridiagPanel]float64
	kernel.Gemv(k, m, p.pairs[i+1:], n, v, dots[:k])
	for r := range k {
		weights[r] = -dots[r^1]
	}
	kernel.GemvT(k, m, p.pairs[i+1:], n, weights[:k], w)
	tau := p.tau[i]
	kernel.XS(kernel.Mul)(w, w, tau)
	kernel.Axpy(-tau/2*kernel.Dot(w, v), v, w)
}

// update brings the rows from hi on up to date.
func (p *tridiagPanelState) update(hi int) {
	n, k := p.n, 2*(hi-p.lo)
	for r := range k {
		copy(p.turned[r*n+hi:(r+1)*n], p.pairs[(r^1)*n+hi:])
	}
	rest := n - hi
	tasks := (rest + tridiagRows - 1) / tridiagRows
	workers(p.c).DoCost(tasks, flopNanos*float64(k)*float64(rest)*float64(rest)/2, func(i int) {
		r := hi + i*tridiagRows
		matrix.Gemm(p.c, true, false, min(tridiagRows, n-r), n-r, k, -1, p.pairs[r:], n, p.turned[r:], n, 1, p.a[r*n+r:], n)
	})
}
