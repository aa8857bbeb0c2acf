// Package emit turns HOP programs into executable ones.
//
// Every variable of a function gets a slot of the frame; results that are no
// variable get temporary slots, which are used again once their value is dead. A
// result goes directly into its variable's slot when nothing reads the variable's
// old value afterwards, otherwise into a temporary that is moved later. Every
// operand is released at its last use, so that memory is freed early and an
// instruction can overwrite an operand that dies with it.
//
// Instructions come in program order of the roots, operands first. With
// Options.Naive every operation has slots of its own, nothing is written directly
// and nothing dies with an instruction, so that no operand is ever overwritten:
// the reference that optimised plans are compared with.
//
// The types to know: Options; Program is the entry point. The package chooses no
// operators (package compiler/physical does) and looks at no syntax.
package emit
