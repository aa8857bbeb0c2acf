package print

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gdml/lang/ast"
	"gdml/lang/parse"
	"gdml/lang/source"
)

// mustParse parses a text without faults.
func mustParse(t *testing.T, name, text string) *ast.File {
	t.Helper()
	f, ds := parse.File(source.NewSet(), name, text, parse.Options{})
	if ds.Len() > 0 {
		d := ds.All()[0]
		t.Fatalf("%s:%d: %s\n%s", name, f.Source.Position(d.Span.Start).Line, d.Msg, text)
	}
	return f
}

// bare dumps a tree without its places, and without the documentation of functions if
// docs is false: that depends on where comments stand.
func bare(f *ast.File, docs bool) string {
	g := *f
	g.Source = nil
	var kept []string
	for l := range strings.Lines(ast.Dump(&g)) {
		if docs || !strings.HasPrefix(strings.TrimSpace(l), "doc ") {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "")
}

// check formats a text and demands the same tree and comments, and that formatting
// again changes nothing.
func check(t *testing.T, name, text string) string {
	t.Helper()
	f := mustParse(t, name, text)
	out := Format(f)
	g := mustParse(t, name, out)
	if bare(f, false) != bare(g, false) {
		t.Fatalf("%s: the tree has changed:\n%s\nfrom\n%s", name, out, text)
	}
	if a, b := comments(f), comments(g); a != b {
		t.Fatalf("%s: comments have changed from\n%s\nto\n%s", name, a, b)
	}
	if again := Format(g); again != out {
		t.Fatalf("%s: formatting again gives\n%s\ninstead of\n%s", name, again, out)
	}
	return out
}

func comments(f *ast.File) string {
	var b strings.Builder
	for _, c := range f.Comments {
		for l := range strings.Lines(c.Text) {
			b.WriteString(strings.TrimRight(l, " \t\r\n") + "\n")
		}
	}
	return b.String()
}

// scriptFiles lists the scripts of this repository and those below the directory that
// GDML_SYSTEMDS_SCRIPTS names.
func scriptFiles(t *testing.T) []string {
	t.Helper()
	roots := []string{"../../scripts"}
	if dir := os.Getenv("GDML_SYSTEMDS_SCRIPTS"); dir != "" {
		roots = append(roots, dir)
	} else {
		t.Log("GDML_SYSTEMDS_SCRIPTS is not set: testing with the scripts of this repository only")
	}
	var files []string
	for _, r := range roots {
		err := filepath.WalkDir(r, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && filepath.Ext(path) == ".dml" {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestScripts(t *testing.T) {
	skipped, size, start := 0, 0, time.Now()
	files := scriptFiles(t)
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, ds := parse.File(source.NewSet(), path, string(b), parse.Options{}); ds.Len() > 0 {
			t.Logf("%s: %s", path, ds.All()[0].Msg)
			skipped++
			continue
		}
		size += len(b)
		out := check(t, path, string(b))
		if bare(mustParse(t, path, string(b)), true) != bare(mustParse(t, path, out), true) {
			t.Errorf("%s: documentation has changed", path)
		}
	}
	t.Logf("%d scripts, %d skipped, %d bytes in %v", len(files), skipped, size, time.Since(start))
	if len(files) == skipped {
		t.Error("nothing was tested")
	}
}

// The scripts of this repository are laid out by gdml fmt.
func TestOwnScriptsAreFormatted(t *testing.T) {
	err := filepath.WalkDir("../../scripts", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".dml" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if Format(mustParse(t, path, string(b))) != string(b) {
			t.Errorf("%s: run gdml fmt -w scripts", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
