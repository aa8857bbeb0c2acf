package check

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/types"
)

// ParseArg gives the text of a command line argument its type: TRUE and FALSE are
// booleans, then come 64-bit integers, doubles, quoted and plain strings. Empty text
// means "not passed" and gives nil. Escapes are processed between quotes only.
func ParseArg(text string) Value {
	switch text {
	case "":
		return nil
	case "TRUE":
		return true
	case "FALSE":
		return false
	case "NaN", "Infinity", "+Infinity", "-Infinity":
		f, _ := strconv.ParseFloat(text, 64)
		return f
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if isDecimal(text) {
		f, _ := strconv.ParseFloat(text, 64) // out of range gives an infinity, as wanted
		return f
	}
	if q := text[0]; len(text) >= 2 && (q == '"' || q == '\'') && text[len(text)-1] == q {
		return unescape(text[1 : len(text)-1])
	}
	return text
}

// isDecimal reports whether s is a plain decimal number: sign, digits with at most one
// point, exponent. Go's parser also takes hexadecimal, underscores and words.
func isDecimal(s string) bool {
	digits := func() (n int) {
		for s != "" && s[0] >= '0' && s[0] <= '9' {
			s = s[1:]
			n++
		}
		return n
	}
	sign := func() {
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
	}
	sign()
	n := digits()
	if s != "" && s[0] == '.' {
		s = s[1:]
		n += digits()
	}
	if n > 0 && s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		sign()
		n = digits()
	}
	return n > 0 && s == ""
}

func unescape(s string) string {
	return strings.NewReplacer(`\b`, "\b", `\t`, "\t", `\n`, "\n", `\f`, "\f", `\r`, "\r", `\'`, `'`, `\"`, `"`).Replace(s)
}

// argument finds the value of a $ parameter. ok is false when it was not passed.
func (c *checker) argument(a *ast.Arg) (Value, bool) {
	c.info.Used[a.Name] = true
	v, ok := c.cfg.Args[a.Name]
	if !ok || v == nil {
		return nil, false
	}
	c.info.Args[a] = v
	return v, true
}

// needArg returns the type of a $ parameter and reports it when it was not passed,
// once for each name.
func (c *checker) needArg(a *ast.Arg) types.Type {
	v, ok := c.argument(a)
	if ok {
		return typeOf(v)
	}
	if c.cfg.Partial || c.missing[a.Name] || c.quiet > 0 {
		return types.Any
	}
	c.missing[a.Name] = true
	pass := "-nvargs " + a.Name + "=..."
	if a.Name[0] >= '0' && a.Name[0] <= '9' {
		pass = "-args ..."
	}
	hint := ""
	if near, ok := diag.Nearest(a.Name, slices.Sorted(maps.Keys(c.cfg.Args))); ok {
		hint = "an argument named " + near + " was passed"
	}
	c.fail(diag.MissingArg, a.At, hint, "argument $%s is not set; pass %s or use ifdef($%s, default)", a.Name, pass, a.Name)
	return types.Any
}

// ifdef checks target = ifdef($x, default). When the argument was passed the default is
// not evaluated, but the $ parameters in it must be set all the same (language
// reference §2.3).
func (c *checker) ifdef(s *ast.Ifdef) {
	arg, ok := s.Arg.(*ast.Arg)
	if !ok {
		c.fail(diag.BadArguments, s.Arg.Span(), "write ifdef($name, default); exists(x) tests a variable",
			"the first argument of ifdef must be a $ parameter")
		c.expr(s.Default)
		c.assignTo(s.Target, s.At, types.Any, nil)
		return
	}
	v, set := c.argument(arg)
	if !set {
		c.info.Ifdefs[s] = s.Default
		c.assignTo(s.Target, s.At, c.value(s.Default), c.constant(s.Default))
		return
	}
	c.info.Ifdefs[s] = arg
	c.info.Types[arg] = typeOf(v)
	ast.Walk(s.Default, func(n ast.Node) bool {
		if a, ok := n.(*ast.Arg); ok {
			c.needArg(a)
		}
		return true
	})
	c.assignTo(s.Target, s.At, typeOf(v), v)
}

// typeOf is the static type of a constant.
func typeOf(v Value) types.Type {
	switch v.(type) {
	case int64:
		return types.IntT
	case float64:
		return types.Dbl
	case bool:
		return types.BoolT
	case string:
		return types.Str
	}
	return types.Any
}
