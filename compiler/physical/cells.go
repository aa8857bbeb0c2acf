package physical

import (
	"slices"

	"gdml/compiler/hop"
	"gdml/compiler/rewrite"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/matrix"
)

// fuseCells puts a cellwise operator behind those that make its operands, if nothing else
// uses them and no operand is known to be broadcast.
func fuseCells(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	if n.Type.Data != types.Matrix || !cellwise(n) {
		return nil
	}
	f := &fusion{}
	f.node(r, n, true)
	if len(f.links) < 2 || len(f.links) > matrix.MaxCellSteps || len(f.in) > matrix.MaxCellSteps+1 {
		return nil
	}
	return r.Node(op.Cells, f.chain(), types.Mat, n.Span, f.in...)
}

// fuseSum adds up the cells of a chain, or of a single operator, while they are in cache,
// if nothing else uses them and no operand is known to be broadcast. Where fuseSampled may
// still find a use, few of the cells may be needed.
func fuseSum(r *rewrite.Rewriter, n *hop.Node) *hop.Node {
	a, x := n.Aux.(op.Aggregate), n.In[0]
	if a.Dir != op.Full || a.Fn != op.Sum && a.Fn != op.SumSq || x.Type.Data != types.Matrix || !r.Single(x) {
		return nil
	}
	if x.Op != op.Cells && !cellwise(x) {
		return nil
	}
	f := &fusion{}
	f.node(r, x, true)
	if len(f.links) > matrix.MaxCellSteps || len(f.in) > matrix.MaxCellSteps+1 || slices.ContainsFunc(f.in, samplable(r)) {
		return nil
	}
	c := f.chain()
	c.Square = a.Fn == op.SumSq
	return r.Node(op.SumCells, c, n.Type, n.Span, f.in...)
}

// cellwise reports whether n is one cellwise operator whose operands are matrices and numbers.
func cellwise(n *hop.Node) bool {
	if n.Op != op.Cell1 && n.Op != op.Cell2 {
		return false
	}
	rows, cols := int64(op.Unknown), int64(op.Unknown)
	for _, in := range n.In {
		switch {
		case in.Type.Data == types.Matrix:
			s := in.Shape
			if rows >= 0 && s.Rows >= 0 && rows != s.Rows || cols >= 0 && s.Cols >= 0 && cols != s.Cols {
				return false
			}
			rows, cols = max(rows, s.Rows), max(cols, s.Cols)
		case !in.Type.IsNumeric():
			return false
		}
	}
	return true
}

// fusion collects the links and inputs of a chain. Until all inputs are known, the result
// of link i is operand ^i.
type fusion struct {
	in    []*hop.Node
	links []hop.Link
}

// node adds n, with what makes it if that can be part of the chain, and returns its operand.
func (f *fusion) node(r *rewrite.Rewriter, n *hop.Node, root bool) int {
	if !root && (n.Type.Data != types.Matrix || !r.Single(n)) {
		return f.input(n)
	}
	if n.Op == op.Cells {
		return f.again(n, n.Aux.(*hop.Chain))
	}
	if !cellwise(n) {
		return f.input(n)
	}
	l := hop.Link{A: f.node(r, n.In[0], false)}
	if l.F1, _ = n.Aux.(*cell.Unary); l.F1 == nil {
		l.F2 = n.Aux.(*cell.Binary)
		l.B = f.node(r, n.In[1], false)
	}
	return f.add(l)
}

// again adds a chain that was made before.
func (f *fusion) again(n *hop.Node, c *hop.Chain) int {
	var at []int
	for _, in := range n.In {
		at = append(at, f.input(in))
	}
	return c.Replay(at, f.add)
}

func (f *fusion) add(l hop.Link) int {
	f.links = append(f.links, l)
	return ^(len(f.links) - 1)
}

func (f *fusion) input(n *hop.Node) int {
	for i, x := range f.in {
		if x == n {
			return i
		}
	}
	f.in = append(f.in, n)
	return len(f.in) - 1
}

// chain numbers the operands for good.
func (f *fusion) chain() *hop.Chain {
	settled := func(k int) int {
		if k < 0 {
			return len(f.in) + ^k
		}
		return k
	}
	for i := range f.links {
		f.links[i].A, f.links[i].B = settled(f.links[i].A), settled(f.links[i].B)
	}
	return &hop.Chain{Links: f.links}
}
