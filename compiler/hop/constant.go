package hop

import (
	"math"
	"strconv"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
)

// constant evaluates a scalar operator over constant inputs with the functions that run
// time uses (language reference §6.2, §6.3). It returns nil where an input is not constant,
// where evaluation fails, so that the failure happens when the program runs, and for forms
// whose result depends on more than the values.
func constant(n *Node, in []op.Shape) any {
	for _, s := range in {
		if s.Val == nil {
			return nil
		}
	}
	switch n.Op {
	case op.Cell1:
		return unaryConst(n.Aux.(*cell.Unary), in[0].Val)
	case op.Cell2:
		return binaryConst(n.Aux.(*cell.Binary), n.Type, in[0].Val, in[1].Val)
	case op.IfElse:
		return chosen(in[0].Val, in[1].Val, in[2].Val)
	case op.AsDouble:
		if v, ok := number(in[0].Val); ok {
			return v
		}
		return boolNumber(in[0].Val, func(v float64) any { return v })
	case op.AsInt:
		switch v := in[0].Val.(type) {
		case int64:
			return v
		case float64:
			return cell.ToInt(v)
		}
		return boolNumber(in[0].Val, func(v float64) any { return int64(v) })
	case op.AsBool:
		if v, ok := number(in[0].Val); ok {
			return v != 0
		}
		if v, ok := in[0].Val.(bool); ok {
			return v
		}
	}
	return nil
}

// boolNumber applies f to the number of a boolean.
func boolNumber(v any, f func(float64) any) any {
	switch v {
	case true:
		return f(1)
	case false:
		return f(0)
	}
	return nil
}

// number returns the value of a numeric constant.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func unaryConst(f *cell.Unary, v any) any {
	if b, ok := v.(bool); ok {
		if f == cell.Not {
			return !b
		}
		return nil
	}
	x, ok := number(v)
	if !ok || f == cell.Not {
		return nil
	}
	y := f.F(x)
	if n, isInt := v.(int64); isInt && f.KeepsInt {
		if !exact(n) {
			return nil
		}
		return int64(y)
	}
	if f.Bool {
		return y != 0
	}
	return y
}

func binaryConst(f *cell.Binary, t types.Type, a, b any) any {
	switch f.Kind {
	case cell.Arith:
		return arithConst(f, t, a, b)
	case cell.Compare:
		return compareConst(f, a, b)
	case cell.Logic:
		x, ok1 := a.(bool)
		y, ok2 := b.(bool)
		if ok1 && ok2 {
			return f.F(float(x), float(y)) != 0
		}
	case cell.Extreme:
		m, ok1 := a.(int64)
		n, ok2 := b.(int64)
		switch {
		case ok1 && ok2 && exact(m) && exact(n):
			return int64(f.F(float64(m), float64(n)))
		case ok1 && ok2:
			return nil
		}
		return doubles(f, a, b)
	}
	return nil
}

func arithConst(f *cell.Binary, t types.Type, a, b any) any {
	_, str1 := a.(string)
	_, str2 := b.(string)
	if str1 || str2 {
		if f != cell.Add {
			return nil
		}
		return scalarText(a) + scalarText(b)
	}
	p, bool1 := a.(bool)
	q, bool2 := b.(bool)
	if bool1 || bool2 {
		if bool1 && bool2 {
			return f.F(float(p), float(q))
		}
		return nil
	}
	m, int1 := a.(int64)
	n, int2 := b.(int64)
	if int1 && int2 && t.Elem != types.Double && f != cell.Div && f != cell.Pow {
		return intConst(f, m, n)
	}
	return doubles(f, a, b)
}

// intConst is int arithmetic; an overflow is left to run time.
func intConst(f *cell.Binary, a, b int64) any {
	r, ok, err := cell.Ints(f, a, b)
	if !ok || err != nil {
		return nil
	}
	return r
}

// compareConst compares numbers, booleans, or two strings for equality. The order of strings is left to run time.
func compareConst(f *cell.Binary, a, b any) any {
	if s, ok := a.(string); ok {
		t, ok := b.(string)
		if !ok || f != cell.Eq && f != cell.Ne {
			return nil
		}
		return (s == t) == (f == cell.Eq)
	}
	x, ok1 := truthNumber(a)
	y, ok2 := truthNumber(b)
	if !ok1 || !ok2 {
		return nil
	}
	return f.F(x, y) != 0
}

// truthNumber is number with booleans as 0 and 1; ints that a double does not hold are refused.
func truthNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case bool:
		return float(v), true
	case int64:
		return float64(v), exact(v)
	case float64:
		return v, true
	}
	return 0, false
}

func doubles(f *cell.Binary, a, b any) any {
	x, ok1 := number(a)
	y, ok2 := number(b)
	if !ok1 || !ok2 {
		return nil
	}
	return f.F(x, y)
}

// chosen is ifelse over scalars of one value type.
func chosen(cond, a, b any) any {
	var take bool
	switch c := cond.(type) {
	case bool:
		take = c
	default:
		v, ok := number(c)
		if !ok || v != v {
			return nil
		}
		take = v != 0
	}
	switch a.(type) {
	case int64:
		_, same := b.(int64)
		return pick(take, a, b, same)
	case float64:
		_, same := b.(float64)
		return pick(take, a, b, same)
	}
	return nil
}

func pick(take bool, a, b any, same bool) any {
	switch {
	case !same:
		return nil
	case take:
		return a
	}
	return b
}

func float(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// exact reports whether a double holds n and its neighbours.
func exact(n int64) bool { return n < 1<<53 && n > -1<<53 }

// scalarText is the printed form of a scalar (language reference §13.1).
func scalarText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		if v {
			return "TRUE"
		}
		return "FALSE"
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		if math.IsNaN(v) {
			return "NaN"
		}
		return cell.FormatDouble(v)
	}
	return ""
}
