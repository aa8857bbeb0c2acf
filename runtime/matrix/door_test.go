package matrix

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gdml/runtime/par"
)

// naiveGemm is the definition of Gemm.
func naiveGemm(ta, tb bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, out []float64, ldc int) {
	for i := range m {
		for j := range n {
			s := 0.0
			for p := range k {
				ia, ib := i*lda+p, p*ldb+j
				if ta {
					ia = p*lda + i
				}
				if tb {
					ib = j*ldb + p
				}
				s += a[ia] * b[ib]
			}
			if beta == 0 {
				out[i*ldc+j] = alpha * s
			} else {
				out[i*ldc+j] = alpha*s + beta*out[i*ldc+j]
			}
		}
	}
}

var doorSizes = [][3]int{
	{0, 3, 2}, {3, 0, 2}, {3, 2, 0}, {1, 1, 1}, {1, 1, 700}, {1, 700, 9}, {700, 1, 9}, {2, 3, 5}, {7, 8, 600}, {600, 7, 8}, {8, 600, 7},
	{63, 65, 64}, {130, 40, 300}, {33, 300, 40}, {5, 6, 5000}, {1, 5, 4300}, {260, 270, 33},
}

func TestGemmAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 5))
	for _, s := range doorSizes {
		m, n, k := s[0], s[1], s[2]
		for _, tr := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
			for _, f := range [][2]float64{{1, 0}, {1, 1}, {-1, 1}, {0.5, -2}, {0, 3}, {0, 0}} {
				lda, ldb, ldc := k+2, n+1, n+3
				if tr[0] {
					lda = m + 2
				}
				if tr[1] {
					ldb = k + 1
				}
				a, b, out := filled(r, max(m, k)+1, lda), filled(r, max(n, k)+1, ldb), filled(r, m+1, ldc)
				want := slices.Clone(out)
				naiveGemm(tr[0], tr[1], m, n, k, f[0], a, lda, b, ldb, f[1], want, ldc)
				if f[1] == 0 && m*n > 0 {
					out[0] = math.NaN() // must not be read
				}
				plain := slices.Clone(out)
				Gemm(nil, tr[0], tr[1], m, n, k, f[0], a, lda, b, ldb, f[1], plain, ldc)
				agree(t, fmt.Sprintf("gemm %v %v %v", s, tr, f), plain, want)
				if f[0] == 0.5 {
					continue
				}
				for _, threads := range []int{2, 3, 8} {
					c, got := &Ctx{Par: par.New(threads), Mem: NewArena(1 << 24)}, slices.Clone(out)
					Gemm(c, tr[0], tr[1], m, n, k, f[0], a, lda, b, ldb, f[1], got, ldc)
					if !slices.Equal(got, plain) {
						t.Fatalf("gemm %v %v %v: %d threads give other bits", s, tr, f, threads)
					}
				}
			}
		}
	}
}

func TestSyrkAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 5))
	for _, s := range [][2]int{{0, 3}, {3, 0}, {1, 1}, {9, 5}, {64, 63}, {257, 40}, {500, 300}} {
		n, k := s[0], s[1]
		for _, ta := range []bool{false, true} {
			for _, f := range [][2]float64{{1, 0}, {-1, 1}, {0.5, -2}} {
				lda := k + 2
				if ta {
					lda = n + 2
				}
				a, out := filled(r, max(n, k)+1, lda), filled(r, n+1, n+3)
				want := slices.Clone(out)
				naiveGemm(ta, !ta, n, n, k, f[0], a, lda, a, lda, f[1], want, n+3)
				for _, lower := range []bool{false, true} {
					var first []float64
					for _, threads := range []int{1, 2, 3, 8} {
						got := slices.Clone(out)
						Syrk(&Ctx{Par: par.New(threads)}, ta, lower, n, k, f[0], a, lda, f[1], got, n+3)
						for i := range n {
							for j := range n + 3 {
								at := i*(n+3) + j
								if j < n && lower == (j > i) && i != j {
									got[at] = want[at] // the other triangle is free
								}
							}
						}
						agree(t, fmt.Sprintf("syrk %v trans %v lower %v %v", s, ta, lower, f), got, want)
						if first == nil {
							first = got
						}
						if !slices.Equal(got, first) {
							t.Fatalf("syrk %v: %d threads give other bits", s, threads)
						}
					}
				}
			}
		}
	}
}

// TestTriangleDoors multiplies by a triangle and solves with it again.
func TestTriangleDoors(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 5))
	flag := []bool{false, true}
	for _, s := range [][2]int{{0, 2}, {2, 0}, {1, 1}, {7, 9}, {64, 65}, {65, 300}, {300, 65}, {257, 500}} {
		m, n := s[0], s[1]
		for i := range 16 {
			right, lower, trans, unit := flag[i&1], flag[i>>1&1], flag[i>>2&1], flag[i>>3]
			size := m
			if right {
				size = n
			}
			a, b := filled(r, size, size+1), filled(r, m, n+2)
			for j := range size * size {
				a[j/size*(size+1)+j%size] /= float64(size)
			}
			for j := range size {
				a[j*(size+1)+j] += 2
			}
			var first []float64
			for _, threads := range []int{1, 2, 3, 8} {
				c, got := &Ctx{Par: par.New(threads), Mem: NewArena(1 << 24)}, slices.Clone(b)
				Trmm(c, right, lower, trans, unit, m, n, 3, a, size+1, got, n+2)
				if first == nil {
					first = slices.Clone(got)
				}
				if !slices.Equal(got, first) {
					t.Fatalf("trmm %v: %d threads give other bits", s, threads)
				}
				Trsm(c, right, lower, trans, unit, m, n, 1.0/3, a, size+1, got, n+2)
				agree(t, fmt.Sprintf("triangle %v right %v lower %v trans %v unit %v", s, right, lower, trans, unit), got, b)
			}
		}
	}
}
