package value

import (
	"fmt"
	"slices"
	"sync/atomic"
)

// List is an immutable ordered sequence of values, named or not. Either all elements have names or none has.
type List struct {
	vals  []Value
	names []string // nil when unnamed; lists share them
	refs  atomic.Int32
}

// NewList returns a list of vals, taking over the caller's reference to each. Names,
// which must not change any more, is nil or as long as vals; if any name is empty all names are dropped (spec
// language.md §7.4). The list itself starts with one reference.
func NewList(vals []Value, names []string) *List {
	if slices.Contains(names, "") || len(names) != len(vals) {
		names = nil
	}
	l := &List{vals: vals, names: names}
	l.refs.Store(1)
	return l
}

// Len returns the number of elements.
func (l *List) Len() int { return len(l.vals) }

// At returns element i, 0-based. The caller borrows it.
func (l *List) At(i int) Value { return l.vals[i] }

// Named reports whether the elements have names.
func (l *List) Named() bool { return l.names != nil }

// Name returns the name of element i, "" in an unnamed list.
func (l *List) Name(i int) string {
	if l.names == nil {
		return ""
	}
	return l.names[i]
}

// Names returns a copy of the names, nil for an unnamed list.
func (l *List) Names() []string { return slices.Clone(l.names) }

// Index returns the 0-based position of the element called name, or -1.
func (l *List) Index(name string) int { return slices.Index(l.names, name) }

// Unique reports whether the caller's reference is the only one.
func (l *List) Unique() bool { return l.refs.Load() == 1 }

func (l *List) release() {
	switch n := l.refs.Add(-1); {
	case n > 0:
		return
	case n < 0:
		panic("value: list released more often than retained")
	}
	for _, v := range l.vals {
		Release(v)
	}
	l.vals = nil
}

// Slice returns elements lo..hi-1 (0-based) as a new list that keeps the names.
func (l *List) Slice(lo, hi int) (*List, error) {
	if lo < 0 || hi > len(l.vals) || lo >= hi {
		return nil, fmt.Errorf("list index %d:%d is outside the list of %d elements", lo+1, hi, len(l.vals))
	}
	vals := make([]Value, hi-lo)
	for i := range vals {
		vals[i] = Retain(l.vals[lo+i])
	}
	var names []string
	if l.names != nil {
		names = l.names[lo:hi:hi]
	}
	return NewList(vals, names), nil
}

// Clone returns a list of the same values and names.
func (l *List) Clone() *List {
	vals := make([]Value, len(l.vals))
	for i, v := range l.vals {
		vals[i] = Retain(v)
	}
	return NewList(vals, l.names)
}

// Replace makes v element i, 0-based, taking over the reference to v. The list must be
// the caller's alone.
func (l *List) Replace(i int, v Value) {
	old := l.vals[i]
	l.vals[i] = v
	Release(old)
}

// Rename gives the elements from lo on the names of another list, if both lists have names.
// The list must be the caller's alone.
func (l *List) Rename(lo int, from *List) {
	if l.names == nil || from.names == nil {
		return
	}
	l.names = slices.Clone(l.names) // other lists may share them
	copy(l.names[lo:], from.names)
}

// With returns a copy of l whose elements from lo on are replaced by vals, taking over the references to vals.
func (l *List) With(lo int, vals ...Value) (*List, error) {
	if lo < 0 || lo+len(vals) > len(l.vals) {
		for _, v := range vals {
			Release(v)
		}
		return nil, fmt.Errorf("list index %d:%d is outside the list of %d elements", lo+1, lo+len(vals), len(l.vals))
	}
	c := l.Clone()
	for i, v := range vals {
		c.Replace(lo+i, v)
	}
	return c, nil
}
