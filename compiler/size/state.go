package size

import (
	"maps"

	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
)

// variable is what is known of a variable at a point of the program.
type variable struct {
	shape op.Shape
	at    source.Span // of the assignment it comes from; invalid when there is not exactly one
}

// state maps variables that are set on some path to here. Of one that another path leaves
// unset nothing is known: a size or constant in place of the variable would hide that
// reading it may fail.
type state map[string]variable

func (s state) clone() state { return maps.Clone(s) }

// join makes s hold what is true in s and in t.
func (s state) join(t state) {
	for name, w := range t {
		v, ok := s[name]
		if !ok {
			w.shape = vague(w.shape)
			s[name] = w
			continue
		}
		v.shape = v.shape.Join(w.shape)
		if v.at != w.at {
			v.at = source.Span{}
		}
		s[name] = v
	}
	for name, v := range s {
		if _, ok := t[name]; !ok {
			v.shape = vague(v.shape)
			s[name] = v
		}
	}
}

// equal reports whether s and t have equal shapes.
func (s state) equal(t state) bool {
	return maps.EqualFunc(s, t, func(a, b variable) bool { return a.shape.Equal(b.shape) && a.at == b.at })
}

// widen forgets everything in which s differs from old.
func (s state) widen(old state) {
	for name, v := range s {
		if w, ok := old[name]; !ok || !v.shape.Equal(w.shape) {
			v.shape = vague(v.shape)
			s[name] = v
		}
	}
}

// vague forgets all of a shape but that it is a scalar.
func vague(s op.Shape) op.Shape {
	if s.IsScalar() {
		return op.ScalarShape
	}
	return op.NoShape
}

// unknown is the shape of a value of which only the type is known.
func unknown(t types.Type) op.Shape {
	if t.Data == types.Scalar {
		return op.ScalarShape
	}
	return op.NoShape
}

// agree returns s, or what is known by type t if s belongs to a value of another data type.
func agree(t types.Type, s op.Shape) op.Shape {
	if t.Data != types.Unknown && s.IsScalar() != (t.Data == types.Scalar) {
		return unknown(t)
	}
	return s
}

// converted returns the shape of a scalar that is passed where type t is declared. A
// constant that changes its value type is converted if it is an int that becomes a double,
// and forgotten otherwise.
func converted(t types.Type, s op.Shape) op.Shape {
	s = agree(t, s)
	if t.Data != types.Scalar || s.Val == nil {
		return s
	}
	switch v := s.Val.(type) {
	case int64:
		if t.Elem == types.Double {
			return op.Const(float64(v))
		}
		if t.Elem == types.Int {
			return s
		}
	case float64:
		if t.Elem == types.Double {
			return s
		}
	case bool:
		if t.Elem == types.Bool {
			return s
		}
	case string:
		if t.Elem == types.String {
			return s
		}
	}
	return op.ScalarShape
}
