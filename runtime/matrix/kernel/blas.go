package kernel

// Dot is
//
//	for i, v := range x {
//		s += v * y[i]
//	}
//
// in interleaved lanes. It requires len(y) >= len(x).
func Dot(x, y []float64) float64 { return active.dot(x, y) }

// Axpy is
//
//	for i, v := range x {
//		y[i] += a * v
//	}
//
// It requires len(y) >= len(x) and that x and y do not partly overlap.
func Axpy(a float64, x, y []float64) { active.axpy(a, x, y) }

// Gemv is
//
//	for i := range m {
//		y[i] = Dot(a[i*ld:i*ld+n], x[:n])
//	}
//
// It requires len(a) >= (m-1)*ld+n, len(x) >= n and len(y) >= m.
func Gemv(m, n int, a []float64, ld int, x, y []float64) { active.gemv(m, n, a, ld, x, y) }

// GemvT adds the rows of a, weighted by x, to y:
//
//	for i := range m {
//		Axpy(x[i], a[i*ld:i*ld+n], y)
//	}
//
// several rows at a time. It requires len(a) >= (m-1)*ld+n, len(x) >= m and len(y) >= n.
func GemvT(m, n int, a []float64, ld int, x, y []float64) { active.gemvT(m, n, a, ld, x, y) }

// Transpose is
//
//	for i := range m {
//		for j := range n {
//			dst[j*ldd+i] = src[i*lds+j]
//		}
//	}
//
// in tiles that fit the first-level cache. It requires len(src) >= (m-1)*lds+n and len(dst) >= (n-1)*ldd+m.
func Transpose(m, n int, src []float64, lds int, dst []float64, ldd int) {
	active.transpose(m, n, src, lds, dst, ldd)
}

// GatherDot is
//
//	for p, v := range val {
//		s += v * x[idx[p]]
//	}
//
// It requires len(idx) >= len(val) and indexes inside x.
func GatherDot(val []float64, idx []int32, x []float64) float64 {
	var s0, s1 float64
	idx = idx[:len(val)]
	p := 0
	for ; p+2 <= len(val); p += 2 {
		s0 += val[p] * x[idx[p]]
		s1 += val[p+1] * x[idx[p+1]]
	}
	if p < len(val) {
		s0 += val[p] * x[idx[p]]
	}
	return s0 + s1
}

// ScatterAxpy is
//
//	for p, v := range val {
//		y[idx[p]] += a * v
//	}
//
// It requires len(idx) >= len(val) and indexes inside y.
func ScatterAxpy(a float64, val []float64, idx []int32, y []float64) {
	idx = idx[:len(val)]
	for p, v := range val {
		y[idx[p]] += a * v
	}
}
