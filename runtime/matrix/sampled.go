package matrix

import (
	"sort"

	"gdml/runtime/cell"
	"gdml/runtime/matrix/kernel"
)

// Factors are the operands of a product A %*% B, or A %*% t(B) if Trans.
type Factors struct {
	A, B  *Matrix
	Trans bool
}

// MatMul returns the whole product.
func (f Factors) MatMul(c *Ctx) (*Matrix, error) {
	switch {
	case !f.Trans:
		return MatMul(c, f.A, f.B)
	case f.A == f.B && f.A.Cells() != 1:
		return TSMM(c, f.A, false), nil
	}
	b := Transpose(c, f.B)
	defer b.Release()
	return MatMul(c, f.A, b)
}

// size returns the dimensions of the product; ok is false when there is none, or a 1x1 operand scales.
func (f Factors) size() (rows, inner, cols int, ok bool) {
	rows, inner, cols = f.A.rows, f.B.rows, f.B.cols
	if f.Trans {
		inner, cols = cols, inner
	}
	ok = f.A.cols == inner && f.A.Cells() != 1 && f.B.Cells() != 1
	return rows, inner, cols, ok
}

// MaxSampledSteps is the length of the longest chain over a product.
const MaxSampledSteps = 16

// ZeroWith returns, as bits, the inputs that make the result of a chain zero in every cell
// where they are zero themselves. The last of n inputs is a product, which no bit stands for.
// cells has the bits of inputs that are matrices, number gives the others. A quotient counts
// as zero where its dividend is structurally so, whatever it is divided by.
func ZeroWith(steps []CellStep, n int, cells uint64, number func(k int) float64) uint64 {
	zero := make([]uint64, n, n+len(steps))
	for k := range n - 1 {
		zero[k] = cells & (1 << k)
	}
	isNumber := func(k int) bool { return k < n && cells>>k&1 == 0 }
	for _, s := range steps {
		a, z := zero[s.A], uint64(0)
		switch f := s.F2; {
		case s.F1 != nil:
			if s.F1.ZeroSafe {
				z = a
			}
		case isNumber(s.B):
			if f.LeftZero || !isNumber(s.A) && f.F(0, number(s.B)) == 0 {
				z = a
			}
		case isNumber(s.A):
			if f.RightZero || f.F(number(s.A), 0) == 0 {
				z = zero[s.B]
			}
		default:
			z = zeroWithEither(f, a, zero[s.B])
		}
		zero = append(zero, z)
	}
	return zero[len(zero)-1]
}

// zeroWithEither is ZeroWith for a function of two matrices with the bits a and b.
func zeroWithEither(f *cell.Binary, a, b uint64) (z uint64) {
	if f.LeftZero || f == cell.Div {
		z |= a
	}
	if f.RightZero {
		z |= b
	}
	if f.BothZero {
		z |= a & b
	}
	return z
}

// Sampled computes a chain over matching cells of the inputs and of the product of f,
// which is the operand after them, where a sparse input decides which cells can be other
// than zero: only these are computed, and the product is never stored. Matrices have the size
// of the product or are broadcast. It reports false, and computes nothing, when there is no such
// input or the product is better computed as a whole. Each step has a matrix or the result of a step as operand.
func Sampled(c *Ctx, f Factors, steps []CellStep, in []Operand) (*Matrix, bool) {
	rows, inner, cols, ok := f.size()
	if !ok || inner >= min(rows, cols) || len(in) > MaxSampledSteps+1 || len(steps) > MaxSampledSteps {
		return nil, false
	}
	for _, o := range in {
		if o.M != nil && (o.M.rows != rows && o.M.rows != 1 || o.M.cols != cols && o.M.cols != 1) {
			return nil, false
		}
	}
	w := driver(steps, in, rows, cols)
	if w == nil || !worthSampling(f, len(w.Val), rows, inner, cols) {
		return nil, false
	}
	s := newSampler(c, f, w, steps, in)
	defer s.release()
	val := make([]float64, len(w.Val))
	nanos := 4 + 0.4*float64(inner) + mapNanos*float64(len(in)+len(steps))
	c.workers().RangeCost(len(val), sampleGrain, nanos, func(lo, hi int) { s.run(c, val[lo:hi], lo) })
	return Compact(c, FromCSR(rows, cols, &CSR{RowPtr: w.RowPtr, ColIdx: w.ColIdx, Val: val})), true
}

// driver returns the sparsest input outside of whose pattern the result is zero, nil if there is none.
func driver(steps []CellStep, in []Operand, rows, cols int) *CSR {
	cells := uint64(1) << len(in)
	for k, o := range in {
		if o.M != nil {
			cells |= 1 << k
		}
	}
	zero := ZeroWith(steps, len(in)+1, cells, func(k int) float64 { return in[k].S })
	var w *CSR
	for k, o := range in {
		if zero>>k&1 == 0 || o.M.sparse == nil || o.M.rows != rows || o.M.cols != cols {
			continue
		}
		if w == nil || len(o.M.sparse.Val) < len(w.Val) {
			w = o.M.sparse
		}
	}
	return w
}

// worthSampling decides between nnz cells of a product and all of them. A cell by itself
// costs several times what it does in a product. Factors that are very sparse would have to be
// made dense, and have sparse products.
func worthSampling(f Factors, nnz, rows, inner, cols int) bool {
	for _, m := range []*Matrix{f.A, f.B} {
		if m.sparse != nil && 10*len(m.sparse.Val) < m.Cells() {
			return false
		}
	}
	return float64(nnz)*sampleCost < float64(rows)*float64(cols)
}

// sampleGrain is the number of cells of one task, sampleCost what a sampled cell takes relative to one of the whole.
const (
	sampleGrain = 8 * chainTile
	sampleCost  = 6
)

// sampler computes cells of the pattern w.
type sampler struct {
	u, v  *Matrix // dense; cell i, j of the product is row i of u by row j of v
	w     *CSR
	steps []CellStep
	in    []Operand
	own   []*Matrix // made for this run
}

func newSampler(c *Ctx, f Factors, w *CSR, steps []CellStep, in []Operand) *sampler {
	s := &sampler{w: w, steps: steps, in: append([]Operand{}, in...)}
	v := f.B
	if !f.Trans {
		v = s.keep(Transpose(c, f.B))
	}
	s.u, s.v = s.keep(f.A.ToDense(c)), s.keep(v.ToDense(c))
	for k, o := range in {
		if o.M != nil && o.M.IsVector() {
			s.in[k].M = s.keep(o.M.ToDense(c))
		}
	}
	return s
}

func (s *sampler) keep(m *Matrix) *Matrix {
	s.own = append(s.own, m)
	return m
}

func (s *sampler) release() {
	for _, m := range s.own {
		m.Release()
	}
}

// run computes the cells from number lo of the pattern on into dst, a tile at a time.
func (s *sampler) run(c *Ctx, dst []float64, lo int) {
	n := min(len(dst), chainTile)
	tiles, between := newDense(c, len(s.in)+1, n), newDense(c, len(s.steps)-1, n)
	defer tiles.Release()
	defer between.Release()
	ops := make([]Operand, len(s.in)+1)
	for k := range ops {
		if k == len(s.in) || s.in[k].M != nil {
			ops[k].M = &Matrix{rows: 1, cols: n, dense: tiles.dense[k*n : (k+1)*n]}
		} else {
			ops[k].S = s.in[k].S
		}
	}
	var room [chainTile]int32
	row := sort.Search(len(s.w.RowPtr)-1, func(i int) bool { return s.w.RowPtr[i+1] > lo })
	for ; len(dst) > 0; lo += n {
		n = min(len(dst), chainTile)
		at := room[:n]
		for p := range at {
			for s.w.RowPtr[row+1] <= lo+p {
				row++
			}
			at[p] = int32(row)
		}
		for k, o := range s.in {
			if o.M != nil {
				s.gather(ops[k].M.dense[:n], o.M, at, lo)
			}
		}
		s.multiply(ops[len(s.in)].M.dense[:n], at, lo)
		chainTileRun(s.steps, ops, between, dst[:n], 0)
		dst = dst[n:]
	}
}

// multiply computes cells of the product. Those of the pattern from lo on lie in the rows at.
func (s *sampler) multiply(dst []float64, at []int32, lo int) {
	k, u, v := s.u.cols, s.u.dense, s.v.dense
	for p, j := range s.w.ColIdx[lo : lo+len(dst)] {
		i := int(at[p])
		dst[p] = kernel.Dot(u[i*k:(i+1)*k], v[int(j)*k:(int(j)+1)*k])
	}
}

// gather takes the cells of m at the places of multiply.
func (s *sampler) gather(dst []float64, m *Matrix, at []int32, lo int) {
	cols := s.w.ColIdx[lo : lo+len(dst)]
	switch x := m.sparse; {
	case x != nil && samePattern(x, s.w):
		copy(dst, x.Val[lo:])
	case x != nil:
		for p, j := range cols {
			dst[p] = x.at(int(at[p]), int(j))
		}
	default:
		rs, cs := m.cols, 1
		if m.rows == 1 {
			rs = 0
		}
		if m.cols == 1 {
			cs = 0
		}
		for p, j := range cols {
			dst[p] = m.dense[int(at[p])*rs+int(j)*cs]
		}
	}
}

// samePattern reports whether a and b share their pattern, as X and X != 0 do. Equal ones that are apart do not count.
func samePattern(a, b *CSR) bool {
	return a == b || len(a.ColIdx) == len(b.ColIdx) && len(a.ColIdx) > 0 && &a.ColIdx[0] == &b.ColIdx[0] && &a.RowPtr[0] == &b.RowPtr[0]
}
