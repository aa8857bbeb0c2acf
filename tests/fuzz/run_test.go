package fuzz

import (
	"bytes"
	"context"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gdml/compiler"
	"gdml/lang/diag"
	"gdml/runtime/exec"
	"gdml/runtime/par"
	"gdml/runtime/pool"
)

// outcome is what a program printed and how it ended: "" well, "compile" when it was
// refused, "run" when it failed.
type outcome struct {
	out, class, message string
}

// run compiles and runs a program.
func run(t testing.TB, text string, level, threads int) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, ds := compiler.Compile(ctx, compiler.Source{Name: "f.dml", Text: text}, compiler.Options{Level: level, Check: true})
	if r.Program == nil {
		return outcome{class: "compile", message: rendered(r, ds)}
	}
	var out bytes.Buffer
	memory := pool.New(1 << 20)
	m := exec.New(r.Program, exec.Options{Out: &out, Workers: par.New(threads), Pool: memory, Seeded: true, Seed: 1})
	err := m.Run(ctx)
	m.Close()
	if n := memory.Live(); n != 0 {
		t.Errorf("%d bytes are live after the run at O%d of\n%s", n, level, text)
	}
	if err == nil {
		return outcome{out: out.String()}
	}
	var l diag.List
	l.Add(compiler.Diagnose(r.Set, err))
	return outcome{out: out.String(), class: "run", message: rendered(r, l)}
}

func rendered(r *compiler.Result, l diag.List) string {
	var b strings.Builder
	rd := diag.Renderer{Set: r.Set}
	rd.Write(&b, l)
	return b.String()
}

// tolerance is how far two printed numbers may be apart, relative to the larger of 1 and
// their size: rewrites and other orders of summation round differently.
const tolerance = 1e-9

// number matches printed numbers.
var number = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?(E-?[0-9]+)?|-?Infinity|NaN`)

// same compares two outputs number by number, and what stands between them.
func same(a, b string) bool {
	if !slices.Equal(strings.Fields(number.ReplaceAllString(a, "#")), strings.Fields(number.ReplaceAllString(b, "#"))) {
		return false
	}
	x, y := number.FindAllString(a, -1), number.FindAllString(b, -1)
	for i := range x {
		if x[i] != y[i] && !near(x[i], y[i]) {
			return false
		}
	}
	return true
}

func near(a, b string) bool {
	x, _ := strconv.ParseFloat(a, 64)
	y, _ := strconv.ParseFloat(b, 64)
	return x == y || math.Abs(x-y) <= tolerance*max(1, math.Abs(x), math.Abs(y))
}

// TestLevels runs programs in several configurations.
func TestLevels(t *testing.T) {
	n := uint64(300)
	if testing.Short() {
		n = 40
	}
	failed := 0
	for seed := range n {
		text := Program(seed, Options{})
		want := run(t, text, compiler.O0, 1)
		if want.class == "compile" {
			t.Fatalf("seed %d does not compile: %s\n%s", seed, want.message, text)
		}
		if want.class != "" {
			failed++
			t.Logf("seed %d fails: %s", seed, want.message)
		}
		for _, c := range []struct{ level, threads int }{{compiler.O1, 1}, {compiler.O2, 1}, {compiler.O2, 4}} {
			got := run(t, text, c.level, c.threads)
			if got.class != want.class || !same(got.out, want.out) {
				t.Fatalf("seed %d at O%d with %d threads gives %s\n%s%s\nbut at O0 %s\n%s%s\n%s",
					seed, c.level, c.threads, got.class, got.out, got.message, want.class, want.out, want.message, text)
			}
		}
	}
	if failed > int(n)/20 {
		t.Errorf("%d of %d programs fail at run time", failed, n)
	}
}
