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
// A function may be called by a name that is made at run time. Library functions that
// the program does not hold come from its Resolver, which the compiler provides; such
// a function belongs to a program of its own (Machine.Home).
//
// Entry points for Go code are Run and Call; both turn a panic into an internal
// Error with the position in the script. A cancelled context stops a run before the
// next instruction, and running operations between two of their chunks.
//
// Iterations of a parfor are cut into chunks by their number alone. Every chunk
// starts from the values before the loop, every iteration has random streams of its
// own, and results are merged in the order of the chunks, so that nothing a script
// can see depends on the number of workers, save which of several failing
// iterations is reported.
//
// Ownership. A slot owns one reference to its value. Value and its relatives lend
// the value until the next Set of that slot; Set takes the reference over and
// drops the old one. Slots listed in Meta.Kill are released after the instruction:
// the compiler puts a value there at its last use. An instruction may overwrite an
// operand that dies with it and that nobody else holds.
package exec
