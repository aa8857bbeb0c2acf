package builtins

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/format"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

func writeParams() []types.Param {
	return formatParams([]types.Param{
		need("x", types.Any, "value to write"),
		need("file", types.Str, `name of the file; "-" is the standard output, .gz compresses`),
		byName("format", types.Str, `"text"`, strings.Join(format.Names(), ", ")),
		byName("rows_in_block", types.IntT, "", "block size of SystemDS's binary format; has no effect here"),
		byName("cols_in_block", types.IntT, "", "like rows_in_block"),
		byName("data_type", types.Str, "", "type of x; has no effect, x has its type"),
		byName("description", types.Str, "", "text for the metadata file"),
	}, func(f *format.Format) []types.Param { return f.WriteParams })
}

func writeFunc() *Func {
	params := writeParams()
	return &Func{
		Signature: types.Signature{
			Name:      "write",
			Binding:   types.Named,
			Params:    params,
			Statement: true,
			Check:     func(c types.Call) []types.Problem { return checkWrite(c, params) },
		},
		Family: inputOutput,
		Doc: "Writes a matrix, frame, scalar or list to a file, and a metadata file beside it (file name plus .mtd) from which" +
			" read takes type, size and format. Parent directories are made. The old file stays until the new one is complete;" +
			" a directory is overwritten only if it is an earlier output. A list becomes a directory with a file per element," +
			" its matrices and frames in the given format.",
		Example: `write(list(a=1, b="x"), "l"); l = read("l", data_type="list"); print(as.scalar(l["b"]))  # x`,
		Call:    func(a *exec.Args) ([]value.Value, error) { return nil, callWrite(a, params) },
	}
}

func checkWrite(c types.Call, params []types.Param) []types.Problem {
	args := map[string]any{}
	for i, p := range params {
		if v, ok := c.Literal(i); ok && i > 0 {
			args[p.Name] = v
		}
	}
	var ps []types.Problem
	name, isConst := args["format"].(string)
	if !c.Has(paramAt(params, "format")) {
		name, isConst = "text", true
	}
	f, ok := format.Find(name)
	if isConst && !ok {
		return unknownFormat(name, params)
	}
	if path, ok := args["file"].(string); ok {
		if _, err := localPath(path); err != nil {
			return ioProblem(err, 1)
		}
		if isConst {
			ps = append(ps, misnamed(c, path, f, params)...)
		}
	}
	if s, ok := args["sep"].(string); ok && (s == "" || strings.ContainsAny(s, "\"\r\n")) {
		return problem(paramAt(params, "sep"), "", "write: sep must not be empty or hold quotes or line ends")
	}
	if isConst {
		ps = append(ps, uselessOptions(c, params, f)...)
	}
	return append(ps, unfit(c, f, isConst)...)
}

// misnamed warns of a name whose extension promises another format.
func misnamed(c types.Call, path string, f *format.Format, params []types.Param) []types.Problem {
	if d := c.TypeOf(0).Data; d != types.Matrix && d != types.Frame {
		return nil
	}
	ext := strings.ToLower(filepath.Ext(strings.TrimSuffix(strings.ToLower(path), ".gz")))
	for _, g := range format.All() {
		if slices.Contains(g.Exts, ext) && g != f && g.Name != f.Name {
			ps := problem(1, `write format="`+g.Name+`" for that format`, "the file name ends in %s, but the format is %s", ext, f.Name)
			ps[0].Warn = true
			return ps
		}
	}
	return nil
}

// uselessOptions warns of parameters that mean nothing for the format.
func uselessOptions(c types.Call, params []types.Param, f *format.Format) []types.Problem {
	useful := []string{"x", "file", "format", "description"}
	for _, p := range f.WriteParams {
		useful = append(useful, p.Name)
	}
	var ps []types.Problem
	for i, p := range params {
		if c.Has(i) && !slices.Contains(useful, p.Name) {
			w := problem(i, "", "%s has no effect on format %s", p.Name, f.Name)
			w[0].Warn = true
			ps = append(ps, w...)
		}
	}
	return ps
}

// tensorFiles says how a tensor is kept in a file.
const tensorFiles = "as.matrix converts a tensor of two dimensions"

// unfit finds a value that the format cannot hold.
func unfit(c types.Call, f *format.Format, isConst bool) []types.Problem {
	d := c.TypeOf(0).Data
	if d == types.Tensor {
		ps := problem(0, tensorFiles, "no format can hold a tensor")
		ps[0].Code = uint16(diag.BadFormat)
		return ps
	}
	if !isConst || (d != types.Matrix || f.WriteMatrix != nil) && (d != types.Frame || f.WriteFrame != nil) {
		return nil
	}
	ps := problem(0, "", "format %s cannot hold a %s", f.Name, d)
	ps[0].Code = uint16(diag.BadFormat)
	return ps
}

func callWrite(a *exec.Args, params []types.Param) error {
	o, err := writeOptions(a, params)
	if err != nil {
		return err
	}
	name, err := a.Str(1, "")
	if err != nil {
		return err
	}
	path, err := localPath(name)
	if err != nil {
		return ioError(err)
	}
	if path != format.Stdin {
		return writeFailed(writeValue(a.M.FilePath(path), arg(a, 0), o))
	}
	var b bytes.Buffer
	o.Stdout = &b
	if err := writeValue(path, arg(a, 0), o); err != nil {
		return writeFailed(err)
	}
	return a.M.Print(b.String())
}

// writeFailed says that it was a write whose data or file was refused.
func writeFailed(err error) error {
	if err == nil {
		return nil
	}
	e := ioError(err)
	if e.Code == diag.BadData || e.Code == diag.FileMissing {
		e.Code = diag.WriteFailed
		e.Msg = "cannot write " + e.Msg
	}
	return e
}

func writeOptions(a *exec.Args, params []types.Param) (*format.WriteOptions, error) {
	o := &format.WriteOptions{}
	var err error
	text := func(name, def string) string {
		s, e := a.Str(paramAt(params, name), def)
		if err == nil {
			err = e
		}
		return s
	}
	flag := func(name string) bool {
		v, e := a.Bool(paramAt(params, name), false)
		if err == nil {
			err = e
		}
		return v
	}
	name := text("format", "text")
	o.Sep, o.IndSep, o.Description = text("sep", ","), text("indSep", ":"), text("description", "")
	o.Header, o.Sparse = flag("header"), flag("sparse")
	if err != nil {
		return nil, err
	}
	if o.Sep == "" || strings.ContainsAny(o.Sep, "\"\r\n") {
		return nil, exec.Failf(diag.BadValue, "", "write: sep must not be empty or hold quotes or line ends")
	}
	f, ok := format.Find(name)
	if !ok {
		return nil, exec.Failf(diag.BadFormat, "the formats are "+strings.Join(format.Names(), ", "), "unknown format %q", name)
	}
	o.Format = f
	return o, nil
}

// writeValue writes a value of any type, elements of lists included.
func writeValue(path string, v value.Value, o *format.WriteOptions) error {
	switch v := v.(type) {
	case *matrix.Matrix:
		return format.WriteMatrix(path, v, o)
	case *frame.Frame:
		return format.WriteFrame(path, v, o)
	case *value.List:
		entries := make([]format.Entry, v.Len())
		for i := range entries {
			entries[i] = format.Entry{Name: v.Name(i), Write: func(path string) error { return writeValue(path, v.At(i), o) }}
		}
		return format.WriteList(path, entries, o)
	case *value.Tensor:
		return exec.Failf(diag.BadFormat, tensorFiles, "no format can hold a %s", v)
	}
	return format.WriteScalar(path, v, o)
}
