package format

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// TestReadings checks what the readers accept.
func TestReadings(t *testing.T) {
	nan := math.NaN()
	mm := "%%MatrixMarket matrix "
	for _, c := range []struct {
		name, text string
		args       args
		want       [][]float64
	}{
		{"X.csv", "\ufeff1,2\r\n 3 , 4 \r\n", nil, [][]float64{{1, 2}, {3, 4}}},
		{"X.csv", "1,2\r3,4", nil, [][]float64{{1, 2}, {3, 4}}},
		{"X.csv", "1,2\n3,4\n\n  \n", nil, [][]float64{{1, 2}, {3, 4}}},
		{"X.csv", "a,b\n1,\n,4\n", args{"header": true}, [][]float64{{1, 0}, {0, 4}}},
		{"X.csv", "1,\n,4\n", args{"default": -1.0}, [][]float64{{1, -1}, {-1, 4}}},
		{"X.csv", "1,NA\n?, 4\n", args{"naStrings": []string{"NA", "?"}}, [][]float64{{1, nan}, {nan, 4}}},
		{"X.csv", "1,-999\n-999.0,4\n", args{"naStrings": "-999"}, [][]float64{{1, nan}, {-999, 4}}},
		{"X.csv", "1,NA,,?\n", args{"naStrings": "NA\u00b7?"}, [][]float64{{1, nan, 0, nan}}},
		{"X.csv", "1,,3\n", args{"naStrings": "", "default": 7.0}, [][]float64{{1, 7, 3}}},
		{"X.csv", "1||2\n3||\n", args{"sep": "||"}, [][]float64{{1, 2}, {3, 0}}},
		{"X.csv", "1\t\t\n\t2\t3\n", args{"sep": "\t"}, [][]float64{{1, 0, 0}, {0, 2, 3}}},
		{"X.csv", "1\n\n3\n", nil, [][]float64{{1}, {0}, {3}}},
		{"X.csv", "1,2,3\n4\n5,6\n", args{"fill": "ragged", "default": 9.0}, [][]float64{{1, 2, 3}, {4, 9, 9}, {5, 6, 9}}},
		{"X.csv", "1,2\n", args{"fill": "ragged", "cols": int64(3)}, [][]float64{{1, 2, 0}}},
		{"X.csv", "\"1.5\",nan,-inf\nInfinity,+7,.5e-3\n", nil, [][]float64{{1.5, nan, math.Inf(-1)}, {math.Inf(1), 7, 0.0005}}},
		{"X.csv", "1,2\n", args{"rows": int64(2)}, [][]float64{{1, 2}, {0, 0}}},
		{"X.tsv", "1\t2\n", nil, [][]float64{{1, 2}}},
		{"X.txt", "1,2\n", nil, [][]float64{{1, 2}}},
		{"X.txt", "2 1 5\n", nil, [][]float64{{0}, {5}}},
		{"X.ijv", "2\t1   5\n1 1 1\n0 0 0\n1 1 2\n", args{"rows": int64(2), "cols": int64(2)}, [][]float64{{2, 0}, {5, 0}}},
		{"X.dat", mm + "coordinate real general\n% c\n\n2 2 1\n2 1 3.5\n", nil, [][]float64{{0, 0}, {3.5, 0}}},
		{"X.mtx", strings.ToUpper(mm+"coordinate pattern symmetric") + "\n2 2 2\n1 1\n2 1\n", nil, nil},
		{"X.mtx", mm + "Coordinate Pattern Symmetric\n2 2 2\n1 1\n2 1\n", nil, [][]float64{{1, 1}, {1, 0}}},
		{"X.mtx", mm + "coordinate integer skew-symmetric\n2 2 1\n2 1 -4\n", nil, [][]float64{{0, 4}, {-4, 0}}},
		{"X.mtx", mm + "array real general\n2 2\n1\n2\n3\n4\n", nil, [][]float64{{1, 3}, {2, 4}}},
		{"X.mtx", mm + "array real symmetric\n2 2\n1\n2\n3\n", nil, [][]float64{{1, 2}, {2, 3}}},
		{"X.mtx", mm + "array integer skew-symmetric\n3 3\n1\n2\n3\n", nil, [][]float64{{0, -1, -2}, {1, 0, -3}, {2, 3, 0}}},
		{"X.mtx", mm + "coordinate real general\n2 2 0\n0 0 0\n", nil, [][]float64{{0, 0}, {0, 0}}},
		{"X.svm", "1 1:2 3:4 # note\n\n-1 2:0.5\n", nil, [][]float64{{2, 0, 4, 1}, {0, 0.5, 0, -1}}},
		{"X.svm", "1,1:2,3:4\n", args{"label": "first", "cols": int64(3)}, [][]float64{{1, 2, 0, 4}}},
		{"X.svm", "1;2=5\n", args{"sep": ";", "indSep": "="}, [][]float64{{0, 5, 1}}},
	} {
		if c.want == nil { // an upper-case banner is one word of mixed case, which is fine too
			c.want = [][]float64{{1, 1}, {1, 0}}
		}
		path := put(t, c.name, c.text)
		got, err := readPath(path, c.args)
		if err != nil {
			t.Errorf("%s %q: %v", c.name, c.text, err)
			continue
		}
		if want := matrix.FromRows(c.want); !matrix.Equal(got, want) {
			t.Errorf("%s %q: got %v, want %v", c.name, c.text, got.Vector(), want.Vector())
		}
	}
}

func TestDirectories(t *testing.T) {
	path := put(t, "d/0-m-00001", "3,4\n", "d/0-m-00000", "a,b\n1,2\n", "d/_SUCCESS", "", "d/.x.crc", "junk",
		"d.mtd", `{"data_type": "matrix", "rows": 2, "cols": 2, "format": "csv", "header": true, "author": "a"}`)
	got, err := readPath(filepath.Dir(path), nil)
	if err != nil || !matrix.Equal(got, matrix.FromRows([][]float64{{1, 2}, {3, 4}})) {
		t.Errorf("directory of parts: %v, %v", got, err)
	}
}

func TestStandardInput(t *testing.T) {
	r := &Request{Path: Stdin, Args: args{"format": "csv"}, Stdin: strings.NewReader("1,2\n")}
	o, err := r.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	if m, err := ReadMatrix(r, o); err != nil || m.At(0, 1) != 2 {
		t.Errorf("standard input: %v, %v", m, err)
	}
	if _, err := (&Request{Path: Stdin}).Resolve(); err == nil {
		t.Error("the standard input was read without a format")
	}
}

func TestFrameReadings(t *testing.T) {
	text := "id,name,score,ok\n1,\"a, \"\"b\"\"\",1.5,TRUE\n#Meta is no metadata here,x,,f\n"
	for _, c := range []struct {
		text  string
		args  args
		kinds []frame.Kind
		want  string
	}{
		{text, args{"header": true}, []frame.Kind{0, 0, 0, 0}, `1|a, "b"|1.5|TRUE|#Meta is no metadata here|x|<nil>|f`},
		{text, args{"header": true, "quotes": "keep"}, []frame.Kind{0, 0, 0, 0}, `1|"a, ""b"""|1.5|TRUE|#Meta is no metadata here|x|<nil>|f`},
		{text, args{"header": true, "schema": "string,STRING,fp64,boolean,"}, []frame.Kind{frame.String, frame.String, frame.FP64, frame.Bool}, `1|a, "b"|1.5|true|#Meta is no metadata here|x|<nil>|false`},
		{"a,b,c\n1,x,1.5\nNA,y,2\n", args{"header": true, "schema": "auto", "naStrings": "NA"}, []frame.Kind{frame.Int64, frame.String, frame.FP64}, `1|x|1.5|<nil>|y|2`},
		{"#Meta\tmv\n1,2\n", args{"sep": ","}, []frame.Kind{0, 0}, `1|2`},
		{"1,2\n3\n", args{"fill": "ragged", "default": 7.0}, []frame.Kind{0, 0}, `1|2|3|7.0`},
	} {
		a := args{"data_type": "frame"}
		for k, v := range c.args {
			a[k] = v
		}
		r := &Request{Path: put(t, "F.csv", c.text), Args: a}
		o, err := r.Resolve()
		if err != nil {
			t.Fatal(err)
		}
		f, err := ReadFrame(r, o)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		var cells []string
		for i := range f.Rows() {
			for j := range f.Cols() {
				cells = append(cells, sprintf("%v", f.Column(j).Value(i)))
			}
		}
		if got := strings.Join(cells, "|"); got != c.want || !slices.Equal(f.Kinds(), c.kinds) {
			t.Errorf("%q:\n got %s %v\nwant %s %v", c.text, got, f.Kinds(), c.want, c.kinds)
		}
	}
}

// TestChunks reads a file of several chunks, in which every place depends on the cutting.
func TestChunks(t *testing.T) {
	var b bytes.Buffer
	const rows = 60000
	for i := range rows {
		b.WriteString(sprintf("%d,%d.25,-%de-3,0.1\n", i, i, i))
	}
	path := put(t, "X.csv", b.String())
	m, err := readPath(path, nil)
	if err != nil || m.Rows() != rows {
		t.Fatalf("%v, %v", m, err)
	}
	for i := range rows {
		x := float64(i)
		if m.At(i, 0) != x || m.At(i, 1) != x+0.25 || m.At(i, 2) != -x/1000 || m.At(i, 3) != 0.1 {
			t.Fatalf("row %d is %v", i+1, m.Row(i, nil))
		}
	}
	bad := bytes.Replace(b.Bytes(), []byte("\n59000,"), []byte("\n59000x,"), 1)
	_, err = readPath(put(t, "X.csv", string(bad)), nil)
	if err == nil || !strings.Contains(err.Error(), ":59001:1: \"59000x\" is not a number (row 59001, column 1)") {
		t.Errorf("error in a later chunk: %v", err)
	}
}

// data is a folder with real data sets beside the repository. It need not exist.
const data = "../../../shared/data"

func TestRealData(t *testing.T) {
	if _, err := os.Stat(data); err != nil {
		t.Skip("no folder of real data sets")
	}
	m, err := readPath(filepath.Join(data, "digits64.csv.gz"), nil)
	if err != nil || m.Rows() != 10000 || m.Cols() != 65 {
		t.Errorf("digits: %v, %v", m, err)
	}
	m, err = readPath(filepath.Join(data, "rcv1_train1000.libsvm.gz"), nil)
	if err != nil || m.Rows() != 1000 || m.Cols() > 47237 || !m.IsSparse() {
		t.Errorf("rcv1: %v, %v", m, err)
	}
	r := &Request{Path: filepath.Join(data, "iris.csv.gz"), Args: args{"data_type": "frame", "header": true, "schema": "auto"}}
	o, err := r.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	f, err := ReadFrame(r, o)
	if err != nil || f.Rows() != 150 || f.Kinds()[0] != frame.FP64 || f.Kinds()[4] != frame.String || f.Names()[4] != "Species" {
		t.Errorf("iris: %v, %v", f, err)
	}
	if _, err := readPath(filepath.Join(data, "BreastCancer.csv.gz"), args{"header": true}); err == nil || !strings.Contains(err.Error(), "is not a number") {
		t.Errorf("a file with NA and words was read as numbers: %v", err)
	}
}

func TestNumbers(t *testing.T) {
	for _, s := range []string{"1", "-0", "123456789012345678", "9007199254740993", "1e22", "1e23", "1.7976931348623157e308", "5e-324", "0.1",
		"00000000000000000000001.5", "1E5", "+3.", ".5", "1e+05", "4.35", "2.2250738585072011e-308", "123.456e-7"} {
		got, ok := parseNumber(s)
		want, err := parseSlow(s)
		if !ok || err != nil || math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%s is read as %v (%v), want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", ".", "-", "e5", "1e", "1e+", "0x10", "1_000", "1d", "1f", "--1", "1 2", "in", "infin"} {
		if v, ok := parseNumber(s); ok {
			t.Errorf("%q is read as %v", s, v)
		}
	}
}

func TestGzip(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte("1,2\n"))
	z.Close()
	path := put(t, "X.csv", b.String()) // the magic bytes count, not the name
	if m, err := readPath(path, nil); err != nil || m.Cols() != 2 {
		t.Errorf("gzip without .gz: %v, %v", m, err)
	}
	if _, err := readPath(put(t, "X.csv", b.String()[:b.Len()-6]), nil); err == nil {
		t.Error("truncated gzip data was read")
	}
}

// TestUnknownKeys: keys without a meaning are worth a warning, not an error.
func TestUnknownKeys(t *testing.T) {
	path := put(t, "X", "1,NA\n", "X.mtd", "{\"format\": \"csv\",\n \"sparse\": true, \"na.strings\": \"NA\"}")
	var warned []string
	r := &Request{Path: path, Warn: func(s string) { warned = append(warned, strings.ReplaceAll(s, path, "@")) }}
	o, err := r.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	m, err := ReadMatrix(r, o)
	if err != nil || !math.IsNaN(m.At(0, 1)) {
		t.Errorf("%v, %v", m, err)
	}
	if want := []string{`@.mtd:2:3: unknown key "sparse" is ignored`}; !slices.Equal(warned, want) {
		t.Errorf("warnings %q, want %q", warned, want)
	}
}

// TestDamage flips and cuts a binary file: nothing damaged is taken for data.
func TestDamage(t *testing.T) {
	var b bytes.Buffer
	if err := writeBinary(&b, matrix.FromRows([][]float64{{1, 2}, {3, 4}}), nil); err != nil {
		t.Fatal(err)
	}
	for i := range b.Len() {
		flipped := bytes.Clone(b.Bytes())
		flipped[i] ^= 0x20
		for _, data := range [][]byte{flipped, b.Bytes()[:i]} {
			if m, err := readPath(put(t, "X.gdmb", string(data)), args{"format": "binary"}); err == nil {
				t.Errorf("damage at byte %d was read as %v", i, m)
			}
		}
	}
}
