package exec

import (
	"errors"

	"gdml/lang/diag"
	"gdml/runtime/matrix"
)

// pins are the matrices that a machine keeps in memory while it uses them. Under a
// memory limit the others may be moved to disk at any time, so every instruction
// pins its operands before it looks at them.
type pins struct {
	on   bool // there is a limit
	list []*matrix.Matrix
	from int // where those of the current instruction begin
}

// pin brings the matrices in slots into memory and keeps them there. The elements of
// lists need no pin: a list holds references of its own.
func (m *Machine) pin(slots []Slot) {
	if !m.pins.on {
		return
	}
	for _, s := range slots {
		if s < 0 {
			continue
		}
		if x, ok := m.frame[s].v.(*matrix.Matrix); ok {
			m.pins.list = append(m.pins.list, x)
			m.pool.Pin(x)
		}
	}
}

// unpin gives up all pins but the first n.
func (m *Machine) unpin(n int) {
	for i := n; i < len(m.pins.list); i++ {
		m.pool.Unpin(m.pins.list[i])
		m.pins.list[i] = nil
	}
	m.pins.list = m.pins.list[:min(n, len(m.pins.list))]
}

// Unpin lets the operands of the current instruction go before it ends. A call does
// so when it has handed them over: they need not stay in memory while the function runs.
func (m *Machine) Unpin() { m.unpin(m.pins.from) }

// shortage turns a request for memory that did not fit into a run-time error, nil if p is something else.
func shortage(p any) *Error {
	err, _ := p.(error)
	var e *matrix.MemoryError
	if !errors.As(err, &e) {
		return nil
	}
	hint := "raise the memory limit, or use fewer or smaller values at a time"
	if e.Machine {
		hint = "check the dimensions; a sparse matrix, or work on parts of the rows, needs less"
	}
	return &Error{Code: diag.RunTime, Msg: e.Error(), Hint: hint, Err: e}
}
