// Package hoptest compiles scripts to HOPs for the tests of the compiler's passes. Scripts stand
// alone: they source no files and call no library functions. Only tests import it.
package hoptest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"gdml/builtins"
	"gdml/compiler/build"
	"gdml/compiler/hop"
	"gdml/lang/check"
	"gdml/lang/diag"
	"gdml/lang/parse"
	"gdml/lang/source"
)

// Build returns the HOPs of a script, whose argument $n is the int 7. A script with errors fails the test.
func Build(t testing.TB, script string, o build.Options) *hop.Program {
	t.Helper()
	set := source.NewSet()
	table := builtins.New()
	f, l := parse.File(set, "test.dml", script, parse.Options{REPL: o.REPL})
	Accept(t, set, l)
	info, l := check.Program(set, f, check.Config{Universe: table, Loader: noFiles{}, REPL: o.REPL,
		Args: map[string]check.Value{"n": int64(7)}})
	Accept(t, set, l)
	p, l := build.Program(set, info, table, o)
	Accept(t, set, l)
	return p
}

// Accept fails the test if l holds errors.
func Accept(t testing.TB, set *source.Set, l diag.List) {
	t.Helper()
	if l.HasErrors() {
		var b strings.Builder
		(&diag.Renderer{Set: set}).Write(&b, l)
		t.Fatalf("script does not compile:\n%s", b.String())
	}
}

// Dump returns the text of p, which must be well formed.
func Dump(t testing.TB, p *hop.Program) []byte {
	t.Helper()
	if err := hop.Verify(p); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := hop.Dump(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type noFiles struct{}

func (noFiles) Source(path, _, _ string) (key, name, text string, err error) {
	return "", "", "", fmt.Errorf("no file %s", path)
}
func (noFiles) Library(string) (key, file, text string, ok bool) { return "", "", "", false }
func (noFiles) LibraryNames() []string                           { return nil }
