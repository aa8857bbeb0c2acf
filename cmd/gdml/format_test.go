package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// command runs a command line with the given standard input.
func command(in string, argv ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	sys := &system{in: strings.NewReader(in), out: &o, err: &e, env: func(string) string { return "" }}
	status = run(sys, argv)
	return status, o.String(), e.String()
}

func TestFmt(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bad, good := file("a/bad.dml", "x=1;y=2\n"), file("a/good.dml", "x = 1\n")
	wrong, torn := file("wrong.dml", "x = (1\n"), file("torn.dml", "x = 1 .\n")
	file("a/not.txt", "x=1")
	const diff = "--- BAD\n+++ BAD (formatted)\n@@ -1,1 +1,2 @@\n-x=1;y=2\n+x = 1\n+y = 2\n"
	for _, c := range []struct {
		argv         []string
		in           string
		status       int
		out, message string
	}{
		{nil, "x=1", 0, "x = 1\n", ""},
		{[]string{"-"}, "x=1 # c", 0, "x = 1  # c\n", ""},
		{[]string{"-l", dir + "/a"}, "", 1, bad + "\n", ""},
		{[]string{"-l", good}, "", 0, "", ""},
		{[]string{"-d", bad, good}, "", 1, strings.ReplaceAll(diff, "BAD", bad), ""},
		{[]string{bad, good}, "", 0, "x = 1\ny = 2\nx = 1\n", ""},
		{[]string{wrong, good}, "", 3, "x = 1\n", "wrong.dml:1:7: error[E0110]"},
		{[]string{"-w", torn}, "", 3, "", "is left alone: formatting would lose the skipped text"},
		{[]string{"-w", "-"}, "x=1", 2, "", "cannot write to standard input"},
		{[]string{filepath.Join(dir, "a", "bda.dml")}, "", 2, "", "did you mean"},
		{[]string{"-x"}, "", 2, "", "usage: gdml fmt"},
		{[]string{"-h"}, "", 0, "", "usage: gdml fmt"},
		{[]string{"-w", "-l", dir + "/a"}, "", 1, bad + "\n", ""}, // rewrites it
		{[]string{"-l", dir + "/a"}, "", 0, "", ""},
	} {
		status, out, errs := command(c.in, append([]string{"fmt"}, c.argv...)...)
		if status != c.status || out != c.out || !strings.Contains(errs, c.message) || c.message == "" && errs != "" {
			t.Errorf("fmt %q: status %d, output %q, messages %q", c.argv, status, out, errs)
		}
	}
	if b, err := os.ReadFile(bad); err != nil || string(b) != "x = 1\ny = 2\n" {
		t.Errorf("file is %q, %v", b, err)
	}
	if info, err := os.Stat(bad); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode is %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(dir + "/*/.gdml*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// apply applies a unified diff with one file in it.
func apply(t *testing.T, text, diff string) string {
	t.Helper()
	var out []string
	old := splitLines(text)
	at := 0
	for _, l := range splitLines(diff)[2:] {
		switch l[0] {
		case '@':
			var from, n, to, m int
			if _, err := fmt.Sscanf(l, "@@ -%d,%d +%d,%d @@", &from, &n, &to, &m); err != nil {
				t.Fatalf("%q: %v", l, err)
			}
			out = append(out, old[at:from-1]...)
			at = from - 1
			if len(out) != to-1 {
				t.Fatalf("%q comes after %d new lines", l, len(out))
			}
		case ' ', '-':
			if old[at] != l[1:] {
				t.Fatalf("line %d is %q, not %q", at+1, old[at], l[1:])
			}
			at++
			if l[0] == ' ' {
				out = append(out, l[1:])
			}
		case '+':
			out = append(out, l[1:])
		}
	}
	return strings.Join(append(out, old[at:]...), "")
}

// Applying a difference to the old text gives the new one.
func TestDiffApplies(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte("abcd"[rng.IntN(4)])
			b.WriteByte('\n')
		}
		return b.String()
	}
	for range 300 {
		a := text(rng.IntN(40))
		b := a
		switch rng.IntN(3) {
		case 0:
			b = text(rng.IntN(40))
		case 1:
			ls := splitLines(a)
			if len(ls) > 0 {
				ls[rng.IntN(len(ls))] = "z\n"
				ls = append(ls, "y\n")
			}
			b = strings.Join(ls, "")
		}
		if a == b {
			continue
		}
		d := unifiedDiff("f", a, b)
		if got := apply(t, a, d); got != b {
			t.Fatalf("from %q to %q:\n%s\ngives %q", a, b, d, got)
		}
	}
}

func TestCheckCommand(t *testing.T) {
	const script = "X = read($X)\nif ($n > 1) { print(sum(X)) }\n"
	for _, c := range []struct {
		argv    []string
		status  int
		message string
	}{
		{[]string{"check", "-s", script}, 0, ""},
		{[]string{"check", "-s", "print(1)"}, 0, ""},
		{[]string{"check", "-s", "print(a)"}, 3, "a is not defined"},
		{[]string{"-check", "-s", "print(1)"}, 0, ""},
		{[]string{"-check", "-s", "print(a)"}, 3, "a is not defined"},
		{[]string{"-check", "-s", "print($n)"}, 3, "argument $n is not set"},
		{[]string{"-check", "-explain", "hops", "-s", "print($n)", "-nvargs", "n=3"}, 0, "# HOPS"},
		{[]string{"check", "-s", "print($n)", "-nvargs", "m=3"}, 0, "the script does not use argument $m"},
	} {
		status, out, errs := command("", c.argv...)
		if status != c.status || out != "" || !strings.Contains(errs, c.message) || c.message == "" && errs != "" {
			t.Errorf("%q: status %d, output %q, messages %q", c.argv, status, out, errs)
		}
	}
}
