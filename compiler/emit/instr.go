package emit

import (
	"fmt"

	"gdml/builtins"
	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	rop "gdml/runtime/op"
)

// instruction makes the instruction of a node from its operands and results.
func (g *graph) instruction(n *hop.Node, m exec.Meta) (exec.Instruction, error) {
	in := func(k int) exec.Slot { return m.In[k] }
	dst := exec.NoSlot
	if len(m.Out) > 0 {
		dst = m.Out[0]
	}
	switch n.Op {
	case op.Cell1:
		return &rop.Cell1{Meta: m, F: n.Aux.(*cell.Unary), X: in(0), Dst: dst}, nil
	case op.Cell2:
		return &rop.Cell2{Meta: m, F: n.Aux.(*cell.Binary), Double: n.Type == types.Dbl, A: in(0), B: in(1), Dst: dst}, nil
	case op.IfElse:
		return &rop.IfElse{Meta: m, Cond: in(0), A: in(1), B: in(2), Dst: dst}, nil
	case op.PlusMul, op.MinusMul:
		return &rop.PlusMul{Meta: m, Minus: n.Op == op.MinusMul, A: in(0), S: in(1), B: in(2), Dst: dst}, nil
	case op.Cells:
		return &rop.Cells{Meta: m, Steps: steps(n), Dst: dst}, nil
	case op.SumCells:
		return &rop.SumCells{Meta: m, Steps: steps(n), Square: n.Aux.(*hop.Chain).Square, Dst: dst}, nil
	case op.MatMul:
		return &rop.MatMul{Meta: m, A: in(0), B: in(1), Dst: dst}, nil
	case op.TMatMul:
		return &rop.TMatMul{Meta: m, A: in(0), B: in(1), Dst: dst}, nil
	case op.Layer:
		l := &rop.Layer{Meta: m, F: n.Aux.(hop.Epilogue).F, A: in(0), B: in(1), Bias: exec.NoSlot, Dst: dst}
		if len(m.In) > 2 {
			l.Bias = in(2)
		}
		return l, nil
	case op.Sampled:
		a := n.Aux.(*hop.Sampled)
		s := &rop.Sampled{Meta: m, Trans: a.Trans, Dst: dst}
		for _, l := range a.Links {
			s.Steps = append(s.Steps, matrix.CellStep(l))
		}
		return s, nil
	case op.TSMM:
		return &rop.TSMM{Meta: m, Side: n.Aux.(op.Side), X: in(0), Dst: dst}, nil
	case op.MMChain:
		c := &rop.MMChain{Meta: m, Chain: n.Aux.(op.Chain), X: in(0), V: in(1), W: exec.NoSlot, Dst: dst}
		if len(m.In) > 2 {
			c.W = in(2)
		}
		return c, nil
	case op.Agg:
		return &rop.Agg{Meta: m, Kind: n.Aux.(op.Aggregate), X: in(0), Dst: dst}, nil
	case op.IndexMax, op.IndexMin:
		return &rop.IndexExtreme{Meta: m, Max: n.Op == op.IndexMax, X: in(0), Dst: dst}, nil
	case op.Cum:
		return &rop.Cum{Meta: m, Fn: n.Aux.(op.AggFn), X: in(0), Dst: dst}, nil
	case op.Call:
		return call(n, m)
	case op.FCall:
		return g.fcall(n, m)
	}
	return shaped(n, m, dst)
}

// steps returns the operators of a chain.
func steps(n *hop.Node) (out []matrix.CellStep) {
	for _, l := range n.Aux.(*hop.Chain).Links {
		out = append(out, matrix.CellStep(l))
	}
	return out
}

// shaped makes the instructions that rearrange, generate, select and convert.
func shaped(n *hop.Node, m exec.Meta, dst exec.Slot) (exec.Instruction, error) {
	in := func(k int) exec.Slot { return m.In[k] }
	switch n.Op {
	case op.T:
		return &rop.Reorg{Meta: m, F: rop.Transpose, X: in(0), Dst: dst}, nil
	case op.Rev:
		return &rop.Reorg{Meta: m, F: rop.Rev, X: in(0), Dst: dst}, nil
	case op.Diag:
		return &rop.Reorg{Meta: m, F: rop.Diag, X: in(0), Dst: dst}, nil
	case op.Reshape:
		return &rop.Reshape{Meta: m, X: in(0), Rows: in(1), Cols: in(2), ByRow: in(3), Dst: dst}, nil
	case op.CBind, op.RBind:
		return &rop.Bind{Meta: m, Cols: n.Op == op.CBind, Dst: dst}, nil
	case op.Index:
		return &rop.Index{Meta: m, Sub: n.Aux.(op.Subscript), X: in(0), Bounds: m.In[1:], Dst: dst}, nil
	case op.Update:
		return &rop.Update{Meta: m, Sub: n.Aux.(op.Subscript), X: in(0), Y: in(1), Bounds: m.In[2:], Dst: dst}, nil
	case op.Entry:
		return &rop.Entry{Meta: m, Matrix: n.Type.Data == types.Matrix, L: in(0), I: in(1), Dst: dst}, nil
	case op.Fill:
		return &rop.Fill{Meta: m, V: in(0), Rows: in(1), Cols: in(2), Dst: dst}, nil
	case op.Seq:
		return &rop.Seq{Meta: m, From: in(0), To: in(1), Incr: in(2), Dst: dst}, nil
	case op.Rand:
		return &rop.Rand{Meta: m, Kind: n.Aux.(op.Random), Dst: dst}, nil
	case op.NRow:
		return &rop.SizeOf{Meta: m, Size: rop.NRow, X: in(0), Dst: dst}, nil
	case op.NCol:
		return &rop.SizeOf{Meta: m, Size: rop.NCol, X: in(0), Dst: dst}, nil
	case op.Length:
		return &rop.SizeOf{Meta: m, Size: rop.Length, X: in(0), Dst: dst}, nil
	case op.AsScalar:
		return &rop.AsScalar{Meta: m, X: in(0), Dst: dst}, nil
	case op.AsMatrix:
		return &rop.AsMatrix{Meta: m, X: in(0), Dst: dst}, nil
	case op.AsDouble:
		return &rop.AsElem{Meta: m, Elem: types.Double, X: in(0), Dst: dst}, nil
	case op.AsInt:
		return &rop.AsElem{Meta: m, Elem: types.Int, X: in(0), Dst: dst}, nil
	case op.AsBool:
		return &rop.AsElem{Meta: m, Elem: types.Bool, X: in(0), Dst: dst}, nil
	}
	return nil, fmt.Errorf("no instruction for %s", n.Opcode())
}

// spread puts operands of passed arguments at their parameters.
func spread(in []exec.Slot, has []bool) []exec.Slot {
	out := make([]exec.Slot, len(has))
	k := 0
	for i, passed := range has {
		out[i] = exec.NoSlot
		if passed {
			out[i] = in[k]
			k++
		}
	}
	return out
}

func call(n *hop.Node, m exec.Meta) (exec.Instruction, error) {
	b, ok := n.Aux.(*builtins.Bound)
	if !ok || b.Func.Call == nil {
		return nil, fmt.Errorf("builtin %s has no code of its own", n.Opcode())
	}
	c := &rop.Call{Meta: m, F: b.Func.Call, Names: b.Names}
	if b.Has != nil {
		c.In = spread(m.In, b.Has)
		for _, p := range b.Func.Params {
			c.Param = append(c.Param, p.Name)
		}
	}
	return c, nil
}

func (g *graph) fcall(n *hop.Node, m exec.Meta) (exec.Instruction, error) {
	c := n.Aux.(*hop.FuncCall)
	f := g.funcs[c.Key]
	if f == nil {
		return nil, fmt.Errorf("call of the unknown function %s", c.Key)
	}
	m.In = spread(m.In, c.Has)
	return &rop.FCall{Meta: m, Func: f}, nil
}
