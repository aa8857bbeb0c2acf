package linalg

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"gdml/runtime/matrix"
)

func TestSolve(t *testing.T) {
	for _, n := range sizes {
		for _, r := range []int{0, 1, 7, 100} {
			a, want := random(uint64(n)+9, n*n), random(2, n*r)
			for i := range n {
				a[i*n+(i*7+3)%max(n, 1)] += float64(n) // well conditioned, with exchanges
			}
			b := mul(n, r, n, a, want)
			name := fmt.Sprintf("solve %d for %d", n, r)
			got := everywhere(t, name, func(c *matrix.Ctx) ([]*matrix.Matrix, error) {
				x, err := Solve(c, dense(n, n, a), dense(n, r, b))
				return []*matrix.Matrix{x}, err
			})
			bound := 1e-10
			if n%7 == 0 {
				bound = 1e-6 // the large cells are not on a diagonal
			}
			near(t, name, plain(got[0]), want, bound)
		}
	}
}

func TestInverse(t *testing.T) {
	for _, n := range sizes {
		a := random(uint64(n)+11, n*n)
		for i := range n {
			a[i*n+n-1-i] += float64(n)
		}
		name := fmt.Sprintf("inverse %d", n)
		got := everywhere(t, name, func(c *matrix.Ctx) ([]*matrix.Matrix, error) {
			x, err := Inverse(c, dense(n, n, a))
			return []*matrix.Matrix{x}, err
		})
		near(t, name, mul(n, n, n, a, plain(got[0])), unitMatrix(n), 1e-12)
	}
}

func TestInvertUpper(t *testing.T) {
	for _, n := range sizes {
		ld := n + 3
		u, wide := random(3, n*n), make([]float64, (n+1)*ld)
		for i := range n {
			for j := range n {
				if j < i {
					u[i*n+j] = 0
				} else {
					u[i*n+j] /= float64(n)
				}
			}
			u[i*n+i] += 2
			copy(wide[i*ld:], u[i*n:(i+1)*n])
		}
		invertUpper(nil, n, wide, ld)
		x := make([]float64, 0, n*n)
		for i := range n {
			x = append(x, wide[i*ld:i*ld+n]...)
		}
		near(t, fmt.Sprint("inverse of a triangle of ", n), mul(n, n, n, u, x), unitMatrix(n), 1e-13)
	}
}

// TestSingularSystems: rank deficiencies of all kinds are errors, scale is none.
func TestSingularSystems(t *testing.T) {
	whole := func(seed uint64, n int) []float64 { // products of these are exact
		x := random(seed, n)
		for i, v := range x {
			x[i] = math.Round(16 * v)
		}
		return x
	}
	low := func(n, rank int) []float64 {
		return mul(n, n, rank, whole(1, n*rank), whole(2, rank*n))
	}
	ramp := func(n int) []float64 {
		x := make([]float64, n*n)
		for i := range x {
			x[i] = float64(i + 1)
		}
		return x
	}
	twin := func(n int) []float64 {
		x := random(4, n*n)
		for i := range n {
			x[i*n+n-1] = x[i*n]
		}
		return x
	}
	for name, a := range map[string][]float64{
		"0": {0}, "zeros 2": make([]float64, 4), "ones": {1, 1, 1, 1}, "ramp 3": ramp(3), "ramp 100": ramp(100),
		"rank 1 of 2": low(2, 1), "rank 16 of 17": low(17, 16), "rank 50 of 100": low(100, 50), "rank 256 of 257": low(257, 256),
		"twin columns 5": twin(5), "twin columns 200": twin(200),
	} {
		n := int(math.Sqrt(float64(len(a))))
		for _, scale := range []float64{1, 1e-200, 1e200} {
			s := make([]float64, len(a))
			for i, v := range a {
				s[i] = v * scale
			}
			if _, err := Solve(nil, dense(n, n, s), dense(n, 1, random(3, n))); !errors.Is(err, ErrSingular) {
				t.Errorf("solve %s times %v: %v", name, scale, err)
			}
			if _, err := Inverse(nil, dense(n, n, s)); !errors.Is(err, ErrSingular) {
				t.Errorf("inverse %s times %v: %v", name, scale, err)
			}
		}
	}
}

// TestBadlyScaledSystems: columns and rows of very different size are not singular.
func TestBadlyScaledSystems(t *testing.T) {
	for _, a := range [][]float64{
		{1e-300}, {1e-200, 0, 0, 1e200}, {1, 1, 1, 1 + 1e-12}, {1e-20, 1, 1, 1}, {3e-8, 1, 0, 2e-9},
	} {
		n := int(math.Sqrt(float64(len(a))))
		want := make([]float64, n)
		for i := range want {
			want[i] = 1
		}
		x, err := Solve(nil, dense(n, n, a), dense(n, 1, mul(n, 1, n, a, want)))
		if err != nil {
			t.Errorf("%v: %v", a, err)
			continue
		}
		near(t, fmt.Sprint(a), plain(x), want, 1e-3)
		inv, err := Inverse(nil, dense(n, n, a))
		if err != nil {
			t.Errorf("inverse of %v: %v", a, err)
			continue
		}
		near(t, fmt.Sprint("inverse of ", a), mul(n, n, n, a, plain(inv)), unitMatrix(n), 1e-3)
	}
	// Hilbert's matrix is invertible, but not by pivots that are large.
	n := 8
	h, b := make([]float64, n*n), make([]float64, n)
	for i := range n {
		for j := range n {
			h[i*n+j] = 1 / float64(i+j+1)
			b[i] += h[i*n+j]
		}
	}
	x, err := Solve(nil, dense(n, n, h), dense(n, 1, b))
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range plain(x) {
		if math.Abs(v-1) > 1e-5 {
			t.Errorf("Hilbert: cell %d is %v", i, v)
		}
	}
}

// TestGrowth: elimination doubles the last column with every row of this matrix.
func TestGrowth(t *testing.T) {
	n := 60
	a, want := make([]float64, n*n), random(8, n)
	for i := range n {
		for j := range i {
			a[i*n+j] = -1
		}
		a[i*n+i], a[i*n+n-1] = 1, 1
	}
	x, err := Solve(nil, dense(n, n, a), dense(n, 1, mul(n, 1, n, a, want)))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "growth", plain(x), want, 1e-12)
}

func TestSolveChecksSizes(t *testing.T) {
	for want, s := range map[string][2]*matrix.Matrix{
		"solve needs a square matrix: 2x3":                    {matrix.New(nil, 2, 3), matrix.New(nil, 2, 1)},
		"solve needs as many rows on both sides: 2x2 and 3x1": {matrix.New(nil, 2, 2), matrix.New(nil, 3, 1)},
	} {
		var size *matrix.SizeError
		if _, err := Solve(nil, s[0], s[1]); !errors.As(err, &size) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestSolveRefusesWhatIsNotFinite(t *testing.T) {
	good, bad := dense(1, 1, []float64{2}), dense(1, 1, []float64{math.NaN()})
	for _, s := range [][2]*matrix.Matrix{{good, bad}, {bad, good}} {
		if _, err := Solve(nil, s[0], s[1]); err == nil || err.Error() != "the cells must be finite, not NaN" {
			t.Errorf("solve: %v", err)
		}
	}
	if _, err := Inverse(nil, bad); err == nil {
		t.Error("the inverse of NaN is no error")
	}
}

// TestSparseOperands: the form of an operand changes nothing.
func TestSparseOperands(t *testing.T) {
	n := 40
	sparse := matrix.FromCSR(n, n, diagonalOf(n))
	full := dense(n, n, plain(sparse))
	b := dense(n, 1, random(1, n))
	for name, f := range map[string]func(a *matrix.Matrix) (*matrix.Matrix, error){
		"cholesky": func(a *matrix.Matrix) (*matrix.Matrix, error) { return Cholesky(nil, a) },
		"inverse":  func(a *matrix.Matrix) (*matrix.Matrix, error) { return Inverse(nil, a) },
		"solve":    func(a *matrix.Matrix) (*matrix.Matrix, error) { return Solve(nil, a, b) },
		"qr":       func(a *matrix.Matrix) (*matrix.Matrix, error) { q, _, err := QR(nil, a); return q, err },
		"lu":       func(a *matrix.Matrix) (*matrix.Matrix, error) { _, _, u, err := LU(nil, a); return u, err },
	} {
		x, err := f(sparse)
		y, err2 := f(full)
		if err != nil || err2 != nil {
			t.Errorf("%s: %v, %v", name, err, err2)
			continue
		}
		near(t, name, plain(x), plain(y), 0)
	}
}

// diagonalOf returns a sparse diagonal of n numbers with one cell beside it, twice.
func diagonalOf(n int) *matrix.CSR {
	s := &matrix.CSR{RowPtr: []int{0}}
	for i := range n {
		if i == 1 {
			s.ColIdx, s.Val = append(s.ColIdx, 0), append(s.Val, 0.5)
		}
		s.ColIdx, s.Val = append(s.ColIdx, int32(i)), append(s.Val, float64(i+1))
		if i == 0 {
			s.ColIdx, s.Val = append(s.ColIdx, 1), append(s.Val, 0.5)
		}
		s.RowPtr = append(s.RowPtr, len(s.Val))
	}
	return s
}
