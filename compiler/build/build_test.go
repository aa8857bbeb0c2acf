package build_test

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"testing"

	"gdml/builtins"
	"gdml/compiler/build"
	"gdml/compiler/hop"
	"gdml/lang/check"
	"gdml/lang/diag"
	"gdml/lang/parse"
	"gdml/lang/source"
)

var update = flag.Bool("update", false, "rewrite the expected dumps")

// noFiles is a loader for scripts that stand alone.
type noFiles struct{}

func (noFiles) Source(path, _, _ string) (key, name, text string, err error) {
	return "", "", "", fmt.Errorf("no file %s", path)
}
func (noFiles) Library(string) (key, file, text string, ok bool) { return "", "", "", false }
func (noFiles) LibraryNames() []string                           { return nil }

// compile builds a script that must be right.
func compile(t *testing.T, text string, o build.Options) *hop.Program {
	t.Helper()
	set := source.NewSet()
	table := builtins.New()
	f, l := parse.File(set, "test.dml", text, parse.Options{REPL: o.REPL})
	must(t, set, l)
	info, l := check.Program(set, f, check.Config{Universe: table, Loader: noFiles{}, REPL: o.REPL,
		Args: map[string]check.Value{"n": int64(7)}})
	must(t, set, l)
	p, l := build.Program(set, info, table, o)
	must(t, set, l)
	if err := hop.Verify(p); err != nil {
		t.Fatal(err)
	}
	return p
}

func must(t *testing.T, set *source.Set, l diag.List) {
	t.Helper()
	for _, d := range l.All() {
		if d.Severity == diag.Error {
			t.Fatalf("%s: %s", set.Position(d.Span.Start), d.Msg)
		}
	}
}

func dump(t *testing.T, p *hop.Program) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := hop.Dump(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestDumps builds the script of each archive and compares the HOPs, and those of a
// naive build or of a session where the archive has them.
func TestDumps(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			a := readArchive(t, name)
			for i := 1; i < len(a.sections); i++ {
				s := &a.sections[i]
				o := build.Options{Naive: s.name == "naive", REPL: s.name == "repl"}
				got := dump(t, compile(t, string(a.sections[0].data), o))
				if *update {
					s.data = got
				} else if !bytes.Equal(got, s.data) {
					t.Errorf("%s is\n%s", s.name, got)
				}
			}
			if *update {
				a.write(t, name)
			}
		})
	}
}
