package kernel

import "math"

// Map is
//
//	for i, v := range x {
//		dst[i] = f(v)
//	}
//
// It requires len(dst) >= len(x). dst may be x; the same holds for all kernels of this file.
func Map(f func(float64) float64, dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = f(v)
	}
}

// Exp is Map with math.Exp.
func Exp(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = math.Exp(v)
	}
}

// Log is Map with math.Log.
func Log(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = math.Log(v)
	}
}

// Tanh is Map with math.Tanh.
func Tanh(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = math.Tanh(v)
	}
}

// Sqrt is Map with math.Sqrt.
func Sqrt(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = math.Sqrt(v)
	}
}

// Abs is Map with math.Abs.
func Abs(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = math.Abs(v)
	}
}

// Square is Map with v*v.
func Square(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v * v
	}
}

// Not is Map with 1 where v == 0 and 0 elsewhere.
func Not(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = truth(v == 0)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Zip is
//
//	for i, v := range x {
//		dst[i] = f(v, y[i])
//	}
//
// It requires len(dst) >= len(x) and len(y) >= len(x). dst may be x or y.
func Zip(f func(a, b float64) float64, dst, x, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = f(v, y[i])
	}
}

// ZipScalar is Zip with y[i] == s for every i.
func ZipScalar(f func(a, b float64) float64, dst, x []float64, s float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = f(v, s)
	}
}

// ScalarZip is Zip with x[i] == s for every i.
func ScalarZip(f func(a, b float64) float64, dst []float64, s float64, y []float64) {
	dst = dst[:len(y)]
	for i, v := range y {
		dst[i] = f(s, v)
	}
}

// PlusMul is
//
//	for i, v := range x {
//		dst[i] = v + s*y[i]
//	}
//
// with a product that is rounded before the addition. It requires len(dst) >= len(x) and len(y) >= len(x).
func PlusMul(dst, x []float64, s float64, y []float64) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v + float64(s*y[i])
	}
}
