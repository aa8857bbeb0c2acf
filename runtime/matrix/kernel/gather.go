package kernel

// GatherWidth is the most columns of one call of GatherRows.
const GatherWidth = 32

// GatherRows adds rows of b, weighted by val, to y, which is kept in registers meanwhile:
//
//	for p, v := range val {
//		for j := range y {
//			y[j] += v * b[idx[p]*ld+j]
//		}
//	}
//
// up to the order of the additions. It requires len(idx) >= len(val), ascending
// indexes, len(b) >= idx[last]*ld+len(y), and at most GatherWidth columns.
func GatherRows(val []float64, idx []int32, b []float64, ld int, y []float64) {
	if len(val) == 0 || len(y) == 0 {
		return
	}
	idx = idx[:len(val)]
	_ = b[int(idx[0])*ld : int(idx[len(idx)-1])*ld+len(y)]
	if !gatherRowsFast(val, idx, b, ld, y) {
		gatherRows(val, idx, b, ld, y)
	}
}

// gatherRows is GatherRows in plain Go, eight, four and one columns at a time.
func gatherRows(val []float64, idx []int32, b []float64, ld int, y []float64) {
	idx = idx[:len(val)]
	n, k := len(y), 0
	for ; k+8 <= n; k += 8 {
		d := y[k : k+8 : k+8]
		s0, s1, s2, s3, s4, s5, s6, s7 := d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]
		for p, v := range val {
			o := int(idx[p])*ld + k
			x := b[o : o+8 : o+8]
			s0 += v * x[0]
			s1 += v * x[1]
			s2 += v * x[2]
			s3 += v * x[3]
			s4 += v * x[4]
			s5 += v * x[5]
			s6 += v * x[6]
			s7 += v * x[7]
		}
		d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7] = s0, s1, s2, s3, s4, s5, s6, s7
	}
	for ; k+4 <= n; k += 4 {
		d := y[k : k+4 : k+4]
		s0, s1, s2, s3 := d[0], d[1], d[2], d[3]
		for p, v := range val {
			o := int(idx[p])*ld + k
			x := b[o : o+4 : o+4]
			s0 += v * x[0]
			s1 += v * x[1]
			s2 += v * x[2]
			s3 += v * x[3]
		}
		d[0], d[1], d[2], d[3] = s0, s1, s2, s3
	}
	for ; k < n; k++ {
		s := y[k]
		for p, v := range val {
			s += v * b[int(idx[p])*ld+k]
		}
		y[k] = s
	}
}
