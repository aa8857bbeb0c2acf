package matrix

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
)

func TestBLASIsRegistered(t *testing.T) {
	if _, ok := blas64.Implementation().(fastBLAS); !ok {
		t.Errorf("gonum runs on %T", blas64.Implementation())
	}
}

// filled returns a rows x ld buffer of numbers around zero.
func filled(r *rand.Rand, rows, ld int) []float64 {
	x := make([]float64, rows*ld)
	for i := range x {
		x[i] = r.Float64() - 0.5
	}
	return x
}

// agree compares all cells, also those that a routine must leave alone.
func agree(t *testing.T, name string, got, want []float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-11*max(1, math.Abs(want[i]))) {
			t.Fatalf("%s: value %d is %v, want %v", name, i, got[i], want[i])
		}
	}
}

var (
	blasTrans = []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans}
	blasSizes = [][3]int{{1, 1, 1}, {3, 50, 40}, {17, 70, 33}, {64, 64, 64}, {150, 49, 20}, {30, 30, 300}}
)

func fast() fastBLAS { return fastBLAS{ctx: &Ctx{Mem: NewArena(1 << 24)}} }

func TestDgemmAgainstGonum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	for _, s := range blasSizes {
		m, n, k := s[0], s[1], s[2]
		for _, ta := range blasTrans {
			for _, tb := range blasTrans {
				for _, f := range [][2]float64{{1, 0}, {-1, 1}, {0.5, -2}, {0, 3}} {
					big := max(m, n, k) + 3
					a, b, c := filled(r, big, big), filled(r, big, big), filled(r, m, n+2)
					want := slices.Clone(c)
					if f[1] == 0 {
						c[0], want[0] = math.NaN(), math.NaN() // must not be read
					}
					gonum.Implementation{}.Dgemm(ta, tb, m, n, k, f[0], a, big, b, big, f[1], want, n+2)
					fast().Dgemm(ta, tb, m, n, k, f[0], a, big, b, big, f[1], c, n+2)
					agree(t, fmt.Sprintf("dgemm %v %c%c %v", s, ta, tb, f), c, want)
				}
			}
		}
	}
}

func TestRankUpdatesAgainstGonum(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 5))
	for _, n := range []int{1, 20, 48, 49, 130} {
		for _, k := range []int{1, 30, 300} {
			for _, ul := range []blas.Uplo{blas.Upper, blas.Lower} {
				for _, tr := range blasTrans {
					for _, f := range [][2]float64{{1, 0}, {-1, 1}, {0.5, -2}} {
						big := max(n, k) + 1
						a, c := filled(r, big, big), filled(r, n, n+1)
						want := slices.Clone(c)
						gonum.Implementation{}.Dsyrk(ul, tr, n, k, f[0], a, big, f[1], want, n+1)
						fast().Dsyrk(ul, tr, n, k, f[0], a, big, f[1], c, n+1)
						agree(t, fmt.Sprintf("dsyrk %dx%d %c%c %v", n, k, ul, tr, f), c, want)
						b := filled(r, big, big)
						gonum.Implementation{}.Dsyr2k(ul, tr, n, k, f[0], a, big, b, big, f[1], want, n+1)
						fast().Dsyr2k(ul, tr, n, k, f[0], a, big, b, big, f[1], c, n+1)
						agree(t, fmt.Sprintf("dsyr2k %dx%d %c%c %v", n, k, ul, tr, f), c, want)
					}
				}
			}
		}
	}
}

func TestTrianglesAgainstGonum(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for _, s := range [][2]int{{5, 7}, {49, 100}, {130, 60}, {200, 3}, {3, 200}} {
		m, n := s[0], s[1]
		for _, side := range []blas.Side{blas.Left, blas.Right} {
			for _, ul := range []blas.Uplo{blas.Upper, blas.Lower} {
				for _, tr := range blasTrans {
					for _, d := range []blas.Diag{blas.NonUnit, blas.Unit} {
						big := max(m, n) + 2
						a, b := filled(r, big, big), filled(r, m, n+1)
						for i := range a {
							a[i] /= float64(big) // well conditioned, also with a unit diagonal
						}
						for i := range big {
							a[i*big+i] += 2
						}
						want := slices.Clone(b)
						gonum.Implementation{}.Dtrsm(side, ul, tr, d, m, n, 0.5, a, big, want, n+1)
						fast().Dtrsm(side, ul, tr, d, m, n, 0.5, a, big, b, n+1)
						agree(t, fmt.Sprintf("dtrsm %v %c%c%c%c", s, side, ul, tr, d), b, want)
						gonum.Implementation{}.Dtrmm(side, ul, tr, d, m, n, 0.5, a, big, want, n+1)
						fast().Dtrmm(side, ul, tr, d, m, n, 0.5, a, big, b, n+1)
						agree(t, fmt.Sprintf("dtrmm %v %c%c%c%c", s, side, ul, tr, d), b, want)
					}
				}
			}
		}
	}
}

func TestSymmetricProductsAgainstGonum(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 5))
	for _, s := range [][2]int{{5, 7}, {49, 100}, {130, 60}, {200, 3}} {
		m, n := s[0], s[1]
		big := max(m, n) + 2
		a, b, c := filled(r, big, big), filled(r, m, n+3), filled(r, m, n+1)
		for _, ul := range []blas.Uplo{blas.Upper, blas.Lower} {
			for _, side := range []blas.Side{blas.Left, blas.Right} {
				got, want := slices.Clone(c), slices.Clone(c)
				gonum.Implementation{}.Dsymm(side, ul, m, n, -0.5, a, big, b, n+3, 2, want, n+1)
				fast().Dsymm(side, ul, m, n, -0.5, a, big, b, n+3, 2, got, n+1)
				agree(t, fmt.Sprintf("dsymm %v %c%c", s, side, ul), got, want)
			}
			for _, inc := range []int{1, 2} {
				x, got := filled(r, 1, 2*m), filled(r, 1, 2*m)
				want := slices.Clone(got)
				gonum.Implementation{}.Dsymv(ul, m, -0.5, a, big, x, inc, 2, want, inc)
				fast().Dsymv(ul, m, -0.5, a, big, x, inc, 2, got, inc)
				agree(t, fmt.Sprintf("dsymv %d %c", m, ul), got, want)
			}
		}
	}
}

func TestDnrm2AgainstGonum(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 5))
	for _, scale := range []float64{1, 0, 1e-200, 1e200, 5e-324, math.Inf(1), math.NaN()} {
		for _, n := range []int{1, 16, 100} {
			x := filled(r, 1, 2*n)
			for i := range x {
				x[i] *= scale
			}
			for _, inc := range []int{1, 2} {
				got, want := fast().Dnrm2(n, x, inc), gonum.Implementation{}.Dnrm2(n, x, inc)
				if math.Abs(got-want) > 1e-14*want && got == got {
					t.Errorf("dnrm2 of %d numbers about %v: %v, want %v", n, scale, got, want)
				}
				if (got != got) != (want != want) || math.IsInf(got, 1) != math.IsInf(want, 1) {
					t.Errorf("dnrm2 of %d numbers about %v: %v, want %v", n, scale, got, want)
				}
			}
		}
	}
}

func TestVectorBLASAgainstGonum(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	g, f := gonum.Implementation{}, fast()
	for _, s := range [][2]int{{1, 1}, {9, 40}, {100, 33}, {40, 700}} {
		m, n := s[0], s[1]
		a := filled(r, m, n+1)
		x, y := filled(r, 1, max(m, n)*2), filled(r, 1, max(m, n)*2)
		for _, inc := range []int{1, 2} {
			for _, tr := range blasTrans {
				for i, beta := range []float64{0, 1, -2, 0, 1} {
					alpha := 0.7
					if i > 2 {
						alpha = 1
					}
					long := m
					if tr != blas.NoTrans {
						long = n
					}
					// No longer than the vector: without its assembly gonum clears all of the slice when beta is 0.
					got, want := slices.Clone(y[:(long-1)*inc+1]), slices.Clone(y[:(long-1)*inc+1])
					g.Dgemv(tr, m, n, alpha, a, n+1, x, inc, beta, want, inc)
					f.Dgemv(tr, m, n, alpha, a, n+1, x, inc, beta, got, inc)
					agree(t, fmt.Sprintf("dgemv %v %c beta %v", s, tr, beta), got, want)
				}
			}
			got, want := slices.Clone(a), slices.Clone(a)
			g.Dger(m, n, -3, x, inc, y, inc, want, n+1)
			f.Dger(m, n, -3, x, inc, y, inc, got, n+1)
			agree(t, fmt.Sprintf("dger %v", s), got, want)
			u, v := slices.Clone(y), slices.Clone(y)
			g.Daxpy(n, 0.3, x, inc, u, inc)
			f.Daxpy(n, 0.3, x, inc, v, inc)
			g.Dscal(n, 0.3, u, inc)
			f.Dscal(n, 0.3, v, inc)
			agree(t, "daxpy and dscal", append(v, f.Ddot(n, x, inc, y, inc)), append(u, g.Ddot(n, x, inc, y, inc)))
		}
	}
}

// TestBLASChecksArguments: gonum's checks must still be there.
func TestBLASChecksArguments(t *testing.T) {
	x := make([]float64, 10000)
	for name, f := range map[string]func(){
		"dgemm":  func() { fast().Dgemm(blas.NoTrans, blas.NoTrans, 50, 50, 50, 1, x, 10, x, 50, 0, x, 50) },
		"dsyrk":  func() { fast().Dsyrk(blas.All, blas.NoTrans, 50, 50, 1, x, 50, 0, x, 50) },
		"dtrsm":  func() { fast().Dtrsm(blas.Left, blas.Upper, 'x', blas.Unit, 60, 60, 1, x, 60, x, 60) },
		"dtrmm":  func() { fast().Dtrmm(blas.Left, blas.Upper, blas.NoTrans, 'x', 60, 60, 1, x, 60, x, 60) },
		"dsymm":  func() { fast().Dsymm('x', blas.Upper, 50, 50, 1, x, 50, x, 50, 0, x, 50) },
		"dsyr2k": func() { fast().Dsyr2k(blas.Upper, blas.NoTrans, 50, 50, 1, x, 50, x, 20, 0, x, 50) },
		"dsymv":  func() { fast().Dsymv(blas.Upper, 50, 1, x, 50, x[:20], 1, 0, x, 1) },
		"dnrm2":  func() { fast().Dnrm2(50, x[:20], 1) },
		"dgemv":  func() { fast().Dgemv(blas.NoTrans, 50, 50, 1, x, 50, x[:20], 1, 0, x, 1) },
		"dger":   func() { fast().Dger(50, 50, 1, x[:10], 1, x, 1, x, 50) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s took bad arguments", name)
				}
			}()
			f()
		}()
	}
}
