package check

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gdml/lang/diag"
	"gdml/lang/parse"
	"gdml/lang/source"
)

// Test checks the scripts in testdata. A file is cut into scripts at lines of three
// dashes. A script names what it expects where it occurs: `#! E0201 "regexp"` an error,
// `#~ E0201 "regexp"` a warning, of that code and with that text in its message, hint or
// notes; everything else is a failure. A line `#args A=1` passes $ arguments.
func Test(t *testing.T) {
	files, err := filepath.Glob("testdata/*.dml")
	if err != nil || len(files) == 0 {
		t.Fatal("no test scripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".dml"), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			line := 0
			for _, chunk := range strings.Split(string(b), "\n---\n") {
				checkChunk(t, file, strings.Repeat("\n", line)+chunk)
				line += strings.Count(chunk, "\n") + 2
			}
		})
	}
}

// expectation is one diagnostic that a script announces.
type expectation struct {
	sev  diag.Severity
	code string
	re   *regexp.Regexp
}

var expectRE = regexp.MustCompile(`#([!~]) (E\d{4}) ("(?:[^"\\]|\\.)*")`)

func checkChunk(t *testing.T, file, text string) {
	t.Helper()
	want := map[int][]expectation{}
	args := map[string]Value{}
	for i, l := range strings.Split(text, "\n") {
		for _, m := range expectRE.FindAllStringSubmatch(l, -1) {
			s, err := strconv.Unquote(m[3])
			if err != nil {
				t.Fatalf("%s:%d: %v", file, i+1, err)
			}
			e := expectation{code: m[2], re: regexp.MustCompile(s)}
			if m[1] == "~" {
				e.sev = diag.Warning
			}
			want[i+1] = append(want[i+1], e)
		}
		if rest, ok := strings.CutPrefix(l, "#args "); ok {
			for _, kv := range strings.Fields(rest) {
				k, v, _ := strings.Cut(kv, "=")
				args[k] = ParseArg(v)
			}
		}
	}
	set, _, ds := run(file, text, Config{Args: args})
	for _, d := range ds.All() {
		pos := set.Position(d.Span.Start)
		if i := match(want[pos.Line], set, d); pos.File != nil && i >= 0 {
			want[pos.Line] = append(want[pos.Line][:i:i], want[pos.Line][i+1:]...)
			continue
		}
		t.Errorf("%s: unexpected %s %s: %s (hint: %s)", pos, d.Severity, d.Code, d.Msg, d.Hint)
	}
	for line, es := range want {
		for _, e := range es {
			t.Errorf("%s:%d: no %s %s with %q", file, line, e.sev, e.code, e.re)
		}
	}
}

// match returns the expectation that d fulfils, or -1.
func match(es []expectation, set *source.Set, d diag.Diagnostic) int {
	text := d.Msg + "; " + d.Hint
	for _, n := range d.Notes {
		text += "; " + n.Msg + " " + strconv.Itoa(set.Position(n.Span.Start).Line)
	}
	for i, e := range es {
		if e.code == d.Code.String() && e.sev == d.Severity && e.re.MatchString(text) {
			return i
		}
	}
	return -1
}

// run parses and checks a script with the test builtins and the test loader.
func run(name, text string, cfg Config) (*source.Set, *Info, diag.List) {
	set := source.NewSet()
	file, ds := parse.File(set, name, text, parse.Options{REPL: cfg.REPL})
	cfg.Universe, cfg.Loader = newUniverse(), dir("testdata")
	info, more := Program(set, file, cfg)
	ds.Append(more)
	return set, info, ds
}

// one checks a one-line script and returns the codes of its errors.
func one(t *testing.T, text string) string {
	t.Helper()
	_, _, ds := run("script", text, Config{})
	var codes []string
	for _, d := range ds.All() {
		if d.Severity == diag.Error {
			codes = append(codes, d.Code.String())
		}
	}
	return strings.Join(codes, " ")
}
