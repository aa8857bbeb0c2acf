package transform

import (
	"strings"
	"testing"

	"gdml/runtime/frame"
)

func documents(t *testing.T) *frame.Frame {
	text := frame.Column{Kind: frame.String, Strs: []string{"the quick brown fox", "the lazy dog the end", "", "Fox"}, Missing: []bool{false, false, true, false}}
	return newFrame(t, 4, frame.Column{Kind: frame.Int64, Ints: []int64{1, 2, 3, 4}}, frame.Column{Kind: frame.String, Strs: []string{"d1", "d2", "d3", "d4"}}, text)
}

// TestTokenize: from: Apache SystemDS 3.3, but for counts, which stand in its hash order there.
func TestTokenize(t *testing.T) {
	for _, c := range []struct {
		spec string
		most int
		want string
	}{
		{`{algo:split,out:count,tokenize_col:3,id_cols:[1,2]}`, 100, "1 d1 the 1|1 d1 quick 1|1 d1 brown 1|1 d1 fox 1|2 d2 the 2|2 d2 lazy 1|2 d2 dog 1|2 d2 end 1|4 d4 Fox 1"},
		{`{algo:split,out:count,out_params:{sort_alpha:true},tokenize_col:3,id_cols:[1,2]}`, 2, "1 d1 brown 1|1 d1 fox 1|2 d2 dog 1|2 d2 end 1|4 d4 Fox 1"},
		{`{algo:split,out:count,tokenize_col:3,id_cols:[2],apply_padding:true}`, 2, "d1 the 1|d1 quick 1|d2 the 2|d2 lazy 1|d3  -1|d3  -1|d4 Fox 1|d4  -1"},
		{`{algo:split,out:position,tokenize_col:3,id_cols:[1,2]}`, 100, "1 d1 1 the|1 d1 5 quick|1 d1 11 brown|1 d1 17 fox|2 d2 1 the|2 d2 5 lazy|2 d2 10 dog|2 d2 14 the|2 d2 18 end|4 d4 1 Fox"},
		{`{algo:split,out:position,tokenize_col:3,id_cols:[2],apply_padding:true}`, 3, "d1 1 the|d1 5 quick|d1 11 brown|d2 1 the|d2 5 lazy|d2 10 dog|d3 -1 |d3 -1 |d3 -1 |d4 1 Fox|d4 -1 |d4 -1 "},
		{`{algo:split,out:position,tokenize_col:3,id_cols:[1],format_wide:true}`, 6, "1 the quick brown fox null null|2 the lazy dog the end null|3 null null null null null null|4 Fox null null null null null"},
		{`{algo:split,out:hash,tokenize_col:3,id_cols:[2],out_params:{num_features:7}}`, 100, "d1 2 2|d1 5 1|d1 7 1|d2 2 2|d2 3 1|d2 7 2|d4 6 1"},
		{`{algo:split,out:hash,tokenize_col:3,id_cols:[2],apply_padding:true,out_params:{num_features:7}}`, 4, "d1 2 2|d1 5 1|d1 7 1|d1 0 0|d2 2 2|d2 3 1|d2 7 2|d2 0 0|d3 0 0|d3 0 0|d3 0 0|d3 0 0|d4 6 1|d4 0 0|d4 0 0|d4 0 0"},
		{`{algo:split,out:hash,tokenize_col:3,id_cols:[2],format_wide:true,out_params:{num_features:7}}`, 9, "d1 0 2 0 0 1 0 1 0 0|d2 0 2 1 0 0 0 2 0 0|d3 0 0 0 0 0 0 0 0 0|d4 0 0 0 0 0 1 0 0 0"},
		{`{algo:split,out:hash,tokenize_col:3,id_cols:[2],format_wide:true,out_params:{num_features:7}}`, 3, "d1 0 2 0|d2 0 2 1|d3 0 0 0|d4 0 0 0"},
		{`{algo:ngram,algo_params:{min_gram:2,max_gram:3},out:position,tokenize_col:3,id_cols:[2]}`, 4, `d1 1 "('the', 'quick')"|d1 5 "('quick', 'brown')"|d1 11 "('brown', 'fox')"|d1 1 "('the', 'quick', 'brown')"|d2 1 "('the', 'lazy')"|d2 5 "('lazy', 'dog')"|d2 10 "('dog', 'the')"|d2 14 "('the', 'end')"`},
		{`{algo:ngram,algo_params:{min_gram:2,max_gram:3,ngram_type:token},out:position,tokenize_col:3,id_cols:[2]}`, 10, "d1 1 th|d1 2 he|d1 1 the|d1 5 qu|d1 6 ui|d1 7 ic|d1 8 ck|d1 5 qui|d1 6 uic|d1 7 ick|d2 1 th|d2 2 he|d2 1 the|d2 5 la|d2 6 az|d2 7 zy|d2 5 laz|d2 6 azy|d2 10 do|d2 11 og|d4 1 Fo|d4 2 ox|d4 1 Fox"},
		{`{algo:ngram,algo_params:{min_gram:1,max_gram:2,regex:"o"},out:count,tokenize_col:3,id_cols:[1]}`, 3, `1 the quick br 1|1 wn f 1|1 x 1|2 the lazy d 1|2 g the end 1|2 "('the lazy d', 'g the end')" 1|4 F 1|4 x 1|4 "('F', 'x')" 1`},
		{`{algo:split,out:position,tokenize_col:3,format_wide:true,apply_padding:true}`, -1, "the quick brown fox |the lazy dog the end|    |Fox    "},
	} {
		tok, err := ParseTokenizer(c.spec)
		if err != nil {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		f, err := tok.Apply(documents(t), c.most)
		if err != nil {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		same(t, c.spec, f, c.want)
	}
}

func TestTokenizeLimits(t *testing.T) {
	for spec, want := range map[string]string{
		`{algo:split,out:count,tokenize_col:9}`:                 "column 9",
		`{algo:split,out:count,tokenize_col:1,id_cols:[7]}`:     "column 7",
		`{algo:split,out:hash,tokenize_col:3,format_wide:true}`: "would have 1048576 columns",
	} {
		tok, err := ParseTokenizer(spec)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tok.Apply(documents(t), -1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", spec, err, want)
		}
	}
}

func TestRegexp(t *testing.T) {
	for _, c := range []struct{ expr, in, out string }{
		{`[^\p{Alnum}]+`, "a-b _c1", "a.b.c1"}, {`\p{Punct}`, "a,b;c", "a.b.c"}, {`\P{Digit}+`, "a1b22", ".1.22"}, {`[\s\d]`, "a 1b", "a..b"}, {`[a[]`, "[a]", "..]"}, {`\p{L}`, "ä1", ".1"},
	} {
		re, err := Regexp(c.expr)
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		if got := re.ReplaceAllString(c.in, "."); got != c.out {
			t.Errorf("%s on %q: %q, want %q", c.expr, c.in, got, c.out)
		}
	}
	for _, c := range [][2]string{
		{`(?<=a)b`, "look-around, (?<=...), is not supported"}, {`a(?!b)`, "look-around, (?!...), is not supported"},
		{`(a)\1`, `the back reference \1 is not supported`}, {`a*+b`, "the possessive repetition *+ is not supported"},
		{`(`, "missing closing ): ("}, {`[`, "missing closing ]: ["},
	} {
		if _, err := Regexp(c[0]); err == nil || !strings.HasSuffix(err.Error(), "cannot be used: "+c[1]) {
			t.Errorf("%s: %v, want %q", c[0], err, c[1])
		}
	}
}
