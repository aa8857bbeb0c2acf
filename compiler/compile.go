package compiler

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"gdml/builtins"
	"gdml/compiler/build"
	"gdml/compiler/emit"
	"gdml/compiler/hop"
	"gdml/compiler/physical"
	"gdml/compiler/rewrite"
	"gdml/compiler/size"
	"gdml/lang/ast"
	"gdml/lang/check"
	"gdml/lang/diag"
	"gdml/lang/op"
	"gdml/lang/parse"
	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/exec"
)

// Result is a compiled script. After errors Program is nil and the rest is what the
// passes before the failing one made.
type Result struct {
	Program *exec.Program
	HOPs    *hop.Program // as emitted
	Info    *check.Info
	Set     *source.Set
	Trace   rewrite.Trace // rewrites that fired
}

// pass is one step of the compilation.
type pass struct {
	name  string
	level int // lowest optimisation level that runs it
	run   func(*state)
}

// passes is the compilation in order.
var passes = []pass{
	{"parse", O0, (*state).parse},
	{"check", O0, (*state).check},
	{"build", O0, (*state).build},
	{"size", O0, (*state).size},
	{"trim", O1, (*state).prune},
	{"rewrite", O1, (*state).rewrite},
	{"prune", O1, (*state).prune},
	{"resize", O1, (*state).resize},
	{"physical", O2, (*state).physical},
	{"live", O0, (*state).live},
	{"emit", O0, (*state).emit},
}

// order lists what must come before what; a test compares it with passes.
var order = []struct{ before, after, why string }{
	{"check", "build", "the build reads the facts of the checker"},
	{"build", "size", "sizes are those of HOPs"},
	{"size", "rewrite", "rules look at sizes and constants"},
	{"trim", "rewrite", "an assignment that nothing needs counts as a consumer and keeps rules from firing"},
	{"rewrite", "prune", "rewrites leave assignments that nothing needs"},
	{"prune", "resize", "removed branches and assignments make more sizes known"},
	{"rewrite", "physical", "physical patterns are what the algebraic rules leave"},
	{"resize", "physical", "the choice of an operator needs sizes"},
	{"physical", "live", "liveness is that of the graphs that are emitted"},
	{"live", "emit", "the last use of a variable releases it"},
}

// state is a compilation in progress.
type state struct {
	src    Source
	opt    Options
	table  *builtins.Table
	load   *loader
	file   *ast.File
	cast   map[string]bool
	result *Result
	diags  diag.List

	partial bool // arguments may be missing; see Check
}

// Compile compiles a script. The Result is never nil; its Program is nil exactly if
// the list holds errors. A cancelled ctx ends the compilation between two passes.
func Compile(ctx context.Context, src Source, o Options) (*Result, diag.List) {
	return compileInto(ctx, source.NewSet(), src, o)
}

// Check finds what is wrong with a script, as far as that shows without running it:
// it stops when sizes are known. $ parameters that were not passed stand for values of
// which nothing is known. The Result never has a Program.
func Check(ctx context.Context, src Source, o Options) (*Result, diag.List) {
	s := newState(source.NewSet(), src, o)
	s.partial = true
	last := slices.IndexFunc(passes, func(p pass) bool { return p.name == "size" })
	s.run(ctx, passes[:last+1])
	return s.result, s.diags
}

func compileInto(ctx context.Context, set *source.Set, src Source, o Options) (*Result, diag.List) {
	s := newState(set, src, o)
	s.run(ctx, passes)
	return s.result, s.diags
}

func newState(set *source.Set, src Source, o Options) *state {
	return &state{src: src, opt: o, table: builtins.New(), load: newLoader(o), result: &Result{Set: set}}
}

// run runs passes until one reports an error.
func (s *state) run(ctx context.Context, passes []pass) {
	o := s.opt
	for _, p := range passes {
		if err := ctx.Err(); err != nil {
			s.diags.Add(diag.Diagnostic{Code: diag.Interrupted, Msg: "compilation interrupted"})
			break
		}
		if o.Level < p.level {
			continue
		}
		start := time.Now()
		s.guard(p)
		if o.Watch != nil {
			o.Watch(p.name, s.result.HOPs, time.Since(start))
		}
		if s.diags.HasErrors() {
			break
		}
	}
	if s.diags.HasErrors() {
		s.result.Program = nil
	}
}

// guard runs a pass and turns a panic, or HOPs that do not verify, into an internal error.
func (s *state) guard(p pass) {
	defer func() {
		if v := recover(); v != nil {
			s.internal("%s: %v", p.name, v)
		}
	}()
	p.run(s)
	if s.opt.Check && s.result.HOPs != nil && !s.diags.HasErrors() {
		if err := hop.Verify(s.result.HOPs); err != nil {
			s.internal("after %s: %v", p.name, err)
		}
	}
}

func (s *state) internal(format string, args ...any) {
	s.diags.Add(diag.Diagnostic{
		Code: diag.Internal,
		Msg:  "internal error of the compiler: " + fmt.Sprintf(format, args...),
		Hint: "this is a defect of gdml, not of the script",
	})
}

func (s *state) parse() {
	file, ds := parse.File(s.result.Set, s.src.Name, s.src.Text, parse.Options{REPL: s.opt.REPL})
	s.file = file
	s.diags.Append(ds)
}

func (s *state) check() {
	cfg := check.Config{
		Universe: s.table, Loader: s.load,
		Args:  map[string]check.Value{},
		Vars:  map[string]types.Type{},
		Funcs: s.opt.Funcs, Aliases: s.opt.Aliases, REPL: s.opt.REPL, Partial: s.partial, Library: s.opt.library,
	}
	for name, text := range s.opt.Args {
		cfg.Args[name] = check.ParseArg(text)
	}
	for name, v := range s.opt.Vars {
		cfg.Vars[name] = v.Type
	}
	info, ds := check.Program(s.result.Set, s.file, cfg)
	s.result.Info = info
	s.diags.Append(ds)
	for _, w := range s.load.warn {
		s.diags.Add(diag.Diagnostic{Code: diag.BadSource, Severity: diag.Warning, Msg: w})
	}
	if !ds.HasErrors() {
		s.unusedArgs()
	}
}

// unusedArgs warns of arguments that the script does not mention.
func (s *state) unusedArgs() {
	mentioned := slices.Sorted(maps.Keys(s.result.Info.Used))
	for _, name := range slices.Sorted(maps.Keys(s.opt.Args)) {
		if s.result.Info.Used[name] {
			continue
		}
		d := diag.Diagnostic{Code: diag.UnusedArg, Severity: diag.Warning, Msg: "the script does not use argument $" + name}
		if near, ok := diag.Nearest(name, mentioned); ok {
			d.Hint = "did you mean $" + near + "?"
		}
		s.diags.Add(d)
	}
}

func (s *state) build() {
	p, ds := build.Program(s.result.Set, s.result.Info, s.table, build.Options{Naive: s.opt.Level == O0, REPL: s.opt.REPL, Partial: s.partial})
	s.result.HOPs = p
	s.diags.Append(ds)
	s.cast = straight(p)
}

// straight finds the functions that the language's reference inlines while parsing:
// one straight-line block that calls only such functions. Their scalar results are
// converted to the declared types (language reference §9.3).
func straight(p *hop.Program) map[string]bool {
	cast := map[string]bool{}
	for key, f := range p.Funcs {
		cast[key] = len(f.Body) == 1 && f.Body[0].Kind == hop.Basic
	}
	for again := true; again; {
		again = false
		for key, f := range p.Funcs {
			if cast[key] && !callsOnly(f.Body[0].DAG, key, cast) {
				cast[key] = false
				again = true
			}
		}
	}
	return cast
}

// callsOnly reports whether the functions that d calls are all in the set and not key itself.
func callsOnly(d *hop.DAG, key string, set map[string]bool) bool {
	for _, n := range d.Nodes() {
		if c, ok := n.Aux.(*hop.FuncCall); ok && (!set[c.Key] || c.Key == key) {
			return false
		}
	}
	return true
}

func (s *state) size() {
	s.diags.Append(size.Propagate(s.result.HOPs, s.sizes()))
}

// resize finds sizes again after rewrites. Its diagnostics were given by size already.
func (s *state) resize() {
	size.Propagate(s.result.HOPs, s.sizes())
}

func (s *state) sizes() size.Options {
	o := size.Options{Vars: map[string]op.Shape{}}
	for name, v := range s.opt.Vars {
		o.Vars[name] = v.Shape
	}
	return o
}

func (s *state) disabled() map[string]bool {
	off := map[string]bool{}
	for _, name := range s.opt.Disable {
		off[name] = true
	}
	return off
}

func (s *state) rewrite() {
	s.result.Trace = rewrite.Apply(s.result.HOPs, rewrite.Options{Level: s.opt.Level, Disable: s.disabled()})
}

func (s *state) physical() {
	fired := physical.Select(s.result.HOPs, physical.Options{Level: s.opt.Level, Disable: s.disabled()})
	s.result.Trace = append(s.result.Trace, fired...)
}

// keep lists the variables that live on after the program.
func (s *state) keep() []string {
	if !s.opt.REPL {
		return nil
	}
	keep := []string{build.LastValue}
	for v := range s.opt.Vars {
		keep = append(keep, v)
	}
	return slices.AppendSeq(keep, maps.Keys(s.result.Info.Vars))
}

// prune leaves REPL input alone: what a statement assigns must be there when a later one fails.
func (s *state) prune() {
	if !s.opt.REPL {
		hop.Prune(s.result.HOPs, nil)
	}
}

func (s *state) live() {
	keep := s.keep()
	hop.Live(s.result.HOPs, keep)
	for _, b := range s.result.HOPs.Main.Body {
		for _, v := range keep {
			b.LiveOut[v] = true
		}
	}
}

func (s *state) emit() {
	p, err := emit.Program(s.result.HOPs, emit.Options{
		Naive: s.opt.Level == O0, Hold: s.opt.REPL, Cast: s.cast,
		Vars: slices.Sorted(maps.Keys(s.opt.Vars)),
	})
	if err != nil {
		s.internal("%v", err)
		return
	}
	if s.opt.library == nil { // what a resolver compiles leaves further names to it
		p.Resolver = newResolver(s.result.Set, s.opt)
	}
	s.result.Program = p
}
