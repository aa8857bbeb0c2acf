package diag

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"gdml/lang/source"
)

const script = "w = rand(rows=4)\n" +
	"    q = X %*% w\n" +
	"\tif (a)\tthen\tb\n" +
	"größe = \"é\" + 漢字 + c\n" +
	"s = \"first\nsecond\"\n" +
	"bell \x1b[31m\x07 here\n" +
	"end"

// at returns the span of the nth occurrence of text in the script.
func at(t *testing.T, f *source.File, text string) source.Span {
	t.Helper()
	i := strings.Index(f.Text, text)
	if i < 0 {
		t.Fatalf("%q is not in the script", text)
	}
	return f.Span(i, i+len(text))
}

func TestRender(t *testing.T) {
	set := source.NewSet()
	set.Add("other.dml", "nothing")
	f := set.Add("train.dml", script)
	r := &Renderer{Set: set}
	span := func(text string) source.Span { return at(t, f, text) }
	for _, c := range []struct {
		name string
		d    Diagnostic
		want string
	}{
		{"everything", Diagnostic{
			Code: ShapeMismatch, Span: span("%*%"), Context: span("X %*% w"),
			Msg:   "matrix product needs inner dimensions to agree: X is 100x5, w is 4x1",
			Notes: []Note{{Span: span("w ="), Msg: "w was last assigned"}, {Msg: "no place"}},
			Hint:  "transpose w",
		}, `train.dml:2:11: error[E0401]: matrix product needs inner dimensions to agree: X is 100x5, w is 4x1
    2 |     q = X %*% w
      |         ~ ^~~ ~
   note: w was last assigned at train.dml:1:1
   note: no place
   hint: transpose w
`},
		{"tabs", Diagnostic{Code: Syntax, Span: span("then"), Context: span("if (a)\tthen\tb"), Msg: "m"},
			"train.dml:3:9: error[E0110]: m\n    3 | \tif (a)\tthen\tb\n      | \t~~ ~~~\t^~~~\t~\n"},
		{"wide", Diagnostic{Severity: Warning, Code: BadToken, Span: span("漢字"), Msg: "m"},
			"train.dml:4:15: warning[E0101]: m\n    4 | größe = \"é\" + 漢字 + c\n      |               ^~\n"},
		{"lines", Diagnostic{Code: BadEscape, Span: span("\"first\nsecond\""), Msg: "m"},
			"train.dml:5:5: error[E0103]: m\n    5 | s = \"first\n      |     ^~~~~~\n"},
		{"context above", Diagnostic{Code: Syntax, Span: span("second"), Context: span("s = \"first\nsecond\""), Msg: "m"},
			"train.dml:6:1: error[E0110]: m\n    6 | second\"\n      | ^~~~~~~\n"},
		{"empty", Diagnostic{Code: Syntax, Span: f.Span(len(script), len(script)), Msg: "m"},
			"train.dml:8:4: error[E0110]: m\n    8 | end\n      |    ^\n"},
		{"control", Diagnostic{Code: Syntax, Span: span("here"), Msg: "m"},
			"train.dml:7:13: error[E0110]: m\n    7 | bell \ufffd[31m\ufffd here\n      |             ^~~~\n"},
		{"no place", Diagnostic{Code: MissingArg, Msg: "m", Hint: "h"}, "error[E0206]: m\n   hint: h\n"},
		{"no code", Diagnostic{Msg: "m"}, "error: m\n"},
	} {
		var b bytes.Buffer
		if err := r.One(&b, c.d); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, b.String(), c.want)
		}
	}
}

func TestRenderLongLine(t *testing.T) {
	set := source.NewSet()
	f := set.Add("x.dml", strings.Repeat("a", 1000)+" bad "+strings.Repeat("b", 1000))
	var b bytes.Buffer
	if err := (&Renderer{Set: set}).One(&b, Diagnostic{Span: f.Span(1001, 1004), Msg: "m"}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if len(lines[1]) > 200 {
		t.Errorf("the line has %d characters", len(lines[1]))
	}
	if i := strings.Index(lines[2], "^~~"); i < 0 || !strings.HasPrefix(lines[1][i:], "bad ") {
		t.Errorf("the caret does not point at the place:\n%s\n%s", lines[1], lines[2])
	}
	for _, end := range []int{0, 2004} { // nothing to cut on one of the sides
		b.Reset()
		if err := (&Renderer{Set: set}).One(&b, Diagnostic{Span: f.Span(end, end+1), Msg: "m"}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")
		if i := strings.Index(lines[2], "^"); end == 0 && i != len("    1 | ") || end > 0 && lines[1][i:] != "b" {
			t.Errorf("at %d:\n%s\n%s", end, lines[1], lines[2])
		}
	}
}

func TestRenderColor(t *testing.T) {
	set := source.NewSet()
	f := set.Add("x.dml", "a + b")
	d := Diagnostic{Code: Syntax, Span: f.Span(2, 3), Context: f.Span(0, 5), Msg: "m", Hint: "h", Notes: []Note{{Msg: "n"}}}
	var plainText, coloured bytes.Buffer
	if err := (&Renderer{Set: set}).One(&plainText, d); err != nil {
		t.Fatal(err)
	}
	if err := (&Renderer{Set: set, Color: true}).One(&coloured, d); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plainText.String(), "\x1b") {
		t.Error("escape sequences without colour")
	}
	stripped := coloured.String()
	for _, s := range []style{bold, red, yellow, cyan, plain} {
		stripped = strings.ReplaceAll(stripped, string(s), "")
	}
	if stripped != plainText.String() || coloured.Len() == plainText.Len() {
		t.Errorf("colours change the text:\n%s", coloured.String())
	}
	if strings.Count(coloured.String(), string(plain)) != strings.Count(coloured.String(), "\x1b[")/2 {
		t.Error("a colour is not switched off")
	}
}

func TestWriteOrderAndSummary(t *testing.T) {
	set := source.NewSet()
	f := set.Add("x.dml", "a b c")
	var l List
	l.Add(Diagnostic{Code: Syntax, Span: f.Span(4, 5), Msg: "third"})
	l.Add(Diagnostic{Code: Syntax, Span: f.Span(0, 1), Msg: "first"})
	l.Add(Diagnostic{Code: BadToken, Severity: Warning, Span: f.Span(2, 3), Msg: "second"})
	l.Add(Diagnostic{Code: Syntax, Span: f.Span(0, 1), Msg: "first"}) // again
	r := &Renderer{Set: set}
	var b strings.Builder
	if err := r.Write(&b, l); err != nil {
		t.Fatal(err)
	}
	if i, j, k := strings.Index(b.String(), "first"), strings.Index(b.String(), "second"), strings.Index(b.String(), "third"); i < 0 || i > j || j > k {
		t.Errorf("not in the order of places:\n%s", b.String())
	}
	summary := func(l List) string {
		var b strings.Builder
		if err := r.Summary(&b, l); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got, want := summary(l), "gdml: 2 errors, 1 warning\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var one List
	one.Add(Diagnostic{Msg: "m"})
	if got, want := summary(one), "gdml: 1 error\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var warn List
	warn.Add(Diagnostic{Severity: Warning, Msg: "m"})
	warn.Add(Diagnostic{Severity: Warning, Msg: "n"})
	if got, want := summary(warn), "gdml: 2 warnings\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := summary(List{}); got != "" {
		t.Errorf("got %q for nothing", got)
	}
}

func TestWriteJSON(t *testing.T) {
	set := source.NewSet()
	f := set.Add("x.dml", "a = <é>\nb")
	var l List
	l.Add(Diagnostic{Code: Syntax, Span: f.Span(4, 8), Msg: `a "quoted" <m>`, Hint: "h", Notes: []Note{{Span: f.Span(0, 1), Msg: "n"}, {Msg: "o"}}})
	l.Add(Diagnostic{Severity: Warning, Msg: "no place"})
	var b strings.Builder
	if err := (&Renderer{Set: set}).WriteJSON(&b, l); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	want := []string{
		`{"severity":"warning","message":"no place"}`,
		`{"file":"x.dml","line":1,"col":5,"endLine":1,"endCol":8,"severity":"error","code":"E0110","message":"a \"quoted\" <m>","hint":"h",` +
			`"notes":[{"file":"x.dml","line":1,"col":1,"endLine":1,"endCol":2,"message":"n"},{"message":"o"}]}`,
	}
	if len(lines) != 2 || lines[0] != want[0] || lines[1] != want[1] {
		t.Errorf("got\n%s\nwant\n%s", b.String(), strings.Join(want, "\n"))
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWriteErrors(t *testing.T) {
	var l List
	l.Add(Diagnostic{Msg: "m"})
	r := &Renderer{Set: source.NewSet()}
	for name, err := range map[string]error{
		"Write":     r.Write(brokenWriter{}, l),
		"One":       r.One(brokenWriter{}, Diagnostic{Msg: "m"}),
		"Summary":   r.Summary(brokenWriter{}, l),
		"WriteJSON": r.WriteJSON(brokenWriter{}, l),
	} {
		if err == nil {
			t.Errorf("%s hides the error of the writer", name)
		}
	}
}
