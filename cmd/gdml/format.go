package main

import (
	goflag "flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gdml/lang/diag"
	"gdml/lang/parse"
	"gdml/lang/print"
	"gdml/lang/source"
)

// formatter is the command fmt.
type formatter struct {
	sys               *system
	list, diff, write bool
	status            int
}

// formatFiles runs gdml fmt. The status is 2 when something cannot be read or written,
// 3 when a file has errors, and 1 when -l or -d found a file with another layout.
func formatFiles(sys *system, argv []string) int {
	f := &formatter{sys: sys}
	set := goflag.NewFlagSet("gdml fmt", goflag.ContinueOnError)
	set.SetOutput(sys.err)
	set.BoolVar(&f.list, "l", false, "list the files whose layout differs")
	set.BoolVar(&f.diff, "d", false, "print what would change")
	set.BoolVar(&f.write, "w", false, "write the result to the file")
	set.Usage = func() {
		fmt.Fprintln(sys.err, "usage: gdml fmt [-l] [-d] [-w] [FILE|DIR|-]...")
		set.PrintDefaults()
	}
	switch err := set.Parse(argv); {
	case err == goflag.ErrHelp:
		return exitOK
	case err != nil:
		return exitUsage
	}
	paths := set.Args()
	if len(paths) == 0 {
		paths = []string{"-"}
	}
	for _, path := range paths {
		f.path(path)
	}
	return f.status
}

// fail raises the exit status.
func (f *formatter) fail(status int) { f.status = max(f.status, status) }

func (f *formatter) errorf(format string, args ...any) {
	fmt.Fprintf(f.sys.err, "gdml fmt: "+format+"\n", args...)
	f.fail(exitUsage)
}

// path formats standard input, a file, or the .dml files below a directory.
func (f *formatter) path(path string) {
	if path == "-" {
		b, err := io.ReadAll(f.sys.in)
		switch {
		case err != nil:
			f.errorf("cannot read standard input: %v", err)
		case f.write:
			f.errorf("-w cannot write to standard input")
		default:
			f.text("<stdin>", string(b))
		}
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		f.errorf("cannot read %q: %v%s", path, cause(err), nearFile(path))
		return
	}
	if !info.IsDir() {
		f.file(path)
		return
	}
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && filepath.Ext(p) == ".dml" {
			f.file(p)
		}
		return err
	})
	if err != nil {
		f.errorf("%v", err)
	}
}

func (f *formatter) file(path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		f.errorf("cannot read %q: %v", path, cause(err))
		return
	}
	out, ok := f.text(path, string(b))
	if !ok || !f.write || out == string(b) {
		return
	}
	if err := replaceFile(path, out); err != nil {
		f.errorf("cannot write %q: %v", path, cause(err))
	}
}

// text formats one text and prints what the flags ask for. Text that the parser skips
// counts as an error here, because it would be lost.
func (f *formatter) text(name, text string) (out string, ok bool) {
	set := source.NewSet()
	tree, ds := parse.File(set, name, text, parse.Options{})
	if ds.Len() > 0 {
		r := &diag.Renderer{Set: set}
		r.Write(f.sys.err, ds)
		if !ds.HasErrors() {
			fmt.Fprintf(f.sys.err, "gdml fmt: %s is left alone: formatting would lose the skipped text\n", name)
		}
		f.fail(exitCompile)
		return "", false
	}
	out = print.Format(tree)
	if (f.list || f.diff) && out != text {
		f.fail(exitRun)
	}
	switch {
	case f.list && out != text:
		fmt.Fprintln(f.sys.out, name)
	case !f.list && !f.diff && !f.write:
		fmt.Fprint(f.sys.out, out)
	}
	if f.diff && out != text {
		fmt.Fprint(f.sys.out, unifiedDiff(name, text, out))
	}
	return out, true
}

// replaceFile puts text in the place of a file, which is never there half written.
func replaceFile(path, text string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	t, err := os.CreateTemp(filepath.Dir(path), ".gdml-fmt-*")
	if err != nil {
		return err
	}
	defer os.Remove(t.Name()) // fails once it was renamed
	if _, err := t.WriteString(text); err != nil {
		t.Close()
		return err
	}
	if err := t.Chmod(info.Mode().Perm()); err != nil {
		t.Close()
		return err
	}
	if err := t.Close(); err != nil {
		return err
	}
	return os.Rename(t.Name(), path)
}
