package rewrite_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gdml/compiler/build"
	"gdml/compiler/hop"
	"gdml/compiler/internal/hoptest"
	"gdml/compiler/physical"
	"gdml/compiler/rewrite"
	"gdml/compiler/size"
)

var update = flag.Bool("update", false, "rewrite the expected plans in testdata")

// A case in testdata is a header line of words, a script, a line of dashes and the
// expected graph. The words: expect=RULE demands that the rule fires, expect-not=RULE
// that it does not, disable=RULE switches it off. Cases are separated by a line "====".
type ruleCase struct {
	line                       int
	header, script, want       string
	expect, expectNot, disable []string
}

func readCases(t *testing.T, file string) []*ruleCase {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []*ruleCase
	line := 1
	for _, part := range strings.Split(string(text), "====\n") {
		header, rest, _ := strings.Cut(part, "\n")
		script, want, ok := strings.Cut(rest, "----\n")
		if !ok {
			t.Fatalf("%s:%d: case without a line of dashes", file, line)
		}
		c := &ruleCase{line: line, header: header, script: script, want: want}
		for _, w := range strings.Fields(header) {
			key, rule, _ := strings.Cut(w, "=")
			switch key {
			case "expect":
				c.expect = append(c.expect, rule)
			case "expect-not":
				c.expectNot = append(c.expectNot, rule)
			case "disable":
				c.disable = append(c.disable, rule)
			default:
				t.Fatalf("%s:%d: unknown word %q", file, line, w)
			}
		}
		cases = append(cases, c)
		line += strings.Count(part, "\n") + 1
	}
	return cases
}

func compileTo(t *testing.T, script string) *hop.Program {
	t.Helper()
	p := hoptest.Build(t, script, build.Options{})
	hoptest.Accept(t, p.Sources, size.Propagate(p, size.Options{}))
	hop.Live(p, nil)
	if err := hop.Verify(p); err != nil {
		t.Fatalf("before rewriting: %v", err)
	}
	return p
}

func TestRules(t *testing.T) {
	seen := map[string]int{} // bit 0: fired as expected, bit 1: did not fire as expected
	files, _ := filepath.Glob("testdata/*.txt")
	more, _ := filepath.Glob("../physical/testdata/*.txt")
	for _, file := range append(files, more...) {
		var out strings.Builder
		for i, c := range readCases(t, file) {
			got := runCase(t, file, c, seen)
			if i > 0 {
				out.WriteString("====\n")
			}
			out.WriteString(c.header + "\n" + c.script + "----\n" + got)
		}
		if *update {
			if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, r := range append(rewrite.Rules(), physical.Rules()...) {
		if seen[r.Name] != 3 {
			t.Errorf("rule %s needs a case where it fires and one where it does not", r.Name)
		}
		if r.Pattern == "" || len(r.Ops) == 0 || r.Level == 0 {
			t.Errorf("rule %s has an empty column", r.Name)
		}
	}
}

func runCase(t *testing.T, file string, c *ruleCase, seen map[string]int) string {
	t.Helper()
	p := compileTo(t, c.script)
	off := map[string]bool{}
	for _, r := range c.disable {
		off[r] = true
	}
	trace := rewrite.Apply(p, rewrite.Options{Level: 2, Disable: off})
	trace = append(trace, physical.Select(p, physical.Options{Level: 2, Disable: off})...)
	hop.Live(p, nil)
	if err := hop.Verify(p); err != nil {
		t.Errorf("%s:%d: after rewriting: %v", file, c.line, err)
	}
	fired := map[string]bool{}
	for _, f := range trace {
		fired[f.Rule] = true
	}
	for _, r := range c.expect {
		seen[r] |= 1
		if !fired[r] {
			t.Errorf("%s:%d: %s did not fire", file, c.line, r)
		}
	}
	for _, r := range c.expectNot {
		seen[r] |= 2
		if fired[r] {
			t.Errorf("%s:%d: %s fired", file, c.line, r)
		}
	}
	for _, r := range c.disable {
		if fired[r] {
			t.Errorf("%s:%d: %s fired although it is off", file, c.line, r)
		}
	}
	var b strings.Builder
	if err := hop.Dump(&b, p); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != c.want && !*update {
		t.Errorf("%s:%d: plan is\n%s\nwant\n%s", file, c.line, got, c.want)
	}
	return b.String()
}
