package fuzz

import (
	"fmt"
	"strings"
	"testing"

	"gdml/compiler"
)

// TestFaulty demands that a mistake is reported, in the same way at every level, and
// never as a fault of gdml. An optimised program may print more before it fails, because
// what fails is computed when it is needed.
func TestFaulty(t *testing.T) {
	n := uint64(300)
	if testing.Short() {
		n = 60
	}
	for seed := range n {
		text := Faulty(seed, Options{})
		naive := run(t, text, compiler.O0, 1)
		if naive.class == "" {
			t.Fatalf("seed %d does not fail:\n%s", seed, text)
		}
		for _, c := range []struct{ level, threads int }{{compiler.O1, 1}, {compiler.O2, 4}} {
			got := run(t, text, c.level, c.threads)
			if got.class != naive.class || firstLine(got.message) != firstLine(naive.message) || !begins(got.out, naive.out) {
				t.Fatalf("seed %d at O%d: %s error\n%s%s\nbut at O0 %s\n%s%s\n%s",
					seed, c.level, got.class, got.out, got.message, naive.class, naive.out, naive.message, text)
			}
		}
		if strings.Contains(naive.message, "internal error") || strings.Contains(naive.message, "E0801") || naive.message == "" {
			t.Fatalf("seed %d: %s\n%s", seed, naive.message, text)
		}
	}
}

// begins reports whether a text begins like what was printed at O0.
func begins(out, naive string) bool {
	x, y := strings.Fields(out), strings.Fields(naive)
	return len(x) >= len(y) && same(strings.Join(x[:len(y)], " "), strings.Join(y, " "))
}

func firstLine(s string) string {
	l, _, _ := strings.Cut(s, "\n")
	return l
}

// TestReferenceFaulty demands that gdml refuses what the reference refuses. It may find
// out before the run what the reference finds out in it.
func TestReferenceFaulty(t *testing.T) {
	r := newReference(t)
	different := 0
	first, n := seeds(t, 200)
	for seed := first; seed < first+n; seed++ {
		text := Faulty(seed, Options{Suffix: fmt.Sprintf("_%d", seed), Reference: true})
		want, got := failure(r.script(t, text)), run(t, text, compiler.O2, 2)
		if want.class == got.class || want.class == "run" && got.class == "compile" {
			continue
		}
		different++
		t.Logf("seed %d: gdml %q %s\nreference %q %s\n%s", seed, got.class, got.message, want.class, want.message, text)
	}
	t.Logf("%d programs, %d differences", n, different)
	if different > int(n)/10 {
		t.Error("too many differences")
	}
}
