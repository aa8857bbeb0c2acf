package format

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Part is the content of one file of an input, decompressed. Name is for messages. What is
// read may keep Data as its own.
type Part struct {
	Name string
	Data []byte
}

// Stdin is the file name that stands for the standard streams.
const Stdin = "-"

// load reads the file or directory at path. A directory gives its visible files in
// the order of their names.
func load(path string, stdin io.Reader) ([]Part, error) {
	files, err := partFiles(path)
	if err != nil {
		return nil, err
	}
	parts := make([]Part, 0, len(files))
	for _, f := range files {
		r, err := openFile(f, stdin)
		if err != nil {
			return nil, err
		}
		data, err := readAll(r)
		if err != nil {
			return nil, osError(f, err)
		}
		parts = append(parts, Part{f, data})
	}
	return parts, nil
}

// partFiles returns path itself, or the files of the directory at path. Names that
// start with _ or . and metadata are no data.
func partFiles(path string) ([]string, error) {
	if path == Stdin {
		return []string{path}, nil
	}
	st, err := os.Stat(path)
	if err != nil {
		return nil, osError(path, err)
	}
	if !st.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, osError(path, err)
	}
	var out []string
	for _, e := range entries {
		n := e.Name()
		if n[0] != '_' && n[0] != '.' && !e.IsDir() && filepath.Ext(n) != ".mtd" && filepath.Ext(n) != ".crc" {
			out = append(out, filepath.Join(path, n))
		}
	}
	if len(out) == 0 {
		return nil, fileError(path, "the directory holds no data files")
	}
	slices.Sort(out)
	return out, nil
}

// osError wraps an error of the operating system without naming the path twice.
func osError(path string, err error) *Error {
	e := &Error{File: path, Msg: cause(err), Err: err, Kind: Failed}
	if errors.Is(err, fs.ErrNotExist) {
		e.Kind = Missing
	}
	return e
}

func cause(err error) string {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.As(err, &p):
		return p.Err.Error()
	case errors.As(err, &l):
		return l.Err.Error()
	}
	return err.Error()
}

// unreadable are compressions that are recognised but not supported.
var unreadable = []string{".zst", ".xz", ".lz4"}

// openFile opens one file for reading and removes gzip or bzip2 compression, which is recognised by its magic bytes.
func openFile(path string, stdin io.Reader) (io.ReadCloser, error) {
	var f io.ReadCloser
	if path == Stdin {
		if stdin == nil {
			stdin = os.Stdin
		}
		f = io.NopCloser(stdin)
	} else {
		if slices.Contains(unreadable, strings.ToLower(filepath.Ext(path))) {
			e := fileError(path, "%s compression is not supported; gzip and bzip2 are", filepath.Ext(path))
			e.Kind = BadFormat
			return nil, e
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, osError(path, err)
		}
		f = file
	}
	b := bufio.NewReaderSize(f, 1<<16)
	magic, _ := b.Peek(3)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			f.Close()
			return nil, &Error{File: path, Msg: "broken gzip data: " + err.Error(), Err: err}
		}
		return &stream{z, f}, nil
	case string(magic) == "BZh":
		return &stream{bzip2.NewReader(b), f}, nil
	}
	return &stream{b, f}, nil
}

// stream is a reader over a file that closes the file.
type stream struct {
	io.Reader
	file io.Closer
}

// Close closes the file.
func (s *stream) Close() error { return s.file.Close() }

// readAll reads r to its end and closes it. It knows the size of a plain file beforehand.
func readAll(r io.ReadCloser) ([]byte, error) {
	defer r.Close()
	buf := new(bytes.Buffer)
	if s, ok := r.(*stream); ok {
		if f, ok := s.file.(*os.File); ok {
			if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
				buf = bytes.NewBuffer(make([]byte, 0, min(st.Size()+bytes.MinRead, 1<<40))) // Grow would touch it all
			}
		}
	}
	_, err := buf.ReadFrom(r)
	return buf.Bytes(), err
}

// baseExt returns the extension of path below that of a compression, lower-case: ".csv" of X.csv.gz.
func baseExt(path string) string {
	ext := strings.ToLower(filepath.Ext(path))
	if ext == ".gz" || ext == ".bz2" || slices.Contains(unreadable, ext) {
		ext = strings.ToLower(filepath.Ext(strings.TrimSuffix(strings.ToLower(path), ext)))
	}
	return ext
}

// head returns the first bytes of the first file of path, decompressed.
func head(path string, n int) ([]byte, error) {
	files, err := partFiles(path)
	if err != nil {
		return nil, err
	}
	r, err := openFile(files[0], nil)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	buf := make([]byte, n)
	k, err := io.ReadFull(r, buf)
	if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, osError(files[0], err)
	}
	return buf[:k], nil
}
