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
	copied, cells, top, err := load(c, a)
	if err != nil {
		return nil, nil, err
	}
	defer copied.Release()
	w, values := matrix.Draft(c, n, 1)
	v, vectors := matrix.Draft(c, n, n)
	if n == 0 {
		return w, v, nil
	}
	up := moderate(cells, top)
	if err := eigenSym(c, n, cells, values, vectors); err != nil {
		w.Release()
		v.Release()
		return nil, nil, err
	}
	kernel.XS(kernel.Mul)(values, values, up)
	return w, v, nil
}

// eigenSym is EigenSym for a of moderate size, which is overwritten.
func eigenSym(c *matrix.Ctx, n int, a, values, vectors []float64) error {
	buf, rows := matrix.Draft(c, n, n)
	defer buf.Release()
	floats := make([]float64, 3*n)
	d, e, tau := floats[:n], floats[n:2*n-1], floats[2*n:]
	tridiagonalise(c, n, a, d, e, tau)
	order, err := solveTridiagonal(c, d, e, rows)
	if err != nil {
		return err
	}
	from := min(1, n*n-1) // reflections begin at column 1
	turnBack(c, n-1, n-2, a[from:], n, tau, n, rows[from:], n)
	for j, r := range order {
		values[j] = d[r]
	}
	columnsOf(c, n, n, rows, n, order, vectors, n)
	return nil
}

// moderate multiplies a, whose largest cell has the magnitude top, by a power of two that
// brings it near 1, if it is far from it. It returns the inverse of the factor.
func moderate(a []float64, top float64) (up float64) {
	const far = 0x1p300
	if top == 0 || top < far && top > 1/far {
		return 1
	}
	_, exp := math.Frexp(top)
	exp = min(max(exp, -1000), 1000)
	kernel.XS(kernel.Mul)(a, a, math.Ldexp(1, -exp))
	return math.Ldexp(1, exp)
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
