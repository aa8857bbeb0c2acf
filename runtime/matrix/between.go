package matrix

import (
	"fmt"
	"math"
)

// InterQuantile returns the values of x in ascending order that lie between its quantiles:
// those at the ranks above ceil(p*n) up to ceil((1-p)*n) of n values, k x 1. A value counts
// as often as its weight says; w may be nil.
func InterQuantile(c *Ctx, x, w *Matrix, p float64) (*Matrix, error) {
	if !(p >= 0 && p <= 0.5) {
		return nil, fmt.Errorf("interQuantile needs a probability between 0 and 0.5: %g", p)
	}
	r, err := rank(x, w)
	if err != nil {
		return nil, err
	}
	lo, hi := math.Ceil(p*r.total), math.Ceil((1-p)*r.total)
	if err := CheckSize(int(min(hi-lo, math.MaxInt64/2)), 1); err != nil {
		return nil, err
	}
	var cells []float64
	cum := 0.0
	for i, v := range r.val {
		from, to := max(cum, lo), min(cum+r.weight[i], hi)
		for ; from < to; from++ {
			cells = append(cells, v)
		}
		cum += r.weight[i]
	}
	return Compact(c, FromDense(len(cells), 1, cells)), nil
}
