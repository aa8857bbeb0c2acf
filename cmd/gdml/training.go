package main

import (
	"fmt"
	"io"
	"os"

	"gdml/paramserv"
	"gdml/runtime/exec"
)

// trainingFlags are the options for calls of paramserv.
func trainingFlags() []flag {
	text := func(name, arg, help string, check func(v string) error, field func(t *exec.Training) *string) flag {
		return flag{name: name, arg: arg, help: help, set: func(c *config, v string) error {
			if err := check(v); err != nil {
				return usagef("-%s: %v", name, err)
			}
			*field(c.psOptions()) = v
			return nil
		}}
	}
	some := func(v string) error {
		if v == "" {
			return fmt.Errorf("the name of a file is missing")
		}
		return nil
	}
	return []flag{
		{name: "psverbose", help: "paramserv: print a line after every epoch", set: func(c *config, _ string) error { c.verbose = true; return nil }},
		text("psevents", "FILE", "paramserv: write what happens as JSON lines", some, func(t *exec.Training) *string { return &t.Events }),
		text("psrecord", "FILE", "paramserv: write the order of events", some, func(t *exec.Training) *string { return &t.Record }),
		text("psreplay", "FILE", "paramserv: repeat a recorded order, for the same bits", some, func(t *exec.Training) *string { return &t.Replay }),
		text("psfault", "SPEC,...", "paramserv: inject failures: grad@M, W:grad@M, W:panic@M, grad%P, agg@M, val@M, W:lose@M (worker W from 0)",
			func(v string) error { _, err := paramserv.ParseFaults(v); return err }, func(t *exec.Training) *string { return &t.Fault }),
		text("psdelay", "SPEC,...", "paramserv: delay workers after gradients: W:5ms, *:5ms±2ms, W:5ms~SIGMA, W:5ms@ON/OFF, W:5ms@FROM..TO",
			func(v string) error { _, err := paramserv.ParseDelays(v); return err }, func(t *exec.Training) *string { return &t.Delay }),
	}
}

func (c *config) psOptions() *exec.Training {
	if c.training == nil {
		c.training = &exec.Training{}
	}
	return c.training
}

// openTraining empties the files that calls of paramserv append to.
func (c *config) openTraining() error {
	t := c.training
	if t == nil {
		return nil
	}
	for _, f := range []struct{ flag, name string }{{"psevents", t.Events}, {"psrecord", t.Record}} {
		if f.name == "" {
			continue
		}
		if f.name == t.Replay {
			return usagef("-%s: %s is the file of -psreplay", f.flag, f.name)
		}
		if err := os.WriteFile(f.name, nil, 0o666); err != nil {
			return usagef("-%s: %v", f.flag, err)
		}
	}
	if t.Replay != "" {
		if _, err := os.Stat(t.Replay); err != nil {
			return usagef("-psreplay: %v", err)
		}
	}
	return nil
}

// progress returns where lines about long operations go, nil for nowhere.
func (c *config) progress(w io.Writer) func(string) {
	if !c.verbose {
		return nil
	}
	return func(msg string) { fmt.Fprintln(w, msg) }
}
