package matrix

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ranked is the sorted form that order statistics are picked from (builtin reference
// §4): ascending values with their weights, NaN last, and exactly one row for all
// zeros, which exists even with weight 0.
type ranked struct {
	val, weight []float64
	total       float64
}

// rank sorts the cells of the column vector x; w holds non-negative whole weights or is nil.
func rank(x, w *Matrix) (*ranked, error) {
	if x.cols != 1 || x.rows == 0 {
		return nil, sizeErrorf("order statistics need a non-empty column vector: %v", x)
	}
	if w != nil && (w.rows != x.rows || w.cols != 1) {
		return nil, sizeErrorf("weights do not fit: %v and %v", x, w)
	}
	vals := x.Vector()
	weights := make([]float64, len(vals))
	for i := range weights {
		weights[i] = 1
	}
	if w != nil {
		copy(weights, w.Vector())
	}
	perm := sortedRows([][]float64{vals}, len(vals), false)
	r := &ranked{}
	zero := -1
	addZero := func() {
		zero = len(r.val)
		r.val, r.weight = append(r.val, 0), append(r.weight, 0)
	}
	for _, i := range perm {
		v, n := vals[i], weights[i]
		if !(n >= 0) || n != math.Floor(n) || math.IsInf(n, 0) {
			return nil, errors.New("weights of order statistics must be non-negative whole numbers")
		}
		if zero < 0 && !(v < 0) {
			addZero()
		}
		if v == 0 {
			r.weight[zero] += n
		} else {
			r.val, r.weight = append(r.val, v), append(r.weight, n)
		}
		r.total += n
	}
	if zero < 0 {
		addZero()
	}
	if r.total == 0 {
		return nil, errors.New("order statistics need a positive sum of weights")
	}
	return r, nil
}

// pick returns the p-quantile. With average, two middle values are averaged when
// the total weight is even and the rank falls on their border.
func (r *ranked) pick(p float64, average bool) (float64, error) {
	if !(p >= 0 && p <= 1) {
		return 0, fmt.Errorf("quantile needs a probability between 0 and 1: %g", p)
	}
	pos := math.Ceil(p * r.total)
	i, t := 0, r.weight[0]
	for (t < pos || r.weight[i] == 0) && i+1 < len(r.val) { // a row without weight is no value
		i++
		t += r.weight[i]
	}
	v := r.val[i]
	if average && math.Mod(r.total, 2) == 0 && pos < float64(len(r.val)-1) && t == pos {
		for j := i + 1; j < len(r.val); j++ {
			if r.weight[j] != 0 {
				return (v + r.val[j]) / 2, nil
			}
		}
	}
	return v, nil
}

// Quantile returns the p-quantile of the column vector x with weights w, which may be nil.
func Quantile(x, w *Matrix, p float64) (float64, error) {
	r, err := rank(x, w)
	if err != nil {
		return 0, err
	}
	return r.pick(p, true)
}

// QuantileVec returns the quantiles of x for every cell of the column vector p, k x 1. Unlike Quantile it never averages.
func QuantileVec(c *Ctx, x, w, p *Matrix) (*Matrix, error) {
	if p.cols != 1 {
		return nil, sizeErrorf("quantile needs a column vector of probabilities: %v", p)
	}
	r, err := rank(x, w)
	if err != nil {
		return nil, err
	}
	out := newDense(c, p.rows, 1)
	for i, q := range p.Vector() {
		if out.dense[i], err = r.pick(q, false); err != nil {
			out.Release()
			return nil, err
		}
	}
	return out, nil
}

// InterQuartileMean returns the mean of the values between the quartiles of x, with parts of the values at both ends.
func InterQuartileMean(x, w *Matrix) (float64, error) {
	r, err := rank(x, w)
	if err != nil {
		return 0, err
	}
	lo, hi := .25*r.total, .75*r.total
	i, cum := 0, r.weight[0]
	for cum < math.Ceil(lo) {
		i++
		cum += r.weight[i]
	}
	first, firstCum := r.val[i], cum
	sum := 0.0
	for cum < math.Ceil(hi) {
		i++
		cum += r.weight[i]
		sum += r.val[i] * r.weight[i]
	}
	return (sum + (firstCum-lo)*first - (cum-hi)*r.val[i]) / (.5 * r.total), nil
}

// Moment returns the order-th central moment of the column vector x (order 2, 3 or 4),
// divided by the sum of the weights; order 0 gives the mean. w may be nil.
func Moment(x, w *Matrix, order int) (float64, error) {
	if order != 0 && (order < 2 || order > 4) {
		return 0, fmt.Errorf("moment of order %d is not defined: 0, 2, 3 or 4", order)
	}
	v, n, err := weighted("moment", w, x)
	if err != nil {
		return 0, err
	}
	total := sumOf(nil, n)
	mu := weightedSum(v[0], n) / total
	if order == 0 {
		return mu, nil
	}
	return weightedSum(mapped(v[0], func(x float64) float64 { return math.Pow(x-mu, float64(order)) }), n) / total, nil
}

// Cov returns the covariance of the column vectors a and b: the weighted sum of the
// products of deviations over the sum of weights less 1; 0 if that sum is 1. w may be nil.
func Cov(a, b, w *Matrix) (float64, error) {
	v, n, err := weighted("cov", w, a, b)
	if err != nil {
		return 0, err
	}
	total := sumOf(nil, n)
	if total == 1 {
		return 0, nil
	}
	ma, mb := weightedSum(v[0], n)/total, weightedSum(v[1], n)/total
	p := make([]float64, len(n))
	for i := range p {
		p[i] = (v[0][i] - ma) * (v[1][i] - mb)
	}
	return weightedSum(p, n) / (total - 1), nil
}

// WeightedMean returns the mean of the column vector x with weights w.
func WeightedMean(x, w *Matrix) (float64, error) { return Moment(x, w, 0) }

// weighted checks column vectors of one length and returns their cells and the
// weights (ones for a nil w); cells of weight zero are left out.
func weighted(name string, w *Matrix, xs ...*Matrix) (vals [][]float64, weights []float64, err error) {
	rows := xs[0].rows
	for _, m := range append(slices.Clone(xs), w) {
		if m != nil && (m.cols != 1 || m.rows != rows) {
			return nil, nil, sizeErrorf("%s needs column vectors of one length: %v and %v", name, xs[0], m)
		}
	}
	weight := func(int) float64 { return 1 }
	if w != nil {
		d := w.Vector()
		weight = func(i int) float64 { return d[i] }
	}
	vals = make([][]float64, len(xs))
	for k, m := range xs {
		for i, v := range m.Vector() {
			if n := weight(i); n != 0 {
				vals[k] = append(vals[k], v)
				if k == 0 {
					weights = append(weights, n)
				}
			}
		}
	}
	return vals, weights, nil
}

// weightedSum returns the compensated sum of x[i]*w[i].
func weightedSum(x, w []float64) float64 {
	p := make([]float64, len(x))
	for i, v := range x {
		p[i] = v * w[i]
	}
	return sumOf(nil, p)
}

func mapped(x []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = f(v)
	}
	return out
}
