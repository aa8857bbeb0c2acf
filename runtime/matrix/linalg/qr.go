package linalg

import (
	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

const (
	qrPanel = 32 // most columns of a block of reflections
	qrStrip = 8  // columns that are reflected one by one
)

// qr is a factorisation A = Q*R of an m x n matrix by k = min(m, n) reflections.
type qr struct {
	c       *matrix.Ctx
	m, n, k int
	r       []float64 // m x n: R on and above the diagonal, below undefined
	v       []float64 // k x m: the vectors of the reflections as rows, complete
	tau     []float64
	blocks  []block // with all reflections, in order; block b begins at row and column b*qrPanel
	bufs    [2]*matrix.Matrix
}

// factorQR factorises the m x n matrix a, whose rows are adjacent and which becomes R.
// The caller releases the result.
func factorQR(c *matrix.Ctx, m, n int, a []float64) *qr {
	k := min(m, n)
	rouse(c, 2*float64(m)*float64(n)*float64(k))
	f := &qr{c: c, m: m, n: n, k: k, r: a, tau: make([]float64, k)}
	var ts []float64
	f.bufs[0], f.v = matrix.Draft(c, k, m)
	f.bufs[1], ts = matrix.Draft(c, k, qrPanel)
	for j := 0; j < k; j += qrPanel {
		w := min(qrPanel, k-j)
		rows := f.v[j*m:]
		kernel.Transpose(m-j, w, a[j*n+j:], n, rows[j:], m)
		for i := range w {
			clear(rows[i*m : i*m+j])
		}
		t := ts[j*qrPanel : j*qrPanel+w*w]
		f.reflectColumns(j, w, rows[j:], f.tau[j:j+w], t)
		q := block{m: m - j, k: w, v: rows[j:], ld: m, rows: true, t: t}
		f.blocks = append(f.blocks, q)
		if j+w < n {
			q.applyLeft(c, true, n-j-w, a[j*n+j+w:], n)
		}
	}
	return f
}

func (f *qr) release() {
	for _, b := range f.bufs {
		b.Release()
	}
}

// reflectColumns factorises the w columns of A from row and column j on, which are the
// rows of v from column j on, and writes their R to f.r and the T of their block to t,
// w x w. The second half is worked on when the block of the first is applied to it
// (E. Elmroth and F. Gustavson, Applying recursion to serial and parallel QR
// factorization, IBM J. Res. Dev. 44, 2000).
func (f *qr) reflectColumns(j, w int, v, tau, t []float64) {
	rows := f.m - j
	if w <= qrStrip {
		f.reflectStrip(j, w, v, tau)
		q := block{m: rows, k: w, v: v, ld: f.m, rows: true}
		q.buildT(f.c, tau, t)
		return
	}
	h := (w/2 + 7) &^ 7
	buf, work := matrix.Draft(f.c, 3, w*w)
	defer buf.Release()
	t1, t2, cross := work[:h*h], work[w*w:w*w+(w-h)*(w-h)], work[2*w*w:]
	f.reflectColumns(j, h, v, tau[:h], t1)
	right := v[h*f.m:]
	first := block{m: rows, k: h, v: v, ld: f.m, rows: true, t: t1}
	first.applyRight(f.c, false, w-h, right, f.m)
	for i := range w - h { // the R above the second half's own
		row := right[i*f.m:]
		for p := range h {
			f.r[(j+p)*f.n+j+h+i] = row[p]
		}
		clear(row[:h])
	}
	f.reflectColumns(j+h, w-h, right[h:], tau[h:], t2)
	// T of both: -T1*(V1'*V2)*T2 in the upper right.
	matrix.Gemm(f.c, false, true, h, w-h, rows-h, 1, v[h:], f.m, right[h:], f.m, 0, cross, w-h)
	matrix.Trmm(f.c, false, false, false, false, h, w-h, -1, t1, h, cross, w-h)
	matrix.Trmm(f.c, true, false, false, false, h, w-h, 1, t2, w-h, cross, w-h)
	for i := range w {
		row := t[i*w : (i+1)*w]
		if i < h {
			copy(row, t1[i*h:(i+1)*h])
			copy(row[h:], cross[i*(w-h):(i+1)*(w-h)])
		} else {
			clear(row[:h])
			copy(row[h:], t2[(i-h)*(w-h):(i-h+1)*(w-h)])
		}
	}
}

// reflectStrip is reflectColumns without T, column by column.
func (f *qr) reflectStrip(j, w int, v, tau []float64) {
	rows := f.m - j
	for i := range w {
		x := v[i*f.m : i*f.m+rows]
		for p := range i {
			f.r[(j+p)*f.n+j+i] = x[p]
		}
		clear(x[:i])
		x = x[i:]
		f.r[(j+i)*f.n+j+i], tau[i] = reflect(x)
		for p := i + 1; p < w; p++ {
			y := v[p*f.m+i : p*f.m+rows]
			kernel.Axpy(-tau[i]*kernel.Dot(x, y), x, y)
		}
	}
}

// applyQ replaces b, m x n with adjacent rows, by Q*b, or by Q'*b if trans is set.
func (f *qr) applyQ(trans bool, n int, b []float64) {
	for s := range f.blocks {
		i := len(f.blocks) - 1 - s
		if trans {
			i = s
		}
		f.blocks[i].applyLeft(f.c, trans, n, b[i*qrPanel*n:], n)
	}
}

// formQ writes the first k columns of Q to q, m x k with adjacent rows. Block by block
// from the last one, Q grows to the left and up.
func (f *qr) formQ(q []float64) {
	clear(q)
	for i := range f.k {
		q[i*f.k+i] = 1
	}
	for i := len(f.blocks) - 1; i >= 0; i-- {
		j := i * qrPanel
		f.blocks[i].applyLeft(f.c, false, f.k-j, q[j*f.k+j:], f.k)
	}
}

// clearBelow clears what is below the diagonal of R.
func (f *qr) clearBelow() {
	eachRows(f.c, f.m, f.n, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			clear(f.r[i*f.n : i*f.n+min(i, f.n)])
		}
	})
}

// QR returns the reduced factorisation a = Q*R of an m x n matrix of finite cells: Q, m x
// k with orthonormal columns, and the upper trapezoidal R, k x n, for k = min(m, n). A
// diagonal cell of R has the sign that makes its reflection exact, not always plus.
func QR(c *matrix.Ctx, a *matrix.Matrix) (q, r *matrix.Matrix, err error) {
	buf, cells, _, err := load(c, a)
	if err != nil {
		return nil, nil, err
	}
	defer buf.Release()
	f := factorQR(c, a.Rows(), a.Cols(), cells)
	defer f.release()
	q, qCells := matrix.Draft(c, f.m, f.k)
	f.formQ(qCells)
	f.clearBelow()
	r, rCells := matrix.Draft(c, f.k, f.n)
	copy(rCells, cells)
	return matrix.Compact(c, q), matrix.Compact(c, r), nil
}

// Householder returns the reflections and the R, both m x n, of an m x n matrix of finite
// cells. Column j of h is the vector v of the j-th reflection I - v*v'/v[j], with zeros
// above row j; it is zero where there was nothing to reflect.
func Householder(c *matrix.Ctx, a *matrix.Matrix) (h, r *matrix.Matrix, err error) {
	r, cells, _, err := load(c, a)
	if err != nil {
		return nil, nil, err
	}
	f := factorQR(c, a.Rows(), a.Cols(), cells)
	defer f.release()
	f.clearBelow()
	scale := kernel.XS(kernel.Mul)
	for j, t := range f.tau {
		row := f.v[j*f.m : (j+1)*f.m]
		scale(row, row, t)
	}
	h, hCells := matrix.Draft(c, f.m, f.n)
	if f.k < f.n {
		clear(hCells)
	}
	kernel.Transpose(f.k, f.m, f.v, f.m, hCells, f.n)
	return matrix.Compact(c, h), matrix.Compact(c, r), nil
}
