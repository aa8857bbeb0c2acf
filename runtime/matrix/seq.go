package matrix

import (
	"fmt"
	"math"
)

// Seq returns from, from+incr, ... up to to, n x 1, by repeated addition. An
// increment of exactly 1 with from > to counts down (builtin reference §6);
// otherwise an increment of zero or of the wrong sign is an error, as is a number
// that is not finite.
func Seq(c *Ctx, from, to, incr float64) (*Matrix, error) {
	if incr == 1 && from > to {
		incr = -1
	}
	switch {
	case from-from != 0 || to-to != 0 || incr-incr != 0:
		return nil, fmt.Errorf("seq needs finite numbers: from %g to %g by %g", from, to, incr)
	case from == to:
		return FromDense(1, 1, []float64{from}), nil
	case incr == 0 || (to > from) != (incr > 0):
		return nil, fmt.Errorf("seq does not get from %g to %g by %g", from, to, incr)
	}
	length := 1 + math.Floor(to/incr-from/incr)
	within := func(k float64) bool {
		if incr > 0 {
			return from+k*incr <= to
		}
		return from+k*incr >= to
	}
	switch {
	case within(length):
		length++
	case length > 1 && !within(length-1):
		length--
	}
	if length > 1<<46 {
		return nil, fmt.Errorf("seq too long: %g numbers", length)
	}
	out := newDense(c, int(length), 1)
	v := from
	for i := range out.dense {
		out.dense[i] = v
		v += incr
	}
	return out, nil
}
