package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// bindFuncs put values together: matrices and frames side by side or on top of each other, items behind lists.
func bindFuncs() []*Func {
	return []*Func{bind("cbind", op.CBind), bind("rbind", op.RBind)}
}

func bind(name string, o op.Op) *Func {
	f := &Func{
		Signature: types.Signature{
			Name:     name,
			Params:   []types.Param{rest("x", types.Any, "matrices or frames; or a list, alone or followed by items")},
			Results:  []types.Type{types.Any},
			ResultOf: bindResult,
			Check:    checks(atLeastOne(name), bindMix(name)),
		},
		Family: shaping,
		Pure:   true,
		Lower:  lowersAll(o, types.Matrix),
		Call:   callBind,
	}
	lists := " One list gives its elements bound together, 0x0 if it is empty. A list followed by items gives the list with" +
		" the items appended: an item that is a list of one element is unfolded and keeps its name, a longer list is nested."
	if o == op.CBind {
		f.Aliases = []string{"append"}
		f.Doc = "The columns of matrices or frames with equally many rows, side by side." + lists + " Two strings are joined by a line break."
		f.Example = `print(cbind(seq(1, 2), matrix(0, 2, 1))); print(append(list(1, 2), 3))  # 1.000 0.000 / 2.000 0.000 /  / List containing: / [1, 2, 3]`
		return f
	}
	f.Doc = "The rows of matrices or frames with equally many columns, on top of each other." + lists
	f.Example = `print(rbind(matrix(0, 0, 1), seq(1, 2)))  # 1.000 / 2.000`
	return f
}

func bindResult(args []types.Type) []types.Type {
	first := args[0].Data
	same := true
	for _, t := range args {
		same = same && t.Data == first
	}
	switch {
	case first == types.List && len(args) > 1:
		return []types.Type{types.ListT}
	case first == types.Scalar && same:
		return []types.Type{types.Str}
	case same && first == types.Matrix, same && first == types.Frame:
		return []types.Type{args[0]}
	}
	return []types.Type{types.Any}
}

// bindMix finds arguments that cannot be bound together.
func bindMix(name string) check {
	return func(c types.Call) []types.Problem {
		first := c.TypeOf(0)
		for i := 0; c.Has(i); i++ {
			t := c.TypeOf(i)
			switch {
			case first.Data == types.List:
				return nil
			case t.Data == types.Tensor:
				return problem(i, "as.matrix(T) converts a tensor of two dimensions", "%s: tensors cannot be bound", name)
			case first.Data == types.Scalar && kindOf(first) == number, t.Data == types.Scalar && kindOf(t) == number:
				return problem(i, "matrix(s, 1, 1) or as.matrix(s) makes a matrix of a scalar", "%s: scalars cannot be bound; argument %d is %s", name, i+1, t)
			case first.Data != types.Unknown && t.Data != types.Unknown && t.Data != first.Data:
				return problem(i, "", "%s: a %s cannot be bound to a %s", name, t.Data, first.Data)
			}
		}
		return nil
	}
}

func callBind(a *exec.Args) ([]value.Value, error) {
	vals := a.Vals
	if l, ok := vals[0].(*value.List); ok {
		if len(vals) > 1 {
			return appendItems(a, l, vals[1:])
		}
		vals = make([]value.Value, l.Len())
		for i := range vals {
			vals[i] = l.At(i)
		}
		if len(vals) == 0 {
			return one(matrix.Fill(a.M.Mat(), 0, 0, 0))
		}
	}
	switch vals[0].(type) {
	case *matrix.Matrix:
		return bindMatrices(a, vals)
	case *frame.Frame:
		return bindFrames(a, vals)
	case string:
		if y, ok := vals[len(vals)-1].(string); ok && len(vals) == 2 && a.Name != "rbind" {
			return one(vals[0].(string) + "\n" + y)
		}
	}
	return nil, fmt.Errorf("%s: matrices, frames or a list are needed, not %s", a.Name, value.TypeOf(vals[0]))
}

func bindMatrices(a *exec.Args, vals []value.Value) ([]value.Value, error) {
	ms := make([]*matrix.Matrix, len(vals))
	for i, v := range vals {
		m, ok := v.(*matrix.Matrix)
		if !ok {
			return nil, fmt.Errorf("%s: a %s cannot be bound to a matrix", a.Name, value.TypeOf(v))
		}
		ms[i] = m
	}
	bind := matrix.CBind
	if a.Name == "rbind" {
		bind = matrix.RBind
	}
	m, err := bind(a.M.Mat(), ms...)
	return result(a, m, err)
}

func bindFrames(a *exec.Args, vals []value.Value) ([]value.Value, error) {
	fs := make([]*frame.Frame, len(vals))
	for i, v := range vals {
		f, ok := v.(*frame.Frame)
		if !ok {
			return nil, fmt.Errorf("%s: a %s cannot be bound to a frame", a.Name, value.TypeOf(v))
		}
		fs[i] = f
	}
	var f *frame.Frame
	var err error
	if a.Name == "rbind" {
		text := func(v any) string { return value.Text(v) }
		f, err = frame.RBind(text, parseNumber, fs...)
	} else {
		f, err = frame.CBind(fs...)
	}
	if err != nil {
		return nil, named(a, err)
	}
	return one(f)
}

// appendItems returns l followed by items (language reference §7.4).
func appendItems(a *exec.Args, l *value.List, items []value.Value) ([]value.Value, error) {
	n := l.Len() + len(items)
	vals := make([]value.Value, 0, n)
	var names []string
	if l.Named() {
		names = make([]string, 0, n)
	}
	for i := range l.Len() {
		vals = append(vals, l.At(i))
		if l.Named() {
			names = append(names, l.Name(i))
		}
	}
	for _, v := range items {
		name := ""
		if one, ok := v.(*value.List); ok && one.Len() == 1 {
			v, name = one.At(0), one.Name(0)
		}
		if l.Named() && name == "" {
			return nil, fmt.Errorf("%s: an item without name cannot follow the names of the list; append list(name=...)", a.Name)
		}
		vals = append(vals, v)
		if l.Named() {
			names = append(names, name)
		}
	}
	for _, v := range vals {
		value.Retain(v)
	}
	return one(value.NewList(vals, names))
}
