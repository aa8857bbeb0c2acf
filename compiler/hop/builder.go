package hop

import (
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
)

// Builder makes the nodes of one DAG. It is not safe for concurrent use.
type Builder struct {
	byHash map[uint64][]*Node
	n      int32
	unique bool // never share nodes: one node per written operation (-O0)
}

// NewBuilder returns an empty builder. With unique set equal nodes are not merged, except leaves.
func NewBuilder(unique bool) *Builder {
	return &Builder{byHash: map[uint64][]*Node{}, unique: unique}
}

// Unique reports whether the builder merges nothing.
func (b *Builder) Unique() bool { return b.unique }

// Node returns the node with these properties, an existing one if there is an equal one.
// The span of the first occurrence stays.
func (b *Builder) Node(o op.Op, aux any, t types.Type, s op.Shape, at source.Span, in ...*Node) *Node {
	h := hash(o, aux, t, s, in)
	if b.mayShare(o, aux) {
		for _, n := range b.byHash[h] {
			if n.Op == o && sameAux(n.Aux, aux) && n.Type == t && n.Shape.Equal(s) && sameInputs(n.In, in) {
				return n
			}
		}
	}
	n := &Node{ID: b.n, Op: o, Aux: aux, In: in, Type: t, Shape: s, Span: at}
	b.n++
	b.byHash[h] = append(b.byHash[h], n)
	return n
}

// Lit returns a literal node for an int64, float64, bool or string.
func (b *Builder) Lit(v any, at source.Span) *Node {
	var t types.Type
	switch v.(type) {
	case int64:
		t = types.IntT
	case float64:
		t = types.Dbl
	case bool:
		t = types.BoolT
	case string:
		t = types.Str
	}
	return b.Node(op.Lit, Const{v}, t, op.Const(v), at)
}

// Copy returns the node that is n with other inputs.
func (b *Builder) Copy(n *Node, in []*Node) *Node {
	return b.Node(n.Op, n.Aux, n.Type, n.Shape, n.Span, in...)
}

func (b *Builder) mayShare(o op.Op, aux any) bool {
	switch o {
	case op.Read, op.Lit, op.Out:
		return true
	case op.Call, op.FCall:
		return !b.unique && aux.(Callee).Pure()
	}
	return !b.unique // two unseeded Rand nodes differ in the Site of their Aux
}

func sameAux(a, b any) bool {
	if c, ok := a.(Const); ok {
		d, ok := b.(Const)
		return ok && op.SameConst(c.V, d.V)
	}
	return a == b
}

func sameInputs(a, b []*Node) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// hash mixes the cheap parts; equality is checked by the caller.
func hash(o op.Op, aux any, t types.Type, s op.Shape, in []*Node) uint64 {
	h := uint64(14695981039346656037)
	mix := func(v uint64) { h = (h ^ v) * 1099511628211 }
	mix(uint64(o))
	mix(uint64(t.Data)<<8 | uint64(t.Elem))
	mix(uint64(s.Rows))
	mix(uint64(s.Cols))
	switch a := aux.(type) {
	case Var:
		for i := range len(a) {
			mix(uint64(a[i]))
		}
	case Const:
		if n, ok := a.V.(int64); ok {
			mix(uint64(n))
		}
	}
	for _, n := range in {
		mix(uint64(n.ID) + 1)
	}
	return h
}
