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
	if n.Type.Data != types.Matrix {
		return nil
	}
	s := &sampling{r: r}
	s.links = []hop.Link{{}} // the product's place
	s.expr(n, true)
	steps := len(s.links) - 1
	if s.product == nil || s.met < r.Uses(s.product) || steps == 0 ||
		steps > matrix.MaxSampledSteps || len(s.in) > matrix.MaxSampledSteps+1 || !s.driven() {
		return nil
	}
	aux := &hop.Sampled{Chain: hop.Chain{Links: s.chain().Links[1:]}, Trans: s.trans}
	return r.Node(op.Sampled, aux, types.Mat, n.Span, append([]*hop.Node{s.a, s.b}, s.in...)...)
}

// sampling is a fusion whose first link stands for a product. Other than in a chain of
// cellwise operators, inputs may be broadcast.
type sampling struct {
	fusion
	r       *rewrite.Rewriter
	product *hop.Node // what computes a %*% b, or a %*% t(b) if trans; nil before one was met
	met     int       // how often it is an operand
	a, b    *hop.Node
	trans   bool
}

// place is the operand that stands for the product.
const place = ^0

// expr adds n, with what makes it if nothing else uses that, and returns its operand.
func (s *sampling) expr(n *hop.Node, root bool) int {
	if n == s.product && n.Op != op.Sampled && n.Op != op.Layer || s.multiplies(n) {
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
		return s.splice(n.Aux.(*hop.Chain), s.exprs(n.In))
	case op.Sampled:
		return s.again(n)
	case op.Layer:
		return s.layer(n)
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

// splice adds the links of a chain that was made before, over the operands at.
func (s *sampling) splice(c *hop.Chain, at []int) int {
	for _, l := range c.Links {
		l.A = at[l.A]
		if l.F2 != nil {
			l.B = at[l.B]
		}
		at = append(at, s.add(l))
	}
	return at[len(at)-1]
}

// again opens an operator that this rule made.
func (s *sampling) again(n *hop.Node) int {
	a := n.Aux.(*hop.Sampled)
	if s.product != nil {
		return s.input(n)
	}
	s.product, s.met, s.a, s.b, s.trans = n, 1, n.In[0], n.In[1], a.Trans
	return s.splice(&a.Chain, append(s.exprs(n.In[2:]), place))
}

// layer opens a product that was given a bias or a function.
func (s *sampling) layer(n *hop.Node) int {
	if s.product != nil || !outerLike(n.In[0], n.In[1].Shape) {
		return s.input(n)
	}
	s.take(n, n.In[0], n.In[1])
	s.met = 1
	k := place
	if len(n.In) > 2 {
		k = s.add(hop.Link{F2: cell.Add, A: k, B: s.input(n.In[2])})
	}
	if f := n.Aux.(hop.Epilogue).F; f != nil {
		k = s.add(hop.Link{F1: f, A: k})
	}
	return k
}

// multiplies takes n for the product if there is none yet and its sizes allow it.
func (s *sampling) multiplies(n *hop.Node) bool {
	switch {
	case s.product != nil:
		return false
	case n.Op == op.MatMul && outerLike(n.In[0], n.In[1].Shape):
		s.take(n, n.In[0], n.In[1])
		return true
	case n.Op == op.TSMM && n.Aux == op.Right && outerLike(n.In[0], op.Dims(n.In[0].Shape.Cols, n.In[0].Shape.Rows)):
		s.product, s.a, s.b, s.trans = n, n.In[0], n.In[0], true
		return true
	}
	return false
}

// take notes that n computes a %*% b.
func (s *sampling) take(n, a, b *hop.Node) {
	s.product, s.a, s.b = n, a, b
	if b.Op == op.T {
		s.b, s.trans = b.In[0], true
	}
}

// outerLike reports whether the product of a with a matrix of shape b may have an inner
// dimension that is smaller than both others.
func outerLike(a *hop.Node, b op.Shape) bool {
	if a.Type.Data != types.Matrix {
		return false
	}
	inner := max(a.Shape.Cols, b.Rows)
	below := func(n int64) bool { return inner < 0 || n < 0 || inner < n }
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
