package diag

import (
	"sort"

	"gdml/lang/source"
)

// Severity orders diagnostics by weight.
type Severity uint8

// Severities.
const (
	Error Severity = iota
	Warning
)

func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Note points at a place that helps to understand a diagnostic.
type Note struct {
	Span source.Span
	Msg  string
}

// Diagnostic is one message about a script.
type Diagnostic struct {
	Code     Code
	Severity Severity
	Span     source.Span // tight: the operator, name or literal at fault
	Context  source.Span // what is underlined around it, may be invalid
	Msg      string      // starts lower-case, no full stop
	Hint     string      // how to fix it, or ""
	Notes    []Note
}

// List collects diagnostics. The zero value is ready to use. It is not safe for concurrent use.
type List struct {
	items []Diagnostic
}

// Add appends d, unless a diagnostic with the same code, span and message is already there.
func (l *List) Add(d Diagnostic) {
	for _, o := range l.items {
		if o.Code == d.Code && o.Span == d.Span && o.Msg == d.Msg {
			return
		}
	}
	l.items = append(l.items, d)
}

// Append adds all of m's diagnostics.
func (l *List) Append(m List) {
	for _, d := range m.items {
		l.Add(d)
	}
}

// HasErrors reports whether the list holds an error, as opposed to warnings only.
func (l *List) HasErrors() bool { return l.Errors() > 0 }

// Errors counts the errors.
func (l *List) Errors() int {
	n := 0
	for _, d := range l.items {
		if d.Severity == Error {
			n++
		}
	}
	return n
}

// Len counts all diagnostics.
func (l *List) Len() int { return len(l.items) }

// All returns the diagnostics sorted by position.
func (l *List) All() []Diagnostic {
	s := append([]Diagnostic(nil), l.items...)
	sort.SliceStable(s, func(i, j int) bool { return s[i].Span.Start < s[j].Span.Start })
	return s
}
