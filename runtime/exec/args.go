package exec

import (
	"fmt"

	"gdml/runtime/cell"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// Builtin is the code of a builtin that is called rather than lowered to an
// operator. The arguments are lent; each result is a new reference. Errors carry
// no position: the machine adds it.
type Builtin func(a *Args) ([]value.Value, error)

// Args are the bound arguments of a builtin call, in the order of its parameters.
// A missing optional argument is nil. For builtins that collect their arguments
// (list, print) Vals is as written and Names gives the written names.
type Args struct {
	M     *Machine
	Name  string // of the builtin
	Vals  []value.Value
	Names []string
	Param []string // parameter names, for messages
}

// Has reports whether argument i was passed.
func (a *Args) Has(i int) bool { return i < len(a.Vals) && a.Vals[i] != nil }

func (a *Args) bad(i int, want string) error {
	name := fmt.Sprintf("argument %d", i+1)
	if i < len(a.Param) {
		name = "argument " + a.Param[i]
	}
	if !a.Has(i) {
		return fmt.Errorf("%s: %s is missing", a.Name, name)
	}
	return fmt.Errorf("%s: %s must be %s, not %s", a.Name, name, want, value.TypeOf(a.Vals[i]))
}

// Matrix returns argument i as a matrix.
func (a *Args) Matrix(i int) (*matrix.Matrix, error) {
	if a.Has(i) {
		if m, ok := a.Vals[i].(*matrix.Matrix); ok {
			return m, nil
		}
	}
	return nil, a.bad(i, "a matrix")
}

// Float returns argument i as a double, or def when it is missing.
func (a *Args) Float(i int, def float64) (float64, error) {
	if !a.Has(i) {
		return def, nil
	}
	switch v := a.Vals[i].(type) {
	case float64:
		return v, nil
	case int64:
		return float64(v), nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	}
	return 0, a.bad(i, "a number")
}

// Int returns argument i as an integer (truncated), or def when it is missing.
func (a *Args) Int(i int, def int64) (int64, error) {
	if a.Has(i) {
		if v, ok := a.Vals[i].(int64); ok {
			return v, nil
		}
	}
	f, err := a.Float(i, float64(def))
	return cell.ToInt(f), err
}

// Bool returns the truth of argument i, or def when it is missing.
func (a *Args) Bool(i int, def bool) (bool, error) {
	if !a.Has(i) {
		return def, nil
	}
	switch v := a.Vals[i].(type) {
	case bool:
		return v, nil
	case int64:
		return v != 0, nil
	case float64:
		return v != 0, nil
	case string:
		return v == "TRUE" || v == "true", nil
	}
	return false, a.bad(i, "a boolean")
}

// Str returns argument i as a string, or def when it is missing.
func (a *Args) Str(i int, def string) (string, error) {
	if !a.Has(i) {
		return def, nil
	}
	if s, ok := a.Vals[i].(string); ok {
		return s, nil
	}
	return "", a.bad(i, "a string")
}

// List returns argument i as a list.
func (a *Args) List(i int) (*value.List, error) {
	if a.Has(i) {
		if l, ok := a.Vals[i].(*value.List); ok {
			return l, nil
		}
	}
	return nil, a.bad(i, "a list")
}
