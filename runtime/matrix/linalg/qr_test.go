package linalg

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"gdml/runtime/matrix"
)

// shapes are sizes of QR, tall, square and wide.
func shapes() [][2]int {
	out := [][2]int{{0, 3}, {3, 0}, {1, 9}, {9, 1}, {17, 5}, {5, 17}, {100, 49}, {49, 100}, {500, 65}, {65, 200}, {2000, 9}}
	for _, n := range sizes {
		out = append(out, [2]int{n, n})
	}
	return out
}

func TestQR(t *testing.T) {
	for _, s := range shapes() {
		m, n := s[0], s[1]
		k := min(m, n)
		a := random(uint64(m*n), m*n)
		name := fmt.Sprintf("qr %v", s)
		got := everywhere(t, name, func(c *matrix.Ctx) ([]*matrix.Matrix, error) {
			q, r, err := QR(c, dense(m, n, a))
			return []*matrix.Matrix{q, r}, err
		})
		q, r := plain(got[0]), plain(got[1])
		near(t, name+": Q*R", mul(m, n, k, q, r), a, 1e-14*float64(k+1))
		near(t, name+": Q'*Q", mul(k, k, m, transposed(m, k, q), q), unitMatrix(k), 1e-14*float64(k+1))
		if !triangular(k, n, r, true) {
			t.Errorf("%s: R is not triangular", name)
		}
	}
}

// plainHouseholder is the factorisation with the vectors v scaled so that v[j] = 1 - x[j]/a.
func plainHouseholder(m, n int, x []float64) (h, r []float64) {
	h = make([]float64, m*n)
	for j := range min(m, n) {
		norm := 0.0
		for i := j; i < m; i++ {
			norm = math.Hypot(norm, x[i*n+j])
		}
		if norm == 0 {
			continue
		}
		a := norm
		if x[j*n+j] > 0 {
			a = -norm
		}
		for i := j; i < m; i++ {
			h[i*n+j] = x[i*n+j] / -a
		}
		h[j*n+j]++
		for k := j; k < n; k++ {
			dot := 0.0
			for i := j; i < m; i++ {
				dot += h[i*n+j] * x[i*n+k]
			}
			dot /= h[j*n+j]
			for i := j; i < m; i++ {
				x[i*n+k] -= dot * h[i*n+j]
			}
		}
		for i := j + 1; i < m; i++ {
			x[i*n+j] = 0
		}
	}
	return h, x
}

func TestHouseholder(t *testing.T) {
	for _, s := range shapes() {
		m, n := s[0], s[1]
		for kind := range 3 {
			a := random(uint64(m*n+kind), m*n)
			for i := range a {
				switch {
				case kind == 1 && i%n == n/2: // a column of zeros
					a[i] = 0
				case kind == 2 && i%n < i/n: // nothing to reflect
					a[i] = 0
				}
			}
			name := fmt.Sprintf("householder %v kind %d", s, kind)
			got := everywhere(t, name, func(c *matrix.Ctx) ([]*matrix.Matrix, error) {
				h, r, err := Householder(c, dense(m, n, a))
				return []*matrix.Matrix{h, r}, err
			})
			h, r := plainHouseholder(m, n, slices.Clone(a))
			near(t, name+": R", plain(got[1]), r, 1e-13*float64(n+1))
			near(t, name+": H", plain(got[0]), h, 1e-11*float64(n+1))
		}
	}
}

func TestQRRefusesWhatIsNotFinite(t *testing.T) {
	a := dense(2, 2, []float64{1, 2, 3, math.Inf(-1)})
	var bad *NotFinite
	if _, _, err := QR(nil, a); !errors.As(err, &bad) || !math.IsInf(bad.Cell, -1) {
		t.Errorf("QR: %v", err)
	}
	if _, _, err := Householder(nil, a); !errors.As(err, &bad) {
		t.Errorf("Householder: %v", err)
	}
}
