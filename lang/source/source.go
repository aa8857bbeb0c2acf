package source

import (
	"fmt"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// Pos is a position in a Set: the base of a file plus a byte offset into its text.
type Pos uint32

// Span is the half-open range [Start, End) of positions. Both ends lie in the same file.
type Span struct {
	Start, End Pos
}

// IsValid reports whether s names a piece of text.
func (s Span) IsValid() bool { return s.Start > 0 }

// To returns the span from the start of s to the end of t. An invalid operand is ignored.
func (s Span) To(t Span) Span {
	switch {
	case !s.IsValid():
		return t
	case !t.IsValid():
		return s
	}
	return Span{s.Start, t.End}
}

// File is one source text. It is immutable once added to a Set.
type File struct {
	Name string // as shown in messages
	Text string
	Base Pos   // position of the first byte
	line []int // byte offset of the start of each line
}

// Position is a place for people: 1-based line and column. The column counts characters, not bytes.
type Position struct {
	File      *File
	Line, Col int
}

// String renders file:line:col.
func (p Position) String() string {
	if p.File == nil {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d", p.File.Name, p.Line, p.Col)
}

// Span returns the span of the bytes [lo, hi) of f.
func (f *File) Span(lo, hi int) Span {
	return Span{f.Base + Pos(lo), f.Base + Pos(hi)}
}

// Offset returns the byte offset of p in f, clamped to the text.
func (f *File) Offset(p Pos) int {
	return min(max(int(p)-int(f.Base), 0), len(f.Text))
}

// Slice returns the text of s.
func (f *File) Slice(s Span) string {
	return f.Text[f.Offset(s.Start):f.Offset(s.End)]
}

// Line returns the text of the 1-based line n without its line terminator.
func (f *File) Line(n int) string {
	if n < 1 || n > len(f.line) {
		return ""
	}
	end := len(f.Text)
	if n < len(f.line) {
		end = f.line[n]
	}
	return strings.TrimRight(f.Text[f.line[n-1]:end], "\r\n")
}

// Position returns the line and column of p.
func (f *File) Position(p Pos) Position {
	off := f.Offset(p)
	i := sort.SearchInts(f.line, off+1) - 1
	return Position{f, i + 1, utf8.RuneCountInString(f.Text[f.line[i]:off]) + 1}
}

// Set is a growing collection of files. Its methods may be called from several goroutines.
type Set struct {
	mu    sync.RWMutex
	files []*File
	next  Pos
}

// NewSet returns an empty set.
func NewSet() *Set { return &Set{next: 1} }

// Add appends a file to the set. Names need not be unique.
func (s *Set) Add(name, text string) *File {
	line := []int{0}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			line = append(line, i+1)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &File{Name: name, Text: text, Base: s.next, line: line}
	s.files = append(s.files, f)
	s.next += Pos(len(text)) + 1 // one more, so that the end of a file is a position of its own
	return f
}

// File returns the file that p lies in, or nil.
func (s *Set) File(p Pos) *File {
	if s == nil || p == 0 {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	i := sort.Search(len(s.files), func(i int) bool { return s.files[i].Base > p }) - 1
	if i < 0 {
		return nil
	}
	return s.files[i]
}

// Position returns the place of p, or a zero Position when p lies in no file.
func (s *Set) Position(p Pos) Position {
	if f := s.File(p); f != nil {
		return f.Position(p)
	}
	return Position{}
}
