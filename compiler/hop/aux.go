package hop

import (
	"gdml/lang/op"
	"gdml/runtime/cell"
)

// auxFits reports whether n carries the Aux that its operator is declared with, and as
// many inputs as that Aux asks for.
func auxFits(n *Node) bool {
	switch n.Op {
	case op.Read:
		return is[Var](n)
	case op.Lit:
		return is[Const](n)
	case op.Cell1:
		return is[*cell.Unary](n)
	case op.Cell2:
		return is[*cell.Binary](n)
	case op.TSMM:
		return is[op.Side](n)
	case op.MMChain:
		c, ok := n.Aux.(op.Chain)
		return ok && (len(n.In) == 2) == (c == op.XtXv)
	case op.Agg:
		return is[op.Aggregate](n)
	case op.Cum:
		return is[op.AggFn](n)
	case op.Index, op.Update:
		s, ok := n.Aux.(op.Subscript)
		return ok && len(n.In) == n.Op.Info().MinIn+int(s.Rows)+int(s.Cols)
	case op.Rand:
		return is[op.Random](n)
	case op.Call:
		return is[Callee](n)
	case op.FCall:
		return is[*FuncCall](n)
	case op.Out:
		r, ok := n.Aux.(op.Result)
		if !ok {
			return false
		}
		c, ok := n.In[0].Aux.(Callee)
		return ok && int(r) < len(c.Results())
	}
	return n.Aux == nil
}

func is[T any](n *Node) bool {
	_, ok := n.Aux.(T)
	return ok
}
