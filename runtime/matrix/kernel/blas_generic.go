package kernel

// dot is Dot in plain Go, in four lanes.
func dot(x, y []float64) float64 {
	var s0, s1, s2, s3 float64
	y = y[:len(x)]
	i := 0
	for ; i+4 <= len(x); i += 4 {
		a, b := x[i:i+4:i+4], y[i:i+4:i+4]
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
	}
	for ; i < len(x); i++ {
		s0 += x[i] * y[i]
	}
	return (s0 + s1) + (s2 + s3)
}

// axpy is Axpy in plain Go.
func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

// axpy4 is four calls of axpy with the rows x[0:n], x[ld:ld+n], ... and y = y[0:n], in one sweep over y:
//
//	for j := range n {
//		y[j] += ((a0*x[j] + a1*x[ld+j]) + (a2*x[2*ld+j] + a3*x[3*ld+j]))
//	}
//
// It requires len(x) >= 3*ld+n, len(y) >= n and ld >= n.
func axpy4(a0, a1, a2, a3 float64, x []float64, ld, n int, y []float64) {
	x0, x1, x2, x3 := x[:n], x[ld:ld+n], x[2*ld:2*ld+n], x[3*ld:3*ld+n]
	y = y[:n]
	for j, v := range x0 {
		y[j] += (a0*v + a1*x1[j]) + (a2*x2[j] + a3*x3[j])
	}
}

// gemv is Gemv in plain Go.
func gemv(m, n int, a []float64, ld int, x, y []float64) {
	x = x[:n]
	for i := range m {
		y[i] = dot(x, a[i*ld:i*ld+n])
	}
}

// gemvT is GemvT in plain Go, four rows at a time.
func gemvT(m, n int, a []float64, ld int, x, y []float64) {
	i := 0
	for ; i+4 <= m; i += 4 {
		axpy4(x[i], x[i+1], x[i+2], x[i+3], a[i*ld:], ld, n, y)
	}
	for ; i < m; i++ {
		axpy(x[i], a[i*ld:i*ld+n], y)
	}
}

// transpose is Transpose in plain Go.
func transpose(m, n int, src []float64, lds int, dst []float64, ldd int) {
	const tile = 16
	for i0 := 0; i0 < m; i0 += tile {
		i1 := min(i0+tile, m)
		for j0 := 0; j0 < n; j0 += tile {
			j1 := min(j0+tile, n)
			for j := j0; j < j1; j++ {
				d := dst[j*ldd+i0 : j*ldd+i1]
				p := i0*lds + j
				for i := range d {
					d[i] = src[p]
					p += lds
				}
			}
		}
	}
}
