// Package op is the catalogue of operators: what the compiler and the builtin
// table may say about an operation without running it.
//
// An Op is a number; Info gives its display name (SystemDS's opcode), arity,
// algebra and shape rule over plain dimensions. compiler/hop builds nodes of
// these operators, builtins rows name the operator they lower to, and
// compiler/emit turns them into instructions. A test walks the table and fails
// on a missing column.
package op
