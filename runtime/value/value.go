package value

import (
	"gdml/lang/types"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// Value is int64, float64, bool, string, *matrix.Matrix, *frame.Frame, *List or *Tensor. A nil Value is "not set".
type Value any

// TypeOf returns the type of v; types.Any for nil.
func TypeOf(v Value) types.Type {
	switch v := v.(type) {
	case int64:
		return types.IntT
	case float64:
		return types.Dbl
	case bool:
		return types.BoolT
	case string:
		return types.Str
	case *matrix.Matrix:
		return types.Mat
	case *frame.Frame:
		return types.FrameT
	case *List:
		return types.ListT
	case *Tensor:
		return types.Type{Data: types.Tensor, Elem: v.elem}
	}
	return types.Any
}

// Retain adds a reference to v and returns v.
func Retain(v Value) Value {
	switch v := v.(type) {
	case *matrix.Matrix:
		v.Retain()
	case *List:
		v.refs.Add(1)
	}
	return v
}

// Release drops a reference to v. The last reference of a list releases its elements.
func Release(v Value) {
	switch v := v.(type) {
	case *matrix.Matrix:
		v.Release()
	case *List:
		v.release()
	}
}

// Bytes estimates the memory v takes.
func Bytes(v Value) int64 {
	switch v := v.(type) {
	case *matrix.Matrix:
		return v.Bytes()
	case *List:
		var n int64
		for _, e := range v.vals {
			n += Bytes(e)
		}
		return n
	case *frame.Frame:
		return v.Bytes()
	case *Tensor:
		return v.bytes()
	case string:
		return int64(len(v))
	}
	return 8
}
