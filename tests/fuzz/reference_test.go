package fuzz

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"gdml/compiler"
)

// batch is the number of programs that the reference runs in one process: starting it
// takes a second.
const batch = 25

// reference runs scripts with Apache SystemDS.
type reference struct {
	launcher, dir string
}

func newReference(t *testing.T) *reference {
	launcher := os.Getenv("GDML_SYSTEMDS")
	if launcher == "" {
		t.Skip("GDML_SYSTEMDS does not name a launcher of Apache SystemDS")
	}
	return &reference{launcher, t.TempDir()}
}

// script runs a script and returns its standard output without the trailer.
func (r *reference) script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(r.dir, "script.dml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.launcher, "-f", path)
	cmd.Dir = r.dir
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		t.Logf("the reference ends with %v", err)
	}
	return trailer.ReplaceAllString(out.String(), "")
}

// trailer is what the reference prints after a run, before a report of an error.
var trailer = regexp.MustCompile(`SystemDS Statistics:\nTotal execution time:.*\n\n?`)

// refused matches what the reference says about scripts that it does not run.
var refused = regexp.MustCompile(`ParseException|LanguageException|HopsException|\[Syntax error\]|\[Validation error\]`)

// failure cuts a report of an error off the output of the reference and classifies it.
func failure(text string) outcome {
	out, report, bad := strings.Cut(text, "An Error Occurred")
	if !bad {
		if refused.MatchString(text) {
			return outcome{class: "compile", message: text}
		}
		return outcome{out: text}
	}
	out = strings.TrimSuffix(strings.TrimRight(out, " \n"), "\x1b[31m")
	if refused.MatchString(report) {
		return outcome{out: out, class: "compile", message: report}
	}
	return outcome{out: out, class: "run", message: report}
}

// program is one program of a batch.
type program struct {
	seed uint64
	text string
}

// results runs programs. Those that end well are run together.
func (r *reference) results(t *testing.T, ps []program) map[uint64]outcome {
	res := map[uint64]outcome{}
	for len(ps) > 0 {
		n := min(batch, len(ps))
		var b strings.Builder
		for _, p := range ps[:n] {
			fmt.Fprintf(&b, "print(\"\\n=== %d\")\n%s", p.seed, p.text)
		}
		fmt.Fprintf(&b, "print(\"\\n=== \")\n")
		parts := sections(r.script(t, b.String()))
		done := 0
		for _, p := range ps[:n] {
			out, ok := parts[p.seed]
			if !ok {
				break
			}
			res[p.seed] = outcome{out: out}
			done++
		}
		if done < n { // the next one fails, or all were refused because of one
			alone := ps[done : done+1]
			if done == 0 {
				alone = ps[:n]
			}
			for _, p := range alone {
				res[p.seed] = failure(r.script(t, p.text))
			}
			done += len(alone)
		}
		ps = ps[done:]
	}
	return res
}

// sections cuts the output of a batch at the marks between its programs.
func sections(text string) map[uint64]string {
	m := map[uint64]string{}
	parts := strings.Split(text, "\n=== ")
	for i := 1; i+1 < len(parts); i++ {
		id, out, _ := strings.Cut(parts[i], "\n")
		if seed, err := strconv.ParseUint(id, 10, 64); err == nil {
			m[seed] = out
		}
	}
	return m
}

// setting returns the number that an environment variable holds.
func setting(t *testing.T, name string, standard uint64) uint64 {
	s := os.Getenv(name)
	if s == "" {
		return standard
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// seeds returns the first seed and how many programs to compare.
func seeds(t *testing.T, programs uint64) (first, n uint64) {
	return setting(t, "GDML_FUZZ_FIRST", 0), setting(t, "GDML_FUZZ_PROGRAMS", programs)
}

// TestReference compares what programs print with what the reference prints.
func TestReference(t *testing.T) {
	r := newReference(t)
	first, n := seeds(t, 2000)
	var ps []program
	for seed := first; seed < first+n; seed++ {
		ps = append(ps, program{seed, Program(seed, Options{Suffix: fmt.Sprintf("_%d", seed), Reference: true})})
	}
	res := r.results(t, ps)
	different := 0
	for _, p := range ps {
		want, got := res[p.seed], run(t, p.text, compiler.O2, 2)
		if want.class == got.class && same(want.out, got.out) {
			continue
		}
		if want = failure(r.script(t, p.text)); want.class == got.class && same(want.out, got.out) {
			continue // in the batch it was disturbed by its neighbours
		}
		different++
		t.Errorf("seed %d: gdml %q\n%s%s\nreference %q\n%s%s\nprogram\n%s",
			p.seed, got.class, got.out, got.message, want.class, want.out, want.message, p.text)
	}
	t.Logf("%d programs, %d differences", n, different)
}
