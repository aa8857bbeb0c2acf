package op

import (
	"fmt"
	"strings"
	"testing"

	"gdml/lang/op"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

func text(v value.Value) string {
	m, ok := v.(*matrix.Matrix)
	if !ok {
		return fmt.Sprintf("%T %s", v, value.Text(v))
	}
	return fmt.Sprintf("%v %v", m, m.Vector())
}

func TestCell2Dispatch(t *testing.T) {
	x := func() value.Value { return rows([]float64{1, 2}, []float64{3, 4}) }
	tests := []struct {
		f    *cell.Binary
		a, b value.Value
		want string
	}{
		{cell.Add, x(), x(), "2x2 [2 4 6 8]"},
		{cell.Sub, x(), int64(1), "2x2 [0 1 2 3]"},
		{cell.Sub, int64(1), x(), "2x2 [0 -1 -2 -3]"},
		{cell.Or, true, x(), "2x2 [1 1 1 1]"},
		{cell.Add, x(), rows([]float64{10, 20}), "2x2 [11 22 13 24]"},
		{cell.Add, x(), rows([]float64{1, 2, 3}), "!2x2 and 1x3"},
		{cell.Add, x(), "s", "!cannot combine a 2x2 matrix and a string"},
		{cell.Mul, value.NewList(nil, nil), x(), "!cannot combine a list of 0 and a 2x2 matrix"},
		{cell.Add, nil, int64(1), "!a value is missing"},
	}
	for _, tt := range tests {
		v, err := exec1(&Cell2{F: tt.f, A: 0, B: 1, Dst: 2}, 3, tt.a, tt.b)
		got := "!" + fmt.Sprint(err)
		if err == nil {
			got = text(v)
		}
		if want, fails := strings.CutPrefix(tt.want, "!"); got != tt.want && !(fails && strings.Contains(got, want)) {
			t.Errorf("%v %s %v = %s; want %s", tt.a, tt.f.Name, tt.b, got, tt.want)
		}
	}
}

// An operand is overwritten exactly if it dies with the instruction and nobody else holds it.
func TestReuseInPlace(t *testing.T) {
	tests := []struct {
		name    string
		meta    exec.Meta
		dst     exec.Slot
		held    bool
		inPlace bool
	}{
		{"killed", exec.Meta{Kill: []exec.Slot{0}, Out: []exec.Slot{2}}, 2, false, true},
		{"replaced", exec.Meta{Out: []exec.Slot{0}}, 0, false, true},
		{"needed later", exec.Meta{Out: []exec.Slot{2}}, 2, false, false},
		{"held elsewhere", exec.Meta{Kill: []exec.Slot{0}, Out: []exec.Slot{2}}, 2, true, false},
	}
	for _, tt := range tests {
		for name, in := range map[string]exec.Instruction{
			"unary":  &Cell1{Meta: tt.meta, F: cell.Square, X: 0, Dst: tt.dst},
			"scalar": &Cell2{Meta: tt.meta, F: cell.Mul, A: 0, B: 1, Dst: tt.dst},
			"update": &Update{Meta: tt.meta, X: 0, Y: 1, Dst: tt.dst, Sub: op.Subscript{Rows: op.One, Cols: op.One}, Bounds: []exec.Slot{1, 1}},
		} {
			x := rows([]float64{1, 2}, []float64{3, 4})
			before := fmt.Sprint(x.Vector())
			if tt.held {
				x.Retain()
			}
			m := bench(3, x, int64(2))
			if err := runOn(m, in); err != nil {
				t.Fatal(err)
			}
			out := m.Value(tt.dst).(*matrix.Matrix)
			if (out == x) != tt.inPlace {
				t.Errorf("%s, %s: in place %v; want %v", name, tt.name, out == x, tt.inPlace)
			}
			if tt.held && fmt.Sprint(x.Vector()) != before {
				t.Errorf("%s, %s: the other holder sees a change", name, tt.name)
			}
			m.Close()
			if n := m.Pool().Live(); n != 0 {
				t.Errorf("%s, %s: %d bytes left", name, tt.name, n)
			}
		}
	}
}

func TestIndex(t *testing.T) {
	x := rows([]float64{1, 2, 3}, []float64{4, 5, 6})
	l := value.NewList([]value.Value{int64(1), "b", 2.5}, []string{"x", "y", "z"})
	both := op.Subscript{Rows: op.One, Cols: op.One}
	one := op.Subscript{Rows: op.One, OneDim: true}
	span := op.Subscript{Rows: op.Range, OneDim: true}
	tests := []struct {
		x      value.Value
		sub    op.Subscript
		bounds []value.Value
		want   string
	}{
		{x, both, []value.Value{int64(2), 3.7}, "1x1 [6]"},
		{x, one, []value.Value{int64(2)}, "1x3 [4 5 6]"},
		{x, op.Subscript{Cols: op.Range}, []value.Value{int64(2), int64(3)}, "2x2 [2 3 5 6]"},
		{x, op.Subscript{}, nil, "2x3 [1 2 3 4 5 6]"},
		{x, both, []value.Value{int64(3), int64(1)}, "!row index 3 is outside 1..2"},
		{x, both, []value.Value{int64(1), int64(0)}, "!column index 0 is outside 1..3"},
		{x, span, []value.Value{int64(2), int64(1)}, "!row range 2:1 is empty"},
		{x, one, []value.Value{"a"}, "!must be a number, not a string"},
		{x, one, []value.Value{rows([]float64{1})}, "!must be a number, not a 1x1 matrix"},
		{l, one, []value.Value{"y"}, "*value.List List containing:\n[b]"},
		{l, span, []value.Value{"y", "z"}, "*value.List List containing:\n[b, 2.5]"},
		{l, one, []value.Value{int64(4)}, "!list index 4 is outside 1..3"},
		{l, one, []value.Value{"q"}, `!no entry called "q"`},
		{l, both, []value.Value{int64(2), int64(7)}, "*value.List List containing:\n[b]"}, // the second means nothing
		{2.5, one, []value.Value{int64(1)}, "!a double cannot be indexed"},
	}
	for _, tt := range tests {
		slots := []exec.Slot{1, 2}[:len(tt.bounds)]
		value.Retain(tt.x)
		v, err := exec1(&Index{Sub: tt.sub, X: 0, Bounds: slots, Dst: 3}, 4, append([]value.Value{tt.x}, tt.bounds...)...)
		got := "!" + fmt.Sprint(err)
		if err == nil {
			got = text(v)
		}
		if want, fails := strings.CutPrefix(tt.want, "!"); got != tt.want && !(fails && strings.Contains(got, want)) {
			t.Errorf("index %v of %s = %s; want %s", tt.bounds, text(tt.x), got, tt.want)
		}
	}
}

func TestUpdate(t *testing.T) {
	x := func() value.Value { return rows([]float64{1, 2}, []float64{3, 4}) }
	l := func() value.Value { return value.NewList([]value.Value{int64(1), int64(2)}, []string{"a", "b"}) }
	list := func(vs ...value.Value) value.Value { return value.NewList(vs, nil) }
	one := op.Subscript{Rows: op.One, OneDim: true}
	cellAt := op.Subscript{Rows: op.One, Cols: op.One}
	tests := []struct {
		x, y   value.Value
		sub    op.Subscript
		bounds []value.Value
		want   string
	}{
		{x(), 9.0, cellAt, []value.Value{int64(1), int64(2)}, "2x2 [1 9 3 4]"},
		{x(), true, cellAt, []value.Value{int64(1), int64(2)}, "2x2 [1 1 3 4]"},
		{x(), rows([]float64{8, 9}), one, []value.Value{int64(2)}, "2x2 [1 2 8 9]"},
		{x(), 9.0, one, []value.Value{int64(2)}, "!addresses 1x2 cells, the value assigned is a double"},
		{x(), rows([]float64{8}), one, []value.Value{int64(2)}, "!addresses 1x2 cells, the value assigned is a 1x1 matrix"},
		{x(), "s", cellAt, []value.Value{int64(1), int64(2)}, "!take numbers, not a string"},
		{l(), 2.5, one, []value.Value{"b"}, "*value.List List containing:\n[1, 2.5]"},
		{l(), list("q"), one, []value.Value{int64(1)}, "*value.List List containing:\n[q, 2]"},
		{l(), list("p", "q"), op.Subscript{OneDim: true}, nil, "*value.List List containing:\n[p, q]"},
		{l(), list("p", "q"), one, []value.Value{int64(1)}, "!addresses 1 entries, the list assigned has 2"},
	}
	for _, tt := range tests {
		slots := []exec.Slot{2, 3}[:len(tt.bounds)]
		vals := append([]value.Value{tt.x, tt.y}, tt.bounds...)
		v, err := exec1(&Update{Sub: tt.sub, X: 0, Y: 1, Bounds: slots, Dst: 4}, 5, vals...)
		got := "!" + fmt.Sprint(err)
		if err == nil {
			got = text(v)
		}
		if want, fails := strings.CutPrefix(tt.want, "!"); got != tt.want && !(fails && strings.Contains(got, want)) {
			t.Errorf("update %v with %v = %s; want %s", tt.bounds, tt.y, got, tt.want)
		}
	}
}

func TestAggregates(t *testing.T) {
	x := rows([]float64{1, 2}, []float64{3, 5})
	tests := []struct {
		in   exec.Instruction
		want string
	}{
		{&Agg{Kind: op.Aggregate{Fn: op.Sum}, X: 0, Dst: 1}, "float64 11.0"},
		{&Agg{Kind: op.Aggregate{Fn: op.SumSq}, X: 0, Dst: 1}, "float64 39.0"},
		{&Agg{Kind: op.Aggregate{Fn: op.Trace}, X: 0, Dst: 1}, "float64 6.0"},
		{&Agg{Kind: op.Aggregate{Fn: op.Mean, Dir: op.Row}, X: 0, Dst: 1}, "2x1 [1.5 4]"},
		{&Agg{Kind: op.Aggregate{Fn: op.Max, Dir: op.Col}, X: 0, Dst: 1}, "1x2 [3 5]"},
		{&Agg{Kind: op.Aggregate{Fn: op.Min}, X: 0, Dst: 1}, "float64 1.0"},
		{&Agg{Kind: op.Aggregate{Fn: op.Prod}, X: 0, Dst: 1}, "float64 30.0"},
		{&Cum{Fn: op.Sum, X: 0, Dst: 1}, "2x2 [1 2 4 7]"},
		{&Cum{Fn: op.Max, X: 0, Dst: 1}, "2x2 [1 2 3 5]"},
		{&IndexExtreme{Max: true, X: 0, Dst: 1}, "2x1 [2 2]"},
		{&Reorg{F: Transpose, X: 0, Dst: 1}, "2x2 [1 3 2 5]"},
		{&TSMM{Side: op.Left, X: 0, Dst: 1}, "2x2 [10 17 17 29]"},
		{&SizeOf{Size: Length, X: 0, Dst: 1}, "int64 4"},
	}
	for _, tt := range tests {
		v, err := exec1(tt.in, 2, x.Retain())
		if err != nil || text(v) != tt.want {
			t.Errorf("%T = %v, %v; want %s", tt.in, v, err, tt.want)
		}
	}
}

func TestMatMulOfScalars(t *testing.T) {
	x := rows([]float64{1, 2})
	v, err := exec1(&MatMul{A: 0, B: 1, Dst: 2}, 3, x, 3.0)
	if err != nil || text(v) != "1x2 [3 6]" {
		t.Errorf("X %%*%% 3 = %v, %v", v, err)
	}
	if _, err = exec1(&MatMul{A: 0, B: 1, Dst: 2}, 3, 2.0, 3.0); err == nil {
		t.Error("2 %*% 3 must fail")
	}
	long, err := exec1(&PlusMul{A: 0, S: 1, B: 2, Dst: 3}, 4, 1.0, 2.0, rows([]float64{1, 2}))
	if err != nil || text(long) != "1x2 [3 5]" {
		t.Errorf("1 + 2*X = %v, %v", long, err)
	}
}
