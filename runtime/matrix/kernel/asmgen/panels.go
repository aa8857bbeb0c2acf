package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const (
	panelVectors = 4  // most vectors of a panel's row
	panelAhead   = 24 // cells between a prefetch and the use
)

// panels emits products of sparse rows with panels of each width, in two forms:
// one for panels that the second-level cache holds, one that fetches rows ahead.
func (t *tier) panels() {
	for v := 1; v <= panelVectors; v++ {
		t.panel(v, false)
		t.panel(v, true)
	}
}

// panel emits one product. The columns of a row of y stay in registers while the
// row's cells go by; even and odd cells have sums of their own, so that additions
// wait for each other half as often.
func (t *tier) panel(v int, far bool) {
	name := fmt.Sprintf("panel%d", v)
	if far {
		name += "Far"
	}
	t.text(name, "func(rows int, rowPtr *int, val *float64, idx *int32, b, y *float64, ldy, last, end int)",
		"multiplies rows of a CSR matrix, whose last cell is number end, with a panel of %d columns, of which %d+last are stored in rows of y, ldy apart.",
		v*t.lanes, (v-1)*t.lanes)
	c := &panelCells{t: t, far: far, val: pointer("val"), idx: pointer("idx"), b: pointer("b"), at: GP64()}
	rows, rowPtr, y, ldy := pointer("rows"), pointer("rowPtr"), pointer("y"), stride("ldy")
	last := t.firstLanes(pointer("last"))
	if far {
		c.end = pointer("end")
	}
	MOVQ(Mem{Base: rowPtr}, c.at)
	Label(t.label("row"))
	ADDQ(I8(8), rowPtr)
	stop := GP64() // the row's last cell
	MOVQ(Mem{Base: rowPtr}, stop)
	DECQ(stop)
	even, odd := t.vecs(v), t.vecs(v)
	for j := range v {
		t.zero(even[j])
		t.zero(odd[j])
	}
	JMP(LabelRef(t.label("check")))
	Label(t.label("pair"))
	c.add(0, even)
	c.add(1, odd)
	ADDQ(I8(2), c.at)
	Label(t.label("check"))
	CMPQ(c.at, stop)
	JLT(LabelRef(t.label("pair")))
	JNE(LabelRef(t.label("store")))
	c.add(0, even)
	INCQ(c.at)
	Label(t.label("store"))
	for j := range v {
		VADDPD(odd[j], even[j], even[j])
		k := &last
		if j < v-1 {
			k = nil
		}
		t.store(even[j], at(y, j*t.lanes), k)
	}
	ADDQ(ldy, y)
	DECQ(rows)
	JNZ(LabelRef(t.label("row")))
	t.ret()
}

// panelCells is the cells of a CSR matrix and the panel that they meet.
type panelCells struct {
	t                    *tier
	far                  bool
	val, idx, b, at, end Register
}

// add adds a row of the panel, weighted by the cell i after the current one, to sums.
func (c *panelCells) add(i int, sums []VecVirtual) {
	width := len(sums) * c.t.bytes()
	row := GP64()
	MOVLQSX(Mem{Base: c.idx, Index: c.at, Scale: 4, Disp: 4 * i}, row)
	IMUL3Q(I32(width), row, row)
	if c.far {
		next := GP64()
		LEAQ(Mem{Base: c.at, Disp: i + panelAhead}, next)
		CMPQ(next, c.end)
		CMOVQGT(c.end, next)
		MOVLQSX(Mem{Base: c.idx, Index: next, Scale: 4}, next)
		IMUL3Q(I32(width), next, next)
		for line := 0; line < width; line += 64 {
			PREFETCHT0(Mem{Base: c.b, Index: next, Scale: 1, Disp: line})
		}
	}
	weight := c.t.broadcast(Mem{Base: c.val, Index: c.at, Scale: 8, Disp: 8 * i})
	for j := range sums {
		VFMADD231PD(Mem{Base: c.b, Index: row, Scale: 1, Disp: j * c.t.bytes()}, weight, sums[j])
	}
}
