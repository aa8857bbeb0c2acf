package linalg

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gdml/runtime/matrix"
)

const epsilon = 0x1p-52

// symmetricCells returns the n x n matrix with the cells f(i, j) for i <= j.
func symmetricCells(n int, f func(i, j int) float64) []float64 {
	a := make([]float64, n*n)
	for i := range n {
		for j := i; j < n; j++ {
			a[i*n+j] = f(i, j)
			a[j*n+i] = a[i*n+j]
		}
	}
	return a
}

// tridiagonalCells returns the symmetric matrix with the diagonal d(i) and the couplings e(i).
func tridiagonalCells(n int, d, e func(i int) float64) []float64 {
	return symmetricCells(n, func(i, j int) float64 {
		switch j - i {
		case 0:
			return d(i)
		case 1:
			return e(i)
		}
		return 0
	})
}

// similar returns q*diag(w)*q' with an orthonormal q.
func similar(seed uint64, w []float64) []float64 {
	n := len(w)
	a := symmetricCells(n, func(i, j int) float64 {
		if i == j {
			return w[i]
		}
		return 0
	})
	for r := range 3 {
		v := random(seed+uint64(r), n)
		tau := 2 / sumSquares(v)
		for _, turned := range []bool{false, true} {
			if turned {
				a = transposed(n, n, a)
			}
			for i := range n {
				row := a[i*n : (i+1)*n]
				s := 0.0
				for j := range row {
					s += row[j] * v[j]
				}
				for j := range row {
					row[j] -= tau * s * v[j]
				}
			}
		}
	}
	return symmetricCells(n, func(i, j int) float64 { return a[i*n+j] })
}

func sumSquares(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v * v
	}
	return s
}

// numbers returns f(0), ..., f(n-1).
func numbers(n int, f func(i int) float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = f(i)
	}
	return x
}

func constant(v float64) func(int) float64 { return func(int) float64 { return v } }

// symmetricKinds are the kinds of matrices that eigensolvers are tried on.
var symmetricKinds = []struct {
	name string
	make func(n int) []float64
}{
	{"random", func(n int) []float64 {
		r := random(uint64(n), n*n)
		return symmetricCells(n, func(i, j int) float64 { return r[i*n+j] })
	}},
	{"identity", func(n int) []float64 { return tridiagonalCells(n, constant(1), constant(0)) }},
	{"zero", func(n int) []float64 { return make([]float64, n*n) }},
	{"diagonal", func(n int) []float64 {
		return tridiagonalCells(n, func(i int) float64 { return float64(i*7%5) - 2 }, constant(0))
	}},
	{"rank one", func(n int) []float64 {
		x := random(uint64(n), n)
		return symmetricCells(n, func(i, j int) float64 { return x[i] * x[j] })
	}},
	{"ones", func(n int) []float64 { return symmetricCells(n, func(i, j int) float64 { return 1 }) }},
	{"multiple", func(n int) []float64 { return similar(3, numbers(n, func(i int) float64 { return float64(i % 3) })) }},
	{"clustered", func(n int) []float64 {
		return similar(4, numbers(n, func(i int) float64 { return float64(i%4) + 1e-15*float64(i) }))
	}},
	{"graded", func(n int) []float64 {
		return similar(5, numbers(n, func(i int) float64 { return math.Pow(10, -16*float64(i)/float64(n)) }))
	}},
	{"graded rows", func(n int) []float64 {
		r := random(uint64(n), n*n)
		return symmetricCells(n, func(i, j int) float64 { return r[i*n+j] * math.Pow(10, -8*float64(i+j)/float64(n)) })
	}},
	{"Wilkinson", func(n int) []float64 {
		return tridiagonalCells(n, func(i int) float64 { return math.Abs(float64(n/2 - i)) }, constant(1))
	}},
	{"glued Wilkinson", func(n int) []float64 {
		return tridiagonalCells(n, func(i int) float64 { return math.Abs(float64(10 - i%21)) }, func(i int) float64 {
			if i%21 == 20 {
				return 1e-9
			}
			return 1
		})
	}},
	{"Laplace", func(n int) []float64 { return tridiagonalCells(n, constant(2), constant(-1)) }},
	{"huge", func(n int) []float64 {
		r := random(uint64(n), n*n)
		return symmetricCells(n, func(i, j int) float64 { return 1e300 * r[i*n+j] })
	}},
	{"tiny", func(n int) []float64 {
		r := random(uint64(n), n*n)
		return symmetricCells(n, func(i, j int) float64 { return 1e-300 * r[i*n+j] })
	}},
	{"subnormal", func(n int) []float64 {
		return symmetricCells(n, func(i, j int) float64 { return 5e-324 * float64((i+j)%7) })
	}},
	{"blocks of any size", func(n int) []float64 {
		return tridiagonalCells(n, func(i int) float64 { return math.Pow(2, float64(-500*(i%3))) },
			func(i int) float64 { return math.Pow(2, float64(-900*(i%2))) })
	}},
}

var symmetricSizes = []int{1, 2, 3, 4, 5, 17, 31, 32, 33, 64, 65, 66, 100, 130}

// checkEigen fails unless w ascends and v are orthonormal eigenvectors of a, all within
// a small multiple of the rounding errors.
func checkEigen(t *testing.T, name string, n int, a []float64, w, v *matrix.Matrix) {
	t.Helper()
	cells, values := v.DenseData(), w.DenseData()
	top := 0.0
	for _, x := range a {
		top = max(top, math.Abs(x))
	}
	for _, x := range values {
		top = max(top, math.Abs(x))
	}
	unit := 1.0
	if top > 0 {
		unit = min(1/top, 1e308)
	}
	if w.Rows() != n || w.Cols() != 1 || v.Rows() != n || v.Cols() != n || !slices.IsSorted(values) {
		t.Fatalf("%s: %v values, %v vectors, sorted %v", name, w, v, slices.IsSorted(values))
	}
	scaled := numbers(n*n, func(i int) float64 { return a[i] * unit })
	av := make([]float64, n*n)
	matrix.Gemm(nil, false, false, n, n, n, 1, scaled, n, cells, n, 0, av, n)
	residual := 0.0
	for i := range n {
		for j := range n {
			r := math.Abs(av[i*n+j] - cells[i*n+j]*(values[j]*unit))
			residual = max(residual, r)
			if r != r {
				residual = math.Inf(1)
			}
		}
	}
	bound := epsilon * (8 + 2*float64(n))
	if residual > bound {
		t.Errorf("%s: residual %.3g, may be %.3g", name, residual, bound)
	}
	if d := skew(n, n, cells); !(d <= bound) {
		t.Errorf("%s: the vectors are orthonormal to %.3g, may be %.3g", name, d, bound)
	}
}

// skew returns the largest cell of v'*v - I for v of m x n.
func skew(m, n int, v []float64) float64 {
	g := make([]float64, n*n)
	matrix.Gemm(nil, true, false, n, n, m, 1, v, n, v, n, 0, g, n)
	for i := range n {
		g[i*n+i]--
	}
	d := 0.0
	for _, x := range g {
		if x != x {
			return x
		}
		d = max(d, math.Abs(x))
	}
	return d
}

func TestEigenSym(t *testing.T) {
	for _, k := range symmetricKinds {
		for _, n := range symmetricSizes {
			a := k.make(n)
			w, v, err := EigenSym(nil, matrix.FromDense(n, n, slices.Clone(a)))
			if err != nil {
				t.Fatalf("%s %d: %v", k.name, n, err)
			}
			checkEigen(t, fmt.Sprintf("%s %d", k.name, n), n, a, w, v)
		}
	}
}

func TestEigenSymLarge(t *testing.T) {
	sizes := []int{200, 500}
	if testing.Short() {
		sizes = sizes[:1]
	}
	for i, n := range sizes {
		for j, k := range symmetricKinds {
			if i > 0 && j%3 != 0 {
				continue // a part of the kinds
			}
			a := k.make(n)
			w, v, err := EigenSym(nil, matrix.FromDense(n, n, slices.Clone(a)))
			if err != nil {
				t.Fatalf("%s %d: %v", k.name, n, err)
			}
			checkEigen(t, fmt.Sprintf("%s %d", k.name, n), n, a, w, v)
		}
	}
}

func TestEigenSymOnThreads(t *testing.T) {
	for _, n := range []int{3, 33, 100, 257} {
		for _, k := range []int{0, 6, 11} {
			a := symmetricKinds[k].make(n)
			var values, vectors []float64
			for _, c := range budgets() {
				w, v, err := EigenSym(c, matrix.FromDense(n, n, a))
				if err != nil {
					t.Fatal(err)
				}
				if values == nil {
					values, vectors = w.DenseData(), v.DenseData()
				}
				if !slices.Equal(w.DenseData(), values) || !slices.Equal(v.DenseData(), vectors) {
					t.Errorf("%s %d: other bits on other threads", symmetricKinds[k].name, n)
				}
			}
		}
	}
}

func TestEigenSymValuesOfGonum(t *testing.T) {
	for _, k := range symmetricKinds[:len(symmetricKinds)-4] { // gonum fails on extreme sizes
		for _, n := range []int{2, 17, 60, 120} {
			a := k.make(n)
			w, _, err := EigenSym(nil, matrix.FromDense(n, n, slices.Clone(a)))
			if err != nil {
				t.Fatal(err)
			}
			var e mat.EigenSym
			if !e.Factorize(mat.NewSymDense(n, slices.Clone(a)), false) {
				t.Fatalf("%s %d: gonum does not converge", k.name, n)
			}
			want := e.Values(nil)
			top := max(math.Abs(want[0]), math.Abs(want[n-1]))
			if d := distance(w.DenseData(), want); !(d <= 20*float64(n)*epsilon*top+5e-324) {
				t.Errorf("%s %d: values differ from gonum's by %.3g of %.3g", k.name, n, d, top)
			}
		}
	}
}

// trying is number i of a spectrum that the numbers r choose: r[1] says of which kind it is.
func trying(r []float64, i int) float64 {
	x := r[i%len(r)]
	switch int((r[1] + 0.5) * 4) {
	case 0: // few values
		return math.Round(4 * x)
	case 1: // of all sizes
		return x * math.Pow(10, 20*r[(3*i+5)%len(r)])
	case 2: // close ones
		return 1 + 1e-14*math.Round(8*x)
	}
	return x
}

func TestEigenSymOfRandomSpectra(t *testing.T) {
	for seed := range uint64(150) {
		r := random(seed, 40)
		n := 1 + int((r[0]+0.5)*60)
		w := numbers(n, func(i int) float64 { return trying(r, i) })
		a := similar(seed, w)
		values, v, err := EigenSym(nil, matrix.FromDense(n, n, slices.Clone(a)))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		checkEigen(t, fmt.Sprintf("seed %d, %d", seed, n), n, a, values, v)
	}
}

func TestEigenSymReadsOneTriangle(t *testing.T) {
	n := 40
	a := symmetricKinds[0].make(n)
	want, _, err := EigenSym(nil, matrix.FromDense(n, n, slices.Clone(a)))
	if err != nil {
		t.Fatal(err)
	}
	half := slices.Clone(a)
	for i := range n {
		for j := range i {
			half[i*n+j] = 1e9
		}
	}
	kept := slices.Clone(half)
	w, _, err := EigenSym(nil, matrix.FromDense(n, n, half))
	if err != nil || !slices.Equal(w.DenseData(), want.DenseData()) {
		t.Errorf("the cells below the diagonal matter: %v", err)
	}
	if !slices.Equal(half, kept) {
		t.Error("the operand is changed")
	}
}

func TestEigenSymErrors(t *testing.T) {
	w, v, err := EigenSym(nil, matrix.FromDense(0, 0, nil))
	if err != nil || w.Rows() != 0 || w.Cols() != 1 || v.Cells() != 0 {
		t.Errorf("of 0x0: %v, %v, %v", w, v, err)
	}
	if _, _, err := EigenSym(nil, matrix.FromDense(2, 3, make([]float64, 6))); err == nil {
		t.Error("of 2x3: no error")
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		a := symmetricKinds[0].make(9)
		a[3*9+5], a[5*9+3] = bad, bad
		if _, _, err := EigenSym(nil, matrix.FromDense(9, 9, a)); err == nil {
			t.Errorf("with %v: no error", bad)
		}
	}
}
