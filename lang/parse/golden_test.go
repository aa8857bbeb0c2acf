package parse

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
)

var update = flag.Bool("update", false, "rewrite the expected sections of testdata")

// A section of a scenario file begins with a line "-- name --".
type section struct{ name, text string }

// readScenario cuts a file into its opening comment and its sections.
func readScenario(t testing.TB, path string) (head string, secs []section) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.SplitAfter(string(data), "\n") {
		name, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
		if name, end := strings.CutSuffix(name, " --"); ok && end {
			secs = append(secs, section{name: name})
		} else if len(secs) == 0 {
			head += line
		} else {
			secs[len(secs)-1].text += line
		}
	}
	return head, secs
}

// TestGolden runs the scenarios of testdata. A scenario has a script, and the tree
// and the messages that it gives; a head that begins with "repl" asks for that mode.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) { golden(t, path) })
	}
}

func golden(t *testing.T, path string) {
	head, secs := readScenario(t, path)
	if len(secs) == 0 || secs[0].name != "script" {
		t.Fatalf("%s does not begin with a script", path)
	}
	set := source.NewSet()
	tree, list := File(set, "x.dml", secs[0].text, Options{REPL: strings.HasPrefix(head, "repl")})
	got := []section{secs[0], {name: "tree", text: ast.Dump(tree)}}
	if list.Len() > 0 {
		var b strings.Builder
		r := &diag.Renderer{Set: set}
		if err := r.Write(&b, list); err != nil {
			t.Fatal(err)
		}
		got = append(got, section{name: "messages", text: b.String()})
	}
	if *update {
		text := head
		for _, s := range got {
			text += "-- " + s.name + " --\n" + s.text
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(got) != len(secs) {
		t.Errorf("got %d sections, want %d; the messages are:\n%v", len(got), len(secs), list.All())
		return
	}
	for i, s := range secs {
		if s != got[i] {
			t.Errorf("section %s:\n%s\nwant section %s:\n%s", got[i].name, got[i].text, s.name, s.text)
		}
	}
}
