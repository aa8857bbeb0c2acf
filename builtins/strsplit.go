package builtins

import (
	"strings"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

func strsplit() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "strsplit",
			Params:  []types.Param{need("s", types.Str, "text"), need("sep", types.Str, "what stands between the parts")},
			Results: []types.Type{types.ListT},
		},
		Family:  lists,
		Doc:     "The parts of a text between separators, as a list of strings without blanks around them. A text without the separator is one part; an empty separator gives the characters.",
		Example: `l = strsplit("64, 32", ","); print(length(l)); print(as.integer(as.scalar(l[2])) + 1)  # 2 / 33`,
		Pure:    true,
		Shape: func([]op.Shape) ([]op.Shape, error) {
			return []op.Shape{op.Dims(op.Unknown, 1)}, nil
		},
		Call: callStrsplit,
	}
}

func callStrsplit(a *exec.Args) ([]value.Value, error) {
	s, err := a.Str(0, "")
	if err != nil {
		return nil, err
	}
	sep, err := a.Str(1, "")
	if err != nil {
		return nil, err
	}
	var vals []value.Value
	for _, part := range strings.Split(s, sep) {
		vals = append(vals, strings.TrimSpace(part))
	}
	return one(value.NewList(vals, nil))
}
