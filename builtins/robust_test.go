package builtins

import (
	"context"
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// oddValues are arguments at the edges: matrices without rows or columns, sparse ones and ones
// with NaN, numbers out of range, strings that mean something to some builtin, lists, frames and a tensor.
func oddValues(t *testing.T) []value.Value {
	t.Helper()
	nan, inf := math.NaN(), math.Inf(1)
	c := frame.NewColumn("", frame.String, 2)
	c.Strs[0], c.Strs[1] = "a", "1.5"
	f, err := frame.New(2, []frame.Column{c})
	if err != nil {
		t.Fatal(err)
	}
	empty, err := frame.New(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	ints := func(vs ...int64) *value.List {
		vals := make([]value.Value, len(vs))
		for i, v := range vs {
			vals[i] = v
		}
		return value.NewList(vals, nil)
	}
	cube, err := value.NewTensor([]int{2, 1, 2}, func(i int) (value.Value, error) { return int64(i), nil })
	if err != nil {
		t.Fatal(err)
	}
	return []value.Value{
		matrix.Fill(nil, 0, 0, 0), matrix.Fill(nil, 0, 3, 0), matrix.Fill(nil, 3, 0, 0), matrix.Fill(nil, 30, 30, 0),
		col(1), col(1, 2, 3, 4), col(2, 1, 1, 2), rows([]float64{1, 2, 3, 4}), rows([]float64{2, 1}, []float64{1, 2}),
		rows([]float64{1, nan}, []float64{inf, -inf}), rows([]float64{0, -1, 1e300}), matrix.FromDense(4, 4, make([]float64, 16)),
		int64(-3), int64(0), int64(1), int64(2), int64(4), 0.5, 3.0, 7.0, -1.5, nan, inf, -inf, 1e300, true, false,
		"", "a", "1 2 3", "rows", "cols", "sum", "+", "<", "r", "normal", "uniform", "mean", "ij,jk->ik", "i->", "%d %s", "{", `{"ids":true,"recode":[1]}`,
		value.NewList(nil, nil), ints(1), ints(1, 1), ints(1, 1, 2, 2), ints(4, 1, 2, 2), ints(0, -1, 1, 1), value.NewList([]value.Value{"x", col(1)}, []string{"a", "b"}),
		f, empty, cube,
	}
}

// TestNoPanic calls the code of every row with odd arguments of any kind: it may fail, but must
// not panic, and must give as many results as it says.
func TestNoPanic(t *testing.T) {
	t.Chdir(t.TempDir())
	pool := oddValues(t)
	m := exec.New(&exec.Program{Main: &exec.Function{}}, exec.Options{Out: io.Discard, Seed: 1, Seeded: true})
	if err := m.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, f := range New().All() {
		if f.Call == nil || f.Name == "sample" || f.Name == "paramserv" { // those may take long
			continue
		}
		var params []string
		for _, p := range f.Params {
			params = append(params, p.Name)
		}
		for range 400 {
			tryOdd(t, f, &exec.Args{M: m, Name: f.Name, Param: params}, pool, rng)
		}
	}
}

// tryOdd calls f once. Arguments mostly have the type that the parameter wants.
func tryOdd(t *testing.T, f *Func, a *exec.Args, pool []value.Value, rng *rand.Rand) {
	n := len(f.Params)
	if n > 0 && f.Params[n-1].Variadic {
		n += rng.IntN(3)
	}
	for i := range n {
		p := f.Params[min(i, len(f.Params)-1)]
		if p.Optional && rng.IntN(2) == 0 {
			a.Vals = append(a.Vals, nil)
			continue
		}
		v := pool[rng.IntN(len(pool))]
		for tries := 0; tries < 60 && !(p.Type.Accepts(value.TypeOf(v)) && (p.Type.Data != types.Scalar || p.Type.Elem == value.TypeOf(v).Elem)); tries++ {
			v = pool[rng.IntN(len(pool))]
		}
		if len(p.Enum) > 0 && rng.IntN(4) > 0 {
			v = p.Enum[rng.IntN(len(p.Enum))]
		}
		a.Vals = append(a.Vals, v)
		a.Names = append(a.Names, "")
	}
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s(%s): %v", f.Name, shown(a.Vals), p)
		}
	}()
	out, err := f.Call(a)
	if err == nil && len(out) < min(1, len(f.Results)) {
		t.Errorf("%s(%s) gives %d results", f.Name, shown(a.Vals), len(out))
	}
	for _, v := range out {
		value.Release(v)
	}
}
