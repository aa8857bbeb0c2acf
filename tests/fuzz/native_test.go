package fuzz

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gdml/compiler"
	"gdml/lang/diag"
	"gdml/lang/parse"
	"gdml/lang/source"
)

// compile compiles a text and demands that it takes little time and does not end in an
// internal error.
func compile(t *testing.T, text string) {
	start := time.Now()
	for _, level := range []int{compiler.O0, compiler.O2} {
		_, ds := compiler.Compile(context.Background(), compiler.Source{Name: "f.dml", Text: text},
			compiler.Options{Level: level, Check: true})
		for _, d := range ds.All() {
			if d.Code == diag.Internal {
				t.Fatalf("%s\n%s", d.Msg, text)
			}
		}
	}
	compiler.Check(context.Background(), compiler.Source{Name: "f.dml", Text: text}, compiler.Options{Check: true})
	if d := time.Since(start); d > 5*time.Second {
		t.Fatalf("compiling %d bytes takes %v:\n%s", len(text), d, text)
	}
}

// FuzzText compiles arbitrary text.
func FuzzText(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(Program(seed, Options{}))
		f.Add(Faulty(seed, Options{}))
	}
	f.Add("f = function(matrix[double] X) return (double s) { s = sum(X) } print(f(matrix(1, 2, 2)))")
	f.Add("parfor (i in 1:3, check=0) { A[i, ] = B[, i] }")
	f.Add("[a, b] = eigen(X); y = $x; z = ifdef($q, a[1:2, ])")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 10_000 {
			compile(t, text)
		}
	})
}

// FuzzSeed compiles and runs generated programs.
func FuzzSeed(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(seed<<32, false)
		f.Add(seed<<32, true)
	}
	f.Fuzz(func(t *testing.T, seed uint64, faulty bool) {
		text := Program(seed, Options{})
		if faulty {
			text = Faulty(seed, Options{})
		}
		want := run(t, text, compiler.O0, 1)
		if got := run(t, text, compiler.O2, 2); got.class != want.class || !same(got.out, want.out) {
			t.Fatalf("O2 gives %s\n%s%s\nO0 gives %s\n%s%s\n%s", got.class, got.out, got.message, want.class, want.out, want.message, text)
		}
	})
}

// TestMutants compiles programs in which some tokens were lost, repeated or exchanged.
func TestMutants(t *testing.T) {
	n := uint64(400)
	if testing.Short() {
		n = 50
	}
	for seed := range n {
		rng := rand.New(rand.NewPCG(seed, 3))
		text := Program(seed, Options{})
		f := source.NewSet().Add("f.dml", text)
		var words []string
		for _, tok := range parse.Tokens(f) {
			words = append(words, f.Slice(tok.At))
		}
		for range 1 + rng.IntN(3) {
			i, j := rng.IntN(len(words)), rng.IntN(len(words))
			switch rng.IntN(3) {
			case 0:
				words = slices.Delete(words, i, i+1)
			case 1:
				words = slices.Insert(words, i, words[j])
			default:
				words[i], words[j] = words[j], words[i]
			}
		}
		compile(t, strings.Join(words, " "))
	}
}
