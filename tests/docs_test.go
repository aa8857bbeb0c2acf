package tests

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"gdml/builtins"
)

// docs/builtins.md is written from the table of builtins; -update writes it anew.
func TestBuiltinReference(t *testing.T) {
	const path = "../docs/builtins.md"
	var b bytes.Buffer
	if err := builtins.Markdown(&b, builtins.New()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, b.Bytes()) {
		t.Errorf("%s is out of date; run go test ./tests -run %s -update", path, t.Name())
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	dropped = regexp.MustCompile("[^a-z0-9 _-]")
)

// anchors returns the anchors of the headings of a page.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(page, -1) {
		text := dropped.ReplaceAllString(strings.ToLower(h[1]), "")
		all["#"+strings.ReplaceAll(text, " ", "-")] = true
	}
	return all
}

// Links between the pages lead somewhere.
func TestDocumentationLinks(t *testing.T) {
	pages, err := os.ReadDir("../docs")
	if err != nil {
		t.Fatal(err)
	}
	files := []string{"../README.md"}
	for _, p := range pages {
		if strings.HasSuffix(p.Name(), ".md") {
			files = append(files, "../docs/"+p.Name())
		}
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		dir := f[:strings.LastIndex(f, "/")+1]
		for _, l := range link.FindAllStringSubmatch(string(b), -1) {
			to := f
			if l[1] != "" {
				to = dir + l[1]
			}
			page, err := os.ReadFile(to)
			if info, e := os.Stat(to); err != nil && (e != nil || !info.IsDir()) {
				t.Errorf("%s links to %s: %v", f, l[1], err)
				continue
			}
			if l[2] != "" && !anchors(string(page))[l[2]] {
				t.Errorf("%s links to %s%s, which is no heading", f, l[1], l[2])
			}
		}
	}
}
