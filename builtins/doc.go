// Package builtins is the table of builtin functions.
//
// A builtin is one Func value: signature, documentation, a runnable example, the
// shape rule and the code. Checker, size propagation, the interpreter, help and
// the documentation page all read the same row. A row takes one of three forms:
// Lower turns the call into an operator of package op, Call is Go code that the
// interpreter calls, Script is the name of a library file whose body is DML.
//
// Rows stand in slices per family (math.go, agg.go, ...); All lists them. There is
// no registration: adding a builtin is adding a row. The package is the only bridge
// between runtime and compiler; it imports no compiler package.
package builtins
