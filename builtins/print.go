package builtins

import (
	"math"
	"time"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

const printing = "Printing and control"

// printFuncs are the statements that speak to the user, and text.
func printFuncs() []*Func {
	return []*Func{printFunc(), stop(), assert(), toString(), timeFunc(), lineageRow()}
}

func printFunc() *Func {
	return &Func{
		Signature: types.Signature{
			Name:      "print",
			Binding:   types.Collect,
			Statement: true,
			Params:    []types.Param{rest("x", types.Any, "a value of any type; or a format and its scalar arguments")},
			Check:     checkPrint,
		},
		Family: printing,
		Doc: "Writes a value and a line break to the standard output. Scalars are written plainly, everything else as" +
			" toString does. With several arguments the first is a format in the manner of printf: %d for ints, %f %e %g for" +
			" doubles, %b for booleans, %s for any scalar, %x %o for ints, %% and %n, with flags, width and precision." +
			" Decimal places are rounded half up on the shortest digits of the number.",
		Example: `print("a" + 1); print("%d %5.2f %s", 3, 1.005, "q")  # a1 / 3  1.01 q`,
		Call: func(a *exec.Args) ([]value.Value, error) {
			if len(a.Vals) == 1 {
				return nil, a.M.Print(value.Text(a.Vals[0]) + "\n")
			}
			format, err := a.Str(0, "")
			if err != nil {
				return nil, err
			}
			s, err := sprintf(format, a.Vals[1:])
			if err != nil {
				return nil, named(a, err)
			}
			return nil, a.M.Print(s + "\n")
		},
	}
}

// checkPrint compares a literal format with the types of the arguments.
func checkPrint(c types.Call) []types.Problem {
	if !c.Has(0) {
		return problem(-1, "", "print: an argument is missing")
	}
	if !c.Has(1) {
		return nil
	}
	if k := kindOf(c.TypeOf(0)); k != 0 && k != text {
		return problem(0, `join texts with +: print("a" + b)`, "print: with several arguments the first must be a format string, not %s", c.TypeOf(0))
	}
	var ps []types.Problem
	for i := 1; c.Has(i); i++ {
		ps = append(ps, wrongKind(c, "print", i, scalar)...)
	}
	v, _ := c.Literal(0)
	format, ok := v.(string)
	if !ok || ps != nil {
		return ps
	}
	verbs, err := parseFormat(format)
	if err != nil {
		return problem(0, "", "print: %s", err)
	}
	for _, v := range verbs {
		if v.arg < 0 {
			continue
		}
		if !c.Has(v.arg + 1) {
			return append(ps, problem(0, "", "print: %s has no argument", v.text)...)
		}
		if t := c.TypeOf(v.arg + 1); t.Data == types.Scalar && !v.takes(t.Elem) {
			ps = append(ps, problem(v.arg+1, v.hint(t.Elem), "print: %s cannot show a value of type %s", v.text, t)...)
		}
	}
	return ps
}

func stop() *Func {
	return &Func{
		Signature: types.Signature{
			Name:      "stop",
			Statement: true,
			Params:    []types.Param{need("message", types.Scal, "text of the error")},
		},
		Family:  printing,
		Doc:     "Ends the script with an error of this message. Not allowed inside parfor.",
		Example: `x = 1; if (x > 2) { stop("x is too large: " + x) } print(x)  # 1`,
		Call: func(a *exec.Args) ([]value.Value, error) {
			msg := value.Text(arg(a, 0))
			if msg == "" {
				msg = "the script was stopped"
			}
			return nil, exec.Failf(diag.Stopped, "", "%s", msg)
		},
	}
}

func assert() *Func {
	return &Func{
		Signature: types.Signature{
			Name:      "assert",
			Statement: true,
			Params:    []types.Param{need("cond", types.Scal, "what must be true")},
		},
		Family:  printing,
		Doc:     "Ends the script with an error if the condition is FALSE. Not allowed inside parfor.",
		Example: `x = 1; assert(x < 2); print(x)  # 1`,
		Call: func(a *exec.Args) ([]value.Value, error) {
			ok, err := value.Truth(arg(a, 0))
			if err != nil {
				return nil, named(a, err)
			}
			if !ok {
				return nil, exec.Failf(diag.AssertFailed, "", "assertion failed")
			}
			return nil, nil
		},
	}
}

func toString() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "toString",
			Binding: types.Named,
			Params: []types.Param{
				need("target", types.Any, "value of any type"),
				may("rows", types.IntT, "100", "most rows shown, -1 for all"),
				may("cols", types.IntT, "100", "most columns shown, -1 for all"),
				may("decimal", types.IntT, "3", "fraction digits; -1 for up to three, without trailing zeros"),
				may("sparse", types.BoolT, "FALSE", "a matrix as lines of row, column and value of its non-zeros"),
				may("sep", types.Str, `" "`, "text between cells"),
				may("linesep", types.Str, `"\n"`, "text after every row"),
			},
			Results: []types.Type{types.Str},
			Check: checks(within("toString", "rows", 1, -1, math.Inf(1)), within("toString", "cols", 2, -1, math.Inf(1)),
				within("toString", "decimal", 3, -1, 1000)),
		},
		Family: printing,
		Doc: "The text of a value. A matrix gives its cells with a fixed number of fraction digits, rounded half to even, every row" +
			" ended by linesep. A frame starts with lines of its size, names and types; a list shows its elements in brackets;" +
			" a tensor opens a bracket for each dimension.",
		Example: `print(toString(matrix("0.0625 0.1875 2.0005 -0.0001", 1, 4))); print(toString(matrix(1.5, 1, 2), decimal=1, sep=";", linesep="|"))  # 0.062 0.188 2.001 -0.000 /  / 1.5;1.5|`,
		Pure:    true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			o, err := textOptions(a, value.DefaultText())
			if err != nil {
				return nil, err
			}
			return one(value.ToString(arg(a, 0), o))
		},
	}
}

func textOptions(a *exec.Args, o value.TextOptions) (value.TextOptions, error) {
	for _, p := range []struct {
		at int
		to *int
	}{{1, &o.Rows}, {2, &o.Cols}, {3, &o.Decimal}} {
		v, err := a.Int(p.at, int64(*p.to))
		if err != nil {
			return o, err
		}
		*p.to = int(max(min(v, math.MaxInt32), -1))
	}
	var err error
	if o.Sparse, err = a.Bool(4, o.Sparse); err != nil {
		return o, err
	}
	if o.Sep, err = a.Str(5, o.Sep); err != nil {
		return o, err
	}
	o.Linesep, err = a.Str(6, o.Linesep)
	return o, err
}

func timeFunc() *Func {
	return &Func{
		Signature: types.Signature{Name: "time", Results: []types.Type{types.IntT}},
		Family:    printing,
		Doc:       "A count of nanoseconds, an int. Only differences mean something.",
		Example:   `t0 = time(); print(time() - t0 >= 0)  # TRUE`,
		Call: func(*exec.Args) ([]value.Value, error) {
			return one(time.Now().UnixNano())
		},
	}
}
