package check

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/parse"
	"gdml/lang/source"
	"gdml/lang/types"
)

// loadMain makes the main unit, with the functions and aliases of earlier inputs, and
// loads everything it sources.
func (c *checker) loadMain(main *ast.File) {
	u := &Unit{Key: MainKey, File: main, Funcs: map[string]*Func{}, Aliases: map[string]*Unit{}}
	c.info.Main = u
	c.info.Units[MainKey] = u
	c.define(u, main.Funcs())
	c.keepEarlier(u)
	c.loadSources(u)
}

// keepEarlier takes over the functions and namespaces of earlier inputs that the new
// one does not replace. They are checked again: the facts about their bodies live in
// this Info, and what they call may have been redefined.
func (c *checker) keepEarlier(u *Unit) {
	keep := func(aliases map[string]*Unit) {
		for _, alias := range slices.Sorted(maps.Keys(aliases)) {
			if u.Aliases[alias] == nil {
				c.keepUnit(aliases[alias])
				u.Aliases[alias] = aliases[alias]
			}
		}
	}
	keep(c.cfg.Aliases)
	for _, name := range slices.Sorted(maps.Keys(c.cfg.Funcs)) {
		old := c.cfg.Funcs[name]
		keep(old.Unit.Aliases)
		if u.Funcs[name] == nil {
			c.add(u, &Func{Key: MainKey + "::" + name, Name: name, Decl: old.Decl, Unit: u})
		}
	}
}

// keepUnit takes over a unit of an earlier input and those it refers to.
func (c *checker) keepUnit(u *Unit) {
	if c.info.Units[u.Key] != nil {
		return
	}
	c.info.Units[u.Key] = u
	for _, d := range u.File.Funcs() {
		if f := u.Funcs[d.Name.Name]; f != nil && f.Decl == d {
			c.info.Funcs = append(c.info.Funcs, f)
		}
	}
	for _, alias := range slices.Sorted(maps.Keys(u.Aliases)) {
		c.keepUnit(u.Aliases[alias])
	}
}

// define enters the functions of a file. The first of two equal names counts.
func (c *checker) define(u *Unit, defs []*ast.FuncDef) {
	for _, d := range defs {
		name := d.Name.Name
		if old := u.Funcs[name]; old != nil {
			c.diags.Add(diag.Diagnostic{
				Code: diag.DuplicateFunction, Span: d.Name.At,
				Msg:   "function " + name + " is defined twice in this file",
				Hint:  "rename one of them: there is no overloading",
				Notes: []diag.Note{{Span: old.Decl.Name.At, Msg: "first defined here"}},
			})
			continue
		}
		c.add(u, &Func{Key: u.Key + "::" + name, Name: name, Decl: d, Unit: u})
	}
}

func (c *checker) add(u *Unit, f *Func) {
	u.Funcs[f.Name] = f
	c.info.Funcs = append(c.info.Funcs, f)
}

// loadSources loads what a file sources. setwd holds for the source statements after it.
func (c *checker) loadSources(u *Unit) {
	dir := ""
	alias := map[string]*ast.Source{}
	for _, s := range u.File.Stmts {
		switch s := s.(type) {
		case *ast.Setwd:
			dir = s.Path.Value
		case *ast.Source:
			c.source(u, s, dir, alias[s.Alias.Name])
			if alias[s.Alias.Name] == nil {
				alias[s.Alias.Name] = s
			}
		}
	}
}

func (c *checker) source(u *Unit, s *ast.Source, dir string, first *ast.Source) {
	bad := func(msg, hint string, notes ...diag.Note) {
		c.diags.Add(diag.Diagnostic{Code: diag.BadSource, Span: s.Path.At, Context: s.At, Msg: msg, Hint: hint, Notes: notes})
	}
	if c.cfg.Loader == nil {
		bad("files cannot be sourced here", "")
		return
	}
	key, name, text, err := c.cfg.Loader.Source(s.Path.Value, dir, u.File.Source.Name)
	if err != nil {
		bad(err.Error(), "")
		return
	}
	v := c.info.Units[key]
	if v == nil {
		v = c.loadFile(key, name, text, func(errs string) { bad("cannot use "+name+": it has "+errs, "") })
		c.info.Units[key] = v
		c.loadSources(v)
	}
	if old := u.Aliases[s.Alias.Name]; old != nil && old != v && first != nil {
		bad("alias "+s.Alias.Name+" already stands for another file", "use a different name after as",
			diag.Note{Span: first.At, Msg: "first bound here"})
		return
	}
	u.Aliases[s.Alias.Name] = v
}

// loadFile parses text into a unit. broken is called with a count when it has errors,
// which are shown as well.
func (c *checker) loadFile(key, name, text string, broken func(errs string)) *Unit {
	file, ds := parse.File(c.set, name, text, parse.Options{})
	u := &Unit{Key: key, File: file, Funcs: map[string]*Func{}, Aliases: map[string]*Unit{}}
	if n := ds.Errors(); n > 0 {
		c.broken[u] = true
		if n == 1 {
			broken("an error")
		} else {
			broken(strconv.Itoa(n) + " errors")
		}
	}
	c.diags.Append(ds)
	if key == LibraryKey {
		c.defineLibrary(u, file.Funcs())
	} else {
		c.define(u, file.Funcs())
	}
	return u
}

// libraryUnit returns the file of a DML-bodied builtin, loading it on first use. at is
// the place that needs it.
func (c *checker) libraryUnit(name string, at source.Span) *Unit {
	if c.cfg.Loader == nil {
		return nil
	}
	key, file, text, ok := c.cfg.Loader.Library(name)
	if !ok {
		return nil
	}
	if u := c.info.Units[key]; u != nil {
		return u
	}
	u := c.loadFile(LibraryKey, file, text, func(errs string) {
		c.diags.Add(diag.Diagnostic{Code: diag.BadSource, Span: at, Msg: "cannot use library function " + name + ": " + file + " has " + errs})
	})
	c.info.Units[key] = u
	c.library = append(c.library, u)
	c.loadSources(u)
	return u
}

// defineLibrary enters the functions of a library file. All library files share one key,
// so a helper whose name is taken gets a key with the file in it.
func (c *checker) defineLibrary(u *Unit, defs []*ast.FuncDef) {
	taken := len(c.info.Funcs)
	c.define(u, defs)
	for _, f := range c.info.Funcs[taken:] {
		if other := c.libraryOwner(f.Name); other != nil {
			f.Key = LibraryKey + "::" + strings.TrimSuffix(u.File.Source.Name, ".dml") + "::" + f.Name
		}
	}
}

// libraryOwner returns the loaded library file that defines a function of this name.
func (c *checker) libraryOwner(name string) *Unit {
	for _, u := range c.library {
		if u.Funcs[name] != nil {
			return u
		}
	}
	return nil
}

// variant picks the function that a call of library function name means: m_name for a
// matrix as first argument, f_name for a frame, s_name for anything else. Where the
// file has no such variant, one that it has is taken.
func variant(u *Unit, name string, first types.Type, any bool) *Func {
	prefix := "s_"
	switch {
	case !any || first.Data == types.Matrix || first.Data == types.Unknown:
		prefix = "m_"
	case first.Data == types.Frame:
		prefix = "f_"
	}
	for _, p := range append([]string{prefix}, variantPrefixes...) {
		if f := u.Funcs[p+name]; f != nil {
			return f
		}
	}
	return nil
}

// variantPrefixes are what the names of the public functions of a library file start with.
var variantPrefixes = []string{"m_", "s_", "f_", ""}

// variants lists the functions of u that a call of library function name can mean.
func variants(u *Unit, name string) []*Func {
	var fs []*Func
	for _, p := range variantPrefixes {
		if f := u.Funcs[p+name]; f != nil {
			fs = append(fs, f)
		}
	}
	return fs
}

// Variants lists the functions that a run-time call of f by its name can end in: the
// variants of a library function, which the first argument chooses from, or f alone.
func Variants(f *Func) []*Func {
	if f.Unit.Key == LibraryKey && len(f.Name) > 2 && f.Name[1] == '_' {
		return variants(f.Unit, f.Name[2:])
	}
	return []*Func{f}
}

// LibraryVariants lists the functions of a library file that a call of name can mean.
func LibraryVariants(f *ast.File, name string) []*ast.FuncDef {
	var ds []*ast.FuncDef
	for _, p := range variantPrefixes {
		for _, d := range f.Funcs() {
			if d.Name.Name == p+name {
				ds = append(ds, d)
			}
		}
	}
	return ds
}
