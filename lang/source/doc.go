// Package source holds the text of DML files and maps positions to lines and columns.
//
// All files of one compilation live in a Set. Every file occupies its own range
// of the Set's positions, so a Span of two 32-bit positions (8 bytes) names a
// piece of text unambiguously, whichever file it comes from. AST nodes, HOPs and
// instructions carry Spans; lines and columns are computed only when something
// is printed.
//
// The types to know are Set, File and Span. Position 0 belongs to no file: the
// zero Span means "no position".
package source
