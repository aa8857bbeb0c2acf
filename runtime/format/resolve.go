package format

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gdml/runtime/matrix"
)

// Request is a read as the script states it.
type Request struct {
	Path  string
	Args  map[string]any // parameters given by name: string, int64, float64, bool or []string
	Mem   *matrix.Ctx
	Warn  func(string)
	Stdin io.Reader // what the path "-" reads; nil is the process's
	Limit int64     // see Options
}

// Resolve settles all parameters of a read, in the order of the command-line reference
// §2.4: the call, the metadata file, the file's own header, its name, its first bytes.
func (r *Request) Resolve() (*Options, error) {
	args := r.Args
	if words(args, "data_type") == "scalar" && words(args, "value_type") != "" {
		return r.options(nil, args)
	}
	_, err := os.Stat(r.Path)
	if err != nil && r.Path != Stdin {
		e := osError(r.Path, err)
		e.Hint = Nearest(r.Path)
		return nil, e
	}
	f, err := r.formatOf(args)
	if err != nil {
		return nil, err
	}
	var meta *Metadata
	if r.Path != Stdin && (f == nil || !f.noMeta) {
		if meta, err = readMeta(r.Path, r.Warn); err != nil {
			return nil, err
		}
	}
	dimsGiven := args["rows"] != nil || args["cols"] != nil
	if meta != nil {
		if args, err = meta.merge(args); err != nil {
			return nil, err
		}
	}
	if dt := words(args, "data_type"); f == nil && dt != "scalar" && dt != "list" {
		if f, err = r.sniff(args, meta != nil); err != nil {
			return nil, err
		}
	}
	o, err := r.options(f, args)
	if err != nil {
		return nil, err
	}
	o.dimsFromMetadata = meta != nil && !dimsGiven
	return o, nil
}

// words returns a string parameter in lower case.
func words(args map[string]any, key string) string {
	s, _ := args[key].(string)
	return strings.ToLower(s)
}

// formatOf returns the format the call names, or the one that needs no metadata.
func (r *Request) formatOf(args map[string]any) (*Format, error) {
	if name := words(args, "format"); name != "" {
		f, ok := Find(name)
		if !ok {
			return nil, unsupported(name)
		}
		return f, nil
	}
	if r.Path == Stdin {
		return nil, &Error{Kind: BadParam, Msg: `reading the standard input needs a format, such as format="csv"`}
	}
	if _, err := os.Stat(r.Path + MetaExt); err == nil || words(args, "data_type") == "list" {
		return nil, nil
	}
	if b, err := head(r.Path, len(mmMagic)); err == nil && string(b) == mmMagic {
		return &mmFormat, nil
	}
	return nil, nil
}

// sniff chooses the format that the call leaves open: that of the metadata, else by the
// extension of the file name, else by its first bytes, else text.
func (r *Request) sniff(args map[string]any, meta bool) (*Format, error) {
	if name := words(args, "format"); name != "" {
		f, ok := Find(name)
		if !ok {
			return nil, unsupported(name)
		}
		return f, nil
	}
	if meta {
		return &textFormat, nil
	}
	ext := baseExt(r.Path)
	for _, f := range All() {
		for _, e := range f.Exts {
			if e == ext {
				return f, nil
			}
		}
	}
	if name, ok := unreadFormats()[ext]; ok {
		return nil, &Error{Kind: BadFormat, File: r.Path, Msg: name + " files are not supported; the formats are " + strings.Join(Names(), ", ")}
	}
	b, err := head(r.Path, 64)
	if err != nil {
		return nil, err
	}
	return sniffBytes(r.Path, b)
}

// unreadFormats names the formats that are recognised by extension only to say that they are not read.
func unreadFormats() map[string]string {
	return map[string]string{".npy": "NumPy", ".npz": "NumPy", ".parquet": "Parquet", ".arrow": "Arrow",
		".feather": "Arrow", ".jsonl": "JSON lines", ".h5": "HDF5"}
}

// sniffBytes recognises a format by the first bytes of a file.
func sniffBytes(path string, b []byte) (*Format, error) {
	for _, m := range []struct {
		magic string
		f     *Format
		name  string
	}{
		{mmMagic, &mmFormat, ""}, {"\x89GDMB", &binaryFormat, ""}, {"SEQ", &binaryFormat, ""},
		{"\x93NUMPY", nil, "NumPy"}, {"PAR1", nil, "Parquet"}, {"ARROW1", nil, "Arrow"}, {"\x89HDF", nil, "HDF5"},
	} {
		if bytes.HasPrefix(b, []byte(m.magic)) {
			if m.f == nil {
				return nil, &Error{Kind: BadFormat, File: path, Msg: m.name + " files are not supported; the formats are " + strings.Join(Names(), ", ")}
			}
			return m.f, nil
		}
	}
	if isIDX(b) {
		return &idxFormat, nil
	}
	// A .txt file, or one without an extension: i j v lines have blanks only.
	if line, _ := nextLine(clean(b)); bytes.IndexByte(line, ',') >= 0 {
		return &csvFormat, nil
	}
	return &textFormat, nil
}

// options converts merged parameters.
func (r *Request) options(f *Format, args map[string]any) (*Options, error) {
	o := &Options{Format: f, DataType: "matrix", ValueType: "double", Rows: -1, Cols: -1, NNZ: -1,
		Mem: r.Mem, Warn: r.Warn, Limit: r.Limit, IndSep: ":"}
	for key, dst := range map[string]*string{"data_type": &o.DataType, "value_type": &o.ValueType} {
		if s := words(args, key); s != "" {
			*dst = s
		}
	}
	if err := o.checkValueType(); err != nil {
		return nil, err
	}
	for key, dst := range map[string]*int64{"rows": &o.Rows, "cols": &o.Cols, "nnz": &o.NNZ} {
		if v, ok := args[key]; ok {
			n, isInt := v.(int64)
			if !isInt || n < -1 {
				return nil, &Error{Kind: BadParam, Msg: sprintf("%s must be a whole number, not %s", key, paramText(v))}
			}
			*dst = n
		}
	}
	switch o.DataType {
	case "matrix", "frame", "scalar", "list":
	default:
		return nil, &Error{Kind: BadParam, Msg: sprintf("data_type %s is not supported; the types are matrix, frame, scalar, list", quote(o.DataType))}
	}
	if o.DataType == "scalar" || o.DataType == "list" {
		o.Format = nil
		return o, nil
	}
	if err := o.textOptions(r.Path, args); err != nil {
		return nil, err
	}
	if o.DataType == "matrix" && f.ReadMatrix == nil || o.DataType == "frame" && f.ReadFrame == nil {
		return nil, &Error{Kind: BadFormat, Msg: sprintf("format %s cannot hold a %s", f.Name, o.DataType)}
	}
	if (o.Rows < 0) != (o.Cols < 0) && f == &textFormat {
		return nil, &Error{Kind: BadParam, Msg: "rows and cols must be given together"}
	}
	return o, nil
}

// valueTypes maps the words for value types to those of the language.
func valueTypes() map[string]string {
	return map[string]string{"double": "double", "fp64": "double", "fp32": "double", "float": "double",
		"int": "int", "int64": "int", "int32": "int", "uint8": "int", "uint4": "int",
		"boolean": "boolean", "bool": "boolean", "string": "string", "str": "string", "char": "string", "character": "string",
		"unknown": "unknown"}
}

func (o *Options) checkValueType() error {
	t, ok := valueTypes()[o.ValueType]
	if !ok {
		return &Error{Kind: BadParam, Msg: sprintf("value_type %s is not supported; the types are double, int, boolean, string", quote(o.ValueType))}
	}
	o.ValueType = t
	return nil
}

// textOptions converts the parameters of single formats.
func (o *Options) textOptions(path string, args map[string]any) error {
	o.Header, _ = args["header"].(bool)
	o.Schema, _ = args["schema"].(string)
	o.LabelFirst = words(args, "label") == "first"
	o.KeepQuotes = words(args, "quotes") == "keep"
	if s, ok := args["indSep"].(string); ok && s != "" {
		o.IndSep = s
	}
	sep, given := args["sep"].(string)
	switch {
	case given && sep == "":
		return &Error{Kind: BadParam, Msg: "sep must not be empty"}
	case given && o.Format == &csvFormat && strings.ContainsAny(sep, "\"\r\n"):
		return &Error{Kind: BadParam, Msg: "sep must not hold quotes or line ends"}
	case !given && o.Format == &csvFormat:
		sep = ","
		if baseExt(path) == ".tsv" {
			sep = "\t"
		}
	}
	o.Sep = sep
	switch v := args["fill"].(type) {
	case bool:
		if !v {
			o.Fill = FillNone
		}
	case string:
		if !strings.EqualFold(v, "ragged") {
			return &Error{Kind: BadParam, Msg: sprintf(`fill must be TRUE, FALSE or "ragged", not %s`, quote(v))}
		}
		o.Fill = FillRagged
	}
	switch v := args["default"].(type) {
	case float64:
		o.Default = v
	case int64:
		o.Default = float64(v)
	}
	switch v := args["naStrings"].(type) {
	case string:
		o.NAStrings = strings.Split(v, naSeparator)
	case []string:
		o.NAStrings = v
	}
	// An empty field is what default is for; naStrings="" says that there are none.
	o.NAStrings = slices.DeleteFunc(slices.Clone(o.NAStrings), func(s string) bool { return s == "" })
	return nil
}

// naSeparator stands between several naStrings in one text.
const naSeparator = "\u00b7"

// Describe tells what is known of the file of r without reading its cells, apart from
// counting the lines of a csv file of moderate size. Unknown numbers are -1; a text file
// whose dimensions are nowhere declared has unknown ones.
func Describe(r *Request) (Info, error) {
	quiet := *r
	quiet.Warn = nil
	o, err := quiet.Resolve()
	if err != nil {
		return Info{}, err
	}
	info := Info{Rows: o.Rows, Cols: o.Cols, NNZ: -1, DataType: o.DataType, ValueType: o.ValueType}
	if o.Format == nil {
		return info, nil
	}
	info.Format = o.Format.Name
	if r.Path != Stdin && o.Format.describe != nil {
		if err := o.Format.describe(r.Path, o, &info); err != nil {
			return Info{}, err
		}
	}
	if o.Format == &libsvmFormat && info.Cols >= 0 {
		info.Cols++ // the label
	}
	return info, nil
}

// Nearest words a hint at the file of the same directory whose name is closest to that of path, "" when none is close.
func Nearest(path string) string {
	dir, name := filepath.Split(path)
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil {
		if _, err := os.Stat(filepath.Clean(dir)); err != nil && dir != "" {
			return "the directory " + filepath.Clean(dir) + " does not exist either"
		}
		return ""
	}
	best, least := "", math.MaxInt
	for _, e := range entries {
		if d := distance(strings.ToLower(name), strings.ToLower(e.Name())); d < least && !strings.HasSuffix(e.Name(), MetaExt) {
			best, least = e.Name(), d
		}
	}
	if least > max(2, len(name)/3) {
		return ""
	}
	return "did you mean " + dir + best + "?"
}

// distance is the edit distance of a and b (Wagner, Fischer 1974).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := prev
			if a[i] != b[j] {
				cost = 1 + min(prev, row[j], row[j+1])
			}
			prev, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
