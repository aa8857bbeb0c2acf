package exec

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/runtime/cell"
	"gdml/runtime/matrix"
)

// Error is a run-time error with its place in the script. Builtins and instructions
// may return one without place and stack to choose the code or to give a hint; the
// machine completes a copy of it.
type Error struct {
	At    source.Span
	Code  diag.Code
	Msg   string
	Hint  string
	Stack []Call // DML calls that led there, outermost first
	Err   error  // cause, or nil
}

func (e *Error) Error() string { return e.Msg }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Failf returns an error with a code and a hint ("" for none) that the machine will place.
func Failf(code diag.Code, hint, format string, args ...any) *Error {
	return &Error{Code: code, Hint: hint, Msg: fmt.Sprintf(format, args...)}
}

// fail places err at the span of the instruction that raised it. An error that has a place keeps it.
func (m *Machine) fail(at source.Span, err error) error {
	var e *Error
	if errors.As(err, &e) {
		if e.At.IsValid() || e.Stack != nil {
			return err
		}
		placed := *e
		placed.At, placed.Stack = at, slices.Clone(m.stack)
		return &placed
	}
	return &Error{At: at, Code: codeOf(err), Msg: err.Error(), Stack: slices.Clone(m.stack), Err: err}
}

// failed is fail for an instruction. Whatever goes wrong after the run was cancelled is a consequence of that.
// A variable that is not set is reported where it is mentioned.
func (m *Machine) failed(i *Meta, err error) error {
	if m.halt.Load() {
		return m.interrupted(i.At)
	}
	at := i.At
	if unset, ok := errors.AsType[*UnsetError](err); ok {
		for _, r := range i.Reads {
			if m.fn.Names[r.Slot] == unset.Var && r.At.IsValid() {
				at = r.At
			}
		}
	}
	return m.fail(at, err)
}

func codeOf(err error) diag.Code {
	var unset *UnsetError
	var size *matrix.SizeError
	switch {
	case errors.As(err, &size):
		return diag.ShapeMismatch
	case errors.As(err, &unset):
		return diag.Unset
	case errors.Is(err, cell.ErrOverflow):
		return diag.Overflow
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return diag.Interrupted
	}
	return diag.RunTime
}

// interrupted is the error of a cancelled run.
func (m *Machine) interrupted(at source.Span) error {
	err := context.Cause(m.ctx)
	if err == nil {
		err = context.Canceled
	}
	msg := "interrupted"
	if !errors.Is(err, context.Canceled) {
		msg += ": " + err.Error()
	}
	return &Error{At: at, Code: diag.Interrupted, Msg: msg, Stack: slices.Clone(m.stack), Err: err}
}

// guard turns a panic into an error. It is deferred where Go code enters the
// machine: Run, Call, and the goroutines of parfor.
func (m *Machine) guard(err *error) {
	p := recover()
	if p == nil {
		return
	}
	if m.halt.Load() {
		*err = m.interrupted(m.At())
		return
	}
	if e := shortage(p); e != nil {
		*err = m.fail(m.At(), e)
		return
	}
	*err = &Error{
		At:    m.At(),
		Code:  diag.Internal,
		Msg:   fmt.Sprintf("internal error: %v", p),
		Hint:  "this is a defect of gdml, not of the script",
		Stack: slices.Clone(m.stack),
		Err:   &PanicError{Value: p, Trace: debug.Stack()},
	}
}

// PanicError is the cause of an internal error.
type PanicError struct {
	Value any
	Trace []byte // Go stack of the panic
}

func (e *PanicError) Error() string { return fmt.Sprint(e.Value) }
