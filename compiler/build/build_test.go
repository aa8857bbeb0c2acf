package build_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"gdml/compiler/build"
	"gdml/compiler/hop"
	"gdml/compiler/internal/hoptest"
	"gdml/lang/op"
)

var update = flag.Bool("update", false, "rewrite the expected dumps")

// TestDumps builds the script of each archive and compares the HOPs, and those of a
// naive build or of a session where the archive has them.
func TestDumps(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for i := 1; i < len(a.Files); i++ {
				s := &a.Files[i]
				o := build.Options{Naive: s.Name == "naive", REPL: s.Name == "repl"}
				got := hoptest.Dump(t, hoptest.Build(t, string(a.Files[0].Data), o))
				if *update {
					s.Data = got
				} else if !bytes.Equal(got, s.Data) {
					t.Errorf("%s is\n%s", s.Name, got)
				}
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// count returns how many nodes of each opcode the main program has.
func count(p *hop.Program) map[string]int {
	out := map[string]int{}
	hop.Walk(p.Main.Body, func(b *hop.Block) {
		for _, d := range b.DAGs() {
			for _, n := range (*d).Nodes() {
				out[n.Opcode()]++
			}
		}
	})
	return out
}

// TestSharing checks that equal operations are one node, and in a naive build one for each that is written.
func TestSharing(t *testing.T) {
	const script = `
X = rand(rows=4, cols=4, seed=1)
if (TRUE) {
  a = t(X) %*% X + sum(X * 2)
  b = t(X) %*% X + sum(X * 2)
  c = list(a, b)
  d = list(a, b)
  e = time()
  f = time()
  g = rand(rows=2, cols=2)
  h = rand(rows=2, cols=2)
  i = order(X)
  j = order(target=X, by=1)
  k = order(X, by=1)
}
`
	want := map[string][2]int{ // shared, naive
		"read": {1, 1}, "r(t)": {1, 2}, "ba(+*)": {1, 2}, "+": {1, 2}, "*": {1, 2}, "uak+": {1, 2}, "list": {1, 2},
		"time": {2, 2}, "dg(rand)": {3, 3}, "order": {2, 3},
	}
	shared, naive := count(hoptest.Build(t, script, build.Options{})), count(hoptest.Build(t, script, build.Options{Naive: true}))
	for name, n := range want {
		if shared[name] != n[0] || naive[name] != n[1] {
			t.Errorf("%s: %d shared and %d naive nodes, want %d and %d", name, shared[name], naive[name], n[0], n[1])
		}
	}
}

// TestOrderOfEffects lists the effects of a block: calls in an expression come left to
// right, innermost first, before the statement around them.
func TestOrderOfEffects(t *testing.T) {
	p := hoptest.Build(t, `
f = function(double a) return (double b) { b = a; if (a > 0) print("f") }
X = matrix(0, 2, 2)
print("start")
x = f(f(1) + f(2)) * f(3)
X[1, f(1)] += f(x)
print("end")
`, build.Options{})
	var got []string
	for _, r := range p.Main.Body[0].DAG.Roots {
		switch {
		case r.Effect && r.Node.In[0].Op == op.Lit:
			got = append(got, fmt.Sprint(r.Node.Opcode(), " ", r.Node.In[0].Aux.(hop.Const).V))
		case r.Effect:
			got = append(got, r.Node.Opcode()+" "+r.Node.In[0].Opcode())
		default:
			got = append(got, r.Var)
		}
	}
	want := "print start, fcall f 1, fcall f 2, fcall f +, fcall f 3, x, fcall f *, fcall f 1, X, print end"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("order %s\n want %s", s, want)
	}
}

// TestDynamic notes functions whose name is an argument.
func TestDynamic(t *testing.T) {
	const script = `
upd = function(list[unknown] model, list[unknown] hyperparams, matrix[double] features, matrix[double] labels)
  return (list[unknown] gradients) { gradients = model }
agg = function(list[unknown] model, list[unknown] gradients, list[unknown] hyperparams)
  return (list[unknown] out) { out = model }
other = function(double a) return (double b) { b = a }
m = list(matrix(0, 2, 2))
X = matrix(1, 4, 2)
r = paramserv(model=m, features=X, labels=X, upd="upd", agg=agg, epochs=1, batchsize=2, k=1, hyperparams=list(1))
x = other(2)
`
	p := hoptest.Build(t, script, build.Options{})
	if got := slices.Sorted(maps.Keys(p.Dynamic)); !slices.Equal(got, []string{".defaultNS::agg", ".defaultNS::upd"}) {
		t.Errorf("called by name: %v", got)
	}
}
