package rewrite

import (
	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

func aggRules() []Rule {
	return []Rule{
		{"AggOfReorg", "f(t(X)), f(rev(X)) => f(X)", []op.Op{op.Agg}, 2, aggOfReorg},
		{"SwapAggAndT", "colSums(t(X)) => t(rowSums(X)), and dual", []op.Op{op.Agg}, 2, swapAggAndT},
		{"MergeAgg", "sum(rowSums(X)) => sum(X), min(rowMins(X)) => min(X), ...", []op.Op{op.Agg}, 2, mergeAgg},
		{"ScaleAfterSum", "sum(s*X) => s*sum(X)", []op.Op{op.Agg}, 2, scaleAfterSum},
		{"SumOfSquares", "sum(X^2) => sumsq(X)", []op.Op{op.Agg}, 2, sumOfSquares},
		{"TraceOfProduct", "trace(X%*%Y) => sum(X*t(Y))", []op.Op{op.Agg}, 2, traceOfProduct},
	}
}

// aggOfReorg: a full aggregate does not depend on where the cells are, except trace.
func aggOfReorg(r *Rewriter, n *hop.Node) *hop.Node {
	a, x := n.Aux.(op.Aggregate), n.In[0]
	if a.Dir != op.Full || a.Fn == op.Trace || (x.Op != op.T && x.Op != op.Rev) || !r.Single(x) {
		return nil
	}
	return r.Node(op.Agg, a, n.Type, n.Span, x.In[0])
}

func swapAggAndT(r *Rewriter, n *hop.Node) *hop.Node {
	a, x := n.Aux.(op.Aggregate), n.In[0]
	if a.Dir == op.Full || x.Op != op.T || !r.Single(x) {
		return nil
	}
	a.Dir = op.Row + op.Col - a.Dir
	return r.Node(op.T, nil, types.Mat, n.Span, r.Node(op.Agg, a, types.Mat, n.Span, x.In[0]))
}

// mergeAgg: the row and column forms of an input without cells give zeros where the
// full minimum and maximum give infinities, so those need an input known to have cells.
func mergeAgg(r *Rewriter, n *hop.Node) *hop.Node {
	a, x := n.Aux.(op.Aggregate), n.In[0]
	if a.Dir != op.Full || x.Op != op.Agg || !r.Single(x) {
		return nil
	}
	in := x.Aux.(op.Aggregate)
	switch s := x.In[0].Shape; {
	case in.Dir == op.Full:
		return nil
	case a.Fn == op.Sum && (in.Fn == op.Sum || in.Fn == op.SumSq):
	case (a.Fn == op.Min || a.Fn == op.Max) && in.Fn == a.Fn && s.Rows > 0 && s.Cols > 0:
	default:
		return nil
	}
	return r.Node(op.Agg, op.Aggregate{Fn: in.Fn}, n.Type, n.Span, x.In[0])
}

func scaleAfterSum(r *Rewriter, n *hop.Node) *hop.Node {
	a, x := n.Aux.(op.Aggregate), n.In[0]
	if a.Fn != op.Sum || x.Op != op.Cell2 || x.Aux != cell.Mul || !r.Single(x) {
		return nil
	}
	s, m := x.In[0], x.In[1]
	if !isNumber(s) {
		s, m = m, s
	}
	if !isNumber(s) || !isMatrix(m) {
		return nil
	}
	sum := r.Node(op.Agg, a, n.Type, n.Span, m)
	if a.Dir == op.Full {
		return r.Node(op.Cell2, cell.Mul, types.Dbl, n.Span, s, sum)
	}
	return r.Node(op.Cell2, cell.Mul, types.Mat, n.Span, sum, s)
}

func sumOfSquares(r *Rewriter, n *hop.Node) *hop.Node {
	a, x := n.Aux.(op.Aggregate), n.In[0]
	if a.Fn != op.Sum || x.Op != op.Cell1 || x.Aux != cell.Square || !r.Single(x) {
		return nil
	}
	a.Fn = op.SumSq
	return r.Node(op.Agg, a, n.Type, n.Span, x.In[0])
}

// traceOfProduct replaces a cubic by a quadratic operation. Both products must be
// real ones: with a 1x1 operand %*% scales instead.
func traceOfProduct(r *Rewriter, n *hop.Node) *hop.Node {
	a, p := n.Aux.(op.Aggregate), n.In[0]
	if a.Fn != op.Trace || p.Op != op.MatMul || !r.Single(p) || !properProduct(p) {
		return nil
	}
	y := r.Node(op.T, nil, types.Mat, n.Span, p.In[1])
	if !sameDims(p.In[0], y) {
		return nil
	}
	return r.Node(op.Agg, op.Aggregate{Fn: op.Sum}, n.Type, n.Span, r.Node(op.Cell2, cell.Mul, types.Mat, n.Span, p.In[0], y))
}
