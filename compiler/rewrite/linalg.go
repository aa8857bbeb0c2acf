package rewrite

import (
	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

func linalgRules() []Rule {
	return []Rule{
		{"DropDoubleReorg", "t(t(X)) => X, rev(rev(X)) => X", []op.Op{op.T, op.Rev}, 2, dropDoubleReorg},
		{"TransposeOfProduct", "t(t(A)%*%t(B)) => B%*%A", []op.Op{op.T}, 2, transposeOfProduct},
		{"ProductOrder", "(A%*%B)%*%C => cheapest order by dimensions", []op.Op{op.MatMul}, 2, productOrder},
		{"ScaleByDiag", "diag(v)%*%Y => Y*v", []op.Op{op.MatMul}, 2, scaleByDiag},
	}
}

func dropDoubleReorg(_ *Rewriter, n *hop.Node) *hop.Node {
	if in := n.In[0]; in.Op == n.Op {
		return in.In[0]
	}
	return nil
}

// properProduct reports whether p is known to be a matrix product and not the scaling that a 1x1 operand makes of it.
func properProduct(p *hop.Node) bool {
	for _, in := range p.In {
		if s := in.Shape; !s.Known() || s.Rows == 1 && s.Cols == 1 {
			return false
		}
	}
	return true
}

func transposeOfProduct(r *Rewriter, n *hop.Node) *hop.Node {
	p := n.In[0]
	if p.Op != op.MatMul || !r.Single(p) || p.In[0].Op != op.T || p.In[1].Op != op.T {
		return nil
	}
	return r.Node(op.MatMul, nil, types.Mat, n.Span, p.In[1].In[0], p.In[0].In[0])
}

// productOrder applies the classic dynamic program to a maximal chain of products
// whose intermediates nobody else uses and whose dimensions are all known.
func productOrder(r *Rewriter, n *hop.Node) *hop.Node {
	chain := r.productChain(n, true, nil)
	if len(chain) < 3 {
		return nil
	}
	for _, m := range chain {
		if s := m.Shape; !s.Known() || s.Rows == 1 && s.Cols == 1 {
			return nil
		}
	}
	cost, split := orderChain(chain)
	if cost[0][len(chain)-1] >= chainCost(n, chain) {
		return nil
	}
	return r.buildChain(chain, split, 0, len(chain)-1, n)
}

func (r *Rewriter) productChain(n *hop.Node, root bool, chain []*hop.Node) []*hop.Node {
	if n.Op != op.MatMul || !root && !r.Single(n) {
		return append(chain, n)
	}
	return r.productChain(n.In[1], false, r.productChain(n.In[0], false, chain))
}

// orderChain returns for every interval the least number of multiplications and the leftmost split that has it.
func orderChain(chain []*hop.Node) (cost [][]float64, split [][]int) {
	n := len(chain)
	cost, split = make([][]float64, n), make([][]int, n)
	for i := range chain {
		cost[i], split[i] = make([]float64, n), make([]int, n)
	}
	for width := 1; width < n; width++ {
		for i := 0; i+width < n; i++ {
			j := i + width
			cost[i][j] = -1
			for k := i; k < j; k++ {
				c := cost[i][k] + cost[k+1][j] + flops(chain[i], chain[k], chain[j])
				if cost[i][j] < 0 || c < cost[i][j] {
					cost[i][j], split[i][j] = c, k
				}
			}
		}
	}
	return cost, split
}

// flops is the cost of (first ... mid) %*% (mid+1 ... last).
func flops(first, mid, last *hop.Node) float64 {
	return float64(first.Shape.Rows) * float64(mid.Shape.Cols) * float64(last.Shape.Cols)
}

// chainCost is the cost of the order that n has now.
func chainCost(n *hop.Node, chain []*hop.Node) float64 {
	leaf := map[*hop.Node]bool{}
	for _, m := range chain {
		leaf[m] = true
	}
	var walk func(*hop.Node) float64
	walk = func(m *hop.Node) float64 {
		if m.Op != op.MatMul || m != n && leaf[m] {
			return 0
		}
		a, b := m.In[0], m.In[1]
		return walk(a) + walk(b) + float64(a.Shape.Rows)*float64(a.Shape.Cols)*float64(b.Shape.Cols)
	}
	return walk(n)
}

func (r *Rewriter) buildChain(chain []*hop.Node, split [][]int, i, j int, n *hop.Node) *hop.Node {
	if i == j {
		return chain[i]
	}
	k := split[i][j]
	a, b := r.buildChain(chain, split, i, k, n), r.buildChain(chain, split, k+1, j, n)
	return r.Node(op.MatMul, nil, types.Mat, n.Span, a, b)
}

// scaleByDiag needs a vector that makes a diagonal matrix; diag of a square matrix extracts one.
func scaleByDiag(r *Rewriter, n *hop.Node) *hop.Node {
	d, y := n.In[0], n.In[1]
	if d.Op != op.Diag || !r.Single(d) || d.In[0].Shape.Cols != 1 || d.In[0].Shape.Rows < 2 || y.Shape.Rows != d.In[0].Shape.Rows {
		return nil
	}
	return r.Node(op.Cell2, cell.Mul, types.Mat, n.Span, y, d.In[0])
}
