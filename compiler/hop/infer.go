package hop

import (
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

// Make returns the node with the shape that follows from its inputs. Inputs that do
// not fit leave it unknown.
func Make(b *Builder, o op.Op, aux any, t types.Type, at source.Span, in ...*Node) *Node {
	n := &Node{Op: o, Aux: aux, In: in, Type: t}
	s, _ := Infer(n, func(n *Node) op.Shape { return n.Shape })
	return b.Node(o, aux, t, s, at, in...)
}

// Infer derives the shape of n, constants of scalars included, when its inputs have the
// shapes that of gives; n.Shape is not looked at, but for a Read. An error, often an
// *op.Mismatch, says that the inputs cannot fit; the shape is what is known all the same.
func Infer(n *Node, of func(*Node) op.Shape) (op.Shape, error) {
	in := make([]op.Shape, len(n.In))
	for i, x := range n.In {
		in[i] = of(x)
	}
	s, err := ruleShape(n, in, of)
	if err == nil {
		switch {
		case n.Type.Data == types.Scalar:
			if s.Val == nil {
				s.Val = constant(n, in)
			}
		case n.Op == op.Cell1 || n.Op == op.Cell2:
			s.NNZ = cellNonZeros(n, in, s)
		}
	}
	return fit(n.Type, s), err
}

// ruleShape asks the operator's rule, unless the types of the inputs say that it does not apply.
func ruleShape(n *Node, in []op.Shape, of func(*Node) op.Shape) (op.Shape, error) {
	switch n.Op {
	case op.Read:
		return n.Shape, nil
	case op.Lit:
		return op.Const(n.Aux.(Const).V), nil
	case op.Call:
		return callShape(n.Aux.(Callee), elements(n.In, in, of), 0)
	case op.FCall:
		return callShape(n.Aux.(Callee), in, 0)
	case op.Out:
		call := n.In[0]
		args := make([]op.Shape, len(call.In))
		for i, x := range call.In {
			args[i] = of(x)
		}
		s, err := callShape(call.Aux.(Callee), elements(call.In, args, of), int(n.Aux.(op.Result)))
		if err != nil {
			err = nil // it is the call's, and reported there
		}
		return s, err
	case op.CBind, op.RBind:
		for _, x := range n.In {
			if !isTable(x) {
				return op.NoShape, nil // may append to a list
			}
		}
	case op.AsMatrix, op.AsScalar:
		if x := n.In[0]; !isTable(x) && x.Type.Data != types.Scalar {
			return op.NoShape, nil // the element of a list
		}
	case op.Update:
		if !isTable(n.In[0]) {
			return op.Shape{Rows: in[0].Rows, Cols: in[0].Cols, NNZ: op.Unknown}, nil // an element of any size
		}
	}
	s, err := n.Op.Info().Shape(n.Aux, in)
	if n.Op == op.Index && err == nil {
		s = widen(n, s, of)
	}
	return s, err
}

// elements adds the numbers to the shapes of short lists that are written as arguments: the
// dimensions of a convolution are given so.
func elements(args []*Node, in []op.Shape, of func(*Node) op.Shape) []op.Shape {
	for i, x := range args {
		c, ok := x.Aux.(Callee)
		var ints op.Ints
		if x.Op != op.Call || !ok || c.Name() != "list" || len(x.In) > len(ints.V) {
			continue
		}
		ints.N = len(x.In)
		for k, e := range x.In {
			ints.V[k] = op.Unknown
			if v, ok := of(e).ConstInt(); ok {
				ints.V[k] = max(v, op.Unknown)
			}
		}
		in[i].Val = ints
	}
	return in
}

// isTable reports whether n is a matrix or frame.
func isTable(n *Node) bool { return n.Type.Data == types.Matrix || n.Type.Data == types.Frame }

// callShape returns the shape of result k of a call.
func callShape(c Callee, in []op.Shape, k int) (op.Shape, error) {
	if k == 0 && len(c.Results()) == 0 {
		_, err := c.ShapeOf(in)
		return op.NoShape, err
	}
	s, err := c.ShapeOf(in)
	if err != nil || k >= len(s) {
		return op.NoShape, err
	}
	return s[k], nil
}

// fit makes s agree with the type of its node.
func fit(t types.Type, s op.Shape) op.Shape {
	switch t.Data {
	case types.Scalar:
		return op.Const(s.Val)
	case types.Unknown:
		if s.IsScalar() && s.Val == nil {
			return op.NoShape
		}
		return s
	}
	if s.IsScalar() {
		return op.NoShape
	}
	s.Val = nil
	if s.Rows == 0 || s.Cols == 0 {
		s.NNZ = 0
	}
	return s
}

// cellNonZeros returns the exact number of non-zeros of a cellwise result of shape s, or
// Unknown. It must not be an estimate: rewrites take 0 as proof that a matrix is empty.
func cellNonZeros(n *Node, in []op.Shape, s op.Shape) int64 {
	var value float64
	switch f := n.Aux.(type) {
	case *cell.Unary:
		if f == cell.Abs || f == cell.Sign || f == cell.Sqrt {
			return in[0].NNZ
		}
		if in[0].NNZ != 0 {
			return op.Unknown
		}
		value = f.F(0)
	case *cell.Binary:
		if v, ok := uniform(in[1]); ok && v == 0 && f == cell.Ne {
			return in[0].NNZ
		}
		a, ok1 := uniform(in[0])
		b, ok2 := uniform(in[1])
		if !ok1 || !ok2 {
			return op.Unknown
		}
		value = f.F(a, b)
	}
	if value == 0 {
		return 0
	}
	return s.Cells()
}

// uniform returns the value that all cells of a shape are known to have.
func uniform(s op.Shape) (float64, bool) {
	if s.NNZ == 0 {
		return 0, true
	}
	return number(s.Val)
}

// widen adds to the shape of an indexed range what bounds without known values say:
// X[(i-1)*b+1 : i*b, ] has b rows whatever i is.
func widen(n *Node, s op.Shape, of func(*Node) op.Shape) op.Shape {
	sub := n.Aux.(op.Subscript)
	k := 1
	for _, d := range []struct {
		bounds op.Bounds
		extent *int64
	}{{sub.Rows, &s.Rows}, {sub.Cols, &s.Cols}} {
		if d.bounds == op.Range && *d.extent == op.Unknown {
			if w, ok := distance(n.In[k], n.In[k+1], of); ok && w >= 0 {
				*d.extent = w + 1
			}
		}
		k += int(d.bounds)
	}
	return s
}
