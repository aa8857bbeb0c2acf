// Package hop is the compiler's middle level: high-level operators in DAGs.
//
// A Node is one operation with its inputs, type, shape and span. Nodes are
// immutable and made by a Builder, which returns an existing equal node instead of
// a second one (hash consing): common subexpressions are shared by construction,
// and a rewrite builds other nodes instead of changing any. Nodes whose result is
// not a function of their inputs (unseeded rand, time, impure calls) carry an
// identity in Aux and are never merged.
//
// A Program is functions; a Func is Blocks; a basic block is a DAG: a list of
// Roots in program order, each either "variable v gets node n" or an effect
// (print, write, stop, a call). Reads of variables at block entry are Read nodes.
// Control blocks hold DAGs for their predicates and lists of blocks.
//
// Sizes are found by package size, which rebuilds the DAGs bottom-up with shapes;
// rewrites and physical selection rebuild them again. Verify checks what must
// hold between passes. The text form (Dump) is stable: dense numbers in program
// order, no addresses.
package hop
