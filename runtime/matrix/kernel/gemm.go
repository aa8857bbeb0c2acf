package kernel

// The product is computed in tiles of MR x NR cells held in registers, from panels
// that are packed so that the tile reads them in order: a panel of A holds MR rows,
// column after column, a panel of B holds NR columns, row after row.
const (
	MR = 2 // rows of a tile
	NR = 4 // columns of a tile
)

// PackA packs the m x k block at a into panels of MR rows:
//
//	for i := range m {
//		for p := range k {
//			dst[(i/MR)*MR*k + p*MR + i%MR] = a[i*rs + p*cs]
//		}
//	}
//
// and fills the missing rows of the last panel with zeros. It requires len(dst) >= (m+MR-1)/MR*MR*k.
func PackA(m, k int, a []float64, rs, cs int, dst []float64) {
	for i := 0; i < m; i += MR {
		d := dst[i*k : (i+MR)*k]
		if i+MR > m {
			clear(d)
		}
		for r := range min(MR, m-i) {
			at := (i + r) * rs
			for p := r; p < len(d); p += MR {
				d[p] = a[at]
				at += cs
			}
		}
	}
}

// PackB packs the k x n block at b into panels of NR columns:
//
//	for p := range k {
//		for j := range n {
//			dst[(j/NR)*NR*k + p*NR + j%NR] = b[p*rs + j*cs]
//		}
//	}
//
// and fills the missing columns of the last panel with zeros. It requires len(dst) >= (n+NR-1)/NR*NR*k.
func PackB(k, n int, b []float64, rs, cs int, dst []float64) {
	for j := 0; j < n; j += NR {
		d := dst[j*k : (j+NR)*k]
		w := min(NR, n-j)
		if w < NR {
			clear(d)
		}
		for p := range k {
			at := p*rs + j*cs
			row := d[p*NR : p*NR+w]
			for q := range row {
				row[q] = b[at]
				at += cs
			}
		}
	}
}

// Gemm adds the product of packed panels to c:
//
//	for i := range m {
//		for j := range n {
//			var s float64
//			for p := range k {
//				s += A[i][p] * B[p][j]
//			}
//			c[i*ldc+j] += s
//		}
//	}
//
// where A and B are as packed by PackA and PackB. Tiles that lie wholly below the
// diagonal i+row == j+col are skipped when upper is set; row and col are then the
// position of c in the whole result. It requires len(c) >= (m-1)*ldc+n.
func Gemm(m, n, k int, a, b, c []float64, ldc int, upper bool, row, col int) {
	var t [MR * NR]float64
	for j := 0; j < n; j += NR {
		bp := b[j*k : (j+NR)*k]
		w := min(NR, n-j)
		for i := 0; i < m; i += MR {
			if upper && row+i > col+j+w-1 {
				break
			}
			tile(k, a[i*k:(i+MR)*k], bp, &t)
			for r := range min(MR, m-i) {
				at := (i+r)*ldc + j
				out := c[at : at+w]
				for q := range out {
					out[q] += t[r*NR+q]
				}
			}
		}
	}
}

// tile computes the MR x NR cells of one pair of panels.
func tile(k int, a, b []float64, t *[MR * NR]float64) {
	var c00, c01, c02, c03, c10, c11, c12, c13 float64
	b = b[:NR*k]
	a = a[:MR*k]
	for len(b) >= 4 && len(a) >= 2 {
		b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
		a0, a1 := a[0], a[1]
		c00 += a0 * b0
		c01 += a0 * b1
		c02 += a0 * b2
		c03 += a0 * b3
		c10 += a1 * b0
		c11 += a1 * b1
		c12 += a1 * b2
		c13 += a1 * b3
		b = b[4:]
		a = a[2:]
	}
	*t = [MR * NR]float64{c00, c01, c02, c03, c10, c11, c12, c13}
}
