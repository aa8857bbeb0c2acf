package builtins

import (
	"slices"
	"strings"
	"testing"

	"gdml/lang/op"
	"gdml/lang/types"
)

// TestRows walks the table: what help, checker and compiler rely on holds for every row.
func TestRows(t *testing.T) {
	tab := New()
	seen := map[string]string{}
	for _, f := range tab.All() {
		for _, n := range append([]string{f.Name}, f.Aliases...) {
			if by, ok := seen[n]; ok {
				t.Errorf("%s names both %s and %s", n, by, f.Name)
			}
			seen[n] = f.Name
			if got, ok := tab.Lookup(n); !ok || got != f {
				t.Errorf("Lookup(%q) does not give its row", n)
			}
		}
		if f.Doc == "" || f.Family == "" {
			t.Errorf("%s has no doc or family", f.Name)
		}
		if code, output := SplitExample(f.Example); !strings.Contains(code, f.Name+"(") || output == "" {
			t.Errorf("%s: the example does not call it or has no output: %q", f.Name, f.Example)
		}
		if f.Call == nil && f.Lower == nil {
			t.Errorf("%s has no code", f.Name)
		}
		if (len(f.Results) == 0) != f.Statement || f.MultiResult && len(f.Results) < 2 {
			t.Errorf("%s: results do not fit its form", f.Name)
		}
		checkParams(t, f)
	}
}

func checkParams(t *testing.T, f *Func) {
	optional := false
	for i, p := range f.Params {
		if p.Name == "" || p.Doc == "" {
			t.Errorf("%s: parameter %d has no name or doc", f.Name, i)
		}
		if p.Variadic && i != len(f.Params)-1 {
			t.Errorf("%s: only the last parameter may be variadic", f.Name)
		}
		if optional && !p.Optional && f.Binding == types.Positional {
			t.Errorf("%s: %s is required but follows an optional parameter", f.Name, p.Name)
		}
		optional = optional || p.Optional
		if d := strings.Trim(p.Default, `"`); len(p.Enum) > 0 && p.Default != "" && !slices.Contains(p.Enum, d) {
			t.Errorf("%s: default %s of %s is no legal word", f.Name, p.Default, p.Name)
		}
	}
}

// TestLower: a lowering names an operator that takes as many inputs, and a row that does not
// always lower has code for the rest.
func TestLower(t *testing.T) {
	pool := []types.Type{types.Mat, types.Dbl, types.IntT, types.Str, types.ListT, types.FrameT, types.Any}
	for _, f := range New().All() {
		if f.Lower == nil {
			continue
		}
		for n := len(f.Params); n >= 1; n-- {
			if !f.Params[min(n, len(f.Params))-1].Optional && n < len(f.Params) {
				break
			}
			for _, ty := range pool {
				args, has := make([]types.Type, len(f.Params)), make([]bool, len(f.Params))
				for i := range n {
					args[i], has[i] = ty, true
				}
				l, ok := f.Lower(args, has)
				if !ok {
					if f.Call == nil {
						t.Errorf("%s(%v x %d) neither lowers nor has code", f.Name, ty, n)
					}
					continue
				}
				info := l.Op.Info()
				if len(l.Args) < info.MinIn || info.MaxIn >= 0 && len(l.Args) > info.MaxIn {
					t.Errorf("%s lowers to %s with %d inputs", f.Name, info.Name, len(l.Args))
				}
				for _, a := range l.Args {
					if a.Arg >= len(f.Params) || (a.Arg < 0 || !has[a.Arg]) && a.Lit == nil {
						t.Errorf("%s: input %+v of %s has no value", f.Name, a, info.Name)
					}
				}
			}
		}
	}
}

func TestLowerByType(t *testing.T) {
	tab := New()
	for _, c := range []struct {
		name string
		args []types.Type
		want op.Op // Invalid when the call stays
	}{
		{"min", []types.Type{types.Mat}, op.Agg},
		{"min", []types.Type{types.Any}, op.Invalid},
		{"min", []types.Type{types.Mat, types.IntT}, op.Cell2},
		{"min", []types.Type{types.Mat, types.IntT, types.Mat}, op.Invalid},
		{"log", []types.Type{types.Mat, types.IntT}, op.Cell2},
		{"matrix", []types.Type{types.Dbl, types.IntT, types.IntT}, op.Fill},
		{"matrix", []types.Type{types.BoolT, types.IntT, types.IntT}, op.Fill},
		{"matrix", []types.Type{types.Str, types.IntT, types.IntT}, op.Invalid},
		{"matrix", []types.Type{types.Mat, types.IntT, types.IntT}, op.Reshape},
		{"matrix", []types.Type{types.Any, types.IntT, types.IntT}, op.Invalid},
		{"cbind", []types.Type{types.Mat, types.Mat, types.Mat}, op.CBind},
		{"cbind", []types.Type{types.ListT, types.Mat}, op.Invalid},
		{"rbind", []types.Type{types.FrameT, types.FrameT}, op.Invalid},
		{"mean", []types.Type{types.Mat, types.Mat}, op.Invalid},
		{"as.scalar", []types.Type{types.Mat}, op.AsScalar},
		{"as.scalar", []types.Type{types.ListT}, op.Invalid},
		{"seq", []types.Type{types.IntT, types.IntT}, op.Seq},
	} {
		f, _ := tab.Lookup(c.name)
		n := max(len(c.args), len(f.Params))
		args, has := make([]types.Type, n), make([]bool, n)
		for i, ty := range c.args {
			args[i], has[i] = ty, true
		}
		l, ok := f.Lower(args, has)
		if ok != (c.want != op.Invalid) || ok && l.Op != c.want {
			t.Errorf("%s%v: got %v, %v", c.name, c.args, l.Op, ok)
		}
	}
}

func TestResultTypes(t *testing.T) {
	tab := New()
	for _, c := range []struct {
		name string
		args []types.Type
		want types.Type
	}{
		{"abs", []types.Type{types.IntT}, types.IntT},
		{"abs", []types.Type{types.Dbl}, types.Dbl},
		{"round", []types.Type{types.IntT}, types.Dbl},
		{"is.nan", []types.Type{types.Dbl}, types.BoolT},
		{"is.nan", []types.Type{types.Mat}, types.Mat},
		{"exp", []types.Type{types.Any}, types.Any},
		{"min", []types.Type{types.IntT, types.IntT}, types.IntT},
		{"max", []types.Type{types.IntT, types.Dbl}, types.Dbl},
		{"max", []types.Type{types.Mat}, types.Dbl},
		{"max", []types.Type{types.Mat, types.Any}, types.Mat},
		{"max", []types.Type{types.Any}, types.Any},
		{"ifelse", []types.Type{types.BoolT, types.Str, types.Str}, types.Str},
		{"ifelse", []types.Type{types.BoolT, types.Mat, types.Dbl}, types.Mat},
		{"cbind", []types.Type{types.ListT, types.Mat}, types.ListT},
		{"cbind", []types.Type{types.Mat, types.Mat}, types.Mat},
		{"cbind", []types.Type{types.Str, types.Str}, types.Str},
		{"cbind", []types.Type{types.ListT}, types.Any},
		{"as.scalar", []types.Type{types.Mat}, types.Dbl},
		{"as.scalar", []types.Type{types.ListT}, types.Any},
		{"quantile", []types.Type{types.Mat, types.Dbl, types.Any}, types.Dbl},
		{"quantile", []types.Type{types.Mat, types.Mat, types.Any}, types.Mat},
		{"quantile", []types.Type{types.Mat, types.Mat, types.Dbl}, types.Dbl},
		{"countDistinct", []types.Type{types.Mat, types.Any}, types.IntT},
	} {
		f, _ := tab.Lookup(c.name)
		if got := f.ResultOf(c.args)[0]; got != c.want {
			t.Errorf("%s%v gives %v, want %v", c.name, c.args, got, c.want)
		}
	}
}

func TestShapes(t *testing.T) {
	tab := New()
	n, x := op.Const, op.Dims(7, 3)
	no := op.NoShape
	for _, c := range []struct {
		name string
		has  []bool
		in   []op.Shape
		want op.Shape
	}{
		{"table", []bool{true, true, false, false, false, false}, []op.Shape{x, x}, no},
		{"table", []bool{true, true, true, false, false, false}, []op.Shape{x, x, n(int64(2))}, no},
		{"table", []bool{true, true, true, true, false, false}, []op.Shape{x, x, n(int64(2)), n(4.0)}, op.Dims(2, 4)},
		{"table", []bool{true, true, true, true, true, false}, []op.Shape{x, x, x, n(int64(2)), n(int64(4))}, op.Dims(2, 4)},
		{"matrix", []bool{true, true, true, false}, []op.Shape{n("1 2"), n(int64(1)), n(int64(2))}, op.Dims(1, 2)},
		{"outer", []bool{true, true, true}, []op.Shape{op.Dims(4, 1), op.Dims(1, 5), n("+")}, op.Dims(4, 5)},
		{"order", []bool{true, false, false, true}, []op.Shape{x, n(true)}, op.Dims(7, 1)},
		{"order", []bool{true, true, false, false}, []op.Shape{x, n(int64(1))}, x},
		{"solve", []bool{true, true}, []op.Shape{op.Dims(3, 3), op.Dims(3, 1)}, op.Dims(3, 1)},
		{"list", nil, []op.Shape{x, x, x}, op.Dims(3, 1)},
		{"quantile", []bool{true, true, false}, []op.Shape{x, n(0.5)}, op.ScalarShape},
		{"median", []bool{true, false}, []op.Shape{x}, op.ScalarShape},
		{"sample", []bool{true, true, false, false}, []op.Shape{n(int64(9)), n(int64(4))}, op.Dims(4, 1)},
		{"rand", []bool{true, true, false, false, false, true, false, false}, []op.Shape{n(int64(9)), n(int64(4)), n("normal")}, op.Dims(9, 4)},
	} {
		f, _ := tab.Lookup(c.name)
		b := &Bound{Func: f, Has: c.has, Types: f.Results}
		got, err := b.ShapeOf(c.in)
		if err != nil || got[0] != c.want {
			t.Errorf("%s: got %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	images, filters := op.Shape{Rows: 4, Cols: 1, Val: op.Ints{N: 4, V: [4]int64{op.Unknown, 3, 8, 8}}}, op.Shape{Rows: 4, Cols: 1, Val: op.Ints{N: 4, V: [4]int64{16, 3, 5, 5}}}
	two := op.Shape{Rows: 2, Cols: 1, Val: op.Ints{N: 2, V: [4]int64{2, 2}}}
	for _, c := range []struct {
		name string
		in   []op.Shape
		want op.Shape
	}{
		{"conv2d", []op.Shape{op.Dims(7, op.Unknown), no, images, filters}, op.Dims(7, 16*4*4)},
		{"conv2d", []op.Shape{op.Dims(7, 192), op.Dims(16, 75), images, filters, two, two}, op.Dims(7, 16*4*4)},
		{"conv2d", []op.Shape{op.Dims(7, 192), no, images, op.Dims(4, 1)}, op.Dims(7, op.Unknown)},
		{"conv2d_backward_filter", []op.Shape{no, no, images, filters}, op.Dims(16, 75)},
		{"conv2d_backward_data", []op.Shape{no, op.Dims(7, op.Unknown), images, filters}, op.Dims(7, 192)},
		{"max_pool", []op.Shape{op.Dims(7, 192), images, two, two}, op.Dims(7, 3*4*4)},
		{"avg_pool_backward", []op.Shape{op.Dims(7, 192), no, images, two}, op.Dims(7, 192)},
	} {
		f, _ := tab.Lookup(c.name)
		if got, err := f.Shape(c.in); err != nil || got[0] != c.want {
			t.Errorf("%s: got %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	conv, _ := tab.Lookup("conv2d")
	if _, err := conv.Shape([]op.Shape{op.Dims(7, 191), no, images, filters}); err == nil {
		t.Error("conv2d accepts images of another size than it names")
	}
	f, _ := tab.Lookup("solve")
	if _, err := f.Shape([]op.Shape{op.Dims(3, 2), op.Dims(3, 1)}); err == nil {
		t.Error("solve accepts the shape of a matrix that is not square")
	}
}

func TestHelp(t *testing.T) {
	tab := New()
	text, ok := Help(tab, "isNaN")
	if !ok || !strings.HasPrefix(text, "is.nan(x)") || !strings.Contains(text, "isNaN") {
		t.Errorf("help of an alias: %q, %v", text, ok)
	}
	if _, ok := Help(tab, "nosuch"); ok {
		t.Error("help of an unknown name")
	}
	text, _ = Help(tab, "rand")
	for _, want := range []string{`pdf="uniform"`, "poisson", "default -1", "print(toString(rand("} {
		if !strings.Contains(text, want) {
			t.Errorf("help of rand lacks %q:\n%s", want, text)
		}
	}
	var b strings.Builder
	if err := Markdown(&b, tab); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `A %\*% x = b`) {
		t.Error("the page does not escape formulas")
	}
	for _, f := range tab.All() {
		if !strings.Contains(b.String(), "\n### "+f.Name+"\n") {
			t.Errorf("the page lacks %s", f.Name)
		}
	}
}
