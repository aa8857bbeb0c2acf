package compiler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gdml/lang/diag"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

// input feeds one input to s and returns the output, the value and any message.
func input(t *testing.T, s *Session, text string) string {
	t.Helper()
	var out bytes.Buffer
	v, ds, err := s.Eval(t.Context(), "in", text, exec.Options{Out: &out})
	for _, d := range ds.All() {
		fmt.Fprintf(&out, "%v: %s\n", d.Severity, d.Msg)
	}
	if err != nil {
		fmt.Fprintf(&out, "%v\n", err)
	}
	if v != nil {
		fmt.Fprintf(&out, "= %s", value.Text(v))
		value.Release(v)
	}
	return out.String()
}

func TestSession(t *testing.T) {
	for _, level := range []int{O0, O2} {
		s := NewSession(Options{Level: level})
		steps := []struct{ in, want string }{
			{"x = 3", ""},
			{"x + 1", "= 4"},
			{"X = matrix(1, 2, 2); Y = X", ""},
			{"X[1,1] = 5", ""},
			{"sum(X) + sum(Y)", "= 12.0"},
			{"f = function(matrix[double] A, double k) return (double s) { s = sum(A) * k }", ""},
			{"f(X, x)", "= 24.0"},
			{"g = function(double k) return (double s) { s = f(matrix(1, 1, 1), k) + 1 }", ""},
			{"g(2); print(g(3))", "4.0\n= 3.0"},
			{"f = function(matrix[double] A, double k) return (double s) { s = -1 }", ""},
			{"g(2)", "= 0.0"}, // the new f
			{"print(zz)", "error: "},
			{"x = \"text\"", ""},
			{"x", "= text"},
			{"y = 1; X = X + 1; y = 2; stop(\"no\"); y = 3", "no"},
			{"y + sum(X)", "= 14.0"},
			{"exists(\"y\") & !exists(\"w\")", "= TRUE"},
		}
		for _, st := range steps {
			got := input(t, s, st.in)
			if got != st.want && !(strings.HasPrefix(st.want, "error") && strings.HasPrefix(got, st.want)) && strings.TrimSpace(got) != st.want {
				t.Errorf("O%d: %s gives %q; want %q", level, st.in, got, st.want)
			}
		}
		if vars := fmt.Sprint(s.Vars()); vars != "[X Y x y]" {
			t.Errorf("variables %s", vars)
		}
		s.Set("z", 2.5)
		if got := input(t, s, "z * 2"); got != "= 5.0" {
			t.Errorf("z * 2 gives %q", got)
		}
		s.Close()
		if n := s.pool.Live(); n != 0 {
			t.Errorf("%d bytes are live after the session", n)
		}
	}
}

func TestSessionKeepsNamespaces(t *testing.T) {
	dir := tree(t, map[string]string{"a.dml": "f = function(double x) return (double y) { y = x + 1 }\n"})
	s := NewSession(Options{Level: O2, Dir: dir})
	defer s.Close()
	for _, st := range []struct{ in, want string }{
		{`source("a.dml") as a`, ""},
		{"a::f(1)", "= 2.0"},
		{"h = function(double x) return (double y) { y = a::f(x) * 2 }", ""},
		{"h(3)", "= 8.0"},
		{"k = function(double x) return (double y) { y = x }\nprint(undefined)", "error: "},
		{"k(3)", "error: "}, // an input that does not compile defines nothing
		{"h(4)", "= 10.0"},
	} {
		if got := input(t, s, st.in); got != st.want && !(st.want == "error: " && strings.HasPrefix(got, st.want)) {
			t.Errorf("%s gives %q; want %q", st.in, got, st.want)
		}
	}
}

// A statement that fails or is interrupted leaves its target as it was.
// onWrite is called for whatever is written.
type onWrite func()

func (w onWrite) Write(p []byte) (int, error) { w(); return len(p), nil }

func TestSessionKeepsOldValue(t *testing.T) {
	s := NewSession(Options{Level: O2})
	defer s.Close()
	input(t, s, "X = matrix(2, 3, 3); n = 5")
	if got := input(t, s, "X = exp(X * 2) + sum(X[n,])"); !strings.Contains(got, "row index 5 is outside") {
		t.Errorf("got %q", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err := s.Eval(ctx, "in", "X = X + 1\nwhile (TRUE) { X = X * 2; n = n + 1; print(n) }", exec.Options{Out: onWrite(cancel)})
	var e *exec.Error
	if !errors.As(err, &e) || e.Code != diag.Interrupted {
		t.Errorf("error %v", err)
	}
	input(t, s, "X = matrix(2, 3, 3)")
	if got := input(t, s, "sum(X)"); got != "= 18.0" {
		t.Errorf("sum(X) gives %q", got)
	}
}

func TestDiagnoseStack(t *testing.T) {
	got := runScript(t, `g = function(matrix[double] A, int k) return (double s) { s = sum(A[k,]) }
f = function(matrix[double] A) return (double s) {
  s = 0
  for (i in 1:3) { s = s + g(A, 2 * i) }
}
print(f(rand(rows=4, cols=2)))`, Options{Level: O2}, 1)
	for _, want := range []string{
		"test.dml:1:", "row index 6 is outside 1..4",
		"called from g", "test.dml:4:28", "called from f", "test.dml:6:7",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the message does not contain %q:\n%s", want, got)
		}
	}
}
