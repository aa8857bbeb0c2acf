package linalg

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gdml/runtime/matrix"
)

// upperCells returns the m x n matrix with the cells f(i, j) for i <= j and zeros below.
func upperCells(m, n int, f func(i, j int) float64) []float64 {
	a := make([]float64, m*n)
	for i := range min(m, n) {
		for j := i; j < n; j++ {
			a[i*n+j] = f(i, j)
		}
	}
	return a
}

// bidiagonalCells returns the m x n matrix with the diagonal d(i) and e(i) above it.
func bidiagonalCells(m, n int, d, e func(i int) float64) []float64 {
	return upperCells(m, n, func(i, j int) float64 {
		switch j - i {
		case 0:
			return d(i)
		case 1:
			return e(i)
		}
		return 0
	})
}

// spectrum returns an m x n matrix with the singular values |w(i)|.
func spectrum(m, n int, w func(i int) float64) []float64 {
	a := upperCells(m, n, func(i, j int) float64 {
		if i == j {
			return w(i)
		}
		return 0
	})
	turn := func(m, n int, a []float64) {
		for r := range 2 {
			v := random(uint64(m+r), n)
			tau := 2 / sumSquares(v)
			for i := range m {
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
	turn(m, n, a)
	a = transposed(m, n, a)
	turn(n, m, a)
	return transposed(n, m, a)
}

// rectangularKinds are the kinds of matrices that the SVD is tried on.
var rectangularKinds = []struct {
	name string
	make func(m, n int) []float64
}{
	{"random", func(m, n int) []float64 { return random(uint64(m+3*n), m*n) }},
	{"identity", func(m, n int) []float64 { return bidiagonalCells(m, n, constant(1), constant(0)) }},
	{"zero", func(m, n int) []float64 { return make([]float64, m*n) }},
	{"diagonal", func(m, n int) []float64 {
		return bidiagonalCells(m, n, func(i int) float64 { return float64(i*7%5) - 2 }, constant(0))
	}},
	{"rank one", func(m, n int) []float64 {
		x, y := random(1, m), random(2, n)
		return numbers(m*n, func(i int) float64 { return x[i/n] * y[i%n] })
	}},
	{"ones", func(m, n int) []float64 { return numbers(m*n, constant(1)) }},
	{"half rank", func(m, n int) []float64 {
		return spectrum(m, n, func(i int) float64 { return float64(1 - i%2) })
	}},
	{"multiple", func(m, n int) []float64 { return spectrum(m, n, func(i int) float64 { return float64(i%3) - 1.5 }) }},
	{"clustered", func(m, n int) []float64 {
		return spectrum(m, n, func(i int) float64 { return float64(i%4) + 1e-15*float64(i) })
	}},
	{"graded", func(m, n int) []float64 {
		return spectrum(m, n, func(i int) float64 { return math.Pow(10, -16*float64(i)/float64(n)) })
	}},
	{"graded rows", func(m, n int) []float64 {
		r := random(uint64(n), m*n)
		return numbers(m*n, func(i int) float64 { return r[i] * math.Pow(10, -14*float64(i/n)/float64(m)) })
	}},
	{"graded columns", func(m, n int) []float64 {
		r := random(uint64(n), m*n)
		return numbers(m*n, func(i int) float64 { return r[i] * math.Pow(10, 14*float64(i%n)/float64(n)) })
	}},
	{"Kahan", func(m, n int) []float64 {
		c, s := math.Cos(1.2), math.Sin(1.2)
		return upperCells(m, n, func(i, j int) float64 {
			if i == j {
				return math.Pow(s, float64(i))
			}
			return -c * math.Pow(s, float64(i))
		})
	}},
	{"bidiagonal", func(m, n int) []float64 { return bidiagonalCells(m, n, constant(1), constant(1)) }},
	{"nilpotent", func(m, n int) []float64 { return bidiagonalCells(m, n, constant(0), constant(1)) }},
	{"glued", func(m, n int) []float64 {
		return bidiagonalCells(m, n, func(i int) float64 { return math.Abs(float64(10 - i%21)) }, func(i int) float64 {
			if i%21 == 20 {
				return 1e-9
			}
			return 1
		})
	}},
	{"huge", func(m, n int) []float64 {
		r := random(uint64(n), m*n)
		return numbers(m*n, func(i int) float64 { return 1e300 * r[i] })
	}},
	{"tiny", func(m, n int) []float64 {
		r := random(uint64(n), m*n)
		return numbers(m*n, func(i int) float64 { return 1e-300 * r[i] })
	}},
	{"subnormal", func(m, n int) []float64 {
		return numbers(m*n, func(i int) float64 { return 5e-324 * float64(i*i%7) })
	}},
	{"of any size", func(m, n int) []float64 {
		return bidiagonalCells(m, n, func(i int) float64 { return math.Pow(2, float64(-500*(i%3))) },
			func(i int) float64 { return math.Pow(2, float64(-900*(i%2))) })
	}},
}

var rectangularSizes = [][2]int{
	{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {1, 7}, {7, 1}, {2, 3}, {3, 2}, {17, 17}, {23, 24}, {24, 25}, {25, 23}, {31, 31}, {32, 32},
	{33, 33}, {64, 64}, {65, 65}, {66, 60}, {60, 66}, {100, 100}, {130, 99}, {90, 130}, {200, 30}, {30, 200}, {1000, 3}, {2, 900},
}

// checkSVD fails unless u*diag(s)*v' is a and the vectors are orthonormal within a small
// multiple of the rounding errors, and s is as it must be.
func checkSVD(t *testing.T, name string, m, n int, a []float64, u, s, v *matrix.Matrix) {
	t.Helper()
	k := min(m, n)
	if u.Rows() != m || u.Cols() != k || s.Rows() != k || s.Cols() != 1 || v.Rows() != n || v.Cols() != k {
		t.Fatalf("%s: the results are %v, %v and %v", name, u, s, v)
	}
	left, values, right := u.DenseData(), s.DenseData(), v.DenseData()
	for i, x := range values {
		if !(x >= 0) || i > 0 && x > values[i-1] {
			t.Fatalf("%s: singular value %d is %v", name, i, x)
		}
	}
	unit := 1.0
	if values[0] > 0 {
		unit = min(1/values[0], 1e308)
	}
	scaled := numbers(m*k, func(i int) float64 { return left[i] * (values[i%k] * unit) })
	residual := numbers(m*n, func(i int) float64 { return a[i] * unit })
	matrix.Gemm(nil, false, true, m, n, k, -1, scaled, k, right, k, 1, residual, n)
	worst := 0.0
	for _, x := range residual {
		worst = max(worst, math.Abs(x))
	}
	bound := epsilon * (10 + float64(max(m, n)))
	if !(worst <= bound) {
		t.Errorf("%s: residual %.3g, may be %.3g", name, worst, bound)
	}
	if d := max(skew(m, k, left), skew(n, k, right)); !(d <= bound) {
		t.Errorf("%s: the vectors are orthonormal to %.3g, may be %.3g", name, d, bound)
	}
}

func TestSVD(t *testing.T) {
	for _, kind := range rectangularKinds {
		for _, size := range rectangularSizes {
			m, n := size[0], size[1]
			a := kind.make(m, n)
			kept := slices.Clone(a)
			u, s, v, err := SVD(nil, dense(m, n, a))
			if err != nil {
				t.Fatalf("%s %v: %v", kind.name, size, err)
			}
			if !slices.Equal(a, kept) {
				t.Errorf("%s %v: the operand is changed", kind.name, size)
			}
			checkSVD(t, fmt.Sprintf("%s %v", kind.name, size), m, n, a, u, s, v)
		}
	}
}

func TestSVDLarge(t *testing.T) {
	sizes := [][2]int{{200, 200}, {500, 500}, {600, 450}, {1100, 300}}
	if testing.Short() {
		sizes = sizes[:1]
	}
	for i, size := range sizes {
		for j, kind := range rectangularKinds {
			if i > 0 && j%4 != i%4 {
				continue // a part of the kinds for each size
			}
			m, n := size[0], size[1]
			a := kind.make(m, n)
			u, s, v, err := SVD(nil, dense(m, n, a))
			if err != nil {
				t.Fatalf("%s %v: %v", kind.name, size, err)
			}
			checkSVD(t, fmt.Sprintf("%s %v", kind.name, size), m, n, a, u, s, v)
		}
	}
}

func TestSVDOnThreads(t *testing.T) {
	for _, size := range [][2]int{{3, 3}, {33, 33}, {100, 90}, {257, 257}, {500, 100}} {
		for _, k := range []int{0, 7, 15} {
			m, n := size[0], size[1]
			a := rectangularKinds[k].make(m, n)
			var want [3][]float64
			for _, c := range budgets() {
				u, s, v, err := SVD(c, dense(m, n, a))
				if err != nil {
					t.Fatal(err)
				}
				got := [3][]float64{u.DenseData(), s.DenseData(), v.DenseData()}
				if want[0] == nil {
					want = got
				}
				for i := range got {
					if !slices.Equal(got[i], want[i]) {
						t.Errorf("%s %v: result %d has other bits on other threads", rectangularKinds[k].name, size, i)
					}
				}
			}
		}
	}
}

func TestSVDValuesOfGonum(t *testing.T) {
	for _, kind := range rectangularKinds[:len(rectangularKinds)-4] { // of moderate size
		for _, size := range [][2]int{{2, 2}, {17, 20}, {60, 60}, {120, 50}} {
			m, n := size[0], size[1]
			a := kind.make(m, n)
			_, s, _, err := SVD(nil, dense(m, n, a))
			if err != nil {
				t.Fatal(err)
			}
			var f mat.SVD
			if !f.Factorize(mat.NewDense(m, n, slices.Clone(a)), mat.SVDNone) {
				t.Fatalf("%s %v: gonum does not converge", kind.name, size)
			}
			want := f.Values(nil)
			if d := distance(s.DenseData(), want); !(d <= 5*float64(max(m, n))*epsilon*want[0]) {
				t.Errorf("%s %v: values differ from gonum's by %.3g of %.3g", kind.name, size, d, want[0])
			}
		}
	}
}

func TestSVDOfRandomSpectra(t *testing.T) {
	for seed := range uint64(150) {
		r := random(seed, 40)
		m, n := 1+int((r[0]+0.5)*60), 1+int((r[2]+0.5)*60)
		a := spectrum(m, n, func(i int) float64 { return trying(r, i) })
		u, s, v, err := SVD(nil, dense(m, n, a))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		checkSVD(t, fmt.Sprintf("seed %d, %dx%d", seed, m, n), m, n, a, u, s, v)
	}
}

// A zero of a diagonal matrix is found exactly.
func TestSVDOfZeroes(t *testing.T) {
	n := 40
	_, s, _, err := SVD(nil, dense(n, n, bidiagonalCells(n, n, func(i int) float64 { return float64(i % 3) }, constant(0))))
	if err != nil {
		t.Fatal(err)
	}
	want := numbers(n, func(i int) float64 { return float64(i % 3) })
	slices.SortFunc(want, func(x, y float64) int { return int(y - x) })
	if !slices.Equal(s.DenseData(), want) {
		t.Errorf("values %v", s.DenseData())
	}
}

func TestSVDErrors(t *testing.T) {
	for _, size := range [][2]int{{0, 0}, {0, 4}, {4, 0}} {
		u, s, v, err := SVD(nil, dense(size[0], size[1], nil))
		if err != nil || u.Rows() != size[0] || u.Cols() != 0 || s.Cells() != 0 || v.Rows() != size[1] || v.Cols() != 0 {
			t.Errorf("of %v: %v, %v, %v, %v", size, u, s, v, err)
		}
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, size := range [][2]int{{9, 9}, {40, 5}, {5, 40}} {
			a := random(1, size[0]*size[1])
			a[7] = bad
			if _, _, _, err := SVD(nil, dense(size[0], size[1], a)); err == nil {
				t.Errorf("%v with %v: no error", size, bad)
			}
		}
	}
}
