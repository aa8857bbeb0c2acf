package print

import (
	"flag"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"gdml/lang/parse"
	"gdml/lang/source"
)

var update = flag.Bool("update", false, "rewrite the expected text in testdata")

// testdata/layout.txt holds cases: input, a line "----", output, a line "====".
func TestLayout(t *testing.T) {
	const path = "testdata/layout.txt"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	cases := strings.Split(strings.TrimSuffix(string(b), "====\n"), "====\n")
	for _, c := range cases {
		in, want, ok := strings.Cut(c, "----\n")
		if !ok {
			t.Fatalf("no ---- in %q", c)
		}
		got := check(t, path, in)
		if got != want && !*update {
			t.Errorf("%s\ngives\n%s\nwant\n%s", in, got, want)
		}
		out.WriteString(in + "----\n" + got + "====\n")
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTorn breaks scripts at random between their tokens, with line ends, comments and
// semicolons. What still means the same must be formatted like any other text.
func TestTorn(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	pieces := []string{"\n", "\n\n\n", " /* in */ ", "\n# own\n", " # behind\n", "\n/* two\n   lines */\n", ";", "\r\n", "\t"}
	tried, same := 0, 0
	for _, path := range scriptFiles(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, ds := parse.File(source.NewSet(), path, string(b), parse.Options{})
		if ds.Len() > 0 || len(b) > 20_000 {
			continue
		}
		want := bare(f, false)
		for range 8 {
			text := tear(rng, f.Source, pieces)
			g, ds := parse.File(source.NewSet(), path, text, parse.Options{})
			tried++
			if ds.Len() == 0 && bare(g, false) == want {
				same++
				check(t, path, text)
			}
		}
	}
	t.Logf("%d of %d texts mean the same", same, tried)
	if same < tried/10 {
		t.Errorf("only %d of %d texts were of use", same, tried)
	}
}

func tear(rng *rand.Rand, f *source.File, pieces []string) string {
	var b strings.Builder
	at := 0
	toks := parse.Tokens(f)
	rate := 4 + len(toks)/2*rng.IntN(2)
	for _, tok := range toks {
		b.WriteString(f.Text[at:f.Offset(tok.At.Start)])
		if rng.IntN(rate) == 0 {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		at = f.Offset(tok.At.Start)
		b.WriteString(f.Text[at:f.Offset(tok.At.End)])
		at = f.Offset(tok.At.End)
	}
	b.WriteString(f.Text[at:])
	return b.String()
}

// FuzzFormat formats whatever parses.
func FuzzFormat(f *testing.F) {
	for _, s := range []string{"x=1", "if(a)x=1;else{y=2}", "f=function(int a=1)return(int b){b=a}#c", "parfor(i in 1:n-1,check=0)X[i,]=t(Y[,i])^-2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, ds := parse.File(source.NewSet(), "x.dml", text, parse.Options{}); ds.Len() == 0 {
			check(t, "x.dml", text)
		}
	})
}

func BenchmarkFormat(b *testing.B) {
	text, err := os.ReadFile("../../scripts/builtin/autoencoder.dml")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		f, _ := parse.File(source.NewSet(), "x.dml", string(text), parse.Options{})
		Format(f)
	}
}
