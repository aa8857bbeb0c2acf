package physical

import (
	"gdml/compiler/hop"
	"gdml/compiler/rewrite"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/matrix"
)

// fuseSampled puts the cellwise operators over a product of a small inner dimension into one
// operator if the result is zero wherever some input is. Whether that input is sparse is
// asked at run time.
func fuseSampled(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	s := sample(r, n)
	if s == nil || s.product != nil && s.met < r.Uses(s.product) && !s.shared() {
		return nil
	}
	aux := &hop.Sampled{Chain: hop.Chain{Links: s.chain().Links[1:]}, Trans: s.trans}
	return r.Node(op.Sampled, aux, types.Mat, n.Span, append([]*hop.Node{s.a, s.b}, s.in...)...)
}

// sampling is a fusion whose first link stands for the product of a with b, or with t(b) if
// trans. Other than in a chain of cellwise operators, inputs may be broadcast.
type sampling struct {
	fusion
	r       *rewrite.Rewriter
	a, b    *hop.Node // nil before a product was met
	trans   bool
	product *hop.Node // computes the product, if a node of its own does
	met     int       // how often that is an operand
}

// place is the operand that stands for the product.
const place = ^0

// sample collects what makes n. It returns nil when that cannot become one operator.
func sample(r *rewrite.Rewriter, n *hop.Node) *sampling {
	if n.Type.Data != types.Matrix {
		return nil
	}
	s := &sampling{r: r}
	s.links = []hop.Link{{}} // the product's place
	s.expr(n, true)
	steps := len(s.links) - 1
	if s.a == nil || steps == 0 || steps > matrix.MaxSampledSteps || len(s.in) > matrix.MaxSampledSteps+1 || !s.driven() {
		return nil
	}
	return s
}

// sharedInner is the largest inner dimension of a product that several operators may take
// cells of: if these turn out to need all cells, each computes the product for itself.
const sharedInner = 50

// shared reports whether all that use the product can be sampled, so that nothing computes it as a whole.
func (s *sampling) shared() bool {
	if k := s.a.Shape.Cols; k < 0 || k > sharedInner {
		return false
	}
	users := s.r.Users(s.product)
	if len(users) < s.r.Uses(s.product) {
		return false
	}
	for _, u := range users {
		if !s.sampledIn(u) {
			return false
		}
	}
	return true
}

// sampledIn reports whether u, or what is made of u alone by cellwise operators, can be sampled.
func (s *sampling) sampledIn(u *hop.Node) bool {
	for u.Op == op.Cell1 || u.Op == op.Cell2 || u.Op == op.Cells {
		if t := sample(s.r, u); t != nil && t.product == s.product {
			return true
		}
		next := s.r.Users(u)
		if len(next) != 1 || !s.r.Single(u) {
			return false
		}
		u = next[0]
	}
	return false
}

// expr adds n, with what makes it if nothing else uses that, and returns its operand.
func (s *sampling) expr(n *hop.Node, root bool) int {
	if a, b, trans, ok := factors(s.r, n); ok && s.takes(a, b, trans) {
		s.product = n
		s.met++
		return place
	}
	if !root && (n.Type.Data != types.Matrix || !s.r.Single(n)) {
		return s.input(n)
	}
	switch n.Op {
	case op.Cell1:
		return s.add(hop.Link{F1: n.Aux.(*cell.Unary), A: s.expr(n.In[0], false)})
	case op.Cell2:
		if computes(n.In[0]) && computes(n.In[1]) {
			return s.two(n.Aux.(*cell.Binary), n.In[0], n.In[1])
		}
	case op.PlusMul, op.MinusMul:
		f := cell.Add
		if n.Op == op.MinusMul {
			f = cell.Sub
		}
		a := s.expr(n.In[0], false)
		return s.add(hop.Link{F2: f, A: a, B: s.two(cell.Mul, n.In[1], n.In[2])})
	case op.Cells:
		return n.Aux.(*hop.Chain).Replay(s.exprs(n.In), s.add)
	case op.Sampled:
		if x := n.Aux.(*hop.Sampled); s.takes(n.In[0], n.In[1], x.Trans) {
			return x.Replay(append(s.exprs(n.In[2:]), place), s.add)
		}
	case op.Layer:
		if a, b, trans := untransposed(n.In[0], n.In[1]); outerLike(a, n.In[1].Shape) && s.takes(a, b, trans) {
			return s.layer(n)
		}
	}
	return s.input(n)
}

// computes reports whether n is a matrix or a number.
func computes(n *hop.Node) bool { return n.Type.Data == types.Matrix || n.Type.IsNumeric() }

// two adds a function of two expressions.
func (s *sampling) two(f *cell.Binary, a, b *hop.Node) int {
	x := s.expr(a, false)
	return s.add(hop.Link{F2: f, A: x, B: s.expr(b, false)})
}

func (s *sampling) exprs(in []*hop.Node) []int {
	at := make([]int, 0, len(in))
	for _, n := range in {
		at = append(at, s.expr(n, false))
	}
	return at
}

// layer adds the bias and the function that a product was given.
func (s *sampling) layer(n *hop.Node) int {
	k := place
	if len(n.In) > 2 {
		k = s.add(hop.Link{F2: cell.Add, A: k, B: s.input(n.In[2])})
	}
	if f := n.Aux.(hop.Epilogue).F; f != nil {
		k = s.add(hop.Link{F1: f, A: k})
	}
	return k
}

// takes reports whether the product is the one that s has met, or the first.
func (s *sampling) takes(a, b *hop.Node, trans bool) bool {
	if s.a == nil {
		s.a, s.b, s.trans = a, b, trans
	}
	return s.a == a && s.b == b && s.trans == trans
}

// factors returns the operands of n if it is a product whose sizes allow to sample it.
func factors(r *rewrite.Rewriter, n *hop.Node) (a, b *hop.Node, trans, ok bool) {
	switch {
	case n.Op == op.MatMul && outerLike(n.In[0], n.In[1].Shape):
		a, b, trans = untransposed(n.In[0], n.In[1])
		return a, b, trans, true
	case n.Op == op.TMatMul:
		left := r.Node(op.T, nil, types.Mat, n.Span, n.In[0])
		if !outerLike(left, n.In[1].Shape) {
			return nil, nil, false, false
		}
		a, b, trans = untransposed(left, n.In[1])
		return a, b, trans, true
	case n.Op == op.TSMM && n.Aux == op.Right && outerLike(n.In[0], op.Dims(n.In[0].Shape.Cols, n.In[0].Shape.Rows)):
		return n.In[0], n.In[0], true, true
	}
	return nil, nil, false, false
}

// samplable returns whether an input may become the product of a sampling.
func samplable(r *rewrite.Rewriter) func(n *hop.Node) bool {
	return func(n *hop.Node) bool {
		_, _, _, ok := factors(r, n)
		return ok || n.Op == op.Layer && outerLike(n.In[0], n.In[1].Shape)
	}
}

// untransposed returns a and what b is the transpose of, or b.
func untransposed(a, b *hop.Node) (x, y *hop.Node, trans bool) {
	if b.Op == op.T {
		return a, b.In[0], true
	}
	return a, b, false
}

// outerLike reports whether the product of a with a matrix of shape b may have an inner
// dimension that is smaller than both others: vectors never have.
func outerLike(a *hop.Node, b op.Shape) bool {
	if a.Type.Data != types.Matrix {
		return false
	}
	inner := max(a.Shape.Cols, b.Rows)
	below := func(n int64) bool { return n < 0 || max(inner, 1) < n }
	return below(a.Shape.Rows) && below(b.Cols)
}

// driven reports whether some input makes the result zero where it is zero, and may be
// sparse and as large as the product. Numbers that are not known are taken for 1: they are asked at run time.
func (s *sampling) driven() bool {
	cells := uint64(1) << len(s.in) // the product
	for k, n := range s.in {
		if n.Type.Data == types.Matrix {
			cells |= 1 << k
		}
	}
	var steps []matrix.CellStep
	for _, l := range s.chain().Links[1:] {
		steps = append(steps, matrix.CellStep(l))
	}
	zero := matrix.ZeroWith(steps, len(s.in)+1, cells, func(k int) float64 {
		if c, ok := s.in[k].Aux.(hop.Const); ok {
			switch v := c.V.(type) {
			case int64:
				return float64(v)
			case float64:
				return v
			}
		}
		return 1
	})
	rows, cols := s.a.Shape.Rows, s.b.Shape.Cols
	if s.trans {
		cols = s.b.Shape.Rows
	}
	fits := func(a, b int64) bool { return a < 0 || b < 0 || a == b }
	for k, n := range s.in {
		x := n.Shape
		full := x.Known() && x.NNZ >= 0 && float64(x.NNZ) >= 0.4*float64(x.Cells())
		if zero>>k&1 != 0 && !full && fits(x.Rows, rows) && fits(x.Cols, cols) {
			return true
		}
	}
	return false
}
