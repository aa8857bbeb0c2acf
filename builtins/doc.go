// Package builtins is the table of builtin functions.
//
// A builtin is one Func value: signature, documentation, a runnable example, the
// shape rule and the code. Checker, size propagation, the interpreter, Help and
// the reference page (Markdown) all read the same row. A row has one or both of
// two forms: Lower turns the call into an operator of package op, depending on the
// static types of the arguments; Call is Go code that the interpreter runs when
// the call was not lowered. Functions whose body is DML are no rows: they are files
// of package scripts.
//
// Rows stand in slices per family (mathFuncs, aggFuncs, ...), which New puts
// together. There is no registration: adding a builtin is adding a row to its
// family, and nothing else. Cellwise functions are rows of package cell and become
// builtins by themselves.
//
// The types to know are Func, Table (what New returns; it implements the checker's
// Universe) and Bound, a row with the form of one call.
//
// What holds: a row's Call borrows its arguments and returns new references; its
// errors name the builtin and what is wrong, and carry no place. Check sees
// literals and static types only, so Call checks again. Every row has a Doc and an
// Example, and the tests run every example. Tables and rows are not changed after New.
//
// The package is the only bridge between runtime and compiler. It imports no
// compiler package and knows no syntax tree; numeric work belongs to runtime/matrix.
package builtins
