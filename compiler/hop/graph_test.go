package hop_test

import (
	"math"
	"strings"
	"testing"

	"gdml/compiler/hop"
	"gdml/lang/op"
	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/cell"
	rop "gdml/runtime/op"
)

var at = source.Span{}

// pureCall and impureCall are callees for tests.
type callee struct{ pure bool }

func (c *callee) Name() string          { return "callee" }
func (c *callee) Pure() bool            { return c.pure }
func (c *callee) Results() []types.Type { return []types.Type{types.Mat, types.Dbl} }
func (c *callee) ShapeOf(in []op.Shape) ([]op.Shape, error) {
	return []op.Shape{in[0], op.Const(1.5)}, nil
}

func read(b *hop.Builder, v string, t types.Type, s op.Shape) *hop.Node {
	return b.Node(op.Read, hop.Var(v), t, s, at)
}

// made reports whether two constructions give the same node.
func made(a, b func() *hop.Node) bool { return a() == b() }

// of binds the argument of a construction.
func of[T any](f func(T) *hop.Node, v T) func() *hop.Node {
	return func() *hop.Node { return f(v) }
}

func TestBuilderShares(t *testing.T) {
	b := hop.NewBuilder(false)
	x := read(b, "X", types.Mat, op.Dims(3, 4))
	one := func() *hop.Node { return hop.Make(b, op.Cell2, cell.Add, types.Mat, at, x, b.Lit(1.0, at)) }
	pure, impure := &callee{true}, &callee{false}
	call := func(c *callee) *hop.Node { return b.Node(op.Call, c, types.Any, op.NoShape, at, x) }
	random := func(site uint32) *hop.Node {
		l := b.Lit(int64(2), at)
		return b.Node(op.Rand, op.Random{PDF: "uniform", Site: site}, types.Mat, op.NoShape, at, l, l, l, l, l, l, l)
	}
	nan := func() *hop.Node { return b.Lit(math.NaN(), at) }
	for name, same := range map[string]bool{
		"equal operations":          made(one, one),
		"other operand type":        one() != hop.Make(b, op.Cell2, cell.Add, types.Mat, at, x, b.Lit(int64(1), at)),
		"other function":            one() != hop.Make(b, op.Cell2, cell.Sub, types.Mat, at, x, b.Lit(1.0, at)),
		"NaN":                       made(nan, nan),
		"negative zero":             b.Lit(0.0, at) != b.Lit(math.Copysign(0, -1), at),
		"pure calls":                made(of(call, pure), of(call, pure)),
		"impure calls":              !made(of(call, impure), of(call, impure)),
		"random, same site":         made(of(random, 0), of(random, 0)),
		"random, two unseeded ones": random(1) != random(2),
		"other size":                x != read(b, "X", types.Mat, op.Dims(3, 5)),
	} {
		if !same {
			t.Errorf("%s: wrong sharing", name)
		}
	}
	c := call(impure)
	out := func(k int) *hop.Node { return hop.Make(b, op.Out, op.Result(k), c.Aux.(*callee).Results()[k], at, c) }
	if !made(of(out, 0), of(out, 0)) || out(0) == out(1) {
		t.Error("results of one call are not told apart by their number alone")
	}
	if s := out(0).Shape; s.String() != "3x4" {
		t.Errorf("first result is %v", s)
	}
	if v := out(1).Shape.Val; v != 1.5 {
		t.Errorf("second result is %v", v)
	}

	naive := hop.NewBuilder(true)
	y := read(naive, "X", types.Mat, op.Dims(3, 4))
	lit := func() *hop.Node { return naive.Lit(int64(1), at) }
	if y != read(naive, "X", types.Mat, op.Dims(3, 4)) || !made(lit, lit) {
		t.Error("a naive builder must share leaves")
	}
	turn := func() *hop.Node { return hop.Make(naive, op.T, nil, types.Mat, at, y) }
	if made(turn, turn) {
		t.Error("a naive builder must not share operations")
	}
}

func TestNodesAndConsumers(t *testing.T) {
	b := hop.NewBuilder(false)
	x := read(b, "X", types.Mat, op.Dims(3, 3))
	unused := hop.Make(b, op.Rev, nil, types.Mat, at, x)
	tr := hop.Make(b, op.T, nil, types.Mat, at, x)
	sq := hop.Make(b, op.Cell2, cell.Mul, types.Mat, at, tr, tr)
	d := &hop.DAG{B: b, Roots: []hop.Root{{Var: "y", Node: sq}, {Var: "z", Node: tr}}}
	if got := d.Nodes(); len(got) != 3 || got[0] != x || got[1] != tr || got[2] != sq {
		t.Errorf("nodes %v", got)
	}
	uses := d.Consumers()
	if uses[tr] != 3 || uses[sq] != 1 || uses[x] != 1 || uses[unused] != 0 {
		t.Errorf("consumers %v", uses)
	}
}

// TestMap drops a double transpose and doubles nothing else.
func TestMap(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		b := hop.NewBuilder(false)
		x := read(b, "X", types.Mat, op.Dims(3, 2))
		tt := hop.Make(b, op.T, nil, types.Mat, at, hop.Make(b, op.T, nil, types.Mat, at, x))
		d := &hop.DAG{B: b, Roots: []hop.Root{{Var: "y", Node: hop.Make(b, op.Rev, nil, types.Mat, at, tt)}, {Var: "z", Node: tt}}}
		if fresh {
			b = hop.NewBuilder(false)
		}
		d.Map(b, func(n *hop.Node, in []*hop.Node) *hop.Node {
			if n.Op == op.T && in[0].Op == op.T {
				return in[0].In[0]
			}
			return b.Copy(n, in)
		})
		if z := d.Roots[1].Node; z.Op != op.Read || d.Roots[0].Node.In[0] != z || d.B != b {
			t.Errorf("fresh builder %t: roots are %s and %s", fresh, d.Roots[0].Node.Opcode(), z.Opcode())
		}
	}
}

// TestConstants compares every constant that is computed at compile time with what the
// instructions of the run time give for the same values.
func TestConstants(t *testing.T) {
	vals := []any{int64(0), int64(7), int64(-3), int64(math.MaxInt64), 0.0, math.Copysign(0, -1), 2.5, -0.5,
		math.NaN(), math.Inf(1), true, false, "", "a", "7"}
	known := 0
	for _, f := range cell.Binaries() {
		for _, ty := range []types.Type{types.Dbl, types.IntT} {
			for _, x := range vals {
				for _, y := range vals {
					b := hop.NewBuilder(false)
					got := hop.Make(b, op.Cell2, f, ty, at, b.Lit(x, at), b.Lit(y, at)).Shape.Val
					if got == nil {
						continue
					}
					known++
					want, err := rop.Scalar2(f, ty == types.Dbl, x, y)
					if err != nil || !op.SameConst(got, want) {
						t.Errorf("%v %s %v as %s: %T %v at compile time, %T %v (%v) at run time", x, f.Name, y, ty, got, got, want, want, err)
					}
				}
			}
		}
	}
	unary := append(cell.Unaries(), cell.Not, cell.Square, cell.Sigmoid)
	for _, f := range unary {
		for _, x := range vals {
			b := hop.NewBuilder(false)
			if got := hop.Make(b, op.Cell1, f, types.Scal, at, b.Lit(x, at)).Shape.Val; got != nil {
				known++
				if want, err := rop.Scalar1(f, x); err != nil || !op.SameConst(got, want) {
					t.Errorf("%s(%v): %T %v at compile time, %T %v (%v) at run time", f.Name, x, got, got, want, want, err)
				}
			}
		}
	}
	if known < 1500 {
		t.Errorf("only %d constants were computed", known)
	}
}

// TestExactNonZeros checks that a count of non-zeros is only given when it is certain.
func TestExactNonZeros(t *testing.T) {
	b := hop.NewBuilder(false)
	empty := read(b, "E", types.Mat, op.Shape{Rows: 2, Cols: 3, NNZ: 0})
	some := read(b, "S", types.Mat, op.Shape{Rows: 2, Cols: 3, NNZ: 4})
	for _, tc := range []struct {
		name string
		n    *hop.Node
		want int64
	}{
		{"abs keeps", hop.Make(b, op.Cell1, cell.Abs, types.Mat, at, some), 4},
		{"round may not", hop.Make(b, op.Cell1, cell.Round, types.Mat, at, some), op.Unknown},
		{"round of empty", hop.Make(b, op.Cell1, cell.Round, types.Mat, at, empty), 0},
		{"exp of empty", hop.Make(b, op.Cell1, cell.Exp, types.Mat, at, empty), 6},
		{"!= 0 keeps", hop.Make(b, op.Cell2, cell.Ne, types.Mat, at, some, b.Lit(int64(0), at)), 4},
		{"empty + empty", hop.Make(b, op.Cell2, cell.Add, types.Mat, at, empty, empty), 0},
		{"empty * matrix", hop.Make(b, op.Cell2, cell.Mul, types.Mat, at, empty, some), op.Unknown},
		{"empty * 3", hop.Make(b, op.Cell2, cell.Mul, types.Mat, at, empty, b.Lit(3.0, at)), 0},
		{"empty * Inf", hop.Make(b, op.Cell2, cell.Mul, types.Mat, at, empty, b.Lit(math.Inf(1), at)), 6},
		{"empty + 1", hop.Make(b, op.Cell2, cell.Add, types.Mat, at, empty, b.Lit(1.0, at)), 6},
		{"transpose", hop.Make(b, op.T, nil, types.Mat, at, some), 4},
	} {
		if got := tc.n.Shape.NNZ; got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}

func TestVerify(t *testing.T) {
	for _, tc := range []struct {
		want string
		make func(b *hop.Builder) *hop.DAG
	}{
		{"3 inputs", func(b *hop.Builder) *hop.DAG {
			l := b.Lit(1.0, at)
			return one(b, b.Node(op.Cell2, cell.Add, types.Dbl, op.ScalarShape, at, l, l, l))
		}},
		{"aux string", func(b *hop.Builder) *hop.DAG {
			return one(b, b.Node(op.Cell1, "abs", types.Dbl, op.ScalarShape, at, b.Lit(1.0, at)))
		}},
		{"aux op.Subscript", func(b *hop.Builder) *hop.DAG {
			x := read(b, "X", types.Mat, op.NoShape)
			return one(b, b.Node(op.Index, op.Subscript{Rows: op.Range}, types.Mat, op.NoShape, at, x, b.Lit(int64(1), at)))
		}},
		{"type double of an operator that gives a matrix", func(b *hop.Builder) *hop.DAG {
			return one(b, b.Node(op.T, nil, types.Dbl, op.ScalarShape, at, read(b, "X", types.Mat, op.NoShape)))
		}},
		{"scalar of 2x2", func(b *hop.Builder) *hop.DAG { return one(b, read(b, "x", types.Dbl, op.Dims(2, 2))) }},
		{"with a constant value", func(b *hop.Builder) *hop.DAG {
			return one(b, read(b, "x", types.Mat, op.Shape{Rows: 2, Cols: 2, NNZ: 1, Val: 3.0}))
		}},
		{"5 non-zeros in 2x2", func(b *hop.Builder) *hop.DAG {
			return one(b, read(b, "x", types.Mat, op.Shape{Rows: 2, Cols: 2, NNZ: 5}))
		}},
		{"different builders", func(b *hop.Builder) *hop.DAG {
			other := hop.NewBuilder(false)
			return one(b, b.Node(op.Cell2, cell.Add, types.Dbl, op.ScalarShape, at, b.Lit(1.0, at), other.Lit(2.0, at)))
		}},
		{"written by two roots", func(b *hop.Builder) *hop.DAG {
			d := one(b, b.Lit(1.0, at))
			d.Roots = append(d.Roots, d.Roots[0])
			return d
		}},
		{"without a node", func(b *hop.Builder) *hop.DAG { return one(b, nil) }},
		{"does nothing", func(b *hop.Builder) *hop.DAG {
			return &hop.DAG{B: b, Roots: []hop.Root{{Node: b.Lit(1.0, at)}}}
		}},
	} {
		err := hop.Verify(program(&hop.Block{Kind: hop.Basic, DAG: tc.make(hop.NewBuilder(false))}))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("got %v, want %q", err, tc.want)
		}
	}
	b := hop.NewBuilder(false)
	for _, bad := range []*hop.Block{
		{Kind: hop.Basic},
		{Kind: hop.While, DAG: one(b, b.Lit(true, at))},
		{Kind: hop.For, Var: "i", From: value(b, b.Lit(int64(1), at))},
		{Kind: hop.If, Cond: one(b, b.Lit(true, at))},
		{Kind: hop.If, Cond: &hop.DAG{B: b}},
	} {
		if hop.Verify(program(bad)) == nil {
			t.Errorf("block of kind %d passes", bad.Kind)
		}
	}
}

// one is a DAG that writes n to v.
func one(b *hop.Builder, n *hop.Node) *hop.DAG {
	return &hop.DAG{B: b, Roots: []hop.Root{{Var: "v", Node: n}}}
}

// value is the DAG of a predicate.
func value(b *hop.Builder, n *hop.Node) *hop.DAG { return &hop.DAG{B: b, Roots: []hop.Root{{Node: n}}} }

func program(bs ...*hop.Block) *hop.Program {
	return &hop.Program{Main: &hop.Func{Key: "main", Body: bs}, Sources: source.NewSet()}
}
