package tests

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"gdml/compiler"
	"gdml/compiler/explain"
	"gdml/compiler/physical"
	"gdml/compiler/rewrite"
	"gdml/lang/diag"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/pool"
)

var update = flag.Bool("update", false, "rewrite the expected sections of the archives and golden files")

// An archive of tests/scripts is one scenario. Its files are laid out in an empty
// directory and script.dml runs there. These names have a meaning of their own, and
// only those present are compared:
//
//	args      NAME=VALUE lines
//	stdout    what the script prints
//	errors    diagnostics: of the compilation, or of the run after what it printed
//	warnings  messages of the run, one per line
//	hops      -explain hops at -O2
//	plan      -explain runtime at -O2
//	out/...   files that the script writes
//
// Lines of the comment at the top may say "# tolerance 1e-9", by which numbers may
// differ relative to the larger of 1 and their size, and "# forms auto dense", the
// storage forms to run with when the script shows one on purpose.
type archive struct {
	name      string
	path      string
	txt       *txtar.Archive
	args      map[string]string
	tolerance float64
	forms     []matrix.Form
}

// setup is one configuration that an archive runs in.
type setup struct {
	level   int
	disable []string
	threads int
	form    matrix.Form
	seed    uint64 // that chose disable; 0 for none
}

var formNames = []string{"auto", "dense", "sparse"}

func (s setup) String() string {
	name := fmt.Sprintf("O%d/threads=%d/%s", s.level, s.threads, formNames[s.form])
	if s.seed != 0 {
		name += "/some-rewrites"
	}
	return name
}

// expected names the sections that a run is compared with.
var expected = []string{"stdout", "errors", "warnings", "hops", "plan"}

func isExpected(name string) bool {
	return slices.Contains(expected, name) || strings.HasPrefix(name, "out/")
}

func readArchive(t *testing.T, path string) *archive {
	t.Helper()
	txt, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a := &archive{
		name: strings.TrimSuffix(filepath.Base(path), ".txtar"), path: path, txt: txt,
		args: map[string]string{}, forms: []matrix.Form{matrix.FormAuto, matrix.FormDense, matrix.FormSparse},
	}
	for line := range strings.Lines(string(txt.Comment)) {
		f := strings.Fields(strings.TrimPrefix(line, "#"))
		switch {
		case len(f) == 2 && f[0] == "tolerance":
			if a.tolerance, err = strconv.ParseFloat(f[1], 64); err != nil {
				t.Fatal(err)
			}
		case len(f) > 1 && f[0] == "forms":
			a.forms = nil
			for _, name := range f[1:] {
				a.forms = append(a.forms, matrix.Form(slices.Index(formNames, name)))
			}
		}
	}
	for line := range strings.Lines(string(a.section("args"))) {
		if k, v, ok := strings.Cut(strings.TrimRight(line, "\n"), "="); ok {
			a.args[k] = v
		}
	}
	if a.section("script.dml") == nil {
		t.Fatalf("%s holds no script.dml", path)
	}
	return a
}

// section returns the text of a file of the archive, nil if there is none.
func (a *archive) section(name string) []byte {
	for _, f := range a.txt.Files {
		if f.Name == name {
			return append([]byte{}, f.Data...)
		}
	}
	return nil
}

// layOut writes the input files of the archive below dir.
func (a *archive) layOut(t *testing.T, dir string) {
	t.Helper()
	for _, f := range a.txt.Files {
		if isExpected(f.Name) || f.Name == "args" {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "out"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// run executes the archive in the current directory and returns what it left behind, by section.
func (a *archive) run(t *testing.T, s setup) map[string]string {
	t.Helper()
	got := map[string]string{}
	r, ds := compiler.Compile(t.Context(), compiler.Source{Name: "script.dml", Text: string(a.section("script.dml"))},
		compiler.Options{Level: s.level, Args: a.args, Disable: s.disable, Check: true})
	var errs bytes.Buffer
	rd := diag.Renderer{Set: r.Set}
	if err := rd.Write(&errs, ds); err != nil {
		t.Fatal(err)
	}
	if r.Program != nil {
		a.execute(t, s, r, &errs, got)
	}
	got["errors"] = errs.String()
	return got
}

func (a *archive) execute(t *testing.T, s setup, r *compiler.Result, errs *bytes.Buffer, got map[string]string) {
	t.Helper()
	var hops, plan, out bytes.Buffer
	if err := explain.HOPs(&hops, r.HOPs); err != nil {
		t.Fatal(err)
	}
	if err := explain.Runtime(&plan, r.Program); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	memory := pool.New(1 << 24)
	warnings := ""
	m := exec.New(r.Program, exec.Options{
		Out: &out, Workers: par.New(s.threads), Pool: memory, Form: s.form, Seed: 1, Seeded: true,
		Warn: func(msg string) { warnings += msg + "\n" },
	})
	err := m.Run(ctx)
	m.Close()
	if n := memory.Live(); n != 0 {
		t.Errorf("%d bytes are live after the machine was closed", n)
	}
	if err != nil {
		if err := (&diag.Renderer{Set: r.Set}).One(errs, compiler.Diagnose(r.Set, err)); err != nil {
			t.Fatal(err)
		}
	}
	got["stdout"], got["warnings"], got["hops"], got["plan"] = out.String(), warnings, hops.String(), plan.String()
}

// outputs adds the files below out/ to what a run left behind. Who wrote a file and
// when is left out of the metadata.
func outputs(t *testing.T, got map[string]string) {
	t.Helper()
	err := filepath.WalkDir("out", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.HasSuffix(path, ".mtd") {
			b = authorship.ReplaceAll(b, nil)
		}
		got[filepath.ToSlash(path)] = string(b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var authorship = regexp.MustCompile(`(?m)^.*"(author|created)":.*\n`)

// compare checks what a run left behind against the sections of the archive.
func (a *archive) compare(t *testing.T, got map[string]string, plans bool) {
	t.Helper()
	for _, f := range a.txt.Files {
		if !isExpected(f.Name) || !plans && (f.Name == "hops" || f.Name == "plan") {
			continue
		}
		text, ok := got[f.Name]
		if !ok {
			t.Errorf("%s is missing", f.Name)
			continue
		}
		text = lastLine(text)
		if why := differ(text, string(f.Data), a.tolerance); why != "" {
			t.Errorf("%s: %s\ngot\n%swant\n%s", f.Name, why, text, f.Data)
		}
	}
	if a.section("errors") == nil && got["errors"] != "" {
		t.Errorf("unexpected errors\n%s", got["errors"])
	}
	if a.section("warnings") == nil && got["warnings"] != "" {
		t.Errorf("unexpected warnings\n%s", got["warnings"])
	}
}

// lastLine ends the last line of a text, since an archive cannot hold an open one.
func lastLine(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

var numeral = regexp.MustCompile(`-?\b\d+(\.\d+)?([eE][-+]?\d+)?\b`)

// differ says how a text differs from the wanted one, "" when it does not. With a
// tolerance numbers are compared by value.
func differ(got, want string, tolerance float64) string {
	if got == want {
		return ""
	}
	if tolerance == 0 {
		return "differs"
	}
	if numeral.ReplaceAllString(got, "#") != numeral.ReplaceAllString(want, "#") {
		return "differs besides its numbers"
	}
	x, y := numeral.FindAllString(got, -1), numeral.FindAllString(want, -1)
	for i := range x {
		a, err1 := strconv.ParseFloat(x[i], 64)
		b, err2 := strconv.ParseFloat(y[i], 64)
		if err1 != nil || err2 != nil || !(math.Abs(a-b) <= tolerance*max(1, math.Abs(b))) {
			return fmt.Sprintf("%s is not %s", x[i], y[i])
		}
	}
	return ""
}

// rewrite writes the expected sections anew.
func (a *archive) rewrite(t *testing.T, got map[string]string) {
	t.Helper()
	for i, f := range a.txt.Files {
		if isExpected(f.Name) {
			text, ok := got[f.Name]
			if !ok {
				t.Errorf("%s is missing", f.Name)
				continue
			}
			a.txt.Files[i].Data = []byte(lastLine(text))
		}
	}
	if err := os.WriteFile(a.path, txtar.Format(a.txt), 0o644); err != nil {
		t.Fatal(err)
	}
}

// someRewrites chooses a random half of all rewrites.
func someRewrites(seed uint64) []string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var off []string
	for _, r := range slices.Concat(rewrite.Rules(), physical.Rules()) {
		if rng.IntN(2) == 0 {
			off = append(off, r.Name)
		}
	}
	return off
}

// setups lists the configurations: all, none and some rewrites, one thread and
// several, the storage rule and each form forced.
func (a *archive) setups() []setup {
	var list []setup
	threads := []int{1, 4}
	if testing.Short() {
		threads = threads[:1]
	}
	for _, form := range a.forms {
		for _, threads := range threads {
			seed := rand.Uint64() | 1
			list = append(list,
				setup{level: compiler.O2, threads: threads, form: form},
				setup{level: compiler.O0, threads: threads, form: form},
				setup{level: compiler.O2, threads: threads, form: form, disable: someRewrites(seed), seed: seed})
		}
	}
	return list
}

func TestScripts(t *testing.T) {
	paths, err := filepath.Glob("scripts/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		a := readArchive(t, filepath.Join(root, path))
		t.Run(a.name, func(t *testing.T) {
			for i, s := range a.setups() {
				ok := t.Run(s.String(), func(t *testing.T) {
					t.Chdir(t.TempDir())
					a.layOut(t, ".")
					got := a.run(t, s)
					outputs(t, got)
					if *update && i == 0 {
						a.rewrite(t, got)
					}
					a.compare(t, got, i == 0)
					if t.Failed() && s.seed != 0 {
						t.Logf("seed %d, without %v", s.seed, s.disable)
					}
				})
				if !ok {
					return // the other configurations would say the same
				}
			}
		})
	}
}
