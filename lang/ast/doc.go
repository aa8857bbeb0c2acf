// Package ast is the syntax tree of DML.
//
// A File is a list of statements; function definitions stand among them. Nodes
// hold what was written and where, nothing that is found out later: types,
// resolved calls and constants live in lang/check's Info, keyed by node.
//
// The tree is the parser's output and is not changed afterwards.
package ast
