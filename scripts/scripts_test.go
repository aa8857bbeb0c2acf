package scripts

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

// Every library file can be read by its name, says what it is, and defines the function it is named for.
func TestLibrary(t *testing.T) {
	if len(Names()) < 2 {
		t.Fatalf("library functions %v", Names())
	}
	for _, n := range Names() {
		text, err := Read("builtin/" + n + ".dml")
		if err != nil {
			t.Error(err)
		}
		if !strings.HasPrefix(text, "# ") {
			t.Errorf("%s does not begin with a description", n)
		}
		if !strings.Contains(text, "m_"+n+" = function(") && !strings.Contains(text, "s_"+n+" = function(") && !strings.Contains(text, "f_"+n+" = function(") {
			t.Errorf("%s does not define its function", n)
		}
	}
	if _, err := Read("builtin/none.dml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
}

// Every program says how it is started, and every file what it is.
func TestPrograms(t *testing.T) {
	for dir, least := range map[string]int{"examples": 4, "workloads": 6} {
		es, err := fs.ReadDir(FS, dir)
		if err != nil || len(es) < least {
			t.Fatalf("%d files in %s, %v", len(es), dir, err)
		}
		for _, e := range es {
			text, err := Read(dir + "/" + e.Name())
			if err != nil || !strings.Contains(text, "gdml -f scripts/"+dir+"/"+e.Name()) {
				t.Errorf("%s does not show its command line (%v)", e.Name(), err)
			}
		}
	}
	err := fs.WalkDir(FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".dml") {
			return err
		}
		if text, err := Read(path); err != nil || !strings.HasPrefix(text, "# ") {
			t.Errorf("%s does not begin with a description (%v)", path, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// The layers have forward and backward, the optimizers an update.
func TestNN(t *testing.T) {
	for dir, functions := range map[string][]string{"nn/layers": {"forward", "backward"}, "nn/optim": {"update"}} {
		es, err := fs.ReadDir(FS, dir)
		if err != nil || len(es) < 8 {
			t.Fatalf("%d files in %s, %v", len(es), dir, err)
		}
		for _, e := range es {
			text, err := Read(dir + "/" + e.Name())
			if err != nil {
				t.Error(err)
			}
			for _, f := range functions {
				if e.Name() != "agg.dml" && !strings.Contains(text, "\n"+f+" = function(") {
					t.Errorf("%s/%s has no %s", dir, e.Name(), f)
				}
			}
		}
	}
}
