package tests

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"gdml/compiler"
	"gdml/compiler/explain"
	"gdml/lang/parse"
	"gdml/lang/print"
	"gdml/lang/source"
)

// TestFormattedScriptsMeanTheSame demands that a script that gdml fmt has laid out has the
// operators of the original. It takes the scripts of this repository and those below the
// directory that GDML_SYSTEMDS_SCRIPTS names.
func TestFormattedScriptsMeanTheSame(t *testing.T) {
	roots, libs := []string{"../scripts"}, []string(nil)
	if dir := os.Getenv("GDML_SYSTEMDS_SCRIPTS"); dir != "" {
		roots, libs = append(roots, dir), append(libs, dir)
	}
	compared := 0
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(path) != ".dml" {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			f, ds := parse.File(source.NewSet(), path, string(b), parse.Options{})
			if ds.Len() > 0 {
				t.Logf("%s is not formatted: %s", path, ds.All()[0].Msg)
				return nil
			}
			want := operators(t, path, string(b), libs)
			if got := operators(t, path, print.Format(f), libs); got != want {
				t.Errorf("%s: the formatted script has other operators:\n%s\ninstead of\n%s", path, got, want)
			}
			if want != "" {
				compared++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d scripts compared", compared)
	if compared < 40 {
		t.Errorf("only %d scripts have operators to compare", compared)
	}
}

// place matches where in its file an operator or a call stands.
var place = regexp.MustCompile(`:\d+:\d+|lines? \d+(-\d+)?`)

// operators returns the operators of a script with their sizes and without their places, "" when it
// cannot be compiled.
func operators(t *testing.T, path, text string, libs []string) string {
	t.Helper()
	r, _ := compiler.Check(t.Context(), compiler.Source{Name: path, Text: text},
		compiler.Options{LibDirs: libs})
	if r.HOPs == nil {
		return ""
	}
	var b bytes.Buffer
	if err := explain.HOPs(&b, r.HOPs); err != nil {
		t.Fatal(err)
	}
	return place.ReplaceAllString(b.String(), "")
}
