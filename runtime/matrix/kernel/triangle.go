package kernel

// SymRows is both products that the rows of a contribute to a product with a symmetric
// matrix, in one pass:
//
//	for r := range m {
//		s[r] += Dot(a[r*ld:r*ld+n], x)
//		Axpy(f[r], a[r*ld:r*ld+n], y)
//	}
//
// It is fast for m = SymStep(). It requires len(a) >= (m-1)*ld+n, len(f) and len(s) >= m,
// len(x) and len(y) >= n, and that y overlaps nothing else.
func SymRows(m, n int, f, a []float64, ld int, x, y, s []float64) {
	active.symRows(m, n, f, a, ld, x, y, s)
}

// SolveRows solves for m rows of n values with the triangle l, m x m and row-major,
// whose diagonal holds the reciprocals of the pivots:
//
//	for i := range m {
//		for p := range i {
//			Axpy(-l[i*m+p], row(p), row(i))
//		}
//		row(i) *= l[i*m+i]
//	}
//
// Row i is x[i*ld:i*ld+n], or x[(m-1-i)*ld:(m-1-i)*ld+n] if up is set. It is fast for
// m = SymStep(). It requires len(x) >= (m-1)*ld+n and len(l) >= m*m.
func SolveRows(m, n int, l, x []float64, ld int, up bool) {
	active.solveRows(m, n, l, x, ld, up)
}

// SymStep returns the number of rows for which SymRows and SolveRows are fast.
func SymStep() int { return active.step }

// symRows is SymRows in plain Go.
func symRows(m, n int, f, a []float64, ld int, x, y, s []float64) {
	x, y = x[:n], y[:n]
	for r := range m {
		t, g := 0.0, f[r]
		for j, v := range a[r*ld : r*ld+n] {
			t += v * x[j]
			y[j] += g * v
		}
		s[r] += t
	}
}

// solveRows is SolveRows in plain Go.
func solveRows(m, n int, l, x []float64, ld int, up bool) {
	row := func(i int) []float64 {
		if up {
			i = m - 1 - i
		}
		return x[i*ld : i*ld+n]
	}
	for i := range m {
		xi := row(i)
		for p := range i {
			axpy(-l[i*m+p], row(p), xi)
		}
		for j := range xi {
			xi[j] *= l[i*m+i]
		}
	}
}
