package diag

import "testing"

func TestNearest(t *testing.T) {
	names := []string{"rowSums", "colSums", "sum", "nrow", "ncol", "t", "removeEmpty", "ifelse", "as.scalar", "rand"}
	for _, c := range []struct{ name, want string }{
		{"rowSum", "rowSums"},
		{"rowsums", "rowSums"}, // letter case alone
		{"colsum", "colSums"},
		{"smu", "sum"}, // a swap is one step
		{"su", ""},     // too short to guess
		{"ifelze", "ifelse"},
		{"ifesle", "ifelse"},
		{"remveEmtpy", "removeEmpty"},
		{"nrwo", "nrow"},
		{"nrol", "nrow"}, // as near as ncol, which stands later
		{"T", "t"},
		{"x", ""},
		{"as.scaler", "as.scalar"},
		{"gibberish", ""},
		{"sum", ""}, // is no misspelling of itself
		{"", ""},
	} {
		got, ok := Nearest(c.name, names)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("Nearest(%q) = %q, %v; want %q", c.name, got, ok, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abcd", "badc", 2},
		{"kitten", "sitting", 3}, {"größe", "grösse", 2}, {"flaw", "lawn", 2},
	} {
		if got := distance(c.a, c.b, 10); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance(c.b, c.a, 10); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.b, c.a, got, c.want)
		}
	}
	if got := distance("a", "abcdefgh", 2); got != 3 {
		t.Errorf("beyond the limit: %d, want 3", got)
	}
}
