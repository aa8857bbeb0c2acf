package builtins

import (
	"fmt"
	"strings"

	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// arg returns argument i, nil if it was not passed.
func arg(a *exec.Args, i int) value.Value {
	if i < len(a.Vals) {
		return a.Vals[i]
	}
	return nil
}

// columnIndex turns a 1-based column number into a 0-based one that fits an int; -1 for what is no column.
func columnIndex(v float64) int {
	return int(max(cell.ToInt(v), 0) - 1)
}

// dims returns the dimensions at arguments i and j, checked for a matrix that can exist.
func dims(a *exec.Args, i, j int, rows, cols int64) (int, int, error) {
	n, err := a.Int(i, rows)
	if err != nil {
		return 0, 0, err
	}
	m, err := a.Int(j, cols)
	if err != nil {
		return 0, 0, err
	}
	if err := matrix.CheckSize(int(n), int(m)); err != nil {
		return 0, 0, named(a, err)
	}
	return int(n), int(m), nil
}

// operand returns argument i as a matrix or a number.
func operand(a *exec.Args, i int) (matrix.Operand, error) {
	if m, ok := arg(a, i).(*matrix.Matrix); ok {
		return matrix.Operand{M: m}, nil
	}
	v, err := a.Float(i, 0)
	return matrix.Operand{S: v}, err
}

// paramName names argument i in messages.
func paramName(a *exec.Args, i int) string {
	if i < len(a.Param) {
		return a.Param[i]
	}
	return fmt.Sprintf("argument %d", i+1)
}

// badWord is the error for a string argument that is none of the legal words.
func badWord(a *exec.Args, i int, got string, legal ...string) error {
	return fmt.Errorf("%s: %s must be one of %s, not %q", a.Name, paramName(a, i), strings.Join(legal, ", "), got)
}
