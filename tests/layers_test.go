package tests

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layers lists every package by floor, lowest first, with the packages it may
// import besides those of lower floors. A package not listed here does not belong
// into the tree.
var layers = []map[string][]string{
	{ // 0
		"lang/source": nil, "lang/token": nil, "lang/types": nil, "lang/op": {"lang/types"},
		"runtime/cell": nil, "runtime/par": nil, "runtime/matrix/kernel": {"runtime/cell"},
		"runtime/matrix": {"runtime/matrix/kernel", "runtime/cell", "runtime/par"},
		"runtime/frame":  {"lang/types", "runtime/cell"},
		"scripts":        nil,
	},
	{ // 1
		"lang/ast": nil, "lang/diag": nil,
		"runtime/value": nil, "runtime/pool": nil, "runtime/format": nil, "runtime/matrix/linalg": nil,
		"runtime/transform": {"runtime/value"}, "runtime/lambda": {"runtime/transform"},
	},
	{ // 2
		"lang/parse": nil, "lang/check": {"lang/parse"}, "lang/print": {"lang/parse"},
		"runtime/exec": nil, "runtime/op": {"runtime/exec"},
		"paramserv": nil, "compiler/hop": nil,
	},
	{ // 3
		"builtins": nil, "compiler/rewrite": {"compiler/size"}, "compiler/physical": {"compiler/size", "compiler/rewrite"}, "compiler/size": nil,
	},
	{ // 4
		"compiler/build": nil, "compiler/emit": nil, "compiler/explain": nil,
	},
	{ // 5
		"compiler": nil, "compiler/internal/hoptest": nil,
	},
	{ // 6
		"cmd/gdml": {"cmd/gdml/internal/exp"}, "cmd/gdml/internal/exp": nil, "tests": nil, "tests/fuzz": nil,
	},
}

// forbidden lists imports that the floors would allow but the design does not: the
// language knows nobody, the runtime sees no syntax tree, and paramserv does not
// know the interpreter.
var forbidden = map[string][]string{
	"cmd/gdml/internal/": {"lang/", "runtime/", "compiler", "builtins", "paramserv", "scripts"},
	"lang/":              {"runtime/", "compiler", "builtins", "paramserv", "scripts"},
	"runtime/":           {"lang/ast", "lang/parse", "lang/check", "lang/token", "compiler", "builtins", "paramserv", "scripts"},
	"paramserv":          {"lang/", "runtime/exec", "runtime/op", "compiler", "builtins", "scripts"},
	"builtins":           {"lang/ast", "lang/parse", "lang/check", "compiler"},
	"scripts":            {"lang/", "runtime/", "compiler", "builtins", "paramserv"},
}

// external lists who may import modules from outside the standard library.
var external = map[string][]string{
	"github.com/alecthomas/participle/v2": {"lang/parse"},
	"github.com/chzyer/readline":          {"cmd/gdml"},
	"gonum.org/v1/gonum":                  {"runtime/matrix", "runtime/matrix/kernel", "runtime/matrix/linalg", "builtins", "cmd/gdml/internal/exp"},
	"golang.org/x/sys":                    {"runtime/matrix/kernel"},
	"go.yaml.in/yaml/v3":                  {"cmd/gdml/internal/exp"},
	"gonum.org/v1/plot":                   {"cmd/gdml/internal/exp"},
	"github.com/rogpeppe/go-internal":     nil, // tests only
}

type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

func listPackages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Standard,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var ps []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return ps
		} else if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
}

func TestLayers(t *testing.T) {
	floor := map[string]int{}
	beside := map[string][]string{}
	for i, l := range layers {
		for p, same := range l {
			floor[p], beside[p] = i, same
		}
	}
	seen := map[string]bool{}
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, "gdml/")
		at, ok := floor[name]
		if !ok {
			t.Errorf("package %s has no floor", name)
			continue
		}
		seen[name] = true
		for _, imp := range p.Imports {
			checkImport(t, name, at, imp, floor, beside)
		}
	}
	for p := range floor {
		if !seen[p] {
			t.Errorf("package %s is missing", p)
		}
	}
}

func checkImport(t *testing.T, name string, at int, imp string, floor map[string]int, beside map[string][]string) {
	t.Helper()
	in, own := strings.CutPrefix(imp, "gdml/")
	if !own {
		for mod, users := range external {
			if strings.HasPrefix(imp, mod) && !slices.Contains(users, name) {
				t.Errorf("%s must not import %s", name, imp)
			}
		}
		return
	}
	if floor[in] > at || floor[in] == at && !slices.Contains(beside[name], in) {
		t.Errorf("%s (floor %d) must not import %s (floor %d)", name, at, in, floor[in])
	}
	for who, what := range forbidden {
		if !strings.HasPrefix(name, who) {
			continue
		}
		for _, w := range what {
			if strings.HasPrefix(in, w) {
				t.Errorf("%s must not import %s", name, in)
			}
		}
	}
}
