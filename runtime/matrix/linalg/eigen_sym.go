package linalg

import (
	"fmt"
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// EigenSym returns the eigenvalues w of the symmetric matrix a in ascending order, n x 1,
// and orthonormal eigenvectors as the columns of v, n x n, with any sign: the errors
// |a*v - v*diag(w)| and |v'*v - I| are a small multiple of n times the rounding error of
// |a|. Only the cells on and above the diagonal of a are read; that the others mirror them
// is the caller's business. A matrix that is not square or has a cell that is not finite
// is an error.
//
// The matrix is reduced to tridiagonal form (see tridiagonalise), that is solved by divide
// and conquer (see solveTridiagonal), and its vectors are turned back.
func EigenSym(c *matrix.Ctx, a *matrix.Matrix) (w, v *matrix.Matrix, err error) {
	n := a.Rows()
	if n != a.Cols() {
		return nil, nil, fmt.Errorf("a square matrix is needed, not %v", a)
	}
	w, values := matrix.Draft(c, n, 1)
	v, vectors := matrix.Draft(c, n, n)
	if n > 0 {
		err = eigenSym(c, n, a.Vector(), values, vectors)
	}
	if err != nil {
		w.Release()
		v.Release()
		return nil, nil, err
	}
	return w, v, nil
}

// eigenSym is EigenSym on cells.
func eigenSym(c *matrix.Ctx, n int, a, values, vectors []float64) error {
	down, up, err := moderate(a)
	if err != nil {
		return err
	}
	buf, work := matrix.Draft(c, 2*n, n)
	defer buf.Release()
	q, cells := work[:n*n], work[n*n:]
	kernel.XS(kernel.Mul)(q, a, down)
	floats := make([]float64, 3*n)
	d, e, tau := floats[:n], floats[n:2*n], floats[2*n:]
	tridiagonalise(c, n, q, d, e, tau)
	order, err := solveTridiagonal(c, d, e[:n-1], cells)
	if err != nil {
		return err
	}
	turnBack(c, n-1, n-2, q[min(1, n*n-1):], n, tau, n, cells[min(1, n*n-1):], n)
	for j, r := range order {
		values[j] = d[r] * up
	}
	columnsOf(c, n, n, cells, n, order, vectors, n)
	return nil
}

// moderate returns a power of two that brings the largest cell of a near 1, if it is far
// from it, and its inverse. A cell that is not finite is an error.
func moderate(a []float64) (down, up float64, err error) {
	top := 0.0
	for _, v := range a {
		if v-v != 0 {
			return 0, 0, fmt.Errorf("the cells must be finite, not %v", v)
		}
		top = max(top, math.Abs(v))
	}
	const far = 0x1p300
	if top == 0 || top < far && top > 1/far {
		return 1, 1, nil
	}
	_, exp := math.Frexp(top)
	exp = min(max(exp, -1000), 1000)
	return math.Ldexp(1, -exp), math.Ldexp(1, exp), nil
}

// backPanel is the number of reflections that turnBack applies at a time.
const backPanel = 64

// turnBack multiplies a, n x m, with rows lda apart, from the right by the transpose of
// the product of k reflections. The vector of reflection i is the row i of v, its first i
// cells are zero and m is its length.
func turnBack(c *matrix.Ctx, m, k int, v []float64, ldv int, tau []float64, n int, a []float64, lda int) {
	if k <= 0 {
		return
	}
	buf, t := matrix.Draft(c, backPanel, backPanel)
	defer buf.Release()
	for lo := (k - 1) / backPanel * backPanel; lo >= 0; lo -= backPanel {
		q := &block{m: m - lo, k: min(backPanel, k-lo), v: v[lo*ldv+lo:], ld: ldv, rows: true}
		q.buildT(c, tau[lo:], t)
		q.applyRight(c, true, n, a[lo:], lda)
	}
}

// columnsOf writes the rows of src, m of n cells, to the columns of dst, n x m: row
// order[j] becomes column j.
func columnsOf(c *matrix.Ctx, m, n int, src []float64, lds int, order []int, dst []float64, ldd int) {
	const group = 32
	workers(c).RangeCost(m, group, 2*cellNanos*float64(n), func(lo, hi int) {
		buf, rows := matrix.Draft(c, hi-lo, n)
		defer buf.Release()
		for j := lo; j < hi; j++ {
			copy(rows[(j-lo)*n:], src[order[j]*lds:order[j]*lds+n])
		}
		kernel.Transpose(hi-lo, n, rows, n, dst[lo:], ldd)
	})
}
