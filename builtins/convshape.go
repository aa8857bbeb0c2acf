package builtins

import (
	"fmt"

	"gdml/lang/op"
)

// convDims are the dimensions of a convolution or pooling as far as the compiler knows them:
// op.Unknown stands for the others.
type convDims struct {
	n, c, h, w, k, r, s          int64
	strideH, strideW, padH, padW int64
}

// listed returns n numbers that are written as argument i, all def if it is not passed.
func listed(in []op.Shape, i, n int, def int64) []int64 {
	l, ok := shapeAt(in, i).Val.(op.Ints)
	if ok && l.N == n {
		return l.V[:n]
	}
	if i < len(in) && in[i] != op.NoShape {
		def = op.Unknown
	}
	out := make([]int64, n)
	for k := range out {
		out[k] = def
	}
	return out
}

// dimsOf reads the arguments from position first on: input_shape, filter_shape or pool_size, stride, padding.
func dimsOf(in []op.Shape, first int, pool bool) convDims {
	x := listed(in, first, 4, op.Unknown)
	d := convDims{n: x[0], c: x[1], h: x[2], w: x[3], k: x[1]}
	if pool {
		f := listed(in, first+1, 2, op.Unknown)
		d.r, d.s = f[0], f[1]
	} else {
		f := listed(in, first+1, 4, op.Unknown)
		d.k, d.r, d.s = f[0], f[2], f[3]
	}
	stride, pad := listed(in, first+2, 2, 1), listed(in, first+3, 2, 0)
	d.strideH, d.strideW, d.padH, d.padW = stride[0], stride[1], pad[0], pad[1]
	return d
}

// times multiplies dimensions; Unknown if one of them is, or if the product is too large.
func times(ns ...int64) int64 {
	p := int64(1)
	for _, n := range ns {
		if n < 0 || n > 1<<31 || p > 1<<31 {
			return op.Unknown
		}
		p *= n
	}
	return p
}

// steps returns how many windows of the given size fit along a side.
func steps(side, pad, window, stride int64) int64 {
	if side < 0 || pad < 0 || window < 0 || stride <= 0 || side+2*pad < window {
		return op.Unknown
	}
	return (side+2*pad-window)/stride + 1
}

// image, filter and output are the cells of a row of images, of filters, and of the result.
func (d convDims) image() int64  { return times(d.c, d.h, d.w) }
func (d convDims) filter() int64 { return times(d.c, d.r, d.s) }
func (d convDims) output() int64 {
	return times(d.k, steps(d.h, d.padH, d.r, d.strideH), steps(d.w, d.padW, d.s, d.strideW))
}

// convResult is the shape rule of the convolutions.
func convResult(name string, in []op.Shape) ([]op.Shape, error) {
	d := dimsOf(in, 2, false)
	images, filters, outputs := op.Dims(d.n, d.image()), op.Dims(d.k, d.filter()), op.Dims(d.n, d.output())
	switch name {
	case "conv2d":
		outputs.Rows = max(outputs.Rows, in[0].Rows)
		return fitting(name, in, outputs, images, filters)
	case "conv2d_backward_filter":
		return fitting(name, in, filters, images, outputs)
	}
	images.Rows = max(images.Rows, in[1].Rows)
	return fitting(name, in, images, filters, outputs)
}

// poolResult is the shape rule of the pooling functions and, with two operands, of their gradients.
func poolResult(name string, in []op.Shape, backward bool) ([]op.Shape, error) {
	first := 1
	if backward {
		first = 2
	}
	d := dimsOf(in, first, true)
	images, outputs := op.Dims(d.n, d.image()), op.Dims(d.n, d.output())
	if backward {
		images.Rows = max(images.Rows, in[0].Rows)
		return fitting(name, in, images, images, outputs)
	}
	outputs.Rows = max(outputs.Rows, in[0].Rows)
	return fitting(name, in, outputs, images)
}

// fitting compares the operands with what the named dimensions want of them.
func fitting(name string, in []op.Shape, result op.Shape, want ...op.Shape) ([]op.Shape, error) {
	for i, w := range want {
		differ := func(a, b int64) bool { return a >= 0 && b >= 0 && a != b }
		if differ(in[i].Rows, w.Rows) || differ(in[i].Cols, w.Cols) {
			return nil, &op.Mismatch{Msg: fmt.Sprintf("%s with these dimensions needs a matrix of %s here", name, w), In: []int{i}}
		}
	}
	return []op.Shape{result}, nil
}
