package format

import (
	"io"
	"strings"

	"gdml/lang/types"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// Format is one file format. A nil reader or writer means that it is not supported.
// Readers get the parts of the input in order: one for a file, several for a directory.
type Format struct {
	Name        string
	Exts        []string      // lower-case, with the dot
	Params      []types.Param // what read accepts for it beside the general parameters
	WriteParams []types.Param // likewise write
	ReadMatrix  func(in []Part, o *Options) (*matrix.Matrix, error)
	WriteMatrix func(w io.Writer, m *matrix.Matrix, o *WriteOptions) error
	ReadFrame   func(in []Part, o *Options) (*frame.Frame, error)
	WriteFrame  func(w io.Writer, f *frame.Frame, o *WriteOptions) error

	// describe completes info from the file at path without reading all cells; nil
	// when the file does not tell.
	describe func(path string, o *Options, info *Info) error
	noMeta   bool // the file tells everything: metadata is neither read nor written
}

// All returns the formats. The order is that of messages.
func All() []*Format {
	return []*Format{&textFormat, &csvFormat, &mmFormat, &binaryFormat, &libsvmFormat, &idxFormat}
}

// Find returns the format called name, in any case.
func Find(name string) (*Format, bool) {
	for _, f := range All() {
		if strings.EqualFold(f.Name, name) {
			return f, true
		}
	}
	return nil, false
}

// Names lists the names of the formats.
func Names() []string {
	var out []string
	for _, f := range All() {
		out = append(out, f.Name)
	}
	return out
}

// unsupported words an unknown format name.
func unsupported(name string) *Error {
	return &Error{Kind: BadFormat, Msg: "format " + quote(name) + " is not supported; the formats are " + strings.Join(Names(), ", ")}
}

// Fill says what a csv reader does with empty fields.
type Fill uint8

// Ways of treating empty fields.
const (
	FillEmpty  Fill = iota // the default value
	FillNone               // an error
	FillRagged             // the default value, and short lines are padded with it
)

// Options are the complete parameters of a read, after Resolve.
type Options struct {
	Format           *Format // nil for scalars and lists
	DataType         string  // matrix, frame, scalar or list
	ValueType        string  // double, int, boolean, string or unknown
	Rows, Cols, NNZ  int64   // declared; -1 when not
	Header           bool
	Sep              string
	Fill             Fill
	Default          float64
	NAStrings        []string
	Schema           string // as written; "" for all string, "auto" to infer
	IndSep           string
	LabelFirst       bool // libsvm: the label becomes the first column
	KeepQuotes       bool // csv frames: quotes stay in the values
	dimsFromMetadata bool

	Mem   *matrix.Ctx  // threads and buffers of the result; nil is one thread
	Warn  func(string) // nil discards
	Limit int64        // most bytes a result may take; 0 for defaultLimit
}

// defaultLimit guards against dimensions that cannot be meant. It is not the memory budget of a run.
const defaultLimit = 1 << 38

func (o *Options) warn(msg string) {
	if o.Warn != nil {
		o.Warn(msg)
	}
}

// fits reports an error when a rows x cols matrix, dense or with nnz entries, is beyond the limit.
func (o *Options) fits(rows, cols, nnz int64, dense bool) error {
	limit := o.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	need := 8*float64(rows) + 12*float64(nnz)
	if dense {
		need = 8 * float64(rows) * max(float64(cols), 1) // a row costs something even without columns
	}
	if need > float64(limit) || rows >= 1<<48 || cols >= 1<<48 {
		return &Error{Msg: sprintf("a %dx%d matrix would take %.3g bytes, more than can be held", rows, cols, need)}
	}
	if !dense && cols > 1<<31-1 {
		return &Error{Msg: sprintf("a sparse matrix can have at most 2147483647 columns, not %d", cols)}
	}
	return nil
}

// Info is what is known of a file before it is read. Unknown numbers are -1.
type Info struct {
	Rows, Cols, NNZ int64
	Format          string // "" for scalars and lists
	DataType        string
	ValueType       string
}
