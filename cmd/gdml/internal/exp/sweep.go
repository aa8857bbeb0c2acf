package exp

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Sweep is the content of a YAML file.
type Sweep struct {
	name    string // base name of the file without its extension
	script  string // path of the DML file
	options []string
	seed0   int64
	data    []axis
	common  []axis
	stages  []stage
}

// stage is a named grid.
type stage struct {
	name    string
	script  string // "" for that of the sweep
	repeats int
	timing  bool // never more than one run at a time
	data    []axis
	params  []axis
	exclude [][]axis
}

// axis is a dimension of the grid. A choice sets one argument, or several that go together.
type axis struct {
	name    string
	choices [][]setting
}

// setting is the value of an argument. An unset one is not passed.
type setting struct {
	name, value string
	unset       bool
}

// loader reads nodes of one file; its errors name the file and the line.
type loader struct{ path string }

func (l *loader) errorf(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", l.path, n.Line, fmt.Sprintf(format, args...))
}

// Load reads a YAML file. Paths in it are relative to its directory.
func Load(path string) (*Sweep, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parse(path, text)
}

func parse(path string, text []byte) (*Sweep, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(doc.Content) == 0 {
		return nil, fmt.Errorf("%s: the file is empty", path)
	}
	base := filepath.Base(path)
	s := &Sweep{name: strings.TrimSuffix(base, filepath.Ext(base))}
	l := &loader{path}
	err := l.fields(doc.Content[0], map[string]func(n *yaml.Node) error{
		"script":  func(n *yaml.Node) error { return l.file(n, &s.script) },
		"options": func(n *yaml.Node) error { return l.texts(n, &s.options) },
		"seed0":   func(n *yaml.Node) error { return l.integer(n, 0, &s.seed0) },
		"data":    func(n *yaml.Node) error { return l.dataAxes(n, &s.data) },
		"common":  func(n *yaml.Node) error { return l.axes(n, &s.common) },
		"stages":  func(n *yaml.Node) error { return l.stages(n, s) },
	})
	if err != nil {
		return nil, err
	}
	if len(s.stages) == 0 {
		return nil, fmt.Errorf("%s: there are no stages", path)
	}
	for _, st := range s.stages {
		if st.script == "" && s.script == "" {
			return nil, fmt.Errorf("%s: stage %s has no script", path, st.name)
		}
	}
	return s, nil
}

// fields calls the reader of every key of a mapping, in file order.
func (l *loader) fields(n *yaml.Node, readers map[string]func(n *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return l.errorf(n, "want a mapping")
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], resolve(n.Content[i+1])
		read := readers[key.Value]
		if read == nil {
			var names []string
			for k := range readers {
				names = append(names, k)
			}
			slices.Sort(names)
			return l.errorf(key, "unknown key %q; there are %s", key.Value, strings.Join(names, ", "))
		}
		if seen[key.Value] {
			return l.errorf(key, "%q stands here twice", key.Value)
		}
		seen[key.Value] = true
		if err := read(value); err != nil {
			return err
		}
	}
	return nil
}

// resolve follows an alias to what it names.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func (l *loader) scalar(n *yaml.Node) (string, error) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return "", l.errorf(n, "want a single value")
	}
	return n.Value, nil
}

func (l *loader) file(n *yaml.Node, to *string) error {
	v, err := l.scalar(n)
	if err == nil && !filepath.IsAbs(v) {
		v = filepath.Join(filepath.Dir(l.path), v)
	}
	*to = v
	return err
}

func (l *loader) texts(n *yaml.Node, to *[]string) error {
	if n.Kind != yaml.SequenceNode {
		return l.errorf(n, "want a list")
	}
	for _, c := range n.Content {
		v, err := l.scalar(resolve(c))
		if err != nil {
			return err
		}
		*to = append(*to, v)
	}
	return nil
}

func (l *loader) integer(n *yaml.Node, least int64, to *int64) error {
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil || v < least {
		return l.errorf(n, "want an integer of at least %d", least)
	}
	*to = v
	return nil
}

func (l *loader) stages(n *yaml.Node, s *Sweep) error {
	if n.Kind != yaml.MappingNode {
		return l.errorf(n, "want a mapping from names to stages")
	}
	for i := 0; i < len(n.Content); i += 2 {
		st := stage{name: n.Content[i].Value}
		if slices.ContainsFunc(s.stages, func(o stage) bool { return o.name == st.name }) {
			return l.errorf(n.Content[i], "there are two stages %q", st.name)
		}
		repeats := int64(1)
		err := l.fields(resolve(n.Content[i+1]), map[string]func(n *yaml.Node) error{
			"script":  func(n *yaml.Node) error { return l.file(n, &st.script) },
			"repeats": func(n *yaml.Node) error { return l.integer(n, 1, &repeats) },
			"timing":  func(n *yaml.Node) error { return l.boolean(n, &st.timing) },
			"data":    func(n *yaml.Node) error { return l.dataAxes(n, &st.data) },
			"params":  func(n *yaml.Node) error { return l.axes(n, &st.params) },
			"exclude": func(n *yaml.Node) error { return l.excluded(n, &st.exclude) },
		})
		if err != nil {
			return err
		}
		st.repeats = int(repeats)
		s.stages = append(s.stages, st)
	}
	return nil
}

func (l *loader) boolean(n *yaml.Node, to *bool) error {
	if n.Decode(to) != nil {
		return l.errorf(n, "want true or false")
	}
	return nil
}

func (l *loader) excluded(n *yaml.Node, to *[][]axis) error {
	if n.Kind != yaml.SequenceNode {
		return l.errorf(n, "want a list of mappings")
	}
	for _, c := range n.Content {
		var a []axis
		if err := l.axes(resolve(c), &a); err != nil {
			return err
		}
		if len(a) == 0 {
			return l.errorf(c, "an empty mapping would exclude everything")
		}
		*to = append(*to, a)
	}
	return nil
}

// axes reads a mapping from names to values or lists of them. A list of mappings is an axis
// whose choices set all their keys together; its own name is only a name.
func (l *loader) axes(n *yaml.Node, to *[]axis) error {
	if n.Kind != yaml.MappingNode {
		return l.errorf(n, "want a mapping from arguments to values")
	}
	for i := 0; i < len(n.Content); i += 2 {
		a := axis{name: n.Content[i].Value}
		if a.name == "SEED" {
			return l.errorf(n.Content[i], "SEED cannot be set: it is seed0 and the number of the repeat")
		}
		if slices.ContainsFunc(*to, func(o axis) bool { return o.name == a.name }) {
			return l.errorf(n.Content[i], "%q stands here twice", a.name)
		}
		value := resolve(n.Content[i+1])
		items := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			items = value.Content
		}
		if len(items) == 0 {
			return l.errorf(value, "%s has no values", a.name)
		}
		for _, item := range items {
			c, err := l.choice(a.name, resolve(item))
			if err != nil {
				return err
			}
			a.choices = append(a.choices, c)
		}
		*to = append(*to, a)
	}
	return nil
}

func (l *loader) choice(name string, n *yaml.Node) ([]setting, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return []setting{{name: name, value: oneLine(n.Value), unset: n.Tag == "!!null"}}, nil
	case yaml.MappingNode:
		var out []setting
		for i := 0; i < len(n.Content); i += 2 {
			v := resolve(n.Content[i+1])
			if v.Kind != yaml.ScalarNode {
				return nil, l.errorf(v, "want a single value for %s", n.Content[i].Value)
			}
			out = append(out, setting{name: n.Content[i].Value, value: oneLine(v.Value), unset: v.Tag == "!!null"})
		}
		return out, nil
	}
	return nil, l.errorf(n, "want a value, or a mapping of arguments that go together")
}

// dataAxes reads the axes of the data; their settings are called data.rows and so on.
func (l *loader) dataAxes(n *yaml.Node, to *[]axis) error {
	if err := l.axes(n, to); err != nil {
		return err
	}
	for _, a := range *to {
		for _, c := range a.choices {
			for i := range c {
				if !slices.Contains(dataKeys, c[i].name) {
					return l.errorf(n, "unknown key %q of data; there are %s", c[i].name, strings.Join(dataKeys, ", "))
				}
				if c[i].name == "file" && !filepath.IsAbs(c[i].value) {
					c[i].value = filepath.Join(filepath.Dir(l.path), c[i].value)
				}
				c[i].name = dataPrefix + c[i].name
			}
		}
	}
	return nil
}

// oneLine replaces what would break a line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}
