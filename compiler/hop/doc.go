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
// Infer derives the shape of a node from those of its inputs: the rule of the operator,
// what the types rule out, exact non-zeros, and the values of constant scalars, which
// are computed by the functions of package cell as at run time. Make builds a node that
// way. Package size does so for whole programs, across blocks and calls.
//
// DAG.Map replaces nodes bottom-up, into the same builder or a fresh one; Consumers
// counts uses; Live finds the variables needed after each block, Prune drops the
// assignments that are not. Verify checks what must hold between passes. The text
// form (Dump) is stable: dense numbers in program order, no addresses.
//
// The package knows no syntax and no builtins: a call is a Callee.
package hop
