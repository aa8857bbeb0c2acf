package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// tileSize returns the rows and the vectors of a full register tile.
func (t *tier) tileSize() (rows, vectors int) {
	if t.wide {
		return 8, 3
	}
	return 4, 3
}

// products emits a kernel for every size of a register tile.
func (t *tier) products() {
	m, n := t.tileSize()
	for r := 1; r <= m; r++ {
		for v := 1; v <= n; v++ {
			t.product(r, v, true)
			if !t.wide { // masked stores are slow there
				t.product(r, v, false)
			}
		}
	}
}

// product emits one kernel of r rows and v vectors; the last vector is masked or full.
func (t *tier) product(r, v int, masked bool) {
	name := fmt.Sprintf("gemm%dx%d", r, v)
	if !masked {
		name += "Full"
	}
	width := fmt.Sprintf("%d+last", (v-1)*t.lanes)
	if !masked {
		width = fmt.Sprint(v * t.lanes)
	}
	t.text(name, "func(k int, a *float64, rsa, csa int, b *float64, rsb int, c *float64, ldc, last, add int)",
		"computes %d x %s cells of a product of depth k: c[i*ldc+j] becomes the sum of a[i*rsa+p*csa]*b[p*rsb+j], plus its old value if add is 1; if add is 2, the sum is taken from the old value.", r, width)
	k, a, rsa, csa := pointer("k"), pointer("a"), stride("rsa"), stride("csa")
	b, rsb := pointer("b"), stride("rsb")
	row := newRows(a, rsa, r)
	last := t.tileMask(masked)
	acc := make([][]VecVirtual, r)
	for i := range acc {
		acc[i] = t.vecs(v)
		for _, x := range acc[i] {
			t.zero(x)
		}
	}
	t.prefetchTile(r, v)
	TESTQ(k, k)
	JZ(LabelRef(t.label("store")))
	Label(t.label("depth"))
	x := t.vecs(v)
	for j := range x {
		if j == v-1 && masked {
			m := last()
			t.load(at(b, j*t.lanes), &m, x[j])
			continue
		}
		VMOVUPD(at(b, j*t.lanes), x[j])
	}
	for i := range acc {
		f := t.broadcast(row.at(i, 0))
		for j := range x {
			VFMADD231PD(x[j], f, acc[i][j])
		}
	}
	row.advance(csa)
	ADDQ(rsb, b)
	DECQ(k)
	JNZ(LabelRef(t.label("depth")))
	Label(t.label("store"))
	t.storeTile(acc, masked, last)
	t.ret()
}

// prefetchTile asks for the cells of c, which are needed when the sums are complete.
func (t *tier) prefetchTile(r, v int) {
	c, ldc := pointer("c"), stride("ldc")
	for i := range r {
		for line := 0; line < v*t.bytes(); line += 64 {
			PREFETCHT0(Mem{Base: c, Disp: line})
		}
		if i < r-1 {
			ADDQ(ldc, c)
		}
	}
}

// tileMask returns where the mask of the last vector is: in a register that is
// always live, or, with few registers, loaded anew for each use.
func (t *tier) tileMask(masked bool) func() mask {
	if !masked {
		return nil
	}
	n := pointer("last")
	if t.wide {
		m := t.firstLanes(n)
		return func() mask { return m }
	}
	at := GP64()
	LEAQ(window().Offset(64), at)
	SHLQ(U8(3), n)
	SUBQ(n, at)
	return func() mask {
		m := YMM()
		VMOVUPD(Mem{Base: at}, m)
		return mask{m}
	}
}

// storeTile writes the cells to c, adds them or takes them away.
func (t *tier) storeTile(acc [][]VecVirtual, masked bool, last func() mask) {
	c, ldc, add := pointer("c"), stride("ldc"), pointer("add")
	write := func(i, mode int) {
		for j, s := range acc[i] {
			var k *mask
			if j == len(acc[i])-1 && masked {
				m := last()
				k = &m
			}
			if mode > 0 {
				o := t.vec()
				t.load(at(c, j*t.lanes), k, o)
				if mode == 1 {
					VADDPD(o, s, s)
				} else {
					VSUBPD(s, o, s)
				}
			}
			t.store(s, at(c, j*t.lanes), k)
		}
		if i < len(acc)-1 {
			ADDQ(ldc, c)
		}
	}
	TESTQ(add, add)
	JZ(LabelRef(t.label("overwrite")))
	CMPQ(add, U8(1))
	JNE(LabelRef(t.label("subtract")))
	for i := range acc {
		write(i, 1)
	}
	t.ret()
	Label(t.label("subtract"))
	for i := range acc {
		write(i, 2)
	}
	t.ret()
	Label(t.label("overwrite"))
	for i := range acc {
		write(i, 0)
	}
}

// packing emits the copies into panels.
func (t *tier) packing() {
	m, v := t.tileSize()
	t.copyPanel("copyA", m)
	t.copyPanel("copyB", v*t.lanes)
	t.transpose()
}

// copyPanel emits the copy of k rows of a panel's width.
func (t *tier) copyPanel(name string, width int) {
	t.text(name, "func(k int, src *float64, ld int, dst *float64)",
		"copies k rows of %d values, ld apart at src and adjacent at dst.", width)
	k, src, ld, dst := pointer("k"), pointer("src"), stride("ld"), pointer("dst")
	t.loop("row", k, 1, func() {
		x := t.vecs(width / t.lanes)
		for i := range x {
			VMOVUPD(at(src, i*t.lanes), x[i])
		}
		for i := range x {
			VMOVUPD(x[i], at(dst, i*t.lanes))
		}
		ADDQ(ld, src)
		ADDQ(I32(8*width), dst)
	})
	t.ret()
}

// transpose emits the transposition of as many rows as a vector has lanes.
func (t *tier) transpose() {
	n := t.lanes
	t.text("transpose", "func(k int, src *float64, lds int, dst *float64, ldd int)",
		"is dst[j*ldd+i] = src[i*lds+j] for i < %d and j < k, a multiple of %d.", n, n)
	k, src, lds, dst, ldd := pointer("k"), pointer("src"), stride("lds"), pointer("dst"), stride("ldd")
	in := newRows(src, lds, n)
	t.loop("block", k, n, func() {
		x := t.vecs(n)
		for i := range x {
			VMOVUPD(in.at(i, 0), x[i])
		}
		for _, y := range t.transposed(x) {
			VMOVUPD(y, at(dst, 0))
			ADDQ(ldd, dst)
		}
		in.advance(I32(t.bytes()))
	})
	t.ret()
}

// transposed returns the columns of the square matrix with the rows x.
func (t *tier) transposed(x []VecVirtual) []VecVirtual {
	p := t.vecs(len(x))
	for i := 0; i < len(x); i += 2 {
		VUNPCKLPD(x[i+1], x[i], p[i])
		VUNPCKHPD(x[i+1], x[i], p[i+1])
	}
	if !t.wide {
		y := t.vecs(4)
		for i := range 2 {
			VPERM2F128(U8(0x20), p[i+2], p[i], y[i])
			VPERM2F128(U8(0x31), p[i+2], p[i], y[i+2])
		}
		return y
	}
	// q[4h+2e+o]: of the rows 4h..4h+3, the columns of parity o in the 128-bit blocks of parity e.
	q, y := t.vecs(8), t.vecs(8)
	for h := range 2 {
		for o := range 2 {
			VSHUFF64X2(U8(0x88), p[4*h+2+o], p[4*h+o], q[4*h+o])
			VSHUFF64X2(U8(0xdd), p[4*h+2+o], p[4*h+o], q[4*h+2+o])
		}
	}
	for e := range 2 {
		for o := range 2 {
			VSHUFF64X2(U8(0x88), q[4+2*e+o], q[2*e+o], y[2*e+o])
			VSHUFF64X2(U8(0xdd), q[4+2*e+o], q[2*e+o], y[4+2*e+o])
		}
	}
	return y
}
