package builtins

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"gdml/lang/diag"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/format"
	"gdml/runtime/value"
)

const inputOutput = "Input and output"

// ioFuncs read and write files.
func ioFuncs() []*Func { return []*Func{read(), readMM(), writeFunc()} }

// byName describes an optional parameter that must be passed by name.
func byName(name string, t types.Type, def, doc string) types.Param {
	p := may(name, t, def, doc)
	p.Keyword = true
	return p
}

// formatParams appends to general the parameters of single formats, each once, with the formats it is for.
func formatParams(general []types.Param, of func(*format.Format) []types.Param) []types.Param {
	out := general
	for _, f := range format.All() {
		for _, p := range of(f) {
			at := slices.IndexFunc(out, func(q types.Param) bool { return q.Name == p.Name })
			if at >= 0 {
				out[at].Doc = f.Name + ", " + out[at].Doc
				continue
			}
			p.Keyword = true
			p.Doc = f.Name + ": " + p.Doc
			out = append(out, p)
		}
	}
	return out
}

func readParams() []types.Param {
	return formatParams([]types.Param{
		need("file", types.Str, `name of a file or directory; "-" is the standard input`),
		byName("data_type", types.Str, `"matrix"`, "matrix, frame, scalar or list"),
		byName("value_type", types.Str, `"double"`, "double, int, boolean or string; of a scalar"),
		byName("format", types.Str, "", strings.Join(format.Names(), ", ")+"; by default what metadata, name or content of the file say, else text"),
		byName("rows", types.IntT, "", "number of rows, where the file does not tell"),
		byName("cols", types.IntT, "", "number of columns, where the file does not tell"),
		byName("nnz", types.IntT, "", "number of non-zeros; not needed"),
		byName("rows_in_block", types.IntT, "", "block size of SystemDS's binary format; has no effect here"),
		byName("cols_in_block", types.IntT, "", "block size of SystemDS's binary format; has no effect here"),
		byName("schema", types.Str, `"string"`, `frames: value types of the columns with commas between, one for all, or "auto"`),
	}, func(f *format.Format) []types.Param { return f.Params })
}

func read() *Func {
	params := readParams()
	memo := &probes{seen: map[string]format.Info{}}
	return &Func{
		Signature: types.Signature{
			Name:      "read",
			Binding:   types.Named,
			Params:    params,
			Results:   []types.Type{types.Mat},
			ResultFor: func(c types.Call) []types.Type { return []types.Type{readType(c, params)} },
			Check:     func(c types.Call) []types.Problem { return checkRead(c, params) },
		},
		Family: inputOutput,
		Doc: "The matrix, frame, scalar or list in a file. What the call leaves open is taken from the metadata file beside it" +
			" (file name plus .mtd), from the extension of the name, and from the first bytes of the file; a value given in both" +
			" the call and the metadata must agree. Compressed files (gzip, bzip2) are read as they are; a directory is read as" +
			" the parts of one object, in the order of their names. A malformed line is an error with its place in the file.",
		Example: `X = matrix(seq(1, 4), 2, 2); write(X, "X.csv", format="csv"); print(sum(read("X.csv", format="csv")))  # 10.0`,
		Probe:   func(has []bool, in []op.Shape) ([]op.Shape, error) { return memo.shape(params, has, in), nil },
		Call: func(a *exec.Args) ([]value.Value, error) {
			r, err := requestOf(a, params)
			if err != nil {
				return nil, err
			}
			v, err := readValue(r)
			if err != nil {
				return nil, ioError(err)
			}
			return one(v)
		},
	}
}

func readMM() *Func {
	params := []types.Param{need("file", types.Str, "name of a Matrix Market file")}
	mm := func(c types.Call) (string, map[string]any) {
		path, args := constants(c, params)
		args["format"] = "mm"
		return path, args
	}
	return &Func{
		Signature: types.Signature{
			Name:    "readMM",
			Params:  params,
			Results: []types.Type{types.Mat},
			Check: func(c types.Call) []types.Problem {
				path, args := mm(c)
				return checkFile(path, args, params)
			},
		},
		Family:  inputOutput,
		Doc:     `The matrix in a Matrix Market file: read(file, format="mm").`,
		Example: `write(matrix(2, 2, 3), "X.mtx", format="mm"); print(sum(readMM("X.mtx")))  # 12.0`,
		Call: func(a *exec.Args) ([]value.Value, error) {
			r, err := requestOf(a, params)
			if err != nil {
				return nil, err
			}
			r.Args["format"] = "mm"
			v, err := readValue(r)
			if err != nil {
				return nil, ioError(err)
			}
			return one(v)
		},
	}
}

// constants returns the file name and the other arguments of a call as far as they are constant.
// The name is "" when it is not.
func constants(c types.Call, params []types.Param) (path string, args map[string]any) {
	args = map[string]any{}
	for i, p := range params {
		v, ok := c.Literal(i)
		if !ok {
			continue
		}
		if i == 0 {
			path, _ = v.(string)
			continue
		}
		args[p.Name] = param(p, v)
	}
	return path, args
}

// allConstant reports whether nothing that decides on type or size of the result is open.
func allConstant(c types.Call, params []types.Param) bool {
	for i, p := range params {
		if _, ok := c.Literal(i); c.Has(i) && !ok && p.Name != "naStrings" && p.Name != "default" {
			return false
		}
	}
	return true
}

// param converts an argument to what package format takes: whole numbers for int parameters.
func param(p types.Param, v any) any {
	switch f, isFloat := v.(float64); {
	case isFloat && p.Type == types.IntT:
		return cell.ToInt(f)
	case p.Type == types.BoolT:
		if s, ok := v.(string); ok && (strings.EqualFold(s, "true") || strings.EqualFold(s, "false")) {
			return strings.EqualFold(s, "true")
		}
	}
	return v
}

// localPath removes the file: scheme. Other schemes name places that are not files.
func localPath(path string) (string, error) {
	if scheme, rest, ok := strings.Cut(path, ":"); ok && strings.HasPrefix(rest, "//") && scheme != "file" {
		return "", &format.Error{File: path, Kind: format.BadFormat, Msg: "the scheme " + scheme + ": is not supported, only files are"}
	}
	path, ok := strings.CutPrefix(path, "file:")
	if ok && strings.HasPrefix(path, "//") {
		path = path[2:]
	}
	if path == "" {
		return "", &format.Error{Kind: format.BadParam, Msg: "the file name is empty"}
	}
	return path, nil
}

// readType finds the result type: that of constant data_type and value_type, else what
// the metadata says, else a matrix. A file that is not known or not there leaves it open.
func readType(c types.Call, params []types.Param) types.Type {
	path, args := constants(c, params)
	data, _ := args["data_type"].(string)
	info := format.Info{DataType: strings.ToLower(data)}
	info.ValueType, _ = args["value_type"].(string)
	if path == "" || !allConstant(c, params) {
		if data == "" {
			return types.Any
		}
	} else if local, err := localPath(path); err == nil {
		o, err := (&format.Request{Path: local, Args: args}).Resolve()
		switch {
		case err == nil:
			info.DataType, info.ValueType = o.DataType, o.ValueType
		case data == "":
			return types.Any // the script may write the file first, and the metadata says what it is
		}
	}
	switch info.DataType {
	case "frame":
		return types.FrameT
	case "list":
		return types.ListT
	case "scalar":
		return scalarTypes()[strings.ToLower(info.ValueType)]
	}
	return types.Mat
}

// scalarTypes maps value types to the type of a scalar read with them.
func scalarTypes() map[string]types.Type {
	return map[string]types.Type{"int": types.IntT, "double": types.Dbl, "boolean": types.BoolT, "string": types.Str, "unknown": types.Dbl, "": types.Scal}
}

// checkRead finds what is wrong with a call before it runs.
func checkRead(c types.Call, params []types.Param) []types.Problem {
	path, args := constants(c, params)
	if path == "" || !allConstant(c, params) {
		return checkWords(args, params)
	}
	return checkFile(path, args, params)
}

// checkWords checks the format of a call whose file is not known yet.
func checkWords(args map[string]any, params []types.Param) []types.Problem {
	name, ok := args["format"].(string)
	if _, known := format.Find(name); !ok || known {
		return nil
	}
	return unknownFormat(name, params)
}

func unknownFormat(name string, params []types.Param) []types.Problem {
	legal := "the formats are " + strings.Join(format.Names(), ", ")
	if near, ok := diag.Nearest(strings.ToLower(name), format.Names()); ok {
		legal = `did you mean "` + near + `"? ` + legal
	}
	ps := problem(paramAt(params, "format"), legal, "unknown format %q", name)
	ps[0].Code = uint16(diag.BadFormat)
	return ps
}

func paramAt(params []types.Param, name string) int {
	return slices.IndexFunc(params, func(p types.Param) bool { return p.Name == name })
}

// checkFile resolves a read whose parameters are all known.
func checkFile(path string, args map[string]any, params []types.Param) []types.Problem {
	if ps := checkWords(args, params); ps != nil {
		return ps
	}
	local, err := localPath(path)
	if err != nil {
		return ioProblem(err, 0)
	}
	o, err := (&format.Request{Path: local, Args: args}).Resolve()
	if err != nil {
		return ioProblem(err, 0)
	}
	return uselessParams(args, params, o)
}

// uselessParams warns of parameters that mean nothing for the format or data type.
func uselessParams(args map[string]any, params []types.Param, o *format.Options) []types.Problem {
	useful := map[string]bool{"data_type": true, "value_type": true, "format": true, "rows": true, "cols": true, "nnz": true,
		"schema": o.DataType == "frame"}
	what := "a " + o.DataType
	if o.Format != nil {
		what = "format " + o.Format.Name
		for _, p := range o.Format.Params {
			useful[p.Name] = true
		}
	}
	var ps []types.Problem
	for i, p := range params {
		if _, given := args[p.Name]; !given || useful[p.Name] {
			continue
		}
		w := problem(i, "", "%s has no effect on reading %s", p.Name, what)
		w[0].Warn = true
		ps = append(ps, w...)
	}
	return ps
}

// ioProblem turns an error of package format into a problem at argument i.
func ioProblem(err error, i int) []types.Problem {
	e := ioError(err)
	return []types.Problem{{Arg: i, Code: uint16(e.Code), Msg: e.Msg, Hint: e.Hint}}
}

// ioError gives an error of package format its code. The cause stays reachable, so that
// the line at fault can be shown.
func ioError(err error) *exec.Error {
	var fe *format.Error
	if !errors.As(err, &fe) {
		return &exec.Error{Code: diag.BadData, Msg: err.Error(), Err: err}
	}
	code := map[format.Kind]diag.Code{format.BadData: diag.BadData, format.Missing: diag.FileMissing, format.BadMetadata: diag.BadMetadata,
		format.BadFormat: diag.BadFormat, format.BadParam: diag.BadValue, format.Failed: diag.BadData}[fe.Kind]
	msg := strings.Join(append([]string{fe.Message()}, fe.More...), "\n  ")
	return &exec.Error{Code: code, Msg: msg, Hint: fe.Hint, Err: fe}
}

// requestOf gathers the arguments of a call at run time.
func requestOf(a *exec.Args, params []types.Param) (*format.Request, error) {
	name, err := a.Str(0, "")
	if err != nil {
		return nil, err
	}
	path, err := localPath(name)
	if err != nil {
		return nil, ioError(err)
	}
	r := &format.Request{Path: a.M.FilePath(path), Args: map[string]any{}, Mem: a.M.Mat(), Warn: func(s string) { a.M.Warn("%s", s) }}
	for i, p := range params[1:] {
		if !a.Has(i + 1) {
			continue
		}
		v, err := paramValue(a, i+1, p)
		if err != nil {
			return nil, err
		}
		r.Args[p.Name] = v
	}
	return r, nil
}

func paramValue(a *exec.Args, i int, p types.Param) (any, error) {
	switch v := a.Vals[i].(type) {
	case string, bool, int64, float64:
		return param(p, v), nil
	case *value.List:
		var texts []string
		for k := range v.Len() {
			s, ok := v.At(k).(string)
			if !ok {
				return nil, exec.Failf(diag.BadValue, "", "%s: %s must hold strings, not a %s", a.Name, p.Name, value.TypeOf(v.At(k)))
			}
			texts = append(texts, s)
		}
		return texts, nil
	}
	return nil, exec.Failf(diag.BadValue, "", "%s: %s cannot be a %s", a.Name, p.Name, value.TypeOf(a.Vals[i]))
}

// readValue reads what r describes, elements of lists included.
func readValue(r *format.Request) (value.Value, error) {
	o, err := r.Resolve()
	if err != nil {
		return nil, err
	}
	switch o.DataType {
	case "frame":
		return format.ReadFrame(r, o)
	case "scalar":
		return format.ReadScalar(r, o)
	case "list":
		return readList(r)
	}
	return format.ReadMatrix(r, o)
}

func readList(r *format.Request) (value.Value, error) {
	entries, err := format.ReadList(r.Path)
	if err != nil {
		return nil, err
	}
	var vals []value.Value
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name
		v, err := readValue(&format.Request{Path: e.Path, Mem: r.Mem, Warn: r.Warn})
		if err != nil {
			for _, v := range vals {
				value.Release(v)
			}
			return nil, err
		}
		vals = append(vals, v)
	}
	return value.NewList(vals, names), nil
}

// probes remembers the sizes of files, since sizes are asked for several times during a compilation.
type probes struct {
	mu   sync.Mutex
	seen map[string]format.Info // by file, its state and the arguments
}

// shape returns what the file tells, as far as the arguments are constant.
func (p *probes) shape(params []types.Param, has []bool, in []op.Shape) []op.Shape {
	s := op.NoShape
	args := map[string]any{}
	known := true
	for i, q := range params {
		switch {
		case i >= len(has) || !has[i]:
		case i >= len(in) || in[i].Val == nil:
			known = known && (q.Name == "naStrings" || q.Name == "default")
		default:
			args[q.Name] = param(q, in[i].Val)
		}
	}
	if n, ok := args["rows"].(int64); ok {
		s.Rows = n
	}
	if n, ok := args["cols"].(int64); ok {
		s.Cols = n
	}
	path, ok := args["file"].(string)
	if !ok || !known {
		return []op.Shape{s}
	}
	delete(args, "file")
	info, ok := p.describe(path, args)
	switch {
	case !ok:
	case info.DataType == "scalar":
		s = op.ScalarShape
	default:
		s = op.Shape{Rows: info.Rows, Cols: info.Cols, NNZ: info.NNZ}
	}
	return []op.Shape{s}
}

// describe asks the file, or remembers its answer. Faults are left to the read.
func (p *probes) describe(path string, args map[string]any) (format.Info, bool) {
	path, err := localPath(path)
	if err != nil {
		return format.Info{}, false
	}
	key := probeKey(path, args)
	p.mu.Lock()
	info, ok := p.seen[key]
	p.mu.Unlock()
	if ok {
		return info, true
	}
	info, err = format.Describe(&format.Request{Path: path, Args: args})
	if err != nil {
		return info, false
	}
	p.mu.Lock()
	p.seen[key] = info
	p.mu.Unlock()
	return info, true
}

// probeKey changes whenever the file, its metadata or the arguments do.
func probeKey(path string, args map[string]any) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	var names []string
	for n := range args {
		names = append(names, n)
	}
	slices.Sort(names)
	key := abs
	for _, n := range names {
		key += "\x00" + n + "=" + value.Text(args[n])
	}
	for _, f := range []string{abs, abs + format.MetaExt} {
		if st, err := os.Stat(f); err == nil {
			key += "\x00" + st.ModTime().String() + value.Text(st.Size())
		}
	}
	return key
}
