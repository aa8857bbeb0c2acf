package hop

import (
	"gdml/lang/op"
	"gdml/lang/types"
)

// FuncCall is the Aux of an FCall: one call of a DML function. Every call has its own,
// so that calls are never merged. The node's inputs are the passed arguments in
// parameter order; Has tells which parameters they are.
type FuncCall struct {
	Key   string // of the function in Program.Funcs
	Func  string // name for messages
	Has   []bool
	Types []types.Type // of the results

	// Shapes are the shapes of the results, set by package size before the node is built.
	Shapes []op.Shape
}

// Name is the function's name.
func (c *FuncCall) Name() string { return c.Func }

// Pure is false: a function may print, write or stop.
func (c *FuncCall) Pure() bool { return false }

// Results returns the result types.
func (c *FuncCall) Results() []types.Type { return c.Types }

// ShapeOf returns what package size found out.
func (c *FuncCall) ShapeOf([]op.Shape) ([]op.Shape, error) {
	out := make([]op.Shape, len(c.Types))
	for i := range out {
		out[i] = op.NoShape
		if i < len(c.Shapes) {
			out[i] = c.Shapes[i]
		} else if c.Types[i].Data == types.Scalar {
			out[i] = op.ScalarShape
		}
	}
	return out, nil
}
