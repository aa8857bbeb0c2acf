package check

import (
	"maps"
	"slices"
	"strconv"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/types"
)

// ident returns the type of a variable or constant that is read.
func (c *checker) ident(e *ast.Ident) types.Type {
	if _, ok := constants[e.Name]; ok {
		return types.Dbl
	}
	v, ok := c.scope.env.vars[e.Name]
	if !ok {
		c.undefined(e)
		return types.Any
	}
	if v.maybe {
		c.mayBeUnset(e, v)
	}
	return v.typ
}

// mayBeUnset warns of a variable that only some branch of an if assigns, once for each
// name. Code that is never reached and library files, which their users cannot change,
// are spared.
func (c *checker) mayBeUnset(e *ast.Ident, v variable) {
	if c.quiet > 0 || c.scope.env.dead || c.scope.reported[e.Name] || c.unit.Key == LibraryKey {
		return
	}
	c.scope.reported[e.Name] = true
	d := diag.Diagnostic{
		Code: diag.UndefinedVariable, Severity: diag.Warning, Span: e.At,
		Msg:  e.Name + " may not be set here: only one branch of an if assigns it",
		Hint: "give it a value before the if",
	}
	if v.def.IsValid() {
		d.Notes = []diag.Note{{Span: v.def, Msg: "assigned here"}}
	}
	c.report(d)
}

// undefined reports a variable that no earlier statement assigns, once for each name.
func (c *checker) undefined(e *ast.Ident) {
	if c.quiet > 0 || c.scope.reported[e.Name] {
		return
	}
	c.scope.reported[e.Name] = true
	c.fail(diag.UndefinedVariable, e.At, c.undefinedHint(e), "%s is not defined", e.Name)
}

func (c *checker) undefinedHint(e *ast.Ident) string {
	name := e.Name
	if h := foreignValue(name); h != "" {
		return h
	}
	if at, ok := c.scope.later[name]; ok && c.line(at) > c.line(e.At) {
		return "it is assigned only in line " + strconv.Itoa(c.line(at)) + ", which does not run before this"
	}
	if c.fn != nil && c.fn.Unit == c.info.Main {
		if _, ok := c.info.Vars[name]; ok {
			return "a function sees only its parameters; pass " + name + " as an argument"
		}
	}
	if c.unit.Funcs[name] != nil || c.isBuiltin(name) {
		return name + " is a function; call it with " + name + "(...)"
	}
	names := slices.Sorted(maps.Keys(c.scope.env.vars))
	names = append(names, slices.Sorted(maps.Keys(constants))...)
	if near, ok := diag.Nearest(name, names); ok {
		return "did you mean " + near + "?"
	}
	return ""
}

func (c *checker) isBuiltin(name string) bool {
	if c.cfg.Universe == nil {
		return false
	}
	_, ok := c.cfg.Universe.Signature(name)
	return ok
}

// foreignValue explains names that other languages use for values.
func foreignValue(name string) string {
	switch name {
	case "true", "True", "T":
		return "the boolean is written TRUE"
	case "false", "False", "F":
		return "the boolean is written FALSE"
	case "NA", "nan", "null", "NULL", "None":
		return "there is no " + name + "; a missing number is NaN, an empty matrix is matrix(0, 0, 0)"
	case "inf", "Infinity", "INF":
		return "infinity is written Inf"
	case "PI", "Pi":
		return "the constant is written pi"
	case "next", "break":
		return "there is no " + name + "; use a condition in the loop"
	}
	return ""
}

// foreignCall explains functions that other languages have, by what to use instead.
func foreignCall(name string) string {
	switch name {
	case "c":
		return `write matrix("1 2 3", rows=3, cols=1) for numbers, list(...) for other values`
	case "cat", "printf", "println":
		return `use print("..." + x) or print("%d", x)`
	case "paste", "paste0", "concat":
		return "strings are joined with +"
	case "any":
		return "use sum(X != 0) > 0"
	case "all":
		return "use sum(X == 0) == 0"
	case "zeros", "ones", "eye":
		return "use matrix(0, rows, cols), matrix(1, rows, cols) or diag(matrix(1, n, 1))"
	case "dim", "shape", "size":
		return "use nrow(X) and ncol(X)"
	case "error", "throw":
		return "use stop(message)"
	case "transpose":
		return "use t(X)"
	case "pow":
		return "use x^y"
	case "float", "str":
		return "use as.double(x) or x + \"\""
	case "len":
		return "use length(x)"
	}
	return ""
}

// assignable refuses targets that have a fixed value.
func (c *checker) assignable(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.Arg:
		c.fail(diag.AssignArg, t.At, "assign to a variable: x = ifdef($"+t.Name+", default)",
			"$%s is an argument of the script and cannot be assigned", t.Name)
		return false
	case *ast.Ident:
		return c.notConstant(t)
	case *ast.Index:
		return c.notConstant(t.X)
	}
	return false
}

func (c *checker) notConstant(t *ast.Ident) bool {
	if _, ok := constants[t.Name]; ok {
		c.fail(diag.AssignConstant, t.At, "choose another name", "%s is a constant and cannot be assigned", t.Name)
		return false
	}
	return true
}
