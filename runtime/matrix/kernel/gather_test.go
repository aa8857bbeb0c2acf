package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Both forms agree with the loop of the comment for all widths and lengths; nothing beside y changes.
func TestGatherRows(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for cols := 1; cols <= GatherWidth; cols++ {
		for _, n := range []int{0, 1, 2, 3, 9, 10, 11, 12, 31, 5000} {
			ld := cols + r.IntN(3)
			val, idx := make([]float64, n), make([]int32, n)
			row := 0
			for p := range val {
				row += r.IntN(3)
				val[p], idx[p] = r.NormFloat64(), int32(row)
			}
			b := make([]float64, row*ld+cols)
			for i := range b {
				b[i] = r.NormFloat64()
			}
			guarded := make([]float64, cols+2)
			y := guarded[1 : 1+cols]
			guarded[0], guarded[cols+1] = math.NaN(), math.NaN()
			want := make([]float64, cols)
			for j := range y {
				y[j] = r.NormFloat64()
				want[j] = y[j]
				for p, v := range val {
					want[j] += v * b[int(idx[p])*ld+j]
				}
			}
			plain := append([]float64(nil), y...)
			gatherRows(val, idx, b, ld, plain)
			GatherRows(val, idx, b, ld, y)
			for j := range y {
				tol := 1e-12 * math.Max(1, math.Sqrt(float64(n)))
				if math.Abs(y[j]-want[j]) > tol || math.Abs(plain[j]-want[j]) > tol {
					t.Fatalf("%d cells, %d columns: y[%d] = %v, in Go %v; want %v", n, cols, j, y[j], plain[j], want[j])
				}
			}
			if guarded[0] == guarded[0] || guarded[cols+1] == guarded[cols+1] {
				t.Fatalf("%d cells, %d columns: wrote beside y", n, cols)
			}
		}
	}
}
