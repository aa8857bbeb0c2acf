package format

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// WriteOptions are the parameters of a write.
type WriteOptions struct {
	Format      *Format
	Header      bool
	Sep         string // "" for a comma
	IndSep      string
	Sparse      bool // csv: zeros are left empty
	Description string
	Stdout      io.Writer // what the path "-" writes; nil is the process's
}

func (o *WriteOptions) separator() string {
	if o.Sep == "" {
		return ","
	}
	return o.Sep
}

// member is one member of a metadata file; value is a string, int64 or bool.
type member struct {
	key   string
	value any
}

// WriteMatrix writes m to path with its metadata. The old file stays until the new one is complete.
func WriteMatrix(path string, m *matrix.Matrix, o *WriteOptions) error {
	if o.Format.WriteMatrix == nil {
		return cannotHold(path, o, "matrix")
	}
	head := []member{{"data_type", "matrix"}, {"value_type", "double"}, {"rows", int64(m.Rows())}, {"cols", int64(m.Cols())}, {"nnz", m.NNZ()}}
	if o.Format == &libsvmFormat {
		head[3].value = int64(m.Cols()) - 1 // cols counts features
	}
	opt := *o
	opt.Header = o.Header || o.Format == &csvFormat && m.Rows() == 0 && m.Cols() > 0
	return write(path, &opt, head, func(w io.Writer) error { return o.Format.WriteMatrix(w, m, &opt) })
}

// WriteFrame writes f to path with its metadata.
func WriteFrame(path string, f *frame.Frame, o *WriteOptions) error {
	if o.Format.WriteFrame == nil {
		return cannotHold(path, o, "frame")
	}
	schema := ""
	for _, k := range f.Kinds() {
		schema += k.String() + ","
	}
	head := []member{{"data_type", "frame"}, {"schema", schema}, {"rows", int64(f.Rows())}, {"cols", int64(f.Cols())}}
	opt := *o
	opt.Header = o.Header || o.Format == &csvFormat && f.Rows() == 0 && f.Cols() > 0
	return write(path, &opt, head, func(w io.Writer) error { return o.Format.WriteFrame(w, f, &opt) })
}

func cannotHold(path string, o *WriteOptions, what string) *Error {
	e := fileError(path, "format %s cannot hold a %s", o.Format.Name, what)
	e.Kind = BadFormat
	return e
}

// WriteScalar writes an int64, float64, bool or string to path with its metadata.
func WriteScalar(path string, v any, o *WriteOptions) error {
	text, valueType, ok := scalarText(v)
	if !ok {
		return fileError(path, "this value cannot be written as a scalar")
	}
	opt := *o
	opt.Format = &textFormat
	return write(path, &opt, []member{{"data_type", "scalar"}, {"value_type", valueType}}, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// write puts the data in place and then the metadata.
func write(path string, o *WriteOptions, head []member, data func(io.Writer) error) error {
	if path == Stdin {
		w := o.Stdout
		if w == nil {
			w = os.Stdout
		}
		return data(w)
	}
	if ext := strings.ToLower(filepath.Ext(path)); ext == ".bz2" || ext == ".zst" || ext == ".xz" || ext == ".lz4" {
		e := fileError(path, "writing %s compression is not supported; .gz is", ext)
		e.Kind = BadFormat
		return e
	}
	if err := replaceFile(path, data); err != nil {
		return err
	}
	if o.Format.noMeta {
		// metadata of an earlier output under this name would be wrong now
		if err := os.Remove(path + MetaExt); err != nil && !os.IsNotExist(err) {
			return osError(path+MetaExt, err)
		}
		return nil
	}
	if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() {
		return nil // a device or pipe
	}
	return writeMeta(path, o, append(head, member{"format", o.Format.Name}))
}

// writeMeta writes the metadata file of path: head, then the members every file has, in
// the order of the command-line reference §2.3.
func writeMeta(path string, o *WriteOptions, members []member) error {
	if o.Description != "" {
		members = append(members, member{"description", o.Description})
	}
	members = append(members, member{"author", author()})
	if o.Format == &csvFormat {
		members = append(members, member{"header", o.Header}, member{"sep", o.separator()})
	}
	if o.Format == &libsvmFormat {
		members = append(members, member{"sep", o.separator()})
	}
	members = append(members, member{"created", created().Format("2006-01-02 15:04:05 MST")})
	text, err := encodeMeta(members)
	if err != nil {
		return &Error{File: path + MetaExt, Msg: err.Error(), Err: err}
	}
	return replaceFile(path+MetaExt, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

func encodeMeta(members []member) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{")
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    " + strconv.Quote(m.key) + ": ")
		var v bytes.Buffer
		e := json.NewEncoder(&v)
		e.SetEscapeHTML(false)
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
		b.Write(bytes.TrimSpace(v.Bytes()))
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// author is the name of the user, or the program's when there is none.
func author() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "gdml"
}

// created is now, or the time that SOURCE_DATE_EPOCH asks for, so that outputs can be reproduced.
func created() time.Time {
	if n, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(n, 0).UTC()
	}
	return time.Now()
}
