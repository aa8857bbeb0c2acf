package transform

import (
	"fmt"
	"strconv"
	"strings"
)

// node is a value of a specification: a string, number, boolean, null, array or object.
// Words without quotes are strings unless they read as one of the others. A comma may stand
// behind the last value.
type node struct {
	at     int // where it starts, 0-based byte offset
	kind   nodeKind
	text   string  // of a string, number, boolean or null
	num    float64 // of a number
	items  []node  // of an array, or the values of an object
	keys   []string
	keyPos []int
}

type nodeKind uint8

const (
	isText nodeKind = iota
	isNumber
	isBool
	isNull
	isArray
	isObject
)

var nodeNames = [...]string{"a string", "a number", "a boolean", "null", "a list", "an object"}

func (n *node) String() string {
	if n.kind <= isNull {
		return strconv.Quote(n.text)
	}
	return nodeNames[n.kind]
}

// SpecError is a fault in a specification; At is its place in the text, in characters
// counted from 1.
type SpecError struct {
	At   int
	Msg  string
	Hint string
}

func (e *SpecError) Error() string {
	s := fmt.Sprintf("specification, character %d: %s", e.At, e.Msg)
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// maxDepth is how deep arrays and objects may nest; specifications need four levels.
const maxDepth = 32

// jsonReader reads the lenient JSON of specifications: keys and words may go without
// quotes, and single quotes are as good as double ones.
type jsonReader struct {
	text  string
	pos   int
	depth int
}

// parseObject reads a text that holds one object and nothing else.
func parseObject(text string) (n node, err error) {
	r := &jsonReader{text: text}
	defer catch(&err)
	r.blanks()
	if r.peek() != '{' {
		r.fail(r.pos, "an object in braces is needed", `for example "{ids:true, recode:[1]}"`)
	}
	n = r.value()
	r.blanks()
	if r.pos < len(text) {
		r.fail(r.pos, "nothing may follow the closing brace, found %q", text[r.pos:])
	}
	return n, nil
}

// catch turns the panic by which a reader leaves its recursion at a fault into an error.
func catch(err *error) {
	switch e := recover().(type) {
	case nil:
	case *SpecError:
		*err = e
	default:
		panic(e)
	}
}

// fail leaves the reader; parseObject turns it into an error.
func (r *jsonReader) fail(at int, format string, args ...any) {
	hint := ""
	if n := strings.Count(format, "%"); len(args) > n {
		hint, args = args[n].(string), args[:n]
	}
	panic(fault(r.text, at, hint, format, args...))
}

// fault makes an error at byte at of text.
func fault(text string, at int, hint, format string, args ...any) *SpecError {
	return &SpecError{At: len([]rune(text[:min(at, len(text))])) + 1, Msg: fmt.Sprintf(format, args...), Hint: hint}
}

func (r *jsonReader) peek() byte {
	if r.pos < len(r.text) {
		return r.text[r.pos]
	}
	return 0
}

func (r *jsonReader) blanks() {
	for r.pos < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.pos]) >= 0 {
		r.pos++
	}
}

func (r *jsonReader) value() node {
	r.blanks()
	switch r.peek() {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"', '\'':
		at := r.pos
		return node{at: at, text: r.quoted()}
	}
	at := r.pos
	word := r.word()
	n := node{at: at, text: word}
	switch strings.ToLower(word) {
	case "true", "false":
		n.kind = isBool
	case "null":
		n.kind = isNull
	default:
		if v, err := strconv.ParseFloat(word, 64); err == nil {
			n.kind, n.num = isNumber, v
		}
	}
	return n
}

// nest opens an array or object and skips its bracket.
func (r *jsonReader) nest() {
	if r.depth++; r.depth > maxDepth {
		r.fail(r.pos, "the specification nests too deep")
	}
	r.pos++
	r.blanks()
}

func (r *jsonReader) object() node {
	n := node{at: r.pos, kind: isObject}
	r.nest()
	for r.peek() != '}' {
		at := r.pos
		key := r.key()
		for k := range n.keys {
			if n.keys[k] == key {
				r.fail(at, "the key %s stands twice", key)
			}
		}
		r.blanks()
		if r.peek() != ':' {
			r.fail(r.pos, "a colon is needed behind the key %s, found %s", key, r.found())
		}
		r.pos++
		n.keys, n.keyPos, n.items = append(n.keys, key), append(n.keyPos, at), append(n.items, r.value())
		r.separator('}')
	}
	r.pos++
	r.depth--
	return n
}

func (r *jsonReader) array() node {
	n := node{at: r.pos, kind: isArray}
	r.nest()
	for r.peek() != ']' {
		n.items = append(n.items, r.value())
		r.separator(']')
	}
	r.pos++
	r.depth--
	return n
}

// separator skips a comma, also behind the last value, or stops before the closing bracket.
func (r *jsonReader) separator(closing byte) {
	r.blanks()
	switch r.peek() {
	case ',':
		r.pos++
		r.blanks()
	case closing:
	default:
		r.fail(r.pos, "a comma or %q is needed, found %s", string(closing), r.found())
	}
}

func (r *jsonReader) found() string {
	if r.pos >= len(r.text) {
		return "the end"
	}
	for _, c := range r.text[r.pos:] {
		return strconv.Quote(string(c))
	}
	return ""
}

func (r *jsonReader) key() string {
	if c := r.peek(); c == '"' || c == '\'' {
		return r.quoted()
	}
	return r.word()
}

// word reads text up to the next mark of punctuation.
func (r *jsonReader) word() string {
	start := r.pos
	for r.pos < len(r.text) && strings.IndexByte("{}[],:\"'", r.text[r.pos]) < 0 && r.text[r.pos] > ' ' {
		r.pos++
	}
	if r.pos == start {
		r.fail(r.pos, "a word is needed, found %s", r.found())
	}
	return r.text[start:r.pos]
}

func (r *jsonReader) quoted() string {
	start, quote := r.pos, r.peek()
	var b strings.Builder
	for r.pos++; r.pos < len(r.text); r.pos++ {
		switch c := r.text[r.pos]; c {
		case quote:
			r.pos++
			return b.String()
		case '\\':
			r.escape(&b)
		default:
			b.WriteByte(c)
		}
	}
	r.fail(start, "the quote is not closed")
	return ""
}

var escapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', '"': '"', '\'': '\'', '\\': '\\', '/': '/'}

// escape reads what follows a backslash and leaves the reader on its last byte. A letter
// that is no escape of JSON stays with its backslash, so that \s needs no doubling.
func (r *jsonReader) escape(b *strings.Builder) {
	r.pos++
	c := r.peek()
	if c == 'u' {
		if v, err := strconv.ParseUint(r.text[min(r.pos+1, len(r.text)):min(r.pos+5, len(r.text))], 16, 32); err == nil {
			b.WriteRune(rune(v))
			r.pos += 4
			return
		}
	}
	if e, ok := escapes[c]; ok {
		b.WriteByte(e)
		return
	}
	b.WriteByte('\\')
	if r.pos < len(r.text) {
		b.WriteByte(c)
	}
}
