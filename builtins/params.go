package builtins

import (
	"fmt"
	"math"
	"strings"

	"gdml/lang/diag"
	"gdml/lang/types"
)

// need describes a required parameter.
func need(name string, t types.Type, doc string) types.Param {
	return types.Param{Name: name, Type: t, Doc: doc}
}

// may describes an optional parameter; def is its default as help shows it.
func may(name string, t types.Type, def, doc string) types.Param {
	return types.Param{Name: name, Type: t, Optional: true, Default: def, Doc: doc}
}

// word describes an optional string parameter that takes one of words.
func word(name, def string, words []string, doc string) types.Param {
	return types.Param{Name: name, Type: types.Str, Optional: true, Default: `"` + def + `"`, Enum: words, Doc: doc}
}

// anyCase makes capitals not matter in the words of a parameter.
func anyCase(p types.Param) types.Param {
	p.AnyCase = true
	return p
}

// rest describes the parameter of a builtin that takes one or more arguments of one kind.
func rest(name string, t types.Type, doc string) types.Param {
	return types.Param{Name: name, Type: t, Variadic: true, Doc: doc}
}

// check is the form of types.Signature.Check.
type check = func(types.Call) []types.Problem

// checks runs several checks and collects what they find.
func checks(cs ...check) check {
	return func(call types.Call) []types.Problem {
		var ps []types.Problem
		for _, c := range cs {
			ps = append(ps, c(call)...)
		}
		return ps
	}
}

// problem returns one fault at argument i, as the checks do.
func problem(i int, hint, format string, args ...any) []types.Problem {
	return []types.Problem{{Arg: i, Msg: fmt.Sprintf(format, args...), Hint: hint}}
}

// kind is a set of data types that an argument may have. Unknown types always pass.
type kind uint8

const (
	number kind = 1 << iota // int, double, boolean
	text
	matrix2
	frame2
	list2
	tensor2
	scalar = number | text
)

var kindNames = []struct {
	k    kind
	name string
}{{matrix2, "a matrix"}, {frame2, "a frame"}, {list2, "a list"}, {tensor2, "a tensor"}, {scalar, "a scalar"}, {number, "a number"}, {text, "a string"}}

// String lists the kinds: a matrix, a list or a number.
func (k kind) String() string {
	var names []string
	for _, n := range kindNames {
		if k&n.k == n.k {
			names = append(names, n.name)
			k &^= n.k
		}
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return strings.Join(names, "")
}

// kindOf classifies a static type; 0 when it may turn out to be allowed.
func kindOf(t types.Type) kind {
	switch t.Data {
	case types.Matrix:
		return matrix2
	case types.Frame:
		return frame2
	case types.List:
		return list2
	case types.Tensor:
		return tensor2
	case types.Scalar:
		switch t.Elem {
		case types.String:
			return text
		case types.AnyElem:
			return 0
		}
		return number
	}
	return 0
}

// takes checks that the arguments from position from on are of the given kinds. Parameters
// of type Any need it, since types.Type has no unions; for the others the checker
// compares the types itself.
func takes(name string, from int, want kind) check {
	return func(c types.Call) []types.Problem {
		var ps []types.Problem
		for i := from; i == from || c.Has(i); i++ {
			ps = append(ps, wrongKind(c, name, i, want)...)
		}
		return ps
	}
}

// takesAt is takes for the argument at position i alone.
func takesAt(name string, i int, want kind) check {
	return func(c types.Call) []types.Problem { return wrongKind(c, name, i, want) }
}

func wrongKind(c types.Call, name string, i int, want kind) []types.Problem {
	if !c.Has(i) {
		return nil
	}
	t := c.TypeOf(i)
	k := kindOf(t)
	if k&^want == 0 {
		return nil
	}
	hint := ""
	switch {
	case k == matrix2 && want&scalar != 0:
		hint = "as.scalar(...) turns a 1x1 matrix into a scalar"
	case k == list2 && want&matrix2 != 0:
		hint = "as.matrix(l[i]) takes an element out of a list"
	case k == frame2 && want&matrix2 != 0:
		hint = "as.matrix(F) converts a frame"
	case k == tensor2 && want&matrix2 != 0:
		hint = "as.matrix(T) converts a tensor of two dimensions"
	}
	p := problem(i, hint, "%s: argument %d must be %s, not %s", name, i+1, want, t)
	p[0].Code = uint16(diag.TypeMismatch)
	return p
}

// atLeastOne checks that a builtin with a variadic parameter alone has an argument.
func atLeastOne(name string) check {
	return func(c types.Call) []types.Problem {
		if c.Has(0) {
			return nil
		}
		return problem(-1, "", "%s: an argument is missing", name)
	}
}

// literal returns the constant number of parameter i.
func literal(c types.Call, i int) (float64, bool) {
	v, ok := c.Literal(i)
	if !ok {
		return 0, false
	}
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// within checks that a literal argument lies between lo and hi. NaN does not.
func within(name, param string, i int, lo, hi float64) check {
	return func(c types.Call) []types.Problem {
		v, ok := literal(c, i)
		if !ok || v >= lo && v <= hi {
			return nil
		}
		if math.IsInf(hi, 1) {
			return problem(i, "", "%s: %s must be at least %v, not %v", name, param, lo, v)
		}
		return problem(i, "", "%s: %s must lie between %v and %v, not %v", name, param, lo, hi, v)
	}
}
