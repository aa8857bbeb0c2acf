package rewrite

import (
	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/types"
)

func foldRules() []Rule {
	return []Rule{
		{"FoldConstant", "f(constants) => constant", scalarOps(), 1, foldConstant},
		{"DropCastPair", "as.scalar(as.matrix(s)) => s", []op.Op{op.AsScalar}, 2, dropCastPair},
	}
}

// scalarOps are the operators that can have a constant scalar as result.
func scalarOps() []op.Op {
	return []op.Op{op.Read, op.Cell1, op.Cell2, op.IfElse, op.NRow, op.NCol, op.Length, op.AsDouble, op.AsInt, op.AsBool}
}

// foldConstant replaces a scalar whose value size propagation found. The value was
// computed by the functions that run time uses, so both agree to the last bit.
func foldConstant(r *Rewriter, n *hop.Node) *hop.Node {
	if !isScalar(n) || n.Shape.Val == nil {
		return nil
	}
	return r.Lit(n.Shape.Val, n.Span)
}

// dropCastPair needs a scalar that is a double: the detour through a matrix makes it one.
func dropCastPair(_ *Rewriter, n *hop.Node) *hop.Node {
	if c := n.In[0]; c.Op == op.AsMatrix && c.In[0].Type == types.Dbl {
		return c.In[0]
	}
	return nil
}
