// Package print lays out DML source in one way, without options.
//
// Format takes a parsed file and returns its text with new blanks and line ends. Its
// tokens stay as they were written and in their order, only optional semicolons go,
// so that the result means the same; formatting it again changes nothing.
//
// The tree says where statements and bodies begin and which minus is a sign; the text
// itself is taken token by token from parse.Tokens. Line breaks inside a statement are
// the author's: they stay, and the lines after them are indented anew. So do comments
// and blank lines, of which at most one is kept in a row.
//
// The package does not check anything: a file with errors, or with text that the
// parser skipped, must not be formatted, because parts of it would be lost.
package print
