package format

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// MetaExt is what the name of a metadata file adds to that of its data file.
const MetaExt = ".mtd"

// Metadata is a metadata file: one JSON object that says what a data file holds.
type Metadata struct {
	File   string
	fields []metaField
}

// metaField is one member in file order. value is string, int64, float64, bool or []string.
type metaField struct {
	key   string
	value any
	line  int
}

// metaKind is the JSON type of a key.
type metaKind uint8

const (
	metaText metaKind = iota
	metaInt
	metaNumber
	metaBool
	metaFill  // boolean or the word ragged
	metaTexts // string or array of strings
	metaSkip  // anything; informational
)

// metaKeys are the keys with a meaning (command-line reference §2.3).
func metaKeys() map[string]metaKind {
	return map[string]metaKind{
		"data_type": metaText, "value_type": metaText, "schema": metaText, "format": metaText,
		"rows": metaInt, "cols": metaInt, "nnz": metaInt, "rows_in_block": metaInt, "cols_in_block": metaInt,
		"header": metaBool, "sep": metaText, "indSep": metaText, "fill": metaFill, "default": metaNumber,
		"naStrings": metaTexts, "dataset": metaText, "description": metaSkip, "author": metaSkip, "created": metaSkip,
		"privacy": metaSkip, "fine_grained_privacy": metaSkip,
	}
}

// readMeta reads the metadata of the data file at path. It is nil when there is none. warn gets unknown keys.
func readMeta(path string, warn func(string)) (*Metadata, error) {
	file := path + MetaExt
	st, err := os.Stat(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, osError(file, err)
	}
	files := []string{file}
	if st.IsDir() {
		if files, err = filepath.Glob(filepath.Join(file, "part*")); err != nil {
			return nil, osError(file, err)
		}
	}
	m := &Metadata{File: file}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, osError(f, err)
		}
		part, err := ParseMeta(f, data, warn)
		if err != nil {
			return nil, err
		}
		m.fields = append(m.fields, part.fields...)
	}
	return m, nil
}

// ParseMeta parses the text of a metadata file. Unknown keys are handed to warn and ignored.
func ParseMeta(file string, data []byte, warn func(string)) (*Metadata, error) {
	data = bytes.TrimPrefix(data, bom)
	m := &Metadata{File: file}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, m.at(data, jsonOffset(data, d, err), "metadata must be one JSON object%s", jsonCause(err))
	}
	for d.More() {
		t, err := d.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return nil, m.at(data, jsonOffset(data, d, err), "malformed metadata%s", jsonCause(err))
		}
		off := int(d.InputOffset())
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, m.at(data, jsonOffset(data, d, err), "malformed metadata%s", jsonCause(err))
		}
		if err := m.add(data, off, key, v, warn); err != nil {
			return nil, err
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, m.at(data, jsonOffset(data, d, err), "malformed metadata%s", jsonCause(err))
	}
	if rest := bytes.TrimSpace(data[d.InputOffset():]); len(rest) > 0 {
		return nil, m.at(data, len(data)-len(bytes.TrimLeft(data[d.InputOffset():], " \t\r\n")), "unexpected text after the JSON object")
	}
	return m, nil
}

// add checks the type of one member. off is the offset of the end of its key.
func (m *Metadata) add(data []byte, off int, key string, v any, warn func(string)) error {
	if key == "na.strings" { // an older spelling
		key = "naStrings"
	}
	kind, known := metaKeys()[key]
	if !known {
		if warn != nil {
			warn(m.at(data, off-len(key)-1, "unknown key %s is ignored", quote(key)).Error())
		}
		return nil
	}
	value, ok := kind.convert(v)
	if !ok {
		rest := data[off:]
		off += len(rest) - len(bytes.TrimLeft(rest, " \t\r\n:"))
		return m.at(data, off, "%s must be %s", quote(key), kind)
	}
	if kind != metaSkip {
		m.fields = append(m.fields, metaField{key, value, 1 + bytes.Count(data[:off], []byte{'\n'})})
	}
	return nil
}

func (k metaKind) String() string {
	return [...]string{"a string", "a whole number", "a number", "a boolean", `a boolean or "ragged"`, "a string or an array of strings", "anything"}[k]
}

// convert checks and converts a JSON value.
func (k metaKind) convert(v any) (any, bool) {
	s, isString := v.(string)
	n, isNumber := v.(json.Number)
	switch k {
	case metaText:
		return s, isString
	case metaInt:
		if !isNumber && !isString {
			return nil, false
		}
		i, err := json.Number(s + n.String()).Int64()
		return i, err == nil
	case metaNumber:
		f, ok := parseNumber(s + n.String())
		return f, ok && (isNumber || isString)
	case metaBool, metaFill:
		if isString && k == metaFill && strings.EqualFold(s, "ragged") {
			return "ragged", true
		}
		b, ok := v.(bool)
		if isString {
			b, ok = strings.EqualFold(s, "true"), strings.EqualFold(s, "true") || strings.EqualFold(s, "false")
		}
		return b, ok
	case metaTexts:
		if isString {
			return strings.Split(s, "\u00b7"), true // how the reference joins several
		}
		list, ok := v.([]any)
		out := make([]string, len(list))
		for i, e := range list {
			if out[i], ok = e.(string); !ok {
				return nil, false
			}
		}
		return out, ok
	}
	return nil, true
}

// at makes an error at byte off of the metadata file.
func (m *Metadata) at(data []byte, off int, format string, args ...any) *Error {
	off = min(max(off, 0), len(data))
	start := bytes.LastIndexByte(data[:off], '\n') + 1
	line, _ := nextLine(data[start:])
	e := lineError(m.File, 1+bytes.Count(data[:start], []byte{'\n'}), line, min(off-start, len(line)), format, args...)
	e.Kind = BadMetadata
	return e
}

// jsonOffset is where a decoder stopped, or where err says the fault is.
func jsonOffset(data []byte, d *json.Decoder, err error) int {
	var s *json.SyntaxError
	if !errors.As(err, &s) {
		return int(d.InputOffset())
	}
	// Between values the decoder gives the offset of the character at fault, within a value that of the one behind it.
	if off := int(s.Offset); off < len(data) && off > 0 && strings.Contains(s.Error(), "'"+string(data[off])+"'") && data[off] != data[off-1] {
		return off
	}
	return int(s.Offset) - 1
}

func jsonCause(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return ": the file ends too early"
	}
	return ": " + strings.TrimPrefix(err.Error(), "json: ")
}

// merge adds the fields to the parameters of a call. A parameter given in both must
// agree, compared as case-insensitive text.
func (m *Metadata) merge(args map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for k, v := range args {
		out[k] = v
	}
	for _, f := range m.fields {
		v, given := args[f.key]
		if given && !sameParam(v, f.value) {
			return nil, &Error{File: m.File, Line: f.line, Kind: BadMetadata, Msg: fmt.Sprintf("%s is %s here, but the call says %s", f.key, paramText(f.value), paramText(v))}
		}
		if !given {
			out[f.key] = f.value
		}
	}
	return out, nil
}

func sameParam(a, b any) bool {
	if x, ok := a.([]string); ok {
		y, ok := b.([]string)
		return ok && slices.Equal(x, y)
	}
	s, t := paramText(a), paramText(b)
	if strings.EqualFold(strings.TrimSuffix(s, ","), strings.TrimSuffix(t, ",")) {
		return true
	}
	x, okX := parseNumber(s)
	y, okY := parseNumber(t)
	return okX && okY && x == y
}

func paramText(v any) string {
	switch v := v.(type) {
	case float64:
		return string(appendNumber(nil, v))
	case []string:
		return strings.Join(v, ", ")
	}
	return fmt.Sprint(v)
}
