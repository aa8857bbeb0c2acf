package exp

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// runner executes the runs of a plan.
type runner struct {
	gdml     string // the binary
	options  []string
	dataDir  string
	jobs     int
	retries  int
	timeout  time.Duration
	err      io.Writer
	terminal bool // err shows one line of progress that is written over

	table *table

	mu       sync.Mutex
	total    int
	finished int
	failed   int
	begin    time.Time
	broken   error // the table cannot be written
}

// all executes the runs, stage by stage, and returns how many failed. Runs of a stage that
// measures time never run beside others.
func (r *runner) all(ctx context.Context, runs []run) (int, error) {
	r.total, r.begin = len(runs), time.Now()
	for len(runs) > 0 {
		n := slices.IndexFunc(runs, func(u run) bool { return u.stage != runs[0].stage })
		if n < 0 {
			n = len(runs)
		}
		r.stage(ctx, runs[:n])
		runs = runs[n:]
	}
	if r.terminal && r.total > 0 {
		fmt.Fprintln(r.err)
	}
	if r.broken != nil {
		return r.failed, r.broken
	}
	return r.failed, ctx.Err()
}

func (r *runner) stage(ctx context.Context, runs []run) {
	jobs := r.jobs
	if runs[0].timing {
		jobs = 1
	}
	next := make(chan *run)
	var all sync.WaitGroup
	for range min(jobs, len(runs)) {
		all.Go(func() {
			for u := range next {
				r.one(ctx, u)
			}
		})
	}
	for i := range runs {
		next <- &runs[i]
	}
	close(next)
	all.Wait()
}

// one executes a run with its retries and writes its row. After an interruption it does nothing.
func (r *runner) one(ctx context.Context, u *run) {
	r.mu.Lock()
	stop := r.broken != nil
	r.mu.Unlock()
	if stop || ctx.Err() != nil {
		return
	}
	p := process{path: r.gdml, args: r.arguments(u), timeout: r.timeout}
	var e ending
	attempts := 0
	for {
		attempts++
		e = p.run(ctx)
		if ctx.Err() != nil {
			return
		}
		if attempts > r.retries || !e.retryable() {
			break
		}
		r.say("run %d (%s, seed %d), attempt %d: %s; trying again", u.number, u.stage, u.seed, attempts, e.reason())
	}
	reason := ""
	if e.rc != 0 {
		reason = e.reason()
		r.say("run %d (%s, seed %d) failed with status %d after %d attempts: %s", u.number, u.stage, u.seed, e.rc, attempts, reason)
	}
	err := r.table.add(u, e.rc, attempts, e.outcome(), reason)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished++
	if e.rc != 0 {
		r.failed++
	}
	if r.broken == nil {
		r.broken = err
	}
	r.progress(u)
}

// arguments returns the command line of a run.
func (r *runner) arguments(u *run) []string {
	args := append([]string{"run", "-f", u.script, "-stats", "-seed", fmt.Sprint(u.seed)}, r.options...)
	args = append(args, "-nvargs")
	if d, err := u.dataset(); err == nil && d != (dataset{}) {
		args = append(args, "X="+d.path(r.dataDir))
	}
	for _, s := range u.settings {
		if !strings.HasPrefix(s.name, dataPrefix) {
			args = append(args, s.name+"="+s.value)
		}
	}
	return append(args, fmt.Sprintf("SEED=%d", u.seed))
}

// say prints a line without tearing that of the progress.
func (r *runner) say(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.terminal {
		fmt.Fprint(r.err, "\r\x1b[K")
	}
	fmt.Fprintf(r.err, "gdml exp: "+format+"\n", args...)
}

// progress shows how far the sweep is; the caller holds the lock.
func (r *runner) progress(u *run) {
	if !r.terminal {
		return
	}
	spent := time.Since(r.begin)
	left := time.Duration(float64(spent) / float64(r.finished) * float64(r.total-r.finished))
	fmt.Fprintf(r.err, "\r\x1b[K%d/%d runs, %d failed, %s, about %s left (%s)",
		r.finished, r.total, r.failed, spent.Round(time.Second), left.Round(time.Second), u.stage)
}
