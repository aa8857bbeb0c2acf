package builtins

import (
	"fmt"
	"math"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// poolFuncs are the pooling functions and their gradients.
func poolFuncs() []*Func {
	return []*Func{
		pooling("max_pool", false, maxPool, "The largest cell of every window, N x CPQ. Padding is never the largest.",
			`print(max_pool(matrix(seq(1, 9), 1, 9), input_shape=[1,1,3,3], pool_size=[2,2]))  # 5.000 6.000 8.000 9.000`),
		pooling("avg_pool", false, avgPool, "The mean of every window, N x CPQ. The divisor is always R*S: padding counts as zeros.",
			`print(avg_pool(matrix(seq(1, 9), 1, 9), input_shape=[1,1,3,3], pool_size=[2,2]))  # 3.000 4.000 6.000 7.000`),
		pooling("max_pool_backward", true, maxPoolBackward, "The gradient of the images of max_pool, N x CHW: the gradient of an output goes to the first largest cell of its window.",
			`print(max_pool_backward(matrix(seq(1, 4), 1, 4), matrix(7, 1, 1), input_shape=[1,1,2,2], pool_size=[2,2]))  # 0.000 0.000 0.000 7.000`),
		pooling("avg_pool_backward", true, avgPoolBackward, "The gradient of the images of avg_pool, N x CHW: every cell of a window gets its share.",
			`print(avg_pool_backward(matrix(seq(1, 4), 1, 4), matrix(8, 1, 1), input_shape=[1,1,2,2], pool_size=[2,2]))  # 2.000 2.000 2.000 2.000`),
	}
}

// pooler computes one channel of one image. img has H*W cells; the forward functions
// write out, P*Q cells, the backward ones read it as gradient and add to grad, H*W cells.
type pooler func(w window, img, out, grad []float64)

// window is the part of a channel under one output cell.
type window struct {
	matrix.ConvShape
}

// each calls f for every output cell k with the rows [y0, y1) and columns [x0, x1) of its window inside the image.
func (w window) each(f func(k, y0, y1, x0, x1 int)) {
	p, q := w.P(), w.Q()
	for i := range p {
		y := i*w.StrideH - w.PadH
		for j := range q {
			x := j*w.StrideW - w.PadW
			f(i*q+j, max(y, 0), min(y+w.R, w.H), max(x, 0), min(x+w.S, w.W))
		}
	}
}

func maxPool(w window, img, out, _ []float64) {
	w.each(func(k, y0, y1, x0, x1 int) {
		best := -math.MaxFloat64
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				best = max(best, img[y*w.W+x])
			}
		}
		out[k] = best
	})
}

func avgPool(w window, img, out, _ []float64) {
	w.each(func(k, y0, y1, x0, x1 int) {
		sum := 0.0
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				sum += img[y*w.W+x]
			}
		}
		out[k] = sum / float64(w.R*w.S)
	})
}

func maxPoolBackward(w window, img, dout, grad []float64) {
	w.each(func(k, y0, y1, x0, x1 int) {
		best, at := -math.MaxFloat64, -1
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				if v := img[y*w.W+x]; best < v {
					best, at = v, y*w.W+x
				}
			}
		}
		if at >= 0 {
			grad[at] += dout[k]
		}
	})
}

func avgPoolBackward(w window, _, dout, grad []float64) {
	w.each(func(k, y0, y1, x0, x1 int) {
		share := dout[k] / float64(w.R*w.S)
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				grad[y*w.W+x] += share
			}
		}
	})
}

func pooling(name string, backward bool, f pooler, doc, example string) *Func {
	params := []types.Param{need("X", types.Mat, "images, N x CHW")}
	if backward {
		params = append(params, need("dout", types.Mat, "gradient of the output, N x CPQ"))
	}
	first := len(params)
	params = append(params,
		need("input_shape", types.ListT, "[N, C, H, W]: images, channels, height, width"),
		need("pool_size", types.ListT, "[R, S]: height and width of the window"),
		may("stride", types.ListT, "[1, 1]", "step down and right"),
		may("padding", types.ListT, "[0, 0]", "cells added above and below, left and right"))
	return &Func{
		Signature: types.Signature{Name: name, Binding: types.Named, Params: params, Results: []types.Type{types.Mat}},
		Family:    networks,
		Doc:       doc + " P = (H + 2*pad - R) / stride + 1 and Q likewise." + imagesDoc,
		Example:   example,
		Pure:      true,
		Shape:     func(in []op.Shape) ([]op.Shape, error) { return poolResult(name, in, backward) },
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			w, err := poolShape(a, first, x)
			if err != nil {
				return nil, err
			}
			if !backward {
				return one(pool(a.M.Mat(), w, x, f))
			}
			dout, err := a.Matrix(1)
			if err != nil {
				return nil, err
			}
			if dout.Rows() != w.N || dout.Cols() != w.C*w.P()*w.Q() {
				return nil, fmt.Errorf("%s: dout must be %dx%d, not %s", a.Name, w.N, w.C*w.P()*w.Q(), dout)
			}
			return one(poolBackward(a.M.Mat(), w, x, dout, f))
		},
	}
}

// poolShape reads the shapes from argument first on and compares them with the images x.
func poolShape(a *exec.Args, first int, x *matrix.Matrix) (w window, err error) {
	input, err := numbers(a, first, 4, 0)
	if err != nil {
		return w, err
	}
	size, err := numbers(a, first+1, 2, 0)
	if err != nil {
		return w, err
	}
	stride, err := numbers(a, first+2, 2, 1)
	if err != nil {
		return w, err
	}
	padding, err := numbers(a, first+3, 2, 0)
	if err != nil {
		return w, err
	}
	w.ConvShape = matrix.ConvShape{
		N: input[0], C: input[1], H: input[2], W: input[3], R: size[0], S: size[1],
		StrideH: stride[0], StrideW: stride[1], PadH: padding[0], PadW: padding[1],
	}
	switch {
	case w.C < 1 || w.H < 1 || w.W < 1 || w.R < 1 || w.S < 1 || w.StrideH < 1 || w.StrideW < 1:
		return w, fmt.Errorf("%s: shapes, window and stride must be positive", a.Name)
	case w.R > w.H+2*w.PadH || w.S > w.W+2*w.PadW:
		return w, fmt.Errorf("%s: a %dx%d window does not fit into %dx%d cells with padding %d, %d", a.Name, w.R, w.S, w.H, w.W, w.PadH, w.PadW)
	case x.Rows() != w.N || int64(x.Cols()) != int64(w.C)*int64(w.H)*int64(w.W):
		return w, fmt.Errorf("%s: input_shape [%d, %d, %d, %d] does not fit X, %s", a.Name, w.N, w.C, w.H, w.W, x)
	}
	return w, nil
}

// pool applies a forward function to every channel.
func pool(c *matrix.Ctx, w window, x *matrix.Matrix, f pooler) *matrix.Matrix {
	in, pq := w.H*w.W, w.P()*w.Q()
	out := make([]float64, w.N*w.C*pq)
	c.Par.Range(w.N, 1, func(lo, hi int) {
		buf := make([]float64, w.C*in)
		for n := lo; n < hi; n++ {
			img := x.Row(n, buf)
			for ch := range w.C {
				k := (n*w.C + ch) * pq
				f(w, img[ch*in:(ch+1)*in], out[k:k+pq], nil)
			}
		}
	})
	return matrix.Compact(c, matrix.FromDense(w.N, w.C*pq, out))
}

// poolBackward applies a backward function to every channel.
func poolBackward(c *matrix.Ctx, w window, x, dout *matrix.Matrix, f pooler) *matrix.Matrix {
	in, pq := w.H*w.W, w.P()*w.Q()
	grad := make([]float64, w.N*w.C*in)
	c.Par.Range(w.N, 1, func(lo, hi int) {
		imgBuf, outBuf := make([]float64, w.C*in), make([]float64, w.C*pq)
		for n := lo; n < hi; n++ {
			img, d := x.Row(n, imgBuf), dout.Row(n, outBuf)
			for ch := range w.C {
				k := (n*w.C + ch) * in
				f(w, img[ch*in:(ch+1)*in], d[ch*pq:(ch+1)*pq], grad[k:k+in])
			}
		}
	})
	return matrix.Compact(c, matrix.FromDense(w.N, w.C*in, grad))
}
