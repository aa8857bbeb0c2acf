package exec

import (
	"math"

	"gdml/lang/diag"
	"gdml/runtime/cell"
)

// Run executes the instructions.
func (b *Basic) Run(m *Machine) error { return m.exec(b.Instrs) }

// Run evaluates the condition and executes one branch.
func (b *If) Run(m *Machine) error {
	t, err := m.truth(&b.Cond)
	if err != nil {
		return err
	}
	body := b.Then
	if !t {
		body = b.Else
	}
	if err := m.blocks(body); err != nil {
		return err
	}
	m.release(b.Drop)
	return nil
}

// Run executes the body as long as the condition holds.
func (b *While) Run(m *Machine) error {
	for {
		if m.halt.Load() {
			return m.interrupted(b.Cond.At)
		}
		t, err := m.truth(&b.Cond)
		if err != nil {
			return err
		}
		if !t {
			break
		}
		if err := m.blocks(b.Body); err != nil {
			return err
		}
	}
	m.release(b.Drop)
	return nil
}

// steps are the values a loop variable takes: from, from+incr, ..., n of them.
type steps struct {
	from, incr, to int64
	n              uint64
}

func (s steps) at(k uint64) int64 { return s.from + int64(k)*s.incr }

// steps evaluates the range of a loop (language reference §8.6). A bound that is
// not finite gives no steps.
func (b *For) steps(m *Machine) (steps, error) {
	from, ok1, err := m.bound(&b.From)
	if err != nil {
		return steps{}, err
	}
	to, ok2, err := m.bound(&b.To)
	if err != nil {
		return steps{}, err
	}
	s := steps{from: from, to: to, incr: 1}
	if from > to {
		s.incr = -1
	}
	ok3 := true
	if b.Incr.Out != NoSlot {
		if s.incr, ok3, err = m.bound(&b.Incr); err != nil {
			return steps{}, err
		}
	}
	if !ok1 || !ok2 || !ok3 {
		return steps{incr: 1}, nil // 0 is an error of parfor
	}
	if s.incr == 0 && from >= to {
		return s, m.fail(b.Incr.At, Failf(diag.RunTime, "", "the increment of the loop is 0"))
	}
	s.count()
	return s, nil
}

// count sets n. A zero increment gives no steps.
func (s *steps) count() {
	switch {
	case s.incr > 0 && s.from <= s.to:
		s.n = (uint64(s.to)-uint64(s.from))/uint64(s.incr) + 1
	case s.incr < 0 && s.from >= s.to:
		s.n = (uint64(s.from)-uint64(s.to))/-uint64(s.incr) + 1
	}
}

// bound evaluates one bound of a loop, which must be a number, and truncates it.
func (m *Machine) bound(p *Pred) (n int64, finite bool, err error) {
	v, err := m.eval(p)
	if err != nil {
		return 0, false, err
	}
	finite = true
	switch v := v.(type) {
	case int64:
		n = v
	case float64:
		n, finite = cell.ToInt(v), !math.IsNaN(v) && !math.IsInf(v, 0)
	case bool, string:
		err = m.fail(p.At, Failf(diag.TypeMismatch, "", "a loop bound must be a number"))
	default:
		err = m.fail(p.At, notScalar("a loop bound", v))
	}
	m.release(p.Kill)
	return n, finite, err
}

// Run executes the body once for every step. The loop variable is set anew before
// each iteration and keeps its last value.
func (b *For) Run(m *Machine) error {
	s, err := b.steps(m)
	if err != nil {
		return err
	}
	return b.run(m, s)
}

func (b *For) run(m *Machine, s steps) error {
	for k := uint64(0); k < s.n; k++ {
		if m.halt.Load() {
			return m.interrupted(b.At)
		}
		m.SetInt(b.Var, s.at(k))
		if err := m.blocks(b.Body); err != nil {
			return err
		}
	}
	m.release(b.Drop)
	return nil
}
