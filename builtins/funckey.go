package builtins

import (
	"path"
	"strings"

	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

// findFunction resolves a function key at run time: a whole key, a path in any
// spelling (./a/b.dml, a/b.dml, backslashes) with ::f, or a plain name, looked up
// in the file of the call, in the main script and in the library. It returns nil
// when there is no such function. Aliases are known to the compiler only, which
// replaces them in constant keys.
func findFunction(m *exec.Machine, key string) *exec.Function {
	progs := []*exec.Program{m.Home(), m.Program()}
	for _, p := range progs {
		if fn := p.Funcs[key]; fn != nil {
			return fn
		}
	}
	if i := strings.LastIndex(key, "::"); i >= 0 {
		return findInFile(progs, plainPath(key[:i]), key[i:])
	}
	if here := fileOf(m, m.At()); here != nil {
		for k, fn := range m.Home().Funcs {
			if strings.HasSuffix(k, "::"+key) && fileOf(m, fn.At) == here {
				return fn
			}
		}
	}
	if fn := m.Program().Funcs[mainPrefix+key]; fn != nil {
		return fn
	}
	for _, p := range progs {
		if fn := p.Funcs[libraryPrefix+key]; fn != nil {
			return fn
		}
	}
	return nil
}

// findInFile finds the function whose key has the path ns in any spelling and ends in name.
func findInFile(progs []*exec.Program, ns, name string) *exec.Function {
	for _, p := range progs {
		for k, fn := range p.Funcs {
			if j := strings.LastIndex(k, "::"); k[j:] == name && plainPath(k[:j]) == ns {
				return fn
			}
		}
	}
	return nil
}

// What the keys of functions of the main script and of the library start with.
const (
	mainPrefix    = ".defaultNS::"
	libraryPrefix = ".builtinNS::"
)

func fileOf(m *exec.Machine, at source.Span) *source.File {
	return m.Program().Sources.File(at.Start)
}

func plainPath(p string) string { return path.Clean(strings.ReplaceAll(p, `\`, "/")) }

// findCallable is findFunction for a call with the given first argument, which chooses among
// the variants of a library function. A library function that the program does not hold is
// compiled now.
func findCallable(m *exec.Machine, key string, first value.Value) (*exec.Function, error) {
	if fn := findFunction(m, key); fn != nil && !strings.HasPrefix(fn.Key, libraryPrefix) {
		return fn, nil
	}
	name, base := strings.TrimPrefix(key, libraryPrefix), ""
	if len(name) > 2 && name[1] == '_' {
		base = name[2:] // the compiler has put the key of a variant for the name
	}
	for _, p := range []*exec.Program{m.Home(), m.Program()} {
		for _, n := range []string{base, name} {
			if fn := variantOf(p, n, first); fn != nil {
				return fn, nil
			}
		}
	}
	if fn := findFunction(m, key); fn != nil {
		return fn, nil
	}
	r := m.Program().Resolver
	if r == nil || strings.Contains(key, "::") {
		return nil, nil
	}
	p, err := r.Library(key)
	if err != nil || p == nil {
		return nil, err
	}
	return variantOf(p, key, first), nil
}

// variantOf picks the variant of a library function for a first argument: f_ for a frame, s_
// for a scalar, m_ for anything else, or whichever there is. It returns nil for a name that is none.
func variantOf(p *exec.Program, name string, first value.Value) *exec.Function {
	if name == "" {
		return nil
	}
	prefix := "m_"
	switch value.TypeOf(first).Data {
	case types.Frame:
		prefix = "f_"
	case types.Scalar:
		prefix = "s_"
	}
	for _, pre := range []string{prefix, "m_", "s_", "f_"} {
		if fn := p.Funcs[libraryPrefix+pre+name]; fn != nil {
			return fn
		}
	}
	return nil
}
