package matrix

import (
	"gdml/runtime/matrix/kernel"
	"gdml/runtime/par"
)

// Blocking of the dense product. The order in which the terms of a cell are added
// depends on kBlock and on splitDepth, both functions of the sizes alone.
const (
	kBlock     = 256     // depth of a packed panel
	mBlock     = 64      // most rows of one task
	nBlock     = 8192    // most columns packed at a time
	packCells  = 1 << 22 // most cells of B packed at a time
	forkFlops  = 100_000 // multiply-adds that pay for a second thread
	smallFlops = 8_192   // multiply-adds that do not pay for packing
	splitCells = 1 << 16 // largest result that is computed in parts over the depth
	splitDepth = 2048    // least depth of one part
	splitParts = 16      // most parts
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

// product is one dense m x k by k x n product into out, which is zero at the start.
type product struct {
	c       *Ctx
	m, n, k int
	a, b    view
	out     []float64 // m*n cells
	upper   bool      // cells below the diagonal are not wanted and undefined
}

// threads returns the budget for the whole product.
func (p *product) threads() *par.Workers {
	if float64(p.m)*float64(p.n)*float64(p.k) < forkFlops {
		return nil
	}
	return p.c.workers()
}

// run computes the product.
func (p *product) run() {
	switch {
	case p.m == 0 || p.n == 0 || p.k == 0:
	case p.k >= 2*splitDepth && p.m*p.n <= splitCells:
		p.splitRun()
	default:
		p.blockRun(p.threads())
	}
}

// splitRun cuts the depth into parts with private results and adds these in order.
func (p *product) splitRun() {
	depth := max(splitDepth, (p.k+splitParts-1)/splitParts)
	parts := (p.k + depth - 1) / depth
	sub := make([]*Matrix, parts)
	p.threads().Do(parts, func(i int) {
		q := *p
		lo := i * depth
		q.k = min(depth, p.k-lo)
		q.a, q.b = p.a.at(0, lo), p.b.at(lo, 0)
		sub[i] = New(p.c, p.m, p.n)
		q.out = sub[i].dense
		q.blockRun(nil)
	})
	for _, s := range sub {
		kernel.AddXY(p.out, p.out, s.dense)
		s.Release()
	}
}

// blockRun computes the product by packed blocks, parallel over row blocks.
func (p *product) blockRun(w *par.Workers) {
	if p.b.cs == 1 && p.a.cs == 1 && (p.m < 4 || p.k < 8 || p.m*p.n*p.k < smallFlops) {
		p.rowRun(w)
		return
	}
	for j := 0; j < p.n; j += nBlock {
		n := min(nBlock, p.n-j)
		depth := max(1, packCells/n/kBlock) * kBlock
		for q := 0; q < p.k; q += depth {
			p.panelRun(w, j, n, q, min(depth, p.k-q))
		}
	}
}

// rowRun computes small products, and those with few rows, without packing.
func (p *product) rowRun(w *par.Workers) {
	w.Range(p.m, max(1, forkFlops/(p.n*p.k)), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			a := p.a.data[i*p.a.rs:]
			if p.n == 1 && p.b.rs == 1 {
				p.out[i] += kernel.Dot(a[:p.k], p.b.data)
				continue
			}
			kernel.GemvT(p.k, p.n, p.b.data, p.b.rs, a[:p.k], p.out[i*p.n:(i+1)*p.n])
		}
	})
}

// panelRun adds the product of columns [q, q+depth) of A with that part of the columns [j, j+n) of B.
func (p *product) panelRun(w *par.Workers, j, n, q, depth int) {
	wide := (n + kernel.NR - 1) / kernel.NR * kernel.NR
	packed := newDense(p.c, 1, wide*depth)
	defer packed.Release()
	blocks := (depth + kBlock - 1) / kBlock
	w.Do(blocks, func(i int) {
		lo := i * kBlock
		b := p.b.at(q+lo, j)
		kernel.PackB(min(kBlock, depth-lo), n, b.data, b.rs, b.cs, packed.dense[lo*wide:])
	})
	rows := p.rowBlock(w.Threads())
	w.Do((p.m+rows-1)/rows, func(i int) {
		lo := i * rows
		m := min(rows, p.m-lo)
		if p.upper && lo >= j+n {
			return
		}
		buf := newDense(p.c, 1, (m+kernel.MR-1)/kernel.MR*kernel.MR*kBlock)
		defer buf.Release()
		for d := 0; d < depth; d += kBlock {
			k := min(kBlock, depth-d)
			a := p.a.at(lo, q+d)
			kernel.PackA(m, k, a.data, a.rs, a.cs, buf.dense)
			kernel.Gemm(m, n, k, buf.dense, packed.dense[d*wide:], p.out[lo*p.n+j:], p.n, p.upper, lo, j)
		}
	})
}

// rowBlock returns the rows of one task: few enough to keep all threads busy. Cells do not depend on it.
func (p *product) rowBlock(threads int) int {
	if threads == 1 {
		return mBlock
	}
	share := (p.m/(4*threads) + kernel.MR) / kernel.MR * kernel.MR
	return min(mBlock, max(8, share))
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
