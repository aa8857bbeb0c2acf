package linalg

import (
	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// SVD returns the thin singular value decomposition a = u*diag(s)*v' of an m x n matrix:
// for k = min(m, n), u is m x k and v is n x k, both with orthonormal columns, and s, k
// x 1, has the singular values in descending order, none of them negative. Signs of the
// columns are free. The errors |a - u*diag(s)*v'|, |u'*u - I| and |v'*v - I| are a small
// multiple of the larger size times the rounding error of |a|. A cell that is not finite
// is an error.
//
// The matrix is reduced to bidiagonal form (see bidiagonaliser), that is solved by divide
// and conquer (see solveBidiagonal), and its vectors are turned back.
func SVD(c *matrix.Ctx, a *matrix.Matrix) (u, s, v *matrix.Matrix, err error) {
	m, n := a.Rows(), a.Cols()
	if m < n {
		t := matrix.Transpose(c, a)
		defer t.Release()
		v, s, u, err = SVD(c, t)
		return u, s, v, err
	}
	copied, cells, top, err := load(c, a)
	if err != nil {
		return nil, nil, nil, err
	}
	defer copied.Release()
	u, left := matrix.Draft(c, m, n)
	s, values := matrix.Draft(c, n, 1)
	v, right := matrix.Draft(c, n, n)
	if n == 0 {
		return u, s, v, nil
	}
	up := moderate(cells, top)
	if 2*m >= 3*n {
		err = tallSVD(c, m, n, cells, left, values, right)
	} else {
		err = bidiagonalSVD(c, m, n, cells, left, values, right)
	}
	if err != nil {
		for _, x := range []*matrix.Matrix{u, s, v} {
			x.Release()
		}
		return nil, nil, nil, err
	}
	kernel.XS(kernel.Mul)(values, values, up)
	return u, s, v, nil
}

// tallSVD is bidiagonalSVD of the R of a = Q*R, for which that is less work if m is much
// larger than n: T. F. Chan, An Improved Algorithm for Computing the Singular Value
// Decomposition, ACM Trans. Math. Softw. 8 (1982). a is overwritten.
func tallSVD(c *matrix.Ctx, m, n int, a, u, s, v []float64) error {
	f := factorQR(c, m, n, a)
	defer f.release()
	f.clearBelow()
	clear(u[n*n:])
	if err := bidiagonalSVD(c, n, n, a[:n*n], u[:n*n], s, v); err != nil {
		return err
	}
	f.applyQ(false, n, u)
	return nil
}

// bidiagonalSVD is SVD on the cells of a matrix of moderate size with m >= n.
func bidiagonalSVD(c *matrix.Ctx, m, n int, a, u, s, v []float64) error {
	buf, cells := matrix.Draft(c, 2, n*m+n*n)
	defer buf.Release()
	half := n*m + n*n
	b := &bidiagonaliser{c: c, m: m, n: n, left: cells[:n*m], right: cells[n*m : half]}
	floats := make([]float64, 4*n)
	b.d, b.e, b.tauLeft, b.tauRight = floats[:n], floats[n:2*n-1], floats[2*n:3*n], floats[3*n:]
	b.bidiagonalise(a)
	rowsV, rowsU := cells[half:half+n*n], cells[half+n*n:]
	small := u[:n*n] // not needed yet
	order, err := solveBidiagonal(c, b.d, b.e, small, rowsV)
	if err != nil {
		return err
	}
	for i := range n {
		copy(rowsU[i*m:], small[i*n:(i+1)*n])
		clear(rowsU[i*m+n : (i+1)*m])
	}
	turnBack(c, m, n, b.left, m, b.tauLeft, n, rowsU, m)
	turnBack(c, n-1, n-1, b.right[min(1, n*n-1):], n, b.tauRight, n, rowsV[min(1, n*n-1):], n)
	for i := range n / 2 {
		order[i], order[n-1-i] = order[n-1-i], order[i]
	}
	for j, r := range order {
		s[j] = b.d[r]
	}
	columnsOf(c, n, m, rowsU, m, order, u, n)
	columnsOf(c, n, n, rowsV, n, order, v, n)
	return nil
}
