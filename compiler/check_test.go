package compiler

import (
	"strings"
	"testing"

	"gdml/lang/diag"
)

// Check knows nothing of arguments that were not passed, and everything else.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string // a part of each message, in order
	}{
		{"arguments are unknown values", `
X = read($X)
y = $y
s = ifdef($s, 3)
if ($flag) { print(sum(X + y)) }
for (i in 1:$n) { X[i, $k] = s * $z }
print($msg + nrow(X))
write(X, $out)`, nil},
		{"sizes", "X = matrix($v, 2, 3)\nprint(sum(X %*% X))", []string{"inner dimensions"}},
		{"constants", "i = 4\nX = matrix(0, 3, 3)\nprint(sum(X[i, $j]))", []string{"outside"}},
		{"several at once", "a = b\nc = nofun($x)\nd = TRUE + 1", []string{"b is not defined", "unknown function nofun", "boolean"}},
		{"functions that nobody calls", "f = function(int a) return (int b) { b = zz }", []string{"zz is not defined"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, ds := Check(t.Context(), Source{Name: "test.dml", Text: c.text}, Options{Level: O2, Check: true})
			if r.Program != nil {
				t.Error("there is a program")
			}
			var got []string
			for _, d := range ds.All() {
				if d.Severity == diag.Error {
					got = append(got, d.Msg)
				}
			}
			if len(got) != len(c.want) {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			for i, w := range c.want {
				if !strings.Contains(got[i], w) {
					t.Errorf("got %q, want %q", got[i], w)
				}
			}
		})
	}
}

// Arguments that were passed count, as they do for Compile.
func TestCheckUsesArguments(t *testing.T) {
	src := Source{Name: "test.dml", Text: "X = matrix(1, 2, $n)\nprint(sum(X %*% X))"}
	if _, ds := Check(t.Context(), src, Options{Args: map[string]string{"n": "2"}}); ds.Len() > 0 {
		t.Errorf("got %v", ds.All())
	}
	if _, ds := Check(t.Context(), src, Options{Args: map[string]string{"n": "3"}}); ds.Errors() != 1 {
		t.Errorf("got %v", ds.All())
	}
}
