package matrix

import (
	"math"

	"gonum.org/v1/gonum/blas"

	"gdml/runtime/matrix/kernel"
)

// Dgemv computes y = alpha*op(a)*x + beta*y.
func (f fastBLAS) Dgemv(t blas.Transpose, m, n int, alpha float64, a []float64, lda int, x []float64, incX int, beta float64, y []float64, incY int) {
	nx, ny := n, m
	if t != blas.NoTrans {
		nx, ny = m, n
	}
	if !fits(m, n, a, lda) || incX != 1 || incY != 1 || len(x) < nx || len(y) < ny || alpha == 0 || m*n < 256 ||
		t != blas.NoTrans && t != blas.Trans && t != blas.ConjTrans {
		f.Implementation.Dgemv(t, m, n, alpha, a, lda, x, incX, beta, y, incY)
		return
	}
	y = y[:ny]
	if beta == 0 {
		clear(y)
	} else {
		scaleRows(1, ny, beta, y, ny)
	}
	switch {
	case t != blas.NoTrans && alpha == 1:
		kernel.GemvT(m, n, a, lda, x, y)
	case t == blas.NoTrans && alpha == 1 && beta == 0:
		kernel.Gemv(m, n, a, lda, x, y)
	default:
		buf := newDense(f.ctx, 1, m)
		defer buf.Release()
		if t != blas.NoTrans {
			kernel.XS(kernel.Mul)(buf.dense, x[:m], alpha)
			kernel.GemvT(m, n, a, lda, buf.dense, y)
			return
		}
		kernel.Gemv(m, n, a, lda, x, buf.dense)
		kernel.Axpy(alpha, buf.dense, y)
	}
}

// Dger computes a += alpha*x*y'.
func (f fastBLAS) Dger(m, n int, alpha float64, x []float64, incX int, y []float64, incY int, a []float64, lda int) {
	if !fits(m, n, a, lda) || incX != 1 || incY != 1 || len(x) < m || len(y) < n || n < 8 {
		f.Implementation.Dger(m, n, alpha, x, incX, y, incY, a, lda)
		return
	}
	for i, v := range x[:m] {
		kernel.Axpy(alpha*v, y[:n], a[i*lda:])
	}
}

// Ddot returns the inner product of x and y.
func (f fastBLAS) Ddot(n int, x []float64, incX int, y []float64, incY int) float64 {
	if incX != 1 || incY != 1 || n < 16 || len(x) < n || len(y) < n {
		return f.Implementation.Ddot(n, x, incX, y, incY)
	}
	return kernel.Dot(x[:n], y)
}

// Daxpy computes y += alpha*x.
func (f fastBLAS) Daxpy(n int, alpha float64, x []float64, incX int, y []float64, incY int) {
	if incX != 1 || incY != 1 || n < 16 || len(x) < n || len(y) < n || alpha == 0 {
		f.Implementation.Daxpy(n, alpha, x, incX, y, incY)
		return
	}
	kernel.Axpy(alpha, x[:n], y)
}

// Dscal computes x *= alpha.
func (f fastBLAS) Dscal(n int, alpha float64, x []float64, incX int) {
	if incX != 1 || n < 16 || len(x) < n || alpha == 0 {
		f.Implementation.Dscal(n, alpha, x, incX)
		return
	}
	kernel.XS(kernel.Mul)(x[:n], x[:n], alpha)
}

// Dnrm2 returns the Euclidean length of x.
func (f fastBLAS) Dnrm2(n int, x []float64, incX int) float64 {
	const least, most = 0x1p-900, 0x1p900 // squares and their sum stay well inside the range of numbers
	if incX == 1 && n >= 16 && len(x) >= n {
		if s := kernel.Dot(x[:n], x); s >= least && s <= most {
			return math.Sqrt(s)
		}
	}
	return f.Implementation.Dnrm2(n, x, incX)
}
