package format

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Entry is an element of a list on disk. On writing, Write puts it at the path it is
// given; on reading, Path is where it lies.
type Entry struct {
	Name  string // "" when the list is unnamed
	Path  string
	Write func(path string) error
}

// unnamed is how the name of an element without one is written.
const unnamed = "null"

// WriteList writes the directory of a list: one entry <position>_<name> per element
// (command-line reference §2.13). The old directory stays until the new one is complete.
func WriteList(path string, entries []Entry, o *WriteOptions) error {
	if path == Stdin {
		return &Error{Msg: "a list is a directory and cannot be written to the standard output"}
	}
	path, err := prepare(path)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if strings.ContainsAny(e.Name, "/\\\x00") {
			return fileError(path, "the name %s of element %d cannot be a file name", quote(e.Name), i+1)
		}
	}
	temp := tempName(path)
	if err := os.Mkdir(temp, 0o777); err != nil {
		return osError(path, err)
	}
	defer os.RemoveAll(temp) // nothing there after the rename
	for i, e := range entries {
		name := e.Name
		if name == "" {
			name = unnamed
		}
		if err := e.Write(filepath.Join(temp, strconv.Itoa(i)+"_"+name)); err != nil {
			return err
		}
	}
	if err := makeRoom(path); err != nil {
		return err
	}
	if st, err := os.Lstat(path); err == nil && st.Mode().IsRegular() {
		if err := os.Remove(path); err != nil {
			return osError(path, err)
		}
	}
	if err := os.Rename(temp, path); err != nil {
		return osError(path, err)
	}
	opt := *o
	opt.Header, opt.Sep = false, ""
	if opt.Format == &csvFormat || opt.Format == &libsvmFormat { // their members are those of the elements
		opt.Format = &textFormat
	}
	return writeMeta(path, &opt, []member{{"data_type", "list"}, {"value_type", "unknown"},
		{"rows", int64(len(entries))}, {"cols", int64(1)}, {"format", o.Format.Name}})
}

// ReadList finds the elements of the list directory at path, in order. The name of an
// element is what follows the first underscore; null means unnamed.
func ReadList(path string) ([]Entry, error) {
	dir, err := os.ReadDir(path)
	if err != nil {
		return nil, osError(path, err)
	}
	byPos := map[int]Entry{}
	for _, e := range dir {
		n := e.Name()
		if n[0] == '.' || n[0] == '_' || strings.HasSuffix(n, MetaExt) || strings.HasSuffix(n, ".crc") {
			continue
		}
		number, name, _ := strings.Cut(n, "_")
		pos, err := strconv.Atoi(number)
		if err != nil || pos < 0 {
			return nil, fileError(path, "%s is no list element; their names are <position>_<name>", quote(n))
		}
		if name == unnamed {
			name = ""
		}
		if other, ok := byPos[pos]; ok {
			return nil, fileError(path, "%s and %s have the same position", quote(filepath.Base(other.Path)), quote(n))
		}
		byPos[pos] = Entry{Name: name, Path: filepath.Join(path, n)}
	}
	positions := make([]int, 0, len(byPos))
	for pos := range byPos {
		positions = append(positions, pos)
	}
	slices.Sort(positions)
	out := make([]Entry, len(positions))
	for i, pos := range positions {
		if pos != i {
			return nil, fileError(path, "the list element at position %d is missing", i)
		}
		out[i] = byPos[pos]
	}
	return out, nil
}
