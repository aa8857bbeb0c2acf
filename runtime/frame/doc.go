// Package frame holds the frame value: a table of typed, named columns.
//
// A Frame is immutable once handed out and is left to the garbage collector.
// Cells may be missing. The types to know are Kind (the value type of a column),
// Column (one slice of cells, with what feature encoders noted about it in Meta) and Frame.
// Column.Detect finds the narrowest type of a column, Column.Convert changes it.
//
// A cell is handed out as a Go value (Column.Value): string, bool, int64, float64,
// or nil when it is missing. The package knows no files, no matrices and no number
// text: whoever turns text into numeric cells passes the number syntax in.
package frame
