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

// Func is a function of one number with a loop of its own.
type Func uint8

// The functions. Not is 1 where the number is 0, else 0; Sigmoid is 1/(1+exp(-x)).
const (
	Exp Func = iota
	Log
	Tanh
	Sigmoid
	Sqrt
	Abs
	Square
	Not
	numFuncs
)

// Loop returns Map of f. Against the exact value the error is at most 2 units in the
// last place, and 4 for Sigmoid.
func Loop(f Func) func(dst, x []float64) { return active.fun[f] }

// genericFuncs are the loops in plain Go. Read-only.
var genericFuncs = [numFuncs]func(dst, x []float64){
	Exp:     func(dst, x []float64) { Map(math.Exp, dst, x) },
	Log:     func(dst, x []float64) { Map(log, dst, x) },
	Tanh:    func(dst, x []float64) { Map(math.Tanh, dst, x) },
	Sigmoid: func(dst, x []float64) { Map(sigmoid, dst, x) },
	Sqrt:    sqrt,
	Abs:     abs,
	Square:  square,
	Not:     not,
}

// log is math.Log, whose assembly on some platforms takes subnormal numbers for 2^-1023.
func log(v float64) float64 {
	if v > 0 && v < 0x1p-1022 {
		return math.Log(v*(1<<54)) - 54*math.Ln2
	}
	return math.Log(v)
}

// sigmoid keeps its small values for numbers whose exp(-v) would overflow.
func sigmoid(v float64) float64 {
	e := math.Exp(-math.Abs(v))
	if v < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

func sqrt(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = math.Sqrt(v)
	}
}

func abs(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = math.Abs(v)
	}
}

func square(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = v * v
	}
}

func not(dst, x []float64) {
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
