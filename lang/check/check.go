package check

import (
	"fmt"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/types"
)

// MainKey is the key of the main script's unit, LibraryKey that of every library file.
const (
	MainKey    = ".defaultNS"
	LibraryKey = ".builtinNS"
)

// Program checks a parsed main script with everything it needs: files it sources and
// library functions it calls are loaded through cfg.Loader and parsed into set. It
// always returns an Info; when the list holds errors the Info is incomplete.
func Program(set *source.Set, main *ast.File, cfg Config) (*Info, diag.List) {
	c := &checker{
		set:     set,
		cfg:     cfg,
		broken:  map[*Unit]bool{},
		missing: map[string]bool{},
		info: &Info{
			Units:  map[string]*Unit{},
			Types:  map[ast.Expr]types.Type{},
			Calls:  map[*ast.Call]*Target{},
			Args:   map[*ast.Arg]Value{},
			Ifdefs: map[*ast.Ifdef]ast.Expr{},
			Merges: map[*ast.For][]Merge{},
			Loops:  map[*ast.For]LoopParams{},
			Refs:   map[ast.Expr]*Func{},
			Used:   map[string]bool{},
			Vars:   map[string]types.Type{},
			Conds:  map[ast.Node]bool{},
		},
	}
	c.loadMain(main)
	for _, name := range cfg.Library {
		if u := c.libraryUnit(name, source.Span{}); u != nil {
			c.info.Entry = append(c.info.Entry, variants(u, name)...)
		}
	}
	c.mainBody(main)
	// Functions are appended while library files load, so the bound is read anew each time.
	for i := 0; i < len(c.info.Funcs); i++ {
		if f := c.info.Funcs[i]; !c.broken[f.Unit] { // what a broken file lacks would only cause more errors
			c.function(f)
		}
	}
	return c.info, c.diags
}

// checker is the state of one Program call.
type checker struct {
	set   *source.Set
	cfg   Config
	info  *Info
	diags diag.List

	broken  map[*Unit]bool  // files with syntax errors: functions may be missing from them
	missing map[string]bool // $ parameters already reported
	library []*Unit         // loaded library files in order

	unit       *Unit  // file of the code being checked
	fn         *Func  // function being checked, nil in the main script
	scope      *scope // its variables
	cond       int    // depth of conditional code
	never      int    // depth of code whose condition is known not to hold
	quiet      int    // >0 while a loop body is checked only to find the types at its head
	quietLoops int    // depth of loops within the one that is checked quietly
	wrote      bool   // a write() came before: files may appear while the script runs
}

// scope is what one function body, or the main script, shares between its blocks.
type scope struct {
	env      *env
	reported map[string]bool        // undefined names already reported
	later    map[string]source.Span // first assignment of every variable, wherever it is
}

func (c *checker) enter(u *Unit, f *Func, body []ast.Stmt) *scope {
	c.unit, c.fn, c.cond, c.never = u, f, 0, 0
	c.scope = &scope{env: newEnv(), reported: map[string]bool{}, later: map[string]source.Span{}}
	for _, w := range writes(body) {
		if _, ok := c.scope.later[w.name]; !ok && w.whole {
			c.scope.later[w.name] = w.at
		}
	}
	return c.scope
}

func (c *checker) mainBody(main *ast.File) {
	s := c.enter(c.info.Main, nil, main.Stmts)
	for name, t := range c.cfg.Vars {
		s.env.vars[name] = variable{typ: t}
	}
	c.stmts(main.Stmts)
	for name, v := range c.scope.env.vars {
		c.info.Vars[name] = v.typ
	}
}

// report adds a diagnostic unless the code is being checked quietly. A wrong value where
// no execution gets is no error: the code is compiled and left alone.
func (c *checker) report(d diag.Diagnostic) {
	if c.quiet != 0 {
		return
	}
	switch d.Code {
	case diag.BadWord, diag.BadValue, diag.BadFormat, diag.ParamServ:
		if c.never > 0 {
			d.Severity = diag.Warning
		}
	}
	c.diags.Add(d)
}

// errorf reports an error without hint.
func (c *checker) errorf(code diag.Code, at source.Span, format string, args ...any) {
	c.report(diag.Diagnostic{Code: code, Span: at, Msg: fmt.Sprintf(format, args...)})
}

// fail reports an error with a hint.
func (c *checker) fail(code diag.Code, at source.Span, hint, format string, args ...any) {
	c.report(diag.Diagnostic{Code: code, Span: at, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// warnf reports a warning.
func (c *checker) warnf(code diag.Code, at source.Span, hint, format string, args ...any) {
	c.report(diag.Diagnostic{Code: code, Severity: diag.Warning, Span: at, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// text returns the source of a span on one line, shortened to be quoted in a message.
func (c *checker) text(at source.Span) string {
	f := c.set.File(at.Start)
	if f == nil {
		return ""
	}
	s := []rune(oneLine(f.Slice(at)))
	if len(s) > 40 {
		return string(s[:37]) + "..."
	}
	return string(s)
}

// line returns the line number of a span, for messages.
func (c *checker) line(at source.Span) int { return c.set.Position(at.Start).Line }
