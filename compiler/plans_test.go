package compiler

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"gdml/compiler/explain"
)

var update = flag.Bool("update", false, "rewrite the listings in testdata")

// TestPlanListings compares the runtime listings of the scripts in testdata/plans.txt.
func TestPlanListings(t *testing.T) {
	const file = "testdata/plans.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(text), "\n-- ")
	var out strings.Builder
	out.WriteString(head)
	for _, sec := range strings.Split(rest, "\n-- ") {
		title, body, _ := strings.Cut(sec, " --\n")
		script, want, ok := strings.Cut(body, "----\n")
		if !ok {
			t.Fatalf("%s: no listing", title)
		}
		level := int(title[len(title)-1] - '0')
		r, ds := Compile(t.Context(), Source{Name: "plan.dml", Text: script}, Options{Level: level, Check: true})
		if ds.HasErrors() {
			t.Fatalf("%s: %v", title, ds.All())
		}
		var got bytes.Buffer
		if err := explain.Runtime(&got, r.Program); err != nil {
			t.Fatal(err)
		}
		if got.String() != want && !*update {
			t.Errorf("%s: got\n%swant\n%s", title, got.String(), want)
		}
		out.WriteString("\n-- " + title + " --\n" + script + "----\n" + got.String())
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
