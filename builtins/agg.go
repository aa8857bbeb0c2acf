package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const aggregates = "Aggregates"

// reducer describes an aggregation function: what it computes, for the documentation,
// and the example results of the full, row and column forms for the matrix (1 2)(3 4).
type reducer struct {
	fn             op.AggFn
	full, row, col string // names; "" for a form that does not exist
	what           string
	edge           string // what an empty matrix or NaN gives
	of             [3]string
}

// reducers has no full form of min and max: those also take several arguments and stand in extreme.go.
var reducers = []reducer{
	{op.Sum, "sum", "rowSums", "colSums", "sum", "Sums are compensated, so that rounding errors do not add up. The sum of no cells is 0.",
		[3]string{"10.0", "3.000 / 7.000", "4.000 6.000"}},
	{op.Mean, "mean", "rowMeans", "colMeans", "arithmetic mean", "The mean of no cells is NaN.",
		[3]string{"2.5", "1.500 / 3.500", "2.000 3.000"}},
	{op.Var, "var", "rowVars", "colVars", "sample variance (divided by n-1)", "One cell has variance 0, no cells NaN.",
		[3]string{"1.6666666666666667", "0.500 / 0.500", "2.000 2.000"}},
	{op.SD, "sd", "rowSds", "colSds", "sample standard deviation (the root of the variance with n-1)", "One cell has deviation 0, no cells NaN.",
		[3]string{"1.2909944487358056", "0.707 / 0.707", "1.414 1.414"}},
	{op.Min, "", "rowMins", "colMins", "smallest cell", "NaN in a cell gives NaN.",
		[3]string{"", "1.000 / 3.000", "1.000 2.000"}},
	{op.Max, "", "rowMaxs", "colMaxs", "largest cell", "NaN in a cell gives NaN.",
		[3]string{"", "2.000 / 4.000", "3.000 4.000"}},
	{op.Prod, "prod", "rowProds", "colProds", "product", "The product of no cells is 1.",
		[3]string{"24.0", "2.000 / 12.000", "3.000 8.000"}},
	{op.Trace, "trace", "", "", "sum of the diagonal of a square matrix", "A matrix that is not square is an error.",
		[3]string{"5.0", "", ""}},
}

// aggFuncs are the aggregates of one matrix.
func aggFuncs() []*Func {
	var fs []*Func
	for _, r := range reducers {
		fs = append(fs, r.funcs()...)
	}
	return append(fs, indexFunc("rowIndexMax", "largest", op.IndexMax), indexFunc("rowIndexMin", "smallest", op.IndexMin))
}

func (r reducer) funcs() []*Func {
	var fs []*Func
	forms := []struct {
		name, of string
		dir      op.Dir
		result   types.Type
	}{
		{r.full, "all cells of X, a double.", op.Full, types.Dbl},
		{r.row, "each row of X (n x m), n x 1.", op.Row, types.Mat},
		{r.col, "each column of X (n x m), 1 x m.", op.Col, types.Mat},
	}
	for i, form := range forms {
		if form.name == "" {
			continue
		}
		edge := r.edge
		if form.dir != op.Full {
			edge = "A matrix without cells gives zeros."
		}
		f := &Func{
			Signature: types.Signature{
				Name:    form.name,
				Params:  []types.Param{need("X", types.Mat, "matrix")},
				Results: []types.Type{form.result},
			},
			Family:  aggregates,
			Doc:     "The " + r.what + " of " + form.of + " " + edge,
			Example: fmt.Sprintf(`print(%s(matrix("1 2 3 4", 2, 2)))  # %s`, form.name, r.of[i]),
			Pure:    true,
			Lower:   lowersTo(op.Agg, op.Aggregate{Fn: r.fn, Dir: form.dir}, 0),
		}
		switch form.name {
		case "sum":
			f.Params[0].Or, f.Params[0].Doc = types.Tensor, "matrix, or tensor without strings"
		case "mean":
			f.addWeights()
		case "trace":
			f.Aliases = []string{"tr"}
			f.Doc = "The sum of the diagonal of a square matrix, a double. " + edge
		}
		fs = append(fs, f)
	}
	return fs
}

// addWeights gives mean its second form, mean(x, w).
func (f *Func) addWeights() {
	f.Aliases = []string{"avg"}
	f.Params = append(f.Params, may("w", types.Mat, "", "weights, n x 1 like x"))
	f.Doc += " With weights the mean of an n x 1 vector is sum(x*w)/sum(w)."
	plain := f.Lower
	f.Lower = func(args []types.Type, has []bool) (Lowering, bool) {
		if len(has) > 1 && has[1] {
			return Lowering{}, false
		}
		return plain(args, has)
	}
	f.Call = func(a *exec.Args) ([]value.Value, error) {
		x, w, err := weighted(a, 1)
		if err != nil {
			return nil, err
		}
		v, err := matrix.WeightedMean(x, w)
		return double(a, v, err)
	}
}

func indexFunc(name, what string, o op.Op) *Func {
	example := `print(rowIndexMax(matrix("3 3 1", 1, 3)))  # 2.000`
	if o == op.IndexMin {
		example = `print(rowIndexMin(matrix("0 0 0", 1, 3)))  # 3.000`
	}
	return &Func{
		Signature: types.Signature{
			Name:    name,
			Params:  []types.Param{need("X", types.Mat, "matrix")},
			Results: []types.Type{types.Mat},
		},
		Family: aggregates,
		Doc: "The column of the " + what + " cell of each row of X (n x m), n x 1. Columns count from 1. The last of equal" +
			" cells wins, NaN is skipped; a row of NaN alone gives 1, a row without cells 0.",
		Example: example,
		Pure:    true,
		Lower:   lowersTo(o, nil, 0),
	}
}

// cumFuncs are the running aggregates.
func cumFuncs() []*Func {
	rows := []struct {
		name, what, example string
		fn                  op.AggFn
	}{
		{"cumsum", "sums", `print(cumsum(seq(1, 3)))  # 1.000 / 3.000 / 6.000`, op.Sum},
		{"cumprod", "products", `print(cumprod(seq(1, 3)))  # 1.000 / 2.000 / 6.000`, op.Prod},
		{"cummin", "minima", `print(cummin(matrix("3 1 2", 3, 1)))  # 3.000 / 1.000 / 1.000`, op.Min},
		{"cummax", "maxima", `print(cummax(matrix("1 3 2", 3, 1)))  # 1.000 / 3.000 / 3.000`, op.Max},
	}
	var fs []*Func
	for _, r := range rows {
		fs = append(fs, &Func{
			Signature: types.Signature{
				Name:    r.name,
				Params:  []types.Param{need("X", types.Mat, "matrix")},
				Results: []types.Type{types.Mat},
			},
			Family:  aggregates,
			Doc:     "The running " + r.what + " down each column, with the dimensions of X. From the first NaN on a column is NaN.",
			Example: r.example,
			Pure:    true,
			Lower:   lowersTo(op.Cum, r.fn, 0),
		})
	}
	return append(fs, rowCumSum(), cumSumProd())
}

func rowCumSum() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "rowcumsum",
			Params:  []types.Param{need("X", types.Mat, "matrix")},
			Results: []types.Type{types.Mat},
		},
		Family:  aggregates,
		Doc:     "The running sums along each row, with the dimensions of X.",
		Example: `print(rowcumsum(matrix("1 2 3", 1, 3)))  # 1.000 3.000 6.000`,
		Pure:    true,
		Shape:   sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			return one(matrix.Cum(a.M.Mat(), matrix.CumRowSum, x))
		},
	}
}

func cumSumProd() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "cumsumprod",
			Params:  []types.Param{need("X", types.Mat, "matrix of two columns, n x 2")},
			Results: []types.Type{types.Mat},
		},
		Family:  aggregates,
		Doc:     "The recurrence y[i] = X[i,1] + X[i,2] * y[i-1] with y[0] = 0, n x 1. X has exactly two columns.",
		Example: `print(cumsumprod(matrix("1 0.5 1 0.5 1 0.5", 3, 2)))  # 1.000 / 1.500 / 1.750`,
		Pure:    true,
		Shape:   gives(func(in []op.Shape) (int64, int64) { return in[0].Rows, 1 }),
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			m, err := matrix.CumSumProd(a.M.Mat(), x)
			return result(a, m, err)
		},
	}
}
