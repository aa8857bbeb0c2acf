package value

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gdml/lang/types"
)

// counting returns a tensor of the given dimensions that holds f(0), f(1), ...
func counting(t *testing.T, f func(i int) Value, dims ...int) *Tensor {
	t.Helper()
	x, err := NewTensor(dims, func(i int) (Value, error) { return f(i), nil })
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestTensorText(t *testing.T) {
	ints := func(i int) Value { return int64(i) }
	for _, c := range []struct {
		name string
		x    *Tensor
		want string
	}{
		{"one cell", counting(t, ints, 1, 1, 1), "[[[0]]]\n"},
		{"vector", counting(t, ints, 3), "[0 1 2]\n"},
		{"matrix", counting(t, ints, 2, 2), "[[0 1]\n [2 3]]\n"},
		{"long and thin", counting(t, ints, 2, 1, 2), "[[[0 1]]\n [[2 3]]]\n"},
		{"four dimensions", counting(t, ints, 2, 1, 2, 1), "[[[[0]\n   [1]]]\n [[[2]\n   [3]]]]\n"},
		{"doubles", counting(t, func(i int) Value { return float64(i) / 3 }, 1, 3), "[[0.000 0.333 0.667]]\n"},
		{"special doubles", counting(t, func(i int) Value { return math.Inf(1 - 2*i) }, 1, 2), "[[Infinity -Infinity]]\n"},
		{"booleans", counting(t, func(i int) Value { return i == 0 }, 1, 2), "[[TRUE FALSE]]\n"},
		{"strings", counting(t, func(i int) Value { return strings.Repeat("a", i) }, 1, 2), "[[\"\" \"a\"]]\n"},
	} {
		if got := Text(c.x); got != c.want {
			t.Errorf("%s:\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func TestNewTensorRefuses(t *testing.T) {
	zero := func(int) (Value, error) { return int64(0), nil }
	for _, c := range []struct {
		dims []int
		at   func(int) (Value, error)
		want string
	}{
		{nil, zero, "at least one dimension"},
		{[]int{2, 0}, zero, "at least 1, not 0"},
		{[]int{2, -1}, zero, "at least 1, not -1"},
		{[]int{math.MaxInt32, math.MaxInt32, 4}, zero, "too large"},
		{[]int{1 << 20, 1 << 20}, zero, "too large"},
		{[]int{2}, func(i int) (Value, error) { return []Value{int64(1), 2.0}[i], nil }, "tensor of int cells cannot hold a double"},
		{[]int{1}, func(int) (Value, error) { return NewList(nil, nil), nil }, "cannot hold a list"},
	} {
		if x, err := NewTensor(c.dims, c.at); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("dimensions %v: %v, %v; want an error with %q", c.dims, x, err, c.want)
		}
	}
}

// TestTensorOwnsDims: what the caller does with its slice later must not show.
func TestTensorOwnsDims(t *testing.T) {
	dims := []int{2, 3}
	x := counting(t, func(i int) Value { return i%2 == 0 }, dims...)
	dims[0] = 7
	if !slices.Equal(x.Dims(), []int{2, 3}) || x.Len() != 6 || x.Elem() != types.Bool || TypeOf(x).Data != types.Tensor {
		t.Errorf("%v of %d cells", x, x.Len())
	}
	if got := Bytes(x); got != 6 {
		t.Errorf("%d bytes", got)
	}
}

func TestTensorSum(t *testing.T) {
	hard := []float64{1, 1e100, 1, -1e100} // needs compensation
	for _, c := range []struct {
		x    *Tensor
		want float64
	}{
		{counting(t, func(i int) Value { return hard[i] }, 2, 2), 2},
		{counting(t, func(i int) Value { return int64(i) }, 5), 10},
		{counting(t, func(i int) Value { return i > 1 }, 5), 3},
	} {
		if got, err := c.x.Sum(); err != nil || got != c.want {
			t.Errorf("sum of %v: %v, %v; want %v", c.x, got, err, c.want)
		}
	}
	if got, err := counting(t, func(int) Value { return "1" }, 2).Sum(); err == nil {
		t.Errorf("a sum of strings: %v", got)
	}
}

func TestTensorAsMatrix(t *testing.T) {
	m, err := AsMatrix(counting(t, func(i int) Value { return i > 2 }, 2, 2))
	if err != nil || m.Rows() != 2 || m.Cols() != 2 || m.At(1, 1) != 1 || m.At(1, 0) != 0 {
		t.Errorf("%v, %v", m, err)
	}
	if m, err := AsMatrix(counting(t, func(int) Value { return 1.0 }, 2, 2, 1)); err == nil {
		t.Errorf("three dimensions gave %v", m)
	}
	if m, err := AsMatrix(counting(t, func(int) Value { return "x" }, 2, 2)); err == nil {
		t.Errorf("text gave %v", m)
	}
	if v, err := AsScalar(counting(t, func(int) Value { return 1.0 }, 1, 1)); err == nil {
		t.Errorf("as.scalar gave %v", v)
	}
}
