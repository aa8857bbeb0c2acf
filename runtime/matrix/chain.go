package matrix

import (
	"gdml/runtime/cell"
	"gdml/runtime/matrix/kernel"
)

// CellStep is one operator of a chain of cellwise operators. Operands count the inputs
// of the chain first, then the results of the steps before.
type CellStep struct {
	F1   *cell.Unary  // of A; or
	F2   *cell.Binary // of A and B
	A, B int
}

// MaxCellSteps is the length of the longest chain that is made of cellwise operators alone.
const MaxCellSteps = 5

// chainTile is how many cells go through a whole chain before the next ones: all
// results in between stay in the first-level cache.
const chainTile = 512

// CellChain computes a chain over matching cells of dense matrices of equal dimensions and
// numbers, without a matrix for the results in between. Each step has a matrix or the
// result of a step as operand. Into is an input that may be overwritten with the result, nil if
// there is none. It reports false, and computes nothing, when an input is of another kind.
func CellChain(c *Ctx, steps []CellStep, in []Operand, into *Matrix) (*Matrix, bool) {
	like := chainLike(steps, in)
	if like == nil {
		return nil, false
	}
	run := func(dst []float64, lo int) {
		between := newDense(c, len(steps)-1, min(len(dst), chainTile))
		for ; len(dst) > 0; lo += chainTile {
			n := min(len(dst), chainTile)
			chainTileRun(steps, in, between, dst[:n], lo)
			dst = dst[n:]
		}
		between.Release()
	}
	nanos := mapNanos * float64(len(steps))
	if into != nil {
		out := into.target(c, true)
		c.workers().RangeCost(len(out.dense), loopGrain(len(out.dense)), nanos, func(lo, hi int) { run(out.dense[lo:hi], lo) })
		return settle(c, out, into), true
	}
	out := newDense(c, like.rows, like.cols)
	c.fill(out.dense, nanos, run)
	return Compact(c, out), true
}

// chainLike returns an input with the dimensions of a chain's result, nil when the chain
// cannot go over matching cells of all inputs.
func chainLike(steps []CellStep, in []Operand) (like *Matrix) {
	for _, o := range in {
		switch {
		case o.M == nil:
		case o.M.sparse != nil || like != nil && (o.M.rows != like.rows || o.M.cols != like.cols):
			return nil
		default:
			like = o.M
		}
	}
	if len(steps) > MaxSampledSteps {
		return nil
	}
	return like
}

// SumChain returns the compensated sum of the cells that CellChain would compute, or of
// their squares. It reports false for the inputs for which CellChain does, and when the sum
// is no number: with infinite terms the caller has to add plainly.
func SumChain(c *Ctx, steps []CellStep, in []Operand, square bool) (float64, bool) {
	like := chainLike(steps, in)
	if like == nil {
		return 0, false
	}
	cells := len(like.dense)
	grain := loopGrain(cells)
	parts := make([]kernel.Acc, (cells+grain-1)/grain)
	c.workers().DoCost(len(parts), mapNanos*float64(len(steps))*float64(cells), func(k int) {
		rows := newDense(c, len(steps), chainTile)
		for lo, hi := k*grain, min((k+1)*grain, cells); lo < hi; lo += chainTile {
			dst := rows.dense[(len(steps)-1)*chainTile:][:min(chainTile, hi-lo)]
			chainTileRun(steps, in, rows, dst, lo)
			if square {
				parts[k].Merge(kernel.SumSq(dst, 0))
			} else {
				parts[k].Merge(kernel.Sum(dst))
			}
		}
		rows.Release()
	})
	var acc kernel.Acc
	for _, p := range parts {
		acc.Merge(p)
	}
	v := acc.Value()
	return v, v == v
}

// chainTileRun computes the cells from lo on into dst, with a row of between for each result in between.
// Only the last step writes to dst, so that dst may be the cells of an input.
func chainTileRun(steps []CellStep, in []Operand, between *Matrix, dst []float64, lo int) {
	n := len(dst)
	operand := func(k int) (x []float64, s float64) {
		switch {
		case k >= len(in):
			return between.dense[(k-len(in))*between.cols:][:n], 0
		case in[k].M != nil:
			return in[k].M.dense[lo : lo+n], 0
		}
		return nil, in[k].S
	}
	for i, step := range steps {
		to := dst
		if i < len(steps)-1 {
			to = between.dense[i*between.cols:][:n]
		}
		x, s := operand(step.A)
		if step.F1 != nil {
			unaryLoop(step.F1)(to, x)
			continue
		}
		l := loopsOf(step.F2)
		switch y, t := operand(step.B); {
		case y == nil:
			l.xs(to, x, t)
		case x == nil:
			l.sx(to, s, y)
		default:
			l.xy(to, x, y)
		}
	}
}
