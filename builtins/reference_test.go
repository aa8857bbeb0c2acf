package builtins_test

import (
	"context"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"gdml/compiler"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
)

// TestReference compares what scripts print with what the reference implementation printed, at
// all levels and in all storage forms. Numbers agree within 1e-8.
func TestReference(t *testing.T) {
	data, err := os.ReadFile("testdata/reference.txt")
	if err != nil {
		t.Fatal(err)
	}
	var script, want []string
	cases := 0
	flush := func() {
		if len(script) > 0 {
			cases++
			compareOutput(t, strings.Join(script, "\n"), strings.Fields(strings.Join(want, "\n")))
		}
		script, want = nil, nil
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		switch code, isCode := strings.CutPrefix(line, "> "); {
		case strings.HasPrefix(line, "#") && len(script) == 0:
		case isCode && len(want) > 0:
			flush()
			script = append(script, code)
		case isCode:
			script = append(script, code)
		default:
			want = append(want, line)
		}
	}
	flush()
	if cases < 190 {
		t.Errorf("only %d cases were read", cases)
	}
}

// compareOutput runs a script in every storage form and compares the words that it prints.
func compareOutput(t *testing.T, script string, want []string) {
	t.Helper()
	for _, level := range levels {
		res, ds := compiler.Compile(context.Background(), compiler.Source{Name: "reference.dml", Text: script}, compiler.Options{Level: level, Check: true})
		if ds.HasErrors() {
			t.Errorf("%s: %s", script, ds.All()[0].Msg)
			return
		}
		for threads, form := range []matrix.Form{matrix.FormAuto, matrix.FormDense, matrix.FormSparse} {
			var b strings.Builder
			m := exec.New(res.Program, exec.Options{Out: &b, Workers: par.New(1 + threads), Form: form, Seed: 1, Seeded: true})
			err := m.Run(context.Background())
			m.Close()
			if got := strings.Fields(b.String()); err != nil || !sameWords(got, want) {
				t.Errorf("-O%d form %d %s\n got %v, %v\nwant %v", level, form, script, got, err, want)
			}
		}
	}
}

func sameWords(got, want []string) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if got[i] == want[i] {
			continue
		}
		x, err1 := strconv.ParseFloat(got[i], 64)
		y, err2 := strconv.ParseFloat(want[i], 64)
		if err1 != nil || err2 != nil || !(math.Abs(x-y) <= 1e-8*max(1, math.Abs(x), math.Abs(y))) {
			return false
		}
	}
	return true
}
