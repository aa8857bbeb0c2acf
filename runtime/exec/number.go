package exec

import (
	"math"

	"gdml/runtime/value"
)

// Kind tells what a Number is.
type Kind uint8

// Kinds. The zero Kind is that of the zero Number, which stands for no number.
const (
	NotNumber Kind = iota
	Double
	Int
	Bool
)

// Number is a double, int or boolean outside of an interface, so that storing one in
// a slot allocates nothing. Strings, the fourth type of scalars, are values only.
type Number struct {
	Kind Kind
	bits uint64 // of the double or int; 0 or 1
}

// FloatOf returns f as a number.
func FloatOf(f float64) Number { return Number{Double, math.Float64bits(f)} }

// IntOf returns n as a number.
func IntOf(n int64) Number { return Number{Int, uint64(n)} }

// BoolOf returns b as a number.
func BoolOf(b bool) Number {
	if b {
		return Number{Bool, 1}
	}
	return Number{Bool, 0}
}

// NumberOf returns the number that v holds, of kind NotNumber if it is something else.
func NumberOf(v value.Value) Number {
	switch v := v.(type) {
	case float64:
		return FloatOf(v)
	case int64:
		return IntOf(v)
	case bool:
		return BoolOf(v)
	}
	return Number{}
}

// Float returns n as a double; booleans count as 0 and 1.
func (n Number) Float() float64 {
	if n.Kind == Double {
		return math.Float64frombits(n.bits)
	}
	return float64(int64(n.bits))
}

// Int returns an int or boolean as an integer. It must not be asked of a double.
func (n Number) Int() int64 { return int64(n.bits) }

// True reports whether n is not 0.
func (n Number) True() bool {
	if n.Kind == Double {
		return n.Float() != 0
	}
	return n.bits != 0
}

// Value returns n as a value, nil for no number.
func (n Number) Value() value.Value {
	switch n.Kind {
	case Double:
		return n.Float()
	case Int:
		return n.Int()
	case Bool:
		return n.bits != 0
	}
	return nil
}

// register is what a slot holds: a number, or v. For a number v is nil or the same
// number as a value, made when somebody first asked for it.
type register struct {
	num Number
	v   value.Value
}

// isSet reports whether the slot holds anything.
func (r *register) isSet() bool { return r.num.Kind != NotNumber || r.v != nil }

// value returns what the slot holds, nil when it is not set.
func (r *register) value() value.Value {
	if r.v == nil && r.num.Kind != NotNumber {
		r.v = r.num.Value()
	}
	return r.v
}

// Number returns operand s if it is a number, else the zero Number.
func (m *Machine) Number(s Slot) Number {
	if s >= 0 {
		return m.frame[s].num
	}
	if s == NoSlot {
		return Number{}
	}
	return NumberOf(m.fn.Consts[^s])
}

// SetNumber stores n, which must be a number, in slot s and releases what was there.
func (m *Machine) SetNumber(s Slot, n Number) {
	r := &m.frame[s]
	if r.num.Kind == NotNumber && r.v != nil {
		m.drop(r.v)
	}
	r.num, r.v = n, nil
}

// SetFloat is SetNumber for a double.
func (m *Machine) SetFloat(s Slot, f float64) { m.SetNumber(s, FloatOf(f)) }

// SetInt is SetNumber for an int.
func (m *Machine) SetInt(s Slot, n int64) { m.SetNumber(s, IntOf(n)) }

// SetBool is SetNumber for a boolean.
func (m *Machine) SetBool(s Slot, b bool) { m.SetNumber(s, BoolOf(b)) }
