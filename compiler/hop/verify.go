package hop

import (
	"errors"
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

// Verify checks what must hold between passes: operators have their number of inputs
// and the Aux that package op asks for, inputs come before users and from the same
// builder's DAG, scalars have no dimensions and matrices no constant, roots are complete. It returns all faults found.
func Verify(p *Program) error {
	var errs []error
	for _, f := range p.All() {
		for _, prm := range f.Params {
			if prm.Default != nil {
				errs = append(errs, verifyDAG(f, prm.Default, true))
			}
		}
		Walk(f.Body, func(b *Block) {
			if err := verifyBlock(b); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", f.Key, err))
			}
			for _, d := range b.DAGs() {
				errs = append(errs, verifyDAG(f, *d, b.Kind != Basic))
			}
		})
	}
	return errors.Join(errs...)
}

// verifyBlock checks that b has the DAGs of its kind and no others.
func verifyBlock(b *Block) error {
	loop := b.Kind == For || b.Kind == ParFor
	switch {
	case (b.DAG != nil) != (b.Kind == Basic):
		return fmt.Errorf("block of kind %d with a wrong DAG", b.Kind)
	case (b.Cond != nil) != (b.Kind == If || b.Kind == While):
		return fmt.Errorf("block of kind %d with a wrong predicate", b.Kind)
	case loop != (b.From != nil && b.To != nil && b.Var != ""):
		return fmt.Errorf("block of kind %d with wrong bounds", b.Kind)
	case len(b.Else) > 0 && b.Kind != If, len(b.Results) > 0 && b.Kind != ParFor:
		return fmt.Errorf("block of kind %d with parts of another kind", b.Kind)
	}
	return nil
}

func verifyDAG(f *Func, d *DAG, value bool) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s: %s", f.Key, fmt.Sprintf(format, args...))
	}
	if d.B == nil {
		return fail("DAG without a builder")
	}
	written := map[string]bool{}
	for i, r := range d.Roots {
		switch {
		case r.Node == nil:
			return fail("root %d without a node", i)
		case r.Var != "" && r.Effect:
			return fail("root %d is an effect and writes %s", i, r.Var)
		case r.Var != "" && written[r.Var]:
			return fail("variable %s is written by two roots", r.Var)
		case value && i < len(d.Roots)-1 && !r.Effect:
			return fail("predicate with a value that is not its last root")
		case !value && r.Var == "" && !r.Effect:
			return fail("root %d does nothing", i)
		}
		written[r.Var] = r.Var != ""
	}
	if value && (len(d.Roots) == 0 || d.Roots[len(d.Roots)-1].Var != "") {
		return fail("predicate without a value")
	}
	ids := map[int32]*Node{}
	for _, n := range d.Nodes() {
		if ids[n.ID] != nil {
			return fail("two nodes %d in one DAG: %s and %s, built by different builders", n.ID, ids[n.ID].Opcode(), n.Opcode())
		}
		ids[n.ID] = n
		if err := verifyNode(n); err != nil {
			return fail("node %d, %s: %v", n.ID, n.Opcode(), err)
		}
	}
	return nil
}

func verifyNode(n *Node) error {
	i := n.Op.Info()
	switch {
	case i.Name == "":
		return fmt.Errorf("unknown operator %d", n.Op)
	case len(n.In) < i.MinIn || i.MaxIn >= 0 && len(n.In) > i.MaxIn:
		return fmt.Errorf("%d inputs", len(n.In))
	case !auxFits(n):
		return fmt.Errorf("aux %T", n.Aux)
	case i.Matrix && n.Type.Data != types.Matrix:
		return fmt.Errorf("type %s of an operator that gives a matrix", n.Type)
	case n.Type.Data == types.Scalar && !scalarDims(n.Shape):
		return fmt.Errorf("scalar of %s", n.Shape)
	case n.Type.Data != types.Scalar && n.Type.Data != types.Unknown && n.Shape.Val != nil:
		return fmt.Errorf("%s with a constant value", n.Type)
	case n.Shape.Rows < op.Unknown || n.Shape.Cols < op.Unknown || n.Shape.NNZ < op.Unknown:
		return fmt.Errorf("shape %d x %d, %d non-zeros", n.Shape.Rows, n.Shape.Cols, n.Shape.NNZ)
	case n.Shape.NNZ > 0 && n.Shape.Known() && n.Shape.NNZ > n.Shape.Cells():
		return fmt.Errorf("%d non-zeros in %s", n.Shape.NNZ, n.Shape)
	}
	for _, in := range n.In {
		if in == nil {
			return errors.New("missing input")
		}
		if in.ID >= n.ID {
			return fmt.Errorf("input %d is not older than its user", in.ID)
		}
	}
	return nil
}

// scalarDims holds for scalars; sizes that were never propagated are unknown.
func scalarDims(s op.Shape) bool {
	return s.Rows <= 0 && s.Cols <= 0
}

// auxFits reports whether n carries the Aux that its operator is declared with, and as
// many inputs as that Aux asks for.
func auxFits(n *Node) bool {
	switch n.Op {
	case op.Read:
		return is[Var](n)
	case op.Lit:
		return is[Const](n)
	case op.Cell1:
		return is[*cell.Unary](n)
	case op.Cell2:
		return is[*cell.Binary](n)
	case op.TSMM:
		return is[op.Side](n)
	case op.MMChain:
		c, ok := n.Aux.(op.Chain)
		return ok && (len(n.In) == 2) == (c == op.XtXv)
	case op.Layer:
		return is[Epilogue](n)
	case op.Cells, op.SumCells:
		c, ok := n.Aux.(*Chain)
		return ok && c.fits(len(n.In))
	case op.Sampled:
		s, ok := n.Aux.(*Sampled)
		return ok && s.fits(len(n.In)-1)
	case op.Agg:
		return is[op.Aggregate](n)
	case op.Cum:
		return is[op.AggFn](n)
	case op.Index, op.Update:
		s, ok := n.Aux.(op.Subscript)
		return ok && len(n.In) == n.Op.Info().MinIn+int(s.Rows)+int(s.Cols)
	case op.Rand:
		return is[op.Random](n)
	case op.Call:
		return is[Callee](n)
	case op.FCall:
		return is[*FuncCall](n)
	case op.Out:
		r, ok := n.Aux.(op.Result)
		if !ok {
			return false
		}
		c, ok := n.In[0].Aux.(Callee)
		return ok && int(r) < len(c.Results())
	}
	return n.Aux == nil
}

func is[T any](n *Node) bool {
	_, ok := n.Aux.(T)
	return ok
}
