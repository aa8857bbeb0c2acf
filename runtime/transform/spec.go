package transform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Spec is a specification that is right on its own; which columns it names is settled by Bind.
type Spec struct {
	text    string
	ids     bool
	lists   map[string][]column // of the keys that are lists of columns
	buckets int                 // K
	bins    []binSpec
	impute  []imputeSpec
	udf     *udfSpec
}

// column names a column: by its 1-based number, or by name.
type column struct {
	at   int
	id   int
	name string
}

type binSpec struct {
	column
	method string
	n      int
}

type imputeSpec struct {
	column
	method string
	value  string
}

type udfSpec struct {
	name    string
	columns []column
}

// The keys of a specification that are lists of columns, and the other ones.
var (
	listKeys  = []string{"recode", "dummycode", "hash", "omit", "passthrough", "word_embedding", "bag_of_words"}
	otherKeys = []string{"ids", "K", "bin", "impute", "udf"}

	binMethods    = []string{"equi-width", "equi-height", "equi-height-approx"}
	imputeMethods = []string{"global_mean", "global_mode", "constant"}
)

// Parse reads a specification and checks what can be checked without a frame.
func Parse(text string) (s *Spec, err error) {
	root, err := parseObject(text)
	if err != nil {
		return nil, err
	}
	s = &Spec{text: text, lists: map[string][]column{}}
	defer catch(&err)
	if i := slices.Index(root.keys, "ids"); i >= 0 {
		s.ids = s.truth(&root.items[i], "ids")
	}
	for i, key := range root.keys {
		s.member(key, root.keyPos[i], &root.items[i])
	}
	if len(s.lists["hash"]) > 0 && s.buckets == 0 {
		s.fail(&root, `add K, for example "K: 1000"`, "hash needs the number of buckets")
	}
	return s, nil
}

func (s *Spec) fail(n *node, hint, format string, args ...any) {
	panic(fault(s.text, n.at, hint, format, args...))
}

// member reads one key.
func (s *Spec) member(key string, at int, v *node) {
	switch {
	case slices.Contains(listKeys, key):
		s.lists[key] = s.columns(v, key)
	case key == "ids":
	case key == "K":
		s.buckets = s.count(v, "K", maxBuckets)
	case key == "bin":
		for _, f := range s.fields(v, key, "method", "numbins") {
			b := binSpec{column: f.col, n: 1, method: s.method(&f, binMethods, "bin")}
			if n := f.get("numbins"); n != nil {
				b.n = s.count(n, "numbins", maxBins)
			}
			s.bins = append(s.bins, b)
		}
	case key == "impute":
		for _, f := range s.fields(v, key, "method", "value") {
			s.impute = append(s.impute, s.imputation(&f))
		}
	case key == "udf":
		s.readUDF(v)
	default:
		all := slices.Concat(otherKeys[:1], listKeys, otherKeys[1:])
		s.fail(&node{at: at}, "the keys are "+strings.Join(all, ", "), "unknown key %q%s", key, meant(key, all))
	}
}

func (s *Spec) imputation(f *field) imputeSpec {
	m := imputeSpec{column: f.col, method: s.method(f, imputeMethods, "impute")}
	v := f.get("value")
	switch {
	case m.method == "constant" && v == nil:
		s.fail(&f.obj, "", "impute by a constant needs a value")
	case m.method != "constant" && v != nil:
		s.fail(v, `use method "constant"`, "%s takes no value", m.method)
	case v != nil:
		if v.kind > isNull {
			s.fail(v, "", "the value of impute must be a number or a string, not %s", v)
		}
		m.value = v.text
	}
	return m
}

func (s *Spec) readUDF(v *node) {
	if v.kind != isObject {
		s.fail(v, `for example "udf: {name: f, ids: [1, 2]}"`, "udf must be an object, not %s", v)
	}
	u := &udfSpec{}
	for i, key := range v.keys {
		switch item := &v.items[i]; key {
		case "name":
			u.name = item.text
		case "ids", "names", "columns":
			u.columns = s.columns(item, "udf")
		default:
			s.fail(&node{at: v.keyPos[i]}, "the keys are name and ids", "unknown key %q in udf", key)
		}
	}
	if u.name == "" || len(u.columns) == 0 {
		s.fail(v, `for example "udf: {name: f, ids: [1, 2]}"`, "udf needs the name of a function and columns")
	}
	s.udf = u
}

// field is an entry of bin or impute: an object that names a column.
type field struct {
	obj node
	col column
}

func (f *field) get(key string) *node {
	if i := slices.Index(f.obj.keys, key); i >= 0 {
		return &f.obj.items[i]
	}
	return nil
}

// fields reads a list of objects; besides the column they may have the keys given.
func (s *Spec) fields(v *node, key string, more ...string) []field {
	if v.kind != isArray {
		s.fail(v, fmt.Sprintf("for example \"%s: [{id: 1, method: ...}]\"", key), "%s must be a list of objects, not %s", key, v)
	}
	var out []field
	for _, item := range v.items {
		if item.kind != isObject {
			s.fail(&item, fmt.Sprintf("for example \"%s: [{id: 1, method: ...}]\"", key), "%s must be a list of objects, it holds %s", key, &item)
		}
		f := field{obj: item, col: column{at: -1}}
		for i, k := range item.keys {
			switch {
			case k == "id" || k == "name":
				f.col = s.column(&item.items[i], key)
			case !slices.Contains(more, k):
				s.fail(&node{at: item.keyPos[i]}, "the keys are id or name, "+strings.Join(more, ", "), "unknown key %q in %s%s", k, key, meant(k, more))
			}
		}
		if f.col.at < 0 {
			s.fail(&item, "add id or name", "an entry of %s names no column", key)
		}
		out = append(out, f)
	}
	return out
}

func (s *Spec) method(f *field, legal []string, key string) string {
	m := f.get("method")
	if m == nil {
		s.fail(&f.obj, "the methods are "+strings.Join(legal, ", "), "an entry of %s has no method", key)
	}
	if !slices.Contains(legal, m.text) {
		s.fail(m, "the methods are "+strings.Join(legal, ", "), "unknown method %q in %s%s", m.text, key, meant(m.text, legal))
	}
	return m.text
}

func (s *Spec) columns(v *node, key string) []column {
	if v.kind != isArray {
		s.fail(v, fmt.Sprintf("write %s:[%s]", key, v.text), "%s must be a list of columns, not %s", key, v)
	}
	var out []column
	for i := range v.items {
		c := s.column(&v.items[i], key)
		if slices.ContainsFunc(out, func(o column) bool { return o.id == c.id && o.name == c.name }) {
			s.fail(&v.items[i], "", "%s names the column %s twice", key, v.items[i].text)
		}
		out = append(out, c)
	}
	return out
}

// column reads a column: a number when ids is set, else a name.
func (s *Spec) column(v *node, key string) column {
	if v.kind > isNull {
		s.fail(v, "", "%s must name columns, it holds %s", key, v)
	}
	c := column{at: v.at, name: v.text}
	if s.ids {
		id, err := strconv.Atoi(v.text)
		if err != nil || id < 1 {
			s.fail(v, "leave ids out to give names", "with ids:true columns are numbers from 1 on, not %s", v)
		}
		c.id, c.name = id, ""
	}
	return c
}

func (s *Spec) truth(v *node, key string) bool {
	if v.kind != isBool && v.kind != isText {
		s.fail(v, "", "%s must be true or false, not %s", key, v)
	}
	switch strings.ToLower(v.text) {
	case "true":
		return true
	case "false":
		return false
	}
	s.fail(v, "", "%s must be true or false, not %s", key, v)
	return false
}

// Bounds of the sizes that a specification gives. Bins become rows of the metadata.
const (
	maxBuckets = 1 << 30
	maxBins    = 1 << 20
)

func (s *Spec) count(v *node, key string, most int) int {
	n, err := strconv.Atoi(v.text)
	if v.kind > isNumber || err != nil || n < 1 || n > most {
		s.fail(v, "", "%s must be a whole number from 1 to %d, not %s", key, most, v)
	}
	return n
}

// UDF returns the name of the function that the specification applies, "" for none.
func (s *Spec) UDF() string {
	if s.udf == nil {
		return ""
	}
	return s.udf.name
}

// Omits reports whether encoding may drop rows.
func (s *Spec) Omits() bool { return len(s.lists["omit"]) > 0 }

// Widens reports whether a column may be encoded as another number of columns than one.
func (s *Spec) Widens() bool {
	return len(s.lists["dummycode"])+len(s.lists["bag_of_words"])+len(s.lists["word_embedding"]) > 0
}

// meant suggests the legal word that a wrong one was likely meant to be.
func meant(word string, legal []string) string {
	plain := func(s string) string {
		return strings.Trim(strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(s)), " ")
	}
	for _, l := range legal {
		a, b := plain(word), plain(l)
		if a == b || len(a) > 2 && (strings.HasPrefix(b, a) || strings.HasPrefix(a, b)) {
			return fmt.Sprintf(" (did you mean %q?)", l)
		}
	}
	return ""
}
