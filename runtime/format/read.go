package format

import (
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// ReadMatrix reads the matrix that r describes, with the options that r.Resolve gave.
func ReadMatrix(r *Request, o *Options) (*matrix.Matrix, error) {
	if o.DataType != "matrix" {
		return nil, fileError(r.Path, "the file holds a %s, not a matrix", o.DataType)
	}
	parts, err := load(r.Path, r.Stdin)
	if err != nil {
		return nil, err
	}
	m, err := o.Format.ReadMatrix(parts, o)
	return m, inFile(r.Path, err)
}

// ReadFrame reads the frame that r describes, with the options that r.Resolve gave.
func ReadFrame(r *Request, o *Options) (*frame.Frame, error) {
	if o.DataType != "frame" {
		return nil, fileError(r.Path, "the file holds a %s, not a frame", o.DataType)
	}
	parts, err := load(r.Path, r.Stdin)
	if err != nil {
		return nil, err
	}
	f, err := o.Format.ReadFrame(parts, o)
	return f, inFile(r.Path, err)
}
