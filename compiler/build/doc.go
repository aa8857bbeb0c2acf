// Package build turns a checked script into HOPs.
//
// Program walks the statements of the main script and of every function. Runs of
// straight-line statements become basic blocks with one DAG each; if, while, for and
// parfor become blocks of their own. Inside a block a variable that was assigned is
// its node, so reading it costs nothing and common subexpressions are found by the
// hop.Builder; a variable from before the block is a Read node.
//
// The roots of a block keep the order of the script: the last assignment of each
// variable, and every effect (print, write, stop, a call of a DML function, a builtin
// that is not pure) at its place, calls inside an expression left to right and innermost first, before the
// statement that contains them.
//
// A builtin whose row names an operator becomes that operator; any other becomes a
// Call node. Every node carries the static type that the checker found and a tight
// span: the operator's, or the name of the called function. Shapes are not looked
// at here, that is package size's matter, and nothing is simplified except the sign
// of a literal.
package build
