package lambda

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gdml/runtime/cell"
)

// Char is a value of type char.
type Char rune

// Text returns a value as string concatenation writes it: doubles by their shortest digits, nil as null.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case Char:
		return string(rune(v))
	case float64:
		return cell.FormatDouble(v)
	case float32:
		short, _ := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
		return cell.FormatDouble(short)
	case []any:
		items := make([]string, len(v))
		for i := range v {
			items[i] = Text(v[i])
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return fmt.Sprint(v)
}

// typeName names the type of a value in messages.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case Char:
		return "char"
	case int32:
		return "int"
	case int64:
		return "long"
	case float32:
		return "float"
	case float64:
		return "double"
	case bool:
		return "boolean"
	case []any:
		return "array"
	}
	return "String"
}

// rank orders the numeric types by width; 0 is no number.
func rank(v any) int {
	switch v.(type) {
	case Char, int32:
		return 1
	case int64:
		return 2
	case float32:
		return 3
	case float64:
		return 4
	}
	return 0
}

func toFloat(v any) float64 {
	switch v := v.(type) {
	case Char:
		return float64(v)
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	case float32:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

func toLong(v any) int64 {
	switch v := v.(type) {
	case Char:
		return int64(v)
	case int32:
		return int64(v)
	case int64:
		return v
	}
	return cell.ToInt(toFloat(v))
}

// toInt narrows a number; a double outside the range saturates.
func toInt(v any) int32 {
	if f, ok := v.(float64); ok {
		return int32(min(max(cell.ToInt(f), math.MinInt32), math.MaxInt32))
	}
	return int32(toLong(v))
}

// arith computes a op b of two numbers in the wider of their types, at least int.
func arith(op string, a, b any) (any, error) {
	switch r := max(rank(a), rank(b)); {
	case rank(a) == 0 || rank(b) == 0:
		return nil, fmt.Errorf("%s cannot be applied to %s and %s", op, typeName(a), typeName(b))
	case r == 4:
		return floats(op, toFloat(a), toFloat(b)), nil
	case r == 3:
		return float32(floats(op, float64(float32(toFloat(a))), float64(float32(toFloat(b))))), nil
	case (op == "/" || op == "%") && toLong(b) == 0:
		return nil, fmt.Errorf("division by zero")
	case r == 2:
		return longs(op, toLong(a), toLong(b)), nil
	}
	return int32(longs(op, toLong(a), toLong(b))), nil
}

func floats(op string, a, b float64) float64 {
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	}
	return math.Mod(a, b)
}

func longs(op string, a, b int64) int64 {
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	}
	return a % b
}

// equal compares numbers by value and all else by what it holds.
func equal(a, b any) bool {
	if rank(a) > 0 && rank(b) > 0 {
		if max(rank(a), rank(b)) <= 2 {
			return toLong(a) == toLong(b)
		}
		return toFloat(a) == toFloat(b)
	}
	x, isArray := a.([]any)
	y, both := b.([]any)
	if isArray || both {
		return isArray && both && len(x) == len(y) && Text(x) == Text(y)
	}
	return a == b
}
