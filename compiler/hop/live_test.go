package hop_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/types"
)

// basic makes a block from assignments "v: reads", each giving v a list of the variables it reads.
func basic(assign ...string) *hop.Block {
	return &hop.Block{Kind: hop.Basic, DAG: graph(assign...)}
}

func graph(assign ...string) *hop.DAG {
	b := hop.NewBuilder(false)
	d := &hop.DAG{B: b}
	for _, a := range assign {
		v, reads, _ := strings.Cut(a, ":")
		in := []*hop.Node{b.Lit(int64(len(d.Roots)), at)}
		for _, r := range strings.Fields(reads) {
			in = append(in, read(b, r, types.Any, op.NoShape))
		}
		n := b.Node(op.Call, &callee{pure: true}, types.Any, op.NoShape, at, in...)
		d.Roots = append(d.Roots, hop.Root{Var: v, Node: n, Effect: v == ""})
	}
	return d
}

func pred(reads string) *hop.DAG {
	d := graph("x:" + reads)
	d.Roots[0].Var = ""
	return d
}

// liveness writes the LiveOut of all blocks, outer ones first.
func liveness(p *hop.Program) string {
	var out []string
	hop.Walk(p.Main.Body, func(b *hop.Block) {
		out = append(out, strings.Join(slices.Sorted(maps.Keys(b.LiveOut)), ","))
	})
	return strings.Join(out, " | ")
}

func TestLive(t *testing.T) {
	exists := basic("a:")
	b := exists.DAG.B
	exists.DAG.Roots[0].Node = b.Node(op.Call, named("exists"), types.BoolT, op.ScalarShape, at, b.Lit("q", at))
	for _, tc := range []struct {
		name   string
		keep   []string
		blocks []*hop.Block
		want   string
	}{
		{"straight", nil, []*hop.Block{basic("a:", "b:"), basic("c:a"), basic(":c")}, "a | c | "},
		{"keep", []string{"b"}, []*hop.Block{basic("a:", "b:")}, "b"},
		{"overwritten", nil, []*hop.Block{basic("a:"), basic("a:"), basic(":a")}, " | a | "},
		{"branch", nil, []*hop.Block{
			basic("a:", "b:", "c:"),
			{Kind: hop.If, Cond: pred("c"), Then: []*hop.Block{basic("a:")}, Else: []*hop.Block{basic("b:")}},
			basic(":a b"),
		}, "a,b,c | a,b | a,b | a,b | "},
		{"while: the predicate and the next round read", nil, []*hop.Block{
			basic("i:", "s:", "n:", "d:"),
			{Kind: hop.While, Cond: pred("i n"), Then: []*hop.Block{basic("t:s"), basic("s:t", "i:i")}},
			basic(":s"),
		}, "i,n,s | s | i,n,t | i,n,s | "},
		{"for: the variable is set by the loop", nil, []*hop.Block{
			basic("n:", "s:", "i:"),
			{Kind: hop.For, Var: "i", From: pred(""), To: pred("n"), Then: []*hop.Block{basic("s:s i")}},
			basic(":s"),
		}, "n,s | s | s | "},
		{"for: the variable is used afterwards", nil, []*hop.Block{
			basic("i:"),
			{Kind: hop.For, Var: "i", From: pred(""), To: pred(""), Then: []*hop.Block{basic(":")}},
			basic(":i"),
		}, "i | i | i | "},
		{"parfor: results are merged with the old value", nil, []*hop.Block{
			basic("R:"),
			{Kind: hop.ParFor, Var: "i", From: pred(""), To: pred(""), Results: []hop.Merge{{Var: "R"}},
				Then: []*hop.Block{basic("R:i")}},
			basic(":R"),
		}, "R | R | R | "},
		{"nested loops", nil, []*hop.Block{
			basic("a:", "b:"),
			{Kind: hop.While, Cond: pred(""), Then: []*hop.Block{
				{Kind: hop.While, Cond: pred(""), Then: []*hop.Block{basic("a:b")}},
				basic("b:a"),
			}},
		}, "a,b |  | a | a,b | a,b"},
		{"asked for by name", nil, []*hop.Block{basic("q:", "r:"), exists, basic(":a")}, "q | a | "},
	} {
		p := program(tc.blocks...)
		hop.Live(p, tc.keep)
		if got := liveness(p); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// named is a pure callee with a name.
type namedCallee struct {
	callee
	name string
}

func (c *namedCallee) Name() string { return c.name }

func named(name string) hop.Callee { return &namedCallee{callee{true}, name} }

func TestLiveInFunctions(t *testing.T) {
	f := &hop.Func{Key: "f", Results: []hop.Result{{Name: "r"}}, Body: []*hop.Block{basic("a:p", "r:"), basic("b:")}}
	p := program()
	p.Funcs = map[string]*hop.Func{"f": f}
	hop.Live(p, []string{"b"})
	if got := f.Body[0].LiveOut; !maps.Equal(got, map[string]bool{"r": true}) {
		t.Errorf("live after the first block: %v", got)
	}
}

// TestPrune removes chains of assignments that only feed each other, and keeps effects.
func TestPrune(t *testing.T) {
	p := program(
		basic("a:", "b:"),
		basic("c:a", ":b"),
		&hop.Block{Kind: hop.While, Cond: pred("b"), Then: []*hop.Block{basic("d:c", "b:b")}},
		basic("e:d"),
	)
	if n := hop.Prune(p, nil); n != 4 {
		t.Errorf("removed %d assignments, want those of a, c, d and e", n)
	}
	if got := liveness(p); got != "b | b |  | b | " {
		t.Errorf("live %q", got)
	}
	if n := len(p.Main.Body[1].DAG.Roots); n != 1 {
		t.Errorf("%d roots are left beside the effect", n-1)
	}
}
