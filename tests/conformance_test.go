package tests

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gdml/compiler"
	"gdml/lang/diag"
	"gdml/runtime/exec"
	"gdml/runtime/par"
)

// verdict is how a script ends.
type verdict int

const (
	runs    verdict = iota
	refused         // it does not compile: exit status 3
	fails           // it fails while running: exit status 1
	either          // refused or fails: the language leaves open when the mistake is found
)

func (v verdict) String() string { return [...]string{"runs", "refused", "fails", "either"}[v] }

// conclusion is what a script did.
type conclusion struct {
	verdict verdict
	out     string
	code    diag.Code // of the first error
	msg     string
}

// conclude compiles and runs text at a level, with NAME=VALUE arguments.
func conclude(t *testing.T, text string, level int, args ...string) conclusion {
	t.Helper()
	o := compiler.Options{Level: level, Check: true, Args: map[string]string{}}
	for _, a := range args {
		k, v, _ := strings.Cut(a, "=")
		o.Args[k] = v
	}
	r, ds := compiler.Compile(t.Context(), compiler.Source{Name: "script.dml", Text: text}, o)
	if r.Program == nil {
		for _, d := range ds.All() {
			if d.Severity == diag.Error {
				return conclusion{refused, "", d.Code, d.Msg}
			}
		}
		t.Fatalf("no program and no error for\n%s", text)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out bytes.Buffer
	m := exec.New(r.Program, exec.Options{Out: &out, Workers: par.New(2), Seed: 1, Seeded: true})
	err := m.Run(ctx)
	m.Close()
	if err != nil {
		d := compiler.Diagnose(r.Set, err)
		return conclusion{fails, out.String(), d.Code, d.Msg}
	}
	return conclusion{verdict: runs, out: out.String()}
}

var levels = []int{compiler.O0, compiler.O2}

// output checks that scripts print what is wanted, not counting the last newline.
type output struct{ script, want, args string }

func (o output) test(t *testing.T) {
	t.Helper()
	for _, level := range levels {
		c := conclude(t, o.script, level, strings.Fields(o.args)...)
		if c.verdict != runs {
			t.Errorf("-O%d %s: %v with %v: %s", level, o.script, c.verdict, c.code, c.msg)
			return
		}
		if got := strings.TrimSuffix(c.out, "\n"); got != o.want {
			t.Errorf("-O%d %s\ngot  %q\nwant %q", level, o.script, got, o.want)
			return
		}
	}
}

// failure checks that scripts are refused or fail, with one of some codes.
type failure struct {
	script string
	want   verdict
	code   diag.Code
}

func (f failure) test(t *testing.T) {
	t.Helper()
	for _, level := range levels {
		c := conclude(t, f.script, level)
		if c.verdict != f.want && (f.want != either || c.verdict == runs) {
			t.Errorf("-O%d %s: %v (%v %s %q), want %v", level, f.script, c.verdict, c.code, c.msg, c.out, f.want)
			return
		}
		if c.code != f.code {
			t.Errorf("-O%d %s: %v (%s), want %v", level, f.script, c.code, c.msg, f.code)
			return
		}
		if c.verdict == refused && c.out != "" {
			t.Errorf("-O%d %s: prints %q before it is refused", level, f.script, c.out)
		}
	}
}

// Source: language reference §19, the scripts that run.
var conformant = []output{
	{`print(7/2) print(6/2) print(2^3) print(7%/%2) print(7%%3)`, "3.5\n3.0\n8.0\n3\n1", ""},
	{`print(-7%/%2); print(-7%%3); print(7%%-3); print(-7.5%%2)`, "-3\n-1\n1\n-1.5", ""},
	{`print(-2^2); print((-2)^2); print(2^3^2)`, "-4.0\n4.0\n512.0", ""},
	{`print(1e6); print(1e7); print(0.001); print(1e-4); print(100); print(1E2)`, "1000000.0\n1.0E7\n0.001\n1.0E-4\n100\n100.0", ""},
	{`print(1/0); print(-1/0); print(0/0); print(NaN==NaN); print(-0.0)`, "Infinity\n-Infinity\nNaN\nFALSE\n-0.0", ""},
	{`print(0.1+0.2); print(1/3); print(5.); print(.5)`, "0.30000000000000004\n0.3333333333333333\n5.0\n0.5", ""},
	{`print("a"+1+2); print(1+2+"a"); print("x"+TRUE+1.5)`, "a12\n3a\nxTRUE1.5", ""},
	{`print(TRUE+TRUE); print(!TRUE); print(TRUE & FALSE | TRUE)`, "2.0\nFALSE\nTRUE", ""},
	{`print("10" < "9"); print("1" == 1); print("1" == 1.0)`, "TRUE\nTRUE\nFALSE", ""},
	{`print(as.integer(2.7)); print(as.integer(-2.7)); print(as.double(3)); print(as.logical(0.5))`, "2\n-2\n3.0\nTRUE", ""},
	{`X = matrix("1 2 3 4", rows=2, cols=2); print(X)`, "1.000 2.000\n3.000 4.000\n", ""},
	{`X = matrix(1.5, 1, 2); print(toString(X, decimal=1, sep=";", linesep="|"))`, "1.5;1.5|", ""},
	{`X = matrix("0 5 0 0", 2, 2); print(toString(X, sparse=TRUE))`, "1 2 5.000\n", ""},
	{`X = matrix(7,3,3); print(sum(X)); print(nrow(X)); print(as.scalar(X[2,2])); print(nrow(X)/2)`, "63.0\n3\n7.0\n1.5", ""},
	{`X = matrix(seq(1,6), rows=3, cols=2); print(sum(X[2])); print(sum(X[2:3,1]))`, "7.0\n8.0", ""},
	{`s = ""; for(i in 1:0) s = s + i + ","; print(s)`, "1,0,", ""},
	{`s = ""; for(i in seq(1,0,1)) s = s + i; print("[" + s + "]")`, "[]", ""},
	{`s = ""; for(i in seq(10,1,-4)) { s = s + i + " "; i = 100; } print(s + i)`, "10 6 2 100", ""},
	{`s = 0; for(i in 1:3.9) { s = s + i; } print(s)`, "6", ""},
	{`f = function(int a, double b) return (string r) { r = a + "/" + b; } print(f(2.9, 3));`, "2/3.0", ""},
	{`f = function(matrix[double] A, double s=2) return (double r) { if(s>1) {r = sum(A)*s;} else {r = 0.0;} } print(f(A=matrix(1,2,2)))`, "8.0", ""},
	{`g = function(int n) return (int r) { if(n <= 1) { r = 1; } else { r = n * g(n-1); } } print(g(5))`, "120", ""},
	{`h = function(int a) return (int b, int c) { if(a>0) {} b = a+1; c = a+2; } [x,y] = h(1); print(x + " " + y)`, "2 3", ""},
	{`L = list(1, 2.5, "z", TRUE); print(length(L)); print(L); print(as.scalar(L[2]) + 1)`, "4\nList containing:\n[1, 2.5, z, TRUE]\n3.5", ""},
	{`L = list(a=matrix(1,1,2), b=3); L["b"] = 9; print(as.scalar(L["b"])); print(sum(as.matrix(L["a"])))`, "9\n2.0", ""},
	{`L = list(); for(i in 1:3) { L = append(L, i*i); } [M, e] = remove(L, 1); print(length(M) + " " + as.scalar(e))`, "2 1", ""},
	{`X = matrix(0,2,2); X[1,2] = 5; X[2,] = matrix(3,1,2); Y = X; Y[1,1] = 9; print(sum(X)); print(sum(Y))`, "11.0\n20.0", ""},
	{`X = matrix(seq(1,4),2,2); v = matrix(10,2,1); print(sum(X + v)); print(sum(X > 2)); print(sum(X * t(v)))`, "50.0\n2.0\n100.0", ""},
	{`R = matrix(0,0,2); for(i in 1:3) { R = rbind(R, matrix(i,1,2)); } print(nrow(R) + "x" + ncol(R))`, "3x2", ""},
	{`A = matrix(0,4,1); parfor(i in 1:4) { A[i,1] = i*i; } print(sum(A))`, "30.0", ""},
	{`A = matrix(1,1,1); parfor(i in 1:4) { A += i; } print(as.scalar(A))`, "11.0", ""},
	{`print("%d %5.2f %s %b", 3, 1.005, "q", TRUE)`, "3  1.01 q true", ""},
	{`x = ifdef($foo, 3); print(x * 2)`, "6", ""},
	{`x = ifdef($foo, 3); print(x * 2)`, "5.0", "foo=2.5"},
	{`a = 5 b = 6; if(a < b) print("lt") else print("ge")`, "lt", ""},
	{`F = as.frame(matrix("3 1", 1, 2)); print(F)`, "# FRAME: nrow = 1, ncol = 2\n# C1 C2\n# INT32 BOOLEAN\n3 TRUE\n", ""},
	{`f = function(matrix[double] A, boolean v) return (matrix[double] B) { if(v) {print("v");} B = A + 1; } Y = eval("f", matrix(1,1,1), TRUE); print(as.scalar(Y))`, "v\n2.0", ""},
	{`i = 0; while(i < 3 & TRUE) { i = i + 1; } print(i)`, "3", ""},
	{"print(\"a\\tb\"); print('say \"hi\"'); print(\"two\nlines\")", "a\tb\nsay \"hi\"\ntwo\nlines", ""},
}

func TestConformance(t *testing.T) {
	for i, o := range conformant {
		t.Run(fmt.Sprintf("row%d", i+1), o.test)
	}
}

// Source: language reference §19, the scripts that must fail.
var nonconformant = []failure{
	{`x = 1:3`, refused, diag.Syntax},
	{`x = y = 3`, refused, diag.Syntax},
	{`f = function(x) { y = x }`, refused, diag.Syntax},
	{`in = 1`, refused, diag.Syntax},
	{`a = TRUE; if(a) {b=1}; else {b=2}`, refused, diag.Syntax},
	{`print($zz)`, refused, diag.MissingArg},
	{`f=function(){a=1} f=function(){a=2}`, refused, diag.DuplicateFunction},
	{`f = function(Matrix[Doubl] X) {y=1}`, refused, diag.BadTypeWord},
	{`print(undef)`, refused, diag.UndefinedVariable},
	{`y = nofun(3)`, refused, diag.UndefinedFunction},
	{`a = TRUE + 1`, refused, diag.TypeMismatch},
	{`a = TRUE && FALSE`, refused, diag.NotSupported},
	{`pi = 3`, refused, diag.AssignConstant},
	{`sum(matrix(1,2,2))`, refused, diag.NotAValue},
	{`f = function(int a, int b) return (int c) { if(a>0) {} c = a; } x = f(a=1, 2)`, refused, diag.BadArguments},
	{`f = function(int a, int b) return (int c) { if(a>0) {} c = a; } x = f(1,2,3)`, refused, diag.BadArguments},
	{`f = function(int a, int b) return (int c) { if(a>0) {} c = a; } x = f(a=1, z=2)`, refused, diag.BadArguments},
	{`X = matrix(1,2,2); if(sum(X)>1) { X = 3 } print(sum(X))`, refused, diag.TypeChange},
	{`X = matrix(1,2,2); print(sum(X[3,]))`, refused, diag.BadIndex},
	{`Z[1,1] = 3`, refused, diag.UndefinedVariable},
	{`X = matrix(1,2,3) %*% matrix(1,2,3); print(sum(X))`, refused, diag.ShapeMismatch},
	{`s = 0; parfor(i in 1:3) { s = s + i; }`, refused, diag.LoopDependency},
	{`A = matrix(0,9,1); parfor(i in 2:9) { A[i,1] = A[i-1,1]; } print(sum(A))`, refused, diag.LoopDependency},
	{`i = 5; X = matrix(1,2,2); if(sum(X)>0) { i = 7 } print(sum(X[i,]))`, either, diag.BadIndex},
	{`X = matrix(0,3,3); X[1:2,1] = 4; print(sum(X))`, either, diag.ShapeMismatch},
	{`print(as.scalar(matrix(1,2,2)+0))`, either, diag.ShapeMismatch},
	{`x = 9223372036854775807; y = x + x; print(y)`, either, diag.Overflow},
	{`stop("bye")`, fails, diag.Stopped},
	{`assert(1 > 2)`, fails, diag.AssertFailed},
}

func TestConformanceFailures(t *testing.T) {
	for _, f := range nonconformant {
		f.test(t)
	}
}
