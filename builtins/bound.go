package builtins

import (
	"gdml/lang/op"
	"gdml/lang/types"
)

// Bound is a builtin with the form of one call: which arguments were passed. It is
// the Aux of a HOP call node; the node's inputs are the passed arguments in
// parameter order, or as written for a collecting builtin. compiler/build makes
// one Bound for all equal calls of a pure builtin in a DAG and a fresh one for
// every call of an impure one.
type Bound struct {
	Func  *Func
	Has   []bool   // per parameter; nil for a collecting builtin
	Names []string // written argument names of a collecting builtin
	Types []types.Type
	Stale bool // a write may run before the call: do not trust what files say at compile time
}

// Name is the opcode.
func (b *Bound) Name() string { return b.Func.Name }

// Pure reports whether equal calls may be merged and unused ones dropped.
func (b *Bound) Pure() bool { return b.Func.Pure }

// Results returns the result types.
func (b *Bound) Results() []types.Type { return b.Types }

// ShapeOf derives the result shapes from the shapes of the passed arguments.
func (b *Bound) ShapeOf(in []op.Shape) ([]op.Shape, error) {
	if b.Func.Probe != nil && !b.Stale {
		return b.Func.Probe(b.Has, b.spread(in))
	}
	if b.Func.Shape != nil {
		return b.Func.Shape(b.spread(in))
	}
	out := make([]op.Shape, len(b.Types))
	for i, t := range b.Types {
		out[i] = op.NoShape
		if t.Data == types.Scalar {
			out[i] = op.ScalarShape
		}
	}
	return out, nil
}

// Explain says what follows from the shapes and sizes of the passed arguments, "" when there is nothing to say.
func (b *Bound) Explain(in []op.Shape, bytes []int64) string {
	if b.Func.Explain == nil {
		return ""
	}
	full := b.spread(in)
	sizes := make([]int64, len(full))
	k := 0
	for i := range full {
		sizes[i] = op.Unknown
		if b.Has == nil || b.Has[i] {
			sizes[i] = bytes[k]
			k++
		}
	}
	return b.Func.Explain(full, sizes)
}

// spread puts the shapes of the passed arguments at the places of their parameters and
// ends with the last one passed.
func (b *Bound) spread(in []op.Shape) []op.Shape {
	if b.Has == nil {
		return in
	}
	var full []op.Shape
	k := 0
	for _, has := range b.Has {
		switch {
		case k == len(in):
			return full
		case has:
			full = append(full, in[k])
			k++
		default:
			full = append(full, op.NoShape)
		}
	}
	return full
}
