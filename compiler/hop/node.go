package hop

import (
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

// Node is one high-level operator. It is immutable.
type Node struct {
	ID    int32 // dense, in order of construction within its Builder
	Op    op.Op
	Aux   any // what package op says for the operator; comparable
	In    []*Node
	Type  types.Type
	Shape op.Shape
	Span  source.Span
}

// Var is the Aux of a Read: the name of the variable.
type Var string

// Epilogue is the Aux of a Layer: what happens to the cells of the product after the
// bias was added, nothing when F is nil.
type Epilogue struct{ F *cell.Unary }

// Const is the Aux of a Lit: int64, float64, bool or string in V.
type Const struct{ V any }

// Callee is the Aux of Call and FCall. Implementations are pointers, so that they compare by identity.
type Callee interface {
	// Name is the opcode: the builtin's name, or the function's for messages.
	Name() string
	// Pure reports whether equal calls may be merged, folded and dropped when unused.
	Pure() bool
	// Results returns the types of the results.
	Results() []types.Type
	// ShapeOf derives the shapes of the results from those of the arguments.
	ShapeOf(in []op.Shape) ([]op.Shape, error)
}

// Explained is a Callee that says more about a call than its arguments show, for people who read a plan.
type Explained interface {
	// Explain returns a line of text, or "". bytes are the sizes of the arguments, op.Unknown where they are not known.
	Explain(in []op.Shape, bytes []int64) string
}

// Program is a script at the HOP level.
type Program struct {
	Main    *Func
	Funcs   map[string]*Func // by key, see exec.Program
	Sources *source.Set

	// Dynamic holds the keys of functions that may be called by name at run time, with arguments that no call node shows.
	Dynamic map[string]bool

	// Operands gives, for the span of a written operation, the spans of its operands in the
	// order of the node's inputs, for messages. An operand that was not written has an invalid
	// span. Those of a call of a builtin that stays a call are in parameter order.
	Operands map[source.Span][]source.Span

	// Defs gives, for a written variable reference whose value comes from its own basic block, the place of the assignment.
	Defs map[source.Span]source.Span
}

// Func is a function or the main program.
type Func struct {
	Key     string
	Name    string
	Span    source.Span
	Params  []Param
	Results []Result
	Body    []*Block
}

// Param is a parameter. Default is nil when it is required.
type Param struct {
	Name    string
	Type    types.Type
	Default *DAG // as a predicate; reads the parameters
}

// Result is a declared result.
type Result struct {
	Name string
	Type types.Type
}

// Kind is the kind of a block.
type Kind uint8

// Kinds of blocks.
const (
	Basic Kind = iota
	If
	While
	For
	ParFor
)

// Block is a piece of a function. Which fields are used depends on Kind.
type Block struct {
	Kind Kind
	Span source.Span

	DAG *DAG // Basic

	Cond       *DAG     // If, While: its last root is the value, effects may stand before it
	Then, Else []*Block // If; Then is the body of the loops

	Var            string  // For, ParFor
	From, To, Incr *DAG    // as Cond; Incr nil when not given
	Par            *DAG    // ParFor: wanted workers, nil when not given
	Log            bool    // ParFor
	Results        []Merge // ParFor: outer variables the body writes, from the checker

	// LiveOut holds the variables whose value is needed after the block. Set by Live.
	LiveOut map[string]bool
}

// Merge names a result variable of a parfor; Accumulate when it is only written by +=.
type Merge struct {
	Var        string
	Accumulate bool
	Disjoint   bool // see check.Merge
}

// DAG is a basic block's graph, or that of a predicate.
type DAG struct {
	B     *Builder
	Roots []Root
}

// Root is one thing a DAG does, in program order.
type Root struct {
	Var  string // variable that gets Node; "" for an effect or a predicate's value
	Node *Node
	// Effect is set when Node must be executed even if nothing uses its value.
	Effect bool
	At     source.Span // of the assigned name as written; invalid for effects and values
}

// Value returns the node a predicate or default evaluates to.
func (d *DAG) Value() *Node { return d.Roots[len(d.Roots)-1].Node }

// Opcode returns what the node is called in listings: the function of a cellwise
// operator, the aggregate with its direction, the name of a called function.
func (n *Node) Opcode() string {
	switch a := n.Aux.(type) {
	case *cell.Unary:
		return a.Name
	case *cell.Binary:
		return a.Name
	case Epilogue:
		if a.F != nil {
			return n.Op.String() + " " + a.F.Name
		}
	case *Chain:
		return n.Op.String() + " " + a.Name()
	case *Sampled:
		return n.Op.String() + " " + a.Name()
	case op.Aggregate:
		return a.String()
	case op.AggFn:
		return n.Op.String() + a.String()
	case Callee:
		if n.Op == op.FCall {
			return "fcall " + a.Name()
		}
		return a.Name()
	}
	return n.Op.String()
}
