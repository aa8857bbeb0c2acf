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
	for _, header := range []bool{true, false} {
		path := filepath.Join(t.TempDir(), "m.csv")
		if err := WriteFrame(path, f, &WriteOptions{Format: &csvFormat, Header: header}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want := "#Meta·MV,\"Ro,me\",5.4375,\"null\"\n#Meta·ND,2,-1,-1\n"
		if !strings.Contains(string(text), want) {
			t.Fatalf("the file is\n%s", text)
		}
		r := &Request{Path: path, Args: args{"data_type": "frame"}}
		o, err := r.Resolve()
		if err != nil {
			t.Fatal(err)
		}
		g, err := ReadFrame(r, o)
		if err != nil {
			t.Fatal(err)
		}
		for j := range cols {
			if got := g.Column(j).Meta; got != cols[j].Meta {
				t.Errorf("header %v, column %d: %+v, want %+v", header, j+1, got, cols[j].Meta)
			}
		}
	}
}
