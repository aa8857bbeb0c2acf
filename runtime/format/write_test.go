package format

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

func parseSlow(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

func textOf(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestMetadata compares whole metadata files: users see them in version control.
func TestMetadata(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	m := matrix.FromRows([][]float64{{1, 0}, {2.5, -3}})
	f, err := frame.New(1, []frame.Column{{Strs: []string{"a"}}, {Kind: frame.FP64, Nums: []float64{1}}})
	if err != nil {
		t.Fatal(err)
	}
	end := `"created": "2023-11-14 22:13:20 UTC"` + "\n}\n"
	by := `"author": "` + author() + `",` + "\n    "
	path := filepath.Join(t.TempDir(), "deep", "er", "X")
	for _, c := range []struct {
		write func() error
		data  string
		meta  string
	}{
		{func() error { return WriteMatrix(path, m, &WriteOptions{Format: &textFormat}) }, "1 1 1.0\n2 1 2.5\n2 2 -3.0\n",
			`"data_type": "matrix",|"value_type": "double",|"rows": 2,|"cols": 2,|"nnz": 3,|"format": "text",|` + by + end},
		{func() error {
			return WriteMatrix(path, m, &WriteOptions{Format: &csvFormat, Header: true, Description: `"x" & <y>`})
		}, "C1,C2\n1.0,0\n2.5,-3.0\n",
			`"data_type": "matrix",|"value_type": "double",|"rows": 2,|"cols": 2,|"nnz": 3,|"format": "csv",|"description": "\"x\" & <y>",|` + by + `"header": true,|"sep": ",",|` + end},
		{func() error { return WriteMatrix(path, m, &WriteOptions{Format: &csvFormat, Sparse: true, Sep: ";"}) }, "1.0;\n2.5;-3.0\n",
			`"data_type": "matrix",|"value_type": "double",|"rows": 2,|"cols": 2,|"nnz": 3,|"format": "csv",|` + by + `"header": false,|"sep": ";",|` + end},
		{func() error { return WriteMatrix(path, m, &WriteOptions{Format: &libsvmFormat}) }, "0.0,1:1.0\n-3.0,1:2.5\n",
			`"data_type": "matrix",|"value_type": "double",|"rows": 2,|"cols": 1,|"nnz": 3,|"format": "libsvm",|` + by + `"sep": ",",|` + end},
		{func() error { return WriteMatrix(path, m, &WriteOptions{Format: &mmFormat}) },
			"%%MatrixMarket matrix coordinate real general\n2 2 3\n1 1 1.0\n2 1 2.5\n2 2 -3.0\n", ""},
		{func() error { return WriteFrame(path, f, &WriteOptions{Format: &csvFormat, Header: true}) }, "C1,C2\na,1.0\n",
			`"data_type": "frame",|"schema": "STRING,FP64,",|"rows": 1,|"cols": 2,|"format": "csv",|` + by + `"header": true,|"sep": ",",|` + end},
		{func() error { return WriteScalar(path, true, &WriteOptions{Format: &csvFormat}) }, "true",
			`"data_type": "scalar",|"value_type": "boolean",|"format": "text",|` + by + end},
	} {
		if err := c.write(); err != nil {
			t.Fatal(err)
		}
		if got := textOf(t, path); got != c.data {
			t.Errorf("data is %q, want %q", got, c.data)
		}
		if c.meta == "" {
			if _, err := os.Stat(path + MetaExt); err == nil {
				t.Error("metadata of an earlier write was left beside a Matrix Market file")
			}
			continue
		}
		if got, want := textOf(t, path+MetaExt), "{\n    "+strings.ReplaceAll(c.meta, "|", "\n    "); got != strings.ReplaceAll(want, "    \n}", "\n}") {
			t.Errorf("metadata is\n%swant\n%s", got, want)
		}
	}
	if err := WriteList(filepath.Join(filepath.Dir(path), "L"), nil, &WriteOptions{Format: &csvFormat}); err != nil {
		t.Fatal(err)
	}
	want := "{\n    \"data_type\": \"list\",\n    \"value_type\": \"unknown\",\n    \"rows\": 0,\n    \"cols\": 1,\n    \"format\": \"csv\",\n    " + by + end
	if got := textOf(t, filepath.Join(filepath.Dir(path), "L"+MetaExt)); got != want {
		t.Errorf("metadata of a list is\n%swant\n%s", got, want)
	}
}

// TestAtomic breaks a write in the middle: the old file must stay, and nothing else.
func TestAtomic(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "X.csv")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	for _, name := range []string{path, path + ".gz"} {
		err := replaceFile(name, func(w io.Writer) error {
			for range 100000 {
				if _, err := io.WriteString(w, "new content"); err != nil {
					return err
				}
			}
			return broken
		})
		if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("error is %v", err)
		}
	}
	if textOf(t, path) != "old" {
		t.Error("a failed write changed the old file")
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("a failed write left %v", names)
	}
	if err := replaceFile(path, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o640 || textOf(t, path) != "new" {
		t.Errorf("the file is %v, %v", st, err)
	}
}

func TestUnwritable(t *testing.T) {
	m := matrix.FromRows([][]float64{{1}})
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	var e *Error
	if err := WriteMatrix(filepath.Join(file, "X"), m, &WriteOptions{Format: &textFormat}); !errors.As(err, &e) || e.Kind != Failed {
		t.Errorf("a file as parent directory: %v", err)
	}
	if os.Getuid() != 0 {
		locked := filepath.Join(dir, "locked")
		if err := os.Mkdir(locked, 0o555); err != nil {
			t.Fatal(err)
		}
		if err := WriteMatrix(filepath.Join(locked, "X"), m, &WriteOptions{Format: &textFormat}); !errors.As(err, &e) || e.Kind != Failed {
			t.Errorf("a read-only directory: %v", err)
		}
	}
	if err := WriteMatrix(filepath.Join(dir, "X.csv.zst"), m, &WriteOptions{Format: &csvFormat}); err == nil {
		t.Error("zstd data was written")
	}
	if err := WriteFrame(filepath.Join(dir, "X"), &frame.Frame{}, &WriteOptions{Format: &mmFormat}); err == nil {
		t.Error("a frame was written as Matrix Market")
	}
}

// TestOverwriteDirectory: earlier outputs are replaced, other directories are not.
func TestOverwriteDirectory(t *testing.T) {
	m := matrix.FromRows([][]float64{{1}})
	path := filepath.Dir(put(t, "out/0-m-00000", "1,2\n", "out/_SUCCESS", ""))
	if err := WriteMatrix(path, m, &WriteOptions{Format: &csvFormat}); err != nil || textOf(t, path) != "1.0\n" {
		t.Errorf("a directory of parts was not replaced: %v", err)
	}
	path = filepath.Dir(put(t, "work/0-m-00000", "1,2\n", "work/thesis.tex", "text"))
	err := WriteMatrix(path, m, &WriteOptions{Format: &csvFormat})
	if err == nil || !strings.Contains(err.Error(), `holds "thesis.tex" and is not overwritten`) {
		t.Errorf("error is %v", err)
	}
	if err := WriteList(path, nil, &WriteOptions{Format: &csvFormat}); err == nil || textOf(t, filepath.Join(path, "thesis.tex")) != "text" {
		t.Errorf("a list replaced somebody's work: %v", err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("temporary files were left: %v, %v", entries, err)
	}
}

// TestLink: writing to a symbolic link writes the file it leads to.
func TestLink(t *testing.T) {
	path := put(t, "target.csv", "old")
	link := filepath.Join(filepath.Dir(path), "link.csv")
	if err := os.Symlink(path, link); err != nil {
		t.Skip("no symbolic links here")
	}
	if err := WriteScalar(link, int64(5), &WriteOptions{Format: &textFormat}); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Lstat(link); err != nil || st.Mode()&os.ModeSymlink == 0 || textOf(t, path) != "5" {
		t.Errorf("the link is %v, %v; its target holds %q", st, err, textOf(t, path))
	}
}

// TestDevice: a device is written, not replaced by a file.
func TestDevice(t *testing.T) {
	if st, err := os.Stat(os.DevNull); err != nil || st.Mode().IsRegular() {
		t.Skip("no null device")
	}
	if err := WriteScalar(os.DevNull, int64(5), &WriteOptions{Format: &textFormat}); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(os.DevNull); err != nil || st.Mode().IsRegular() {
		t.Fatal("the null device was replaced by a file")
	}
}

func TestStandardOutput(t *testing.T) {
	var b strings.Builder
	if err := WriteMatrix(Stdin, matrix.FromRows([][]float64{{1, 2}}), &WriteOptions{Format: &csvFormat, Stdout: &b}); err != nil || b.String() != "1.0,2.0\n" {
		t.Errorf("standard output: %q, %v", b.String(), err)
	}
}
