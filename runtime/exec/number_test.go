package exec

import (
	"math"
	"testing"

	"gdml/runtime/value"
)

// A number comes back from a slot as it was stored, as a number and as a value.
func TestNumberSlots(t *testing.T) {
	m := New(&Program{Main: &Function{Slots: 2}}, Options{})
	for _, v := range []value.Value{0.0, math.Copysign(0, -1), -2.5, int64(0), int64(-7), int64(math.MaxInt64), true, false} {
		n := NumberOf(v)
		m.SetNumber(0, n)
		if got := m.Value(0); got != v {
			t.Errorf("SetNumber(%T %v) gives the value %T %v", v, v, got, got)
		}
		m.Set(0, v)
		if got := m.Number(0); got != n || got.Value() != v {
			t.Errorf("Set(%T %v) gives the number %v", v, v, got.Value())
		}
		m.Copy(1, 0)
		m.Release(0)
		if m.Unset(1) || !m.Unset(0) || m.Value(0) != nil || m.Value(1) != v {
			t.Errorf("after a copy of %v the slots hold %v and %v", v, m.Value(1), m.Value(0))
		}
		m.Move(0, 1)
		if got := m.Take(0); got != v || !m.Unset(0) || !m.Unset(1) {
			t.Errorf("taking %v gives %v", v, got)
		}
	}
	m.Set(0, "x")
	if m.Number(0).Kind != NotNumber || NumberOf(nil).Kind != NotNumber || m.Unset(0) {
		t.Error("a string counts as a number, or as unset")
	}
	m.SetInt(0, 3)
	if m.Number(0) != IntOf(3) || m.Value(0) != int64(3) {
		t.Error("a number does not replace a string")
	}
}

// Numbers in slots allocate nothing, however often they change.
func TestNumbersDoNotAllocate(t *testing.T) {
	m := New(&Program{Main: &Function{Slots: 3}}, Options{})
	m.SetFloat(0, 0.5)
	n := testing.AllocsPerRun(100, func() {
		m.SetFloat(1, m.Number(0).Float()+1e6)
		m.SetInt(2, m.Number(2).Int()+1e6)
		m.Copy(0, 1)
		m.SetBool(1, m.Number(0).True())
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
