package builtins

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"gdml/lang/types"
)

// Help returns the text about one builtin: its signature, what it does, its parameters
// and an example. ok is false if no builtin has that name.
func Help(t *Table, name string) (text string, ok bool) {
	f, ok := t.Lookup(name)
	if !ok {
		return "", false
	}
	var b strings.Builder
	b.WriteString(f.usage() + "\n")
	if len(f.Aliases) > 0 {
		b.WriteString("also called " + strings.Join(f.Aliases, ", ") + "\n")
	}
	b.WriteString("\n" + wrap(f.Doc, 80) + "\n")
	if len(f.Params) > 0 {
		b.WriteString("\nParameters\n")
		width := 0
		for _, p := range f.Params {
			width = max(width, len(p.Name))
		}
		for _, p := range f.Params {
			fmt.Fprintf(&b, "  %-*s  %s\n", width, p.Name, paramDoc(p))
		}
	}
	code, output := SplitExample(f.Example)
	b.WriteString("\nExample\n  " + code + "\n")
	for line := range strings.SplitSeq(output, " / ") {
		b.WriteString(strings.TrimRight("  # "+line, " ") + "\n")
	}
	return b.String(), true
}

// usage is the signature with several results in brackets, as a script writes them.
func (f *Func) usage() string {
	s := f.Signature.String()
	if f.MultiResult {
		call, results, _ := strings.Cut(s, " -> ")
		return call + " -> [" + results + "]"
	}
	return s
}

// paramDoc describes a parameter: meaning, type, legal words, default.
func paramDoc(p types.Param) string {
	s := p.Doc
	if p.Type != types.Any {
		s += " (" + p.Type.String()
		if p.Or != types.Unknown {
			s += " or " + p.Or.String()
		}
		s += ")"
	}
	if len(p.Enum) > 0 {
		s += "; one of " + strings.Join(p.Enum, " ")
	}
	if p.Default != "" {
		s += "; default " + p.Default
	} else if p.Optional && !p.Variadic {
		s += "; optional"
	}
	return s
}

// SplitExample separates the statements of an example from the output it names, whose
// lines are separated by " / ".
func SplitExample(example string) (code, output string) {
	code, output, _ = strings.Cut(example, "  # ")
	return code, output
}

// wrap breaks text into lines of at most width characters.
func wrap(text string, width int) string {
	var b strings.Builder
	n := 0
	for i, w := range strings.Fields(text) {
		switch {
		case i == 0:
		case n+1+len(w) > width:
			b.WriteByte('\n')
			n = 0
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(w)
		n += len(w)
	}
	return b.String()
}

// Markdown writes the reference page of all builtins, by family in the order of the table.
func Markdown(w io.Writer, t *Table) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# Builtin functions\n\n%s\n", wrap("This page is written from the builtin table; every example on it is run by the tests. "+
		"In an example the comment shows the output, with lines separated by a slash.", 100))
	for _, family := range families(t) {
		fmt.Fprintf(b, "\n## %s\n", family)
		for _, f := range t.All() {
			if f.Family == family {
				markdownRow(b, f)
			}
		}
	}
	return b.Flush()
}

// families lists the headings in the order in which they first occur.
func families(t *Table) []string {
	var names []string
	seen := map[string]bool{}
	for _, f := range t.All() {
		if !seen[f.Family] {
			seen[f.Family] = true
			names = append(names, f.Family)
		}
	}
	return names
}

// markdownRow writes one row. Characters of formulas that Markdown would take for markup are escaped.
func markdownRow(w io.Writer, f *Func) {
	plain := strings.NewReplacer(`*`, `\*`, `_`, `\_`, `<`, `\<`, `|`, `\|`, `[`, `\[`)
	fmt.Fprintf(w, "\n### %s\n\n`%s`\n", f.Name, f.usage())
	if len(f.Aliases) > 0 {
		fmt.Fprintf(w, "\nAlso called `%s`.\n", strings.Join(f.Aliases, "`, `"))
	}
	fmt.Fprintf(w, "\n%s\n", wrap(plain.Replace(f.Doc), 100))
	if len(f.Params) > 0 {
		fmt.Fprintf(w, "\n| Parameter | Meaning |\n|---|---|\n")
		for _, p := range f.Params {
			fmt.Fprintf(w, "| `%s` | %s |\n", p.Name, plain.Replace(paramDoc(p)))
		}
	}
	code, output := SplitExample(f.Example)
	fmt.Fprintf(w, "\n```\n%s\n# %s\n```\n", code, output)
}
