// Package frame holds the frame value: a table of typed, named columns.
//
// A Frame is immutable once handed out and is left to the garbage collector.
// Cells may be missing. The package knows no files and no matrices.
package frame
