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

// Every example says how it is started.
func TestExamples(t *testing.T) {
	es, err := fs.ReadDir(FS, "examples")
	if err != nil || len(es) < 4 {
		t.Fatalf("%d examples, %v", len(es), err)
	}
	for _, e := range es {
		text, err := Read("examples/" + e.Name())
		if err != nil || !strings.Contains(text, "gdml -f scripts/examples/"+e.Name()) {
			t.Errorf("%s does not show its command line (%v)", e.Name(), err)
		}
	}
}
