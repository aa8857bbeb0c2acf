package exp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Statuses of runs that did not end by themselves, as the timeout command and shells give them.
const (
	rcTimeout = 124
	rcNoStart = 127
	rcKilled  = 137
)

// process is one start of gdml.
type process struct {
	path    string
	args    []string
	timeout time.Duration // 0 for none
}

// ending is how a process ended.
type ending struct {
	rc       int
	out, err string
	wall     time.Duration
	message  string // what the streams do not say
}

// run starts the process in a group of its own and waits for it. When the time is up or the
// context ends, the whole group is killed.
func (p *process) run(ctx context.Context) ending {
	limited := ctx
	if p.timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, p.timeout)
		defer cancel()
	}
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(limited, p.path, p.args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = 2 * time.Second
	ownGroup(cmd)
	begin := time.Now()
	err := cmd.Run()
	e := ending{wall: time.Since(begin), out: out.String(), err: errs.String()}
	var exit *exec.ExitError
	switch {
	case err == nil:
	case ctx.Err() != nil:
		e.rc, e.message = rcKilled, "interrupted"
	case limited.Err() != nil:
		e.rc, e.message = rcTimeout, fmt.Sprintf("killed after %s", p.timeout)
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		e.rc = exit.ExitCode()
	case errors.As(err, &exit):
		e.rc, e.message = rcKilled, exit.String()
	default:
		e.rc, e.message = rcNoStart, err.Error()
	}
	return e
}

// reason says in one line why a process failed: the first error message among its lines.
func (e *ending) reason() string {
	if e.message != "" {
		return oneLine(e.message)
	}
	for line := range strings.Lines(e.err) {
		if strings.Contains(line, "error") {
			return oneLine(strings.TrimSpace(line))
		}
	}
	for line := range strings.Lines(e.err) {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "warning:") {
			return oneLine(line)
		}
	}
	return fmt.Sprintf("exit status %d", e.rc)
}

// retryable reports whether another attempt may end otherwise: a wrong command line and a
// script that does not compile stay so.
func (e *ending) retryable() bool {
	return e.rc != 0 && e.rc != 2 && e.rc != 3 && e.rc != rcNoStart
}
