package builtins

import (
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const orderStats = "Order statistics and moments"

// statFuncs are the statistics of column vectors.
func statFuncs() []*Func {
	return []*Func{quantile(), median(), interQuartileMean(), interQuantile(), moment(), cov()}
}

const weightsDoc = "weights, n x 1, non-negative whole numbers"

// weighted returns the vector at position 0 and, when passed, the weights at position w.
func weighted(a *exec.Args, w int) (x, weights *matrix.Matrix, err error) {
	if x, err = a.Matrix(0); err != nil || !a.Has(w) {
		return x, nil, err
	}
	weights, err = a.Matrix(w)
	return x, weights, err
}

// double is the result of a builtin whose code gives a number.
func double(a *exec.Args, v float64, err error) ([]value.Value, error) {
	if err != nil {
		return nil, named(a, err)
	}
	return one(v)
}

// lastOf returns the position of the last argument, given that argument 2 is optional and the last.
func lastOf(third bool) int {
	if third {
		return 2
	}
	return 1
}

func quantile() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "quantile",
			Params: []types.Param{
				need("x", types.Mat, "values, n x 1"),
				need("p", types.Any, "probability, or column vector of k probabilities; or weights, followed by it"),
				may("pw", types.Any, "", "the probabilities when weights are given"),
			},
			Results: []types.Type{types.Any},
			ResultOf: func(args []types.Type) []types.Type {
				p := args[1]
				if len(args) > 2 && args[2] != types.Any {
					p = args[2]
				}
				return cellResult([]types.Type{p}, types.Dbl)
			},
			Check: checks(takes("quantile", 1, matrix2|number), quantileProb),
		},
		Family: orderStats,
		Doc: "Quantiles of a column vector, quantile(x, p) or quantile(x, w, p). For a scalar p the value at rank" +
			" ceil(p*n) of the sorted cells, averaged with the next one when p*n is that rank and n is even. For a k x 1" +
			" vector p a k x 1 vector that is never averaged. NaN counts as the largest value. Averaging looks at non-zero" +
			" cells only, as the reference implementation does: median(0, 0, 1, 2) is 0.",
		Example: `print(quantile(seq(1, 10), 0.25)); print(quantile(seq(1, 10), matrix("0.25 0.5", 2, 1)))  # 3.5 / 3.000 / 5.000`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			p := in[len(in)-1]
			switch {
			case p == op.NoShape:
				return []op.Shape{p}, nil
			case p.Rows == 0 && p.Cols == 0:
				return []op.Shape{op.ScalarShape}, nil
			}
			return []op.Shape{op.Dims(p.Rows, 1)}, nil
		},
		Call: callQuantile,
	}
}

func quantileProb(c types.Call) []types.Problem {
	return within("quantile", "the probability", lastOf(c.Has(2)), 0, 1)(c)
}

func callQuantile(a *exec.Args) ([]value.Value, error) {
	at := lastOf(a.Has(2))
	x, w, err := weighted(a, at-1)
	if err != nil {
		return nil, err
	}
	if at == 1 {
		w = nil
	}
	if p, ok := a.Vals[at].(*matrix.Matrix); ok {
		m, err := matrix.QuantileVec(a.M.Mat(), x, w, p)
		return result(a, m, err)
	}
	p, err := a.Float(at, 0)
	if err != nil {
		return nil, err
	}
	v, err := matrix.Quantile(x, w, p)
	return double(a, v, err)
}

func median() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "median",
			Params:  []types.Param{need("x", types.Mat, "values, n x 1"), may("w", types.Mat, "", weightsDoc)},
			Results: []types.Type{types.Dbl},
		},
		Family:  orderStats,
		Doc:     "The median of a column vector, a double: quantile(x, 0.5) or quantile(x, w, 0.5).",
		Example: `print(median(matrix("1 2 3 4", 4, 1)))  # 2.5`,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, w, err := weighted(a, 1)
			if err != nil {
				return nil, err
			}
			v, err := matrix.Quantile(x, w, 0.5)
			return double(a, v, err)
		},
	}
}

func interQuartileMean() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "interQuartileMean",
			Params:  []types.Param{need("x", types.Mat, "values, n x 1"), may("w", types.Mat, "", weightsDoc)},
			Results: []types.Type{types.Dbl},
		},
		Family:  orderStats,
		Doc:     "The mean of the values between the first and the third quartile of a column vector, a double; the values at both ends count in part.",
		Example: `print(interQuartileMean(seq(1, 8)))  # 4.5`,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, w, err := weighted(a, 1)
			if err != nil {
				return nil, err
			}
			v, err := matrix.InterQuartileMean(x, w)
			return double(a, v, err)
		},
	}
}

func interQuantile() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "interQuantile",
			Params: []types.Param{
				need("x", types.Mat, "values, n x 1"),
				need("p", types.Any, "probability below 0.5; or weights, n x 1, followed by it"),
				may("pw", types.Dbl, "", "the probability when weights are given"),
			},
			Results: []types.Type{types.Mat},
			Check: checks(takesAt("interQuantile", 1, matrix2|number), func(c types.Call) []types.Problem {
				return within("interQuantile", "the probability", lastOf(c.Has(2)), 0, 0.5)(c)
			}),
		},
		Family: orderStats,
		Doc: "The values of a column vector between two quantiles, interQuantile(x, p) or interQuantile(x, w, p): of n values in" +
			" ascending order those at the ranks above ceil(p*n) up to ceil((1-p)*n), k x 1. Weights repeat values.",
		Example: `print(t(interQuantile(seq(8, 1), 0.25)))  # 3.000 4.000 5.000 6.000`,
		Pure:    true,
		Shape:   gives(func([]op.Shape) (int64, int64) { return op.Unknown, 1 }),
		Call: func(a *exec.Args) ([]value.Value, error) {
			at := lastOf(a.Has(2))
			x, w, err := weighted(a, at-1)
			if err != nil {
				return nil, err
			}
			if at == 1 {
				w = nil
			}
			p, err := a.Float(at, 0)
			if err != nil {
				return nil, err
			}
			m, err := matrix.InterQuantile(a.M.Mat(), x, w, p)
			return result(a, m, err)
		},
	}
}

func moment() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "moment",
			Params: []types.Param{
				need("x", types.Mat, "values, n x 1"),
				need("k", types.Any, "order 0, 2, 3 or 4; or weights, n x 1, followed by the order"),
				may("kw", types.IntT, "", "the order when weights are given"),
			},
			Results: []types.Type{types.Dbl},
			Check:   checks(takesAt("moment", 1, matrix2|number), momentOrder),
		},
		Aliases: []string{"centralMoment"},
		Family:  orderStats,
		Doc: "The k-th central moment of a column vector, moment(x, k) or moment(x, w, k): the mean of (x - mean)^k, divided by n" +
			" or by the sum of the weights, not by n-1. k is 2, 3 or 4; 0 gives the mean.",
		Example: `print(moment(seq(1, 4), 2))  # 1.25`,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			at := lastOf(a.Has(2))
			x, w, err := weighted(a, at-1)
			if err != nil {
				return nil, err
			}
			if at == 1 {
				w = nil
			}
			k, err := a.Int(at, 0)
			if err != nil {
				return nil, err
			}
			v, err := matrix.Moment(x, w, int(k))
			return double(a, v, err)
		},
	}
}

func momentOrder(c types.Call) []types.Problem {
	i := lastOf(c.Has(2))
	k, ok := literal(c, i)
	if !ok || k == 0 || k == 2 || k == 3 || k == 4 {
		return nil
	}
	return problem(i, "", "moment: the order must be 0, 2, 3 or 4, not %v", k)
}

func cov() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "cov",
			Params: []types.Param{
				need("a", types.Mat, "values, n x 1"),
				need("b", types.Mat, "values, n x 1"),
				may("w", types.Mat, "", "weights, n x 1"),
			},
			Results: []types.Type{types.Dbl},
		},
		Family: orderStats,
		Doc: "The sample covariance of two n x 1 vectors: the sum of (a - mean(a)) * (b - mean(b)), divided by n-1 or, with" +
			" weights, by the sum of the weights minus 1. One observation has covariance 0.",
		Example: `print(cov(seq(1, 3), seq(2, 6, 2)))  # 2.0`,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, w, err := weighted(a, 2)
			if err != nil {
				return nil, err
			}
			y, err := a.Matrix(1)
			if err != nil {
				return nil, err
			}
			v, err := matrix.Cov(x, y, w)
			return double(a, v, err)
		},
	}
}
