package kernel

// Op is a binary operator with loops of its own.
type Op uint8

// The operators. From and Into are Sub and Div with the operands swapped: y-x and
// y/x. Comparisons give 1 or 0. Min and Max give NaN if an operand is NaN.
const (
	Plus Op = iota
	Sub
	From
	Mul
	Div
	Into
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	Lesser
	Greater
	numOps
)

// XY returns the loop of o over two slices:
//
//	for i, v := range x {
//		dst[i] = v o y[i]
//	}
//
// It requires len(dst) >= len(x) and len(y) >= len(x). dst may be x or y.
func XY(o Op) func(dst, x, y []float64) { return active.xy[o] }

// XS returns the loop of XY with y[i] == s for every i.
func XS(o Op) func(dst, x []float64, s float64) { return active.xs[o] }

// Add is XY(Plus).
func Add(dst, x, y []float64) { active.xy[Plus](dst, x, y) }

// PlusMul is
//
//	for i, v := range x {
//		dst[i] = v + s*y[i]
//	}
//
// with a product that is rounded before the addition. It requires len(dst) >= len(x) and len(y) >= len(x).
func PlusMul(dst, x []float64, s float64, y []float64) { active.plusMul(dst, x, s, y) }

// Stream is
//
//	copy(dst, src)
//
// past the caches: for results that are too large to stay in them, whose lines would
// otherwise be read before they are written. src should be in cache; the two do not
// overlap. It requires len(dst) >= len(src), and a Fence before other goroutines read dst.
func Stream(dst, src []float64) { active.stream(dst, src) }

// Fence ends a series of calls of Stream on the same goroutine.
func Fence() { active.fence() }

// genericXY and genericXS are the loops in plain Go. Read-only.
var (
	genericXY = [numOps]func(dst, x, y []float64){
		Plus: addXY, Sub: subXY, From: func(dst, x, y []float64) { subXY(dst, y[:len(x)], x) },
		Mul: mulXY, Div: divXY, Into: func(dst, x, y []float64) { divXY(dst, y[:len(x)], x) },
		Eq: eqXY, Ne: neXY, Lt: ltXY, Le: leXY, Gt: gtXY, Ge: geXY, Lesser: minXY, Greater: maxXY,
	}
	genericXS = [numOps]func(dst, x []float64, s float64){
		Plus: addXS, Sub: subXS, From: subSX, Mul: mulXS, Div: divXS, Into: divSX,
		Eq: eqXS, Ne: neXS, Lt: ltXS, Le: leXS, Gt: gtXS, Ge: geXS, Lesser: minXS, Greater: maxXS,
	}
)
