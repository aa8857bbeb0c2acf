package rewrite

import (
	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

func cellRules() []Rule {
	return []Rule{
		{"DropNeutral", "X*1, 1*X, X/1, X-0 => X", []op.Op{op.Cell2}, 2, dropNeutral},
		{"DoubleSelf", "X+X => X*2", []op.Op{op.Cell2}, 2, doubleSelf},
		{"SquareSelf", "X*X, X^2 => square(X)", []op.Op{op.Cell2}, 2, squareSelf},
		{"NegateEquality", "!(A==B) => A!=B, !(A!=B) => A==B", []op.Op{op.Cell1}, 2, negateEquality},
		{"Sigmoid", "1/(1+exp(-X)) => sigmoid(X)", []op.Op{op.Cell2}, 2, sigmoid},
		{"SampleProportion", "X*(1-X) => sprop(X)", []op.Op{op.Cell2}, 2, sampleProportion},
	}
}

// dropNeutral needs a matrix: for a scalar the operation may change int to double.
func dropNeutral(_ *Rewriter, n *hop.Node) *hop.Node {
	a, b := n.In[0], n.In[1]
	switch f := n.Aux.(*cell.Binary); {
	case (f == cell.Mul || f == cell.Div) && is(b, 1) && isMatrix(a):
		return a
	case f == cell.Mul && is(a, 1) && isMatrix(b):
		return b
	case f == cell.Sub && is(b, 0) && isMatrix(a):
		return a
	}
	return nil
}

func doubleSelf(r *Rewriter, n *hop.Node) *hop.Node {
	if n.Aux != cell.Add || n.In[0] != n.In[1] || !isMatrix(n.In[0]) {
		return nil
	}
	return r.Node(op.Cell2, cell.Mul, types.Mat, n.Span, n.In[0], r.Lit(2.0, n.Span))
}

func squareSelf(r *Rewriter, n *hop.Node) *hop.Node {
	x := n.In[0]
	f := n.Aux.(*cell.Binary)
	if !isMatrix(x) || !(f == cell.Mul && n.In[1] == x || f == cell.Pow && is(n.In[1], 2)) {
		return nil
	}
	return r.Node(op.Cell1, cell.Square, types.Mat, n.Span, x)
}

// negateEquality covers == and != only: an order comparison with NaN is false both
// ways. A comparison of unknown type may be one of frames or tensors, which ! refuses.
func negateEquality(r *Rewriter, n *hop.Node) *hop.Node {
	c := n.In[0]
	if n.Aux != cell.Not || c.Op != op.Cell2 || !r.Single(c) || !isMatrix(c) && !isScalar(c) {
		return nil
	}
	switch c.Aux {
	case cell.Eq:
		return r.Node(op.Cell2, cell.Ne, n.Type, n.Span, c.In...)
	case cell.Ne:
		return r.Node(op.Cell2, cell.Eq, n.Type, n.Span, c.In...)
	}
	return nil
}

func sigmoid(r *Rewriter, n *hop.Node) *hop.Node {
	sum := n.In[1]
	if n.Aux != cell.Div || !is(n.In[0], 1) || sum.Op != op.Cell2 || sum.Aux != cell.Add || !isMatrix(n) || !r.Single(sum) {
		return nil
	}
	e := sum.In[1]
	if is(e, 1) {
		e = sum.In[0]
	} else if !is(sum.In[0], 1) {
		return nil
	}
	if e.Op != op.Cell1 || e.Aux != cell.Exp || !r.Single(e) {
		return nil
	}
	if x := negated(e.In[0]); x != nil {
		return r.Node(op.Cell1, cell.Sigmoid, types.Mat, n.Span, x)
	}
	return nil
}

// negated returns X of a matrix 0-X or X*(-1), or nil.
func negated(n *hop.Node) *hop.Node {
	if n.Op != op.Cell2 {
		return nil
	}
	switch a, b := n.In[0], n.In[1]; {
	case n.Aux == cell.Sub && is(a, 0) && isMatrix(b):
		return b
	case n.Aux == cell.Mul && is(b, -1) && isMatrix(a):
		return a
	}
	return nil
}

func sampleProportion(r *Rewriter, n *hop.Node) *hop.Node {
	if n.Aux != cell.Mul {
		return nil
	}
	x, c := n.In[0], n.In[1]
	if !oneMinus(c, x) {
		x, c = c, x
	}
	if !oneMinus(c, x) || !isMatrix(x) || !r.Single(c) {
		return nil
	}
	return r.Node(op.Cell1, cell.Sprop, types.Mat, n.Span, x)
}

// oneMinus reports whether n is 1-x.
func oneMinus(n, x *hop.Node) bool {
	return n.Op == op.Cell2 && n.Aux == cell.Sub && is(n.In[0], 1) && n.In[1] == x
}
