// Package physical chooses physical operators.
//
// It is the last change to the graphs before emission: patterns of HOPs become
// operators with a kernel of their own (tsmm, mmchain, +*, -*). The choice is made
// here and nowhere else. Rules have the form of package rewrite's: pure functions
// that build other nodes. What depends on the representation of the operands
// (sparse or dense) is not decided here but by the matrix package at run time.
package physical
