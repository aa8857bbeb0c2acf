package compiler_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gdml/compiler"
	"gdml/lang/diag"
	"gdml/runtime/exec"
	"gdml/runtime/par"
)

// library is a directory with library functions in variants, with helpers, and with a fault.
func library(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"twice.dml": `
m_twice = function(matrix[double] X, double by = 2) return (matrix[double] Y, double n) { Y = scaled(X, by); n = nrow(X); }
f_twice = function(frame[string] X) return (matrix[double] Y) { Y = -2 * as.matrix(X); }
s_twice = function(double X) return (double Y) { Y = 2 * X; }
scaled = function(matrix[double] X, double by) return (matrix[double] Y) { Y = X * by; }
`,
		"applied.dml": `
m_applied = function(matrix[double] X, string f) return (matrix[double] Y) { Y = eval(f, X); }
shifted = function(matrix[double] X) return (matrix[double] Y) { Y = X + 10; }
`,
		"lib.dml":     `third = function(matrix[double] X) return (matrix[double] Y) { Y = 3 * X; }`,
		"failing.dml": `m_failing = function(matrix[double] X) return (matrix[double] Y) { Y = X; stop("in the library"); }`,
		"broken.dml":  `m_broken = function(matrix[double] X) return (matrix[double] Y) { Y = nothing(X); }`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func runWith(t *testing.T, dir, script string, level int) (string, error) {
	t.Helper()
	res, ds := compiler.Compile(context.Background(), compiler.Source{Name: "test.dml", Text: script},
		compiler.Options{Level: level, LibDirs: []string{dir}, Dir: dir, Check: true})
	if ds.HasErrors() {
		t.Fatalf("%s: %s", script, ds.All()[0].Msg)
	}
	var b strings.Builder
	m := exec.New(res.Program, exec.Options{Out: &b, Workers: par.New(4), Seed: 1, Seeded: true})
	defer m.Close()
	err := m.Run(context.Background())
	return b.String(), err
}

// TestEvalLibrary calls library functions by names that are known at compile time, and by
// names that are made at run time.
func TestEvalLibrary(t *testing.T) {
	dir := library(t)
	for _, c := range []struct{ script, want string }{
		{`x = eval(NAME, matrix(3, 1, 1)); print(as.scalar(x))`, "6.0\n"},
		{`x = eval(NAME, matrix(3, 1, 1), 5); print(as.scalar(x))`, "15.0\n"},
		{`x = eval(NAME, list(by=4, X=matrix(3, 1, 1))); print(as.scalar(x))`, "12.0\n"},
		{`x = eval(NAME, 4); print(as.scalar(x))`, "8.0\n"},
		{`x = eval(NAME, as.frame(matrix(3, 1, 1))); print(as.scalar(x))`, "-6.0\n"},
		{`l = list(as.frame(matrix(3, 1, 1)), 4); for (i in 1:2) { x = eval(NAME, as.scalar(l[i])); print(as.scalar(x)) }`, "-6.0\n8.0\n"},
		{`l = evalList(NAME, matrix(3, 2, 1)); print(as.scalar(l["n"])); print(length(l))`, "2.0\n2\n"},
		{`R = matrix(0, 8, 1); parfor (i in 1:8) { R[i,] = eval(NAME, matrix(i, 1, 1)) } print(sum(R))`, "72.0\n"},
	} {
		for _, name := range []string{`"twice"`, `("tw" + "ice")`, "name"} {
			script := `name = "ice"; for (i in 1:1) { name = "tw" + name } ` + strings.ReplaceAll(c.script, "NAME", name)
			for _, level := range []int{compiler.O0, compiler.O2} {
				if got, err := runWith(t, dir, script, level); err != nil || got != c.want {
					t.Errorf("-O%d %s\n got %q, %v\nwant %q", level, script, got, err, c.want)
				}
			}
		}
	}
}

// TestEvalNested: a library function that was compiled at run time calls a function of its own
// file, of the main script, of another library file and of a sourced file by name.
func TestEvalNested(t *testing.T) {
	dir := library(t)
	for _, c := range []struct{ inner, want string }{
		{"shifted", "11.0\n"}, {"mine", "-1.0\n"}, {"twice", "2.0\n"}, {"./lib.dml::third", "3.0\n"},
	} {
		script := `source("lib.dml") as L
mine = function(matrix[double] X) return (matrix[double] Y) { Y = -X }
n = "app"; if (nrow(matrix(0, 1, 1)) > 0) { n = n + "lied" }
print(as.scalar(eval(n, matrix(1, 1, 1), "` + c.inner + `")))`
		if got, err := runWith(t, dir, script, compiler.O2); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.inner, got, err, c.want)
		}
	}
}

func TestEvalErrors(t *testing.T) {
	dir := library(t)
	for _, c := range []struct {
		script, want string
		code         diag.Code
	}{
		{`x = eval("no" + n, matrix(1, 1, 1)); print(x)`, "there is no function nosum", diag.RunTime},
		{`x = eval(n, matrix(1, 1, 1)); print(x)`, "sum is no DML function", diag.RunTime},
		{`n = "broken"; for (i in 1:1) { n = n + "" } x = eval(n, matrix(1, 1, 1)); print(x)`, "broken does not compile: unknown function nothing", diag.UndefinedFunction},
		{`n = "failing"; for (i in 1:1) { n = n + "" } x = eval(n, matrix(1, 1, 1)); print(x)`, "in the library", diag.Stopped},
		{`x = eval("twice", matrix(1, 1, 1), 2, 3); print(x)`, "takes 2 arguments, not 3", diag.RunTime},
		{`x = eval("twice", list(X=matrix(1, 1, 1), bye=2)); print(x)`, "has no parameter bye", diag.RunTime},
		{`x = eval("twice", list(by=2)); print(x)`, "argument X of m_twice is missing", diag.RunTime},
		{`f = function(double x) return (list[unknown] l) { l = list(x) } x = eval("f", 3); print(x)`, "is a list", diag.RunTime},
		{`f = function(double x) { print(x) } x = eval("f", 3); print(x)`, "has no result", diag.RunTime},
	} {
		script := `n = "s"; for (i in 1:1) { n = n + "um" } ` + c.script
		_, err := runWith(t, dir, script, compiler.O2)
		var e *exec.Error
		if !errors.As(err, &e) || e.Code != c.code || !strings.Contains(e.Msg, c.want) || !e.At.IsValid() {
			t.Errorf("%s\n got %v, want %s %s", script, err, c.code, c.want)
		}
	}
}
