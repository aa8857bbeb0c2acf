package builtins

import (
	"errors"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

func einsum() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "einsum",
			Params: []types.Param{
				need("equation", types.Str, `letters of the dimensions of each operand and of the result, "ij,jk->ik"; a constant`),
				rest("operands", types.Mat, "a matrix for two letters, a column vector for one"),
			},
			Results:   []types.Type{types.Any},
			ResultFor: einsumResult,
			Check:     checkEinsum,
		},
		Family: linear,
		Doc: "The sum of products that an equation describes (Einstein's convention): equal letters run together, and letters that" +
			" the result lacks are summed over. Operands and result have at most two letters; one letter is a column vector," +
			" a letter twice the diagonal of a square matrix, and a result without letters is a double.",
		Example: `A = matrix("1 2 3 4", 2, 2); print(einsum("ij,jk->ik", A, A)); print(einsum("ii->", A))  # 7.000 10.000 / 15.000 22.000 /  / 5.0`,
		Pure:    true,
		Shape:   einsumShape,
		Call:    callEinsum,
	}
}

func einsumResult(c types.Call) []types.Type {
	if e, _ := constantEinsum(c); e != nil && e.Out == "" {
		return []types.Type{types.Dbl}
	}
	return []types.Type{types.Mat}
}

// constantEinsum parses the equation of a call; nil without error when it is no constant.
func constantEinsum(c types.Call) (*matrix.Einsum, error) {
	v, ok := c.Literal(0)
	if !ok {
		return nil, nil
	}
	eq, ok := v.(string)
	if !ok {
		return nil, nil
	}
	return matrix.ParseEinsum(eq)
}

func checkEinsum(c types.Call) []types.Problem {
	e, err := constantEinsum(c)
	switch {
	case err != nil:
		return problem(0, "", "%s", err)
	case e == nil:
		return problem(0, "", "einsum: the equation must be a constant string")
	case !c.Has(len(e.In)) || c.Has(len(e.In)+1):
		n := 0
		for c.Has(n + 1) {
			n++
		}
		return problem(0, "", "einsum: the equation has %d operands, but %d are passed", len(e.In), n)
	}
	return nil
}

func einsumShape(in []op.Shape) ([]op.Shape, error) {
	eq, ok := in[0].Val.(string)
	if !ok {
		return []op.Shape{op.NoShape}, nil
	}
	e, err := matrix.ParseEinsum(eq)
	if err != nil {
		return []op.Shape{op.NoShape}, nil
	}
	var dims [][2]int64
	var at []int
	for i, s := range in[1:] {
		dims = append(dims, [2]int64{s.Rows, s.Cols})
		at = append(at, i+1)
	}
	of, err := e.Dims(dims)
	if err != nil {
		return nil, &op.Mismatch{Msg: err.Error(), In: at}
	}
	switch len(e.Out) {
	case 0:
		return []op.Shape{op.ScalarShape}, nil
	case 1:
		return []op.Shape{op.Dims(of[e.Out[0]], 1)}, nil
	}
	return []op.Shape{op.Dims(of[e.Out[0]], of[e.Out[1]])}, nil
}

func callEinsum(a *exec.Args) ([]value.Value, error) {
	eq, err := a.Str(0, "")
	if err != nil {
		return nil, err
	}
	e, err := matrix.ParseEinsum(eq)
	if err != nil {
		return nil, err
	}
	var ms []*matrix.Matrix
	for i := 1; a.Has(i); i++ {
		m, err := a.Matrix(i)
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	if len(ms) == 0 {
		return nil, errors.New("einsum: an operand is missing")
	}
	m, err := e.Run(a.M.Mat(), ms...)
	if err != nil {
		return nil, named(a, err)
	}
	if e.Out == "" {
		defer m.Release()
		return one(m.At(0, 0))
	}
	return one(m)
}
