package builtins

import (
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
)

// Func is one builtin.
type Func struct {
	types.Signature

	Aliases []string
	Family  string // heading of the documentation page
	Doc     string // what it does, with dimensions and edge cases; first sentence is the summary
	Example string // statements; a trailing "# ..." comment gives the expected output, lines separated by " / "

	// Pure: equal calls give equal results and do nothing else, so that they may be folded, shared and hoisted.
	Pure bool

	// Lower names the operator a call becomes. args are the static types of the bound
	// arguments in parameter order, Any for missing ones; has tells which were passed.
	// ok is false when the call stays a call.
	Lower func(args []types.Type, has []bool) (l Lowering, ok bool)

	// Shape derives the result shapes of a call from the bound argument shapes, in parameter
	// order and up to the last one passed, with NoShape for one missing in between. Nil means
	// nothing is known beyond the types.
	Shape func(in []op.Shape) ([]op.Shape, error)

	// Probe is Shape for a result whose size is found outside the program, in a file. has tells
	// which arguments were passed. What it says holds only as long as the program has written
	// no file before the call.
	Probe func(has []bool, in []op.Shape) ([]op.Shape, error)

	// Explain says for a plan what follows from the bound argument shapes, as Shape gets them, and from their sizes
	// in bytes, op.Unknown for those not known. Nil means nothing.
	Explain func(in []op.Shape, bytes []int64) string

	// Call is the code when the call is not lowered.
	Call exec.Builtin
}

// Lowering says which operator a call becomes and from which arguments.
type Lowering struct {
	Op   op.Op
	Aux  any
	Args []Operand
}

// Operand is an input of a lowered operator: argument Arg (an index into the parameters),
// or the literal Lit when Arg is negative or the argument was not passed.
type Operand struct {
	Arg int
	Lit any // int64, float64, bool or string
}

// Table finds builtins by name. It is immutable and implements the checker's view of them.
type Table struct {
	byName map[string]*Func
	all    []*Func
}

// Lookup returns the row of a builtin or alias.
func (t *Table) Lookup(name string) (*Func, bool) {
	f, ok := t.byName[name]
	return f, ok
}

// Signature implements check.Universe.
func (t *Table) Signature(name string) (*types.Signature, bool) {
	if f, ok := t.byName[name]; ok {
		return &f.Signature, true
	}
	return nil, false
}

// Names lists every name, aliases included, for hints and completion. The order is that of the table.
func (t *Table) Names() []string {
	var ns []string
	for _, f := range t.all {
		ns = append(ns, f.Name)
		ns = append(ns, f.Aliases...)
	}
	return ns
}

// All returns the rows in table order.
func (t *Table) All() []*Func { return t.all }

func newTable(families ...[]*Func) *Table {
	t := &Table{byName: map[string]*Func{}}
	for _, fam := range families {
		for _, f := range fam {
			t.all = append(t.all, f)
			for _, n := range append([]string{f.Name}, f.Aliases...) {
				t.byName[n] = f
			}
		}
	}
	return t
}
