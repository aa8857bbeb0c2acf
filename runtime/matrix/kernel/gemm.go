package kernel

import "unsafe"

// Gemm computes the product in tiles of TileRows x TileCols cells held in
// registers. It reads the operands as panels: a panel of A is TileRows rows, a panel
// of B TileCols columns. Panels may lie in the operand itself, or be packed, so that
// a tile reads them in order; packing pays when a panel is used often.

// Panels describes an operand of Gemm of depth k. Of A, panel number i has its cell
// (r, p) at Data[i*Step+r*Row+p*Deep]; of B, panel number j has its cell (p, q) at
// Data[j*Step+p*Deep+q], and Row is not used.
type Panels struct {
	Data            []float64
	Step, Row, Deep int
}

// TileRows returns the rows of a full tile.
func TileRows() int { return active.mr }

// TileCols returns the columns of a full tile.
func TileCols() int { return active.nr }

// LeftPanels returns A's panels in place: cell (i, p) is at a[i*rs+p*cs].
func LeftPanels(a []float64, rs, cs int) Panels { return Panels{a, active.mr * rs, rs, cs} }

// RightPanels returns B's panels in place: cell (p, j) is at b[p*ld+j].
func RightPanels(b []float64, ld int) Panels { return Panels{b, active.nr, 0, ld} }

// PackedLeft returns the panels that PackA wrote for depth k.
func PackedLeft(buf []float64, k int) Panels { return Panels{buf, active.mr * k, 1, active.mr} }

// PackedRight returns the panels that PackB wrote for depth k.
func PackedRight(buf []float64, k int) Panels { return Panels{buf, active.nr * k, 0, active.nr} }

// PackA packs the m x k block at a into panels:
//
//	for i := range m {
//		for p := range k {
//			dst[(i/mr)*mr*k + p*mr + i%mr] = a[i*rs + p*cs]
//		}
//	}
//
// with mr = TileRows. The missing rows of the last panel are not written. It
// requires len(dst) >= (m+mr-1)/mr*mr*k, and k of at most MaxDepth.
func PackA(m, k int, a []float64, rs, cs int, dst []float64) { active.packA(m, k, a, rs, cs, dst) }

// PackB packs the k x n block at b into panels:
//
//	for p := range k {
//		for j := range n {
//			dst[(j/nr)*nr*k + p*nr + j%nr] = b[p*rs + j*cs]
//		}
//	}
//
// with nr = TileCols. The missing columns of the last panel are not written. It
// requires len(dst) >= (n+nr-1)/nr*nr*k, and k of at most MaxDepth.
func PackB(k, n int, b []float64, rs, cs int, dst []float64) { active.packB(k, n, b, rs, cs, dst) }

// MaxDepth is the largest depth of PackA, PackB and Gemm.
const MaxDepth = 1024

// Mode is what Gemm does with the cells of the product.
type Mode uint8

// Modes. Their numbers are known to the assembly.
const (
	Write      Mode = iota
	Accumulate      // adds them to the old cells
	Subtract        // takes them away from the old cells
)

// Part is the part of a result that is wanted.
type Part uint8

// Parts.
const (
	Whole Part = iota
	Upper      // the diagonal and above
	Lower      // the diagonal and below
)

// Gemm writes the product of the m x k operand a and the k x n operand b to c:
//
//	for i := range m {
//		for j := range n {
//			var s float64
//			for p := range k {
//				s += A[i][p] * B[p][j]
//			}
//			c[i*ldc+j] = s // or += s, or -= s
//		}
//	}
//
// Of the parts Upper and Lower, tiles that lie wholly on the other side of the diagonal
// i+row == j+col are skipped; row and col are the position of c in the whole result. The
// order of the terms of a cell is that of p, whatever the position of the cell. It
// requires k of at most MaxDepth and len(c) >= (m-1)*ldc+n.
func Gemm(m, n, k int, a, b Panels, c []float64, ldc int, mode Mode, part Part, row, col int) {
	active.gemm(m, n, k, a, b, c, ldc, mode, part, row, col)
}

func (s *set) gemm(m, n, k int, a, b Panels, c []float64, ldc int, mode Mode, part Part, row, col int) {
	for j := 0; j < n; j += s.nr {
		bp := b.Data[j/s.nr*b.Step:]
		for i := 0; i < m; i += s.mr {
			h, w := min(s.mr, m-i), min(s.nr, n-j)
			below := row + i - (col + j) // rows from the diagonal down to the tile, at its first column
			skip := 0
			switch {
			case part == Upper && below > w-1, part == Lower && below+h <= 0:
				continue
			case part == Upper && below > 0:
				skip = below / s.lanes * s.lanes // columns below the diagonal in all rows of the tile
			case part == Lower:
				w = min(w, below+h)
			}
			s.tile(h, w-skip, k, a.Data[i/s.mr*a.Step:], a.Row, a.Deep, bp[skip:], b.Deep, c[i*ldc+j+skip:], ldc, int(mode))
		}
	}
}

// Align returns the part of s that starts at a cache line: at most 7 values are lost.
func Align(s []float64) []float64 {
	if len(s) == 0 {
		return s
	}
	at := int(uintptr(unsafe.Pointer(&s[0])) / 8 % 8)
	return s[min((8-at)%8, len(s)):]
}
