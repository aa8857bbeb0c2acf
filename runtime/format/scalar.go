package format

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"gdml/runtime/cell"
)

// ReadScalar reads a scalar file (command-line reference §2.13): the first line as int,
// double or boolean, or the whole file as a string without its last line end. An
// unknown value type is read as double.
func ReadScalar(r *Request, o *Options) (any, error) {
	parts, err := load(r.Path, r.Stdin)
	if err != nil {
		return nil, err
	}
	data := clean(parts[0].Data)
	line, _ := nextLine(data)
	word := strings.TrimSpace(string(line))
	if o.ValueType != "string" && len(data) == 0 {
		return nil, fileError(r.Path, "file is empty")
	}
	switch o.ValueType {
	case "string":
		s := strings.ReplaceAll(string(data), "\r\n", "\n")
		return strings.TrimSuffix(s, "\n"), nil
	case "int":
		n, err := strconv.ParseInt(word, 10, 64)
		if err == nil {
			return n, nil
		}
		if f, ok := parseNumber(word); ok && f == math.Trunc(f) && math.Abs(f) < 1<<63 {
			return int64(f), nil
		}
		return nil, lineError(r.Path, 1, line, 0, "%s is not an integer", quote(word))
	case "boolean":
		if strings.EqualFold(word, "true") || strings.EqualFold(word, "false") {
			return strings.EqualFold(word, "true"), nil
		}
		return nil, lineError(r.Path, 1, line, 0, "%s is not a boolean", quote(word))
	}
	f, ok := parseNumber(word)
	if !ok {
		return nil, lineError(r.Path, 1, line, len(line)-len(bytes.TrimLeft(line, " \t")), "%s is not a number", quote(word))
	}
	return f, nil
}

// scalarText is a scalar on disk: doubles as scripts see them, booleans in lower case.
func scalarText(v any) (text, valueType string, ok bool) {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10), "int", true
	case float64:
		return cell.FormatDouble(v), "double", true
	case bool:
		return strconv.FormatBool(v), "boolean", true
	case string:
		return v, "string", true
	}
	return "", "", false
}
