package size_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"gdml/compiler"
	"gdml/compiler/build"
	"gdml/compiler/hop"
	"gdml/compiler/internal/hoptest"
	"gdml/compiler/size"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

var update = flag.Bool("update", false, "rewrite the expected results")

// show writes diagnostics with the text they point at.
func show(set *source.Set, l diag.List) []byte {
	var b bytes.Buffer
	text := func(s source.Span) string { return set.File(s.Start).Slice(s) }
	for _, d := range l.All() {
		at := set.Position(d.Span.Start)
		fmt.Fprintf(&b, "%d:%d: %s: %s\n  at %q in %q\n", at.Line, at.Col, d.Code, d.Msg, text(d.Span), text(d.Context))
		for _, n := range d.Notes {
			at := set.Position(n.Span.Start)
			fmt.Fprintf(&b, "  note %d:%d: %s\n", at.Line, at.Col, n.Msg)
		}
	}
	return b.Bytes()
}

// TestArchives propagates sizes through the script of each archive and compares the HOPs, those
// with literals in place of known scalars, those of a naive build, and the errors.
func TestArchives(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for i := 1; i < len(a.Files); i++ {
				s := &a.Files[i]
				p := hoptest.Build(t, string(a.Files[0].Data), build.Options{Naive: s.Name == "naive"})
				l := size.Propagate(p, size.Options{Fold: s.Name == "folded"})
				if err := hop.Verify(p); err != nil {
					t.Fatal(err)
				}
				got := hoptest.Dump(t, p)
				if s.Name == "errors" {
					got = show(p.Sources, l)
				} else if l.HasErrors() {
					t.Errorf("errors:\n%s", show(p.Sources, l))
				}
				if *update {
					s.Data = got
				} else if !bytes.Equal(got, s.Data) {
					t.Errorf("%s is\n%s", s.Name, got)
				}
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// final returns the node that the last root of the main program that writes v gives it.
func final(p *hop.Program, v string) (out *hop.Node, ok bool) {
	hop.Walk(p.Main.Body, func(b *hop.Block) {
		if b.Kind != hop.Basic {
			return
		}
		for _, r := range b.DAG.Roots {
			if r.Var == v {
				out, ok = r.Node, true
			}
		}
	})
	return out, ok
}

// prelude gives the scripts of sizes a matrix of known size, one of unknown size, and an unknown int.
const prelude = "X = rand(rows=100, cols=5, seed=1)\nY = rand(rows=as.integer(sum(X)), cols=5)\nn = as.integer(sum(X) / 5)\n"

// sizes gives the size of r, its constant value, or the type of a scalar that is not constant.
var sizes = []struct{ script, want string }{
	{`r = X`, "100x5"},
	{`r = Y`, "?x5"},
	{`r = t(X) %*% X`, "5x5"},
	{`r = t(Y) %*% Y`, "5x5"},
	{`r = cbind(X, matrix(1, nrow(X), 1))`, "100x6"},
	{`r = rbind(X, Y)`, "?x5"},
	{`r = X[2:4,]`, "3x5"},
	{`r = X[n,]`, "1x5"},
	{`r = X[n:n+9,]`, "10x5"},
	{`i = as.integer(n / 10); r = Y[(i-1)*32+1:i*32,]`, "32x5"},
	{`i = as.integer(n / 10); k = i; r = Y[(i-1)*k+1:i*k,]`, "?x5"},
	{`i = n; r = Y[i:2*i,]`, "?x5"},
	{`r = X - colMeans(X)`, "100x5"},
	{`r = nrow(X) * 2 + 1`, "201"},
	{`r = ncol(Y)`, "5"},
	{`r = nrow(X) / 8`, "12.5"},
	{`r = "n=" + nrow(X) + 0.5`, `n=1000.5`},
	{`k = 4; if (n > 3) { k = 4 } r = matrix(0, k, k)`, "4x4"},
	{`k = 4; if (n > 3) { k = 5 } r = matrix(0, k, 2)`, "?x2"},
	{`k = 4; if (n > 3) { k = 5 } r = k + 1`, "int"},
	{`k = 4; if (nrow(X) > 3) { k = 5 } r = k + 1`, "6"},
	{`k = 4; if (nrow(X) < 3) { k = 5 } else { k = 6 } r = k + 1`, "7"},
	{`r = matrix(0, 0, 5); for (i in 1:3) { r = rbind(r, X[i,]) }`, "?x5"},
	{`r = X; while (sum(r) > 1) { r = r / 2 }`, "100x5"},
	{`r = X; a = X; for (i in 1:3) { r = a; a = t(a) }`, "?x?"},
	{`r = 1; for (i in 1:3) { r = i }`, "int"},
	{`r = 0; i = 0; while (i < 3) { i = i + 1; r = i }`, "int"},
	{`r = matrix(0, 4, 2); parfor (i in 1:4) { r[i, 1] = i }`, "4x2"},
	{`if (n > 3) { r = X } else { r = Y }`, "?x5"},
	{`r = as.scalar(X[1,1])`, "double"},
	{`L = list(X, 3); r = as.matrix(L[1])`, "?x?"},
	{`L = list(X, 3); r = length(L)`, "2"},
	{`L = list(X, 3); L[2] = X; r = length(L)`, "2"},
	{`r = matrix("1 2 3 4", 2, 2)`, "2x2"},
	{`r = seq(1, nrow(X), 7)`, "15x1"},
	{`r = ifelse(X > 0, X, 0)`, "100x5"},
	{`r = max(nrow(X), 7)`, "100"},
	{`r = 7 %/% 2 * 2 ^ 3`, "24.0"},
	{`r = 2 > 1 & !(1 == 2)`, "TRUE"},
	{`r = -nrow(X)`, "-100"},
	{`a = 9223372036854775807; r = a + a`, "int"},
	{`L = list(1); L = append(L, 2); r = length(L)`, "int"},
	{`L = list(); for (i in 1:3) { L = append(L, i) } r = length(L)`, "int"},
	{`L = list(a=1, b=X); r = length(L["b"])`, "1"},
	{`[L, e] = remove(list(1, 2, 3), 2); r = length(L)`, "2"},
	{`r = 5; parfor (i in 1:4, check=0) { r = 5 }`, "int"},
	{`r = 0.0; x = -0.0; if (n > 3) { r = x } r = 1 / r`, "double"},
	{`x = 0/0; y = 1; while (y < 3) { x = 0/0; y = y + 1 } r = x`, "NaN"},
	{`r = rowSums(X) %*% colSums(Y)`, "100x5"},
	{`r = order(target=X, by=1, index.return=TRUE)`, "100x1"},
	{`r = outer(seq(1, 3), t(seq(1, 4)), "*")`, "3x4"},
	{`r = diag(matrix(1, 4, 1)) + 1`, "4x4"},
	{`r = X[, 2:ncol(X)]`, "100x4"},
	{`r = X; r[1, 1] = n; r = r[1:2, 1]`, "2x1"},
	{`for (i in 1:3) { if (i == 2) { r = X } else { r = Y } }`, "?x5"},
	{`i = 3; for (i in 1:2) { k = i } r = i`, "int"},
	{`f = function(int n) return (int a, int b) { a = n; b = n * 2 } [a, r] = f(4)`, "8"},
	{`f = function(int n) return (int a) { a = 1; while (n > 1) { a = a * n; n = n - 1 } } r = f(4)`, "int"},
	{`f = function(matrix[double] A, int n) return (matrix[double] A) { if (n > 0) A = rbind(A, A) } r = f(X, 0)`, "100x5"},
	{`f = function(matrix[double] A, int n) return (matrix[double] A) { if (n > 0) A = rbind(A, A) } r = f(X, n)`, "?x5"},
	{`a = function(matrix[double] A, int n) return (matrix[double] B) { B = A; if (n > 0) B = b(A, n - 1) } b = function(matrix[double] A, int n) return (matrix[double] B) { B = a(t(A), n) } r = a(X, 3)`, "?x?"},
	{`f = function(matrix[double] A) return (matrix[double] B) { B = t(A) } r = f(X)`, "5x100"},
	{`f = function(matrix[double] A) return (matrix[double] B) { B = t(A) } r = f(X); s = f(Y)`, "5x100"},
	{`f = function(matrix[double] A) return (matrix[double] B) { B = t(A) } s = f(X); r = f(Y)`, "5x?"},
	{`f = function(int n, int k = n + 1) return (matrix[double] B) { B = matrix(0, n, k) } r = f(3)`, "3x4"},
	{`f = function(int n, int k = n + 1) return (matrix[double] B) { B = matrix(0, n, k) } r = f(n = 3, k = 2)`, "3x2"},
	{`f = function(int n) return (matrix[double] B) { if (n == 0) B = matrix(0, 2, 2) else B = f(n - 1) } r = f(3)`, "?x?"},
	{`f = function(double v) return (double r) { r = v } r = f(3) + 1`, "4.0"},
	{`f = function(int n) return (double r) { r = n } r = f(3)`, "double"},
	{`g = function(matrix[double] A) return (int n) { n = ncol(A) } f = function(matrix[double] A) return (int n) { n = g(A) + g(t(A)) } r = f(X)`, "105"},
}

func TestSizes(t *testing.T) {
	for _, tc := range sizes {
		t.Run(tc.script, func(t *testing.T) {
			// r is read once more, so that the state after control blocks counts.
			p := hoptest.Build(t, prelude+tc.script+"\nr = r", build.Options{})
			if l := size.Propagate(p, size.Options{}); l.Len() > 0 {
				t.Fatalf("%s", show(p.Sources, l))
			}
			n, ok := final(p, "r")
			if !ok {
				t.Fatal("r is not written")
			}
			got := n.Shape.String()
			switch {
			case n.Shape.Val != nil:
				got = value.Text(n.Shape.Val)
			case n.Type.Data == types.Scalar:
				got = n.Type.String()
			}
			if got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// TestSizesAreTrue runs the same scripts: what the compiler says of r holds for its value.
func TestSizesAreTrue(t *testing.T) {
	for _, tc := range sizes {
		what := `r`
		if strings.Contains(tc.want, "x") && !strings.Contains(tc.want, "=") {
			what = `nrow(r) + "x" + ncol(r)`
		}
		r, l := compiler.Compile(t.Context(), compiler.Source{Name: "test.dml", Text: prelude + tc.script + "\nprint(" + what + ")"}, compiler.Options{})
		hoptest.Accept(t, r.Set, l)
		var out strings.Builder
		m := exec.New(r.Program, exec.Options{Out: &out})
		err := m.Run(t.Context())
		m.Close()
		if err != nil {
			if !strings.Contains(tc.script, "9223372036854775807") {
				t.Errorf("%s: %v", tc.script, err)
			}
			continue
		}
		got := strings.TrimSuffix(out.String(), "\n")
		switch tc.want {
		case "int", "double", "boolean", "string":
			continue
		}
		pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(tc.want), `\?`, `\d+`) + "$"
		if !regexp.MustCompile(pattern).MatchString(got) {
			t.Errorf("%s: %s at run time, %s at compile time", tc.script, got, tc.want)
		}
	}
}
