package compiler

import (
	"errors"
	"fmt"

	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/runtime/exec"
	"gdml/runtime/format"
)

// stackShown is how many calls a diagnostic names at each end of a deep stack.
const stackShown = 8

// Diagnose turns the error of a run into a diagnostic, with a note for each DML call
// that led to it, innermost first.
func Diagnose(set *source.Set, err error) diag.Diagnostic {
	var e *exec.Error
	if !errors.As(err, &e) {
		return diag.Diagnostic{Code: diag.RunTime, Msg: err.Error()}
	}
	d := diag.Diagnostic{Code: e.Code, Span: e.At, Msg: e.Msg, Hint: e.Hint}
	var data *format.Error
	if errors.As(err, &data) && data.Line > 0 && data.Text != "" {
		d.Notes = append(d.Notes, diag.Note{Msg: fmt.Sprintf("line %d of %s: %s", data.Line, data.File, excerpt(data))})
	}
	n := len(e.Stack)
	for i := range n {
		c := e.Stack[n-1-i]
		if n > 2*stackShown && i >= stackShown && i < n-stackShown {
			if i == stackShown {
				d.Notes = append(d.Notes, diag.Note{Msg: fmt.Sprintf("... %d more calls", n-2*stackShown)})
			}
			continue
		}
		d.Notes = append(d.Notes, diag.Note{Span: c.At, Msg: "called from " + place(set, c)})
	}
	return d
}

// excerpt returns the line of a data file that is at fault, cut to a window around the fault.
func excerpt(e *format.Error) string {
	const width = 60
	line := []rune(e.Text)
	if len(line) <= width {
		return string(line)
	}
	lo := min(max(e.Col-width/2, 0), len(line)-width)
	cut := string(line[lo : lo+width])
	if lo > 0 {
		cut = "..." + cut
	}
	if lo+width < len(line) {
		cut += "..."
	}
	return cut
}

// place words where a function was called.
func place(set *source.Set, c exec.Call) string {
	f := set.File(c.At.Start)
	if f == nil {
		return "outside, as " + c.Func
	}
	return f.Slice(c.At)
}
