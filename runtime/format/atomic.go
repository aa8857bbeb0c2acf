package format

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// replaceFile writes a file so that its name always stands for either the old content or
// the complete new one: a temporary file in the same directory is written, synced and
// renamed. Parent directories are made. A name that ends in .gz gets gzip data. A
// device or pipe is written directly.
func replaceFile(path string, write func(w io.Writer) error) error {
	path, err := prepare(path)
	if err != nil {
		return err
	}
	if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() && !st.IsDir() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return osError(path, err)
		}
		return finish(path, f, fill(path, f, write))
	}
	f, err := tempFile(path)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails after the rename
	err = fill(path, f, write)
	if err == nil {
		err = f.Sync()
	}
	if err := finish(path, f, err); err != nil {
		return err
	}
	if err := makeRoom(path); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return osError(path, err)
	}
	return nil
}

// prepare resolves links, so that a link is not replaced by a file, and makes the parent directories.
func prepare(path string) (string, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return "", osError(filepath.Dir(path), err)
	}
	return path, nil
}

func finish(path string, f *os.File, err error) error {
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok {
		return inFile(path, e)
	}
	return osError(path, err)
}

// tempName is the name of a temporary file or directory beside path.
func tempName(path string) string {
	dir, name := filepath.Split(path)
	return filepath.Join(dir, fmt.Sprintf(".%s.tmp-%d-%x", name, os.Getpid(), rand.Uint64()))
}

func tempFile(path string) (*os.File, error) {
	mode := os.FileMode(0o666)
	if st, err := os.Stat(path); err == nil && st.Mode().IsRegular() {
		mode = st.Mode().Perm()
	}
	f, err := os.OpenFile(tempName(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, osError(path, err)
	}
	return f, nil
}

// fill writes the content through a buffer and, for a .gz name, a compressor.
func fill(path string, f *os.File, write func(w io.Writer) error) error {
	b := bufio.NewWriterSize(f, 1<<16)
	if !strings.HasSuffix(strings.ToLower(path), ".gz") {
		if err := write(b); err != nil {
			return err
		}
		return b.Flush()
	}
	z := gzip.NewWriter(b)
	if err := write(z); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return b.Flush()
}

// ours matches the entries of directories that SystemDS and gdml write: parts of a
// matrix, elements of a list with their metadata, and the marks Hadoop leaves.
var ours = regexp.MustCompile(`^([0-9]+-m-[0-9]+|[0-9]+_.*|_SUCCESS|\..*\.crc)$`)

// makeRoom removes a directory that stands where a file or list is to be put, if it is an
// earlier output. Anything else in it is somebody's work.
func makeRoom(path string) error {
	st, err := os.Lstat(path)
	if err != nil || !st.IsDir() {
		return nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return osError(path, err)
	}
	for _, e := range entries {
		if !ours.MatchString(e.Name()) {
			return &Error{File: path, Msg: sprintf("is a directory that holds %s and is not overwritten", quote(e.Name())),
				Hint: "remove it first, or write to another name"}
		}
	}
	if err := os.RemoveAll(path); err != nil {
		return osError(path, err)
	}
	return nil
}
