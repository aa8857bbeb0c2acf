package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gdml/compiler"
	"gdml/compiler/explain"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/runtime/exec"
)

// errClosed says that the reader of standard output has gone away.
var errClosed = errors.New("standard output is closed")

// readScript returns the name and text of the script that c names.
func readScript(sys *system, c *config) (name, text string, err error) {
	switch {
	case c.inline:
		return "<script>", c.script, nil
	case c.file == "-":
		b, err := io.ReadAll(sys.in)
		if err != nil {
			return "", "", usagef("cannot read standard input: %v", err)
		}
		return "<stdin>", string(b), nil
	}
	b, err := os.ReadFile(c.file)
	if err != nil {
		return "", "", usagef("cannot read script %q: %v%s", c.file, cause(err), nearFile(c.file))
	}
	return c.file, string(b), nil
}

// cause strips the operation and path that os wraps around an error.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// nearFile suggests a file of a similar name in the same directory.
func nearFile(path string) string {
	entries, _ := os.ReadDir(filepath.Dir(path))
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	near, ok := diag.Nearest(filepath.Base(path), names)
	if !ok {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", filepath.Join(filepath.Dir(path), near))
}

func (c *config) options() compiler.Options {
	libs := slices.Concat(c.libs, filepath.SplitList(c.path))
	return compiler.Options{Level: c.level, Args: c.args, LibDirs: libs}
}

// notify returns a context that is cancelled by SIGINT and SIGTERM, and the exit status that the signal asks for.
func notify() (ctx context.Context, status *atomic.Int32, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	status = new(atomic.Int32)
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		select {
		case s := <-ch:
			status.Store(exitInt)
			if s == syscall.SIGTERM {
				status.Store(exitTerm)
			}
			cancel()
		case <-done:
		}
	}()
	return ctx, status, func() {
		signal.Stop(ch)
		close(done)
		cancel()
	}
}

// runScript compiles and runs the script of c.
func runScript(sys *system, c *config) int {
	name, text, err := readScript(sys, c)
	if err != nil {
		fmt.Fprintf(sys.err, "gdml: %v\n", err)
		return exitUsage
	}
	for _, n := range c.notes {
		fmt.Fprintf(sys.err, "gdml: warning: %s\n", n)
	}
	ctx, signalled, stop := notify()
	defer stop()

	start := time.Now()
	compile := compiler.Compile
	if c.command == "check" {
		compile = compiler.Check
	}
	r, ds := compile(ctx, compiler.Source{Name: name, Text: text}, c.options())
	compiled := time.Since(start)
	report(sys, c, r.Set, ds)
	if s := signalled.Load(); s != 0 {
		return int(s)
	}
	if ds.HasErrors() {
		return compileStatus(ds)
	}
	if c.command == "check" {
		return exitOK
	}
	if err := c.printPlans(sys.err, r); err != nil {
		fmt.Fprintf(sys.err, "gdml: %v\n", err)
	}
	if c.dry {
		return exitOK
	}
	return execute(ctx, sys, c, r, compiled, signalled)
}

func compileStatus(ds diag.List) int {
	for _, d := range ds.All() {
		if d.Code == diag.Internal {
			return exitInternal
		}
	}
	return exitCompile
}

func (c *config) printPlans(w io.Writer, r *compiler.Result) error {
	for _, level := range c.explain {
		var err error
		switch level {
		case "hops":
			fmt.Fprintln(w, "# HOPS")
			err = explain.HOPs(w, r.HOPs)
		case "runtime":
			fmt.Fprintln(w, "# RUNTIME")
			err = explain.Runtime(w, r.Program)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// execute runs a compiled script and returns the exit status.
func execute(ctx context.Context, sys *system, c *config, r *compiler.Result, compiled time.Duration, signalled *atomic.Int32) int {
	err := c.openTraining()
	var w *watching
	if err == nil {
		w, err = c.startWatching(sys)
	}
	if err != nil {
		fmt.Fprintf(sys.err, "gdml: %v\n", err)
		return exitUsage
	}
	defer w.stop()
	out := &output{w: bufio.NewWriterSize(w.out, 1<<16), line: isTerminal(sys.out)}
	memory := c.newPool()
	defer memory.Close()
	o := exec.Options{
		Out: out, Pool: memory, Workers: c.workers(), Seed: c.seed, Seeded: c.seeded,
		Warn: func(msg string) { fmt.Fprintf(w.err, "gdml: warning: %s\n", msg) }, Progress: c.progress(w.err), Training: c.training,
	}
	if c.stats > 0 {
		o.Stats = exec.NewStats()
	}
	start := time.Now()
	m := exec.New(r.Program, o)
	err = m.Run(ctx)
	took := time.Since(start)
	m.Close()
	w.stop()
	if ferr := out.Flush(); err == nil {
		err = ferr
	}
	if c.stats > 0 {
		noteSpills(o.Stats, memory)
		write := explain.Stats
		if c.sysds {
			write = explain.SysDS
		}
		run := explain.Run{
			Script: r.Program.Main.Name, Threads: c.threads, Compile: compiled, Run: took,
			Peak: memory.Peak(), Rewrites: len(r.Trace), Stats: o.Stats, Sources: r.Set,
		}
		if c.mem {
			run.Objects = memory.Objects()
		}
		write(sys.err, run, c.stats)
	}
	switch s := signalled.Load(); {
	case s != 0:
		fmt.Fprintln(sys.err, "gdml: interrupted")
		return int(s)
	case err == nil || errors.Is(err, errClosed):
		return exitOK
	}
	d := compiler.Diagnose(r.Set, err)
	var l diag.List
	l.Add(d)
	report(sys, c, r.Set, l)
	if d.Code == diag.Internal {
		return exitInternal
	}
	return exitRun
}

// report prints diagnostics with a summary of the errors.
func report(sys *system, c *config, set *source.Set, l diag.List) {
	if l.Len() == 0 {
		return
	}
	r := &diag.Renderer{Set: set, Color: c.colored(sys, sys.err)}
	r.Write(sys.err, l)
	if l.HasErrors() {
		r.Summary(sys.err, l)
	}
}

// flushAfter bounds how long a line waits in the buffer, so that a long run can be followed in a file or a pipe.
const flushAfter = 200 * time.Millisecond

// output is standard output: buffered, flushed after every line on a terminal and soon
// after it elsewhere. A closed pipe ends the run without a message, as with other filters.
type output struct {
	line bool // flush every line

	mu   sync.Mutex
	w    *bufio.Writer
	soon bool // a flush is due
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.w.Write(p)
	switch {
	case err != nil:
	case o.line:
		err = o.w.Flush()
	case !o.soon:
		o.soon = true
		time.AfterFunc(flushAfter, func() { o.Flush() }) // the next write or the last flush has its error
	}
	return n, closed(err)
}

func (o *output) Flush() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.soon = false
	return closed(o.w.Flush())
}

func closed(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return errClosed
	}
	return err
}
