package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const networks = "Neural network kernels"

const imagesDoc = " A matrix of images has one image per row, channel by channel, each row by row."

// nnFuncs are the kernels of convolutional networks.
func nnFuncs() []*Func {
	fs := []*Func{
		convolution("conv2d", "X", "W", "images, N x CHW", "filters, K x CRS", matrix.Conv2D,
			"The cross-correlation of images with filters, N x KPQ, where P = (H + 2*pad - R) / stride + 1 and Q likewise; the border is padded with zeros.",
			`X = matrix(seq(1, 9), 1, 9); W = matrix(1, 1, 4); print(conv2d(X, W, input_shape=[1,1,3,3], filter_shape=[1,1,2,2], stride=[1,1], padding=[0,0]))  # 12.000 16.000 24.000 28.000`),
		convolution("conv2d_backward_filter", "X", "dout", "images, N x CHW", "gradient of the output, N x KPQ", matrix.Conv2DBackwardFilter,
			"The gradient of the filters of conv2d, K x CRS.",
			`X = matrix(seq(1, 9), 1, 9); d = matrix(1, 1, 4); print(conv2d_backward_filter(X, d, input_shape=[1,1,3,3], filter_shape=[1,1,2,2]))  # 12.000 16.000 24.000 28.000`),
		convolution("conv2d_backward_data", "W", "dout", "filters, K x CRS", "gradient of the output, N x KPQ", matrix.Conv2DBackwardData,
			"The gradient of the images of conv2d, N x CHW.",
			`W = matrix(1, 1, 4); d = matrix(1, 1, 4); print(conv2d_backward_data(W, d, input_shape=[1,1,3,3], filter_shape=[1,1,2,2]))  # 1.000 2.000 1.000 2.000 4.000 2.000 1.000 2.000 1.000`),
	}
	return append(fs,
		channelwise("bias_add", "added to", cell.Add, `print(bias_add(matrix("1 2 3 4", 1, 4), matrix("10 20", 2, 1)))  # 11.000 12.000 23.000 24.000`),
		channelwise("bias_multiply", "multiplied with", cell.Mul, `print(bias_multiply(matrix("1 2 3 4", 1, 4), matrix("10 20", 2, 1)))  # 10.000 20.000 60.000 80.000`))
}

type convDoor = func(*matrix.Ctx, *matrix.Matrix, *matrix.Matrix, matrix.ConvShape) (*matrix.Matrix, error)

func convolution(name, a, b, aDoc, bDoc string, door convDoor, doc, example string) *Func {
	return &Func{
		Signature: types.Signature{
			Name:    name,
			Binding: types.Named,
			Params: []types.Param{
				need(a, types.Mat, aDoc),
				need(b, types.Mat, bDoc),
				need("input_shape", types.ListT, "[N, C, H, W]: images, channels, height, width"),
				need("filter_shape", types.ListT, "[K, C, R, S]: filters, channels, height, width"),
				may("stride", types.ListT, "[1, 1]", "step down and right"),
				may("padding", types.ListT, "[0, 0]", "zeros added above and below, left and right"),
			},
			Ignored: []string{"bias"},
			Results: []types.Type{types.Mat},
		},
		Family:  networks,
		Doc:     doc + imagesDoc,
		Example: example,
		Pure:    true,
		Shape:   func(in []op.Shape) ([]op.Shape, error) { return convResult(name, in) },
		Call: func(x *exec.Args) ([]value.Value, error) {
			p, err := x.Matrix(0)
			if err != nil {
				return nil, err
			}
			q, err := x.Matrix(1)
			if err != nil {
				return nil, err
			}
			s, err := convShape(x)
			if err != nil {
				return nil, err
			}
			m, err := door(x.M.Mat(), p, q, s)
			return result(x, m, err)
		},
	}
}

// convShape reads the shapes at arguments 2 to 5.
func convShape(a *exec.Args) (s matrix.ConvShape, err error) {
	input, err := numbers(a, 2, 4, 0)
	if err != nil {
		return s, err
	}
	filter, err := numbers(a, 3, 4, 0)
	if err != nil {
		return s, err
	}
	stride, err := numbers(a, 4, 2, 1)
	if err != nil {
		return s, err
	}
	padding, err := numbers(a, 5, 2, 0)
	if err != nil {
		return s, err
	}
	if filter[1] != input[1] {
		return s, fmt.Errorf("%s: input_shape has %d channels, but filter_shape %d", a.Name, input[1], filter[1])
	}
	return matrix.ConvShape{
		N: input[0], C: input[1], H: input[2], W: input[3],
		K: filter[0], R: filter[2], S: filter[3],
		StrideH: stride[0], StrideW: stride[1], PadH: padding[0], PadW: padding[1],
	}, nil
}

// numbers returns the n numbers of the list at argument i; def stands for each if it was not passed.
func numbers(a *exec.Args, i, n, def int) ([]int, error) {
	out := make([]int, n)
	if !a.Has(i) {
		for k := range out {
			out[k] = def
		}
		return out, nil
	}
	l, err := a.List(i)
	if err != nil {
		return nil, err
	}
	if l.Len() != n {
		return nil, fmt.Errorf("%s: %s must have %d elements, not %d", a.Name, paramName(a, i), n, l.Len())
	}
	for k := range out {
		v, err := asNumber(a.Name, l.At(k))
		if err != nil {
			return nil, fmt.Errorf("%s: element %d of %s must be a number, not %s", a.Name, k+1, paramName(a, i), value.TypeOf(l.At(k)))
		}
		size := cell.ToInt(v)
		if size < 0 || size > 1<<31-1 {
			return nil, fmt.Errorf("%s: element %d of %s is out of range: %v", a.Name, k+1, paramName(a, i), v)
		}
		out[k] = int(size)
	}
	return out, nil
}

// channelwise is the row of bias_add or bias_multiply.
func channelwise(name, verb string, f *cell.Binary, example string) *Func {
	return &Func{
		Signature: types.Signature{
			Name:    name,
			Params:  []types.Param{need("X", types.Mat, "images, N x K*cells"), need("b", types.Mat, "one number per channel, K x 1")},
			Results: []types.Type{types.Mat},
		},
		Family:  networks,
		Doc:     "X with b[k] " + verb + " every cell of channel k; the columns of X are K channels of equally many cells. The result has the dimensions of X.",
		Example: example,
		Pure:    true,
		Shape:   sameAs(0),
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			b, err := a.Matrix(1)
			if err != nil {
				return nil, err
			}
			k := b.Rows()
			if b.Cols() != 1 || k == 0 || x.Cols()%k != 0 {
				return nil, fmt.Errorf("%s: b must be K x 1 with K dividing the %d columns of X, not %s", a.Name, x.Cols(), b)
			}
			row := make([]float64, x.Cols())
			for j := range row {
				row[j] = b.At(j*k/len(row), 0)
			}
			m, err := matrix.Binary(a.M.Mat(), f, x, matrix.FromDense(1, len(row), row), matrix.ReuseNone)
			return result(a, m, err)
		},
	}
}
