package paramserv

import (
	"time"

	"gdml/runtime/matrix"
)

// batchKey names a batch of a worker. The zero key is no batch.
type batchKey struct {
	deal         *deal
	epoch, batch int
}

// loader cuts the batches of one worker, and with prefetch the next one while the
// present one is computed: never more than two are alive. It belongs to one goroutine.
type loader struct {
	plan   *plan
	worker int
	mat    matrix.Ctx
	ahead  batchKey
	ready  chan loaded // of capacity 1; holds, or will hold, the batch ahead

	rows  part // of the worker, in the epoch below
	deal  *deal
	epoch int
}

type loaded struct {
	x, y   *matrix.Matrix
	took   time.Duration
	failed any // what the helper panicked with
}

// newLoader makes a loader that uses no threads besides its helper.
func newLoader(p *plan, w int) *loader {
	return &loader{plan: p, worker: w, mat: matrix.Ctx{Mem: p.cfg.Mem}, ready: make(chan loaded, 1)}
}

// take returns a batch as two new references with the time it took to cut it, and begins with the next.
func (l *loader) take(key, next batchKey) (x, y *matrix.Matrix, took time.Duration) {
	var b loaded
	if l.ahead == key {
		b = <-l.ready
		l.ahead = batchKey{}
		if b.failed != nil {
			panic(b.failed)
		}
	} else {
		l.close()
		b = l.cut(l.part(key), key.batch)
	}
	if l.plan.cfg.Prefetch && next.deal != nil && next.deal.parts[l.worker].n > 0 {
		l.ahead = next
		rows := l.part(next)
		go l.help(rows, next.batch)
	}
	return b.x, b.y, b.took
}

func (l *loader) help(rows part, j int) {
	var b loaded
	defer func() {
		if p := recover(); p != nil {
			b.failed = p
		}
		l.ready <- b
	}()
	b = l.cut(rows, j)
}

// close drops the batch ahead.
func (l *loader) close() {
	if l.ahead.deal == nil {
		return
	}
	if b := <-l.ready; b.failed == nil {
		b.x.Release()
		b.y.Release()
	}
	l.ahead = batchKey{}
}

// part returns the rows of the worker in the epoch of a batch.
func (l *loader) part(k batchKey) part {
	if l.deal != k.deal || l.epoch != k.epoch {
		l.rows, l.deal, l.epoch = l.plan.part(k.deal, l.worker, k.epoch), k.deal, k.epoch
	}
	return l.rows
}

// cut cuts the rows of batch j (0-based) out of features and labels.
func (l *loader) cut(rows part, j int) loaded {
	begin := time.Now()
	cfg := l.plan.cfg
	lo := j * cfg.BatchSize
	hi := min(lo+cfg.BatchSize, rows.n)
	b := loaded{x: cut(&l.mat, cfg.X, rows, lo, hi)}
	if cfg.Y == cfg.X {
		b.y = b.x.Retain()
	} else {
		b.y = cut(&l.mat, cfg.Y, rows, lo, hi)
	}
	b.took = time.Since(begin)
	return b
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
