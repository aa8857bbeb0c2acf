package builtins_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gdml/builtins"
	"gdml/compiler"
	"gdml/runtime/exec"
	"gdml/runtime/par"
)

// run compiles and runs a script and returns what it printed.
func run(script string, level int) (string, error) {
	res, ds := compiler.Compile(context.Background(), compiler.Source{Name: "example.dml", Text: script}, compiler.Options{Level: level, Check: true})
	for _, d := range ds.All() {
		if ds.HasErrors() {
			return "", fmt.Errorf("%s %s (%s)", d.Code, d.Msg, d.Hint)
		}
	}
	if res.Program == nil {
		return "", fmt.Errorf("no program")
	}
	var b strings.Builder
	err := exec.New(res.Program, exec.Options{Out: &b, Workers: par.New(2), Seed: 1, Seeded: true}).Run(context.Background())
	return b.String(), err
}

// inLine joins the lines of an output as the examples of the table write it.
func inLine(out string) string {
	return strings.ReplaceAll(strings.TrimRight(out, "\n"), "\n", " / ")
}

// levels are the ways in which every script must give the same output.
var levels = []int{compiler.O0, compiler.O2}

// TestExamples runs the example of every row: help and the reference page cannot lie.
func TestExamples(t *testing.T) {
	t.Chdir(t.TempDir()) // some examples write files
	for _, f := range builtins.New().All() {
		code, want := builtins.SplitExample(f.Example)
		for _, level := range levels {
			out, err := run(code, level)
			if err != nil || inLine(out) != want {
				t.Errorf("-O%d %s\n got %s, %v\nwant %s", level, code, inLine(out), err, want)
			}
		}
	}
}
