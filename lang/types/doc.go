// Package types describes DML types and signatures.
//
// A Type is a data type (scalar, matrix, frame, list, tensor) with the type of its
// elements. A Signature is what the checker needs to know of a builtin: its
// parameters, its results and how calls are bound. The package knows no values.
package types
