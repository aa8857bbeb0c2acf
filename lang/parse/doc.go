// Package parse turns the text of a DML script into a syntax tree.
//
// File parses a whole text and returns the tree with every diagnostic it found;
// Incomplete tells a REPL whether an input needs more lines. Neither panics or
// stops early on bad input: each broken statement costs one diagnostic, and
// parsing goes on at the next statement.
//
// The work is split: a scanner written by hand (lex.go, strings.go), expressions
// by precedence climbing over the table of lang/token (expr.go), a participle
// grammar for the heads of statements (grammar.go) with the conversion of its
// structs to the tree (convert.go, function.go), a loop that strings statements
// into blocks (blocks.go), and the way back from an error to the next statement
// (recover.go). Participle sees one statement head at a time, so nothing
// backtracks and an error inside a block does not lose the block.
//
// What must hold: the Offset of a participle token is a source.Pos, not an offset
// into the file, so that every piece of the parser can make spans without knowing
// the file. A token's Value is its text as written. The tree is well formed even
// when there were errors: no child is nil unless package ast allows it.
//
// The parser accepts some things that mean nothing, in order to explain them
// better than "unexpected token" would. It resolves no names, knows no builtins,
// and reads no files. No other package imports participle.
package parse
