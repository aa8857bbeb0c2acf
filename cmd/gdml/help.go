package main

import (
	"fmt"
	"strings"

	"gdml/builtins"
	"gdml/compiler"
)

const usage = `gdml runs scripts of the declarative machine-learning language DML.

  gdml [run] -f FILE|-  [flags] [-nvargs NAME=VALUE... | -args VALUE...]
  gdml [run] -s 'TEXT'  [flags] [...]
  gdml FILE.dml [flags] [NAME=VALUE...]
  gdml check FILE.dml [flags] [NAME=VALUE...]   report what is wrong, do not run
  gdml fmt [-l] [-d] [-w] [FILE|DIR|-]...       lay out scripts
  gdml bench [kernels|ops|scripts] [-threads 1,2] [-filter REGEXP]   measure
  gdml exp FILE.yaml [flags]                    run a sweep of experiments
  gdml exp plot RESULTS.csv [-dir DIR]          draw figures of its results
  gdml                  prompt on a terminal, otherwise run standard input
  gdml repl             prompt
  gdml help [NAME]      this text, or one builtin; with -lib also a function of that library
  gdml version

Flags (also written --name and --name=value):
`

const usageEnd = `
Standard output carries what print writes; everything else goes to standard error.
Exit status: 0 success, 1 the script failed, 2 wrong command line, 3 the script does
not compile, 130 and 143 interrupted, 70 a fault of gdml.
Environment: GDML_PATH (directories of library scripts), GDML_THREADS, GDML_HISTORY,
GDML_CPU (generic, avx2, avx512: the instructions to use), NO_COLOR, CLICOLOR_FORCE.
`

// help prints the flags, or the description of one builtin or library function.
func help(sys *system, c *config, topic string) int {
	if topic == "" {
		var b strings.Builder
		b.WriteString(usage)
		for _, f := range flags() {
			name := "-" + f.name
			switch {
			case f.may != nil:
				name += " [" + f.arg + "]"
			case f.arg != "":
				name += " " + f.arg
			}
			fmt.Fprintf(&b, "  %-25s %s\n", name, f.help)
		}
		b.WriteString(usageEnd)
		fmt.Fprint(sys.out, b.String())
		return exitOK
	}
	t := builtins.New()
	if text, ok := builtins.Help(t, topic); ok {
		fmt.Fprint(sys.out, text)
		return exitOK
	}
	if text, ok := compiler.LibraryHelp(topic, c.options()); ok {
		fmt.Fprint(sys.out, text)
		return exitOK
	}
	fmt.Fprintf(sys.err, "gdml: no help for %q%s\n", topic, didYouMean(topic, append(t.Names(), compiler.LibraryNames(c.options())...), ""))
	return exitUsage
}
