package builtins

import (
	"path"
	"strings"

	"gdml/lang/source"
	"gdml/runtime/exec"
)

// findFunction resolves a function key at run time: a whole key, a path in any
// spelling (./a/b.dml, a/b.dml, backslashes) with ::f, or a plain name, looked up
// in the file of the call, in the main script and in the library. It returns nil
// when there is no such function. Aliases are known to the compiler only, which
// replaces them in constant keys.
func findFunction(m *exec.Machine, key string) *exec.Function {
	funcs := m.Program().Funcs
	if fn := funcs[key]; fn != nil {
		return fn
	}
	if i := strings.LastIndex(key, "::"); i >= 0 {
		ns, name := plainPath(key[:i]), key[i:]
		for k, fn := range funcs {
			if j := strings.LastIndex(k, "::"); k[j:] == name && plainPath(k[:j]) == ns {
				return fn
			}
		}
		return nil
	}
	if here := fileOf(m, m.At()); here != nil {
		for k, fn := range funcs {
			if strings.HasSuffix(k, "::"+key) && fileOf(m, fn.At) == here {
				return fn
			}
		}
	}
	if fn := funcs[".defaultNS::"+key]; fn != nil {
		return fn
	}
	return funcs[".builtinNS::"+key]
}

func fileOf(m *exec.Machine, at source.Span) *source.File {
	return m.Program().Sources.File(at.Start)
}

func plainPath(p string) string { return path.Clean(strings.ReplaceAll(p, `\`, "/")) }
