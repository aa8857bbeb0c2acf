package matrix

import (
	"gdml/runtime/matrix/kernel"
	"gdml/runtime/par"
)

// Blocking of the dense product. The order in which the terms of a cell are added
// depends on kBlock and on splitDepth, both functions of the sizes alone.
const (
	kBlock     = 256     // depth of a panel: a panel of each operand stays in the first two cache levels
	mBlock     = 192     // most rows of one task: with kBlock, 384 KB of A in the second-level cache
	nBlock     = 6144    // most columns packed at a time
	packCells  = 1 << 21 // most cells of B packed at a time
	mulNanos   = 0.04    // time of a multiply-add on a fast machine
	packNanos  = 0.4     // time to pack a cell
	splitCells = 1 << 16 // largest result that is computed in parts over the depth
	splitDepth = 2048    // least depth of one part
	splitParts = 16      // most parts
	rawCells   = 1 << 14 // cells of B that are read in place
	rawCols    = 200     // columns of operands that are read in place: a row is a few lines
	rawDeep    = 1 << 12 // cells of a block of rows that is read in place by columns
)

// view is a strided dense operand: cell (i, j) is at i*rs + j*cs.
type view struct {
	data   []float64
	rs, cs int
}

// at returns the view that starts at cell (i, j).
func (v view) at(i, j int) view {
	if p := i*v.rs + j*v.cs; p < len(v.data) {
		v.data = v.data[p:]
	} else {
		v.data = nil
	}
	return v
}

func (m *Matrix) view() view  { return view{m.dense, m.cols, 1} }
func (m *Matrix) tview() view { return view{m.dense, 1, m.cols} }

// product is one dense m x k by k x n product into out, whose content is undefined
// at the start unless add is set.
type product struct {
	c       *Ctx
	m, n, k int
	a, b    view
	out     []float64   // cell (i, j) is at i*ldc+j
	ldc     int         // 0 stands for n
	scale   float64     // factor of the product; 0 stands for 1
	add     bool        // add to out
	minus   bool        // with add: take the product away instead
	part    kernel.Part // cells outside are undefined
	// done, if any, is called once for every cell of the finished result, for the
	// rows [lo, hi) and columns [from, to), while these cells are in cache.
	done      func(lo, hi, from, to int)
	doneNanos float64 // estimate of its time for a cell
}

// nanos estimates the time of an m x n x k part on one thread.
func (p *product) nanos(m, n, k int) float64 {
	flops := mulNanos * float64(m) * float64(n) * float64(k)
	if p.part != kernel.Whole {
		flops /= 2
	}
	return flops + p.doneNanos*float64(m)*float64(n)
}

// run computes the product.
func (p *product) run() {
	if p.ldc == 0 {
		p.ldc = p.n
	}
	switch {
	case p.m == 0 || p.n == 0:
	case p.k == 0:
		clear(p.out)
		p.finish(0, p.m, 0, p.n)
	case p.n == 1 && p.m > 1 && p.a.cs == 1 && p.b.rs == 1:
		p.columnRun()
	case p.k >= 2*splitDepth && p.m*p.n <= splitCells:
		p.splitRun()
	default:
		p.blockRun(p.c.workers())
	}
}

func (p *product) finish(lo, hi, from, to int) {
	if p.done != nil {
		p.done(lo, hi, from, to)
	}
}

// columnRun computes a product with one column, which streams A once.
func (p *product) columnRun() {
	p.c.eachRows(p.m, p.k, func(lo, hi int) {
		kernel.Gemv(hi-lo, p.k, p.a.data[lo*p.a.rs:], p.a.rs, p.b.data, p.out[lo:])
		p.finish(lo, hi, 0, 1)
	})
}

// splitRun cuts the depth into parts with private results and adds these in order.
func (p *product) splitRun() {
	depth := max(splitDepth, (p.k+splitParts-1)/splitParts)
	parts := (p.k + depth - 1) / depth
	sub := make([]*Matrix, parts)
	p.c.workers().DoCost(parts, p.nanos(p.m, p.n, p.k), func(i int) {
		q := *p
		lo := i * depth
		q.k, q.done = min(depth, p.k-lo), nil
		q.a, q.b = p.a.at(0, lo), p.b.at(lo, 0)
		q.out = p.out
		if i > 0 {
			sub[i] = newDense(p.c, p.m, p.n)
			q.out, q.ldc, q.add, q.minus = sub[i].dense, p.n, false, false
		}
		q.blockRun(nil)
	})
	join := kernel.XY(kernel.Plus)
	if p.minus {
		join = kernel.XY(kernel.Sub)
	}
	for _, s := range sub[1:] {
		for i := range p.m {
			row := p.out[i*p.ldc : i*p.ldc+p.n]
			join(row, row, s.dense[i*p.n:(i+1)*p.n])
		}
		s.Release()
	}
	p.finish(0, p.m, 0, p.n)
}

// blockRun computes the product by tiles of panels.
func (p *product) blockRun(w *par.Workers) {
	if p.m == 1 && p.a.cs == 1 && (p.b.cs == 1 || p.n == 1) && p.scale == 0 && !p.add {
		p.rowRun(w)
		return
	}
	if p.rightInPlace() {
		p.inPlaceRun(w)
		return
	}
	for j := 0; j < p.n; j += nBlock {
		n := min(nBlock, p.n-j)
		depth := max(1, packCells/n/kBlock) * kBlock
		for q := 0; q < p.k; q += depth {
			p.packedRun(w, j, n, q, min(depth, p.k-q))
		}
	}
}

// rightInPlace reports whether B is not packed: too few rows use it, or its rows are short.
func (p *product) rightInPlace() bool {
	return p.b.cs == 1 && (p.m <= 32 || p.n*p.k <= rawCells || p.n <= rawCols)
}

// leftInPlace is the same for A and a task of n columns.
func (p *product) leftInPlace(n int) bool {
	if p.scale != 0 {
		return false
	}
	if p.a.rs == 1 {
		return p.m <= rawCols
	}
	return n <= 6*kernel.TileCols()
}

// rowRun computes a product with one row, parallel over columns.
func (p *product) rowRun(w *par.Workers) {
	x := p.a.data[:p.k]
	if p.n == 1 && p.b.rs == 1 {
		p.out[0] = kernel.Dot(x, p.b.data)
		p.finish(0, 1, 0, 1)
		return
	}
	const strip = 1024
	w.RangeCost(p.n, strip, cellNanos*float64(p.k), func(lo, hi int) {
		y := p.out[lo:hi]
		clear(y)
		kernel.GemvT(p.k, hi-lo, p.b.data[lo:], p.b.rs, x, y)
		p.finish(0, 1, lo, hi)
	})
}

// packedRun packs columns [j, j+n) of the rows [q, q+depth) of B and adds their share of the product.
func (p *product) packedRun(w *par.Workers, j, n, q, depth int) {
	nr := kernel.TileCols()
	wide := (n + nr - 1) / nr * nr
	buf := newDense(p.c, 1, wide*depth+8)
	defer buf.Release()
	packed := kernel.Align(buf.dense)
	group := 8 * nr
	groups, blocks := (n+group-1)/group, (depth+kBlock-1)/kBlock
	w.DoCost(groups*blocks, packNanos*float64(n)*float64(depth), func(i int) {
		d, from := i/groups*kBlock, i%groups*group
		k := min(kBlock, depth-d)
		b := p.b.at(q+d, j+from)
		kernel.PackB(k, min(group, n-from), b.data, b.rs, b.cs, packed[d*wide+from*k:])
	})
	g := p.cutFor(w.Threads(), n)
	w.DoCost(g.tasks, p.nanos(p.m, n, depth), func(i int) { p.taskRun(g.task(p, i, j, n, q, depth), packed, n) })
}

// inPlaceRun computes the whole product without packing B.
func (p *product) inPlaceRun(w *par.Workers) {
	g := p.cutFor(w.Threads(), p.n)
	w.DoCost(g.tasks, p.nanos(p.m, p.n, p.k), func(i int) { p.taskRun(g.task(p, i, 0, p.n, 0, p.k), nil, p.n) })
}

// cut divides a result into tasks of rows x cols cells, several of them side by side.
type cut struct{ rows, cols, across, tasks int }

// task is a block of the result: m rows from lo, n columns from j+from, for the depth that starts at q.
type task struct{ lo, m, j, from, n, q, depth int }

// cutFor cuts m x n cells so that all threads are busy. Cells do not depend on the cut, whose tasks are whole tiles.
func (p *product) cutFor(threads, n int) cut {
	mr, nr := kernel.TileRows(), kernel.TileCols()
	g := cut{rows: mBlock, cols: n, across: 1}
	if threads > 1 {
		want := 3 * threads
		parts, least := want, 48
		if p.part != kernel.Whole {
			least = 24 // tasks differ in size
		}
		for parts > threads && p.m/parts < least {
			parts -= threads
		}
		g.rows = min(mBlock, (p.m+parts*mr-1)/(parts*mr)*mr)
		across := max(1, min(want/parts, n/(8*nr)))
		g.cols = ((n+across-1)/across + nr - 1) / nr * nr
		g.across = (n + g.cols - 1) / g.cols
	}
	g.tasks = (p.m + g.rows - 1) / g.rows * g.across
	return g
}

// task returns task number i.
func (g cut) task(p *product, i, j, n, q, depth int) task {
	if p.part == kernel.Lower {
		i = g.tasks - 1 - i // the longest rows first
	}
	t := task{lo: i / g.across * g.rows, from: i % g.across * g.cols, j: j, q: q, depth: depth}
	t.m, t.n = min(g.rows, p.m-t.lo), min(g.cols, n-t.from)
	return t
}

// taskRun computes one block of the result. B is read from packed, which has n
// columns, or in place if packed is nil.
func (p *product) taskRun(t task, packed []float64, n int) {
	above, below := t.lo+t.m <= t.j+t.from, t.lo >= t.j+t.from+t.n
	if !(p.part == kernel.Upper && below || p.part == kernel.Lower && above) {
		p.blockTask(t, packed, n)
	}
	if t.q+t.depth == p.k {
		p.finish(t.lo, t.lo+t.m, t.j+t.from, t.j+t.from+t.n)
	}
}

func (p *product) blockTask(t task, packed []float64, n int) {
	mr, nr := kernel.TileRows(), kernel.TileCols()
	wide := (n + nr - 1) / nr * nr
	step := kBlock
	inPlace := p.leftInPlace(t.n)
	var left []float64
	if !inPlace {
		buf := newDense(p.c, 1, (t.m+mr-1)/mr*mr*kBlock+8)
		defer buf.Release()
		left = kernel.Align(buf.dense)
	} else if p.a.rs == 1 && packed == nil {
		step = min(kBlock, max(32, rawDeep/p.m&^7))
	}
	for d := 0; d < t.depth; d += step {
		k := min(step, t.depth-d)
		a := p.a.at(t.lo, t.q+d)
		pa := kernel.LeftPanels(a.data, a.rs, a.cs)
		if !inPlace {
			kernel.PackA(t.m, k, a.data, a.rs, a.cs, left)
			if p.scale != 0 {
				cells := left[:(t.m+mr-1)/mr*mr*k]
				kernel.XS(kernel.Mul)(cells, cells, p.scale)
			}
			pa = kernel.PackedLeft(left, k)
		}
		var pb kernel.Panels
		if packed != nil {
			pb = kernel.PackedRight(packed[d*wide+t.from*k:], k)
		} else {
			b := p.b.at(t.q+d, t.j+t.from)
			pb = kernel.RightPanels(b.data, b.rs)
		}
		col := t.j + t.from
		mode := kernel.Write
		switch {
		case p.minus:
			mode = kernel.Subtract
		case p.add || t.q+d > 0:
			mode = kernel.Accumulate
		}
		kernel.Gemm(t.m, t.n, k, pa, pb, p.out[t.lo*p.ldc+col:], p.ldc, mode, p.part, t.lo, col)
	}
}

// mirror copies the cells above the diagonal of a square matrix below it.
func mirror(c *Ctx, m *Matrix) {
	n := m.rows
	const tile = 64
	c.workers().Range(n, tile, func(lo, hi int) {
		for j0 := 0; j0 < hi; j0 += tile {
			for i := lo; i < hi; i++ {
				for j := j0; j < min(j0+tile, i); j++ {
					m.dense[i*n+j] = m.dense[j*n+i]
				}
			}
		}
	})
}
