package builtins

import (
	"fmt"
	"math"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

const lists = "Lists"

// listFuncs make and take apart lists. Appending stands with cbind in bind.go.
func listFuncs() []*Func { return []*Func{newList(), remove()} }

func newList() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "list",
			Binding: types.Collect,
			Params:  []types.Param{{Name: "x", Type: types.Any, Optional: true, Variadic: true, Doc: "elements of any type, all with a name or none"}},
			Results: []types.Type{types.ListT},
		},
		Family:  lists,
		Doc:     "A list of its arguments, which may be lists themselves. If any argument has no name, all names are dropped. list() is the empty list.",
		Example: `l = list(a=1, b=matrix(2, 1, 1)); print(length(l)); print(as.scalar(l["a"]))  # 2 / 1`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			return []op.Shape{op.Dims(int64(len(in)), 1)}, nil
		},
		Call: func(a *exec.Args) ([]value.Value, error) {
			vals := make([]value.Value, len(a.Vals))
			for i, v := range a.Vals {
				vals[i] = value.Retain(v)
			}
			return one(value.NewList(vals, append([]string(nil), a.Names...)))
		},
	}
}

func remove() *Func {
	return &Func{
		Signature: types.Signature{
			Name:        "remove",
			Params:      []types.Param{need("l", types.ListT, "list"), need("i", types.Any, "position of the element, or its name")},
			Results:     []types.Type{types.ListT, types.ListT},
			MultiResult: true,
			Check:       checks(takesAt("remove", 1, scalar), within("remove", "the position", 1, 1, math.Inf(1))),
		},
		Family:  lists,
		Doc:     "[rest, e] = remove(l, i): the list without element i, and the element as a list of one. A position outside the list or an unknown name is an error.",
		Example: `[rest, e] = remove(list(10, 20, 30), 2); print(rest); print(as.scalar(e))  # List containing: / [10, 30] / 20`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			rest := op.Dims(op.Unknown, 1)
			if in[0].Rows > 0 {
				rest.Rows = in[0].Rows - 1
			}
			return []op.Shape{rest, op.Dims(1, 1)}, nil
		},
		Call: callRemove,
	}
}

func callRemove(a *exec.Args) ([]value.Value, error) {
	l, err := a.List(0)
	if err != nil {
		return nil, err
	}
	at, err := position(a, l, 1)
	if err != nil {
		return nil, err
	}
	var vals []value.Value
	var names []string
	for i := range l.Len() {
		if i != at {
			vals, names = append(vals, value.Retain(l.At(i))), append(names, l.Name(i))
		}
	}
	e, err := l.Slice(at, at+1)
	if err != nil {
		return nil, named(a, err)
	}
	return []value.Value{value.NewList(vals, names), e}, nil
}

// position returns the 0-based position in l that argument i gives, a number or a name.
func position(a *exec.Args, l *value.List, i int) (int, error) {
	if name, ok := arg(a, i).(string); ok {
		at := l.Index(name)
		if at < 0 {
			return 0, fmt.Errorf("%s: the list has no element called %q", a.Name, name)
		}
		return at, nil
	}
	n, err := a.Int(i, 0)
	if err != nil {
		return 0, err
	}
	if n < 1 || n > int64(l.Len()) {
		return 0, fmt.Errorf("%s: position %d is outside the list of %d elements", a.Name, n, l.Len())
	}
	return int(n - 1), nil
}
