package format

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// put writes files into a directory and returns the path of the first. Names and texts alternate.
func put(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, files[0])
}

type args = map[string]any

// TestErrors is the catalogue of what users see; @ stands for the path of the first file.
func TestErrors(t *testing.T) {
	dims := args{"rows": int64(2), "cols": int64(2)}
	for _, c := range []struct {
		name, text string
		args       args
		mtd        string
		want       string
	}{
		// csv
		{"X.csv", "", nil, "", `@: file is empty`},
		{"X.csv", "a,b\n", args{"header": true}, "", `@: no data rows`},
		{"X.csv", "1,2\n3,abc\n", nil, "", `@:2:3: "abc" is not a number (row 2, column 2); to treat it as missing use naStrings=["abc"]`},
		{"X.csv", "a,b\n1,2\n3,\u00e9, \n", args{"header": true}, "", `@:3:3: "é" is not a number (row 2, column 2); to treat it as missing use naStrings=["é"]` + "\n  " + `@:3:5: row 2 has 3 fields, the first line has 2`},
		{"X.csv", "1,2\n3\n", nil, "", `@:2:2: row 2 has 1 fields, the first line has 2; to pad short lines use fill="ragged"`},
		{"X.csv", "1,2\n3,4,5,6\n", nil, "", `@:2:5: row 2 has 4 fields, the first line has 2`},
		{"X.csv", "1,2\n\n3,4\n", nil, "", `@:2:1: blank line between data rows (row 2)`},
		{"X.csv", "1,,3\n", args{"fill": false}, "", `@:1:3: empty field (row 1, column 2); use fill=TRUE to read empty fields as default`},
		{"X.csv", "x,y\n1,2\n", nil, "", `@:1:1: "x" is not a number (row 1, column 1); if the first line holds column names use header=TRUE` + "\n  " + `@:1:3: "y" is not a number (row 1, column 2)`},
		{"X.csv", "1\na\nb\nc\nd\ne\nf\ng\n", nil, "", "@:2:1: \"a\" is not a number (row 2, column 1); to treat it as missing use naStrings=[\"a\"]\n  @:3:1: \"b\" is not a number (row 3, column 1)\n  @:4:1: \"c\" is not a number (row 4, column 1)\n  @:5:1: \"d\" is not a number (row 5, column 1)\n  @:6:1: \"e\" is not a number (row 6, column 1)\n  ... and 2 more"},
		{"X.csv", "1,2\n3,4\n", args{"rows": int64(1)}, "", `@: 1 rows were declared, but there are 2`},
		{"X.csv", "1,2\n3,4\n", args{"cols": int64(3)}, "", `@: 3 columns were declared, but the first line has 2`},
		{"X.csv", "1,2\n3,4\n", args{"sep": ""}, "", `sep must not be empty`},
		{"X.csv", "1,2\n", args{"fill": "maybe"}, "", `fill must be TRUE, FALSE or "ragged", not "maybe"`},
		// text
		{"X.ijv", "", dims, "", `@: file is empty`},
		{"X.ijv", "1 1 1\n3 1 2\n", dims, "", `@:2:1: cell (3,1) is outside the range (1:2,1:2)`},
		{"X.ijv", "1 1\n", dims, "", `@:1:4: the value is missing`},
		{"X.ijv", "1 1 x\n", dims, "", `@:1:5: "x" is not a number`},
		{"X.ijv", "1 1 1 1\n", dims, "", `@:1:7: unexpected "1" after the value`},
		{"X.ijv", "one 1 1\n", dims, "", `@:1:1: "one" is not a row index`},
		{"X.ijv", "1 -1 1\n", dims, "", `@:1:3: "-1" is not a column index`},
		{"X.ijv", "0 0 0\n", nil, "", `@: the dimensions are not known; add rows=..., cols=... to the read`},
		{"X.ijv", "1 999999999999 1\n", nil, "", `@: the largest indexes are row 1 and column 999999999999, far beyond the number of entries; if they are right, add rows=..., cols=... to the read`},
		{"X.ijv", "1 1 1\n", args{"rows": int64(2)}, "", `rows and cols must be given together`},
		{"X.ijv", "1 1 1\n", args{"rows": int64(1 << 40), "cols": int64(1 << 40)}, "", `@: a 1099511627776x1099511627776 matrix would take 8.8e+12 bytes, more than can be held`},
		// mm
		{"X.mtx", "%%MatrixMarket matrix coordinate complex general\n1 1 0\n", nil, "", `@:1:1: "complex" values are not supported; the fields are real, integer and pattern`},
		{"X.mtx", "%%MatrixMarket matrix coordinate real\n", nil, "", `@:1:1: the first line must be %%MatrixMarket matrix coordinate|array real|integer|pattern general|symmetric|skew-symmetric`},
		{"X.mtx", "%%MatrixMarket matrix coordinate real general\n% c\n\n2 2\n", nil, "", `@:4:1: the size line must be: rows cols entries`},
		{"X.mtx", "%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 1 1\n", nil, "", `@:2:1: a 2x3 matrix cannot be symmetric`},
		{"X.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1\n", nil, "", `@: the header promises 2 entries, but there are 1`},
		{"X.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 999999999\n1 1 1\n", nil, "", `@: the header promises 999999999 entries, but the file is too short for them`},
		{"X.mtx", "%%MatrixMarket matrix coordinate integer general\n2 2 1\n% x\n1 1 1.5\n", nil, "", `@:4:5: "1.5" is not an integer`},
		{"X.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 1\n3 1 1\n", nil, "", `@:3:1: cell (3,1) is outside the range (1:2,1:2)`},
		{"X.mtx", "%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n", nil, "", `@: the header promises 2x2 cells, but the file is too short for them`},
		{"X.mtx", "%%MatrixMarket matrix array real general\n2 2\n1.5\n2.5\n3.5\n", nil, "", `@: the file ends at row 2 of column 2; the header promises 2x2 cells`},
		{"X.mtx", "%%MatrixMarket matrix array real general\n1 1\n1\n2\n", nil, "", `@:4:1: more values than the 1x1 cells of the header`},
		{"X.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1\n", args{"rows": int64(3), "cols": int64(2)}, "", `@: 3x2 was declared, but the file holds a 2x2 matrix`},
		// binary
		{"X.gdmb", "", nil, "", `@: file is empty`},
		{"X.gdmb", "1,2,3", nil, "", `@: not a gdml binary file`},
		{"X.gdmb", binMagic, nil, "", `@: the file ends within its header`},
		{"X.bin", "SEQ\x06 and more", nil, "", `@: this is a SystemDS block file (Hadoop SequenceFile), which is not supported; write it as csv, text or mm there`},
		// libsvm
		{"X.svm", "1 1:2 x\n", nil, "", `@:1:7: "x" is not index:value`},
		{"X.svm", "1 0:2\n", nil, "", `@:1:3: indexes start at 1`},
		{"X.svm", "1 3:2\n", args{"cols": int64(2)}, "", `@:1:3: index 3 is outside the 2 declared columns`},
		{"X.svm", "a 3:2\n", nil, "", `@:1:1: "a" is not a label`},
		// formats
		{"X.npy", "\x93NUMPY", nil, "", `@: NumPy files are not supported; the formats are text, csv, mm, binary, libsvm, idx`},
		{"X.dat", "\x89HDF", nil, "", `@: HDF5 files are not supported; the formats are text, csv, mm, binary, libsvm, idx`},
		{"X.csv.zst", "x", args{"format": "csv"}, "", `@: .zst compression is not supported; gzip and bzip2 are`},
		{"X.csv.gz", "\x1f\x8bxxxxxxxxxxxx", args{"format": "csv"}, "", `@: broken gzip data: gzip: invalid header`},
		{"X.csv", "1\n", args{"format": "cvs"}, "", `format "cvs" is not supported; the formats are text, csv, mm, binary, libsvm, idx`},
		{"X.csv", "1\n", args{"data_type": "tensor"}, "", `data_type "tensor" is not supported; the types are matrix, frame, scalar, list`},
		{"X.csv", "1\n", args{"data_type": "frame"}, "", `@: the file holds a frame, not a matrix`},
		{"X.mtx", "%%MatrixMarket", args{"data_type": "frame"}, "", `format mm cannot hold a frame`},
		// metadata
		{"X", "1,2\n", args{"rows": int64(3)}, `{"data_type": "matrix", "rows": 1, "cols": 2, "format": "csv"}`, `@.mtd:1: rows is 1 here, but the call says 3`},
		{"X", "1,2\n", nil, "{\n  \"rows\": \"many\"\n}", `@.mtd:2:11: "rows" must be a whole number`},
		{"X", "1,2\n", nil, "{\n  \"rows\": 3,\n  cols: 4\n}", `@.mtd:3:3: malformed metadata: invalid character 'c'`},
		{"X", "1,2\n", nil, "{\"rows\": 3", `@.mtd:1:11: malformed metadata: the file ends too early`},
		{"X", "1,2\n", nil, "[1]", `@.mtd:1:2: metadata must be one JSON object`},
		{"X", "1,2\n", nil, "{} {}", `@.mtd:1:4: unexpected text after the JSON object`},
		{"X", "1,2\n", nil, `{"format": "federated"}`, `format "federated" is not supported; the formats are text, csv, mm, binary, libsvm, idx`},
		{"X", "1,2\n", nil, `{"data_type": "scalar"}`, `@: the file holds a scalar, not a matrix`},
	} {
		files := []string{c.name, c.text}
		if c.mtd != "" {
			files = append(files, c.name+MetaExt, c.mtd)
		}
		path := put(t, files...)
		_, err := readPath(path, c.args)
		if err == nil {
			t.Errorf("%s %q: no error", c.name, c.text)
			continue
		}
		if got := strings.ReplaceAll(err.Error(), path, "@"); got != c.want && !strings.HasPrefix(got, c.want+" looking for") {
			t.Errorf("%s %q:\n got %s\nwant %s", c.name, c.text, got, c.want)
		}
	}
}

func TestErrorText(t *testing.T) {
	path := put(t, "X.csv", "1,2\n\u00e93,x y\n")
	_, err := readPath(path, nil)
	var e *Error
	if !errors.As(err, &e) || e.Line != 2 || e.Col != 1 || e.Text != "\u00e93,x y" || e.File != path || e.Kind != BadData {
		t.Errorf("error is %+v", e)
	}
}

func TestMissingFile(t *testing.T) {
	path := put(t, "train.csv", "1\n")
	_, err := readPath(strings.Replace(path, "train", "trian", 1), nil)
	var e *Error
	if !errors.As(err, &e) || e.Kind != Missing || e.Hint != "did you mean "+path+"?" || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %+v", e)
	}
	_, err = readPath(filepath.Join(filepath.Dir(path), "nowhere", "x.csv"), nil)
	if !errors.As(err, &e) || !strings.Contains(e.Hint, "nowhere does not exist either") {
		t.Errorf("missing directory: %+v", e)
	}
}

func TestFrameErrors(t *testing.T) {
	for _, c := range []struct {
		text string
		args args
		want string
	}{
		{"a,\"b\n1,2\n", nil, `@:1:3: the quote is not closed`},
		{"a,\"b\"c\n", nil, `@:1:6: unexpected text after a closing quote`},
		{"a,b\n1\n", nil, `@:2:1: row 2 has 1 fields, the first line has 2; to pad short lines use fill="ragged"`},
		{"a,b\n1,2,3\n", nil, `@:2:5: row 2 has 3 fields, the first line has 2`},
		{"n,s\n\"1\n\",b\n2x,c\n", args{"schema": "int64,string", "header": true}, `@:4:1: "2x" is not an INT64 number (row 2, column 1)`},
		{"1,2\n", args{"schema": "int64,wrong"}, `@: "wrong" in the schema is no value type; the types are string, double, int64, int32, fp32 and boolean`},
		{"1,2\n", args{"schema": "int64,int64,int64"}, `@: the schema names 3 columns, but there are 2`},
		{"", nil, `@: file is empty`},
		{"a,b\n", args{"header": true}, `@: no data rows`},
	} {
		path := put(t, "F.csv", c.text)
		a := args{"data_type": "frame"}
		for k, v := range c.args {
			a[k] = v
		}
		r := &Request{Path: path, Args: a}
		o, err := r.Resolve()
		if err == nil {
			_, err = ReadFrame(r, o)
		}
		if err == nil {
			t.Errorf("%q: no error", c.text)
		} else if got := strings.ReplaceAll(err.Error(), path, "@"); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}
