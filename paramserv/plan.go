package paramserv

import (
	"fmt"

	"gdml/runtime/matrix"
)

// plan is the schedule of a call: who trains on what and pushes when.
type plan struct {
	cfg      *Config
	strategy *Strategy
	workers  int
	threads  int // of each worker and of the server
	parts    []part
	batches  []int // per worker and epoch
	group    []int // batches behind a push, per worker
	pushes   []int // per worker and epoch
	rounds   int   // per epoch: the largest of pushes
	active   []int // per round of an epoch: workers with a push in it
}

// newPlan settles the number of workers and cuts the rows. c must have passed Check.
func newPlan(c *Config) *plan {
	n := c.X.Rows()
	p := &plan{cfg: c, strategy: strategyNamed(c.UType), workers: c.Workers}
	if p.workers == 0 {
		p.workers = min(c.Budget.Threads(), ceilDiv(n, c.BatchSize))
	}
	scheme := schemeNamed(c.Scheme)
	if p.workers > n && !scheme.Overlap {
		if c.Warn != nil {
			c.Warn(fmt.Sprintf("paramserv: %d workers for %d rows, using %d workers", p.workers, n, n))
		}
		p.workers = n
	}
	p.threads = c.Budget.Split(p.workers).Threads()
	for w := range p.workers {
		part := scheme.rows(n, p.workers, w, uint64(c.Seed))
		r := ceilDiv(part.n, c.BatchSize)
		g := 1
		switch c.Freq {
		case "EPOCH":
			g = r
		case "NBATCHES":
			g = min(c.NBatches, r)
		}
		p.parts = append(p.parts, part)
		p.batches = append(p.batches, r)
		p.group = append(p.group, g)
		p.pushes = append(p.pushes, ceilDiv(r, g))
		p.rounds = max(p.rounds, ceilDiv(r, g))
	}
	p.active = make([]int, p.rounds)
	for _, pushes := range p.pushes {
		for r := range pushes {
			p.active[r]++
		}
	}
	return p
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// Active implements Rounds.
func (p *plan) Active(round int) int { return p.active[round%p.rounds] }

// perEpoch returns the pushes of all workers in one epoch.
func (p *plan) perEpoch() int {
	n := 0
	for _, c := range p.pushes {
		n += c
	}
	return n
}

// batch cuts the rows of batch j (0-based) of worker w out of features and labels.
// The two are new references.
func (p *plan) batch(c *matrix.Ctx, w, j int) (x, y *matrix.Matrix) {
	part := p.parts[w]
	lo := j * p.cfg.BatchSize
	hi := min(lo+p.cfg.BatchSize, part.n)
	x = cut(c, p.cfg.X, part, lo, hi)
	if p.cfg.Y == p.cfg.X {
		return x, x.Retain()
	}
	return x, cut(c, p.cfg.Y, part, lo, hi)
}

// cut returns rows lo..hi-1 of a part, in the form that an index in a script would give them.
func cut(c *matrix.Ctx, m *matrix.Matrix, p part, lo, hi int) *matrix.Matrix {
	if p.index == nil && hi-lo == m.Rows() {
		return m.Retain()
	}
	if m.IsSparse() {
		return matrix.Compact(c, cutSparse(m, p, lo, hi))
	}
	cols := m.Cols()
	out := matrix.New(c, hi-lo, cols)
	from, to := m.DenseData(), out.DenseData()
	for i := lo; i < hi; i++ {
		r := p.row(i)
		copy(to[(i-lo)*cols:(i-lo+1)*cols], from[r*cols:(r+1)*cols])
	}
	return matrix.Compact(c, out)
}

func cutSparse(m *matrix.Matrix, p part, lo, hi int) *matrix.Matrix {
	from := m.SparseData()
	to := &matrix.CSR{RowPtr: make([]int, hi-lo+1)}
	for i := lo; i < hi; i++ {
		r := p.row(i)
		a, b := from.RowPtr[r], from.RowPtr[r+1]
		to.ColIdx = append(to.ColIdx, from.ColIdx[a:b]...)
		to.Val = append(to.Val, from.Val[a:b]...)
		to.RowPtr[i-lo+1] = len(to.Val)
	}
	return matrix.FromCSR(hi-lo, m.Cols(), to)
}
