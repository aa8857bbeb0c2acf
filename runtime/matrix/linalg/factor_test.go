package linalg

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"gdml/runtime/matrix"
)

var sizes = []int{0, 1, 2, 3, 5, 17, 63, 64, 65, 100, 200, 257, 500}

// dense returns an m x n matrix over cells.
func dense(m, n int, cells []float64) *matrix.Matrix { return matrix.FromDense(m, n, cells) }

// mul is the plain product of a, m x k, and b, k x n.
func mul(m, n, k int, a, b []float64) []float64 {
	out := make([]float64, m*n)
	for i := range m {
		for p := range k {
			if f := a[i*k+p]; f != 0 {
				row := out[i*n : (i+1)*n]
				for j, v := range b[p*n : (p+1)*n] {
					row[j] += f * v
				}
			}
		}
	}
	return out
}

// unitMatrix returns the cells of the n x n identity.
func unitMatrix(n int) []float64 {
	x := make([]float64, n*n)
	for i := range n {
		x[i*n+i] = 1
	}
	return x
}

// plain returns the cells of m, also of a sparse one.
func plain(m *matrix.Matrix) []float64 { return slices.Clone(m.Vector()) }

// near demands that the largest difference is at most bound.
func near(t *testing.T, name string, got, want []float64, bound float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d cells, want %d", name, len(got), len(want))
	}
	if d := distance(got, want); !(d <= bound) {
		t.Fatalf("%s: off by %v, more than %v", name, d, bound)
	}
}

// everywhere runs f on all budgets and demands the same bits; the results are those of one thread.
func everywhere(t *testing.T, name string, f func(c *matrix.Ctx) ([]*matrix.Matrix, error)) []*matrix.Matrix {
	t.Helper()
	var first []*matrix.Matrix
	for i, c := range budgets() {
		got, err := f(c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if i == 0 {
			first = got
		}
		for k, m := range got {
			if !slices.Equal(m.Vector(), first[k].Vector()) {
				t.Fatalf("%s: result %d has other bits on other threads", name, k)
			}
		}
	}
	return first
}

// positive returns a symmetric positive definite matrix.
func positive(n int) []float64 {
	x := random(uint64(n), n*n)
	a := mul(n, n, n, x, transposed(n, n, x))
	for i := range n {
		a[i*n+i]++
	}
	return a
}

// triangular reports whether a, m x n, has only zeros above (or, if upper, below) the diagonal.
func triangular(m, n int, a []float64, upper bool) bool {
	for i := range m {
		for j := range n {
			if i != j && upper == (j < i) && a[i*n+j] != 0 {
				return false
			}
		}
	}
	return true
}

func TestCholesky(t *testing.T) {
	for _, n := range sizes {
		a := positive(n)
		name := fmt.Sprintf("cholesky %d", n)
		l := plain(everywhere(t, name, func(c *matrix.Ctx) ([]*matrix.Matrix, error) {
			m, err := Cholesky(c, dense(n, n, a))
			return []*matrix.Matrix{m}, err
		})[0])
		near(t, name, mul(n, n, n, l, transposed(n, n, l)), a, 1e-15*float64(n*n+10))
		if !triangular(n, n, l, false) {
			t.Errorf("%s: cells above the diagonal", name)
		}
		for i := range n {
			if l[i*n+i] <= 0 {
				t.Errorf("%s: the diagonal has %v", name, l[i*n+i])
			}
		}
	}
}

func TestCholeskyErrors(t *testing.T) {
	for _, n := range []int{1, 2, 9, 65, 200} {
		for at := range n {
			if at > 2 && at < n-2 && at != n/2 {
				continue
			}
			a := positive(n)
			a[at*n+at] = -1
			if _, err := Cholesky(nil, dense(n, n, a)); !errors.Is(err, ErrNotPositive) {
				t.Errorf("%d, negative at %d: %v", n, at, err)
			}
			a[at*n+at] = math.Inf(1)
			var bad *NotFinite
			if _, err := Cholesky(nil, dense(n, n, a)); !errors.As(err, &bad) || err.Error() != "the cells must be finite, not +Inf" {
				t.Errorf("%d, infinite at %d: %v", n, at, err)
			}
		}
		if n == 1 {
			continue
		}
		a := positive(n)
		a[n-1] *= 1 + 1e-5
		if _, err := Cholesky(nil, dense(n, n, a)); !errors.Is(err, ErrNotSymmetric) {
			t.Errorf("%d: not symmetric: %v", n, err)
		}
		a = positive(n)
		a[(n-1)*n] *= 1 + 1e-8
		if _, err := Cholesky(nil, dense(n, n, a)); err != nil {
			t.Errorf("%d: symmetric but for rounding: %v", n, err)
		}
	}
	if _, err := Cholesky(nil, dense(2, 2, []float64{1, 1, 1, 1})); !errors.Is(err, ErrNotPositive) {
		t.Errorf("semidefinite: %v", err)
	}
	if _, err := Cholesky(nil, dense(1, 1, []float64{0.9e-10})); !errors.Is(err, ErrNotPositive) {
		t.Errorf("almost zero: %v", err)
	}
}

func TestLU(t *testing.T) {
	for _, n := range sizes {
		a := random(uint64(n)+1, n*n)
		name := fmt.Sprintf("lu %d", n)
		got := everywhere(t, name, func(c *matrix.Ctx) ([]*matrix.Matrix, error) {
			p, l, u, err := LU(c, dense(n, n, a))
			return []*matrix.Matrix{p, l, u}, err
		})
		p, l, u := plain(got[0]), plain(got[1]), plain(got[2])
		near(t, name, mul(n, n, n, l, u), mul(n, n, n, p, a), 1e-14*float64(n+1))
		if !triangular(n, n, l, false) || !triangular(n, n, u, true) {
			t.Errorf("%s: the factors are not triangular", name)
		}
		for i, v := range l {
			if math.Abs(v) > 1 || i%(n+1) == 0 && v != 1 {
				t.Fatalf("%s: cell %d of L is %v", name, i, v)
			}
		}
		want := wantedPivots(n, slices.Clone(a))
		for i, j := range want {
			if p[i*n+j] != 1 {
				t.Fatalf("%s: row %d of P is not row %d", name, i, j)
			}
		}
	}
}

// wantedPivots eliminates plainly and returns which row comes where.
func wantedPivots(n int, a []float64) []int {
	perm := make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	for k := range n {
		p := k
		for i := k + 1; i < n; i++ {
			if math.Abs(a[i*n+k]) > math.Abs(a[p*n+k]) {
				p = i
			}
		}
		perm[k], perm[p] = perm[p], perm[k]
		for j := range n {
			a[k*n+j], a[p*n+j] = a[p*n+j], a[k*n+j]
		}
		for i := k + 1; i < n; i++ {
			f := a[i*n+k] / a[k*n+k]
			for j := k; j < n; j++ {
				a[i*n+j] -= f * a[k*n+j]
			}
		}
	}
	return perm
}

func TestLUTakesTheFirstOfEqualPivots(t *testing.T) {
	p, _, _, err := LU(nil, dense(3, 3, []float64{1, 2, 3, -2, 1, 0, 2, 5, 5}))
	if err != nil || p.At(0, 1) != 1 {
		t.Errorf("P = %v, %v", plain(p), err)
	}
}

func TestSingularLU(t *testing.T) {
	for _, n := range []int{1, 2, 40, 130} {
		a := random(5, n*n)
		for i := range n {
			a[i*n+n/2] = 0
		}
		if _, _, _, err := LU(nil, dense(n, n, a)); !errors.Is(err, ErrSingular) {
			t.Errorf("%d: %v", n, err)
		}
		if d, err := Det(nil, dense(n, n, a)); d != 0 || err != nil {
			t.Errorf("determinant of %d: %v, %v", n, d, err)
		}
	}
	a := random(5, 9)
	a[4] = math.NaN()
	if _, _, _, err := LU(nil, dense(3, 3, a)); err == nil || err.Error() != "the cells must be finite, not NaN" {
		t.Errorf("NaN: %v", err)
	}
	if _, err := Det(nil, dense(3, 3, a)); err == nil {
		t.Error("the determinant of NaN is no error")
	}
}

func TestDet(t *testing.T) {
	for _, c := range []struct {
		n     int
		cells []float64
		want  float64
	}{
		{1, []float64{-3}, -3},
		{2, []float64{0, 2, 4, 0}, -8},
		{3, []float64{2, 0, 0, 0, 0, 3, 0, 1, 0}, -6},
		{3, []float64{1, 2, 3, 4, 5, 6, 7, 8, 10}, -3},
		{2, []float64{1e-12, 0, 0, 1}, 0}, // the pivot is too small
	} {
		for _, b := range budgets() {
			if got, err := Det(b, dense(c.n, c.n, c.cells)); err != nil || math.Abs(got-c.want) > 1e-14*math.Abs(c.want)*10 {
				t.Errorf("%v: %v, %v, want %v", c.cells, got, err, c.want)
			}
		}
	}
	// The determinant of a triangle times a permutation.
	n := 70
	a := make([]float64, n*n)
	for i := range n {
		for j := i; j < n; j++ {
			a[(i+1)%n*n+j] = float64(i%3+1) / 2 * float64(min(j-i, 1)*3+1) // a cycle of 70 rows: odd
		}
	}
	want := -1.0
	for i := range n {
		want *= float64(i%3+1) / 2
	}
	if got, err := Det(nil, dense(n, n, a)); err != nil || math.Abs(got/want-1) > 1e-10 {
		t.Errorf("cycle: %v, %v, want %v", got, err, want)
	}
}
