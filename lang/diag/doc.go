// Package diag holds diagnostics: messages about a script, as values.
//
// A Diagnostic has a code, a severity, the span it is about, notes at other
// places and a hint. A List collects, sorts and de-duplicates them; a Renderer
// prints them with the source line and a caret. Nothing in this package decides
// what is an error.
//
// Every Code is documented by an example script that raises it; a test in
// package tests compiles the examples.
package diag
