package emit

import (
	"fmt"
	"math"

	"gdml/runtime/exec"
	"gdml/runtime/value"
)

// slots lays out the frame and the constants of one function.
type slots struct {
	vars   map[string]exec.Slot
	names  []string // of every slot, "" for temporaries
	unused []exec.Slot
	keep   bool // never use a temporary again
	consts []value.Value
	known  map[string]exec.Slot
}

func newSlots(keep bool) *slots {
	return &slots{vars: map[string]exec.Slot{}, keep: keep, known: map[string]exec.Slot{}}
}

// variable returns the slot of a variable.
func (s *slots) variable(name string) exec.Slot {
	if v, ok := s.vars[name]; ok {
		return v
	}
	v := exec.Slot(len(s.names))
	s.names = append(s.names, name)
	s.vars[name] = v
	return v
}

// temp returns a slot that holds nothing at the moment.
func (s *slots) temp() exec.Slot {
	if n := len(s.unused); n > 0 {
		t := s.unused[n-1]
		s.unused = s.unused[:n-1]
		return t
	}
	s.names = append(s.names, "")
	return exec.Slot(len(s.names) - 1)
}

// free makes a temporary available again.
func (s *slots) free(t exec.Slot) {
	if !s.keep {
		s.unused = append(s.unused, t)
	}
}

func (s *slots) isTemp(t exec.Slot) bool { return t >= 0 && s.names[t] == "" }

// constant returns the operand for a literal; equal literals share one.
func (s *slots) constant(v any) exec.Slot {
	key := fmt.Sprintf("%T %v", v, v)
	if f, ok := v.(float64); ok {
		key = fmt.Sprintf("bits %x", math.Float64bits(f)) // tells 0.0 from -0.0
	}
	if c, ok := s.known[key]; ok {
		return c
	}
	s.consts = append(s.consts, v)
	c := ^exec.Slot(len(s.consts) - 1)
	s.known[key] = c
	return c
}
