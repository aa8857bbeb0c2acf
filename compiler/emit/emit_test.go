package emit

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
)

// block collects the roots of a basic block.
type block struct {
	b     *hop.Builder
	roots []hop.Root
}

func newBlock() *block { return &block{b: hop.NewBuilder(false)} }

func (k *block) read(v string) *hop.Node {
	return k.b.Node(op.Read, hop.Var(v), types.Mat, op.NoShape, source.Span{})
}

func (k *block) bin(f *cell.Binary, x, y *hop.Node) *hop.Node {
	return k.b.Node(op.Cell2, f, types.Mat, op.NoShape, source.Span{}, x, y)
}

func (k *block) num(v float64) *hop.Node { return k.b.Lit(v, source.Span{}) }

func (k *block) set(v string, n *hop.Node) { k.roots = append(k.roots, hop.Root{Var: v, Node: n}) }

// plan emits the block as the main program after which only live is needed, and
// writes one instruction per line with the slots it kills in brackets.
func (k *block) plan(t *testing.T, o Options, live string) string {
	t.Helper()
	out := map[string]bool{}
	for _, v := range strings.Fields(live) {
		out[v] = true
	}
	p := &hop.Program{Main: &hop.Func{Name: "main", Body: []*hop.Block{{
		DAG: &hop.DAG{B: k.b, Roots: k.roots}, LiveOut: out,
	}}}}
	q, err := Program(p, o)
	if err != nil {
		t.Fatal(err)
	}
	name := func(s exec.Slot) string {
		switch {
		case s < 0:
			return fmt.Sprint(q.Main.Consts[^s])
		case q.Main.Names[s] == "":
			return fmt.Sprintf("t%d", s)
		}
		return q.Main.Names[s]
	}
	var b bytes.Buffer
	for _, in := range q.Main.Body[0].(*exec.Basic).Instrs {
		m := in.Info()
		b.WriteString(m.Opcode)
		for _, s := range m.In {
			b.WriteString(" " + name(s))
		}
		for _, s := range m.Out {
			b.WriteString(" -> " + name(s))
		}
		for _, s := range m.Kill {
			b.WriteString(" [" + name(s) + "]")
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

// plans are blocks with the instructions they become.
var plans = []struct {
	name string
	make func(k *block)
	o    Options
	live string
	want string
}{
	{"direct into the variable, in place", func(k *block) {
		k.set("X", k.bin(cell.Add, k.read("X"), k.num(1)))
	}, Options{}, "X", "+ X 1 -> X"},
	{"old value read later", func(k *block) {
		k.set("X", k.bin(cell.Add, k.read("X"), k.num(1)))
		k.set("Y", k.bin(cell.Mul, k.read("X"), k.num(2)))
	}, Options{}, "X Y", "+ X 1 -> t1; * X 2 -> Y [X]; mvvar t1 -> X"},
	{"operands die at their last use", func(k *block) {
		s := k.bin(cell.Add, k.read("A"), k.read("B"))
		k.set("C", k.bin(cell.Mul, s, k.read("B")))
	}, Options{}, "C", "+ A B -> t2 [A]; * t2 B -> C [t2] [B]"},
	{"overwritten variable dies early", func(k *block) {
		s := k.bin(cell.Add, k.read("X"), k.num(1))
		k.set("X", k.bin(cell.Mul, s, k.num(2)))
	}, Options{}, "X", "+ X 1 -> t1 [X]; * t1 2 -> X [t1]"},
	{"overwritten variable is held", func(k *block) {
		s := k.bin(cell.Add, k.read("X"), k.num(1))
		k.set("X", k.bin(cell.Mul, s, k.num(2)))
	}, Options{Hold: true}, "X", "+ X 1 -> t1; * t1 2 -> X [t1]"},
	{"exchange", func(k *block) {
		k.set("x", k.read("y"))
		k.set("y", k.read("x"))
	}, Options{}, "x y", "mvvar x -> t2; cpvar y -> x; mvvar t2 -> y"},
	{"rotation", func(k *block) {
		k.set("x", k.read("y"))
		k.set("y", k.read("z"))
		k.set("z", k.read("x"))
	}, Options{}, "x y z", "mvvar x -> t3; cpvar y -> x; cpvar z -> y; mvvar t3 -> z"},
	{"one value, two variables", func(k *block) {
		s := k.bin(cell.Add, k.read("A"), k.num(1))
		k.set("X", s)
		k.set("Y", s)
	}, Options{}, "X Y", "+ A 1 -> X [A]; cpvar X -> Y"},
	{"copy of a dying variable", func(k *block) {
		k.set("Y", k.read("X"))
	}, Options{}, "Y", "mvvar X -> Y"},
	{"dead assignment", func(k *block) {
		k.set("Y", k.bin(cell.Add, k.read("A"), k.num(1)))
		k.set("Z", k.bin(cell.Add, k.read("A"), k.num(2)))
	}, Options{}, "Z", "+ A 2 -> Z [A]"},
	{"temporaries are used again", func(k *block) {
		n := k.read("A")
		for range 4 {
			n = k.bin(cell.Mul, n, n)
		}
		k.set("Z", n)
	}, Options{}, "A Z", "* A A -> t1; * t1 t1 -> t2 [t1]; * t2 t2 -> t1 [t2]; * t1 t1 -> Z [t1]"},
	{"naive", func(k *block) {
		s := k.bin(cell.Add, k.read("X"), k.num(1))
		k.set("X", k.bin(cell.Mul, s, k.num(2)))
	}, Options{Naive: true}, "X", "+ X 1 -> t1; release [X]; * t1 2 -> t2; release [t1]; mvvar t2 -> X"},
}

func TestPlans(t *testing.T) {
	for _, tt := range plans {
		k := newBlock()
		tt.make(k)
		if got := k.plan(t, tt.o, tt.live); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestConstantsAreShared(t *testing.T) {
	s := newSlots(false)
	seen := map[exec.Slot]any{}
	for _, v := range []any{int64(1), 1.0, "1", true, "true", 0.0, negativeZero()} {
		c := s.constant(v)
		if was, ok := seen[c]; ok {
			t.Errorf("%T %v and %T %v share an operand", was, was, v, v)
		}
		seen[c] = v
		if s.constant(v) != c {
			t.Errorf("%T %v has two operands", v, v)
		}
	}
}

func negativeZero() float64 {
	z := 0.0
	return -z
}

func TestUnknownNodeIsAnError(t *testing.T) {
	k := newBlock()
	k.set("X", k.b.Node(op.Invalid, nil, types.Mat, op.NoShape, source.Span{}))
	p := &hop.Program{Main: &hop.Func{Name: "main", Body: []*hop.Block{{DAG: &hop.DAG{B: k.b, Roots: k.roots}}}}}
	if _, err := Program(p, Options{}); err == nil {
		t.Error("a node without an instruction must be an error")
	}
}
