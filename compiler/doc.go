// Package compiler turns DML source into an executable program.
//
// Compile runs the passes in the order of its pass list: parse, check, build HOPs,
// propagate sizes, rewrite, choose physical operators, emit instructions. What is
// wrong with a script comes back as a diag.List; an error is reserved for broken
// invariants. Options is a value: there is no global configuration.
package compiler
