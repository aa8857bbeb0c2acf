package compiler

import (
	"errors"
	"fmt"

	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/runtime/exec"
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

// place words where a function was called.
func place(set *source.Set, c exec.Call) string {
	f := set.File(c.At.Start)
	if f == nil {
		return "outside, as " + c.Func
	}
	return f.Slice(c.At)
}
