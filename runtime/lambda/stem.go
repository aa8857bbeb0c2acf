package lambda

import "strings"

// Stem reduces an English word to its stem (M.F. Porter, An algorithm for suffix stripping,
// Program 14(3), 1980). Case is kept; words of one or two letters stay.
func Stem(word string) string {
	if len(word) < 3 {
		return word
	}
	for i := range len(word) {
		if word[i] >= 0x80 {
			return word // the algorithm knows ASCII letters only
		}
	}
	w := step1a(word)
	w = step1b(w)
	if s, ok := strings.CutSuffix(w, "y"); ok && hasVowel(s) {
		w = s + "i"
	}
	w = suffix(w, step2, func(s, _ string) bool { return measure(s) > 0 })
	w = suffix(w, step3, func(s, _ string) bool { return measure(s) > 0 })
	w = suffix(w, step4, func(s, end string) bool {
		return measure(s) > 1 && (end != "ion" || strings.HasSuffix(s, "s") || strings.HasSuffix(s, "t"))
	})
	if s, ok := strings.CutSuffix(w, "e"); ok && (measure(s) > 1 || measure(s) == 1 && !cvc(s)) {
		w = s
	}
	if measure(w) > 1 && doubled(w) && strings.HasSuffix(w, "l") {
		w = w[:len(w)-1]
	}
	return w
}

// consonant reports whether letter i is one: y is when it follows a vowel or starts the word.
func consonant(w string, i int) bool {
	switch w[i] | 0x20 {
	case 'a', 'e', 'i', 'o', 'u':
		return false
	case 'y':
		return i == 0 || !consonant(w, i-1)
	}
	return true
}

// measure counts the changes from vowels to consonants: m of [C](VC)^m[V].
func measure(w string) int {
	m := 0
	for i := 1; i < len(w); i++ {
		if consonant(w, i) && !consonant(w, i-1) {
			m++
		}
	}
	return m
}

func hasVowel(w string) bool {
	for i := range len(w) {
		if !consonant(w, i) {
			return true
		}
	}
	return false
}

func doubled(w string) bool {
	n := len(w)
	return n > 1 && w[n-1] == w[n-2] && consonant(w, n-1)
}

// cvc reports whether w ends in consonant, vowel, consonant, the last not w, x or y.
func cvc(w string) bool {
	n := len(w)
	return n > 2 && consonant(w, n-3) && !consonant(w, n-2) && consonant(w, n-1) && strings.IndexByte("wxy", w[n-1]) < 0
}

func step1a(w string) string {
	switch {
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "ies"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		return w[:len(w)-1]
	}
	return w
}

func step1b(w string) string {
	if s, ok := strings.CutSuffix(w, "eed"); ok {
		if measure(s) > 0 {
			return s + "ee"
		}
		return w
	}
	s, ok := strings.CutSuffix(w, "ed")
	if !ok {
		s, ok = strings.CutSuffix(w, "ing")
	}
	switch {
	case !ok || !hasVowel(s):
		return w
	case strings.HasSuffix(s, "at"), strings.HasSuffix(s, "bl"), strings.HasSuffix(s, "iz"):
		return s + "e"
	case doubled(s) && strings.IndexByte("lsz", s[len(s)-1]) < 0:
		return s[:len(s)-1]
	case measure(s) == 1 && cvc(s):
		return s + "e"
	}
	return s
}

// ending is a suffix and what replaces it.
type ending struct{ from, to string }

var (
	step2 = []ending{{"ational", "ate"}, {"ization", "ize"}, {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"}, {"tional", "tion"},
		{"biliti", "ble"}, {"entli", "ent"}, {"ousli", "ous"}, {"ation", "ate"}, {"alism", "al"}, {"aliti", "al"}, {"iviti", "ive"},
		{"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"}, {"alli", "al"}, {"ator", "ate"}, {"logi", "log"}, {"bli", "ble"}, {"eli", "e"}}
	step3 = []ending{{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ness", ""}, {"ful", ""}}
	step4 = []ending{{"ement", ""}, {"ance", ""}, {"ence", ""}, {"able", ""}, {"ible", ""}, {"ment", ""}, {"ant", ""}, {"ent", ""}, {"ion", ""},
		{"ism", ""}, {"ate", ""}, {"iti", ""}, {"ous", ""}, {"ive", ""}, {"ize", ""}, {"al", ""}, {"er", ""}, {"ic", ""}, {"ou", ""}}
)

// suffix replaces the longest ending that fits, if its stem may be cut. The endings stand longest first.
func suffix(w string, ends []ending, may func(stem, end string) bool) string {
	for _, e := range ends {
		if s, ok := strings.CutSuffix(w, e.from); ok {
			if may(s, e.from) {
				return s + e.to
			}
			return w
		}
	}
	return w
}
