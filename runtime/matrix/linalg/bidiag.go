package linalg

import (
	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

const (
	bidiagPanel = 24      // rows and columns that are reduced before the rest is brought up to date
	stripeCells = 1 << 16 // most cells of a stripe: with 8 bytes each it stays in the second-level cache
	stripeWidth = 64      // most columns of a stripe
)

// bidiagonaliser reduces an m x n matrix A, m >= n, to the upper bidiagonal Q'*A*P. Row i
// of left becomes the vector of the reflection i from the left, complete with its zeros
// and its 1, and tauLeft[i] its factor; Q is their product in this order. right, with
// vectors of n cells, is the same for P.
//
// Reflections are gathered in panels like those of tridiagonalise. Of the two products
// with a vector that each step needs, with A' and with A, the second is known but for
// terms of one column as soon as the first is known for some columns, so both are taken
// of a stripe of columns while it is in cache: G. W. Howell, J. W. Demmel, C. T. Fulton,
// S. Hammarling and K. Marmol, Cache Efficient Bidiagonalization Using BLAS 2.5 Operators,
// ACM Trans. Math. Softw. 34 (2008). A is kept by stripes for that.
type bidiagonaliser struct {
	c                  *matrix.Ctx
	m, n               int
	width              int       // of a stripe
	stripes            []float64 // stripe s is m x width, with the columns from s*width on
	d, e               []float64 // the diagonal and what is above it, n and n-1 cells
	left, right        []float64 // n x m and n x n
	tauLeft, tauRight  []float64
	lo                 int       // where the panel begins
	columns            []float64 // 2*bidiagPanel x m: A lacks the sum of -columns[r]'*rows[r]
	rows               []float64 // 2*bidiagPanel x n
	sums               []float64 // m cells for each stripe
	column, row, image []float64
}

// bidiagonalise reduces a, m x n with adjacent rows, which is not changed. The caller
// provides the result's slices.
func (b *bidiagonaliser) bidiagonalise(a []float64) {
	m, n := b.m, b.n
	b.width = min(max(stripeCells/m&^7, 16), stripeWidth)
	count := (n + b.width - 1) / b.width
	buf, cells := matrix.Draft(b.c, 1, m*count*b.width+2*bidiagPanel*(m+n)+count*m+2*m+n)
	defer buf.Release()
	for _, f := range []struct {
		to *[]float64
		n  int
	}{
		{&b.stripes, m * count * b.width}, {&b.columns, 2 * bidiagPanel * m}, {&b.rows, 2 * bidiagPanel * n},
		{&b.sums, count * m}, {&b.column, m}, {&b.row, n}, {&b.image, m},
	} {
		*f.to, cells = cells[:f.n], cells[f.n:]
	}
	workers(b.c).DoCost(count, cellNanos*float64(m)*float64(n), func(s int) {
		for i := range m {
			copy(b.stripes[(s*m+i)*b.width:], a[i*n+s*b.width:i*n+min((s+1)*b.width, n)])
		}
	})
	clear(b.left)
	clear(b.right)
	for lo := 0; lo < n; lo += bidiagPanel {
		hi := min(lo+bidiagPanel, n)
		b.lo = lo
		for i := lo; i < hi; i++ {
			b.reduce(i)
		}
		b.update(hi)
	}
}

// stripe returns the cells of A from row i on in the columns of stripe s from column j on,
// with rows b.width apart.
func (b *bidiagonaliser) stripe(s, i, j int) []float64 {
	return b.stripes[(s*b.m+i)*b.width+j-s*b.width:]
}

// readColumn writes column j from row i on to x, without the changes of the panel.
func (b *bidiagonaliser) readColumn(i, j int, x []float64) {
	cells := b.stripe(j/b.width, i, j)
	for r := range x {
		x[r] = cells[r*b.width]
	}
}

// reduce makes column i and row i those of a bidiagonal matrix.
func (b *bidiagonaliser) reduce(i int) {
	m, n, k := b.m, b.n, 2*(i-b.lo)
	var dots, weights [2 * bidiagPanel]float64
	x := b.column[:m-i]
	b.readColumn(i, i, x)
	for r := range k {
		weights[r] = -b.rows[r*n+i]
	}
	kernel.GemvT(k, m-i, b.columns[i:], m, weights[:k], x)
	b.d[i], b.tauLeft[i] = reflect(x)
	copy(b.left[i*m+i:], x)
	if i == n-1 {
		return
	}
	v := b.columns[k*m : (k+1)*m]
	clear(v[:i])
	copy(v[i:], x)
	kernel.Gemv(k, m-i, b.columns[i:], m, x, dots[:k])
	for r := range k {
		dots[r] = -dots[r]
	}
	b.sweep(i, k, x, dots[:k])
	b.reduceRow(i, k)
}

// sweep computes, column by column, the row that belongs to the vector v of the left
// reflection, then with it row i as that reflection leaves it, and the product of A with
// that row. dots are the products of v with the columns of the panel, negated.
func (b *bidiagonaliser) sweep(i, k int, v, dots []float64) {
	m, n, w := b.m, b.n, b.width
	tau, ld := b.tauLeft[i], b.m
	from, to := (i+1)/w, (n+w-1)/w
	y := b.rows[k*n : (k+1)*n]
	clear(y[:i+1])
	cost := 2 * cellNanos * float64(m-i) * float64(n-i)
	workers(b.c).DoCost(to-from, cost, func(s int) {
		s += from
		lo, hi := max(i+1, s*w), min((s+1)*w, n)
		part := y[lo:hi]
		clear(part)
		kernel.GemvT(m-i, hi-lo, b.stripe(s, i, lo), w, v, part)
		kernel.GemvT(k, hi-lo, b.rows[lo:], n, dots, part)
		kernel.XS(kernel.Mul)(part, part, tau)
		row := b.row[lo:hi]
		copy(row, b.stripe(s, i, lo))
		var weights [2 * bidiagPanel]float64
		for r := range k + 1 {
			weights[r] = -b.columns[r*ld+i]
		}
		kernel.GemvT(k+1, hi-lo, b.rows[lo:], n, weights[:k+1], row)
		kernel.Gemv(m-i-1, hi-lo, b.stripe(s, i+1, lo), w, row, b.sums[s*m+i+1:(s+1)*m])
	})
	image := b.image[i+1 : m]
	copy(image, b.sums[from*m+i+1:])
	for s := from + 1; s < to; s++ {
		kernel.Add(image, image, b.sums[s*m+i+1:(s+1)*m])
	}
}

// reduceRow finds the reflection from the right that row i needs, and its column.
func (b *bidiagonaliser) reduceRow(i, k int) {
	m, n := b.m, b.n
	u := b.row[i+1:]
	head := u[0]
	b.e[i], b.tauRight[i] = reflect(u)
	copy(b.right[i*n+i+1:], u)
	row := b.rows[(k+1)*n : (k+2)*n]
	clear(row[:i+1])
	copy(row[i+1:], u)
	column := b.columns[(k+1)*m : (k+2)*m]
	clear(column)
	if b.tauRight[i] == 0 {
		return
	}
	// u is (row - e*e_1)/(head - e): A*u follows from A*row.
	x := column[i+1:]
	b.readColumn(i+1, i+1, x)
	kernel.XS(kernel.Mul)(x, x, -b.e[i])
	kernel.Add(x, x, b.image[i+1:])
	kernel.XS(kernel.Div)(x, x, head-b.e[i])
	var dots [2 * bidiagPanel]float64
	kernel.Gemv(k+1, n-i-1, b.rows[i+1:], n, u, dots[:k+1])
	for r := range k + 1 {
		dots[r] = -dots[r]
	}
	kernel.GemvT(k+1, m-i-1, b.columns[i+1:], m, dots[:k+1], x)
	kernel.XS(kernel.Mul)(x, x, b.tauRight[i])
}

// update brings the rows and columns from hi on up to date.
func (b *bidiagonaliser) update(hi int) {
	m, n, w, k := b.m, b.n, b.width, 2*(hi-b.lo)
	from, to := hi/w, (n+w-1)/w
	if hi == n {
		return
	}
	workers(b.c).DoCost(to-from, flopNanos*float64(k)*float64(m-hi)*float64(n-hi), func(s int) {
		s += from
		lo, end := max(hi, s*w), min((s+1)*w, n)
		matrix.Gemm(b.c, true, false, m-hi, end-lo, k, -1, b.columns[hi:], m, b.rows[lo:], n, 1, b.stripe(s, hi, lo), w)
	})
}
