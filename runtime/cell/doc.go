// Package cell is the table of scalar functions: what an operator does to one cell.
//
// Each function is one row: its name as an opcode, its Go code on float64, and its
// algebra (zero-safety, commutativity). The scalar operators of the interpreter,
// the cellwise matrix loops, constant folding and the rewrites read the same rows.
// The package also holds the number formats that scripts can see: Java's shortest
// decimal layout and the fixed-decimals form of toString.
//
// Functions are pure and total: no errors, no state. Integer arithmetic, which can
// overflow, is in int.go and returns errors.
package cell
