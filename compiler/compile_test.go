package compiler

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gdml/compiler/hop"
	"gdml/lang/diag"
)

func TestPassOrder(t *testing.T) {
	at := func(name string) int {
		return slices.IndexFunc(passes, func(p pass) bool { return p.name == name })
	}
	for _, o := range order {
		if b, a := at(o.before), at(o.after); b < 0 || a < 0 || b >= a {
			t.Errorf("%s must come before %s: %s", o.before, o.after, o.why)
		}
	}
	for i, p := range passes {
		if at(p.name) != i {
			t.Errorf("two passes are called %s", p.name)
		}
	}
}

func TestWatchSeesEveryPass(t *testing.T) {
	for level, want := range map[int]int{O0: 6, O1: 10, O2: 11} {
		var seen []string
		o := Options{Level: level, Watch: func(p string, _ *hop.Program, _ time.Duration) { seen = append(seen, p) }}
		if _, ds := Compile(t.Context(), Source{Name: "t.dml", Text: "print(1)"}, o); ds.Len() != 0 {
			t.Fatal(ds.All())
		}
		if len(seen) != want || seen[0] != "parse" || seen[len(seen)-1] != "emit" {
			t.Errorf("O%d: passes %v; want %d", level, seen, want)
		}
	}
}

func TestCompileStopsAtErrors(t *testing.T) {
	tests := []struct {
		text string
		code diag.Code
	}{
		{"x = = 3", diag.Syntax},
		{"print(y)", diag.UndefinedVariable},
		{"X = matrix(1, 2, 3) %*% matrix(1, 2, 3); print(sum(X))", diag.ShapeMismatch},
	}
	for _, tt := range tests {
		r, ds := Compile(t.Context(), Source{Name: "t.dml", Text: tt.text}, Options{Level: O2})
		if r.Program != nil || ds.Errors() == 0 || ds.All()[0].Code != tt.code {
			t.Errorf("%s: program %v, %v; want %v", tt.text, r.Program != nil, ds.All(), tt.code)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, ds := Compile(ctx, Source{Text: "x = 1"}, Options{}); r.Program != nil || ds.All()[0].Code != diag.Interrupted {
		t.Errorf("a cancelled compilation goes on: %v", ds.All())
	}
}

func TestArguments(t *testing.T) {
	text := "x = ifdef($rows, 3)\nprint(x * 2 + \" \" + $name)"
	got := runScript(t, text, Options{Level: O2, Args: map[string]string{"rows": "2.5", "name": "TRUE"}}, 1)
	if got != "5.0 TRUE\n" {
		t.Errorf("got %q", got)
	}
	got = runScript(t, text, Options{Level: O2, Args: map[string]string{"row": "2", "name": "a"}}, 1)
	if !strings.Contains(got, "the script does not use argument $row") || !strings.Contains(got, "did you mean $rows?") || !strings.HasSuffix(got, "6 a\n") {
		t.Errorf("got %q", got)
	}
	if got = runScript(t, text, Options{}, 1); !strings.Contains(got, "E0206") {
		t.Errorf("got %q", got)
	}
}

// tree writes files below a new directory and returns it.
func tree(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSourceFiles(t *testing.T) {
	one := "f = function(double x) return (double y) { y = x + 1 }\n"
	dir := tree(t, map[string]string{
		"a.dml":         one,
		"lib/b.dml":     "source(\"c.dml\") as c\ng = function(double x) return (double y) { y = c::f(x) * 10 }\n",
		"lib/c.dml":     one,
		"scripts/d.dml": one,
		"mylib/two.dml": "m_two = function(double x) return (double y) { y = helper(x) }\nhelper = function(double x) return (double y) { y = 2 * x }\n",
	})
	text := `
source("a.dml") as a
source("./lib/b.dml") as b
source("d.dml") as d
setwd("lib")
source("c.dml") as c
print(a::f(1) + " " + b::g(1) + " " + d::f(2) + " " + c::f(3) + " " + two(4))`
	o := Options{Level: O2, Dir: dir, LibDirs: []string{"mylib"}}
	if got := runScript(t, text, o, 1); got != "2.0 20.0 3.0 4.0 8.0\n" {
		t.Errorf("got %q", got)
	}
	r, _ := Compile(t.Context(), Source{Name: "test.dml", Text: text}, o)
	// One file has one key, the path by which it was sourced first.
	for _, key := range []string{"./a.dml::f", "./lib/b.dml::g", "./c.dml::f", "./d.dml::f"} {
		if r.Program.Funcs[key] == nil {
			t.Errorf("no function has the key %s", key)
		}
	}
	missing := runScript(t, `source("nothere.dml") as n`, o, 1)
	if !strings.Contains(missing, "E0209") || !strings.Contains(missing, "there is no file nothere.dml; looked for nothere.dml, scripts/nothere.dml") {
		t.Errorf("got %q", missing)
	}
	if got := runScript(t, `source("hdfs://x/y.dml") as n`, o, 1); !strings.Contains(got, "the scheme hdfs is not supported") {
		t.Errorf("got %q", got)
	}
}

func TestSourceWarnsOfTwoFiles(t *testing.T) {
	dir := tree(t, map[string]string{
		"u.dml":     "f = function() return (double y) { y = 1 }\n",
		"sub/u.dml": "f = function() return (double y) { y = 2 }\n",
		"sub/v.dml": "source(\"u.dml\") as u\nf = function() return (double y) { y = u::f() }\n",
	})
	got := runScript(t, "source(\"sub/v.dml\") as v\nprint(v::f())", Options{Dir: dir}, 1)
	if !strings.Contains(got, "both exist and differ; using u.dml") || !strings.HasSuffix(got, "1.0\n") {
		t.Errorf("got %q", got)
	}
}
