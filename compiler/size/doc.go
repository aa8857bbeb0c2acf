// Package size finds the sizes of values before a script runs.
//
// Propagate walks every function forward with the State of its variables: dimensions
// and non-zeros of matrices, values of constant scalars (op.Shape). After a branch
// both states are joined, unless its predicate is constant; a loop is walked until its
// state is stable. What differs between paths becomes unknown, so everything that is
// left holds on every path and whenever the code runs: rewrites may rely on it.
//
// The shapes of a node come from hop.Infer, constants included. Calls of functions are followed:
// the results of a call are those of the body under the arguments of that call, and a
// function's own graphs get the join of the arguments of all calls. Functions that
// call themselves, and those that can be called by name, start from unknown arguments.
//
// Dimensions that cannot fit are errors only where the script is certain to come: in
// the main program outside of branches and loops, and not behind a branch that stops the script
// for certain. Anywhere else they are left to run time.
package size
