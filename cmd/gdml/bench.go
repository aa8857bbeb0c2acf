package main

import (
	"encoding/json"
	goflag "flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
	"gdml/runtime/par"
)

// benchSuites are the suites of gdml bench in the order they run.
var benchSuites = []struct {
	name  string
	cases func() []benchCase
}{
	{"kernels", kernelCases},
	{"ops", opCases},
	{"scripts", scriptCases},
}

// benchCase is one measurement. Its rate is flops per second if it has flops, else
// bytes per second if it has bytes: the traffic a user sees, each operand read and
// each result written once.
type benchCase struct {
	op    string
	shape []int
	flops float64
	bytes float64
	reads bool // the result is small: the limit is reading, not copying
	make  func(c *matrix.Ctx) (run func() error, err error)
}

// name identifies the case in output and for -filter.
func (b *benchCase) name() string {
	s := make([]string, len(b.shape))
	for i, n := range b.shape {
		s[i] = strconv.Itoa(n)
	}
	return strings.TrimSuffix(b.op+"/"+strings.Join(s, "x"), "/")
}

// benchResult is one row of the output.
type benchResult struct {
	Suite   string  `json:"suite"`
	Name    string  `json:"name"`
	Op      string  `json:"op"`
	Shape   []int   `json:"shape"`
	Threads int     `json:"threads"`
	Seconds float64 `json:"seconds"` // median of one run
	Best    float64 `json:"best"`    // shortest run: what other load on the machine disturbs least
	Runs    int     `json:"runs"`
	Rate    float64 `json:"rate,omitempty"` // in Unit
	Unit    string  `json:"unit,omitempty"` // GF/s or GB/s
	Limit   float64 `json:"limit,omitempty"`
	Tier    string  `json:"tier"` // instructions in use
}

// bencher is the command bench.
type bencher struct {
	sys     *system
	json    bool
	list    bool
	threads []int
	filter  *regexp.Regexp
	suites  []string
	time    time.Duration
	limits  *limits
}

const benchUsage = `usage: gdml bench [kernels|ops|scripts]... [flags]

Measures operations on random data: the median time of a run, the rate, and the
fraction of what this machine can do at best, which is measured, too: multiply-adds
on operands in cache, and reading or copying memory of the same size.
`

// bench runs gdml bench.
func bench(sys *system, argv []string) int {
	b := &bencher{sys: sys, limits: &limits{known: map[limitKey]float64{}}}
	if err := b.parse(argv); err != nil {
		if err == goflag.ErrHelp {
			return exitOK
		}
		fmt.Fprintf(sys.err, "gdml bench: %v\n", err)
		return exitUsage
	}
	var rows []benchResult
	for _, s := range benchSuites {
		if len(b.suites) > 0 && !slices.Contains(b.suites, s.name) {
			continue
		}
		got, err := b.suite(s.name, s.cases())
		if err != nil {
			fmt.Fprintf(sys.err, "gdml bench: %v\n", err)
			return exitRun
		}
		rows = append(rows, got...)
	}
	if err := b.print(rows); err != nil {
		fmt.Fprintf(sys.err, "gdml bench: %v\n", err)
		return exitRun
	}
	return exitOK
}

func (b *bencher) parse(argv []string) error {
	set := goflag.NewFlagSet("gdml bench", goflag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.BoolVar(&b.json, "json", false, "one JSON object a line")
	set.BoolVar(&b.list, "list", false, "name the cases, measure nothing")
	threads := set.String("threads", "1", "numbers of threads, such as 1,2")
	filter := set.String("filter", "", "only cases whose name matches this regular expression")
	set.DurationVar(&b.time, "time", 300*time.Millisecond, "how long to measure each case")
	for {
		for len(argv) > 0 && !strings.HasPrefix(argv[0], "-") {
			b.suites = append(b.suites, argv[0])
			argv = argv[1:]
		}
		if len(argv) == 0 {
			break
		}
		switch err := set.Parse(argv); {
		case err == goflag.ErrHelp:
			fmt.Fprint(b.sys.err, benchUsage)
			set.SetOutput(b.sys.err)
			set.PrintDefaults()
			return err
		case err != nil:
			return err
		}
		argv = set.Args()
	}
	return b.check(*threads, *filter)
}

func (b *bencher) check(threads, filter string) (err error) {
	var names []string
	for _, s := range benchSuites {
		names = append(names, s.name)
	}
	for _, s := range b.suites {
		if !slices.Contains(names, s) {
			return fmt.Errorf("%q is no suite; there are %s%s", s, strings.Join(names, ", "), didYouMean(s, names, ""))
		}
	}
	for _, t := range strings.Split(threads, ",") {
		n, err := strconv.Atoi(t)
		if err != nil || n < 1 {
			return fmt.Errorf("-threads: %q is not a list of positive integers", threads)
		}
		b.threads = append(b.threads, n)
	}
	if b.filter, err = regexp.Compile(filter); err != nil {
		return fmt.Errorf("-filter: %w", err)
	}
	return nil
}

func (b *bencher) suite(name string, cases []benchCase) (rows []benchResult, err error) {
	for i := range cases {
		c := &cases[i]
		if !b.filter.MatchString(c.name()) {
			continue
		}
		for _, t := range b.threads {
			r := benchResult{Suite: name, Name: c.name(), Op: c.op, Shape: c.shape, Threads: t}
			if !b.list {
				if err := b.measure(c, &r); err != nil {
					return nil, fmt.Errorf("%s: %w", c.name(), err)
				}
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// measure runs a case and fills in r.
func (b *bencher) measure(c *benchCase, r *benchResult) error {
	r.Tier, _ = kernel.Tier()
	workers := par.New(r.Threads).Spinning(spinWindow)
	ctx := &matrix.Ctx{Par: workers, Mem: matrix.NewArena(keepBytes)}
	run, err := c.make(ctx)
	if err != nil {
		return err
	}
	t, err := sample(b.time, run)
	if err != nil {
		return err
	}
	d := t.median
	r.Seconds, r.Best, r.Runs = d.Seconds(), t.best.Seconds(), t.runs
	switch {
	case c.flops > 0:
		r.Rate, r.Unit, r.Limit = c.flops/d.Seconds()/1e9, "GF/s", b.limits.flops(workers)
	case c.bytes > 0:
		r.Rate, r.Unit, r.Limit = c.bytes/d.Seconds()/1e9, "GB/s", b.limits.bandwidth(workers, int(c.bytes), c.reads)
	}
	return nil
}

// timing is the outcome of repeated runs.
type timing struct {
	median, best time.Duration // of one run
	runs         int
}

// sample runs f for about total and at least three times. Runs that the clock cannot
// resolve are timed in groups.
func sample(total time.Duration, f func() error) (timing, error) {
	const resolved = 50 * time.Microsecond
	group := 1
	timed := func() (time.Duration, error) {
		start := time.Now()
		for range group {
			if err := f(); err != nil {
				return 0, err
			}
		}
		return time.Since(start), nil
	}
	for warm := 0; warm < 3; warm++ {
		d, err := timed()
		if err != nil {
			return timing{}, err
		}
		if d < resolved && group < 1<<16 {
			group = min(group*max(2, int(resolved/max(d, 1))), 1<<16)
			warm--
		}
	}
	var times []time.Duration
	for spent := time.Duration(0); len(times) < 3 || spent < total && len(times) < 10_000; {
		d, err := timed()
		if err != nil {
			return timing{}, err
		}
		spent += d
		times = append(times, d)
	}
	slices.Sort(times)
	g := time.Duration(group)
	return timing{times[len(times)/2] / g, times[0] / g, len(times) * group}, nil
}

func (b *bencher) print(rows []benchResult) error {
	switch {
	case b.list && !b.json:
		for _, r := range rows {
			fmt.Fprintln(b.sys.out, r.Suite, r.Name)
		}
		return nil
	case b.json:
		e := json.NewEncoder(b.sys.out)
		for _, r := range rows {
			if err := e.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(b.sys.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "suite\tcase\tthreads\ttime\trate\tof the limit\t")
	for _, r := range rows {
		rate, part := "", ""
		if r.Unit != "" {
			rate = fmt.Sprintf("%.1f %s", r.Rate, r.Unit)
			part = fmt.Sprintf("%.0f %%", 100*r.Rate/r.Limit)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t\n", r.Suite, r.Name, r.Threads, clock(r.Seconds), rate, part)
	}
	return w.Flush()
}

// clock writes a time with four digits: 12.34 ms.
func clock(seconds float64) string {
	for _, u := range []struct {
		name string
		size float64
	}{{"s", 1}, {"ms", 1e-3}, {"µs", 1e-6}} {
		if seconds >= u.size {
			return fmt.Sprintf("%.4g %s", seconds/u.size, u.name)
		}
	}
	return fmt.Sprintf("%.4g ns", seconds/1e-9)
}
