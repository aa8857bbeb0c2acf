package builtins

import (
	"fmt"
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"

	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

const probability = "Probability distributions"

// distribution gives probabilities and quantiles.
type distribution interface {
	CDF(x float64) float64
	Quantile(p float64) float64
}

// distParam is a parameter of a distribution. Those without default are counts, which are
// converted to int, or a probability; all but the mean must be positive.
type distParam struct {
	name, doc, def string
}

var (
	meanParam = distParam{"mean", "mean", "0"}
	sdParam   = distParam{"sd", "standard deviation", "1"}
	rateParam = distParam{"rate", "rate, 1/mean", "1"}
	dfParam   = distParam{"df", "degrees of freedom", ""}
	df1Param  = distParam{"df1", "degrees of freedom of the numerator", ""}
	df2Param  = distParam{"df2", "degrees of freedom of the denominator", ""}
	nParam    = distParam{"trials", "number of trials", ""}
	pParam    = distParam{"p", "probability of success in a trial", ""}
)

// dist is a row of distributions: the word that cdf knows it by, the ending of its short
// names, and how to make it from the values of its parameters.
type dist struct {
	word, short string
	params      []distParam
	make        func(p []float64) distribution
	p, q        string // results of the examples
}

var dists = []dist{
	{"normal", "norm", []distParam{meanParam, sdParam}, func(p []float64) distribution { return distuv.Normal{Mu: p[0], Sigma: p[1]} },
		`pnorm(target=1)  # 0.8413447460685429`, `qnorm(target=0.5)  # 0.0`},
	{"exp", "exp", []distParam{rateParam}, func(p []float64) distribution { return distuv.Exponential{Rate: p[0]} },
		`pexp(target=0)  # 0.0`, `qexp(target=0)  # 0.0`},
	{"chisq", "chisq", []distParam{dfParam}, func(p []float64) distribution { return distuv.ChiSquared{K: p[0]} },
		`round(1000 * pchisq(target=3.841459, df=1))  # 950.0`, `round(1000 * qchisq(target=0.95, df=1))  # 3841.0`},
	{"f", "f", []distParam{df1Param, df2Param}, func(p []float64) distribution { return distuv.F{D1: p[0], D2: p[1]} },
		`round(1000 * pf(target=1, df1=5, df2=5))  # 500.0`, `round(1000 * qf(target=0.5, df1=5, df2=5))  # 1000.0`},
	{"t", "t", []distParam{dfParam}, func(p []float64) distribution { return distuv.StudentsT{Sigma: 1, Nu: p[0]} },
		`round(1000 * pt(target=0, df=3))  # 500.0`, `round(1000 * qt(target=0.975, df=3))  # 3182.0`},
	{"binomial", "binomial", []distParam{nParam, pParam}, func(p []float64) distribution { return binomial{distuv.Binomial{N: p[0], P: p[1]}} },
		`round(1000 * pbinomial(target=5, trials=20, p=0.25))  # 617.0`, `qbinomial(target=0.3, trials=20, p=0.25)  # 4.0`},
}

// binomial adds quantiles to the distribution.
type binomial struct{ distuv.Binomial }

// Quantile returns the smallest number of successes with at least probability p at or below it.
func (d binomial) Quantile(p float64) float64 {
	return float64(sort.Search(int(d.N), func(k int) bool { return d.CDF(float64(k)) >= p }))
}

// probFuncs are the distribution functions and their inverses.
func probFuncs() []*Func {
	fs := []*Func{genericDist("cdf"), genericDist("icdf")}
	for _, d := range dists {
		fs = append(fs, d.function("p"), d.function("q"))
	}
	return fs
}

func targetDoc(inverse bool) (types.Param, string) {
	if inverse {
		return need("target", types.Dbl, "probability, 0 to 1"), "The quantile of a probability (lower tail)"
	}
	return need("target", types.Dbl, "value"), "The probability of a value not above target"
}

var tailParam = may("lower.tail", types.BoolT, "TRUE", "FALSE for the probability of a value above target")

// function is the row of a short name: pnorm, qnorm, ...
func (d dist) function(prefix string) *Func {
	inverse := prefix == "q"
	name := prefix + d.short
	target, doc := targetDoc(inverse)
	params := []types.Param{target}
	for _, p := range d.params {
		params = append(params, types.Param{Name: p.name, Type: types.Dbl, Optional: p.def != "", Default: p.def, Doc: p.doc})
	}
	example := d.q
	if !inverse {
		params = append(params, tailParam)
		example = d.p
	}
	code, output := SplitExample(example)
	tail := len(params) - 1
	return &Func{
		Signature: types.Signature{Name: name, Binding: types.Named, Params: params, Results: []types.Type{types.Dbl}},
		Family:    probability,
		Doc:       doc + " under the " + d.word + " distribution; a double.",
		Example:   "print(" + code + ")  # " + output,
		Pure:      true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			at := func(k int) int { return k + 1 }
			return d.evaluate(a, inverse, at, tail)
		},
	}
}

// genericDist is the row of cdf or icdf, which name the distribution by a word.
func genericDist(name string) *Func {
	inverse := name == "icdf"
	target, doc := targetDoc(inverse)
	var words []string
	at := map[string]int{}
	params := []types.Param{target, {Name: "dist", Type: types.Str, Doc: "distribution"}}
	for _, d := range dists {
		words = append(words, d.word)
		for _, p := range d.params {
			if at[p.name] == 0 {
				at[p.name] = len(params)
				params = append(params, may(p.name, types.Dbl, p.def, p.doc))
			}
		}
	}
	params[1].Enum = words
	example := `print(cdf(target=0, dist="normal", mean=0, sd=2))  # 0.5`
	if inverse {
		example = `print(icdf(target=0.5, dist="normal", mean=3))  # 3.0`
	} else {
		params = append(params, tailParam)
	}
	return &Func{
		Signature: types.Signature{Name: name, Binding: types.Named, Params: params, Results: []types.Type{types.Dbl}},
		Family:    probability,
		Doc: doc + "; a double. The parameters are those of the distribution: mean and sd of normal, rate of exp, df of chisq" +
			" and t, df1 and df2 of f, trials and p of binomial.",
		Example: example,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			word, err := a.Str(1, "")
			if err != nil {
				return nil, err
			}
			for _, d := range dists {
				if d.word == word {
					return d.evaluate(a, inverse, func(k int) int { return at[d.params[k].name] }, len(params)-1)
				}
			}
			return nil, badWord(a, 1, word, words...)
		},
	}
}

// evaluate computes the probability or quantile of argument 0. at gives the argument of
// each parameter of the distribution, tail that of lower.tail.
func (d dist) evaluate(a *exec.Args, inverse bool, at func(k int) int, tail int) ([]value.Value, error) {
	x, err := a.Float(0, 0)
	if err != nil {
		return nil, err
	}
	vals := make([]float64, len(d.params))
	for k, p := range d.params {
		if vals[k], err = distValue(a, p, at(k)); err != nil {
			return nil, err
		}
	}
	f := d.make(vals)
	if inverse {
		if !(x >= 0 && x <= 1) {
			return nil, fmt.Errorf("%s: a probability lies between 0 and 1, not %v", a.Name, x)
		}
		return one(f.Quantile(x) + 0) // a zero without sign
	}
	lower, err := a.Bool(tail, true)
	switch {
	case err != nil:
		return nil, err
	case x != x:
		return one(math.NaN())
	case !lower:
		return one(1 - d.below(f, x))
	}
	return one(d.below(f, x))
}

// below returns the probability of a value not above x. Some of the distributions have no negative values.
func (d dist) below(f distribution, x float64) float64 {
	switch {
	case math.IsInf(x, 0), x < 0 && (d.word != "normal" && d.word != "t"):
		return max(0, math.Copysign(1, x))
	}
	return f.CDF(x)
}

func distValue(a *exec.Args, p distParam, i int) (float64, error) {
	switch {
	case a.Has(i):
	case p.def == "":
		return 0, fmt.Errorf("%s: %s is missing", a.Name, p.name)
	case p.def == "0":
		return 0, nil
	default:
		return 1, nil
	}
	v, err := a.Float(i, 0)
	if err != nil {
		return 0, err
	}
	if p.def == "" && p != pParam {
		v = float64(cell.ToInt(v))
	}
	if p == pParam {
		if !(v >= 0 && v <= 1) {
			return 0, fmt.Errorf("%s: a probability lies between 0 and 1, not %v", a.Name, v)
		}
		return v, nil
	}
	if p != meanParam && !(v > 0) {
		return 0, fmt.Errorf("%s: %s must be positive, not %v", a.Name, p.name, v)
	}
	return v, nil
}
