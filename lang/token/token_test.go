package token

import (
	"strings"
	"testing"
)

// TestTable walks the table: every kind has a text, fixed ones differ, and the levels of
// operators are those of the grammar.
func TestTable(t *testing.T) {
	seen := map[string]Kind{}
	for k := Invalid; k < numKinds; k++ {
		text := k.String()
		if text == "" {
			t.Errorf("kind %d has no text", k)
		}
		if k > Arg { // before that, the texts describe
			if other, ok := seen[text]; ok {
				t.Errorf("kinds %d and %d are both %q", other, k, text)
			}
			seen[text] = k
		}
		info := k.Info()
		operator := k >= Pow && k < Assign
		if operator != (info.Binary > 0 || info.Prefix > 0) {
			t.Errorf("%s: operator %v, levels %d and %d", k, operator, info.Binary, info.Prefix)
		}
		if info.Binary > Loosest {
			t.Errorf("%s binds looser than anything", k)
		}
		if (info.Assoc == Right) != (k == Pow) {
			t.Errorf("%s: wrong associativity", k)
		}
	}
}

// TestLevels restates the table of the language reference, §4, tightest first.
func TestLevels(t *testing.T) {
	levels := [][]Kind{
		1: {Pow}, 3: {MatMul}, 4: {IntDiv, Mod}, 5: {Mul, Div}, 6: {Add, Sub},
		7: {Lt, Le, Gt, Ge, Eq, Ne}, 9: {And, AndAnd}, 10: {Or, OrOr},
	}
	for level, kinds := range levels {
		for _, k := range kinds {
			if got := k.Info().Binary; got != level {
				t.Errorf("%s has level %d, want %d", k, got, level)
			}
		}
	}
	for k, level := range map[Kind]int{Add: 2, Sub: 2, Not: 8, Mul: 0} {
		if got := k.Info().Prefix; got != level {
			t.Errorf("prefix %s has level %d, want %d", k, got, level)
		}
	}
}

func TestKeywords(t *testing.T) {
	words := Keywords()
	if len(words) != 28 {
		t.Errorf("there are %d reserved words, want 28", len(words))
	}
	types := 0
	for w, k := range words {
		if !k.IsKeyword() || k.String() != w {
			t.Errorf("%s is not the word of %s", w, k)
		}
		if k.IsValueType() {
			types++
		}
	}
	if types != 12 {
		t.Errorf("there are %d value type words, want 12", types)
	}
	for _, w := range []string{"matrix", "list", "next", "break", "true", "T", "NULL", "pi", "seq"} {
		if _, ok := words[w]; ok {
			t.Errorf("%s is reserved", w)
		}
	}
	delete(words, "if")
	if _, ok := Keywords()["if"]; !ok {
		t.Error("callers share the map")
	}
	if Ident.IsKeyword() || Colon.IsKeyword() || KwImplemented.IsValueType() || KwTrue.IsValueType() {
		t.Error("the ranges of words are wrong")
	}
}

func TestDottedNames(t *testing.T) {
	names := DottedNames()
	if len(names) != 16 {
		t.Errorf("there are %d dotted names, want 16", len(names))
	}
	for _, n := range names {
		if strings.Count(n, ".") != 1 {
			t.Errorf("%s does not have one dot", n)
		}
	}
}
