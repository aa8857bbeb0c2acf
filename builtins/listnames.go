package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

func setNames() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "setNames",
			Params:  []types.Param{need("l", types.ListT, "list"), need("names", types.ListT, "as many strings as l has elements")},
			Results: []types.Type{types.ListT},
		},
		Family:  lists,
		Doc:     "The elements of l under new names, which list(a=...) can only write down and not compute. Names are strings that are not empty and differ from each other.",
		Example: `l = setNames(list(7, 8), list("W" + 1, "W" + 2)); print(as.scalar(l["W2"]))  # 8`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			return []op.Shape{op.Dims(in[0].Rows, 1)}, nil
		},
		Call: callSetNames,
	}
}

func callSetNames(a *exec.Args) ([]value.Value, error) {
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
