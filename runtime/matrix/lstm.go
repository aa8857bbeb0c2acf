package matrix

import (
	"fmt"
	"math"
)

// LSTM holds the operands of a long short-term memory layer (Hochreiter, Schmidhuber
// 1997) over T steps of N sequences with D features and M units: X is N x T*D, step
// after step; W is (D+M) x 4M and B 1 x 4M with the columns of the input, forget and
// output gate and of the candidates; Out0 and C0, N x M, are output and cell before
// the first step.
type LSTM struct {
	X, W, B, Out0, C0 *Matrix

	n, t, d, m int
}

// LSTMSteps is what a forward pass leaves for the backward pass, with a row for each
// step: Out and C are T x N*M, Gates is T x N*4M.
type LSTMSteps struct {
	Out, C, Gates *Matrix
}

// Release gives the matrices back.
func (s *LSTMSteps) Release() {
	for _, m := range []*Matrix{s.Out, s.C, s.Gates} {
		m.Release()
	}
}

// check finds the sizes of the layer.
func (l *LSTM) check() error {
	l.n, l.m = l.X.rows, l.Out0.cols
	l.d = l.W.rows - l.m
	switch {
	case l.m == 0 || l.W.cols != 4*l.m || l.d <= 0:
		return fmt.Errorf("lstm: W must be (D+M) x 4M with the %d columns of out0 as M, not %v", l.m, l.W)
	case l.X.cols == 0 || l.X.cols%l.d != 0:
		return fmt.Errorf("lstm: the columns of X must be steps of %d features, as W has %d rows and out0 %d columns: %v", l.d, l.W.rows, l.m, l.X)
	case l.B.rows != 1 || l.B.cols != 4*l.m:
		return fmt.Errorf("lstm: b must be 1x%d, not %v", 4*l.m, l.B)
	case l.Out0.rows != l.n || l.C0.rows != l.n || l.C0.cols != l.m:
		return fmt.Errorf("lstm: out0 and c0 must be %dx%d, not %v and %v", l.n, l.m, l.Out0, l.C0)
	}
	l.t = l.X.cols / l.d
	return nil
}

// sigmoid is the logistic function.
func sigmoid(v float64) float64 { return 1 / (1 + math.Exp(-v)) }

// input returns the inputs of step t: the features beside the outputs of the step before.
func (l *LSTM) input(c *Ctx, x, before []float64, t int) *Matrix {
	in := newDense(c, l.n, l.d+l.m)
	for i := range l.n {
		row := in.dense[i*in.cols : (i+1)*in.cols]
		copy(row, x[i*l.X.cols+t*l.d:][:l.d])
		copy(row[l.d:], before[i*l.m:][:l.m])
	}
	return in
}

// Forward runs the layer: gates i, f, o = sigmoid and g = tanh of input %*% W + b, then
// c = f*c + i*g and out = o*tanh(c). The caller owns the result.
func (l *LSTM) Forward(c *Ctx) (*LSTMSteps, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	s := &LSTMSteps{Out: newDense(c, l.t, l.n*l.m), C: newDense(c, l.t, l.n*l.m), Gates: newDense(c, l.t, l.n*4*l.m)}
	x, bias, out, cells := l.X.Vector(), l.B.Vector(), l.Out0.Vector(), l.C0.Vector()
	for t := range l.t {
		in := l.input(c, x, out, t)
		raw, err := MatMul(c, in, l.W)
		in.Release()
		if err != nil {
			s.Release()
			return nil, err
		}
		gates := s.Gates.dense[t*s.Gates.cols:][:s.Gates.cols]
		copy(gates, raw.Vector())
		raw.Release()
		nextOut, nextC := s.Out.dense[t*s.Out.cols:][:s.Out.cols], s.C.dense[t*s.C.cols:][:s.C.cols]
		for i := range l.n {
			l.step(gates[i*4*l.m:][:4*l.m], bias, cells[i*l.m:], nextC[i*l.m:], nextOut[i*l.m:])
		}
		out, cells = nextOut, nextC
	}
	return s, nil
}

// step finishes the gates of one sequence in place and computes its cells and outputs.
func (l *LSTM) step(gates, bias, before, cells, out []float64) {
	m := l.m
	for k := range gates {
		gates[k] += bias[k]
		if k < 3*m {
			gates[k] = sigmoid(gates[k])
		} else {
			gates[k] = math.Tanh(gates[k])
		}
	}
	for k := range m {
		cells[k] = gates[m+k]*before[k] + gates[k]*gates[3*m+k]
		out[k] = gates[2*m+k] * math.Tanh(cells[k])
	}
}

// Result returns the outputs, of all steps as N x T*M or of the last one as N x M, and the cells of the last step, N x M.
func (s *LSTMSteps) Result(c *Ctx, n int, all bool) (out, cells *Matrix) {
	steps, m := s.Out.rows, s.Out.cols/max(n, 1)
	last := func(a *Matrix) *Matrix {
		o := newDense(c, n, m)
		copy(o.dense, a.dense[(steps-1)*a.cols:])
		return o
	}
	cells = last(s.C)
	if !all {
		return last(s.Out), cells
	}
	out = newDense(c, n, steps*m)
	for t := range steps {
		for i := range n {
			copy(out.dense[i*out.cols+t*m:][:m], s.Out.dense[t*s.Out.cols+i*m:])
		}
	}
	return out, cells
}

// LSTMGrads are the gradients of a loss in the operands of an LSTM, in their dimensions.
type LSTMGrads struct {
	X, W, B, Out0, C0 *Matrix
}

// Backward returns the gradients of a layer. s is what Forward left; dout is the
// gradient of the outputs, N x T*M or N x M for the last step only, and dc that of the
// last cells, N x M.
func (l *LSTM) Backward(c *Ctx, s *LSTMSteps, dout, dc *Matrix) (*LSTMGrads, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	if err := l.checkGrads(s, dout, dc); err != nil {
		return nil, err
	}
	b := &lstmBackward{
		LSTM: l, c: c, x: l.X.Vector(), dout: dout.Vector(), each: dout.cols == l.t*l.m && l.t > 1,
		outs: s.Out.Vector(), cells: s.C.Vector(), gates: s.Gates.Vector(),
		gradOut: make([]float64, l.n*l.m), gradC: append([]float64(nil), dc.Vector()...),
		gradX: newDense(c, l.n, l.X.cols), gradW: New(c, l.W.rows, l.W.cols), gradB: New(c, 1, 4*l.m),
	}
	wt := Transpose(c, l.W)
	defer wt.Release()
	for t := l.t - 1; t >= 0; t-- {
		if err := b.step(t, wt); err != nil {
			return nil, err
		}
	}
	return &LSTMGrads{
		X: Compact(c, b.gradX), W: Compact(c, b.gradW), B: Compact(c, b.gradB),
		Out0: Compact(c, FromDense(l.n, l.m, b.gradOut)), C0: Compact(c, FromDense(l.n, l.m, b.gradC)),
	}, nil
}

func (l *LSTM) checkGrads(s *LSTMSteps, dout, dc *Matrix) error {
	switch {
	case dc.rows != l.n || dc.cols != l.m:
		return fmt.Errorf("lstm_backward: dc must be %dx%d, not %v", l.n, l.m, dc)
	case dout.rows != l.n || dout.cols != l.m && dout.cols != l.t*l.m:
		return fmt.Errorf("lstm_backward: dout must be %dx%d, or %dx%d for the last step, not %v", l.n, l.t*l.m, l.n, l.m, dout)
	case s.Out.rows != l.t || s.Out.cols != l.n*l.m || s.C.rows != l.t || s.C.cols != l.n*l.m:
		return fmt.Errorf("lstm_backward: cache_out and cache_c must be %dx%d, not %v and %v", l.t, l.n*l.m, s.Out, s.C)
	case s.Gates.rows != l.t || s.Gates.cols != 4*l.n*l.m:
		return fmt.Errorf("lstm_backward: cache_ifog must be %dx%d, not %v", l.t, 4*l.n*l.m, s.Gates)
	}
	return nil
}

// lstmBackward is the state of Backward: the gradients of output and cells that flow from
// a step to the one before it, and those that add up over the steps.
type lstmBackward struct {
	*LSTM
	c                  *Ctx
	x, dout            []float64
	each               bool // dout has a part for every step
	outs, cells, gates []float64
	gradOut, gradC     []float64
	gradX              *Matrix
	gradW, gradB       *Matrix
}

// at returns the part of a cache that belongs to step t, or the values before the first step.
func (b *lstmBackward) at(cache []float64, first *Matrix, t int) []float64 {
	if t < 0 {
		return first.Vector()
	}
	return cache[t*b.n*b.m:][:b.n*b.m]
}

func (b *lstmBackward) step(t int, wt *Matrix) error {
	raw := newDense(b.c, b.n, 4*b.m)
	defer raw.Release()
	before := b.at(b.cells, b.C0, t-1)
	for i := range b.n {
		b.rawGates(raw.dense[i*raw.cols:][:raw.cols], before, t, i)
	}
	in := b.input(b.c, b.x, b.at(b.outs, b.Out0, t-1), t)
	defer in.Release()
	inT := Transpose(b.c, in)
	defer inT.Release()
	dw, err := MatMul(b.c, inT, raw)
	if err != nil {
		return err
	}
	defer dw.Release()
	for p, v := range dw.Vector() {
		b.gradW.dense[p] += v
	}
	for p, v := range raw.dense {
		b.gradB.dense[p%raw.cols] += v
	}
	din, err := MatMul(b.c, raw, wt)
	if err != nil {
		return err
	}
	defer din.Release()
	row := make([]float64, din.cols)
	for i := range b.n {
		din.Row(i, row)
		copy(b.gradX.dense[i*b.gradX.cols+t*b.d:][:b.d], row)
		copy(b.gradOut[i*b.m:][:b.m], row[b.d:])
	}
	return nil
}

// rawGates computes the gradients of the gates of sequence i before their activation, and passes
// the gradient of its cells on to the step before.
func (b *lstmBackward) rawGates(raw, before []float64, t, i int) {
	m := b.m
	gates := b.gates[(t*b.n+i)*4*m:][:4*m]
	for k := range m {
		p := i*m + k
		in, forget, out, cand := gates[k], gates[m+k], gates[2*m+k], gates[3*m+k]
		th := math.Tanh(b.cells[t*b.n*m+p])
		dout := b.gradOut[p]
		switch {
		case b.each:
			dout += b.dout[i*b.t*m+t*m+k]
		case t == b.t-1:
			dout += b.dout[p]
		}
		dc := b.gradC[p] + out*dout*(1-th*th)
		raw[k] = in * (1 - in) * cand * dc
		raw[m+k] = forget * (1 - forget) * before[p] * dc
		raw[2*m+k] = out * (1 - out) * th * dout
		raw[3*m+k] = (1 - cand*cand) * in * dc
		b.gradC[p] = forget * dc
	}
}
