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
