package builtins

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const dimsDoc = `numbers of cells in each dimension, at least 1: a string "2 3 4", a vector or a list`

func newTensor() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "tensor",
			Binding: types.Named,
			Params: []types.Param{
				need("data", types.Any, "scalar for every cell, string of numbers, or matrix to reshape"),
				need("dims", types.Any, dimsDoc),
				may("byrow", types.BoolT, "TRUE", "the last dimension runs fastest; with FALSE the first"),
			},
			Results: []types.Type{types.TensorT},
			Check:   checks(takesAt("tensor", 0, matrix2|scalar), takesAt("tensor", 1, matrix2|list2|scalar)),
		},
		Family: construction,
		Doc: "An array of any number of dimensions, whose cells are all doubles, ints, booleans or strings. A scalar fills every" +
			" cell. A string of several numbers holds the cells, as many as there are; any other string fills. A matrix is" +
			" reshaped: its cells are read and written row by row, or column by column with byrow=FALSE. Tensors can be printed," +
			" kept in lists, passed to functions (as tensor[unknown]), combined by + - * / and comparisons with scalars and" +
			" tensors of equal dimensions, and given to sum, length and, with two dimensions, as.matrix.",
		Example: `T = tensor("1 2 3 4 5 6 7 8", "2 2 2"); print(T * 2)  # [[[2.000 4.000] /   [6.000 8.000]] /  [[10.000 12.000] /   [14.000 16.000]]]`,
		Pure:    true,
		Call:    callTensor,
	}
}

func callTensor(a *exec.Args) ([]value.Value, error) {
	dims, n, err := tensorDims(a, 1)
	if err != nil {
		return nil, err
	}
	byrow, err := a.Bool(2, true)
	if err != nil {
		return nil, err
	}
	data, err := tensorCells(a, n, byrow)
	if err != nil {
		return nil, err
	}
	t, err := value.NewTensor(dims, func(i int) (value.Value, error) {
		if !byrow {
			i = firstFastest(dims, i)
		}
		return data(i), nil
	})
	if err != nil {
		return nil, named(a, err)
	}
	return one(t)
}

// firstFastest returns the place of the cell that is number i in row-major order when the
// first dimension runs fastest.
func firstFastest(dims []int, i int) int {
	stride := 1
	for _, d := range dims {
		stride *= d
	}
	at := 0
	for k := len(dims) - 1; k >= 0; k-- {
		stride /= dims[k]
		at += i % dims[k] * stride
		i /= dims[k]
	}
	return at
}

// tensorCells returns the source of the n cells that argument 0 stands for.
func tensorCells(a *exec.Args, n int, byrow bool) (func(i int) value.Value, error) {
	switch v := arg(a, 0).(type) {
	case *matrix.Matrix:
		if v.Cells() != n {
			return nil, fmt.Errorf("tensor: the matrix has %d cells, but dims needs %d", v.Cells(), n)
		}
		if byrow {
			return func(i int) value.Value { return v.At(i/v.Cols(), i%v.Cols()) }, nil
		}
		return func(i int) value.Value { return v.At(i%v.Rows(), i/v.Rows()) }, nil
	case string:
		cells, ok := numbersIn(v)
		if !ok {
			break
		}
		if len(cells) != n {
			return nil, fmt.Errorf("tensor: the string holds %d numbers, but dims needs %d", len(cells), n)
		}
		return func(i int) value.Value { return cells[i] }, nil
	case int64, float64, bool:
	default:
		return nil, fmt.Errorf("tensor: data must be a scalar or a matrix, not a %s", value.TypeOf(v))
	}
	return func(int) value.Value { return a.Vals[0] }, nil
}

// numbersIn reads a string of two or more numbers.
func numbersIn(s string) ([]float64, bool) {
	words := strings.Fields(s)
	if len(words) < 2 {
		return nil, false
	}
	cells := make([]float64, len(words))
	for i, w := range words {
		v, err := cell.ParseDouble(w)
		if err != nil {
			return nil, false
		}
		cells[i] = v
	}
	return cells, true
}

// tensorDims returns argument i as the dimensions of a tensor, and the number of its cells.
func tensorDims(a *exec.Args, i int) (dims []int, n int, err error) {
	bad := func(what string) ([]int, int, error) {
		return nil, 0, fmt.Errorf("%s: dims must hold whole numbers, not %s", a.Name, what)
	}
	var sizes []value.Value
	switch v := arg(a, i).(type) {
	case string:
		for _, w := range strings.Fields(v) {
			d, err := strconv.ParseInt(w, 10, 64)
			if err != nil {
				return bad(strconv.Quote(w))
			}
			sizes = append(sizes, d)
		}
	case *matrix.Matrix:
		if v.Rows() != 1 && v.Cols() != 1 {
			return nil, 0, fmt.Errorf("%s: dims must be a vector, not a %s matrix", a.Name, v)
		}
		for k := range v.Rows() * v.Cols() {
			sizes = append(sizes, v.At(k/v.Cols(), k%v.Cols()))
		}
	case *value.List:
		for k := range v.Len() {
			sizes = append(sizes, v.At(k))
		}
	default:
		sizes = []value.Value{v}
	}
	for _, s := range sizes {
		d, ok := wholeSize(s)
		if !ok {
			return bad(value.Text(s))
		}
		dims = append(dims, d)
	}
	if n, err = value.TensorCells(dims); err != nil {
		return nil, 0, named(a, err)
	}
	return dims, n, nil
}

// wholeSize returns a number without fraction, cut to the range of 32 bits.
func wholeSize(v value.Value) (int, bool) {
	switch v := v.(type) {
	case int64:
		return int(max(min(v, math.MaxInt32), math.MinInt32)), true
	case float64:
		return int(max(min(v, math.MaxInt32), math.MinInt32)), v == math.Trunc(v) // NaN is not equal to itself
	}
	return 0, false
}

// randTensor returns a tensor with the cells of a random row of as many.
func randTensor(a *exec.Args, spec matrix.RandSpec) ([]value.Value, error) {
	dims, n, err := tensorDims(a, randDims)
	if err != nil {
		return nil, err
	}
	spec.Rows, spec.Cols = 1, n
	m, err := matrix.Rand(a.M.Mat(), spec)
	if err != nil {
		return nil, err
	}
	defer m.Release()
	t, err := value.NewTensor(dims, func(i int) (value.Value, error) { return m.At(0, i), nil })
	if err != nil {
		return nil, named(a, err)
	}
	return one(t)
}

// checkRandDims finds sizes that are given twice.
func checkRandDims(c types.Call) []types.Problem {
	if !c.Has(randDims) {
		return nil
	}
	if c.Has(0) || c.Has(1) {
		return problem(randDims, "leave out rows and cols, or dims", "rand: dims gives all dimensions of a tensor, rows and cols those of a matrix")
	}
	return wrongKind(c, "rand", randDims, matrix2|list2|scalar)
}

// randResult is a tensor if dims is passed.
func randResult(c types.Call) []types.Type {
	if c.Has(randDims) {
		return []types.Type{types.TensorT}
	}
	return []types.Type{types.Mat}
}

func randShape(in []op.Shape) ([]op.Shape, error) {
	if len(in) > randDims {
		return []op.Shape{op.NoShape}, nil
	}
	return []op.Shape{op.Dims(size(in, 0), size(in, 1))}, nil
}
