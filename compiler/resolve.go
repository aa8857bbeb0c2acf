package compiler

import (
	"context"
	"sync"

	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/runtime/exec"
)

// resolver compiles the library functions that a program calls by names it makes at run
// time. What it compiled serves the whole run and all its goroutines.
type resolver struct {
	set *source.Set
	opt Options

	mu   sync.Mutex
	made map[string]resolved
}

type resolved struct {
	prog *exec.Program
	err  error
}

func newResolver(set *source.Set, o Options) *resolver {
	// The function sees no variable, function or argument of the script.
	return &resolver{set: set, made: map[string]resolved{}, opt: Options{
		Level: o.Level, LibDirs: o.LibDirs, Dir: o.Dir, Disable: o.Disable, Check: o.Check,
	}}
}

// Library implements exec.Resolver.
func (r *resolver) Library(name string) (*exec.Program, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.made[name]
	if !ok {
		m.prog, m.err = r.compile(name)
		r.made[name] = m
	}
	return m.prog, m.err
}

func (r *resolver) compile(name string) (*exec.Program, error) {
	if _, _, _, ok := newLoader(r.opt).Library(name); !ok {
		return nil, nil
	}
	o := r.opt
	o.library = []string{name}
	res, ds := compileInto(context.Background(), r.set, Source{Name: name}, o)
	for _, d := range ds.All() {
		if d.Severity == diag.Error {
			return nil, &exec.Error{At: d.Span, Code: d.Code, Hint: d.Hint, Msg: "library function " + name + " does not compile: " + d.Msg}
		}
	}
	return res.Program, nil
}
