package value

import (
	"fmt"
	"math"

	"gdml/runtime/cell"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// AddLists returns a + b entry by entry. Both lists must have equally many entries,
// each pair two matrices of one size or two numbers; two ints stay int. The names are a's.
func AddLists(c *matrix.Ctx, a, b *List) (*List, error) {
	return zip(c, a, b, cell.Add, func(x, y Value) Value {
		if i, ok := x.(int64); ok {
			if j, ok := y.(int64); ok {
				return i + j
			}
		}
		return number(x) + number(y)
	})
}

// MixLists returns base + w*(other-base) entry by entry, under the conditions of
// AddLists. Cells that are equal in both are base's bit for bit, whatever w is;
// scalars become doubles unless they are equal.
func MixLists(c *matrix.Ctx, base, other *List, w float64) (*List, error) {
	mix := func(b, o float64) float64 {
		if b == o || b != b && o != o {
			return b
		}
		return b + w*(o-b)
	}
	return zip(c, base, other, &cell.Binary{Name: "mix", F: mix, BothZero: true}, func(x, y Value) Value {
		if x == y {
			return x
		}
		return mix(number(x), number(y))
	})
}

func zip(c *matrix.Ctx, a, b *List, f *cell.Binary, scalar func(x, y Value) Value) (*List, error) {
	if a.Len() != b.Len() {
		return nil, fmt.Errorf("lists of %d and %d entries cannot be combined", a.Len(), b.Len())
	}
	out := make([]Value, 0, a.Len())
	for i := range a.Len() {
		v, err := zipEntry(c, a.At(i), b.At(i), f, scalar)
		if err != nil {
			for _, o := range out {
				Release(o)
			}
			return nil, fmt.Errorf("entry %s: %w", entryName(a, i), err)
		}
		out = append(out, v)
	}
	return NewList(out, a.Names()), nil
}

func zipEntry(c *matrix.Ctx, x, y Value, f *cell.Binary, scalar func(x, y Value) Value) (Value, error) {
	mx, isMatrix := x.(*matrix.Matrix)
	my, both := y.(*matrix.Matrix)
	switch {
	case isMatrix && both:
		if mx.Rows() != my.Rows() || mx.Cols() != my.Cols() {
			return nil, fmt.Errorf("sizes differ: %s and %s", mx, my)
		}
		return matrix.Binary(c, f, mx, my, 0)
	case isNumber(x) && isNumber(y):
		return scalar(x, y), nil
	}
	return nil, fmt.Errorf("a %s and a %s cannot be combined", TypeOf(x), TypeOf(y))
}

func entryName(l *List, i int) string {
	if l.Named() {
		return l.Name(i)
	}
	return fmt.Sprint(i + 1)
}

func isNumber(v Value) bool {
	switch v.(type) {
	case int64, float64:
		return true
	}
	return false
}

func number(v Value) float64 {
	if i, ok := v.(int64); ok {
		return float64(i)
	}
	return v.(float64)
}

// EqualLists reports whether a and b have the same names and the same entries, floats
// compared by their bits. The storage form of matrices does not matter.
func EqualLists(a, b *List) bool {
	if a.Len() != b.Len() || a.Named() != b.Named() {
		return false
	}
	for i := range a.Len() {
		if a.Name(i) != b.Name(i) || !identical(a.At(i), b.At(i)) {
			return false
		}
	}
	return true
}

func identical(x, y Value) bool {
	switch x := x.(type) {
	case *List:
		y, ok := y.(*List)
		return ok && EqualLists(x, y)
	case *matrix.Matrix:
		y, ok := y.(*matrix.Matrix)
		return ok && sameBits(x, y)
	case *frame.Frame:
		return x == y
	case float64:
		y, ok := y.(float64)
		return ok && math.Float64bits(x) == math.Float64bits(y)
	}
	return x == y
}

func sameBits(a, b *matrix.Matrix) bool {
	if a.Rows() != b.Rows() || a.Cols() != b.Cols() {
		return false
	}
	x, y := make([]float64, a.Cols()), make([]float64, a.Cols())
	for i := range a.Rows() {
		a.Row(i, x)
		b.Row(i, y)
		for j, v := range x {
			if math.Float64bits(v) != math.Float64bits(y[j]) {
				return false
			}
		}
	}
	return true
}
