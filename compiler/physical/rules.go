package physical

import (
	"slices"

	"gdml/compiler/hop"
	"gdml/compiler/rewrite"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

// Rules returns the physical rules in the order they are tried.
func Rules() []rewrite.Rule {
	return []rewrite.Rule{
		{Name: "MatMulToTSMM", Pattern: "t(X)%*%X => tsmm left, X%*%t(X) => tsmm right", Ops: []op.Op{op.MatMul}, Level: 2, Apply: matMulToTSMM},
		{Name: "MatMulToMMChain", Pattern: "t(X)%*%(X%*%v), t(X)%*%(w*(X%*%v)), t(X)%*%((X%*%v)-y) => mmchain", Ops: []op.Op{op.MatMul}, Level: 2, Apply: matMulToMMChain},
		{Name: "TakeEntry", Pattern: "as.matrix(L[i]), as.scalar(L[i]) => entry of L, without a list of one", Ops: []op.Op{op.Call}, Level: 2, Apply: takeEntry},
		{Name: "FusePlusMul", Pattern: "A+s*B => A +* s B, A-s*B => A -* s B", Ops: []op.Op{op.Cell2}, Level: 2, Apply: fusePlusMul},
		{Name: "FuseBias", Pattern: "A%*%B + v => layer A B v", Ops: []op.Op{op.Cell2}, Level: 2, Apply: fuseBias},
		{Name: "FuseMap", Pattern: "f(A%*%B) => layer f A B, f(layer A B v) => layer f A B v", Ops: []op.Op{op.Cell1}, Level: 2, Apply: fuseMap},
		{Name: "FuseSampled", Pattern: "W * f(U%*%t(V), X) => sampled f, for the non-zeros of W only", Ops: []op.Op{op.Cell1, op.Cell2, op.Cells}, Level: 2, Apply: fuseSampled},
		{Name: "MatMulOfT", Pattern: "t(A)%*%B => tba(+*) A B", Ops: []op.Op{op.MatMul}, Level: 2, Apply: matMulOfT},
		{Name: "FuseCells", Pattern: "f(g(X, Y), Z) => cells f g, in one pass", Ops: []op.Op{op.Cell1, op.Cell2}, Level: 2, Apply: fuseCells},
		{Name: "FuseSum", Pattern: "sum(f(X, Y)), sum(f(X, Y)^2) => sumcells f, in one pass", Ops: []op.Op{op.Agg}, Level: 2, Apply: fuseSum},
	}
}

// matMulToTSMM: the 1x1 case is the same scaling either way, X*X.
func matMulToTSMM(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	a, b := n.In[0], n.In[1]
	switch {
	case a.Op == op.T && a.In[0] == b:
		return r.Node(op.TSMM, op.Left, types.Mat, n.Span, b)
	case b.Op == op.T && b.In[0] == a:
		return r.Node(op.TSMM, op.Right, types.Mat, n.Span, a)
	}
	return nil
}

// matMulToMMChain requires one column in v: then X is read once and X%*%v never
// stored. The inner product and the vector made of it must have no other consumer.
func matMulToMMChain(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	t, in := n.In[0], n.In[1]
	if t.Op != op.T || !r.Single(in) {
		return nil
	}
	x := t.In[0]
	if v := innerProduct(r, x, in); v != nil {
		return r.Node(op.MMChain, op.XtXv, types.Mat, n.Span, x, v)
	}
	if in.Op != op.Cell2 {
		return nil
	}
	a, b := in.In[0], in.In[1]
	switch in.Aux {
	case cell.Mul:
		if v := innerProduct(r, x, b); v != nil && isColumn(a, x) {
			return r.Node(op.MMChain, op.XtwXv, types.Mat, n.Span, x, v, a)
		}
		if v := innerProduct(r, x, a); v != nil && isColumn(b, x) {
			return r.Node(op.MMChain, op.XtwXv, types.Mat, n.Span, x, v, b)
		}
	case cell.Sub:
		if v := innerProduct(r, x, a); v != nil && isColumn(b, x) {
			return r.Node(op.MMChain, op.XtXvy, types.Mat, n.Span, x, v, b)
		}
		if v := innerProduct(r, x, b); v != nil && isColumn(a, x) {
			chain := r.Node(op.MMChain, op.XtXvy, types.Mat, n.Span, x, v, a)
			return r.Node(op.Cell2, cell.Sub, types.Mat, n.Span, r.Lit(0.0, n.Span), chain)
		}
	}
	return nil
}

// matMulOfT requires that nothing else uses the transpose.
func matMulOfT(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	t := n.In[0]
	if t.Op != op.T || !r.Single(t) || t.In[0].Type.Data != types.Matrix || n.In[1].Type.Data != types.Matrix {
		return nil
	}
	return r.Node(op.TMatMul, nil, types.Mat, n.Span, t.In[0], n.In[1])
}

// innerProduct returns v when n is X%*%v with a single column, used nowhere else.
func innerProduct(r *rewrite.Rewriter, x, n *hop.Node) *hop.Node {
	if n.Op != op.MatMul || n.In[0] != x || n.In[1].Shape.Cols != 1 || !r.Single(n) {
		return nil
	}
	if s := x.Shape; s.Rows == 1 && s.Cols == 1 || n.In[1].Shape.Rows == 1 && s.Cols != 1 {
		return nil // a 1x1 operand scales
	}
	return n.In[1]
}

// isColumn reports whether n is known to be a column vector as long as x is high, of more than one row.
func isColumn(n, x *hop.Node) bool {
	return n.Type.Data == types.Matrix && n.Shape.Cols == 1 && n.Shape.Rows > 1 && n.Shape.Rows == x.Shape.Rows
}

// takeEntry requires that nothing else uses the list of one entry.
func takeEntry(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	c, ok := n.Aux.(hop.Callee)
	if !ok || len(n.In) != 1 || c.Name() != "as.matrix" && c.Name() != "as.scalar" {
		return nil
	}
	in := n.In[0]
	if in.Op != op.Index || !r.Single(in) || in.In[0].Type.Data != types.List {
		return nil
	}
	if s := in.Aux.(op.Subscript); !s.OneDim || s.Rows != op.One {
		return nil
	}
	t := types.Mat
	if c.Name() == "as.scalar" {
		t = n.Type
	}
	return r.Node(op.Entry, nil, t, in.Span, in.In[0], in.In[1])
}

// fuseBias leaves alone what is known not to be a row vector. Whether v is one is
// asked again when it is added.
func fuseBias(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	if n.Aux != cell.Add {
		return nil
	}
	p, v := n.In[0], n.In[1]
	if !isProduct(p) {
		p, v = v, p
	}
	if !isProduct(p) || !r.Single(p) || v.Type.Data != types.Matrix || v.Shape.Rows > 1 {
		return nil
	}
	return r.Node(op.Layer, hop.Epilogue{}, types.Mat, n.Span, append(operands(r, p), v)...)
}

// fuseMap requires that nothing else uses the product.
func fuseMap(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	p := n.In[0]
	if !isProduct(p) && (p.Op != op.Layer || p.Aux.(hop.Epilogue).F != nil) || !r.Single(p) {
		return nil
	}
	return r.Node(op.Layer, hop.Epilogue{F: n.Aux.(*cell.Unary)}, types.Mat, n.Span, operands(r, p)...)
}

func isProduct(n *hop.Node) bool { return n.Op == op.MatMul || n.Op == op.TMatMul }

// operands returns the inputs of a product or layer; a left factor that the product
// transposes itself is transposed again by an operator of its own.
func operands(r *rewrite.Rewriter, p *hop.Node) []*hop.Node {
	in := slices.Clone(p.In)
	if p.Op == op.TMatMul {
		in[0] = r.Node(op.T, nil, types.Mat, p.Span, in[0])
	}
	return in
}

// fusePlusMul needs equal dimensions: a broadcast operand has no fused form.
func fusePlusMul(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	a, p := n.In[0], n.In[1]
	plus := n.Aux == cell.Add
	if !plus && n.Aux != cell.Sub {
		return nil
	}
	s, b := scaled(r, p)
	if s == nil && plus {
		a, p = p, a
		s, b = scaled(r, p)
	}
	if s == nil || a.Type.Data != types.Matrix || !a.Shape.Known() || a.Shape.Rows != b.Shape.Rows || a.Shape.Cols != b.Shape.Cols {
		return nil
	}
	if plus {
		return r.Node(op.PlusMul, nil, types.Mat, n.Span, a, s, b)
	}
	return r.Node(op.MinusMul, nil, types.Mat, n.Span, a, s, b)
}

// scaled splits a product of a number and a matrix that nothing else uses.
func scaled(r *rewrite.Rewriter, n *hop.Node) (s, m *hop.Node) {
	if n.Op != op.Cell2 || n.Aux != cell.Mul || !r.Single(n) {
		return nil, nil
	}
	s, m = n.In[0], n.In[1]
	if !s.Type.IsNumeric() {
		s, m = m, s
	}
	if !s.Type.IsNumeric() || m.Type.Data != types.Matrix {
		return nil, nil
	}
	return s, m
}
