package builtins

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// call runs the code of a row that is not lowered and returns what it gives and prints.
func call(t *testing.T, name string, vals []value.Value, names ...string) (out []value.Value, printed string, err error) {
	t.Helper()
	f, ok := New().Lookup(name)
	if !ok || f.Call == nil {
		t.Fatalf("no code for %s", name)
	}
	var b strings.Builder
	m := exec.New(&exec.Program{Main: &exec.Function{}}, exec.Options{Out: &b, Seed: 1, Seeded: true})
	if err := m.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	var params []string
	for _, p := range f.Params {
		params = append(params, p.Name)
	}
	for len(vals) < len(f.Params) && f.Binding != types.Collect {
		vals = append(vals, nil)
	}
	out, err = f.Call(&exec.Args{M: m, Name: name, Vals: vals, Names: names, Param: params})
	return out, b.String(), err
}

// rows is a short way to write a matrix.
func rows(rs ...[]float64) *matrix.Matrix { return matrix.FromRows(rs) }

func col(vs ...float64) *matrix.Matrix { return matrix.FromDense(len(vs), 1, vs) }

func shown(vals []value.Value) string {
	var ts []string
	for _, v := range vals {
		ts = append(ts, strings.TrimRight(value.Text(v), "\n"))
	}
	return strings.Join(ts, " & ")
}

// TestCalls runs code directly. Most expectations are the golden examples of the builtin reference §21.
func TestCalls(t *testing.T) {
	i := func(n int64) value.Value { return n }
	for _, c := range []struct {
		name string
		args []value.Value
		want string
	}{
		{"min", []value.Value{i(3), i(2), i(5)}, "2"},
		{"max", []value.Value{i(3), 2.5, i(1)}, "3.0"},
		{"max", []value.Value{rows([]float64{1, 5}), 2.0, rows([]float64{4, 4})}, "4.000 5.000"},
		{"min", []value.Value{rows([]float64{4, 2})}, "2.0"},
		{"outer", []value.Value{col(1, 2), rows([]float64{1, 2, 3}), "<="}, "1.000 1.000 1.000\n0.000 1.000 1.000"},
		{"mean", []value.Value{col(1, 2, 3), col(0, 1, 3)}, "2.75"},
		{"rowcumsum", []value.Value{rows([]float64{1, 2, 3})}, "1.000 3.000 6.000"},
		{"cumsumprod", []value.Value{rows([]float64{1, 0.5}, []float64{1, 0.5}, []float64{1, 0.5})}, "1.000\n1.500\n1.750"},
		{"moment", []value.Value{col(1, 2, 3, 4), i(2)}, "1.25"},
		{"moment", []value.Value{col(1, 9), col(3, 1), i(0)}, "3.0"},
		{"cov", []value.Value{col(1, 2, 3), col(2, 4, 6)}, "2.0"},
		{"cov", []value.Value{col(1, 2, 9), col(2, 4, 9), col(2, 2, 0)}, "0.6666666666666666"},
		{"quantile", []value.Value{col(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 0.25}, "3.5"},
		{"quantile", []value.Value{col(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), col(0.25, 0.5)}, "3.000\n5.000"},
		{"quantile", []value.Value{col(1, 2), col(1, 3), 0.5}, "2.0"},
		{"median", []value.Value{col(0, 0, 1, 2)}, "0.0"},
		{"median", []value.Value{col(1, 2, 3, 4)}, "2.5"},
		{"table", []value.Value{col(1, 2, 2, 5), col(1, 1, 1, 9), i(2), i(3)}, "1.000 0.000 0.000\n2.000 0.000 0.000"},
		{"table", []value.Value{col(1, 2, 2), i(1)}, "1.000\n2.000"},
		{"table", []value.Value{col(1, 2), col(1, 2), col(5, 7)}, "5.000 0.000\n0.000 7.000"},
		{"table", []value.Value{col(1, 2), col(1, 2), 0.5, i(2), i(1)}, "0.500\n0.000"},
		{"table", []value.Value{col(1, 2), col(1, 2), 0.5, i(2), i(1), true}, "0.500\n0.000"},
		{"unique", []value.Value{rows([]float64{3, 1}, []float64{3, 2})}, "1.000\n2.000\n3.000"},
		{"unique", []value.Value{rows([]float64{3, 3}, []float64{3, 2}), "r"}, "3.000 0.000\n2.000 3.000"},
		{"contains", []value.Value{rows([]float64{3, 1}), i(1)}, "TRUE"},
		{"contains", []value.Value{rows([]float64{3, 1}), rows([]float64{1, 3})}, "FALSE"},
		{"countDistinct", []value.Value{rows([]float64{0, 0}, []float64{0, 2})}, "2"},
		{"countDistinct", []value.Value{rows([]float64{0, 0}, []float64{0, 2}), "r"}, "1.000\n2.000"},
		{"matrix", []value.Value{"1 2\n3\t4", i(2), i(2)}, "1.000 2.000\n3.000 4.000"},
		{"matrix", []value.Value{"1 2 3 4", i(2), i(2), false}, "1.000 2.000\n3.000 4.000"},
		{"matrix", []value.Value{"", i(0), i(0)}, ""},
		{"matrix", []value.Value{2.5, i(1), 2.9}, "2.500 2.500"},
		{"sample", []value.Value{i(10), i(5), i(7)}, "1.000\n10.000\n3.000\n4.000\n2.000"},
		{"sample", []value.Value{i(3), i(6), true, i(42)}, "2.000\n1.000\n3.000\n1.000\n2.000\n2.000"},
		{"rand", []value.Value{i(1), i(2), nil, nil, nil, "uniform", nil, i(7)}, "0.453 0.016"},
		{"rand", []value.Value{i(1), i(2), nil, nil, nil, "normal", nil, i(7)}, "0.434 2.467"},
		{"cbind", []value.Value{col(1, 2), col(3, 4)}, "1.000 3.000\n2.000 4.000"},
		{"cbind", []value.Value{"a", "b"}, "a\nb"},
		{"roll", []value.Value{col(1, 2, 3), i(1)}, "3.000\n1.000\n2.000"},
		{"order", []value.Value{col(2, 1, 2, 1), nil, true, true}, "1.000\n3.000\n2.000\n4.000"},
		{"order", []value.Value{rows([]float64{2, 1}, []float64{1, 3}, []float64{1, 2}), rows([]float64{1, 2})}, "1.000 2.000\n1.000 3.000\n2.000 1.000"},
		{"removeEmpty", []value.Value{matrix.Fill(nil, 3, 2, 0), "rows"}, "0.000 0.000"},
		{"removeEmpty", []value.Value{matrix.Fill(nil, 3, 2, 0), "rows", nil, false}, ""},
		{"removeEmpty", []value.Value{rows([]float64{1, 2, 3}), "cols", rows([]float64{1, 0, 1})}, "1.000 3.000"},
		{"lower.tri", []value.Value{rows([]float64{1, 2}, []float64{3, 4})}, "0.000 0.000\n1.000 0.000"},
		{"lower.tri", []value.Value{rows([]float64{1, 2}, []float64{3, 4}), true, true}, "1.000 0.000\n3.000 4.000"},
		{"solve", []value.Value{rows([]float64{2, 0}, []float64{0, 4}), col(2, 4)}, "1.000\n1.000"},
		{"inv", []value.Value{rows([]float64{0, 2}, []float64{4, 0})}, "0.000 0.250\n0.500 0.000"},
		{"bias_add", []value.Value{rows([]float64{1, 2, 3, 4}), col(10, 20)}, "11.000 12.000 23.000 24.000"},
		{"toString", []value.Value{rows([]float64{0.0625, 0.1875, 2.0005, -0.0001})}, "0.062 0.188 2.001 -0.000"},
		{"toString", []value.Value{rows([]float64{1.5, 1.5}), nil, nil, i(1), nil, ";", "|"}, "1.5;1.5|"},
		{"toString", []value.Value{rows([]float64{0, 5}), nil, nil, nil, true}, "1 2 5.000"},
		{"toString", []value.Value{1.0}, "1.0"},
		{"toString", []value.Value{rows([]float64{1, 2}, []float64{3, 4}), i(1), i(1)}, "1.000"},
		{"as.matrix", []value.Value{true}, "1.000"},
		{"as.scalar", []value.Value{value.NewList([]value.Value{"x", i(2)}, nil)}, "x"},
	} {
		got, _, err := call(t, c.name, c.args)
		if err != nil || shown(got) != c.want {
			t.Errorf("%s%v = %q, %v, want %q", c.name, c.args, shown(got), err, c.want)
		}
	}
}

func TestCallErrors(t *testing.T) {
	i := func(n int64) value.Value { return n }
	l := value.NewList([]value.Value{i(1)}, []string{"a"})
	for _, c := range []struct {
		name string
		args []value.Value
		want string
	}{
		{"matrix", []value.Value{"1 2", i(2), i(2)}, "2 numbers"},
		{"matrix", []value.Value{"1 x", i(1), i(2)}, `"x", number 2`},
		{"matrix", []value.Value{"1", i(-1), i(2)}, "negative"},
		{"matrix", []value.Value{l, i(1), i(2)}, "must be a number"},
		{"outer", []value.Value{col(1), col(1), "nosuch"}, "unknown function"},
		{"outer", []value.Value{rows([]float64{1, 2}), rows([]float64{1, 2}), "+"}, "column"},
		{"removeEmpty", []value.Value{col(1), "sides"}, "margin must be one of rows, cols"},
		{"unique", []value.Value{col(1), "x"}, "dir must be one of"},
		{"order", []value.Value{col(1), i(2)}, "order"},
		{"order", []value.Value{col(1), i(0)}, "order"},
		{"rand", []value.Value{i(1), i(1), nil, nil, nil, "gauss"}, "pdf must be one of"},
		{"rand", []value.Value{i(-1), i(1), nil, nil, nil, "normal"}, "negative"},
		{"sample", []value.Value{i(2), i(3)}, "sample"},
		{"table", []value.Value{col(0), col(1)}, "at least 1"},
		{"table", []value.Value{col(1), col(1), i(-1), i(1)}, "negative"},
		{"solve", []value.Value{rows([]float64{1, 1}, []float64{1, 1}), col(1, 2)}, "singular"},
		{"inv", []value.Value{col(1, 2)}, "square"},
		{"cov", []value.Value{col(1, 2), col(1)}, "cov"},
		{"moment", []value.Value{col(1, 2), i(5)}, "moment"},
		{"median", []value.Value{rows([]float64{1, 2})}, "median"},
		{"cbind", []value.Value{col(1), i(2)}, "cannot be bound"},
		{"cbind", []value.Value{col(1), col(1, 2)}, "cbind"},
		{"cbind", []value.Value{l, i(2)}, "without name"},
		{"remove", []value.Value{l, i(2)}, "position 2 is outside"},
		{"remove", []value.Value{l, "b"}, `no element called "b"`},
		{"min", []value.Value{"a", i(1), i(2)}, "min"},
		{"as.list", []value.Value{i(1)}, "as.list"},
		{"contains", []value.Value{col(1), rows([]float64{1, 2})}, "1x1"},
		{"bias_add", []value.Value{rows([]float64{1, 2, 3}), col(1, 2)}, "b must be K x 1"},
		{"assert", []value.Value{col(1)}, "assert"},
	} {
		got, _, err := call(t, c.name, c.args)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s%v = %q, %v, want an error with %q that names the builtin", c.name, c.args, shown(got), err, c.want)
		}
	}
}

func TestConvolutions(t *testing.T) {
	shape := func(ns ...int64) *value.List {
		vals := make([]value.Value, len(ns))
		for k, n := range ns {
			vals[k] = n
		}
		return value.NewList(vals, nil)
	}
	x, w, d := rows([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}), rows([]float64{1, 1, 1, 1}), rows([]float64{1, 1, 1, 1})
	in, f := shape(1, 1, 3, 3), shape(1, 1, 2, 2)
	for _, c := range []struct {
		name string
		a, b *matrix.Matrix
		want string
	}{
		{"conv2d", x, w, "12.000 16.000 24.000 28.000"},
		{"conv2d_backward_filter", x, d, "12.000 16.000 24.000 28.000"},
		{"conv2d_backward_data", w, d, "1.000 2.000 1.000 2.000 4.000 2.000 1.000 2.000 1.000"},
	} {
		got, _, err := call(t, c.name, []value.Value{c.a, c.b, in, f, shape(1, 1), shape(0, 0)})
		if err != nil || shown(got) != c.want {
			t.Errorf("%s = %q, %v, want %q", c.name, shown(got), err, c.want)
		}
	}
	for _, bad := range [][]value.Value{
		{x, w, shape(1, 1, 3), f}, {x, w, shape(1, 2, 3, 3), f}, {x, w, value.NewList([]value.Value{"a", "b", "c", "d"}, nil), f},
		{x, w, in, f, shape(0, 0)}, {x, w, shape(1, 1, 3, -1), f}, {x, w, shape(2, 1, 3, 3), f},
	} {
		if got, _, err := call(t, "conv2d", bad); err == nil {
			t.Errorf("conv2d%v = %q, want an error", bad[2:], shown(got))
		}
	}
}

func TestLists(t *testing.T) {
	make := func(vals []value.Value, names ...string) *value.List {
		out, _, err := call(t, "list", vals, names...)
		if err != nil {
			t.Fatal(err)
		}
		return out[0].(*value.List)
	}
	one := []value.Value{int64(1)}
	named, plain := make(one, "a"), make(one, "")
	if !named.Named() || plain.Named() || make([]value.Value{1.0, 2.0}, "a", "").Named() {
		t.Error("names of list: all or none")
	}
	appended := func(l *value.List, items ...value.Value) *value.List {
		out, _, err := call(t, "append", append([]value.Value{l}, items...))
		if err != nil {
			t.Fatal(err)
		}
		return out[0].(*value.List)
	}
	if l := appended(named, make([]value.Value{2.5}, "b")); l.Len() != 2 || l.Index("b") != 1 || l.At(1) != 2.5 {
		t.Errorf("a named list of one is unfolded with its name: %s", value.Text(l))
	}
	if l := appended(plain, named); l.Named() || l.Len() != 2 {
		t.Errorf("a name after an unnamed list is dropped: %s", value.Text(l))
	}
	if l := appended(plain, make([]value.Value{1.0, 2.0}, "", "")); l.Len() != 2 {
		t.Errorf("a longer list is nested: %s", value.Text(l))
	}
	out, _, err := call(t, "remove", []value.Value{make([]value.Value{1.0, "x", 3.0}, "a", "b", "c"), "b"})
	if err != nil || shown(out) != "List containing:\n[1.0, 3.0] & List containing:\n[x]" {
		t.Errorf("remove = %q, %v", shown(out), err)
	}
	if rest := out[0].(*value.List); rest.Index("c") != 1 {
		t.Error("remove drops the names of the rest")
	}
	inner := make([]value.Value{1.0, 2.0}, "", "")
	if out, _, _ := call(t, "as.list", []value.Value{make([]value.Value{inner}, "")}); out[0] != value.Value(inner) {
		t.Error("as.list does not unwrap a list in a list")
	}
	if out, _, err := call(t, "rbind", []value.Value{make([]value.Value{col(1), col(2, 3)}, "", "")}); err != nil || shown(out) != "1.000\n2.000\n3.000" {
		t.Errorf("rbind of a list = %q, %v", shown(out), err)
	}
	if out, _, _ := call(t, "cbind", []value.Value{make(nil)}); out[0].(*matrix.Matrix).Cells() != 0 {
		t.Error("cbind of an empty list is not 0x0")
	}
}

func TestPrint(t *testing.T) {
	for _, c := range []struct {
		args []value.Value
		want string
	}{
		{[]value.Value{"100%"}, "100%\n"},
		{[]value.Value{1e7}, "1.0E7\n"},
		{[]value.Value{rows([]float64{1, 2})}, "1.000 2.000\n\n"},
		{[]value.Value{"%d%%", int64(5)}, "5%\n"},
		{[]value.Value{value.NewList([]value.Value{int64(1), 2.5, "x", true}, nil)}, "List containing:\n[1, 2.5, x, TRUE]\n"},
		{[]value.Value{value.NewList([]value.Value{matrix.Fill(nil, 1, 1, 3), int64(7)}, nil)}, "List containing:\n[\nMatrix:\n3.000\n, 7]\n"},
		{[]value.Value{value.NewList(nil, nil)}, "List containing:]\n"},
	} {
		if _, got, err := call(t, "print", c.args); err != nil || got != c.want {
			t.Errorf("print%v wrote %q, %v, want %q", c.args, got, err, c.want)
		}
	}
}

func TestStopAndAssert(t *testing.T) {
	for _, c := range []struct {
		name string
		arg  value.Value
		code diag.Code
		msg  string
	}{
		{"stop", "bye", diag.Stopped, "bye"},
		{"stop", "", diag.Stopped, "the script was stopped"},
		{"assert", false, diag.AssertFailed, "assertion failed"},
		{"assert", 0.0, diag.AssertFailed, "assertion failed"},
	} {
		_, _, err := call(t, c.name, []value.Value{c.arg})
		var e *exec.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Msg != c.msg {
			t.Errorf("%s(%v) = %v", c.name, c.arg, err)
		}
	}
	if _, _, err := call(t, "assert", []value.Value{true}); err != nil {
		t.Error(err)
	}
}
