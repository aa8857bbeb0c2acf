package tests

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gdml/compiler"
	"gdml/lang/diag"
	run "gdml/runtime/exec"
	"gdml/runtime/par"
	"gdml/runtime/pool"
)

// TestReferenceLibrary runs the library functions of Apache SystemDS unmodified. An archive
// of tests/library calls some of them, and holds what SystemDS 3.3 prints. The test needs
// SystemDS's scripts directory in GDML_SYSTEMDS_SCRIPTS. With -update and the launcher of
// SystemDS in GDML_SYSTEMDS it asks SystemDS anew.
func TestReferenceLibrary(t *testing.T) {
	dir := os.Getenv("GDML_SYSTEMDS_SCRIPTS")
	if dir == "" {
		t.Skip("GDML_SYSTEMDS_SCRIPTS does not name the scripts directory of SystemDS")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("library/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range paths {
		a := readArchive(t, path)
		t.Run(a.name, func(t *testing.T) {
			if launcher := os.Getenv("GDML_SYSTEMDS"); launcher != "" && *update {
				a.rewrite(t, map[string]string{"stdout": askReference(t, launcher, filepath.Dir(dir), a)})
			}
			got := runLibrary(t, dir, string(a.section("script.dml")))
			if why := differ(lastLine(got), string(a.section("stdout")), a.tolerance); why != "" {
				t.Errorf("%s\ngot\n%swant\n%s", why, got, a.section("stdout"))
			}
		})
	}
}

// TestOwnLibrary runs those archives of tests/library that need no more than the library
// that travels with gdml.
func TestOwnLibrary(t *testing.T) {
	for _, name := range []string{"scale", "normalize", "toOneHot", "softmax", "cor", "dist", "confusionMatrix",
		"getAccuracy", "split"} {
		a := readArchive(t, filepath.Join("library", name+".txtar"))
		t.Run(name, func(t *testing.T) {
			got := runLibrary(t, "", string(a.section("script.dml")))
			if why := differ(lastLine(got), string(a.section("stdout")), a.tolerance); why != "" {
				t.Errorf("%s\ngot\n%swant\n%s", why, got, a.section("stdout"))
			}
		})
	}
}

// TestOwnSignatures compares our library functions with those of SystemDS: parameters, their
// defaults and results are the same.
func TestOwnSignatures(t *testing.T) {
	dir := os.Getenv("GDML_SYSTEMDS_SCRIPTS")
	if dir == "" {
		t.Skip("GDML_SYSTEMDS_SCRIPTS does not name the scripts directory of SystemDS")
	}
	paths, err := filepath.Glob("../scripts/builtin/*.dml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, path := range paths {
		theirs := filepath.Join(dir, "builtin", filepath.Base(path))
		if _, err := os.Stat(theirs); errors.Is(err, fs.ErrNotExist) {
			continue // an alias or an operator there
		}
		if got, want := signature(t, path), signature(t, theirs); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", path, got, want)
		}
	}
}

// signature returns the head of the m_ function that a file is named after, without spaces
// and in lower case.
func signature(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`#.*`).ReplaceAllString(string(b), "")
	text = strings.ToLower(strings.Join(strings.Fields(text), ""))
	name := "m_" + strings.ToLower(strings.TrimSuffix(filepath.Base(path), ".dml")) + "=function("
	_, text, ok := strings.Cut(text, name)
	if !ok {
		t.Fatal(path, "defines no", name)
	}
	head, _, _ := strings.Cut(text, "{")
	return strings.NewReplacer("integer", "int", "rows=", "", "cols=", "").Replace(head)
}

// runLibrary runs a script with a scripts directory as library and returns what it prints.
// With no directory the library is the one that travels with gdml.
func runLibrary(t *testing.T, dir, text string) string {
	t.Helper()
	var dirs []string
	if dir != "" {
		dirs = []string{dir}
	}
	r, ds := compiler.Compile(t.Context(), compiler.Source{Name: "script.dml", Text: text},
		compiler.Options{Level: compiler.O2, LibDirs: dirs, Dir: t.TempDir(), Check: true})
	var out bytes.Buffer
	rd := diag.Renderer{Set: r.Set}
	if r.Program == nil {
		if err := rd.Write(&out, ds); err != nil {
			t.Fatal(err)
		}
		t.Fatal(out.String())
	}
	memory := pool.New(1 << 24)
	m := run.New(r.Program, run.Options{Out: &out, Workers: par.New(2), Pool: memory, Seed: 1, Seeded: true})
	err := m.Run(t.Context())
	m.Close()
	if n := memory.Live(); n != 0 {
		t.Errorf("%d bytes are live after the machine was closed", n)
	}
	if err != nil {
		if err := rd.One(&out, compiler.Diagnose(r.Set, err)); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// askReference returns what SystemDS, started in dir, prints for the script of an archive.
func askReference(t *testing.T, launcher, dir string, a *archive) string {
	t.Helper()
	script := filepath.Join(t.TempDir(), "script.dml")
	if err := os.WriteFile(script, a.section("script.dml"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), launcher, "-f", script)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	text := trailer.ReplaceAllString(string(out), "")
	if strings.Contains(text, "An Error Occurred") {
		t.Fatal(text)
	}
	return text
}

// trailer is what SystemDS prints after every run.
var trailer = regexp.MustCompile(`SystemDS Statistics:\nTotal execution time:.*\n\n?`)

// TestReferenceScripts checks every script of SystemDS: they parse, and those whose
// sources and data are there pass the checker.
func TestReferenceScripts(t *testing.T) {
	dir := os.Getenv("GDML_SYSTEMDS_SCRIPTS")
	if dir == "" {
		t.Skip("GDML_SYSTEMDS_SCRIPTS does not name the scripts directory of SystemDS")
	}
	n, good := 0, 0
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".dml" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		_, ds := compiler.Check(t.Context(), compiler.Source{Name: path, Text: string(b)},
			compiler.Options{LibDirs: []string{dir}, Check: true})
		missing, faults := false, 0
		for _, d := range ds.All() {
			switch {
			case d.Severity != diag.Error:
			case d.Code == diag.BadSource, d.Code == diag.FileMissing, d.Code == diag.UndefinedNamespace:
				missing = true // the file is not in every distribution
			default:
				faults++
				t.Logf("%s: %s", path, d.Msg)
			}
		}
		if missing || faults == 0 {
			good++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d scripts, %d without faults of their own", n, good)
	if good < n-4 { // SystemDS 3.3 has a few that call functions with parameters that these have not
		t.Errorf("only %d of %d scripts pass", good, n)
	}
}
