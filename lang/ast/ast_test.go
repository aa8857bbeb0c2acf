package ast

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gdml/lang/source"
	"gdml/lang/token"
	"gdml/lang/types"
)

func id(name string) *Ident { return &Ident{Name: name} }
func num(v int64) *IntLit   { return &IntLit{Value: v} }
func call(name string, args ...Expr) *Call {
	c := &Call{Name: name}
	for _, a := range args {
		c.Args = append(c.Args, CallArg{Value: a})
	}
	return c
}

func block(ss ...Stmt) *Body { return &Body{Braces: true, Stmts: ss} }

// sample has every kind of statement and expression; its names are all different
// and in source order.
func sample() []Stmt {
	return []Stmt{
		&Source{Path: &StrLit{Value: "a.dml"}, Alias: id("ns")},
		&Setwd{Path: &StrLit{Value: "dir"}},
		&Assign{Target: id("a1"), Op: token.Assign, Value: &Unary{Op: token.Sub, X: &Paren{X: id("a2")}}},
		&MultiAssign{Targets: []Expr{id("b1"), &Index{X: id("b2"), Dims: []Range{{Lo: id("b3")}}}}, Op: token.Arrow, Call: call("f", id("b4"))},
		&Ifdef{Target: id("c1"), Op: token.Assign, Arg: &Arg{Name: "x"}, Default: id("c2")},
		&CallStmt{Call: &Call{NS: "ns", Name: "g", Args: []CallArg{{Name: "k", Value: &Vector{Elems: []Expr{id("d1"), &BoolLit{Value: true}}}}}}},
		&ExprStmt{X: &Binary{Op: token.Add, X: id("e1"), Y: &FloatLit{Value: 2}}},
		&If{Cond: id("f1"), Then: block(&CallStmt{Call: call("h", id("f2"))}), Else: block(&ExprStmt{X: id("f3")})},
		&While{Cond: id("g1"), Body: block(&ExprStmt{X: id("g2")})},
		&For{Parallel: true, Var: id("h1"), From: id("h2"), To: id("h3"), Incr: id("h4"), Seq: true,
			Params: []CallArg{{Name: "par", Value: id("h5")}}, Body: block(&ExprStmt{X: id("h6")})},
		&FuncDef{Name: id("fn"), Doc: "says\nit", Params: []FuncParam{{Name: id("p"), Type: types.Mat, Default: id("i1")}},
			Results: []FuncParam{{Name: id("r"), Type: types.IntT}},
			Body:    block(&Assign{Target: &Index{X: id("i2"), Dims: []Range{{}, {Lo: id("i3"), Hi: id("i4")}}}, Op: token.AddAssign, Value: id("i5")})},
	}
}

func TestWalkVisitsInOrder(t *testing.T) {
	var got []string
	for _, s := range sample() {
		Walk(s, func(n Node) bool {
			if x, ok := n.(*Ident); ok {
				got = append(got, x.Name)
			}
			return true
		})
	}
	want := "a1 a2 b1 b2 b3 b4 c1 c2 d1 e1 f1 f2 f3 g1 g2 h1 h2 h3 h4 h5 h6 i1 i2 i3 i4 i5"
	if g := strings.Join(got, " "); g != want {
		t.Errorf("got  %s\nwant %s", g, want)
	}
}

func TestWalkStops(t *testing.T) {
	n := 0
	for _, s := range sample() {
		Walk(s, func(Node) bool { n++; return false })
	}
	if n != len(sample()) {
		t.Errorf("visited %d nodes, want %d", n, len(sample()))
	}
	Walk(nil, func(Node) bool { t.Error("visited nil"); return true })
}

func TestDump(t *testing.T) {
	const want = `1:1 source "a.dml" as ns
1:1 setwd "dir"
1:1 assign =
  a1
  (- (paren a2))
1:1 multi <-
  b1
  (index b2 b3)
  (call f b4)
1:1 ifdef =
  c1
  $x
  c2
1:1 call
  (call ns::g k=(vector d1 TRUE))
1:1 expr
  (+ e1 2.0)
1:1 if f1
  then
    1:1 call
      (call h f2)
  else
    1:1 expr
      f3
1:1 while g1
  do
    1:1 expr
      g2
1:1 parfor h1 seq
  h2
  h3
  h4
  par=h5
  do
    1:1 expr
      h6
1:1 function fn
  doc "says\nit"
  param matrix[double] p = i1
  result int r
  do
    1:1 assign +=
      (index i2 _ i3:i4)
      i5
`
	f := &File{Source: source.NewSet().Add("x.dml", ""), Stmts: sample()}
	if got := Dump(f); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	f.Source = nil // a tree made by hand has no places
	if got := Dump(f); got != strings.ReplaceAll(want, "1:1 ", "") {
		t.Errorf("without a source, got\n%s", got)
	}
}

func TestSexprNumbers(t *testing.T) {
	for want, x := range map[string]Expr{
		"3":        num(3),
		"3.0":      &FloatLit{Value: 3},
		"0.1":      &FloatLit{Value: 0.1},
		"1e+30":    &FloatLit{Value: 1e30},
		"+Inf":     &FloatLit{Value: math.Inf(1)},
		"FALSE":    &BoolLit{},
		`"a\n\""`:  &StrLit{Value: "a\n\""},
		"(call f)": call("f"),
	} {
		if got := Sexpr(x); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestFuncsAndUnparen(t *testing.T) {
	f := &File{Stmts: append(sample(), &FuncDef{Name: id("second"), Body: block()})}
	var names []string
	for _, d := range f.Funcs() {
		names = append(names, d.Name.Name)
	}
	if fmt.Sprint(names) != "[fn second]" {
		t.Errorf("got %v", names)
	}
	x := id("x")
	if Unparen(&Paren{X: &Paren{X: x}}) != Expr(x) || Unparen(x) != Expr(x) {
		t.Error("parentheses stay")
	}
	if !(Range{}).All() || (Range{Lo: x}).All() {
		t.Error("only a blank subscript selects everything")
	}
}
