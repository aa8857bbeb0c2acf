package check

import (
	"math"
	"strconv"

	"gdml/lang/ast"
	"gdml/lang/token"
)

// constant returns the value of an expression that is known before execution, or nil.
// It covers what literal checks and loop bounds need: literals, $ parameters,
// variables with a constant value, and + - * on them. What it does not know stays
// unknown; folding with the run-time functions is the compiler's matter.
func (c *checker) constant(e ast.Expr) Value {
	switch e := e.(type) {
	case *ast.IntLit:
		return e.Value
	case *ast.FloatLit:
		return e.Value
	case *ast.BoolLit:
		return e.Value
	case *ast.StrLit:
		return e.Value
	case *ast.Paren:
		return c.constant(e.X)
	case *ast.Arg:
		return c.info.Args[e]
	case *ast.Ident:
		if v, ok := constants[e.Name]; ok {
			return v
		}
		return c.scope.env.vars[e.Name].val
	case *ast.Unary:
		return negate(e.Op, c.constant(e.X))
	case *ast.Binary:
		return fold(e.Op, c.constant(e.X), c.constant(e.Y))
	}
	return nil
}

// constants are the names with a fixed value.
var constants = map[string]float64{"Inf": math.Inf(1), "NaN": math.NaN(), "pi": math.Pi}

func negate(op token.Kind, v Value) Value {
	if op == token.Not {
		if b, ok := v.(bool); ok {
			return !b
		}
		return nil
	}
	switch v := v.(type) {
	case int64:
		if op == token.Add {
			return v
		}
		return -v
	case float64:
		if op == token.Add {
			return v
		}
		return -v
	}
	return nil
}

func fold(op token.Kind, x, y Value) Value {
	if x == nil || y == nil {
		return nil
	}
	if isRelation(op) {
		return relation(op, x, y)
	}
	if xs, ok := plain(x); ok && op == token.Add {
		if ys, ok := plain(y); ok && (isString(x) || isString(y)) {
			return xs + ys
		}
	}
	xi, ok1 := x.(int64)
	yi, ok2 := y.(int64)
	if ok1 && ok2 {
		return foldInt(op, xi, yi)
	}
	xf, ok1 := number(x)
	yf, ok2 := number(y)
	if !ok1 || !ok2 {
		return nil
	}
	switch op {
	case token.Add:
		return xf + yf
	case token.Sub:
		return xf - yf
	case token.Mul:
		return xf * yf
	case token.Div:
		return xf / yf
	}
	return nil
}

func isRelation(op token.Kind) bool {
	switch op {
	case token.Lt, token.Le, token.Gt, token.Ge, token.Eq, token.Ne:
		return true
	}
	return false
}

// relation compares two numbers, or tells whether two texts or two booleans are equal.
func relation(op token.Kind, x, y Value) Value {
	xf, ok1 := number(x)
	yf, ok2 := number(y)
	if !ok1 || !ok2 {
		if isString(x) != isString(y) || ok1 || ok2 {
			return nil
		}
		switch op {
		case token.Eq:
			return x == y
		case token.Ne:
			return x != y
		}
		return nil
	}
	switch op {
	case token.Lt:
		return xf < yf
	case token.Le:
		return xf <= yf
	case token.Gt:
		return xf > yf
	case token.Ge:
		return xf >= yf
	case token.Eq:
		return xf == yf
	}
	return xf != yf
}

// truth tells whether a condition is known before execution to hold or not to hold.
func (c *checker) truth(e ast.Expr) (holds, known bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Unary:
		if e.Op == token.Not {
			holds, known = c.truth(e.X)
			return !holds, known
		}
	case *ast.Binary:
		if e.Op == token.And || e.Op == token.Or {
			x, known1 := c.truth(e.X)
			y, known2 := c.truth(e.Y)
			if e.Op == token.And {
				return x && y, known1 && known2 || known1 && !x || known2 && !y
			}
			return x && known1 || y && known2, known1 && known2 || known1 && x || known2 && y
		}
	}
	switch v := c.constant(e).(type) {
	case bool:
		return v, true
	case int64:
		return v != 0, true
	case float64:
		return v != 0, true
	}
	return false, false
}

// foldInt stays within the range in which int64 and double agree.
func foldInt(op token.Kind, x, y int64) Value {
	var z float64
	switch op {
	case token.Add:
		z = float64(x) + float64(y)
	case token.Sub:
		z = float64(x) - float64(y)
	case token.Mul:
		z = float64(x) * float64(y)
	case token.Div:
		return float64(x) / float64(y)
	default:
		return nil
	}
	if math.Abs(z) >= 1<<53 {
		return nil
	}
	return int64(z)
}

// plain is the printed form of a string, int or boolean.
func plain(v Value) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		if v {
			return "TRUE", true
		}
		return "FALSE", true
	}
	return "", false
}

func isString(v Value) bool {
	_, ok := v.(string)
	return ok
}

// number is the value of an int or double.
func number(v Value) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// truncate converts a bound to an integer the way loops and subscripts do (language
// reference §6.3, toInt). ok is false for what has no int64 value.
func truncate(f float64) (n int64, ok bool) {
	if math.IsNaN(f) || math.Abs(f) >= 1<<53 {
		return 0, false
	}
	t := math.Floor(math.Abs(f) + 0x1p-53)
	return int64(math.Copysign(t, f)), true
}
