package compiler

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gdml/lang/check"
	"gdml/scripts"
)

// loader finds sourced files and library functions in the file system and among the
// embedded scripts. It belongs to one compilation.
type loader struct {
	dir  string            // where relative paths start
	libs []string          // library directories, first wins
	keys map[string]string // key of every file that was sourced
	used map[string]string // file of every key
	warn []string
}

func newLoader(o Options) *loader {
	return &loader{dir: o.Dir, libs: o.LibDirs, keys: map[string]string{}, used: map[string]string{}}
}

// embedded marks the names of embedded files.
const embedded = "scripts/"

// Source looks for path under the setwd directory, beside the sourcing file, under
// scripts/, below the library directories, and among the embedded scripts. The key is the path as written, made
// relative with ./, because scripts name functions by it ("./lib/opt.dml::step").
func (l *loader) Source(name, dir, from string) (key, file, text string, err error) {
	clean, err := l.local(name)
	if err != nil {
		return "", "", "", err
	}
	written := join(dir, clean)
	candidates := []string{written}
	if beside := join(filepath.Dir(from), clean); !filepath.IsAbs(clean) && beside != written {
		candidates = append(candidates, beside)
		if dir == "" { // after setwd it is plain which one is meant
			l.compare(written, beside)
		}
	}
	if !filepath.IsAbs(clean) {
		candidates = append(candidates, join(embedded, clean))
		for _, r := range l.roots() {
			candidates = append(candidates, join(r, clean))
			if short, ok := strings.CutPrefix(clean, embedded); ok {
				candidates = append(candidates, join(r, short))
			}
		}
	}
	for _, c := range candidates {
		b, err := os.ReadFile(l.path(c))
		if err == nil {
			return l.key(written, l.path(c)), c, string(b), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", "", "", fmt.Errorf("cannot read %s: %w", c, err)
		}
	}
	for _, c := range candidates {
		p := strings.TrimPrefix(filepath.ToSlash(filepath.Clean(c)), embedded)
		if text, err := scripts.Read(p); err == nil {
			return l.key(written, embedded+p), embedded + p, text, nil
		}
	}
	return "", "", "", fmt.Errorf("there is no file %s; looked for %s", name, strings.Join(candidates, ", "))
}

// roots lists the directories that the library directories give for sourced files: they
// themselves, and the directory around one that is called builtin, as in a scripts tree.
func (l *loader) roots() []string {
	var rs []string
	for _, d := range l.libs {
		rs = append(rs, d)
		if filepath.Base(d) == builtinDir {
			rs = append(rs, filepath.Dir(filepath.Clean(d)))
		}
	}
	return rs
}

// builtinDir is where a scripts tree has its library functions.
const builtinDir = "builtin"

// local strips a file: prefix and refuses other schemes.
func (l *loader) local(name string) (string, error) {
	name = strings.TrimPrefix(name, "file:")
	if scheme, _, ok := strings.Cut(name, "://"); ok {
		return "", fmt.Errorf("cannot read %s: the scheme %s is not supported", name, scheme)
	}
	return name, nil
}

// join joins a relative path to dir.
func join(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// path returns where a name lies in the file system.
func (l *loader) path(name string) string { return join(l.dir, name) }

// key returns the key of a file: one per file, the path as written unless another file has it.
func (l *loader) key(written, file string) string {
	if k, ok := l.keys[file]; ok {
		return k
	}
	k := filepath.ToSlash(written)
	if !path.IsAbs(k) && !strings.HasPrefix(k, ".") {
		k = "./" + k
	}
	if other, taken := l.used[k]; taken && other != file {
		k = filepath.ToSlash(file)
	}
	l.keys[file], l.used[k] = k, file
	return k
}

// compare warns when two places hold different files of one name.
func (l *loader) compare(first, second string) {
	a, err1 := os.ReadFile(l.path(first))
	b, err2 := os.ReadFile(l.path(second))
	if err1 == nil && err2 == nil && string(a) != string(b) {
		l.warn = append(l.warn, fmt.Sprintf("%s and %s both exist and differ; using %s", first, second, first))
	}
}

// Library finds NAME.dml in the library directories, below which it may also lie in
// builtin/, and among the embedded scripts.
func (l *loader) Library(name string) (key, file, text string, ok bool) {
	if name == "" || strings.ContainsAny(name, `/\`) {
		return "", "", "", false
	}
	key = check.LibraryKey + "/" + name
	for _, d := range l.libs {
		for _, f := range []string{filepath.Join(d, name+".dml"), filepath.Join(d, builtinDir, name+".dml")} {
			if b, err := os.ReadFile(l.path(f)); err == nil {
				return key, f, string(b), true
			}
		}
	}
	p := path.Join(builtinDir, name+".dml")
	if text, err := scripts.Read(p); err == nil {
		return key, embedded + p, text, true
	}
	return "", "", "", false
}

// LibraryNames lists the functions that Library finds.
func (l *loader) LibraryNames() []string {
	names := scripts.Names()
	for _, d := range l.libs {
		for _, pattern := range []string{"*.dml", builtinDir + "/*.dml"} {
			files, err := filepath.Glob(filepath.Join(l.path(d), pattern))
			if err != nil {
				continue // the directory's name is no pattern
			}
			for _, f := range files {
				names = append(names, strings.TrimSuffix(filepath.Base(f), ".dml"))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
