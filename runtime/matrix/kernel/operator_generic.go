package kernel

// The loops of this file are the operators in plain Go. Names: XY combines two
// slices, XS a slice and a scalar on the right, SX a scalar on the left.

// addXY is dst[i] = x[i] + y[i].
func addXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v + y[i]
	}
}

// addXS is dst[i] = x[i] + s.
func addXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v + s
	}
}

// subXY is dst[i] = x[i] - y[i].
func subXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v - y[i]
	}
}

// subXS is dst[i] = x[i] - s.
func subXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v - s
	}
}

// mulXY is dst[i] = x[i] * y[i].
func mulXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v * y[i]
	}
}

// mulXS is dst[i] = x[i] * s.
func mulXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v * s
	}
}

// divXY is dst[i] = x[i] / y[i].
func divXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v / y[i]
	}
}

// divXS is dst[i] = x[i] / s.
func divXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v / s
	}
}

// subSX is dst[i] = s - x[i].
func subSX(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = s - v
	}
}

// divSX is dst[i] = s / x[i].
func divSX(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = s / v
	}
}

// eqXY is dst[i] = 1 if x[i] == y[i], else 0.
func eqXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v == y[i])
	}
}

// eqXS is dst[i] = 1 if x[i] == s, else 0.
func eqXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v == s)
	}
}

// neXY is dst[i] = 1 if x[i] != y[i], else 0.
func neXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v != y[i])
	}
}

// neXS is dst[i] = 1 if x[i] != s, else 0.
func neXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v != s)
	}
}

// ltXY is dst[i] = 1 if x[i] < y[i], else 0.
func ltXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v < y[i])
	}
}

// ltXS is dst[i] = 1 if x[i] < s, else 0.
func ltXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v < s)
	}
}

// leXY is dst[i] = 1 if x[i] <= y[i], else 0.
func leXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v <= y[i])
	}
}

// leXS is dst[i] = 1 if x[i] <= s, else 0.
func leXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v <= s)
	}
}

// gtXY is dst[i] = 1 if x[i] > y[i], else 0.
func gtXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v > y[i])
	}
}

// gtXS is dst[i] = 1 if x[i] > s, else 0.
func gtXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v > s)
	}
}

// geXY is dst[i] = 1 if x[i] >= y[i], else 0.
func geXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v >= y[i])
	}
}

// geXS is dst[i] = 1 if x[i] >= s, else 0.
func geXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v >= s)
	}
}

// minXY is dst[i] = x[i] if x[i] is NaN or x[i] < y[i], else y[i].
func minXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		w := y[i]
		if v != v || v < w {
			w = v
		}
		dst[i] = w
	}
}

// minXS is minXY with y[i] == s for every i.
func minXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		w := s
		if v != v || v < w {
			w = v
		}
		dst[i] = w
	}
}

// maxXY is dst[i] = x[i] if x[i] is NaN or x[i] > y[i], else y[i].
func maxXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		w := y[i]
		if v != v || v > w {
			w = v
		}
		dst[i] = w
	}
}

// maxXS is maxXY with y[i] == s for every i.
func maxXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		w := s
		if v != v || v > w {
			w = v
		}
		dst[i] = w
	}
}

// plusMul is PlusMul in plain Go.
func plusMul(dst, x []float64, s float64, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v + float64(s*y[i])
	}
}
