package builtins

import (
	"fmt"

	"gdml/lang/diag"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

const secondOrder = "Calls by name"

// evalFuncs call DML functions by names that are values (language reference §12). isBuiltin
// tells the functions of the table, which cannot be called so.
func evalFuncs(isBuiltin func(name string) bool) []*Func {
	params := func(args string) []types.Param {
		f := need("f", types.Str, `the function: "f" of this file, of the main script or of the library, or "path.dml::f"`)
		f.Func = true
		return []types.Param{f, rest("args", types.Any, args)}
	}
	const listDoc = " A single list stands for the arguments, by name if its elements have names, unless the function" +
		" takes just one list. Arguments that are missing take the defaults of the function. Builtin functions without DML body cannot be called."
	check := evalCheck(isBuiltin)
	return []*Func{
		{
			Signature: types.Signature{
				Name: "eval", Params: params("arguments in order, or a list of them"),
				Results: []types.Type{types.Mat}, Check: check,
			},
			Family: secondOrder,
			Doc: "Calls a DML function whose name is a string and returns its first result as a matrix: a scalar is made 1 x 1, a" +
				" frame is converted, a list is an error." + listDoc,
			Example: `f = function(matrix[double] A, double b = 2) return (matrix[double] C) { C = A * b }; print(eval("f", matrix(3, 1, 1))); print(eval("f", list(b=5, A=matrix(3, 1, 1))))  # 6.000 /  / 15.000`,
			Shape:   func([]op.Shape) ([]op.Shape, error) { return []op.Shape{op.NoShape}, nil },
			Call:    func(a *exec.Args) ([]value.Value, error) { return callEval(a, isBuiltin) },
		},
		{
			Signature: types.Signature{
				Name: "evalList", Params: params("arguments in order, or a list of them"),
				Results: []types.Type{types.ListT}, Check: check,
			},
			Family:  secondOrder,
			Doc:     "Calls a DML function whose name is a string and returns all its results as a list with their names." + listDoc,
			Example: `f = function(double a) return (double twice, double half) { twice = 2 * a; half = a / 2 }; l = evalList("f", list(a=3)); print(as.scalar(l["half"]))  # 1.5`,
			Shape:   func([]op.Shape) ([]op.Shape, error) { return []op.Shape{op.Dims(op.Unknown, 1)}, nil },
			Call:    func(a *exec.Args) ([]value.Value, error) { return callEvalList(a, isBuiltin) },
		},
	}
}

// evalCheck looks at constant names. The name of a builtin is only worth a warning, as a
// script may have a branch for each of several names.
func evalCheck(isBuiltin func(string) bool) check {
	return func(c types.Call) []types.Problem {
		v, ok := c.Literal(0)
		name, isStr := v.(string)
		if !ok || !isStr {
			return nil
		}
		if _, ok := c.Function(name); ok {
			return nil
		}
		if isBuiltin(name) {
			p := problem(0, wrapHint(name), "%s is no DML function and cannot be called by name", name)
			p[0].Warn, p[0].Code = true, uint16(diag.UndefinedFunction)
			return p
		}
		hint := ""
		if near, ok := diag.Nearest(name, c.Functions()); ok {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		p := problem(0, hint, "unknown function %s", name)
		p[0].Code = uint16(diag.UndefinedFunction)
		return p
	}
}

func wrapHint(name string) string {
	return "write " + name + "(...), or define a function that calls it"
}

// invoke calls the function that argument 0 names with the others and returns it and its results.
func invoke(a *exec.Args, isBuiltin func(string) bool) (*exec.Function, []value.Value, error) {
	name, err := a.Str(0, "")
	if err != nil {
		return nil, nil, err
	}
	var first value.Value
	args := a.Vals[1:]
	if len(args) > 0 {
		first = args[0]
	}
	fn, err := findCallable(a.M, name, first)
	switch {
	case err != nil:
		return nil, nil, err
	case fn == nil && isBuiltin(name):
		return nil, nil, exec.Failf(diag.RunTime, wrapHint(name), "%s: %s is no DML function and cannot be called by name", a.Name, name)
	case fn == nil:
		return nil, nil, exec.Failf(diag.RunTime, "", "%s: there is no function %s", a.Name, name)
	}
	if l, ok := first.(*value.List); ok && len(args) == 1 && !takesOneList(fn) {
		if args, err = spreadList(a, fn, l); err != nil {
			return nil, nil, err
		}
	}
	out, err := a.M.Call(fn, args)
	return fn, out, err
}

func takesOneList(fn *exec.Function) bool {
	return len(fn.Params) == 1 && fn.Params[0].Type.Data == types.List
}

// spreadList puts the elements of l at the parameters of fn: by name if they have names, else in order.
func spreadList(a *exec.Args, fn *exec.Function, l *value.List) ([]value.Value, error) {
	if !l.Named() {
		if l.Len() > len(fn.Params) {
			return nil, fmt.Errorf("%s: %s takes %d arguments, but the list has %d elements", a.Name, fn.Name, len(fn.Params), l.Len())
		}
		args := make([]value.Value, l.Len())
		for i := range args {
			args[i] = l.At(i)
		}
		return args, nil
	}
	args := make([]value.Value, len(fn.Params))
	used := 0
	for i, p := range fn.Params {
		if at := l.Index(p.Name); at >= 0 {
			args[i] = l.At(at)
			used++
		}
	}
	if used == l.Len() {
		return args, nil
	}
	for i := range l.Len() {
		if !hasParam(fn, l.Name(i)) {
			return nil, fmt.Errorf("%s: %s has no parameter %s", a.Name, fn.Name, l.Name(i))
		}
	}
	return nil, fmt.Errorf("%s: a name occurs twice in the list of arguments", a.Name)
}

func hasParam(fn *exec.Function, name string) bool {
	for _, p := range fn.Params {
		if p.Name == name {
			return true
		}
	}
	return false
}

func callEval(a *exec.Args, isBuiltin func(string) bool) ([]value.Value, error) {
	fn, out, err := invoke(a, isBuiltin)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, v := range out {
			value.Release(v)
		}
	}()
	if len(out) == 0 {
		return nil, fmt.Errorf("eval: function %s has no result", fn.Name)
	}
	if _, ok := out[0].(*value.List); ok {
		return nil, exec.Failf(diag.RunTime, "use evalList", "eval: the result of %s is a list", fn.Name)
	}
	if value.TypeOf(out[0]) == types.Mat {
		return one(value.Retain(out[0]))
	}
	m, err := value.AsMatrix(out[0])
	return result(a, m, err)
}

func callEvalList(a *exec.Args, isBuiltin func(string) bool) ([]value.Value, error) {
	fn, out, err := invoke(a, isBuiltin)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(out))
	for i, r := range fn.Results {
		names[i] = r.Name
	}
	return one(value.NewList(out, names))
}
