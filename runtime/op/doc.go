// Package op holds the instructions: planned operations over slots.
//
// An instruction is a small struct with Exec, one per operator of package lang/op,
// in a file per family. Package compiler/emit fills them in; nothing changes them
// afterwards, so that goroutines may share them. Instructions dispatch on the
// values they meet: a cellwise operator is one struct for scalars and matrices,
// because the data type of an operand may be known only when the script runs. The
// scalar semantics of the language (value types, integer arithmetic, strings) are
// in scalar.go, the matrix semantics in package matrix.
//
// An instruction may overwrite an operand that dies with it (exec.Meta.Dies) if
// its reference is the only one. It must not keep values, nor know a HOP.
package op
