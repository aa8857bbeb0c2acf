package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// lstmFuncs are a long short-term memory layer (Hochreiter, Schmidhuber 1997) and its gradients.
func lstmFuncs() []*Func { return []*Func{lstm(), lstmBackward()} }

func lstmParams(more ...types.Param) []types.Param {
	return append([]types.Param{
		need("X", types.Mat, "N sequences of T steps with D features, N x T*D"),
		need("W", types.Mat, "weights of features and outputs, (D+M) x 4M: columns of input, forget, output gate and candidates"),
		need("b", types.Mat, "biases, 1 x 4M"),
		need("out0", types.Mat, "outputs before the first step, N x M"),
		need("c0", types.Mat, "cells before the first step, N x M"),
		need("return_sequences", types.BoolT, "the outputs of all steps, not of the last one alone"),
	}, more...)
}

func mats(n int) []types.Type {
	ts := make([]types.Type, n)
	for i := range ts {
		ts[i] = types.Mat
	}
	return ts
}

func lstm() *Func {
	return &Func{
		Signature: types.Signature{Name: "lstm", Params: lstmParams(), Results: mats(5), MultiResult: true},
		Family:    networks,
		Doc: "[out, c] = lstm(...): a long short-term memory layer. Each step computes the gates i, f, o by the logistic function and" +
			" the candidates g by tanh of the features and the outputs before, times W plus b; then c = f*c + i*g and out = o*tanh(c)." +
			" out is N x T*M, step after step, or N x M of the last step; c, N x M, holds the last cells. Three more results are for" +
			" lstm_backward: outputs and cells, T x N*M, and gates, T x 4NM, with a row for each step.",
		Example: `X = matrix("1 -1", 1, 2); zero = matrix(0, 1, 1); [out, c] = lstm(X, matrix(1, 2, 4), matrix(0, 1, 4), zero, zero, TRUE); print(toString(out, decimal=6))  # 0.369606 -0.000187`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			x, w, o := in[0], in[1], in[3]
			n, m := op.Dims(x.Rows, op.Unknown), o.Cols
			if m < 0 && w.Cols >= 0 {
				m = w.Cols / 4
			}
			out := n
			if len(in) > 5 && in[5].Val == false {
				out.Cols = m
			}
			return []op.Shape{out, op.Dims(x.Rows, m), op.NoShape, op.NoShape, op.NoShape}, nil
		},
		Call: callLSTM,
	}
}

// lstmLayer reads the arguments that both functions share.
func lstmLayer(a *exec.Args) (*matrix.LSTM, bool, error) {
	var ms [5]*matrix.Matrix
	for i := range ms {
		var err error
		if ms[i], err = a.Matrix(i); err != nil {
			return nil, false, err
		}
	}
	all, err := a.Bool(5, false)
	return &matrix.LSTM{X: ms[0], W: ms[1], B: ms[2], Out0: ms[3], C0: ms[4]}, all, err
}

func callLSTM(a *exec.Args) ([]value.Value, error) {
	l, all, err := lstmLayer(a)
	if err != nil {
		return nil, err
	}
	steps, err := l.Forward(a.M.Mat())
	if err != nil {
		return nil, named(a, err)
	}
	out, c := steps.Result(a.M.Mat(), l.X.Rows(), all)
	vals := make([]value.Value, 0, 5)
	for _, m := range []*matrix.Matrix{out, c, steps.Out, steps.C, steps.Gates} {
		vals = append(vals, matrix.Compact(a.M.Mat(), m))
	}
	return vals, nil
}

func lstmBackward() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "lstm_backward",
			Params: lstmParams(
				need("dout", types.Mat, "gradient of out, in its dimensions"),
				need("dc", types.Mat, "gradient of the last cells, N x M"),
				need("cache_out", types.Mat, "third result of lstm"),
				need("cache_c", types.Mat, "fourth result of lstm"),
				need("cache_ifog", types.Mat, "fifth result of lstm")),
			Results: mats(5), MultiResult: true,
		},
		Family: networks,
		Doc: "[dX, dW, db, dout0, dc0] = lstm_backward(...): the gradients of the operands of lstm, each in the dimensions of" +
			" its operand, from the gradients of its results and from what lstm kept of its steps.",
		Example: `X = matrix("1 -1", 1, 2); W = matrix(1, 2, 4); b = matrix(0, 1, 4); one = matrix(1, 1, 1); [out, c, o, cs, g] = lstm(X, W, b, 0*one, 0*one, FALSE); [dX, dW, db, do, dc] = lstm_backward(X, W, b, 0*one, 0*one, FALSE, one, 0*one, o, cs, g); print(toString(dX, decimal=6))  # 0.083955 0.082831`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			return []op.Shape{
				op.Dims(in[0].Rows, in[0].Cols), op.Dims(in[1].Rows, in[1].Cols), op.Dims(in[2].Rows, in[2].Cols),
				op.Dims(in[3].Rows, in[3].Cols), op.Dims(in[4].Rows, in[4].Cols),
			}, nil
		},
		Call: callLSTMBackward,
	}
}

func callLSTMBackward(a *exec.Args) ([]value.Value, error) {
	l, all, err := lstmLayer(a)
	if err != nil {
		return nil, err
	}
	var ms [5]*matrix.Matrix
	for i := range ms {
		if ms[i], err = a.Matrix(6 + i); err != nil {
			return nil, err
		}
	}
	dout, dc := ms[0], ms[1]
	if want := lstmOutCols(l, all); want > 0 && dout.Cols() != want {
		return nil, fmt.Errorf("lstm_backward: dout must have %d columns when return_sequences is %v, not %d", want, all, dout.Cols())
	}
	g, err := l.Backward(a.M.Mat(), &matrix.LSTMSteps{Out: ms[2], C: ms[3], Gates: ms[4]}, dout, dc)
	if err != nil {
		return nil, named(a, err)
	}
	return []value.Value{g.X, g.W, g.B, g.Out0, g.C0}, nil
}

// lstmOutCols returns how many columns out has, 0 when the operands do not fit anyway.
func lstmOutCols(l *matrix.LSTM, all bool) int {
	m := l.Out0.Cols()
	if d := l.W.Rows() - m; all && d > 0 {
		return l.X.Cols() / d * m
	}
	return m
}
