package matrix

import (
	"errors"
	"fmt"
	"math"
)

// PDF is a distribution of random cells.
type PDF uint8

// The distributions of rand. The CB forms come from the counter-based generator.
const (
	Uniform PDF = iota
	Normal
	Poisson
	CBUniform
	CBNormal
)

// PDFs lists the names of the distributions as scripts write them, indexed by PDF.
var PDFs = [...]string{"uniform", "normal", "poisson", "cb_uniform", "cb_normal"}

// RandSpec describes a random matrix. Min and Max hold for the uniform forms,
// Lambda is the mean of Poisson. Seed is used as it is: choosing a seed for -1 is
// the caller's business.
type RandSpec struct {
	Rows, Cols int
	Min, Max   float64
	Sparsity   float64 // probability of a cell to be set, 0..1
	PDF        PDF
	Lambda     float64
	Seed       int64
}

// randBlock is the side of the blocks that have seeds of their own.
const randBlock = 1000

// check returns what is wrong with the description.
func (s *RandSpec) check() error {
	if err := CheckSize(s.Rows, s.Cols); err != nil {
		return fmt.Errorf("rand: %w", err)
	}
	switch {
	case !(s.Sparsity >= 0 && s.Sparsity <= 1):
		return fmt.Errorf("rand needs a sparsity between 0 and 1: %g", s.Sparsity)
	case s.PDF == Poisson && !(s.Lambda > 0 && s.Lambda < 1e15):
		return fmt.Errorf("rand needs a positive mean of the poisson distribution: %g", s.Lambda)
	case int(s.PDF) >= len(PDFs):
		return errors.New("rand of an unknown distribution")
	}
	return nil
}

// scale returns the offset and factor applied to the values of the source.
func (s *RandSpec) scale() (low, span float64) {
	if s.PDF == Uniform || s.PDF == CBUniform {
		return s.Min, s.Max - s.Min
	}
	return 0, 1
}

// Rand returns a random matrix. The cells depend on the description alone, not on
// threads or storage: uniform, normal and their sparse forms equal the reference's
// to the bit (builtin reference §6.1), poisson in distribution.
func Rand(c *Ctx, s RandSpec) (*Matrix, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	low, span := s.scale()
	if low == 0 && span == 0 || s.Sparsity == 0 || s.Rows*s.Cols == 0 {
		return Fill(c, s.Rows, s.Cols, 0), nil
	}
	across, down := (s.Cols+randBlock-1)/randBlock, (s.Rows+randBlock-1)/randBlock
	seeds := make([]int64, across*down)
	w := newWell(s.Seed)
	for i := range seeds {
		seeds[i] = w.nextLong()
	}
	if nnz := int64(s.Sparsity * float64(s.Rows) * float64(s.Cols)); storeSparse(s.Rows, s.Cols, nnz) {
		if c != nil {
			c.Mem.affordable(12 * nnz)
		}
		return randSparse(c, &s, seeds, across, down), nil
	}
	out := New(c, s.Rows, s.Cols)
	c.workers().Do(len(seeds), func(b int) {
		r0, c0, br, bc := s.block(b, across)
		s.fill(seeds[b], r0, c0, br, bc, func(i, j int, v float64) {
			out.dense[(r0+i)*s.Cols+c0+j] = v
		})
	})
	return Compact(c, out), nil
}

// block returns the position and size of block b.
func (s *RandSpec) block(b, across int) (r0, c0, rows, cols int) {
	r0, c0 = b/across*randBlock, b%across*randBlock
	return r0, c0, min(randBlock, s.Rows-r0), min(randBlock, s.Cols-c0)
}

// randSparse makes the blocks as CSR matrices and puts them together.
func randSparse(c *Ctx, s *RandSpec, seeds []int64, across, down int) *Matrix {
	blocks := make([]*Matrix, len(seeds))
	c.workers().Do(len(seeds), func(k int) {
		r0, c0, br, bc := s.block(k, across)
		b := newBuilder(br, bc, int(1.1*s.Sparsity*float64(br*bc)))
		row := 0
		s.fill(seeds[k], r0, c0, br, bc, func(i, j int, v float64) {
			for ; row < i; row++ {
				b.end()
			}
			b.put(j, v)
		})
		for ; row < br; row++ {
			b.end()
		}
		blocks[k] = b.matrix()
	})
	strips := make([]*CSR, down)
	for i := range strips {
		ms := blocks[i*across : (i+1)*across]
		nnz := 0
		for _, m := range ms {
			nnz += len(m.sparse.Val)
		}
		strips[i] = bindSparse(ms, ms[0].rows, s.Cols, nnz, true).sparse
	}
	return Compact(c, FromCSR(s.Rows, s.Cols, concatRows(strips)))
}

// fill calls set for the random cells of one block, in row-major order.
func (s *RandSpec) fill(seed int64, r0, c0, br, bc int, set func(i, j int, v float64)) {
	if s.PDF >= CBUniform {
		s.fillCounter(r0, c0, br, bc, set)
		return
	}
	low, span := s.scale()
	next := s.source(seed)
	position := newJLCG(longOf(next()))
	if s.Sparsity == 1 {
		for i := range br {
			for j := range bc {
				set(i, j, low+span*next())
			}
		}
		return
	}
	if storeSparse(br, bc, int64(s.Sparsity*float64(br)*float64(bc))) {
		idx := 0.0
		for {
			idx += math.Ceil(math.Log(position.nextDouble()) / math.Log(1-s.Sparsity))
			if !(idx <= float64(br*bc)) {
				return
			}
			p := max(int(idx)-1, 0)
			set(p/bc, p%bc, low+span*next())
		}
	}
	for i := range br {
		for j := range bc {
			if position.nextDouble() <= s.Sparsity {
				set(i, j, low+span*next())
			}
		}
	}
}

// source returns the stream of values of a block.
func (s *RandSpec) source(seed int64) func() float64 {
	switch s.PDF {
	case Normal:
		g := &boxMuller{r: newJLCG(seed)}
		return g.next
	case Poisson:
		g := &poisson{w: newWell(seed), lambda: s.Lambda}
		return g.next
	}
	r := newJLCG(seed)
	return r.nextDouble
}

// longOf is the seed of the position source: v*(2^63-1), truncated, saturating.
func longOf(v float64) int64 {
	switch v *= math.MaxInt64; {
	case v != v:
		return 0
	case v >= math.MaxInt64:
		return math.MaxInt64
	case v <= math.MinInt64:
		return math.MinInt64
	}
	return int64(v)
}

// fillCounter draws cell n of the whole matrix, row-major, from the counter n: one
// word for a uniform value, two for a normal one, the last for its presence.
func (s *RandSpec) fillCounter(r0, c0, br, bc int, set func(i, j int, v float64)) {
	low, span := s.scale()
	key := [2]uint64{uint64(s.Seed), uint64(s.Seed)}
	for i := range br {
		for j := range bc {
			n := (r0+i)*s.Cols + c0 + j
			x := philox([4]uint64{uint64(n)}, key)
			if s.Sparsity < 1 && unit(x[3]) > s.Sparsity {
				continue
			}
			v := unit(x[0])
			if s.PDF == CBNormal {
				v = math.Sqrt(-2*math.Log(v)) * math.Cos(2*math.Pi*unit(x[1]))
			}
			set(i, j, low+span*v)
		}
	}
}

// Sample returns size numbers out of 1..limit, size x 1, with or without
// replacement (builtin reference §6.2).
func Sample(c *Ctx, limit, size int64, replace bool, seed int64) (*Matrix, error) {
	if limit < 1 || size < 0 || size > 1<<46 {
		return nil, fmt.Errorf("sample of %d out of %d", size, limit)
	}
	r := newJLCG(seed)
	if replace {
		out := newDense(c, int(size), 1)
		for i := range out.dense {
			out.dense[i] = float64(1 + r.longn(limit))
		}
		return out, nil
	}
	if size > limit {
		return nil, fmt.Errorf("sample of %d out of %d needs replacement", size, limit)
	}
	if limit > math.MaxInt32 {
		return nil, fmt.Errorf("sample without replacement out of %d: at most %d", limit, math.MaxInt32)
	}
	out := newDense(c, int(size), 1)
	a := out.dense
	for i := range a {
		a[i] = float64(i + 1)
	}
	for k := size + 1; k <= limit && size > 0; k++ {
		if int64(r.intn(int32(k))) < size {
			a[r.intn(int32(size))] = float64(k)
		}
	}
	for j := 0; j < len(a)-1; j++ {
		k := j + int(r.intn(int32(len(a)-j)))
		a[j], a[k] = a[k], a[j]
	}
	return out, nil
}
