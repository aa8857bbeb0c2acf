//go:build !noasm

package kernel

// micro computes one register tile; see the stubs.
type micro func(k int, a *float64, rsa, csa int, b *float64, rsb int, c *float64, ldc, last, add int)

// vector is the routines of an assembly tier. Its methods bring operands into the
// form that the routines take: whole vectors for reductions, and pieces of a few
// thousand values, since a routine cannot be preempted.
type vector struct {
	lanes    int
	tileRows int
	dot      func(x, y []float64) float64
	dotRows  func(n int, a *float64, ld int, x, y *float64)
	axpyRows func(n int, f, a *float64, ld int, y *float64)

	symRows   func(n int, f, a *float64, ld int, x, y, s *float64)
	solveRows func(n int, l, x *float64, ld int)
	panels    [panelVectors][2]panelRows // by vectors-1; near and far

	sum, square  func(x []float64, mu float64) (s, c float64)
	sumRows      func(n int, a *float64, ld int, s, c *float64) // lanes rows
	min, max     func(x []float64, m float64) float64
	count        func(x []float64) int
	lastEqual    func(x []float64, v float64) int
	addRow       func(n int, x *float64, ld int, s, c *float64)
	addGroup     func(n int, x *float64, ld int, s, c *float64) // group rows
	addRowSq     func(n int, x *float64, ld int, mu, s, c *float64)
	addGroupSq   func(n int, x *float64, ld int, mu, s, c *float64)
	copyA, copyB func(k int, src *float64, ld int, dst *float64)
	transpose    func(k int, src *float64, lds int, dst *float64, ldd int)
	xy           [numOps]func(dst, x, y []float64)
	xs           [numOps]func(dst, x []float64, s float64)
	fun          [numFuncs]func(dst, x []float64)
	plusMul      func(dst, x []float64, s float64, y []float64)
	axpy         func(a float64, x, y []float64)
	stream       func(dst, src []float64)
	fence        func()
	long         *vector     // whose loops of one instruction are used for operands beyond the first cache level; nil for its own
	tiles, full  [8][3]micro // by rows-1 and vectors-1: any width, whole vectors
}

const (
	piece = 8192 // most values of an operand in one call
	strip = 1024 // most columns of one call on eight rows
	short = 16   // reductions of fewer values are not worth a call
	far   = 4096 // values of an operand that is not in the first cache level
	group = 8    // rows of axpyRows, addGroup and addGroupSq
)

// set returns the kernels over the routines of v.
func (v *vector) set(name string) *set {
	s := generic()
	s.name = name
	// Where memory decides, processors that do 512 bits in two halves (Zen 4) store
	// 256 at a time a fifth faster, and others as fast.
	long := v
	if v.long != nil {
		long = v.long
	}
	for o, f := range v.xy {
		if f != nil {
			s.xy[o] = cut2(f, long.xy[o])
		}
	}
	s.xy[From] = func(dst, x, y []float64) { s.xy[Sub](dst, y[:len(x)], x) }
	s.xy[Into] = func(dst, x, y []float64) { s.xy[Div](dst, y[:len(x)], x) }
	for o, f := range v.xs {
		s.xs[o] = cutScalar(f, long.xs[o])
	}
	for o, f := range v.fun {
		s.fun[o] = cut1(f, f)
	}
	for _, o := range []Func{Abs, Square, Not} {
		s.fun[o] = cut1(v.fun[o], long.fun[o])
	}
	s.plusMul, s.axpy, s.stream, s.fence = v.plusMulCut, v.axpyCut, v.streamAligned, v.fence
	s.dot, s.gemv, s.gemvT = v.dotCut, v.gemv, v.gemvT
	s.sum = func(x []float64, mu float64) Acc { return v.total(v.sum, sum, x, mu) }
	s.square = func(x []float64, mu float64) Acc { return v.total(v.square, sumSq, x, mu) }
	s.sumRows = v.sumRowsCut
	s.min = func(x []float64, m float64) float64 { return extreme(v.min, lowest, x, m) }
	s.max = func(x []float64, m float64) float64 { return extreme(v.max, highest, x, m) }
	s.countNonZero, s.lastIndex = v.countNonZero, v.lastIndex
	s.addRows, s.addRowsSq = v.addRowsCut, v.addRowsSqCut
	s.transpose = v.transposeTiles
	s.mr, s.nr, s.lanes, s.step = v.tileRows, 3*v.lanes, v.lanes, v.lanes
	s.packA, s.packB, s.tile = v.packA, v.packB, v.tile
	s.symRows, s.solveRows = v.symRowsCut, v.solveRowsCut
	s.panelUnit, s.panel = v.lanes, v.panel
	return s
}

// cut1 returns the loop that runs f by pieces, or long where the operand has far values or more; so do cut2 and cutScalar.
func cut1(f, long func(dst, x []float64)) func(dst, x []float64) {
	return func(dst, x []float64) {
		f := f
		if len(x) >= far {
			f = long
		}
		for ; len(x) > piece; dst, x = dst[piece:], x[piece:] {
			f(dst[:piece], x[:piece])
		}
		f(dst[:len(x)], x)
	}
}

func cut2(f, long func(dst, x, y []float64)) func(dst, x, y []float64) {
	return func(dst, x, y []float64) {
		f := f
		if len(x) >= far {
			f = long
		}
		for ; len(x) > piece; dst, x, y = dst[piece:], x[piece:], y[piece:] {
			f(dst[:piece], x[:piece], y[:piece])
		}
		f(dst[:len(x)], x, y[:len(x)])
	}
}

func cutScalar(f, long func(dst, x []float64, s float64)) func(dst, x []float64, s float64) {
	return func(dst, x []float64, s float64) {
		f := f
		if len(x) >= far {
			f = long
		}
		for ; len(x) > piece; dst, x = dst[piece:], x[piece:] {
			f(dst[:piece], x[:piece], s)
		}
		f(dst[:len(x)], x, s)
	}
}

func (v *vector) plusMulCut(dst, x []float64, s float64, y []float64) {
	for ; len(x) > piece; dst, x, y = dst[piece:], x[piece:], y[piece:] {
		v.plusMul(dst[:piece], x[:piece], s, y[:piece])
	}
	v.plusMul(dst[:len(x)], x, s, y[:len(x)])
}

func (v *vector) axpyCut(a float64, x, y []float64) {
	for ; len(x) > piece; x, y = x[piece:], y[piece:] {
		v.axpy(a, x[:piece], y[:piece])
	}
	v.axpy(a, x, y[:len(x)])
}

// streamAligned brings dst to a cache line's boundary and leaves what does not fill a vector to copy.
func (v *vector) streamAligned(dst, src []float64) {
	dst = dst[:len(src)]
	n := copy(dst[:len(dst)-len(Align(dst))], src)
	for dst, src = dst[n:], src[n:]; len(src) >= v.lanes; dst, src = dst[n:], src[n:] {
		n = v.whole(min(len(src), piece))
		v.stream(dst[:n], src[:n])
	}
	copy(dst, src)
}

// whole returns n rounded down to whole vectors.
func (v *vector) whole(n int) int { return n &^ (v.lanes - 1) }

func (v *vector) dotCut(x, y []float64) float64 {
	y = y[:len(x)]
	s := 0.0
	for ; len(x) > piece; x, y = x[piece:], y[piece:] {
		s += v.dot(x[:piece], y[:piece])
	}
	w := v.whole(len(x))
	s += v.dot(x[:w], y)
	for i := w; i < len(x); i++ {
		s += x[i] * y[i]
	}
	return s
}

func (v *vector) gemv(m, n int, a []float64, ld int, x, y []float64) {
	x, y = x[:n], y[:m]
	i := 0
	for ; i+v.lanes <= m && n > 0; i += v.lanes {
		_ = a[(i+v.lanes-1)*ld+n-1]
		clear(y[i : i+v.lanes])
		for j := 0; j < n; j += strip {
			v.dotRows(min(strip, n-j), &a[i*ld+j], ld, &x[j], &y[i])
		}
	}
	for ; i < m; i++ {
		y[i] = v.dotCut(x, a[i*ld:i*ld+n])
	}
}

func (v *vector) gemvT(m, n int, a []float64, ld int, x, y []float64) {
	x, y = x[:m], y[:n]
	i := 0
	for ; i+group <= m && n > 0; i += group {
		_ = a[(i+group-1)*ld+n-1]
		for j := 0; j < n; j += strip {
			v.axpyRows(min(strip, n-j), &x[i], &a[i*ld+j], ld, &y[j])
		}
	}
	for ; i < m; i++ {
		v.axpyCut(x[i], a[i*ld:i*ld+n], y)
	}
}

// total sums by pieces.
func (v *vector) total(f func(x []float64, mu float64) (s, c float64), rest func(x []float64, mu float64) Acc, x []float64, mu float64) (a Acc) {
	if len(x) < short {
		return rest(x, mu)
	}
	for ; len(x) > piece; x = x[piece:] {
		s, c := f(x[:piece], mu)
		a.Merge(Acc{s, c})
	}
	s, c := f(x, mu)
	a.Merge(Acc{s, c})
	return a
}

// sumRowsCut takes the last rows again with some of those before them: the sum of a row does not depend on its neighbours.
func (v *vector) sumRowsCut(m, n int, a []float64, ld int, s, c []float64) {
	if m < v.lanes || n == 0 || n > strip {
		for i := range m {
			t := v.total(v.sum, sum, a[i*ld:i*ld+n], 0)
			s[i], c[i] = t.S, t.C
		}
		return
	}
	_, _, _ = a[(m-1)*ld+n-1], s[m-1], c[m-1]
	for i := 0; i < m; i += v.lanes {
		i := min(i, m-v.lanes)
		v.sumRows(n, &a[i*ld], ld, &s[i], &c[i])
	}
}

// extreme folds by pieces.
func extreme(f, rest func(x []float64, m float64) float64, x []float64, m float64) float64 {
	if len(x) < short {
		return rest(x, m)
	}
	for ; len(x) > piece; x = x[piece:] {
		m = f(x[:piece], m)
	}
	return f(x, m)
}

func (v *vector) countNonZero(x []float64) int {
	c := 0
	for len(x) >= v.lanes {
		n := v.whole(min(len(x), piece))
		c += v.count(x[:n])
		x = x[n:]
	}
	return c + countNonZero(x)
}

func (v *vector) lastIndex(x []float64, val float64) int {
	w := v.whole(len(x))
	if i := lastIndex(x[w:], val); i >= 0 {
		return w + i
	}
	for w > 0 {
		n := min(w, piece)
		if i := v.lastEqual(x[w-n:w], val); i >= 0 {
			return w - n + i
		}
		w -= n
	}
	return -1
}

func (v *vector) addRowsCut(m, n int, x []float64, ld int, s, c []float64) {
	if m == 0 || n == 0 {
		return
	}
	_, _, _ = x[(m-1)*ld+n-1], s[n-1], c[n-1]
	eachRows(m, n, func(i, j, cols int, whole bool) {
		f := v.addRow
		if whole {
			f = v.addGroup
		}
		f(cols, &x[i*ld+j], ld, &s[j], &c[j])
	})
}

func (v *vector) addRowsSqCut(m, n int, x []float64, ld int, mu, s, c []float64) {
	if m == 0 || n == 0 {
		return
	}
	_, _, _, _ = x[(m-1)*ld+n-1], mu[n-1], s[n-1], c[n-1]
	eachRows(m, n, func(i, j, cols int, whole bool) {
		f := v.addRowSq
		if whole {
			f = v.addGroupSq
		}
		f(cols, &x[i*ld+j], ld, &mu[j], &s[j], &c[j])
	})
}

// eachRows calls f for m rows from the top, whole groups first, in strips of columns.
func eachRows(m, n int, f func(i, j, cols int, whole bool)) {
	for i := 0; i < m; {
		whole := i+group <= m
		for j := 0; j < n; j += strip {
			f(i, j, min(strip, n-j), whole)
		}
		if i++; whole {
			i += group - 1
		}
	}
}

// transposeTiles transposes in strips of columns, so that the written lines stay in cache until they are full.
func (v *vector) transposeTiles(m, n int, src []float64, lds int, dst []float64, ldd int) {
	const wide = 64
	w, h := v.whole(n), v.whole(m)
	for j := 0; j < w; j += wide {
		k := min(wide, w-j)
		for i := 0; i < h; i += v.lanes {
			_, _ = src[(i+v.lanes-1)*lds+j+k-1], dst[(j+k-1)*ldd+i+v.lanes-1]
			v.transpose(k, &src[i*lds+j], lds, &dst[j*ldd+i], ldd)
		}
	}
	if w < n && m > 0 {
		transpose(m, n-w, src[w:], lds, dst[w*ldd:], ldd)
	}
	if h < m && w > 0 {
		transpose(m-h, w, src[h*lds:], lds, dst[h:], ldd)
	}
}

func (v *vector) packA(m, k int, a []float64, rs, cs int, dst []float64) {
	mr := v.tileRows
	full := m / mr * mr
	if rs != 1 && cs != 1 || k == 0 {
		full = 0
	}
	for i := 0; i < full; i += mr {
		d := dst[i*k : (i+mr)*k]
		_ = a[(i+mr-1)*rs+(k-1)*cs]
		if rs == 1 {
			v.copyA(k, &a[i], cs, &d[0])
			continue
		}
		w := v.whole(k)
		if w > 0 {
			v.transpose(w, &a[i*rs], rs, &d[0], mr)
		}
		if w < k {
			packLeft(mr, mr, k-w, a[i*rs+w:], rs, 1, d[w*mr:])
		}
	}
	if full < m {
		packLeft(mr, m-full, k, a[full*rs:], rs, cs, dst[full*k:])
	}
}

func (v *vector) packB(k, n int, b []float64, rs, cs int, dst []float64) {
	nr := 3 * v.lanes
	full := n / nr * nr
	if rs != 1 && cs != 1 || k == 0 {
		full = 0
	}
	w := v.whole(k)
	for j := 0; j < full; j += nr {
		d := dst[j*k : (j+nr)*k]
		_ = b[(k-1)*rs+(j+nr-1)*cs]
		if cs == 1 {
			v.copyB(k, &b[j], rs, &d[0])
			continue
		}
		for q := 0; q < nr && w > 0; q += v.lanes {
			v.transpose(w, &b[(j+q)*cs], cs, &d[q], nr)
		}
		if w < k {
			packRight(nr, k-w, nr, b[w+j*cs:], 1, cs, d[w*nr:])
		}
	}
	if full < n {
		packRight(nr, k, n-full, b[full*cs:], rs, cs, dst[full*k:])
	}
}

func (v *vector) tile(m, n, k int, a []float64, rsa, csa int, b []float64, rsb int, c []float64, ldc, mode int) {
	_, _, _ = a[(m-1)*rsa+(k-1)*csa], b[(k-1)*rsb+n-1], c[(m-1)*ldc+n-1]
	cols := (n + v.lanes - 1) / v.lanes
	last := n - (cols-1)*v.lanes
	f := v.tiles[m-1][cols-1]
	if last == v.lanes {
		f = v.full[m-1][cols-1]
	}
	f(k, &a[0], rsa, csa, &b[0], rsb, &c[0], ldc, last, mode)
}

func (v *vector) symRowsCut(m, n int, f, a []float64, ld int, x, y, s []float64) {
	if m != v.lanes || n == 0 {
		for r := range m {
			row := a[r*ld : r*ld+n]
			s[r] += v.dotCut(row, x)
			v.axpyCut(f[r], row, y)
		}
		return
	}
	_, _, _, _, _ = f[m-1], a[(m-1)*ld+n-1], x[n-1], y[n-1], s[m-1]
	for j := 0; j < n; j += strip {
		v.symRows(min(strip, n-j), &f[0], &a[j], ld, &x[j], &y[j], &s[0])
	}
}

func (v *vector) solveRowsCut(m, n int, l, x []float64, ld int, up bool) {
	if m != v.lanes || n == 0 {
		solveRows(m, n, l, x, ld, up)
		return
	}
	_, _ = l[m*m-1], x[(m-1)*ld+n-1] // the last cells that are read
	at, step := 0, ld
	if up {
		at, step = (m-1)*ld, -ld
	}
	for j := 0; j < n; j += strip {
		v.solveRows(min(strip, n-j), &l[0], &x[at+j], step)
	}
}
