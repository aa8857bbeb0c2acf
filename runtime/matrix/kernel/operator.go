package kernel

// The loops of this file are Zip and ZipScalar with the operator in the loop, for
// the operators that scripts use most. Names: XY combines two slices, XS a slice
// and a scalar on the right, SX a scalar on the left.

// AddXY is dst[i] = x[i] + y[i].
func AddXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v + y[i]
	}
}

// AddXS is dst[i] = x[i] + s.
func AddXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v + s
	}
}

// SubXY is dst[i] = x[i] - y[i].
func SubXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v - y[i]
	}
}

// SubXS is dst[i] = x[i] - s.
func SubXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v - s
	}
}

// MulXY is dst[i] = x[i] * y[i].
func MulXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v * y[i]
	}
}

// MulXS is dst[i] = x[i] * s.
func MulXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v * s
	}
}

// DivXY is dst[i] = x[i] / y[i].
func DivXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v / y[i]
	}
}

// DivXS is dst[i] = x[i] / s.
func DivXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v / s
	}
}

// SubSX is dst[i] = s - x[i].
func SubSX(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = s - v
	}
}

// DivSX is dst[i] = s / x[i].
func DivSX(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = s / v
	}
}

// EqXY is dst[i] = 1 if x[i] == y[i], else 0.
func EqXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v == y[i])
	}
}

// EqXS is dst[i] = 1 if x[i] == s, else 0.
func EqXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v == s)
	}
}

// NeXY is dst[i] = 1 if x[i] != y[i], else 0.
func NeXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v != y[i])
	}
}

// NeXS is dst[i] = 1 if x[i] != s, else 0.
func NeXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v != s)
	}
}

// LtXY is dst[i] = 1 if x[i] < y[i], else 0.
func LtXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v < y[i])
	}
}

// LtXS is dst[i] = 1 if x[i] < s, else 0.
func LtXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v < s)
	}
}

// LeXY is dst[i] = 1 if x[i] <= y[i], else 0.
func LeXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v <= y[i])
	}
}

// LeXS is dst[i] = 1 if x[i] <= s, else 0.
func LeXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v <= s)
	}
}

// GtXY is dst[i] = 1 if x[i] > y[i], else 0.
func GtXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v > y[i])
	}
}

// GtXS is dst[i] = 1 if x[i] > s, else 0.
func GtXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v > s)
	}
}

// GeXY is dst[i] = 1 if x[i] >= y[i], else 0.
func GeXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = truth(v >= y[i])
	}
}

// GeXS is dst[i] = 1 if x[i] >= s, else 0.
func GeXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v >= s)
	}
}

// MinXY is dst[i] = x[i] if x[i] is NaN or x[i] < y[i], else y[i].
func MinXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		w := y[i]
		if v != v || v < w {
			w = v
		}
		dst[i] = w
	}
}

// MinXS is MinXY with y[i] == s for every i.
func MinXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		w := s
		if v != v || v < w {
			w = v
		}
		dst[i] = w
	}
}

// MaxXY is dst[i] = x[i] if x[i] is NaN or x[i] > y[i], else y[i].
func MaxXY(dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		w := y[i]
		if v != v || v > w {
			w = v
		}
		dst[i] = w
	}
}

// MaxXS is MaxXY with y[i] == s for every i.
func MaxXS(dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		w := s
		if v != v || v > w {
			w = v
		}
		dst[i] = w
	}
}
