// Package rewrite holds the algebraic rewrites of HOP graphs.
//
// A Rule is a row: a name, its pattern in words, the operators its root may have and
// a pure function that returns the replacement or nil. Rules stand in slices by
// topic (fold.go, cell.go, agg.go, linalg.go); Rules lists them all. Apply runs them
// over every graph of a program until none fires. Rules never change a node and
// never see a variable's write: a graph's roots are rebuilt.
//
// Rules must be right for 1x1, empty, NaN and unknown sizes, and must not fire when
// an intermediate that they would recompute has another consumer (Rewriter.Single).
// Every rule has a firing and a non-firing case in testdata, and can be switched off
// by name. What a rule did is data: the Trace.
package rewrite
