package kernel

import (
	"fmt"
	"os"
	"strings"
)

// set is the kernels of one tier. The exported functions of the same names define them.
type set struct {
	name string

	xy  [numOps]func(dst, x, y []float64)
	xs  [numOps]func(dst, x []float64, s float64)
	fun [numFuncs]func(dst, x []float64)

	plusMul func(dst, x []float64, s float64, y []float64)
	stream  func(dst, src []float64)
	fence   func()
	axpy    func(a float64, x, y []float64)
	dot     func(x, y []float64) float64
	gemv    func(m, n int, a []float64, ld int, x, y []float64)
	gemvT   func(m, n int, a []float64, ld int, x, y []float64)

	sum, square  func(x []float64, mu float64) Acc
	sumRows      func(m, n int, x []float64, ld int, s, c []float64)
	min, max     func(x []float64, m float64) float64
	countNonZero func(x []float64) int
	lastIndex    func(x []float64, v float64) int
	addRows      func(m, n int, x []float64, ld int, s, c []float64)
	addRowsSq    func(m, n int, x []float64, ld int, mu, s, c []float64)

	transpose func(m, n int, src []float64, lds int, dst []float64, ldd int)
	mr, nr    int // rows and columns of a register tile of Gemm
	step      int // rows of symRows and solveRows
	lanes     int // columns of a part of a tile that can be left out
	packA     func(m, k int, a []float64, rs, cs int, dst []float64)
	packB     func(k, n int, b []float64, rs, cs int, dst []float64)
	tile      func(m, n, k int, a []float64, rsa, csa int, b []float64, rsb int, c []float64, ldc, mode int)

	symRows   func(m, n int, f, a []float64, ld int, x, y, s []float64)
	solveRows func(m, n int, l, x []float64, ld int, up bool)

	panelUnit int // columns of a panel are a multiple
	panel     func(rowPtr []int, idx []int32, val []float64, b Panel, y []float64, ldy, n int)
}

// active is the set that the exported functions run; cpuErr says what is wrong with GDML_CPU.
var active, cpuErr = choose(os.Getenv("GDML_CPU"), sets())

// choose returns the set of that name, or for no name the last, which is the best.
func choose(name string, from []*set) (*set, error) {
	best := from[len(from)-1]
	if name == "" {
		return best, nil
	}
	known := make([]string, len(from))
	for i, s := range from {
		if s.name == name {
			return s, nil
		}
		known[i] = s.name
	}
	return best, fmt.Errorf("GDML_CPU=%s: this processor and build have %s", name, strings.Join(known, ", "))
}

// Tier returns the name of the tier in use: generic, avx2 or avx512. The error says
// that the environment asks for another that is not there.
func Tier() (string, error) { return active.name, cpuErr }

// generic returns the set in plain Go.
func generic() *set {
	return &set{
		name: "generic", xy: genericXY, xs: genericXS, fun: genericFuncs,
		plusMul: plusMul, stream: func(dst, src []float64) { copy(dst[:len(src)], src) }, fence: func() {}, axpy: axpy, dot: dot, gemv: gemv, gemvT: gemvT,
		sum: sum, square: sumSq, sumRows: sumRows, min: lowest, max: highest, countNonZero: countNonZero, lastIndex: lastIndex,
		addRows: addRows, addRowsSq: addRowsSq, transpose: transpose,
		mr: tileRows, nr: tileCols, lanes: tileCols, step: 4, packA: packA, packB: packB, tile: tile,
		symRows: symRows, solveRows: solveRows, panelUnit: 8, panel: mulPanel,
	}
}
