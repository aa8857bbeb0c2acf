package builtins

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"gdml/paramserv"
	"gdml/runtime/exec"
)

// psFiles are the files that a run keeps about its calls of paramserv. Each call appends
// whole lines, so that calls side by side can share them.
type psFiles struct {
	call   int // of the run, in the order of their beginning
	record string
	log    *paramserv.Log
	events string
	lines  bytes.Buffer
	err    error // of writing events
}

// psRecord is a line of a record file.
type psRecord struct {
	Call int    `json:"call"`
	Log  string `json:"log"`
}

// psOutside applies to a call what was asked for outside of the script. t may be nil.
func psOutside(t *exec.Training, cfg *paramserv.Config) (*psFiles, error) {
	f := &psFiles{}
	if t == nil {
		return f, nil
	}
	f.call, f.record, f.events = t.NextCall(), t.Record, t.Events
	var err error
	if t.Fault != "" {
		if cfg.Faults, err = paramserv.ParseFaults(t.Fault); err != nil {
			return nil, err
		}
	}
	if t.Delay != "" {
		if cfg.Delays, err = paramserv.ParseDelays(t.Delay); err != nil {
			return nil, err
		}
	}
	if t.Replay != "" {
		if cfg.Replay, err = psReplay(t.Replay, f.call); err != nil {
			return nil, err
		}
	}
	if f.record != "" {
		f.log = &paramserv.Log{}
		cfg.Record = f.log
	}
	cfg.OnEvent = f.listener(t)
	// A change of words may be what a fault asks for: the options are checked once more, with them.
	return f, errors.Join(cfg.CheckOptions()...)
}

// psReplay finds the record of a call.
func psReplay(file string, call int) (*paramserv.Log, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("record to replay: %w", err)
	}
	for line := range bytes.Lines(data) {
		var r psRecord
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("record to replay, %s: %w", file, err)
		}
		if r.Call == call {
			return paramserv.ParseLog(r.Log)
		}
	}
	return nil, fmt.Errorf("%s has no record of call %d of paramserv", file, call)
}

// listener returns what is to be told about events, nil if nobody is.
func (f *psFiles) listener(t *exec.Training) func(paramserv.Event) {
	var watch func(paramserv.Event)
	if t.Watch != nil {
		watch, _ = t.Watch(f.call).(func(paramserv.Event))
	}
	switch {
	case f.events == "":
		return watch
	case watch == nil:
		return f.event
	}
	return func(e paramserv.Event) {
		watch(e)
		f.event(e)
	}
}

// event appends a line to the event file. The lines of pushes are collected, all others written at once.
func (f *psFiles) event(e paramserv.Event) {
	line, err := json.Marshal(struct {
		Call int `json:"call"`
		paramserv.Event
	}{f.call, e})
	if err != nil {
		f.err = errors.Join(f.err, err)
		return
	}
	f.lines.Write(line)
	f.lines.WriteByte('\n')
	if e.Kind != "push" && e.Kind != "update" || f.lines.Len() > 1<<15 {
		f.flush()
	}
}

func (f *psFiles) flush() {
	if f.lines.Len() == 0 {
		return
	}
	if err := appendTo(f.events, f.lines.Bytes()); err != nil && f.err == nil {
		f.err = err
	}
	f.lines.Reset()
}

// close writes what is left, and the record.
func (f *psFiles) close() error {
	f.flush()
	if f.log == nil {
		return f.err
	}
	line, err := json.Marshal(psRecord{f.call, f.log.String()})
	if err == nil {
		err = appendTo(f.record, append(line, '\n'))
	}
	return errors.Join(f.err, err)
}

func appendTo(file string, data []byte) error {
	w, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return errors.Join(err, w.Close())
}
