package tests

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gdml/compiler"
	"gdml/lang/diag"
	"gdml/runtime/exec"
)

// codeExample is a script that raises one diagnostic, an error or a warning.
type codeExample struct {
	code   diag.Code
	script string
	want   diag.Severity
	file   string // content of the input file "data"
	mtd    string // and of its metadata
	args   string // NAME=VALUE
}

// codeExamples has a script for every code, and raises nothing else.
var codeExamples = []codeExample{
	{code: diag.BadToken, script: `x = 3 ~`, want: diag.Warning},
	{code: diag.UnterminatedString, script: `print("abc)`},
	{code: diag.BadEscape, script: `print("a\qb")`},
	{code: diag.BadNumber, script: `x = 99999999999999999999`},
	{code: diag.Syntax, script: `x = 1:3`},
	{code: diag.BadTypeWord, script: `f = function(matrix[dbl] X) { y = 1 }`},
	{code: diag.MisplacedFunction, script: `if (1 > 0) { f = function() { y = 1 } }`},
	{code: diag.EmptyFunction, script: `f = function() { }`},
	{code: diag.BadStatement, script: `x = 3; x`},
	{code: diag.UndefinedVariable, script: `print(x)`},
	{code: diag.UndefinedFunction, script: `x = nosuch(3)`},
	{code: diag.UndefinedNamespace, script: `x = ns::f(3)`},
	{code: diag.DuplicateFunction, script: `f = function() { a = 1 } f = function() { a = 2 }`},
	{code: diag.BadArguments, script: `x = nrow(matrix(1, 2, 2), 3)`},
	{code: diag.MissingArg, script: `print($x)`},
	{code: diag.AssignArg, script: `$x = 3`, args: "x=1"},
	{code: diag.AssignConstant, script: `pi = 3`},
	{code: diag.BadSource, script: `source("missing.dml") as m`},
	{code: diag.UnusedArg, script: `print(1)`, args: "x=1", want: diag.Warning},
	{code: diag.NotAValue, script: `sum(matrix(1, 2, 2))`},
	{code: diag.UnassignedResult, script: `f = function() return (int a) { b = 1 }`},
	{code: diag.NotSupported, script: `a = TRUE && FALSE`},
	{code: diag.TypeMismatch, script: `a = TRUE + 1`},
	{code: diag.BadWord, script: `X = rand(rows=1, cols=1, pdf="norml"); print(sum(X))`},
	{code: diag.TypeChange, script: `x = matrix(1, 1, 1); if (sum(x) > 0) { x = 1 } print(x)`},
	{code: diag.BadValue, script: `X = rand(rows=1, cols=1, sparsity=2); print(sum(X))`},
	{code: diag.ShapeMismatch, script: `X = matrix(1, 2, 3); print(sum(X %*% X))`},
	{code: diag.ShapeMismatch, script: `f = function(matrix[double] X) return (double s) { s = sum(X %*% X) } print(f(matrix(1, 2, 3)))`},
	{code: diag.BadIndex, script: `X = matrix(1, 2, 3); print(sum(X[3,]))`},
	{code: diag.BadIndex, script: `X = matrix(5, 2, 3); print(sum(X[as.scalar(X[1,1]),]))`},
	{code: diag.LoopDependency, script: `s = 0; parfor (i in 1:3) { s = s + i }`},
	{code: diag.BadLoopParam, script: `A = matrix(0, 3, 1); parfor (i in 1:3, mode=FAST) { A[i,1] = i }`},
	{code: diag.BadLoopBody, script: `parfor (i in 1:3) { stop("x") }`},
	{code: diag.FileMissing, script: `X = read("missing.csv", format="csv"); print(sum(X))`},
	{code: diag.BadMetadata, script: `X = read("data", format="csv"); print(sum(X))`, file: "1\n", mtd: `{"format": "text"}`},
	{code: diag.BadData, script: `X = read("data", format="csv"); print(sum(X))`, file: "1,2\n3\n"},
	{code: diag.BadFormat, script: `X = read("data", format="xls"); print(sum(X))`, file: "1\n"},
	{code: diag.WriteFailed, script: `X = matrix(1, 1, 1); write(X, "data/X")`, file: "not a directory\n"},
	{code: diag.RunTime, script: `X = matrix(1, 2, 2); y = solve(X, matrix(1, 2, 1)); print(sum(y))`},
	{code: diag.Stopped, script: `stop("enough")`},
	{code: diag.AssertFailed, script: `assert(1 > 2)`},
	{code: diag.Overflow, script: `x = 9223372036854775807; for (i in 1:2) { y = x + i } print(y)`},
	{code: diag.ParamServ, script: `
grad = function(list[unknown] model) return (matrix[double] g) { g = as.matrix(model[1]) }
step = function(list[unknown] model) return (list[unknown] m) { m = model }
M = paramserv(model=list(1), features=matrix(1, 4, 1), labels=matrix(1, 4, 1), upd="grad", agg="step", epochs=1)
print(length(M))`},
}

// elsewhere lists the codes that no script of its own can raise.
var elsewhere = map[diag.Code]string{
	diag.Unset:       "TestUnset: a warning comes with it",
	diag.Interrupted: "TestInterrupted",
	diag.Internal:    "a broken invariant; tests of compiler and runtime/exec provoke it",
}

// Every code has an example.
func TestCodesHaveExamples(t *testing.T) {
	for _, c := range diag.Codes() {
		has := slices.ContainsFunc(codeExamples, func(e codeExample) bool { return e.code == c })
		if _, other := elsewhere[c]; has == other {
			t.Errorf("%v: example %v, tested elsewhere %v", c, has, other)
		}
	}
}

// diagnose compiles and runs a script and returns all its diagnostics.
func diagnose(ctx context.Context, t *testing.T, text string, level int, args map[string]string) []diag.Diagnostic {
	t.Helper()
	r, ds := compiler.Compile(ctx, compiler.Source{Name: "script.dml", Text: text}, compiler.Options{Level: level, Args: args, Check: true})
	if r.Program != nil {
		m := exec.New(r.Program, exec.Options{})
		err := m.Run(ctx)
		m.Close()
		if err != nil {
			ds.Add(compiler.Diagnose(r.Set, err))
		}
	}
	return ds.All()
}

// Every example raises its code, once and nothing else, and says where.
func TestExamples(t *testing.T) {
	for _, e := range codeExamples {
		t.Run(e.code.String(), func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name, text := range map[string]string{"data": e.file, "data.mtd": e.mtd} {
				if text == "" {
					continue
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			args := map[string]string{}
			if k, v, ok := strings.Cut(e.args, "="); ok {
				args[k] = v
			}
			for _, level := range levels {
				ds := diagnose(t.Context(), t, e.script, level, args)
				if len(ds) != 1 || ds[0].Code != e.code || ds[0].Severity != e.want {
					t.Fatalf("-O%d %s\nraises %v", level, e.script, ds)
				}
				d := ds[0]
				if !d.Span.IsValid() && e.code != diag.UnusedArg {
					t.Errorf("%v has no place", d)
				}
				if d.Msg == "" || strings.HasSuffix(d.Msg, ".") {
					t.Errorf("unfinished message %q", d.Msg)
				}
			}
		})
	}
}

// Reading a variable that the executed path did not set is a warning while compiling
// and an error while running.
func TestUnset(t *testing.T) {
	for _, level := range levels {
		ds := diagnose(t.Context(), t, `X = matrix(1, 2, 2); if (sum(X) > 100) { y = 3 } print(y)`, level, nil)
		if len(ds) != 2 || !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Code == diag.Unset && d.Severity == diag.Error }) {
			t.Errorf("-O%d raises %v", level, ds)
		}
	}
}

// A cancelled run ends with an error at the statement that it reached.
func TestInterrupted(t *testing.T) {
	for _, text := range []string{
		`i = 0; while (i < 1) { if (i < 0) { i = 2 } }`,
		`X = rand(rows=300, cols=300, seed=1); parfor (j in 1:1000000) { Y = X %*% X; if (sum(Y) < 0) { print("x") } }`,
	} {
		ctx, cancel := context.WithCancel(t.Context())
		r, ds := compiler.Compile(ctx, compiler.Source{Name: "script.dml", Text: text}, compiler.Options{Level: compiler.O2})
		if r.Program == nil {
			t.Fatal(ds.All())
		}
		m := exec.New(r.Program, exec.Options{})
		done := make(chan error)
		go func() { done <- m.Run(ctx) }()
		cancel()
		if d := compiler.Diagnose(r.Set, <-done); d.Code != diag.Interrupted {
			t.Errorf("%s\n%v", text, d)
		}
		m.Close()
	}
}

// Messages name files by the path that the script used.
func TestDiagnosticOfSourcedFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("lib", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("lib", "f.dml"), []byte("f = function(int n) return (int m) {\n  m = nn\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r, ds := compiler.Compile(t.Context(), compiler.Source{Name: "script.dml", Text: `source("lib/f.dml") as l
print(l::f(3))`}, compiler.Options{Level: compiler.O2})
	var b bytes.Buffer
	if err := (&diag.Renderer{Set: r.Set}).Write(&b, ds); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "lib/f.dml:2:7: error[E0201]: nn is not defined") {
		t.Error(b.String())
	}
}
