package builtins

import (
	"errors"
	"fmt"
	"math"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// groupFns are the functions of aggregate: each reduces the values x of one group, with
// weights w or nil. An empty group never gets there.
var groupFns = []struct {
	word string
	f    func(x, w *matrix.Matrix, order int) (float64, error)
}{
	{"count", func(x, w *matrix.Matrix, _ int) (float64, error) {
		if w != nil {
			return math.Floor(matrix.AggFull(nil, matrix.Sum, w) + 0.5), nil
		}
		return float64(x.Rows()), nil
	}},
	{"sum", ofProducts(matrix.Sum)},
	{"mean", func(x, w *matrix.Matrix, _ int) (float64, error) { return matrix.Moment(x, w, 0) }},
	{"variance", func(x, w *matrix.Matrix, _ int) (float64, error) { return matrix.Cov(x, x, w) }},
	{"centralmoment", matrix.Moment},
	{"min", ofProducts(matrix.Min)},
	{"max", ofProducts(matrix.Max)},
}

// ofProducts aggregates the values, times their weights if there are any.
func ofProducts(fn matrix.Agg) func(x, w *matrix.Matrix, _ int) (float64, error) {
	return func(x, w *matrix.Matrix, _ int) (float64, error) {
		if w == nil {
			return matrix.AggFull(nil, fn, x), nil
		}
		xw, err := matrix.Binary(nil, cell.Mul, x, w, matrix.ReuseNone)
		if err != nil {
			return 0, err
		}
		defer xw.Release()
		return matrix.AggFull(nil, fn, xw), nil
	}
}

func aggregate() *Func {
	var words []string
	for _, g := range groupFns {
		words = append(words, g.word)
	}
	return &Func{
		Signature: types.Signature{
			Name:    "aggregate",
			Binding: types.Named,
			Params: []types.Param{
				need("target", types.Mat, "values, n x m"),
				need("groups", types.Mat, "group of each row, n x 1, numbers from 1 on"),
				{Name: "fn", Type: types.Str, Enum: words, Doc: "aggregation function"},
				may("weights", types.Mat, "", "weights of the rows, n x 1, for a target of one column"),
				may("ngroups", types.IntT, "", "number of groups; the largest group without it"),
				may("order", types.Scal, "", "order of centralmoment: 2, 3 or 4"),
			},
			Results: []types.Type{types.Mat},
			Check:   checks(within("aggregate", "ngroups", 4, 0, math.Inf(1)), momentOfGroups),
		},
		Aliases: []string{"groupedAggregate"},
		Family:  counting,
		Doc: "Aggregates the rows of each group, column by column: row g of the result, ngroups x m, stands for group g. Rows of" +
			" groups beyond ngroups are left out, groups below 1 are an error. Empty groups give 0, or NaN for centralmoment." +
			" variance divides by n-1, a weighted count is rounded to a whole number, and" +
			" weighted min and max are those of value times weight.",
		Example: `print(aggregate(target=matrix("1 2 3 4", 4, 1), groups=matrix("1 3 1 3", 4, 1), fn="mean"))  # 2.000 / 0.000 / 3.000`,
		Pure:    true,
		Shape: gives(func(in []op.Shape) (int64, int64) {
			if in[0].Rows == 1 { // a row vector is taken for a column
				return size(in, 4), op.Unknown
			}
			return size(in, 4), in[0].Cols
		}),
		Call: callAggregate,
	}
}

const needsOrder = "aggregate: centralmoment needs order=2, 3 or 4"

func momentOfGroups(c types.Call) []types.Problem {
	fn, _ := c.Literal(2)
	order, known := literal(c, 5)
	if fn != "centralmoment" || c.Has(5) && (!known || order >= 2 && order <= 4) {
		return nil
	}
	return problem(2, "", needsOrder)
}

func callAggregate(a *exec.Args) ([]value.Value, error) {
	x, err := a.Matrix(0)
	if err != nil {
		return nil, err
	}
	groups, err := a.Matrix(1)
	if err != nil {
		return nil, err
	}
	rows, cols := x.Rows(), x.Cols()
	if rows == 1 && cols > 1 && groups.Cells() == cols {
		rows, cols = cols, 1
	}
	if !groups.IsVector() || groups.Cells() != rows {
		return nil, fmt.Errorf("aggregate: groups must be %dx1, one for each row of the target, not %s", rows, groups)
	}
	word, err := a.Str(2, "")
	if err != nil {
		return nil, err
	}
	var weights []float64
	if a.Has(3) {
		w, err := a.Matrix(3)
		if err != nil {
			return nil, err
		}
		if cols != 1 || !w.IsVector() || w.Cells() != rows {
			return nil, fmt.Errorf("aggregate: weights need a target of one column and as many rows: %s for %s", w, x)
		}
		weights = w.Vector()
	}
	order, err := groupOrder(a)
	if err != nil {
		return nil, err
	}
	if word == "centralmoment" && (order < 2 || order > 4) {
		return nil, errors.New(needsOrder)
	}
	members, err := members(a, groups.Vector())
	if err != nil {
		return nil, err
	}
	return reduceGroups(a, word, int(order), x.Vector(), cols, members, weights)
}

// members lists the rows of each group.
func members(a *exec.Args, groups []float64) ([][]int, error) {
	n := int64(0)
	for _, g := range groups {
		if cell.ToInt(g) < 1 {
			return nil, fmt.Errorf("aggregate: groups must be at least 1, not %v", g)
		}
		n = max(n, cell.ToInt(g))
	}
	n, err := a.Int(4, n)
	if err != nil {
		return nil, err
	}
	if err := matrix.CheckSize(int(n), 1); err != nil || n > math.MaxInt32 {
		return nil, fmt.Errorf("aggregate: %d groups are not possible", n)
	}
	rows := make([][]int, n)
	for i, g := range groups {
		if k := cell.ToInt(g); k <= n {
			rows[k-1] = append(rows[k-1], i)
		}
	}
	return rows, nil
}

// groupOrder returns the order of the moment, a number or the text of one: order="3".
func groupOrder(a *exec.Args) (int64, error) {
	if a.Has(5) {
		if s, ok := a.Vals[5].(string); ok {
			f, err := cell.ParseDouble(s)
			if err != nil {
				return 0, errors.New(needsOrder)
			}
			return cell.ToInt(f), nil
		}
	}
	return a.Int(5, 0)
}

// reduceGroups applies the function called word to every group and column of the cells x.
func reduceGroups(a *exec.Args, word string, order int, x []float64, cols int, members [][]int, weights []float64) ([]value.Value, error) {
	var words []string
	for _, g := range groupFns {
		words = append(words, g.word)
		if g.word != word {
			continue
		}
		out := make([]float64, len(members)*cols)
		for k, rows := range members {
			for j := range cols {
				cell := &out[k*cols+j]
				if len(rows) == 0 {
					if word == "centralmoment" {
						*cell = math.NaN()
					}
					continue
				}
				v, err := g.f(pick(x, cols, j, rows), pick(weights, 1, 0, rows), order)
				if err != nil {
					return nil, named(a, err)
				}
				*cell = v
			}
		}
		return one(matrix.Compact(a.M.Mat(), matrix.FromDense(len(members), cols, out)))
	}
	return nil, badWord(a, 2, word, words...)
}

// pick returns column j of the given rows as a vector, nil for no cells.
func pick(x []float64, cols, j int, rows []int) *matrix.Matrix {
	if x == nil {
		return nil
	}
	v := make([]float64, len(rows))
	for i, r := range rows {
		v[i] = x[r*cols+j]
	}
	return matrix.FromDense(len(v), 1, v)
}
