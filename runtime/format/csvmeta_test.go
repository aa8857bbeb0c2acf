package format

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gdml/runtime/frame"
)

// TestColumnMeta: what encoders note about columns survives a csv file. The lines are those
// of Apache SystemDS 3.3 for a recoded and an imputed column.
func TestColumnMeta(t *testing.T) {
	cols := []frame.Column{
		{Name: "city", Strs: []string{"Rome·1", "Oslo·2"}, Meta: frame.Meta{Distinct: 2, Impute: "Ro,me"}},
		{Name: "age", Strs: []string{"", ""}, Missing: []bool{true, true}, Meta: frame.Meta{Impute: "5.4375"}},
		{Name: "id", Strs: []string{"a", "b"}, Meta: frame.Meta{Impute: "null"}},
	}
	f, err := frame.New(2, cols)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []WriteOptions{{Format: &csvFormat, Header: true}, {Format: &csvFormat}, {Format: &textFormat}, {Format: &binaryFormat}} {
		path := filepath.Join(t.TempDir(), "m")
		if err := WriteFrame(path, f, &o); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if want := "#Meta·MV,\"Ro,me\",5.4375,\"null\"\n#Meta·ND,2,-1,-1\n"; o.Format == &csvFormat && !strings.Contains(string(text), want) {
			t.Fatalf("the file is\n%s", text)
		}
		r := &Request{Path: path, Args: args{"data_type": "frame"}}
		ro, err := r.Resolve()
		if err != nil {
			t.Fatal(err)
		}
		g, err := ReadFrame(r, ro)
		if err != nil {
			t.Fatal(err)
		}
		for j := range cols {
			if got := g.Column(j).Meta; got != cols[j].Meta {
				t.Errorf("%s, header %v, column %d: %+v, want %+v", o.Format.Name, o.Header, j+1, got, cols[j].Meta)
			}
		}
	}
}

// TestNarrowKinds: columns of every type survive every format.
func TestNarrowKinds(t *testing.T) {
	cells := map[frame.Kind]string{frame.UInt4: "15", frame.UInt8: "255", frame.Character: "ä", frame.Hash32: "deadbeef", frame.Hash64: "0123456789abcdef",
		frame.String: "x y", frame.Bool: "TRUE", frame.Int32: "-7", frame.Int64: "9007199254740993", frame.FP32: "0.1", frame.FP64: "1e-300"}
	var cols []frame.Column
	for _, k := range frameKinds() {
		c := frame.NewColumn(k.String(), k, 2)
		if err := c.Parse(0, cells[k], parseNumber); err != nil {
			t.Fatal(err)
		}
		c.SetMissing(1)
		cols = append(cols, c)
	}
	f, err := frame.New(2, cols)
	if err != nil {
		t.Fatal(err)
	}
	if len(cols) != len(frame.KindNames()) {
		t.Errorf("the binary format has %d column types, there are %d", len(cols), len(frame.KindNames()))
	}
	for _, o := range []WriteOptions{{Format: &csvFormat, Header: true}, {Format: &textFormat}, {Format: &binaryFormat}} {
		path := filepath.Join(t.TempDir(), "F")
		if err := WriteFrame(path, f, &o); err != nil {
			t.Fatal(err)
		}
		r := &Request{Path: path}
		ro, err := r.Resolve()
		if err != nil {
			t.Fatal(err)
		}
		g, err := ReadFrame(r, ro)
		if err != nil {
			t.Fatalf("%s: %v", o.Format.Name, err)
		}
		sameFrame(t, o.Format.Name, g, f, o.Header)
	}
}
