package transform

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"gdml/runtime/frame"
)

// Tokenizer is a specification of tokenize (builtin reference §17): which column is split
// into tokens, how, and what is said of them.
type Tokenizer struct {
	text     string
	col      int   // 0-based
	ids      []int // 0-based
	split    *regexp.Regexp
	ngram    bool
	inToken  bool // n-grams of the characters of a token, not of the tokens of a document
	min, max int
	out      string // count, position or hash
	sort     bool
	features int
	wide     bool
	pad      bool
}

var (
	tokenizeKeys = []string{"algo", "algo_params", "out", "out_params", "tokenize_col", "id_cols", "format_wide", "apply_padding"}
	algoKeys     = []string{"regex", "min_gram", "max_gram", "ngram_type"}
	outKeys      = []string{"sort_alpha", "num_features"}
)

// ParseTokenizer reads a specification and checks what can be checked without a frame.
func ParseTokenizer(text string) (t *Tokenizer, err error) {
	root, err := parseObject(text)
	if err != nil {
		return nil, err
	}
	defer catch(&err)
	s := &Spec{text: text, ids: true}
	t = &Tokenizer{text: text, col: -1, split: regexp.MustCompile(`\s+`), min: 1, max: 2, features: 1 << 20}
	need := map[string]bool{"algo": true, "out": true, "tokenize_col": true}
	for i, key := range root.keys {
		t.member(s, key, root.keyPos[i], &root.items[i])
		delete(need, key)
	}
	for _, key := range tokenizeKeys {
		if need[key] {
			s.fail(&root, `for example "{algo: split, out: count, id_cols: [1], tokenize_col: 2}"`, "the key %s is missing", key)
		}
	}
	switch {
	case t.min > t.max:
		s.fail(&root, "", "min_gram (%d) is larger than max_gram (%d)", t.min, t.max)
	case t.wide && t.out == "count":
		s.fail(&root, "use out: position or out: hash", "counts have no wide format")
	}
	return t, nil
}

func (t *Tokenizer) member(s *Spec, key string, at int, v *node) {
	switch key {
	case "algo":
		t.ngram = oneOf(s, v, key, "split", "ngram") == "ngram"
	case "algo_params":
		t.params(s, key, v, algoKeys)
	case "out":
		t.out = oneOf(s, v, key, "count", "position", "hash")
	case "out_params":
		t.params(s, key, v, outKeys)
	case "tokenize_col":
		t.col = s.column(v, key).id - 1
	case "id_cols":
		for _, c := range s.columns(v, key) {
			t.ids = append(t.ids, c.id-1)
		}
	case "format_wide":
		t.wide = s.truth(v, key)
	case "apply_padding":
		t.pad = s.truth(v, key)
	default:
		s.fail(&node{at: at}, "the keys are "+strings.Join(tokenizeKeys, ", "), "unknown key %q%s", key, meant(key, tokenizeKeys))
	}
}

func (t *Tokenizer) params(s *Spec, group string, v *node, legal []string) {
	if v.kind != isObject {
		s.fail(v, "", "%s must be an object, not %s", group, v)
	}
	for i, key := range v.keys {
		item := &v.items[i]
		if !slices.Contains(legal, key) {
			s.fail(&node{at: v.keyPos[i]}, "the keys are "+strings.Join(legal, ", "), "unknown key %q in %s%s", key, group, meant(key, legal))
		}
		switch key {
		case "regex":
			re, err := Regexp(item.text)
			if err != nil {
				s.fail(item, "", "%v", err)
			}
			t.split = re
		case "min_gram":
			t.min = s.count(item, key, maxBins)
		case "max_gram":
			t.max = s.count(item, key, maxBins)
		case "ngram_type":
			t.inToken = oneOf(s, item, key, "document", "token") == "token"
		case "sort_alpha":
			t.sort = s.truth(item, key)
		case "num_features":
			t.features = s.count(item, key, maxBuckets)
		}
	}
}

func oneOf(s *Spec, v *node, key string, legal ...string) string {
	if v.kind != isText || !slices.Contains(legal, v.text) {
		s.fail(v, "", "%s must be one of %s, not %s%s", key, strings.Join(legal, ", "), v, meant(v.text, legal))
	}
	return v.text
}

// gram is a token and where it starts in its document, counted from 1.
type gram struct {
	text string
	at   int
}

// pair is a row of the long format: what stands in the columns behind the ids.
type pair struct {
	text   string // token
	bucket int64  // of hash, instead of the token
	n      int64  // count or position
}

// Apply tokenizes f. most is how many tokens of a document are kept at most, below 0 for
// all. The result has the id columns and then, in the long format, two more: token and
// count (out=count), position and token (position), or bucket and count (hash); in the
// wide format a column for each of most tokens or buckets, as many as the longest document
// or all buckets need when most is below 0.
func (t *Tokenizer) Apply(f *frame.Frame, most int) (*frame.Frame, error) {
	for _, j := range append([]int{t.col}, t.ids...) {
		if j >= f.Cols() {
			return nil, fmt.Errorf("the specification names column %d, but the frame has %d", j+1, f.Cols())
		}
	}
	docs := make([][]pair, f.Rows())
	for i := range docs {
		text, _ := token(f.Column(t.col), i)
		grams := t.grams(text)
		switch t.out {
		case "position":
			for _, g := range cut(grams, most) {
				docs[i] = append(docs[i], pair{text: g.text, n: int64(g.at)})
			}
		case "count":
			docs[i] = cut(t.count(grams), most)
		default:
			docs[i] = t.buckets(grams)
			if !t.wide {
				docs[i] = cut(docs[i], most)
			}
		}
	}
	if t.wide {
		return t.wideFrame(f, docs, most)
	}
	return t.longFrame(f, docs, most)
}

func cut[T any](s []T, most int) []T {
	if most >= 0 && len(s) > most {
		return s[:most]
	}
	return s
}

// grams splits a document. Positions count UTF-16 units, as those of the reference do.
func (t *Tokenizer) grams(text string) []gram {
	var tokens []gram
	at, unit := 0, 1
	add := func(end int) {
		if end > at {
			tokens = append(tokens, gram{text[at:end], unit})
		}
	}
	for _, m := range t.split.FindAllStringIndex(text, -1) {
		if m[0] == m[1] {
			continue
		}
		add(m[0])
		unit += units(text[at:m[1]])
		at = m[1]
	}
	add(len(text))
	switch {
	case !t.ngram:
		return tokens
	case t.inToken:
		return t.inside(tokens)
	}
	var out []gram
	for n := t.min; n <= t.max; n++ {
		for i := 0; i+n <= len(tokens); i++ {
			out = append(out, gram{joined(tokens[i : i+n]), tokens[i].at})
		}
	}
	return out
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// joined writes several tokens as one, the way the reference does: "('a', 'b')" with the
// double quotes.
func joined(ts []gram) string {
	if len(ts) == 1 {
		return ts[0].text
	}
	words := make([]string, len(ts))
	for i, t := range ts {
		words[i] = "'" + t.text + "'"
	}
	return `"(` + strings.Join(words, ", ") + `)"`
}

// inside returns the n-grams of the characters of each token.
func (t *Tokenizer) inside(tokens []gram) []gram {
	var out []gram
	for _, tok := range tokens {
		runes := []rune(tok.text)
		for n := t.min; n <= min(t.max, len(runes)); n++ {
			at := tok.at
			for i := 0; i+n <= len(runes); i++ {
				out = append(out, gram{string(runes[i : i+n]), at})
				at += utf16.RuneLen(runes[i])
			}
		}
	}
	return out
}

// count returns how often each token occurs, in the order of first occurrence or of the alphabet.
func (t *Tokenizer) count(grams []gram) []pair {
	var out []pair
	at := map[string]int{}
	for _, g := range grams {
		k, ok := at[g.text]
		if !ok {
			k = len(out)
			at[g.text] = k
			out = append(out, pair{text: g.text})
		}
		out[k].n++
	}
	if t.sort {
		slices.SortFunc(out, func(a, b pair) int { return cmp.Compare(a.text, b.text) })
	}
	return out
}

// buckets returns how many tokens fall into each bucket, in ascending order.
func (t *Tokenizer) buckets(grams []gram) []pair {
	count := map[int64]int64{}
	for _, g := range grams {
		count[int64(bucket(Hash(g.text), t.features))]++
	}
	var out []pair
	for _, k := range slices.Sorted(maps.Keys(count)) {
		out = append(out, pair{bucket: k, n: count[k]})
	}
	return out
}
