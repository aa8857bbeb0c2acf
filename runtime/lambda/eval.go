package lambda

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sync/atomic"

	"gdml/runtime/transform"
)

// function is a method or static function: how many arguments it takes, a receiver not
// counted, and its code, to which the receiver is the first argument.
type function struct {
	min, max int
	f        func(args []any) (any, error)
	regex    regexUse // what becomes of argument 1 before the code sees it
}

// regexUse says whether an argument is a regular expression, passed on as *regexp.Regexp.
type regexUse uint8

const (
	noRegex regexUse = iota
	anywhere
	whole // has to match the whole string
)

// site is a place in the text where a function is called. It keeps the last regular
// expression, which nearly always is a literal.
type site struct {
	fn   function
	last atomic.Pointer[compiled]
}

type compiled struct {
	expr string
	re   *regexp.Regexp
}

func (s *site) compile(v any) (*regexp.Regexp, error) {
	if err := needText(v); err != nil {
		return nil, err
	}
	expr := Text(v)
	if c := s.last.Load(); c != nil && c.expr == expr {
		return c.re, nil
	}
	c := &compiled{expr: expr}
	if s.fn.regex == whole {
		expr = "^(?:" + expr + ")$"
	}
	re, err := transform.Regexp(expr)
	if err != nil {
		return nil, err
	}
	c.re = re
	s.last.Store(c)
	return re, nil
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func constant(v any) code { return func([]any) (any, error) { return v, nil } }

func call(fn function, name string, args []code) code {
	at := &site{fn: fn}
	return func(env []any) (any, error) {
		vals := make([]any, len(args))
		for i, a := range args {
			v, err := a(env)
			if err != nil {
				return nil, err
			}
			vals[i] = v
		}
		if fn.regex != noRegex {
			re, err := at.compile(vals[1])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			vals[1] = re
		}
		v, err := fn.f(vals)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return v, nil
	}
}

func truth(c code, env []any) (bool, error) {
	v, err := c(env)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("a boolean is needed, not %s", typeName(v))
	}
	return b, nil
}

func choose(cond, yes, no code) code {
	return func(env []any) (any, error) {
		b, err := truth(cond, env)
		if err != nil {
			return nil, err
		}
		if b {
			return yes(env)
		}
		return no(env)
	}
}

func prefix(op string, x code) code {
	return func(env []any) (any, error) {
		v, err := x(env)
		if err != nil {
			return nil, err
		}
		b, isBool := v.(bool)
		switch {
		case op == "!" && isBool:
			return !b, nil
		case op == "-" && rank(v) > 0:
			if rank(v) > 2 {
				return arith("*", v, int32(-1)) // keeps the sign of zero
			}
			return arith("-", int32(0), v)
		case op == "+" && rank(v) > 0:
			return arith("+", int32(0), v)
		case op == "~" && (rank(v) == 1 || rank(v) == 2):
			return arith("-", int32(-1), v)
		}
		return nil, fmt.Errorf("%s cannot be applied to %s", op, typeName(v))
	}
}

func binary(op string, left, right code) code {
	if op == "&&" || op == "||" {
		return func(env []any) (any, error) {
			b, err := truth(left, env)
			if err != nil || b == (op == "||") {
				return b, err
			}
			return truth(right, env)
		}
	}
	return func(env []any) (any, error) {
		a, err := left(env)
		if err != nil {
			return nil, err
		}
		b, err := right(env)
		if err != nil {
			return nil, err
		}
		return combine(op, a, b)
	}
}

// combine computes a op b.
func combine(op string, a, b any) (any, error) {
	_, s := a.(string)
	_, t := b.(string)
	switch op {
	case "+":
		if s || t {
			return Text(a) + Text(b), nil
		}
		return arith(op, a, b)
	case "==":
		return equal(a, b), nil
	case "!=":
		return !equal(a, b), nil
	case "<", ">", "<=", ">=":
		return order(op, a, b)
	case "&", "|", "^", "<<", ">>", ">>>":
		return bits(op, a, b)
	}
	return arith(op, a, b)
}

func order(op string, a, b any) (any, error) {
	if rank(a) == 0 || rank(b) == 0 {
		return nil, fmt.Errorf("%s cannot be applied to %s and %s; strings have compareTo", op, typeName(a), typeName(b))
	}
	x, y := toFloat(a), toFloat(b)
	if max(rank(a), rank(b)) <= 2 {
		switch i, j := toLong(a), toLong(b); {
		case i < j:
			x, y = 0, 1
		case i > j:
			x, y = 1, 0
		default:
			x, y = 0, 0
		}
	}
	switch op {
	case "<":
		return x < y, nil
	case ">":
		return x > y, nil
	case "<=":
		return x <= y, nil
	}
	return x >= y, nil
}

// bits computes the operators on bits and, for two booleans, of logic.
func bits(op string, a, b any) (any, error) {
	x, p := a.(bool)
	y, q := b.(bool)
	if p && q {
		switch op {
		case "&":
			return x && y, nil
		case "|":
			return x || y, nil
		case "^":
			return x != y, nil
		}
	}
	if r, s := rank(a), rank(b); r < 1 || r > 2 || s < 1 || s > 2 {
		return nil, fmt.Errorf("%s cannot be applied to %s and %s", op, typeName(a), typeName(b))
	}
	if shift := op == "<<" || op == ">>" || op == ">>>"; rank(a) == 1 && (shift || rank(b) == 1) {
		return bits32(op, toInt(a), toInt(b)), nil
	}
	return bits64(op, toLong(a), toLong(b)), nil
}

func bits32(op string, a, b int32) int32 {
	switch op {
	case "<<":
		return a << (b & 31)
	case ">>":
		return a >> (b & 31)
	case ">>>":
		return int32(uint32(a) >> (b & 31))
	}
	return int32(bits64(op, int64(a), int64(b)))
}

func bits64(op string, a, b int64) int64 {
	switch op {
	case "&":
		return a & b
	case "|":
		return a | b
	case "^":
		return a ^ b
	case "<<":
		return a << (b & 63)
	case ">>":
		return a >> (b & 63)
	}
	return int64(uint64(a) >> (b & 63))
}

// casts are the types that casts and array literals name.
var casts = map[string]func(v any) (any, bool){
	"int":    func(v any) (any, bool) { return toInt(v), rank(v) > 0 },
	"long":   func(v any) (any, bool) { return toLong(v), rank(v) > 0 },
	"char":   func(v any) (any, bool) { return Char(uint16(toInt(v))), rank(v) > 0 },
	"float":  func(v any) (any, bool) { return float32(toFloat(v)), rank(v) > 0 },
	"double": func(v any) (any, bool) { return toFloat(v), rank(v) > 0 },
	"String": func(v any) (any, bool) { _, ok := v.(string); return v, ok || v == nil },
	"Object": func(v any) (any, bool) { return v, true },
}

func convert(to string, x code) code {
	return func(env []any) (any, error) {
		v, err := x(env)
		if err != nil {
			return nil, err
		}
		c, ok := casts[to](v)
		if !ok {
			return nil, fmt.Errorf("%s cannot be cast to %s", typeName(v), to)
		}
		return c, nil
	}
}

func arrayOf(elem string, items []code) code {
	return func(env []any) (any, error) {
		out := make([]any, len(items))
		for i, x := range items {
			v, err := convert(elem, x)(env)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	}
}

func array(x code, env []any) ([]any, error) {
	v, err := x(env)
	if err != nil {
		return nil, err
	}
	a, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("an array is needed, not %s", typeName(v))
	}
	return a, nil
}

func index(x, at code) code {
	return func(env []any) (any, error) {
		a, err := array(x, env)
		if err != nil {
			return nil, err
		}
		i, err := at(env)
		if err != nil {
			return nil, err
		}
		if rank(i) != 1 {
			return nil, fmt.Errorf("an index must be an int, not %s", typeName(i))
		}
		if k := toInt(i); k < 0 || int(k) >= len(a) {
			return nil, fmt.Errorf("index %d is outside 0..%d", k, len(a)-1)
		}
		return a[toInt(i)], nil
	}
}

func arrayLength(x code) code {
	return func(env []any) (any, error) {
		a, err := array(x, env)
		return int32(len(a)), err
	}
}
