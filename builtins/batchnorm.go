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

// normFuncs are batch normalisation over the channels of images (Ioffe, Szegedy 2015) and its gradient.
func normFuncs() []*Func { return []*Func{batchNorm(), batchNormBackward()} }

const perChannel = "one number per channel, C x 1"

func batchNorm() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "batch_norm2d",
			Params: []types.Param{
				need("X", types.Mat, "images, N x C*cells"),
				need("gamma", types.Mat, "scale, "+perChannel),
				need("beta", types.Mat, "shift, "+perChannel),
				need("ema_mean", types.Mat, "running mean, "+perChannel),
				need("ema_var", types.Mat, "running variance, "+perChannel),
				{Name: "mode", Type: types.Str, Enum: []string{"train", "test"}, Doc: "normalise with the statistics of X, or with the running ones"},
				need("epsilon", types.Dbl, "added to the variance"),
				need("mu", types.Dbl, "weight of the old running statistics"),
			},
			Results:     []types.Type{types.Mat, types.Mat, types.Mat, types.Mat, types.Mat},
			MultiResult: true,
		},
		Family: networks,
		Doc: "[Y, ema_mean, ema_var, mean, istd] = batch_norm2d(...): every channel scaled to mean 0 and variance 1, then times" +
			" gamma plus beta; Y has the dimensions of X. The others are C x 1: the new running statistics (in test mode the" +
			" old ones) and the mean and 1/sqrt(variance + epsilon) that were used. The variance divides by the number of cells.",
		Example: `X = matrix("1 3", 2, 1); one = matrix(1, 1, 1); [Y, m, v, mean, istd] = batch_norm2d(X, one, 0*one, 0*one, one, "train", 0, 0.5); print(t(Y)); print(as.scalar(m) + " " + as.scalar(v))  # -1.000 1.000 /  / 1.0 1.0`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			c := op.Dims(in[1].Rows, 1)
			return []op.Shape{op.Dims(in[0].Rows, in[0].Cols), c, c, c, c}, nil
		},
		Call: callBatchNorm,
	}
}

// channels is a matrix of images taken apart: channel k of image n is cells[n*cols+k*size:][:size].
type channels struct {
	rows, cols, count, size int
	cells                   []float64
}

// channelsOf reads argument i as images of as many channels as the C x 1 arguments at params have rows.
func channelsOf(a *exec.Args, i int, params ...int) (x channels, vectors [][]float64, err error) {
	m, err := a.Matrix(i)
	if err != nil {
		return x, nil, err
	}
	for _, p := range params {
		v, err := a.Matrix(p)
		if err != nil {
			return x, nil, err
		}
		if len(vectors) > 0 && v.Rows() != len(vectors[0]) || v.Cols() != 1 || v.Rows() == 0 {
			return x, nil, fmt.Errorf("%s: %s must have one number for each channel, Cx1, not %s", a.Name, paramName(a, p), v)
		}
		vectors = append(vectors, v.Vector())
	}
	c := len(vectors[0])
	if m.Cols()%c != 0 || m.Cells() == 0 {
		return x, nil, fmt.Errorf("%s: the columns of %s, %s, do not divide into %d channels", a.Name, paramName(a, i), m, c)
	}
	return channels{m.Rows(), m.Cols(), c, m.Cols() / c, m.Vector()}, vectors, nil
}

// of copies channel k of all images into a vector.
func (x channels) of(k int) *matrix.Matrix {
	v := make([]float64, 0, x.rows*x.size)
	for n := range x.rows {
		at := n*x.cols + k*x.size
		v = append(v, x.cells[at:at+x.size]...)
	}
	return matrix.FromDense(len(v), 1, v)
}

// put writes a vector as of returns it into the cells of out.
func (x channels) put(k int, v, out []float64) {
	for n := range x.rows {
		at := n*x.cols + k*x.size
		copy(out[at:at+x.size], v[n*x.size:])
	}
}

func callBatchNorm(a *exec.Args) ([]value.Value, error) {
	x, v, err := channelsOf(a, 0, 1, 2, 3, 4)
	if err != nil {
		return nil, err
	}
	mode, err := a.Str(5, "train")
	if err != nil {
		return nil, err
	}
	if mode != "train" && mode != "test" {
		return nil, badWord(a, 5, mode, "train", "test")
	}
	eps, err := a.Float(6, 0)
	if err != nil {
		return nil, err
	}
	mu, err := a.Float(7, 0)
	if err != nil {
		return nil, err
	}
	gamma, beta, emaMean, emaVar := v[0], v[1], v[2], v[3]
	out := make([]float64, len(x.cells))
	var res [4][]float64 // running mean and variance, mean, istd
	for k := range x.count {
		ch := x.of(k)
		mean, variance := emaMean[k], emaVar[k]
		newMean, newVar := mean, variance
		if mode == "train" {
			n := float64(ch.Rows())
			mean = matrix.AggFull(a.M.Mat(), matrix.Mean, ch)
			variance = matrix.AggFull(a.M.Mat(), matrix.Var, ch) * (n - 1) / n
			newMean, newVar = mu*newMean+(1-mu)*mean, mu*newVar+(1-mu)*variance
		}
		istd := 1 / math.Sqrt(variance+eps)
		cells := ch.Vector() // of a vector made here
		for i, c := range cells {
			cells[i] = (c-mean)*istd*gamma[k] + beta[k]
		}
		x.put(k, cells, out)
		for i, r := range []float64{newMean, newVar, mean, istd} {
			res[i] = append(res[i], r)
		}
	}
	vals := []value.Value{matrix.Compact(a.M.Mat(), matrix.FromDense(x.rows, x.cols, out))}
	for _, r := range res {
		vals = append(vals, matrix.FromDense(x.count, 1, r))
	}
	return vals, nil
}

func batchNormBackward() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "batch_norm2d_backward",
			Params: []types.Param{
				need("X", types.Mat, "images, N x C*cells"),
				need("dout", types.Mat, "gradient of the output, like X"),
				need("gamma", types.Mat, "scale, "+perChannel),
				need("epsilon", types.Dbl, "as passed to batch_norm2d; istd already holds it"),
				need("mean", types.Mat, "fourth result of batch_norm2d, C x 1"),
				need("istd", types.Mat, "fifth result of batch_norm2d, C x 1"),
			},
			Results:     []types.Type{types.Mat, types.Mat, types.Mat},
			MultiResult: true,
		},
		Family:  networks,
		Doc:     "[dX, dgamma, dbeta] = batch_norm2d_backward(...): the gradients of batch_norm2d in train mode; dX has the dimensions of X, the others are C x 1.",
		Example: `X = matrix("1 3", 2, 1); one = matrix(1, 1, 1); [dX, dg, db] = batch_norm2d_backward(X, X, one, 0, 2*one, one); print(as.scalar(dg) + " " + as.scalar(db))  # 2.0 4.0`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			c := op.Dims(in[2].Rows, 1)
			return []op.Shape{op.Dims(in[0].Rows, in[0].Cols), c, c}, nil
		},
		Call: callBatchNormBackward,
	}
}

func callBatchNormBackward(a *exec.Args) ([]value.Value, error) {
	x, v, err := channelsOf(a, 0, 2, 4, 5)
	if err != nil {
		return nil, err
	}
	d, _, err := channelsOf(a, 1, 2)
	if err != nil {
		return nil, err
	}
	if d.rows != x.rows || d.cols != x.cols {
		return nil, fmt.Errorf("%s: dout must be %dx%d like X, not %dx%d", a.Name, x.rows, x.cols, d.rows, d.cols)
	}
	gamma, mean, istd := v[0], v[1], v[2]
	out := make([]float64, len(x.cells))
	dgamma, dbeta := make([]float64, x.count), make([]float64, x.count)
	for k := range x.count {
		cells, dch := x.of(k).Vector(), d.of(k)
		dk := dch.Vector()
		scaled := make([]float64, len(cells)) // the normalised cells times their gradient
		for i := range cells {
			cells[i] = (cells[i] - mean[k]) * istd[k]
			scaled[i] = cells[i] * dk[i]
		}
		n := float64(len(cells))
		dbeta[k] = matrix.AggFull(a.M.Mat(), matrix.Sum, dch)
		dgamma[k] = matrix.AggFull(a.M.Mat(), matrix.Sum, matrix.FromDense(len(scaled), 1, scaled))
		for i := range cells {
			cells[i] = gamma[k] * istd[k] / n * (n*dk[i] - dbeta[k] - cells[i]*dgamma[k])
		}
		x.put(k, cells, out)
	}
	return []value.Value{
		matrix.Compact(a.M.Mat(), matrix.FromDense(x.rows, x.cols, out)),
		matrix.FromDense(x.count, 1, dgamma), matrix.FromDense(x.count, 1, dbeta),
	}, nil
}
