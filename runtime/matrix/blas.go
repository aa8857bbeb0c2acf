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
	_, okA := blasOperand(ta, m, k, a, lda)
	_, okB := blasOperand(tb, k, n, b, ldb)
	if !okA || !okB || !fits(m, n, c, ldc) || alpha == 0 || m*n*k < blasCells {
		f.Implementation.Dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	Gemm(f.ctx, ta != blas.NoTrans, tb != blas.NoTrans, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
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

// legalTriangle reports whether the flags of a triangular operand are legal, and the
// operands, of which the triangle is size x size, have room.
func legalTriangle(ul blas.Uplo, t blas.Transpose, size, m, n int, a []float64, lda int, b []float64, ldb int) bool {
	return (ul == blas.Upper || ul == blas.Lower) && (t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans) &&
		fits(size, size, a, lda) && fits(m, n, b, ldb)
}

// sided returns the size of a square operand at one side of an m x n one, and whether the side is legal.
func sided(side blas.Side, m, n int) (size int, ok bool) {
	if side == blas.Right {
		return n, true
	}
	return m, side == blas.Left
}

// Dtrsm solves op(a)*x = alpha*b, or x*op(a) = alpha*b, for a triangular a and writes x to b.
func (f fastBLAS) Dtrsm(side blas.Side, ul blas.Uplo, t blas.Transpose, d blas.Diag, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	size, ok := sided(side, m, n)
	if !ok || !legalTriangle(ul, t, size, m, n, a, lda, b, ldb) || d != blas.Unit && d != blas.NonUnit || alpha == 0 || m*n*size < 2*blasCells {
		f.Implementation.Dtrsm(side, ul, t, d, m, n, alpha, a, lda, b, ldb)
		return
	}
	Trsm(f.ctx, side == blas.Right, ul == blas.Lower, t != blas.NoTrans, d == blas.Unit, m, n, alpha, a, lda, b, ldb)
}

// Dtrmm computes b = alpha*op(a)*b, or b = alpha*b*op(a), for a triangular a.
func (f fastBLAS) Dtrmm(side blas.Side, ul blas.Uplo, t blas.Transpose, d blas.Diag, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	size, ok := sided(side, m, n)
	if !ok || !legalTriangle(ul, t, size, m, n, a, lda, b, ldb) || d != blas.Unit && d != blas.NonUnit || alpha == 0 || m*n*size < 2*blasCells {
		f.Implementation.Dtrmm(side, ul, t, d, m, n, alpha, a, lda, b, ldb)
		return
	}
	Trmm(f.ctx, side == blas.Right, ul == blas.Lower, t != blas.NoTrans, d == blas.Unit, m, n, alpha, a, lda, b, ldb)
}
