package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"gdml/cmd/gdml/internal/exp"
	"gdml/runtime/matrix/kernel"
)

// Exit statuses; doc.go describes them.
const (
	exitOK       = 0
	exitRun      = 1
	exitUsage    = 2
	exitCompile  = 3
	exitInternal = 70
	exitInt      = 130
	exitTerm     = 143
)

// system is what a command gets from the process. Tests give it buffers.
type system struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
}

func main() {
	signal.Ignore(syscall.SIGPIPE) // a closed standard output is an error to handle, not a reason to die
	sys := &system{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv}
	os.Exit(run(sys, os.Args[1:]))
}

// run executes one command line and returns the exit status.
func run(sys *system, argv []string) (status int) {
	var c *config
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(sys.err, "gdml: internal error: %v\n", p)
			fmt.Fprintln(sys.err, "This is a fault of gdml, not of the script. Please report it with the script and the line below.")
			fmt.Fprintf(sys.err, "gdml %s\n", version())
			if c != nil && c.debug {
				sys.err.Write(debug.Stack())
			}
			status = exitInternal
		}
	}()
	if len(argv) > 0 {
		switch argv[0] {
		case "fmt":
			return formatFiles(sys, argv[1:])
		case "bench":
			return bench(sys, argv[1:])
		case "exp":
			e := exp.Command{Out: sys.out, Err: sys.err, Terminal: isTerminal(sys.err), Version: version()}
			return e.Run(argv[1:])
		}
	}
	c, err := parseFlags(argv, sys.env)
	if _, bad := kernel.Tier(); bad != nil && err == nil {
		err = bad
	}
	if err != nil {
		fmt.Fprintf(sys.err, "gdml: %v\n", err)
		var u *usageError
		if errors.As(err, &u) {
			fmt.Fprintln(sys.err, "run gdml -help for the flags")
		}
		return exitUsage
	}
	switch c.command {
	case "version":
		fmt.Fprintf(sys.out, "gdml %s\n", version())
		return exitOK
	case "help":
		return help(sys, c, c.topic)
	case "repl":
		return repl(sys, c)
	}
	if c.file == "" && !c.inline {
		if isTerminal(sys.in) {
			return repl(sys, c)
		}
		c.file = "-"
	}
	return runScript(sys, c)
}

// version names the build: the module version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				v += " " + s.Value[:12]
			}
		}
	}
	return v + " " + info.GoVersion
}
