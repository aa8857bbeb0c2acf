package value

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/matrix"
)

// maxTensorCells bounds tensors, which always lie in memory as a whole.
const maxTensorCells = 1 << 27

// Tensor is an immutable array of one or more dimensions, all positive, whose cells have one
// value type: double, int, boolean or string. Cells lie in row-major order: the last dimension
// runs fastest. Tensors are left to the garbage collector; they have no reference count.
type Tensor struct {
	dims []int
	elem types.Elem

	// The one that belongs to elem holds the cells.
	nums  []float64
	ints  []int64
	bools []bool
	strs  []string
}

// TensorCells returns the number of cells of a tensor of these dimensions, or why there can be none.
func TensorCells(dims []int) (int, error) {
	if len(dims) == 0 {
		return 0, errors.New("a tensor has at least one dimension")
	}
	n := 1
	for _, d := range dims {
		if d < 1 {
			return 0, fmt.Errorf("the dimensions of a tensor must be at least 1, not %d", d)
		}
		if d > maxTensorCells/n {
			return 0, fmt.Errorf("a tensor of dimensions %s is too large: it can have %d cells", dimText(dims), maxTensorCells)
		}
		n *= d
	}
	return n, nil
}

// NewTensor returns a tensor whose cell i, in row-major order, is at(i). All cells must have the
// value type of the first. It copies dims.
func NewTensor(dims []int, at func(i int) (Value, error)) (*Tensor, error) {
	n, err := TensorCells(dims)
	if err != nil {
		return nil, err
	}
	t := &Tensor{dims: slices.Clone(dims)}
	for i := range n {
		v, err := at(i)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			t.start(v, n)
		}
		if !t.add(v) {
			return nil, fmt.Errorf("a tensor of %s cells cannot hold a %s", t.elem, TypeOf(v))
		}
	}
	return t, nil
}

// start makes room for n cells of the type of v.
func (t *Tensor) start(v Value, n int) {
	t.elem = TypeOf(v).Elem
	switch v.(type) {
	case float64:
		t.nums = make([]float64, 0, n)
	case int64:
		t.ints = make([]int64, 0, n)
	case bool:
		t.bools = make([]bool, 0, n)
	case string:
		t.strs = make([]string, 0, n)
	}
}

// add appends a cell and reports whether it has the type of the tensor.
func (t *Tensor) add(v Value) bool {
	if TypeOf(v) != (types.Type{Data: types.Scalar, Elem: t.elem}) {
		return false
	}
	switch v := v.(type) {
	case float64:
		t.nums = append(t.nums, v)
	case int64:
		t.ints = append(t.ints, v)
	case bool:
		t.bools = append(t.bools, v)
	case string:
		t.strs = append(t.strs, v)
	}
	return true
}

// Dims returns the dimensions. The caller must not change them.
func (t *Tensor) Dims() []int { return t.dims }

// Elem returns the value type of the cells.
func (t *Tensor) Elem() types.Elem { return t.elem }

// Len returns the number of cells.
func (t *Tensor) Len() int { return len(t.nums) + len(t.ints) + len(t.bools) + len(t.strs) }

// At returns cell i in row-major order, a scalar.
func (t *Tensor) At(i int) Value {
	switch t.elem {
	case types.Int:
		return t.ints[i]
	case types.Bool:
		return t.bools[i]
	case types.String:
		return t.strs[i]
	}
	return t.nums[i]
}

// Sum returns the compensated sum of the cells, where TRUE counts as 1. Strings have none.
func (t *Tensor) Sum() (float64, error) {
	if t.elem == types.String {
		return 0, errors.New("the cells of a tensor of strings have no sum")
	}
	x, err := t.flat()
	if err != nil {
		return 0, err
	}
	return matrix.AggFull(nil, matrix.Sum, matrix.FromDense(len(x), 1, x)), nil
}

// flat returns the cells as doubles in a new slice.
func (t *Tensor) flat() ([]float64, error) {
	x := make([]float64, t.Len())
	for i := range x {
		v, err := toDouble(t.At(i))
		if err != nil {
			return nil, err
		}
		x[i] = v.(float64)
	}
	return x, nil
}

// matrix returns a tensor of two dimensions as a matrix.
func (t *Tensor) matrix() (*matrix.Matrix, error) {
	if len(t.dims) != 2 {
		return nil, fmt.Errorf("as.matrix needs a tensor of two dimensions, not a %s", t)
	}
	x, err := t.flat()
	if err != nil {
		return nil, fmt.Errorf("as.matrix: %w", err)
	}
	return matrix.FromDense(t.dims[0], t.dims[1], x), nil
}

// bytes estimates the memory that the cells take.
func (t *Tensor) bytes() int64 {
	n := int64(8*(len(t.nums)+len(t.ints)) + len(t.bools))
	for _, s := range t.strs {
		n += int64(16 + len(s))
	}
	return n
}

// String names the tensor in messages: 2x3x4 tensor of int.
func (t *Tensor) String() string { return dimText(t.dims) + " tensor of " + t.elem.String() }

func dimText(dims []int) string {
	words := make([]string, len(dims))
	for i, d := range dims {
		words[i] = strconv.Itoa(d)
	}
	return strings.Join(words, "x")
}

// tensorText lays a tensor out (language reference §13.4): a bracket opens and closes with every
// dimension, the innermost ones hold the cells separated by sep, and each starts a line that is
// indented by the brackets still open.
func tensorText(t *Tensor, o TextOptions) string {
	var b strings.Builder
	rank := len(t.dims)
	for i := range t.Len() {
		open := t.wraps(i) // how many dimensions start with this cell
		switch {
		case i > 0 && open > 0:
			b.WriteString(strings.Repeat("]", open) + o.Linesep + strings.Repeat(" ", rank-open))
		case i > 0:
			b.WriteString(o.Sep)
		}
		b.WriteString(strings.Repeat("[", open))
		b.WriteString(tensorCell(t.At(i), o.Decimal))
	}
	return b.String() + strings.Repeat("]", rank) + o.Linesep
}

// wraps returns how many of the inner dimensions begin at cell i; all of them at the first cell.
func (t *Tensor) wraps(i int) int {
	n, step := 0, 1
	for k := len(t.dims) - 1; k >= 0; k-- {
		step *= t.dims[k]
		if i%step != 0 {
			break
		}
		n++
	}
	return n
}

// tensorCell writes doubles with a fixed number of digits, as in matrices, and quotes strings.
func tensorCell(v Value, decimals int) string {
	switch v := v.(type) {
	case float64:
		return cell.Fixed(v, decimals)
	case string:
		return `"` + v + `"`
	}
	return scalarText(v)
}
