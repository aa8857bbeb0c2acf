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
	"strings"
	"sync/atomic"

	"github.com/chzyer/readline"

	"gdml/builtins"
	"gdml/compiler"
	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/parse"
	"gdml/lang/source"
	"gdml/runtime/exec"
	"gdml/runtime/pool"
)

const (
	promptNew  = "gdml> "
	promptMore = "  ... "
)

// errInterrupt is a Ctrl-C at the prompt.
var errInterrupt = errors.New("interrupted")

// lineEditor reads lines. It is all of the line-editing library that the prompt uses.
type lineEditor interface {
	// Line returns the next line without its terminator, io.EOF at the end, errInterrupt on Ctrl-C.
	Line(prompt string) (string, error)
	// Remember adds an input to the history.
	Remember(input string)
	Close() error
}

// prompt is the state of an interactive session.
type prompt struct {
	sys     *system
	c       *config
	edit    lineEditor
	session *compiler.Session
	memory  *pool.Pool
	watch   *watching
	inputs  int
}

// repl reads and runs inputs until the end of the input or :quit.
func repl(sys *system, c *config) int {
	edit, err := newEditor(sys)
	if err != nil {
		fmt.Fprintf(sys.err, "gdml: %v\n", err)
		return exitRun
	}
	defer edit.Close()
	err = c.openTraining()
	var w *watching
	if err == nil {
		w, err = c.startWatching(sys)
	}
	if err != nil {
		fmt.Fprintf(sys.err, "gdml: %v\n", err)
		return exitUsage
	}
	defer w.stop()
	for _, n := range c.notes {
		fmt.Fprintf(sys.err, "gdml: warning: %s\n", n)
	}
	if isTerminal(sys.in) {
		fmt.Fprintf(sys.out, "gdml %s, :help for help, Ctrl-D to quit\n", version())
	}
	p := &prompt{sys: sys, c: c, edit: edit, session: compiler.NewSession(c.options()), memory: c.newPool(), watch: w}
	defer p.memory.Close()
	defer p.session.Close()
	for {
		text, err := p.read()
		switch {
		case errors.Is(err, io.EOF):
			return exitOK
		case errors.Is(err, errInterrupt):
			continue
		case err != nil:
			fmt.Fprintf(sys.err, "gdml: %v\n", err)
			return exitRun
		}
		if quit := p.input(text); quit {
			return exitOK
		}
	}
}

// read collects lines until they make a complete input.
func (p *prompt) read() (string, error) {
	var text string
	for {
		ask := promptNew
		if text != "" {
			ask = promptMore
		}
		line, err := p.edit.Line(ask)
		if err != nil {
			if errors.Is(err, io.EOF) && text != "" {
				return text, nil // run what is there; the next read ends the session
			}
			return "", err
		}
		if text == "" && strings.TrimSpace(line) == "" {
			continue
		}
		blank := strings.TrimSpace(line) == ""
		text += line + "\n"
		if strings.HasPrefix(text, ":") || strings.HasPrefix(text, "?") || blank && !parse.Incomplete(text) {
			return text, nil
		}
		if !parse.Incomplete(text) && !mayContinue(text) {
			return text, nil
		}
	}
}

// mayContinue reports whether a complete input of several lines ends with an if that has no else:
// its else may follow on the next line. A blank line ends the wait.
func mayContinue(text string) bool {
	if strings.Count(text, "\n") < 2 {
		return false
	}
	f, ds := parse.File(source.NewSet(), "", text, parse.Options{REPL: true})
	if ds.HasErrors() || len(f.Stmts) == 0 {
		return false
	}
	s, ok := f.Stmts[len(f.Stmts)-1].(*ast.If)
	for ok && s.Else != nil && len(s.Else.Stmts) == 1 && !s.Else.Braces {
		s, ok = s.Else.Stmts[0].(*ast.If)
	}
	return ok && s.Else == nil
}

// input runs one input and reports whether the session is over.
func (p *prompt) input(text string) (quit bool) {
	p.edit.Remember(text)
	if cmd, ok := strings.CutPrefix(strings.TrimSpace(text), ":"); ok {
		return p.command(strings.Fields(cmd))
	}
	if topic, ok := strings.CutPrefix(strings.TrimSpace(text), "?"); ok {
		return p.command([]string{"help", strings.TrimSpace(topic)})
	}
	p.inputs++
	p.eval(fmt.Sprintf("in[%d]", p.inputs), text)
	return false
}

// eval compiles and runs an input and shows the value of a bare expression.
func (p *prompt) eval(name, text string) {
	ctx, interrupted, stop := onInterrupt()
	defer stop()
	out := &output{w: bufio.NewWriter(p.watch.out), line: true}
	v, ds, err := p.session.Eval(ctx, name, text, exec.Options{
		Out: out, Workers: p.c.workers(), Pool: p.memory, Seed: p.c.seed, Seeded: p.c.seeded,
		Warn: func(msg string) { fmt.Fprintf(p.watch.err, "warning: %s\n", msg) }, Progress: p.c.progress(p.watch.err), Training: p.c.training,
	})
	out.Flush()
	p.watch.settle()
	if err != nil {
		if interrupted.Load() {
			fmt.Fprintf(p.sys.err, "interrupted in %s\n", name)
			return
		}
		ds.Add(compiler.Diagnose(p.session.Sources(), err))
	}
	(&diag.Renderer{Set: p.session.Sources(), Color: p.c.colored(p.sys, p.sys.err)}).Write(p.sys.err, ds)
	if v != nil {
		fmt.Fprint(p.sys.out, echo(v))
		p.session.Set("ans", v)
	}
}

// onInterrupt returns a context that Ctrl-C cancels.
func onInterrupt() (ctx context.Context, interrupted *atomic.Bool, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	interrupted = new(atomic.Bool)
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, os.Interrupt)
	go func() {
		if _, ok := <-ch; ok {
			interrupted.Store(true)
			cancel()
		}
	}()
	return ctx, interrupted, func() {
		signal.Stop(ch)
		close(ch)
		cancel()
	}
}

const replHelp = `Type statements to run them, an expression to see its value (kept in ans).
  :help [NAME]   this text, or a builtin; also ?NAME
  :vars          variables of the session
  :funcs         functions of the session
  :reset         forget all variables and functions
  :quit          leave; also Ctrl-D
An input goes on over several lines while a bracket, a brace or a string is open or an
operator waits for its right side. Ctrl-C stops a running input or clears the line.
`

// command runs a colon command and reports whether the session is over.
func (p *prompt) command(words []string) (quit bool) {
	names := []string{"help", "vars", "funcs", "reset", "quit"}
	word := ""
	if len(words) > 0 {
		for _, n := range names {
			if strings.HasPrefix(n, words[0]) {
				word = n
				break
			}
		}
	}
	switch word {
	case "help":
		if len(words) > 1 && words[1] != "" {
			help(p.sys, p.c, words[1])
		} else {
			fmt.Fprint(p.sys.out, replHelp)
		}
	case "vars":
		for _, n := range p.session.Vars() {
			fmt.Fprintf(p.sys.out, " %-12s %s\n", n, describe(p.session.Value(n)))
		}
	case "funcs":
		p.funcs()
	case "reset":
		p.session.Close()
		p.session = compiler.NewSession(p.c.options())
	case "quit":
		return true
	default:
		fmt.Fprintf(p.sys.err, "unknown command; :help lists them\n")
	}
	return false
}

func (p *prompt) funcs() {
	for _, line := range signatures(p.session.Funcs()) {
		fmt.Fprintf(p.sys.out, " %s\n", line)
	}
}

// newEditor returns an editor for the terminal, or a plain reader when the input is none.
func newEditor(sys *system) (lineEditor, error) {
	if !isTerminal(sys.in) {
		return &plainEditor{bufio.NewReader(sys.in)}, nil
	}
	file := sys.env("GDML_HISTORY")
	if file == "" {
		file = historyFile(sys)
	}
	rl, err := readline.NewEx(&readline.Config{
		HistoryFile: file, HistoryLimit: 10000, DisableAutoSaveHistory: true,
		AutoComplete: newCompleter(builtins.New().Names()),
	})
	if err != nil {
		return nil, err
	}
	return &terminalEditor{rl}, nil
}

// historyFile returns the file of the history below the user's state directory, "" when there is none.
func historyFile(sys *system) string {
	dir := sys.env("XDG_STATE_HOME")
	if dir == "" {
		home := sys.env("HOME")
		if home == "" {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	dir = filepath.Join(dir, "gdml")
	if os.MkdirAll(dir, 0o700) != nil {
		return ""
	}
	file := filepath.Join(dir, "history")
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDONLY, 0o600)
	if err != nil {
		return ""
	}
	f.Close()
	return file
}

// terminalEditor edits lines with readline.
type terminalEditor struct{ rl *readline.Instance }

func (e *terminalEditor) Line(prompt string) (string, error) {
	e.rl.SetPrompt(prompt)
	line, err := e.rl.Readline()
	if errors.Is(err, readline.ErrInterrupt) {
		return "", errInterrupt
	}
	return line, err
}

// Remember stores an input as one line: newlines are white space, but comments must go first.
func (e *terminalEditor) Remember(input string) {
	e.rl.SaveHistory(oneLine(input))
}

func (e *terminalEditor) Close() error { return e.rl.Close() }

// plainEditor reads lines without prompts or history.
type plainEditor struct{ r *bufio.Reader }

func (e *plainEditor) Line(string) (string, error) {
	line, err := e.r.ReadString('\n')
	if err != nil && line == "" {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func (e *plainEditor) Remember(string) {}
func (e *plainEditor) Close() error    { return nil }
