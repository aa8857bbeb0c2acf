package main

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"gdml/lang/diag"
	"gdml/runtime/exec"
)

// config is a parsed command line.
type config struct {
	command string // run, check, repl, help, version
	topic   string // of help

	file     string // -f, or a FILE argument; "-" is standard input
	script   string // -s
	inline   bool   // -s was given
	args     map[string]string
	named    bool // args came from -nvargs or NAME=VALUE
	posit    bool // args came from -args
	explain  []string
	stats    int // heavy hitters to show, 0 for none
	sysds    bool
	mem      bool // -mem: SystemDS's layout shows the peak of memory
	seed     int64
	seeded   bool
	threads  int
	level    int
	memLimit int64  // bytes; 0 for no limit
	tmpDir   string // of matrices that do not fit
	libs     []string
	path     string // GDML_PATH
	color    string
	debug    bool
	dry      bool // -check: compile, do not run
	verbose  bool // -psverbose
	training *exec.Training
	showing  string   // -progress
	monitor  string   // address of -monitor, "" for none
	notes    []string // warnings about accepted flags that have no effect here
}

// usageError is wrong use of the command line; exit status 2.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// flag is one row of the flag table. A flag takes no value, exactly one (arg), an
// optional one (arg and may), or all tokens up to the next known flag (list).
type flag struct {
	name string
	arg  string
	may  func(token string) bool
	list bool
	help string
	set  func(c *config, v string) error
}

// flags lists the options of a run, in the order of the help text.
func flags() []flag {
	return slices.Concat(runFlags(), compatFlags(), trainingFlags(), watchingFlags(), infoFlags())
}

func runFlags() []flag {
	return []flag{
		{name: "f", arg: "FILE", help: "script file, - for standard input", set: func(c *config, v string) error {
			if c.file != "" {
				return usagef("-f: a script is already given: %s", c.file)
			}
			c.file = v
			return nil
		}},
		{name: "s", arg: "TEXT", help: "script text", set: func(c *config, v string) error {
			c.script, c.inline = v, true
			return nil
		}},
		{name: "nvargs", arg: "NAME=VALUE...", list: true, help: "named arguments, $NAME in the script", set: setNamed},
		{name: "args", arg: "VALUE...", list: true, help: "positional arguments, $1, $2, ... in the script", set: setPositional},
		{name: "explain", arg: "LEVEL,...", may: isWord, help: "print plans before running: " + strings.Join(explainLevels, ", ") + " (default runtime)", set: setExplain},
		{name: "stats", arg: "N", may: isInt, help: "print statistics with the N heaviest operations (default 10)", set: setStats},
		{name: "stats-format", arg: "text|sysds", help: "layout of the statistics", set: func(c *config, v string) error {
			c.sysds = v == "sysds"
			return oneOf("stats-format", v, "text", "sysds")
		}},
		{name: "seed", arg: "INT", help: "master seed of all random operations without their own", set: func(c *config, v string) (err error) {
			if c.seed, err = strconv.ParseInt(v, 10, 64); err != nil {
				return usagef("-seed: %q is not an integer", v)
			}
			c.seeded = true
			return nil
		}},
		{name: "threads", arg: "N", help: "number of threads (default: all cores)", set: func(c *config, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 {
				return usagef("-threads: %q is not a positive integer", v)
			}
			c.threads = n
			return nil
		}},
		memLimitFlag(),
		tmpDirFlag(),
		{name: "O0", help: "no optimisation: one instruction per operation", set: func(c *config, _ string) error { c.level = 0; return nil }},
		{name: "O1", help: "constant folding, common subexpressions, liveness", set: func(c *config, _ string) error { c.level = 1; return nil }},
		{name: "O2", help: "all optimisations (default)", set: func(c *config, _ string) error { c.level = 2; return nil }},
		{name: "lib", arg: "DIR", help: "directory of DML-bodied builtins that win over the built-in ones; may be repeated", set: func(c *config, v string) error {
			c.libs = append(c.libs, v)
			return nil
		}},
		{name: "color", arg: "auto|always|never", help: "colour of messages", set: func(c *config, v string) error {
			c.color = v
			return oneOf("color", v, "auto", "always", "never")
		}},
		{name: "check", help: "compile the script and stop; the command check also does without arguments", set: func(c *config, _ string) error { c.dry = true; return nil }},
		{name: "debug", help: "show Go stacks with internal errors", set: func(c *config, _ string) error { c.debug = true; return nil }},
	}
}

// compatFlags are flags of SystemDS that change how it runs a script, not what comes out.
func compatFlags() []flag {
	return []flag{
		{name: "exec", arg: "MODE", help: "accepted for compatibility; gdml always runs singlenode", set: func(c *config, v string) error {
			if err := oneOf("exec", strings.ToLower(v), "singlenode", "hybrid", "spark"); err != nil {
				return err
			}
			if !strings.EqualFold(v, "singlenode") {
				c.notes = append(c.notes, "-exec "+v+" has no effect: gdml runs on this machine only")
			}
			return nil
		}},
		{name: "config", arg: "FILE", help: "accepted for compatibility; gdml has no configuration file", set: func(c *config, v string) error {
			c.notes = append(c.notes, "-config "+v+" has no effect: there is no configuration file; use flags")
			return nil
		}},
		{name: "lineage", arg: "WORD", may: isLineageWord, help: "accepted for compatibility; lineage is not traced", set: func(c *config, _ string) error {
			c.notes = append(c.notes, "-lineage has no effect: lineage is not traced")
			return nil
		}},
		{name: "mem", help: "show the peak of memory in -stats-format sysds; the other layout always does", set: func(c *config, _ string) error { c.mem = true; return nil }},
		{name: "sparseIntermediate", help: "accepted for compatibility; gdml chooses the layout of intermediate matrices", set: func(c *config, _ string) error {
			c.notes = append(c.notes, "-sparseIntermediate has no effect: gdml chooses the layout of intermediate matrices")
			return nil
		}},
		{name: "clean", help: "accepted for compatibility; nothing is left behind anyway", set: func(*config, string) error { return nil }},
	}
}

// isLineageWord tells the argument of -lineage from a script file that follows it.
func isLineageWord(s string) bool {
	for _, start := range []string{"dedup", "reuse", "none", "policy_", "estimate", "debugger"} {
		if strings.HasPrefix(s, start) && !strings.ContainsAny(s, "./=") {
			return true
		}
	}
	return false
}

// infoFlags print something instead of running a script.
func infoFlags() []flag {
	return []flag{
		{name: "version", help: "print the version", set: func(c *config, _ string) error { c.command = "version"; return nil }},
		{name: "help", help: "print this text", set: func(c *config, _ string) error { c.command = "help"; return nil }},
	}
}

var explainLevels = []string{"hops", "runtime"}

// sameExplain maps the levels of SystemDS that show plans made anew and generated code to those here.
var sameExplain = map[string]string{
	"recompile_hops": "hops", "recompile_runtime": "runtime", "codegen": "runtime", "codegen_recompile": "runtime",
}

// unsupported names flags of SystemDS that gdml refuses, with the reason.
var unsupported = map[string]string{
	"gpu": "gdml has no GPU backend", "w": "there are no federated workers", "python": "there is no Python gateway",
	"fedMonitoring": "there are no federated workers", "fedMonitoringAddress": "there are no federated workers",
	"fedStats": "there are no federated workers", "monitorId": "there are no federated workers",
	"federatedCompilation": "there are no federated workers", "noFedRuntimeConversion": "there are no federated workers",
	"checkPrivacy": "there are no privacy constraints",
	"ooc":          "there is no out-of-core backend", "oocStats": "there is no out-of-core backend", "oocLogEvents": "there is no out-of-core backend",
	"ngrams": "sequences of instructions are not counted",
}

var argName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

func isInt(s string) bool { _, err := strconv.Atoi(s); return err == nil }

// isWord tells a level of -explain from what else may follow it.
func isWord(s string) bool {
	return !strings.HasPrefix(s, "-") && !strings.Contains(s, "=") && !strings.HasSuffix(s, ".dml")
}

func oneOf(name, v string, words ...string) error {
	if slices.Contains(words, v) {
		return nil
	}
	return usagef("-%s: %q is none of %s%s", name, v, strings.Join(words, ", "), didYouMean(v, words, ""))
}

func didYouMean(s string, words []string, prefix string) string {
	if w, ok := diag.Nearest(s, words); ok {
		return "; did you mean " + prefix + w + "?"
	}
	return ""
}

func setNamed(c *config, v string) error {
	name, val, ok := strings.Cut(v, "=")
	switch {
	case !ok:
		return usagef("-nvargs: %q is not NAME=VALUE", v)
	case !argName.MatchString(name):
		return usagef("-nvargs: %q: argument names start with a letter and contain letters, digits, _", v)
	case val == "":
		return usagef("-nvargs: %s has no value; for an empty string write %s='\"\"'", name, name)
	case c.posit:
		return usagef("-args and -nvargs are mutually exclusive")
	}
	c.named = true
	c.args[name] = val
	c.noteTruth("$"+name, val)
	return nil
}

func setPositional(c *config, v string) error {
	if c.named {
		return usagef("-args and -nvargs are mutually exclusive")
	}
	c.posit = true
	n := strconv.Itoa(len(c.args) + 1)
	c.args[n] = v
	c.noteTruth("$"+n, v)
	return nil
}

// noteTruth warns of values that other languages take for booleans.
func (c *config) noteTruth(name, v string) {
	if up := strings.ToUpper(v); v != up && (up == "TRUE" || up == "FALSE") {
		c.notes = append(c.notes, fmt.Sprintf("%s is the string %q; did you mean %s?", name, v, up))
	}
}

func setExplain(c *config, v string) error {
	if v == "" {
		v = "runtime"
	}
	for _, l := range strings.Split(v, ",") {
		if same := sameExplain[l]; same != "" {
			c.notes = append(c.notes, "-explain "+l+" is -explain "+same+": a plan is made once")
			l = same
		}
		if err := oneOf("explain", l, explainLevels...); err != nil {
			return err
		}
		c.explain = append(c.explain, l)
	}
	return nil
}

func setStats(c *config, v string) error {
	c.stats = 10
	if v != "" {
		n, _ := strconv.Atoi(v)
		if n < 1 {
			return usagef("-stats: %q is not a positive integer", v)
		}
		c.stats = n
	}
	return nil
}

// parseFlags reads a command line without the program name.
func parseFlags(argv []string, env func(string) string) (*config, error) {
	c := &config{command: "run", args: map[string]string{}, threads: runtime.NumCPU(), level: 2, color: "auto", path: env("GDML_PATH")}
	if n, err := strconv.Atoi(env("GDML_THREADS")); err == nil && n > 0 {
		c.threads = n
	}
	table := map[string]flag{}
	for _, f := range flags() {
		table[f.name] = f
	}
	if len(argv) > 0 {
		switch argv[0] {
		case "run", "check", "repl", "version", "help":
			c.command = argv[0]
			argv = argv[1:]
		}
	}
	for len(argv) > 0 {
		rest, err := parseOne(c, table, argv)
		if err != nil {
			return nil, err
		}
		argv = rest
	}
	return c, checkConfig(c)
}

// runs reports whether the command takes a script.
func (c *config) runs() bool { return c.command == "run" || c.command == "check" }

func checkConfig(c *config) error {
	if c.inline && c.file != "" {
		return usagef("-f and -s are mutually exclusive")
	}
	if c.command == "repl" && (c.inline || c.file != "") {
		return usagef("repl takes no script")
	}
	return nil
}

// lookup finds the flag that a token names, if it names one. value is set for -name=value.
func lookup(table map[string]flag, token string) (f flag, value string, hasValue, known bool) {
	name := strings.TrimPrefix(token, "-")
	if name == token || name == "" {
		return
	}
	name = strings.TrimPrefix(name, "-")
	name, value, hasValue = strings.Cut(name, "=")
	if name == "h" {
		name = "help"
	}
	f, known = table[name]
	return
}

func parseOne(c *config, table map[string]flag, argv []string) ([]string, error) {
	token, rest := argv[0], argv[1:]
	f, value, hasValue, known := lookup(table, token)
	if !known {
		return rest, positional(c, table, token)
	}
	switch {
	case f.arg == "" && hasValue:
		return nil, usagef("-%s takes no value", f.name)
	case f.arg == "":
		return rest, f.set(c, "")
	case f.list:
		return parseList(c, table, f, rest)
	case hasValue:
		return rest, f.set(c, value)
	case f.may != nil:
		if len(rest) > 0 && f.may(rest[0]) {
			return rest[1:], f.set(c, rest[0])
		}
		return rest, f.set(c, "")
	case len(rest) == 0:
		return nil, usagef("-%s needs a value: %s", f.name, f.arg)
	}
	return rest[1:], f.set(c, rest[0])
}

// parseList takes tokens up to the next known flag. An unknown token with a dash is a value.
func parseList(c *config, table map[string]flag, f flag, rest []string) ([]string, error) {
	n := 0
	for ; n < len(rest); n++ {
		if _, _, _, known := lookup(table, rest[n]); known {
			break
		}
		if err := f.set(c, rest[n]); err != nil {
			return nil, err
		}
	}
	if n == 0 {
		return nil, usagef("-%s needs values: %s", f.name, f.arg)
	}
	return rest[n:], nil
}

// positional handles a token that is no known flag: a script file, NAME=VALUE, a help topic, or a mistake.
func positional(c *config, table map[string]flag, token string) error {
	if strings.HasPrefix(token, "-") && token != "-" {
		name, _, _ := strings.Cut(strings.TrimLeft(token, "-"), "=")
		if why, ok := unsupported[name]; ok {
			return usagef("-%s is not supported: %s", name, why)
		}
		var names []string
		for _, f := range flags() {
			names = append(names, f.name)
		}
		return usagef("unknown flag %s%s", token, didYouMean(name, names, "-"))
	}
	switch {
	case c.command == "help" && c.topic == "":
		c.topic = token
	case c.file == "" && !c.inline && c.runs() && (token == "-" || !strings.Contains(token, "=")):
		c.file = token
	case c.runs() && strings.Contains(token, "=") && (c.file != "" || c.inline):
		return setNamed(c, token)
	default:
		return usagef("unexpected argument %q", token)
	}
	return nil
}
