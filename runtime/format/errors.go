package format

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error is a fault of a file. Line and Col are 1-based, 0 when the fault has no place
// in the file; Col counts characters. Text is the line at fault, for a caret.
type Error struct {
	File      string
	Line, Col int
	Msg       string
	Hint      string
	Text      string
	More      []string // further faults of the same kind, one line each, with their places
	Kind      Kind
	Err       error // cause, such as an error of the operating system
}

// Kind tells what sort of thing is at fault.
type Kind uint8

// Kinds of errors.
const (
	BadData     Kind = iota // the content of a file
	Missing                 // the file does not exist
	BadMetadata             // the metadata file, or a call that contradicts it
	BadFormat               // a format that is unknown or cannot do what is asked
	BadParam                // a parameter of the call
	Failed                  // the operating system refused
)

// Message returns place and message in one line, without hint and further faults.
func (e *Error) Message() string { return e.place() + e.Msg }

// Error returns place, message and hint in one line, and the further faults in lines of their own.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.place())
	b.WriteString(e.Msg)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	for _, m := range e.More {
		b.WriteString("\n  " + m)
	}
	return b.String()
}

func (e *Error) place() string {
	switch {
	case e.File == "":
		return ""
	case e.Line == 0:
		return e.File + ": "
	case e.Col == 0:
		return fmt.Sprintf("%s:%d: ", e.File, e.Line)
	}
	return fmt.Sprintf("%s:%d:%d: ", e.File, e.Line, e.Col)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// fileError is a fault of a whole file.
func fileError(file, format string, args ...any) *Error {
	return &Error{File: file, Msg: sprintf(format, args...)}
}

// lineError is a fault at byte offset off of line number n, whose bytes are line.
func lineError(file string, n int, line []byte, off int, format string, args ...any) *Error {
	return &Error{File: file, Line: n, Col: utf8.RuneCount(line[:off]) + 1, Text: clip(line), Msg: sprintf(format, args...)}
}

// clip bounds the text kept of a line.
func clip(line []byte) string {
	const most = 1000
	if len(line) <= most {
		return string(line)
	}
	return strings.ToValidUTF8(string(line[:most]), "") + "..."
}

// quote renders a token of a file for a message.
func quote(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strconv.Quote(s)
}

// faults collects the errors of one file, the first few in full.
type faults struct {
	list  []*Error
	count int
}

// faultsShown is how many faults of a file a message names.
const faultsShown = 5

func (f *faults) add(e *Error) {
	if len(f.list) < faultsShown {
		f.list = append(f.list, e)
	}
	f.count++
}

func (f *faults) merge(g *faults) {
	for _, e := range g.list {
		f.add(e)
	}
	f.count += g.count - len(g.list)
}

// err returns the first fault with the others in More, nil when there is none.
func (f *faults) err() error {
	if f.count == 0 {
		return nil
	}
	e := *f.list[0]
	for _, o := range f.list[1:] {
		e.More = append(e.More, o.place()+o.Msg)
	}
	if n := f.count - len(f.list); n > 0 {
		e.More = append(e.More, fmt.Sprintf("... and %d more", n))
	}
	return &e
}
