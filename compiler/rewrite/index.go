package rewrite

import (
	"gdml/compiler/hop"
	"gdml/lang/op"
)

func indexRules() []Rule {
	return []Rule{
		{"DropFullIndex", "X[,] and X[1:nrow(X),1:ncol(X)] => X", []op.Op{op.Index}, 2, dropFullIndex},
	}
}

// dropFullIndex needs a matrix whose dimensions are those of the result: then the bounds, which were
// checked when the shape was derived, select everything.
func dropFullIndex(_ *Rewriter, n *hop.Node) *hop.Node {
	x := n.In[0]
	if !isMatrix(x) {
		return nil
	}
	s := n.Aux.(op.Subscript)
	if s.Rows == op.All && s.Cols == op.All {
		return x
	}
	if sameDims(n, x) && x.Shape.Rows > 0 && x.Shape.Cols > 0 && startsAtOne(n, s) {
		return x
	}
	return nil
}

// startsAtOne reports whether every lower bound is the constant 1. With the dimensions of x the upper
// bounds are then the full ones.
func startsAtOne(n *hop.Node, s op.Subscript) bool {
	i := 1
	for _, b := range []op.Bounds{s.Rows, s.Cols} {
		if b == op.All {
			continue
		}
		if !is(n.In[i], 1) {
			return false
		}
		i++
		if b == op.Range {
			i++
		}
	}
	return true
}
