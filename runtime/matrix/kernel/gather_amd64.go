//go:build !noasm

package kernel

// gatherPiece is the most cells of one call in assembly, which is not preempted.
const gatherPiece = 4096

// gatherRowsFast is GatherRows in assembly. It reports false where there is none.
func gatherRowsFast(val []float64, idx []int32, b []float64, ld int, y []float64) bool {
	if active.name != "avx512" {
		return false
	}
	vecs := (len(y) + 7) / 8
	mask := 1<<(len(y)-8*(vecs-1)) - 1
	for len(val) > 0 {
		n := min(len(val), gatherPiece)
		gatherRowsAVX512(n, &val[0], &idx[0], &b[0], 8*ld, &y[0], vecs, mask)
		val, idx = val[n:], idx[n:]
	}
	return true
}

// gatherRowsAVX512 is GatherRows for vecs vectors of 8 columns, 1 to 4, of which the
// last has the columns in mask; ld is in bytes.
//
//go:noescape
func gatherRowsAVX512(n int, val *float64, idx *int32, b *float64, ld int, y *float64, vecs int, mask int)
