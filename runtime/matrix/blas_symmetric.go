package matrix

import "gonum.org/v1/gonum/blas"

// The symmetric routines must leave the triangle alone that they are not asked for.
// They work by rows of blocks; those on the diagonal are computed apart.
const symBlock = 48

// Dsyrk computes one triangle of c = alpha*a*a' + beta*c, or of alpha*a'*a + beta*c.
func (f fastBLAS) Dsyrk(ul blas.Uplo, t blas.Transpose, n, k int, alpha float64, a []float64, lda int, beta float64, c []float64, ldc int) {
	_, ok := blasOperand(t, n, k, a, lda)
	if !ok || !fits(n, n, c, ldc) || alpha == 0 || n*n*k < 2*blasCells || ul != blas.Upper && ul != blas.Lower {
		f.Implementation.Dsyrk(ul, t, n, k, alpha, a, lda, beta, c, ldc)
		return
	}
	f.rankUpdate(ul, t != blas.NoTrans, n, k, alpha, a, lda, a, lda, beta, c, ldc)
}

// Dsyr2k computes one triangle of c = alpha*(a*b' + b*a') + beta*c, or of alpha*(a'*b + b'*a) + beta*c.
func (f fastBLAS) Dsyr2k(ul blas.Uplo, t blas.Transpose, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	_, okA := blasOperand(t, n, k, a, lda)
	_, okB := blasOperand(t, n, k, b, ldb)
	if !okA || !okB || !fits(n, n, c, ldc) || alpha == 0 || n*n*k < blasCells || ul != blas.Upper && ul != blas.Lower {
		f.Implementation.Dsyr2k(ul, t, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	trans := t != blas.NoTrans
	f.rankUpdate(ul, trans, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	f.rankUpdate(ul, trans, n, k, alpha, b, ldb, a, lda, 1, c, ldc)
}

// rankUpdate computes one triangle of c = alpha*op(a)*op(b)' + beta*c, n x n, where op
// transposes if trans is set and op(a) and op(b) are n x k.
func (f fastBLAS) rankUpdate(ul blas.Uplo, trans bool, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	at := func(x []float64, ld, i int) []float64 { // from row i of op(x) on
		if trans {
			return x[i:]
		}
		return x[i*ld:]
	}
	buf := newDense(f.ctx, symBlock, symBlock)
	defer buf.Release()
	for i := 0; i < n; i += symBlock {
		m := min(symBlock, n-i)
		ai := at(a, lda, i)
		Gemm(f.ctx, trans, !trans, m, m, k, alpha, ai, lda, at(b, ldb, i), ldb, 0, buf.dense, m)
		addTriangle(ul, m, buf.dense, beta, c[i*ldc+i:], ldc)
		from, to := 0, i
		if ul == blas.Upper {
			from, to = i+m, n
		}
		if from < to {
			Gemm(f.ctx, trans, !trans, m, to-from, k, alpha, ai, lda, at(b, ldb, from), ldb, beta, c[i*ldc+from:], ldc)
		}
	}
}

// addTriangle sets one triangle of c to beta*c + x.
func addTriangle(ul blas.Uplo, m int, x []float64, beta float64, c []float64, ldc int) {
	for i := range m {
		lo, hi := i, m
		if ul == blas.Lower {
			lo, hi = 0, i+1
		}
		for j := lo; j < hi; j++ {
			if beta == 0 {
				c[i*ldc+j] = x[i*m+j]
			} else {
				c[i*ldc+j] = beta*c[i*ldc+j] + x[i*m+j]
			}
		}
	}
}

// Dsymm computes c = alpha*a*b + beta*c, or c = alpha*b*a + beta*c, for a symmetric a.
func (f fastBLAS) Dsymm(side blas.Side, ul blas.Uplo, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	size, ok := sided(side, m, n)
	if !ok || !legalTriangle(ul, blas.NoTrans, size, m, n, a, lda, b, ldb) || !fits(m, n, c, ldc) || alpha == 0 || m*n*size < blasCells {
		f.Implementation.Dsymm(side, ul, m, n, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	full := newDense(f.ctx, size, size)
	defer full.Release()
	for i := range size {
		for j := range i + 1 {
			v := a[i*lda+j]
			if ul == blas.Upper {
				v = a[j*lda+i]
			}
			full.dense[i*size+j], full.dense[j*size+i] = v, v
		}
	}
	if side == blas.Left {
		Gemm(f.ctx, false, false, m, n, m, alpha, full.dense, m, b, ldb, beta, c, ldc)
	} else {
		Gemm(f.ctx, false, false, m, n, n, alpha, b, ldb, full.dense, n, beta, c, ldc)
	}
}

// Dsymv computes y = alpha*a*x + beta*y for a symmetric a.
func (f fastBLAS) Dsymv(ul blas.Uplo, n int, alpha float64, a []float64, lda int, x []float64, incX int, beta float64, y []float64, incY int) {
	if !fits(n, n, a, lda) || incX != 1 || incY != 1 || len(x) < n || len(y) < n || alpha == 0 || n < 16 || ul != blas.Upper && ul != blas.Lower {
		f.Implementation.Dsymv(ul, n, alpha, a, lda, x, incX, beta, y, incY)
		return
	}
	Symv(f.ctx, ul == blas.Lower, n, alpha, a, lda, x, beta, y)
}
