// Package compiler turns DML source into an executable program.
//
// Compile runs the passes of its pass list in order: parse, check, build HOPs,
// propagate sizes, rewrite, choose physical operators, emit instructions. What is
// wrong with a script comes back as a diag.List; a panic of a pass becomes an
// internal error in it. Options is a value: there is no global configuration.
//
// The types to know: Options and Result of one compilation; Session, which runs a
// program that is entered piece by piece and keeps its variables and functions.
// Diagnose turns the error of a run into a diagnostic. Sourced files and library
// functions are found by the loader (loader.go), nowhere else. Every Program gets a
// resolver (resolve.go), which compiles library functions that a running script asks
// for by name, each once.
//
// The package decides nothing about the language, sizes, plans or values: that is
// what the passes do, each in its own package.
package compiler
