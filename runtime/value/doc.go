// Package value defines what a DML variable can hold, and implements lists and tensors.
//
// A Value is one of int64, float64, bool, string, *matrix.Matrix, *frame.Frame,
// *List and *Tensor. All are immutable once published: an assignment shares them, and an
// indexed assignment makes a new one. Matrices, and lists of them, are reference
// counted (see package matrix): Retain and Release work on any Value.
//
// The package also holds the conversions and text forms that several instructions
// share: print form, truth, casts. It does not know instructions or machines.
package value
