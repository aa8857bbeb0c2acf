package check

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/parse"
	"gdml/lang/source"
	"gdml/lang/types"
)

// TestFailing holds the scripts of the language reference §19 that validation must
// refuse, with the code that tells why.
func TestFailing(t *testing.T) {
	f := `f = function(int a, int b) return (int c) { if(a>0) {} c = a; } `
	for script, code := range map[string]string{
		`print($zz)`:                          "E0206",
		`f=function(){a=1} f=function(){a=2}`: "E0204",
		`print(undef)`:                        "E0201",
		`y = nofun(3)`:                        "E0202",
		`a = TRUE + 1`:                        "E0301",
		`a = TRUE && FALSE`:                   "E0213",
		`pi = 3`:                              "E0208",
		`sum(matrix(1,2,2))`:                  "E0211",
		f + `x = f(a=1, 2)`:                   "E0205",
		f + `x = f(1,2,3)`:                    "E0205",
		f + `x = f(a=1, z=2)`:                 "E0205",
		`X = matrix(1,2,2); if(sum(X)>1) { X = 3 } print(sum(X))`: "E0303",
		`Z[1,1] = 3`:                             "E0201",
		`s = 0; parfor(i in 1:3) { s = s + i; }`: "E0501",
		`A = matrix(0,9,1); parfor(i in 2:9) { A[i,1] = A[i-1,1]; } print(sum(A))`: "E0501",
	} {
		if got := one(t, script); !strings.HasPrefix(got, code) {
			t.Errorf("%s: errors %q, want %s", script, got, code)
		}
	}
}

// TestPassing holds scripts of the same section that must pass without a word.
func TestPassing(t *testing.T) {
	for _, script := range []string{
		`print(-7%/%2); print(7%%-3); print(2^3^2); print(NaN==NaN); print("x"+TRUE+1.5)`,
		`print(TRUE+TRUE); print(!TRUE); print(TRUE & FALSE | TRUE); print("1" == 1.0)`,
		`X = matrix(7,3,3); print(sum(X)); print(as.scalar(X[2,2])); print(nrow(X)/2)`,
		`s = ""; for(i in 1:0) s = s + i + ","; print(s)`,
		`s = ""; for(i in seq(10,1,-4)) { s = s + i + " "; i = 100; } print(s + i)`,
		`s = 0; for(i in 1:3.9) { s = s + i; } print(s)`,
		`f = function(int a, double b) return (string r) { r = a + "/" + b; } print(f(2.9, 3));`,
		`h = function(int a) return (int b, int c) { if(a>0) {} b = a+1; c = a+2; } [x,y] = h(1); print(x + " " + y)`,
		`L = list(1, 2.5, "z", TRUE); print(length(L)); print(L); print(as.scalar(L[2]) + 1)`,
		`L = list(a=matrix(1,1,2), b=3); L["b"] = 9; print(as.scalar(L["b"])); print(sum(as.matrix(L["a"])))`,
		`L = list(); for(i in 1:3) { L = append(L, i*i); } [M, e] = remove(L, 1); print(length(M) + " " + as.scalar(e))`,
		`R = matrix(0,0,2); for(i in 1:3) { R = cbind(R, matrix(i,1,2)); } print(nrow(R) + "x" + ncol(R))`,
		`A = matrix(0,4,1); parfor(i in 1:4) { A[i,1] = i*i; } print(sum(A))`,
		`A = matrix(1,1,1); parfor(i in 1:4) { A += i; } print(as.scalar(A))`,
		`x = ifdef($foo, 3); print(x * 2)`,
		`a = 5 b = 6; if(a < b) print("lt") else print("ge")`,
		`i = 0; while(i < 3 & TRUE) { i = i + 1; } print(i)`,
		`A = matrix(0,9,9); for(j in 1:2) { k = j; } parfor(i in 1:3) { k = i + 1; A[k,1] = k; } parfor(i in 1:3) { k = i; A[i,k] = 1; }`,
	} {
		if _, _, ds := run("script", script, Config{}); ds.Len() > 0 {
			d := ds.All()[0]
			t.Errorf("%s: %s %s", script, d.Code, d.Msg)
		}
	}
}

func TestParseArg(t *testing.T) {
	for text, want := range map[string]Value{
		"": nil, "TRUE": true, "FALSE": false, "true": "true", "False": "False", "T": "T", "NULL": "NULL",
		"3": int64(3), "+3": int64(3), "-3": int64(-3), "007": int64(7), "5L": "5L", "1_000": "1_000",
		"9223372036854775807": int64(math.MaxInt64), "9223372036854775808": 9223372036854775808.0,
		"3.0": 3.0, "1e3": 1000.0, ".5": 0.5, "5.": 5.0, "-1E-2": -0.01, "1e400": math.Inf(1),
		"Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "inf": "inf", "Inf": "Inf", "nan": "nan",
		"1d": "1d", "1f": "1f", "0x1p3": "0x1p3", " 1": " 1", "1,5": "1,5", "5%": "5%", ".": ".", "e3": "e3", "1e": "1e", "-": "-",
		`"007"`: "007", `'a b'`: "a b", `""`: "", `''`: "", `"a\tb\"c"`: "a\tb\"c", `"`: `"`, `"x'`: `"x'`,
		`C:\data\train.csv`: `C:\data\train.csv`, "a=b": "a=b",
	} {
		if got := ParseArg(text); got != want {
			t.Errorf("ParseArg(%q) = %T %v, want %T %v", text, got, got, want, want)
		}
	}
	if f, ok := ParseArg("NaN").(float64); !ok || !math.IsNaN(f) {
		t.Error("NaN is not a double")
	}
}

func TestTypes(t *testing.T) {
	_, info, ds := run("script", `
i = 7 %/% 2; j = 7 %% 2 * 3; d = 7 / 2; p = 2 ^ 3; n = -i; bb = TRUE + TRUE; s = 1 + 2 + "a"; b = 1 < 2
L = list(1); u = as.scalar(L[1]); u1 = u + 1; u2 = u - 0.5; u3 = u / 2; us = u + "s"
X = matrix(1, 2, 2); Y = X > 1; Z = 1 - X; W = X %*% X; nx = nrow(X)
m = min(1, 2); m2 = min(1, 2.5); m3 = max(X, 1); not = !X; nb = !3; F = as.frame(X); G = F == F; H = F[1, ]
e = L; e[1] = 2; if (i > 2) { t1 = 1.5 } else { t1 = 1 }
if (i > 2) { t2 = 1 } else { t2 = 1.5 }
t3 = 0; if (i > 2) { t3 = 0.5 }
t4 = 0; for (k in 1:2) { t5 = t4 + 1; t4 = 0.5 }
c1 = pi + 1
`, Config{})
	if ds.HasErrors() {
		t.Fatal(ds.All())
	}
	for name, want := range map[string]types.Type{
		"i": types.IntT, "j": types.IntT, "d": types.Dbl, "p": types.Dbl, "n": types.IntT, "bb": types.Dbl,
		"s": types.Str, "b": types.BoolT, "u": types.Scal, "u1": types.Scal, "u2": types.Dbl, "u3": types.Dbl, "us": types.Str,
		"X": types.Mat, "Y": types.Mat, "Z": types.Mat, "W": types.Mat, "nx": types.IntT, "m": types.IntT, "m2": types.Dbl,
		"m3": types.Mat, "not": types.Mat, "nb": types.BoolT, "G": types.FrameT, "H": types.FrameT, "e": types.ListT,
		"t1": types.Dbl, "t2": types.IntT, "t3": types.Dbl, "t4": types.Dbl, "t5": types.Dbl, "k": types.IntT, "c1": types.Dbl,
	} {
		if got := info.Vars[name]; got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// callOf returns the call of a function in the main script and what it means.
func callOf(t *testing.T, info *Info, name string) (*ast.Call, *Target) {
	t.Helper()
	var call *ast.Call
	for _, s := range info.Main.File.Stmts {
		ast.Walk(s, func(n ast.Node) bool {
			if c, ok := n.(*ast.Call); ok && c.Name == name {
				call = c
			}
			return true
		})
	}
	if call == nil {
		t.Fatalf("no call of %s", name)
	}
	return call, info.Calls[call]
}

func TestTargets(t *testing.T) {
	_, info, ds := run("script", `
source("lib.dml") as L
f = function(int a, int b = 2, int c) return (int d) { d = a + b + c }
X = matrix(rows=2, cols=3, data=1)
x = f(c=1, a=2)
Y = cbind(X, X, X)
l = list(a=1, 2)
Z = L::double_it(X)
C = center(X)
e = exists(nothing)
E = eval("L::double_it", X)
R = RAND(rows=2)
`, Config{})
	if ds.HasErrors() {
		t.Fatal(ds.All())
	}
	call, m := callOf(t, info, "matrix")
	if m.Args[0] != call.Args[2].Value || m.Args[1] != call.Args[0].Value || m.Args[3] != nil {
		t.Error("matrix: arguments are not in parameter order")
	}
	call, f := callOf(t, info, "f")
	if f.Func.Key != ".defaultNS::f" || f.Args[0] != call.Args[1].Value || f.Args[1] != nil || f.Args[2] != call.Args[0].Value {
		t.Error("f: arguments are not in parameter order")
	}
	if _, b := callOf(t, info, "cbind"); len(b.Args) != 3 {
		t.Error("cbind: want 3 arguments")
	}
	if _, l := callOf(t, info, "list"); !slices.Equal(l.Names, []string{"a", ""}) || len(l.Args) != 2 {
		t.Error("list: names", l.Names)
	}
	if _, l := callOf(t, info, "double_it"); l.Func.Key != "./lib.dml::double_it" || l.Args[1] != nil {
		t.Error("double_it:", l.Func.Key)
	}
	if _, l := callOf(t, info, "center"); l.Func.Key != ".builtinNS::m_center" || len(l.Results) != 2 {
		t.Error("center:", l.Func.Key)
	}
	if _, e := callOf(t, info, "exists"); e.Args[0].(*ast.StrLit).Value != "nothing" {
		t.Error("exists: the name is not passed as a string")
	}
	_, e := callOf(t, info, "eval")
	if lit, ok := e.Args[0].(*ast.StrLit); !ok || lit.Value != "./lib.dml::double_it" || info.Refs[lit] == nil || info.Refs[lit].Name != "double_it" {
		t.Error("eval: the function is not resolved")
	}
	if _, r := callOf(t, info, "RAND"); r.Name != "rand" {
		t.Error("RAND means", r.Name)
	}
	var keys []string
	for _, f := range info.Funcs {
		keys = append(keys, f.Key)
	}
	want := []string{".defaultNS::f", "./lib.dml::double_it", "./lib.dml::scale_by", "./other.dml::twice", "./other.dml::via",
		".builtinNS::m_center", ".builtinNS::f_center", ".builtinNS::s_center", ".builtinNS::center_helper"}
	if !slices.Equal(keys, want) {
		t.Errorf("functions\n%v, want\n%v", keys, want)
	}
}

// TestLibraryKeys checks that helpers of one name in two library files stay apart.
func TestLibraryKeys(t *testing.T) {
	_, info, ds := run("script", `X = matrix(1, 2, 2); s = spread(X)`, Config{})
	if ds.HasErrors() {
		t.Fatal(ds.All())
	}
	seen := map[string]bool{}
	for _, f := range info.Funcs {
		if seen[f.Key] {
			t.Errorf("key %s is used twice", f.Key)
		}
		seen[f.Key] = true
	}
	if len(seen) != 6 {
		t.Errorf("%d functions, want 6", len(seen))
	}
}

func TestVariants(t *testing.T) {
	_, info, _ := run("script", `X = matrix(1, 2, 2); Y = center(X); f = function() { print("f") }`, Config{})
	for _, f := range info.Funcs {
		want := 1
		if strings.HasSuffix(f.Name, "_center") {
			want = 3
		}
		if got := len(Variants(f)); got != want {
			t.Errorf("%s has %d variants, want %d", f.Name, got, want)
		}
	}
}

func TestFuncSig(t *testing.T) {
	_, info, _ := run("script", `f = function(list[double] a, matrix[double] b = matrix(0,0,0)) return (int c, frame[string] d) { c = 1; d = as.frame(b) }`, Config{})
	got := FuncSig(info.Main.Funcs["f"])
	want := types.FuncSig{
		Name: "f", Params: []types.FuncParam{{Name: "a", Type: types.ListT}, {Name: "b", Type: types.Mat}},
		Results: []types.FuncParam{{Name: "c", Type: types.IntT}, {Name: "d", Type: types.FrameT}}, HasDefault: []bool{false, true},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestBrokenSources(t *testing.T) {
	for script, want := range map[string][]string{
		`source("broken.dml") as b; x = b::f(1)`: {"E0110", "E0209"},
		`source("faulty.dml") as b; x = 1`:       {"E0201"},
	} {
		set, _, ds := run("script", script, Config{})
		var got []string
		for _, d := range ds.All() {
			got = append(got, d.Code.String())
			if d.Code != diag.BadSource && set.Position(d.Span.Start).File.Name == "script" {
				t.Errorf("%s: %s is reported in the main script", script, d.Msg)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: errors %v, want %v", script, got, want)
		}
	}
	set := source.NewSet()
	file, _ := parse.File(set, "script", `source("x.dml") as x; y = center(1)`, parse.Options{})
	_, ds := Program(set, file, Config{})
	if ds.Errors() != 2 { // no loader: nothing can be sourced, and there is no library
		t.Errorf("without loader: %v", ds.All())
	}
}

// TestREPL checks inputs that build on earlier ones.
func TestREPL(t *testing.T) {
	cfg := Config{REPL: true, Vars: map[string]types.Type{"X": types.Mat, "n": types.IntT}}
	_, first, ds := run("in[1]", `source("lib.dml") as L
f = function(matrix[double] X) return (double s) { s = g(L::double_it(X)) }
g = function(matrix[double] X) return (double s) { s = sum(X) }
sum(X)
X[1, 1] + n`, cfg)
	if ds.Len() > 0 {
		t.Fatal(ds.All())
	}
	cfg.Funcs, cfg.Aliases = first.Main.Funcs, first.Main.Aliases
	_, second, ds := run("in[2]", `g = function(matrix[double] X) return (double s) { s = 2 * sum(X) }
y = f(X) + sum(L::scale_by(X, 2))`, cfg)
	if ds.Len() > 0 {
		t.Fatal(ds.All())
	}
	if f := second.Main.Funcs["f"]; f == nil || second.Types[f.Decl.Body.Stmts[0].(*ast.Assign).Value] != types.Dbl {
		t.Error("the body of an earlier function is not checked again")
	}
	if g := second.Main.Funcs["g"]; g.Decl == first.Main.Funcs["g"].Decl {
		t.Error("the new function does not replace the old one")
	}
	if len(second.Funcs) != 6 {
		t.Errorf("%d functions, want 6: g, f and four sourced ones", len(second.Funcs))
	}
	if second.Vars["y"] != types.Dbl || second.Vars["X"] != types.Mat {
		t.Error("types of variables", second.Vars)
	}
}

func TestPartial(t *testing.T) {
	_, info, ds := run("script", `x = $n + 1; y = ifdef($m, "s"); if (x) { z = $n }`, Config{Partial: true})
	if ds.Len() > 0 || info.Vars["x"] != types.Any || info.Vars["y"] != types.Str {
		t.Error(ds.All(), info.Vars)
	}
	if !info.Used["n"] || !info.Used["m"] || info.Used["x"] {
		t.Error("used", info.Used)
	}
}

func TestConditionals(t *testing.T) {
	_, info, _ := run("script", "a = 1\nif (a > 0) {\n b = 1\n}\nfor (i in 1:2) {\n c = 1\n}\nd = 1", Config{})
	var got []string
	for n := range info.Conds {
		got = append(got, n.(*ast.Assign).Target.(*ast.Ident).Name)
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{"b", "c"}) {
		t.Error("conditional statements", got)
	}
}

// TestNesting checks that time does not explode with the depth of loops.
func TestNesting(t *testing.T) {
	var b strings.Builder
	const depth = 25
	b.WriteString("A = matrix(0, 9, 9)\n")
	for i := range depth {
		v := "v" + string(rune('A'+i%26)) + string(rune('a'+i/26))
		b.WriteString(v + " = 0\nfor (i" + v + " in 1:3) {\n" + v + " = " + v + " + 0.5\n")
	}
	b.WriteString("A[1,1] = 3\n" + strings.Repeat("}", depth))
	if _, _, ds := run("script", b.String(), Config{}); ds.HasErrors() {
		t.Error(ds.All())
	}
}

func FuzzProgram(f *testing.F) {
	for _, s := range []string{
		`X = matrix(1,2,2); parfor(i in 1:3) { X[i,1] += X[i,2]; k = i; X[k:min(k+1,3),] = X[1,] }`,
		`f = function(int a = b, matrix[double] b) return (int c) { c = f(b=a, a=c) } x = f(1)`,
		`[a, b[1]] = svd(c) d += [1, 2] while(a < b) { if(c) { a = list(a) } else stop("x") }`,
		`source("lib.dml") as L; Y = L::double_it(X) + center(X)[1]; x = ifdef($a, $b)`,
		`paramserv(upd="f", agg=g, k=-1) print() exists(x) y = print(1) pi[1] = Inf`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, _, ds := run("script", text, Config{REPL: len(text)%2 == 0})
		for _, d := range ds.All() {
			if d.Span.IsValid() && set.File(d.Span.Start) == nil {
				t.Errorf("%s lies in no file", d.Msg)
			}
			if d.Code == diag.None || d.Msg == "" {
				t.Errorf("diagnostic without code or message: %+v", d)
			}
		}
	})
}
