package exec

import "sync/atomic"

// Training is what a run asks of its calls of paramserv from outside of the script.
// The texts are read by the builtin. Files are appended to; empty names are none.
type Training struct {
	Fault, Delay   string // failures and delays to inject
	Record, Replay string // files with the order of events of each call
	Events         string // file for a JSON line per event

	// Watch returns what is to be told of every event of the call with the given number: a
	// func(paramserv.Event), called by one goroutine at a time; calls may run side by side.
	// Training waits for it, so that it must return at once. nil for none.
	Watch func(call int) any

	calls atomic.Int64
}

// NextCall returns the number of a call that begins, from 1.
func (t *Training) NextCall() int { return int(t.calls.Add(1)) }

// Training returns what the run asks of calls of paramserv, nil for nothing.
func (m *Machine) Training() *Training { return m.shared.opt.Training }
