package matrix

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"

	"gdml/runtime/matrix/kernel"
)

// fastBLAS is gonum's BLAS with the routines that factorisations spend their time
// in replaced by the kernels of this tree. It runs on one thread. Arguments that a
// replacement does not take (other increments, bad sizes, small operands) go to
// gonum's routine, which also checks them.
type fastBLAS struct {
	gonum.Implementation
	ctx *Ctx // packing buffers
}

// blasCells is the size from which a replacement pays, in multiply-adds.
const blasCells = 4096

// gonum's linear algebra reads its BLAS from one registered implementation. This
// registration, when the program starts, is the only one.
func init() { blas64.Use(fastBLAS{ctx: &Ctx{Mem: NewArena(64 << 20)}}) }

// fits reports whether a has room for rows x cols cells with rows ld apart.
func fits(rows, cols int, a []float64, ld int) bool {
	return rows > 0 && cols > 0 && ld >= cols && len(a) >= (rows-1)*ld+cols
}

// blasOperand returns op(a) as a view, where op transposes if t is not NoTrans, and
// whether t is legal and a, whose op(a) is rows x cols, has room.
func blasOperand(t blas.Transpose, rows, cols int, a []float64, ld int) (view, bool) {
	switch t {
	case blas.NoTrans:
		return view{a, ld, 1}, fits(rows, cols, a, ld)
	case blas.Trans, blas.ConjTrans:
		return view{a, 1, ld}, fits(cols, rows, a, ld)
	}
	return view{}, false
}

// Dgemm computes c = alpha*op(a)*op(b) + beta*c.
func (f fastBLAS) Dgemm(ta, tb blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	va, okA := blasOperand(ta, m, k, a, lda)
	vb, okB := blasOperand(tb, k, n, b, ldb)
	if !okA || !okB || !fits(m, n, c, ldc) || alpha == 0 || m*n*k < blasCells {
		f.Implementation.Dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	scaleRows(m, n, beta, c, ldc)
	p := product{c: f.ctx, m: m, n: n, k: k, a: va, b: vb, out: c, ldc: ldc, add: beta != 0}
	if alpha != 1 {
		p.scale = alpha
	}
	p.blockRun(nil)
}

// scaleRows multiplies m rows of n cells by s; 0 and 1 leave them to whoever writes or reads them next.
func scaleRows(m, n int, s float64, c []float64, ldc int) {
	if s == 0 || s == 1 {
		return
	}
	mul := kernel.XS(kernel.Mul)
	for i := range m {
		row := c[i*ldc : i*ldc+n]
		mul(row, row, s)
	}
}

// triBlock is the size of the diagonal blocks of Dsyrk and Dtrsm.
const triBlock = 48

// Dsyrk computes one triangle of c = alpha*a*a' + beta*c, or of alpha*a'*a + beta*c.
func (f fastBLAS) Dsyrk(ul blas.Uplo, t blas.Transpose, n, k int, alpha float64, a []float64, lda int, beta float64, c []float64, ldc int) {
	va, ok := blasOperand(t, n, k, a, lda)
	if !ok || !fits(n, n, c, ldc) || alpha == 0 || n*n*k < 2*blasCells || ul != blas.Upper && ul != blas.Lower {
		f.Implementation.Dsyrk(ul, t, n, k, alpha, a, lda, beta, c, ldc)
		return
	}
	turned := view{va.data, va.cs, va.rs}
	buf := newDense(f.ctx, triBlock, triBlock)
	defer buf.Release()
	for i := 0; i < n; i += triBlock {
		m := min(triBlock, n-i)
		p := product{c: f.ctx, m: m, n: m, k: k, a: va.at(i, 0), b: turned.at(0, i), out: buf.dense, ldc: m, scale: alpha}
		p.blockRun(nil)
		addTriangle(ul, m, buf.dense, beta, c[i*ldc+i:], ldc)
		p.m, p.n, p.out, p.ldc, p.add = m, n-i-m, nil, ldc, beta != 0
		if ul == blas.Lower {
			p.n = i
			p.b = turned
		} else {
			p.b = turned.at(0, i+m)
		}
		if p.n == 0 {
			continue
		}
		p.out = c[i*ldc:]
		if ul == blas.Upper {
			p.out = c[i*ldc+i+m:]
		}
		scaleRows(p.m, p.n, beta, p.out, ldc)
		p.blockRun(nil)
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

// Dtrsm solves op(a)*x = alpha*b, or x*op(a) = alpha*b, for a triangular a and writes
// x to b. It halves a and turns the square part into a product.
func (f fastBLAS) Dtrsm(side blas.Side, ul blas.Uplo, t blas.Transpose, d blas.Diag, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	size := m
	if side == blas.Right {
		size = n
	}
	legal := side == blas.Left || side == blas.Right
	legal = legal && (ul == blas.Upper || ul == blas.Lower) && (t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans)
	if !legal || !fits(size, size, a, lda) || !fits(m, n, b, ldb) || alpha == 0 || size <= triBlock || m*n < triBlock {
		f.Implementation.Dtrsm(side, ul, t, d, m, n, alpha, a, lda, b, ldb)
		return
	}
	h := size / 2
	off, low := a[h*lda:], a[h*lda+h:] // the square block and the second triangle
	if ul == blas.Upper {
		off = a[h:]
	}
	upper := (ul == blas.Upper) == (t == blas.NoTrans) // is op(a) upper triangular?
	if side == blas.Left {
		top, bottom := b, b[h*ldb:]
		if upper {
			f.Dtrsm(side, ul, t, d, m-h, n, alpha, low, lda, bottom, ldb)
			f.Dgemm(t, blas.NoTrans, h, n, m-h, -1, off, lda, bottom, ldb, alpha, top, ldb)
			f.Dtrsm(side, ul, t, d, h, n, 1, a, lda, top, ldb)
			return
		}
		f.Dtrsm(side, ul, t, d, h, n, alpha, a, lda, top, ldb)
		f.Dgemm(t, blas.NoTrans, m-h, n, h, -1, off, lda, top, ldb, alpha, bottom, ldb)
		f.Dtrsm(side, ul, t, d, m-h, n, 1, low, lda, bottom, ldb)
		return
	}
	left, right := b, b[h:]
	if upper {
		f.Dtrsm(side, ul, t, d, m, h, alpha, a, lda, left, ldb)
		f.Dgemm(blas.NoTrans, t, m, n-h, h, -1, left, ldb, off, lda, alpha, right, ldb)
		f.Dtrsm(side, ul, t, d, m, n-h, 1, low, lda, right, ldb)
		return
	}
	f.Dtrsm(side, ul, t, d, m, n-h, alpha, low, lda, right, ldb)
	f.Dgemm(blas.NoTrans, t, m, h, n-h, -1, right, ldb, off, lda, alpha, left, ldb)
	f.Dtrsm(side, ul, t, d, m, h, 1, a, lda, left, ldb)
}

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
