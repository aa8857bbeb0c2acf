package exp

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Exit statuses, those of gdml.
const (
	exitOK    = 0
	exitRun   = 1
	exitUsage = 2
	exitInt   = 130
)

const usage = `usage: gdml exp FILE.yaml [flags]        run a sweep
       gdml exp plot RESULTS.csv... [-dir DIR]  draw figures of its results, or of those of several sweeps

`

// Command is one call of gdml exp.
type Command struct {
	Out, Err io.Writer
	Terminal bool   // Err is one
	Version  string // of gdml, for the record of the environment
	Binary   string // what runs are started with; "" for the running program

	file    string
	stages  []string
	repeats int
	output  string
	jobs    int
	timeout time.Duration
	retries int
	resume  bool
	dryRun  bool
	seed0   int64
}

// Run executes a command line without its leading "exp" and returns the exit status.
func (c *Command) Run(argv []string) int {
	var err error
	status := exitUsage
	if len(argv) > 0 && argv[0] == "plot" {
		status, err = c.plot(argv[1:])
	} else if err = c.parse(argv); err == nil {
		status, err = c.sweep(argv)
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(c.Err, "gdml exp: %v\n", err)
	}
	return status
}

// flagSet returns a set that reports errors to the caller.
func flagSet() *flag.FlagSet {
	set := flag.NewFlagSet("gdml exp", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	return set
}

// parseMixed parses flags that may stand before, between and behind the other arguments, the files, which it returns.
func (c *Command) parseMixed(set *flag.FlagSet, argv []string) ([]string, error) {
	var files []string
	for len(argv) > 0 {
		if !strings.HasPrefix(argv[0], "-") {
			files, argv = append(files, argv[0]), argv[1:]
			continue
		}
		switch err := set.Parse(argv); {
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprint(c.Err, usage)
			set.SetOutput(c.Err)
			set.PrintDefaults()
			return nil, err
		case err != nil:
			return nil, err
		}
		argv = set.Args()
	}
	if files == nil {
		return nil, errors.New("the file is missing; run gdml exp -help")
	}
	return files, nil
}

func (c *Command) parse(argv []string) error {
	set := flagSet()
	stages := set.String("stage", "", "only these stages, separated by commas")
	set.IntVar(&c.repeats, "repeats", 0, "runs of every configuration, instead of what the file says")
	set.StringVar(&c.output, "output", "", "table of results (out/NAME.csv)")
	set.IntVar(&c.jobs, "jobs", 1, "runs at the same time, except in stages with timing: true")
	set.DurationVar(&c.timeout, "timeout", 0, "longest time of a run, such as 90s (no limit)")
	set.IntVar(&c.retries, "retries", 1, "further attempts after a failure")
	set.BoolVar(&c.resume, "resume", false, "skip what the table has already")
	set.BoolVar(&c.dryRun, "dry-run", false, "print the command lines, run nothing")
	set.Int64Var(&c.seed0, "seed0", -1, "repeat r has seed seed0+r, instead of what the file says (0)")
	files, err := c.parseMixed(set, argv)
	if err != nil {
		return err
	}
	if len(files) > 1 {
		return fmt.Errorf("one sweep at a time: %q and %q", files[0], files[1])
	}
	c.file = files[0]
	if *stages != "" {
		c.stages = strings.Split(*stages, ",")
	}
	given := map[string]bool{}
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case given["repeats"] && c.repeats < 1:
		return errors.New("-repeats: want at least 1")
	case c.jobs < 1:
		return errors.New("-jobs: want at least 1")
	case c.retries < 0:
		return errors.New("-retries: want at least 0")
	case c.timeout < 0 || given["timeout"] && c.timeout == 0:
		return errors.New("-timeout: want a positive time such as 90s")
	case given["seed0"] && c.seed0 < 0:
		return errors.New("-seed0: want at least 0")
	}
	return nil
}

// sweep runs what the file says.
func (c *Command) sweep(argv []string) (int, error) {
	s, err := Load(c.file)
	if err != nil {
		return exitUsage, err
	}
	seed0 := s.seed0
	if c.seed0 >= 0 {
		seed0 = c.seed0
	}
	p, err := s.expand(c.stages, c.repeats, seed0)
	if err != nil {
		return exitUsage, fmt.Errorf("%s: %w", c.file, err)
	}
	if c.output == "" {
		c.output = filepath.Join("out", s.name+".csv")
	}
	r := &runner{
		gdml: c.Binary, options: s.options, dataDir: filepath.Join(filepath.Dir(c.output), "data"),
		jobs: c.jobs, retries: c.retries, timeout: c.timeout, err: c.Err, terminal: c.Terminal,
	}
	if r.gdml == "" {
		if r.gdml, err = os.Executable(); err != nil {
			return exitRun, err
		}
	}
	sets, err := p.datasets()
	if err != nil {
		return exitUsage, fmt.Errorf("%s: %w", c.file, err)
	}
	if c.dryRun {
		return exitOK, c.list(r, p)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return c.execute(ctx, r, p, sets, argv)
}

// execute runs the part of a plan that the table does not have.
func (c *Command) execute(ctx context.Context, r *runner, p *plan, sets []dataset, argv []string) (int, error) {
	t, done, err := openTable(c.output, header(p.columns), c.resume)
	if err != nil {
		return exitUsage, err
	}
	defer t.file.Close()
	r.table = t
	before := len(p.runs)
	p.runs = slices.DeleteFunc(p.runs, func(u run) bool { return done[u.key()] })
	env := &environment{Arguments: argv, Sweep: c.file, Runs: len(p.runs), Skipped: before - len(p.runs)}
	env.fill(c.Version)
	if err := env.appendTo(c.output + ".env.jsonl"); err != nil {
		return exitRun, err
	}
	for _, d := range sets {
		if err := d.prepare(ctx, r.gdml, r.dataDir); err != nil {
			return exitRun, err
		}
	}
	failed, err := r.all(ctx, p.runs)
	if errors.Is(err, context.Canceled) {
		return exitInt, fmt.Errorf("interrupted; continue with -resume -output %s", c.output)
	}
	if err != nil {
		return exitRun, err
	}
	fmt.Fprintf(c.Err, "gdml exp: %d runs, %d failed, %d skipped as finished, %d equal to others; results in %s\n",
		len(p.runs), failed, env.Skipped, p.twice, c.output)
	if failed > 0 {
		return exitRun, nil
	}
	return exitOK, nil
}

// list prints the command lines of a plan.
func (c *Command) list(r *runner, p *plan) error {
	for i := range p.runs {
		args := r.arguments(&p.runs[i])
		for j, a := range args {
			if strings.ContainsAny(a, " '\"$\\*?&|;<>()") {
				args[j] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
			}
		}
		if _, err := fmt.Fprintln(c.Out, "gdml", strings.Join(args, " ")); err != nil {
			return err
		}
	}
	return nil
}

// datasets returns the data of all runs, each once.
func (p *plan) datasets() ([]dataset, error) {
	var out []dataset
	for i := range p.runs {
		d, err := p.runs[i].dataset()
		if err != nil {
			return nil, err
		}
		if d != (dataset{}) && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out, nil
}
