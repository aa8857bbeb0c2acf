// Package format reads and writes the files that hold matrices, frames, scalars and
// lists.
//
// A Format is one file format: its name, its file name extensions and its readers
// and writers; All lists them, and adding a format is adding one Format value in a
// file of its own. A Request is a read as the script states it; Resolve merges it
// with the metadata file beside the data (<data>.mtd) and with what the file itself
// tells, giving Options, the complete parameters of a read. Describe answers what
// is known of a file without reading its cells.
//
// Invariants. Readers are strict: what is not understood is an *Error with file,
// line, column and the text of the line, never a guessed value. No reader allocates
// more than a small multiple of its input before the dimensions it was told have
// been checked against the input. Writers are atomic: the target is either the old
// file or the complete new one. Values survive a round trip bit for bit.
//
// The package knows no scripts, machines or values of variables: lists are handed
// over entry by entry.
package format
