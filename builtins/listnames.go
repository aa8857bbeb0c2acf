package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/value"
)

func setNames() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "setNames",
			Params:  []types.Param{need("x", types.Any, "list, or frame of m columns"), need("names", types.Any, "as many strings as the list has elements, as a list; or a 1 x m frame")},
			Results: []types.Type{types.Any},
			ResultOf: func(args []types.Type) []types.Type {
				if args[0].Data == types.Frame || args[0].Data == types.List {
					return args[:1]
				}
				return []types.Type{types.Any}
			},
			Check: checks(takesAt("setNames", 0, list2|frame2), takesAt("setNames", 1, list2|frame2)),
		},
		Family:  lists,
		Doc:     "The elements of a list under new names, which list(a=...) can only write down and not compute; or a frame with other column names. Names are strings that are not empty and, in a list, differ from each other.",
		Example: `l = setNames(list(7, 8), list("W" + 1, "W" + 2)); print(as.scalar(l["W2"]))  # 8`,
		Pure:    true,
		Shape:   func(in []op.Shape) ([]op.Shape, error) { return []op.Shape{in[0]}, nil },
		Call:    callSetNames,
	}
}

func callSetNames(a *exec.Args) ([]value.Value, error) {
	if f, ok := arg(a, 0).(*frame.Frame); ok {
		return nameColumns(a, f)
	}
	l, err := a.List(0)
	if err != nil {
		return nil, err
	}
	ns, err := a.List(1)
	if err != nil {
		return nil, err
	}
	if ns.Len() != l.Len() {
		return nil, fmt.Errorf("setNames: %d names for %d elements", ns.Len(), l.Len())
	}
	names := make([]string, l.Len())
	seen := map[string]bool{}
	for i := range names {
		s, ok := ns.At(i).(string)
		switch {
		case !ok:
			return nil, fmt.Errorf("setNames: name %d is a %s, not a string", i+1, value.TypeOf(ns.At(i)))
		case s == "" || seen[s]:
			return nil, fmt.Errorf("setNames: name %d, %q, is empty or taken", i+1, s)
		}
		names[i], seen[s] = s, true
	}
	vals := make([]value.Value, l.Len())
	for i := range vals {
		vals[i] = value.Retain(l.At(i))
	}
	return one(value.NewList(vals, names))
}

// nameColumns returns f with the column names that the frame at argument 1 holds.
func nameColumns(a *exec.Args, f *frame.Frame) ([]value.Value, error) {
	row, err := frameArg(a, 1)
	if err != nil {
		return nil, err
	}
	if row.Rows() != 1 || row.Cols() != f.Cols() {
		return nil, fmt.Errorf("setNames: the names for a %s must be a 1x%d frame, not a %s", f, f.Cols(), row)
	}
	cols := make([]frame.Column, f.Cols())
	for j := range cols {
		name := row.Column(j).Value(0)
		if name == nil || name == "" {
			return nil, fmt.Errorf("setNames: name %d is missing or empty", j+1)
		}
		cols[j] = *f.Column(j)
		cols[j].Name = value.Text(name)
	}
	return frameOf(a, f.Rows(), cols)
}
