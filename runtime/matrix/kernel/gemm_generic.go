package kernel

// The register tile of the plain Go version.
const (
	tileRows = 2
	tileCols = 4
)

// packA is PackA in plain Go.
func packA(m, k int, a []float64, rs, cs int, dst []float64) {
	packLeft(tileRows, m, k, a, rs, cs, dst)
}

// packLeft packs panels of mr rows cell by cell.
func packLeft(mr, m, k int, a []float64, rs, cs int, dst []float64) {
	for i := 0; i < m; i += mr {
		d := dst[i*k : (i+mr)*k]
		for r := range min(mr, m-i) {
			at := (i + r) * rs
			for p := r; p < len(d); p += mr {
				d[p] = a[at]
				at += cs
			}
		}
	}
}

// packB is PackB in plain Go.
func packB(k, n int, b []float64, rs, cs int, dst []float64) {
	packRight(tileCols, k, n, b, rs, cs, dst)
}

// packRight packs panels of nr columns cell by cell.
func packRight(nr, k, n int, b []float64, rs, cs int, dst []float64) {
	for j := 0; j < n; j += nr {
		d := dst[j*k : (j+nr)*k]
		w := min(nr, n-j)
		for p := range k {
			at := p*rs + j*cs
			row := d[p*nr : p*nr+w]
			if cs == 1 {
				copy(row, b[at:])
				continue
			}
			for q := range row {
				row[q] = b[at]
				at += cs
			}
		}
	}
}

// tile computes m x n cells, at most a register tile, of a product of depth k.
func tile(m, n, k int, a []float64, rsa, csa int, b []float64, rsb int, c []float64, ldc, mode int) {
	if m == tileRows && n == tileCols {
		fullTile(k, a, rsa, csa, b, rsb, c, ldc, mode)
		return
	}
	for i := range m {
		for j := range n {
			s := 0.0
			for p := range k {
				s += a[i*rsa+p*csa] * b[p*rsb+j]
			}
			switch Mode(mode) {
			case Accumulate:
				s += c[i*ldc+j]
			case Subtract:
				s = c[i*ldc+j] - s
			}
			c[i*ldc+j] = s
		}
	}
}

// fullTile is tile for the full size, with the sums in registers.
func fullTile(k int, a []float64, rsa, csa int, b []float64, rsb int, c []float64, ldc, mode int) {
	var c00, c01, c02, c03, c10, c11, c12, c13 float64
	pa, pb := 0, 0
	for range k {
		row := b[pb : pb+4 : pb+4]
		b0, b1, b2, b3 := row[0], row[1], row[2], row[3]
		a0, a1 := a[pa], a[pa+rsa]
		c00 += a0 * b0
		c01 += a0 * b1
		c02 += a0 * b2
		c03 += a0 * b3
		c10 += a1 * b0
		c11 += a1 * b1
		c12 += a1 * b2
		c13 += a1 * b3
		pa += csa
		pb += rsb
	}
	x, y := c[0:4:4], c[ldc:ldc+4:ldc+4]
	switch Mode(mode) {
	case Accumulate:
		c00, c01, c02, c03 = c00+x[0], c01+x[1], c02+x[2], c03+x[3]
		c10, c11, c12, c13 = c10+y[0], c11+y[1], c12+y[2], c13+y[3]
	case Subtract:
		c00, c01, c02, c03 = x[0]-c00, x[1]-c01, x[2]-c02, x[3]-c03
		c10, c11, c12, c13 = y[0]-c10, y[1]-c11, y[2]-c12, y[3]-c13
	}
	x[0], x[1], x[2], x[3] = c00, c01, c02, c03
	y[0], y[1], y[2], y[3] = c10, c11, c12, c13
}
