// Package exec runs compiled programs.
//
// A Program is functions; a Function is blocks (Basic, If, While, For, ParFor) of
// Instructions over numbered slots; a Machine is one activation: the frame of
// values, the thread budget, the context that cancels it, the random streams and
// the output. Programs are immutable and may be run by many Machines at once; a
// Machine belongs to one goroutine. Fork gives a parfor or paramserv worker its
// own Machine.
//
// Instructions are small structs planned by the compiler (package compiler/emit);
// this package knows none of them, nor an AST or a HOP. Run-time errors carry the
// span of the instruction and the stack of DML calls.
//
// Ownership. A slot owns one reference to its value. Value and its relatives lend
// the value until the next Set of that slot; Set takes the reference over and
// drops the old one. Slots listed in Meta.Kill are released after the instruction:
// the compiler puts a value there at its last use.
package exec
