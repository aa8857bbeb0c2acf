package builtins_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gdml/compiler"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/value"
)

// grid is a matrix in the plainest form, for the naive implementations.
type grid struct {
	rows, cols int
	v          []float64
}

func newGrid(rows, cols int) grid { return grid{rows, cols, make([]float64, rows*cols)} }

func (g grid) at(i, j int) float64     { return g.v[i*g.cols+j] }
func (g grid) set(i, j int, v float64) { g.v[i*g.cols+j] = v }

func (g grid) row(i int) []float64 { return slices.Clone(g.v[i*g.cols : (i+1)*g.cols]) }

func (g grid) col(j int) []float64 {
	c := make([]float64, g.rows)
	for i := range c {
		c[i] = g.at(i, j)
	}
	return c
}

func (g grid) matrix() *matrix.Matrix { return matrix.FromDense(g.rows, g.cols, slices.Clone(g.v)) }

func gridOf(m *matrix.Matrix) grid {
	return grid{m.Rows(), m.Cols(), slices.Clone(m.Vector())}
}

func (g grid) String() string { return fmt.Sprintf("%dx%d%v", g.rows, g.cols, g.v) }

// near compares cells with a relative tolerance; NaN equals NaN.
func (g grid) near(h grid, tol float64) bool {
	return g.rows == h.rows && g.cols == h.cols && slices.EqualFunc(g.v, h.v, func(x, y float64) bool {
		return x == y || x != x && y != y || math.Abs(x-y) <= tol*max(1, math.Abs(x), math.Abs(y))
	})
}

// inputs are the kinds of matrices that every function is tried with.
func inputs() map[string]grid {
	sparse := newGrid(40, 30)
	for k, v := range []float64{2, -1.5, 3, 0.25, -7, 1, 1, 0.5} {
		sparse.set((k*17+3)%40, (k*k*7+1)%30, v)
	}
	nan, inf := math.NaN(), math.Inf(1)
	return map[string]grid{
		"dense":   {2, 3, []float64{1.5, -2, 3, 4, 0.25, -6}},
		"square":  {3, 3, []float64{4, 1, 0, 1, 5, 2, 0, 2, 6}},
		"sparse":  sparse,
		"row":     {1, 4, []float64{3, 0, -1, 2}},
		"column":  {5, 1, []float64{3, 0, -1, 2, 2}},
		"cell":    {1, 1, []float64{2.5}},
		"zeros":   newGrid(3, 2),
		"no rows": newGrid(0, 3),
		"no cols": newGrid(3, 0),
		"nan":     {2, 2, []float64{1, nan, 0.5, -2}},
		"inf":     {2, 2, []float64{1, inf, -inf, 2}},
	}
}

// config is a way to run a script.
type config struct {
	level, threads int
	form           matrix.Form
}

// configs are all combinations of levels, threads and storage forms.
func configs() []config {
	var cs []config
	for _, level := range levels {
		for _, threads := range []int{1, 4} {
			for _, form := range []matrix.Form{matrix.FormAuto, matrix.FormDense, matrix.FormSparse} {
				cs = append(cs, config{level, threads, form})
			}
		}
	}
	return cs
}

// compiled is a script over matrices X, Y, ... whose sizes the compiler does not know. Its result is the variable R.
type compiled map[int]*exec.Program

func compileOver(t *testing.T, script string, vars ...string) compiled {
	t.Helper()
	known := map[string]compiler.Var{}
	for _, v := range vars {
		known[v] = compiler.Var{Type: types.Mat, Shape: op.NoShape}
	}
	c := compiled{}
	for _, level := range levels {
		res, ds := compiler.Compile(context.Background(), compiler.Source{Name: "test.dml", Text: script},
			compiler.Options{Level: level, REPL: true, Vars: known, Check: true})
		if ds.HasErrors() {
			t.Fatalf("%s: %v", script, ds.All()[0].Msg)
		}
		c[level] = res.Program
	}
	return c
}

// run executes a script with the given values of its variables and returns R as a grid; a scalar is 1x1.
func (c compiled) run(cfg config, in map[string]grid) (grid, error) {
	m := exec.New(c[cfg.level], exec.Options{Workers: par.New(cfg.threads), Form: cfg.form, Seed: 1, Seeded: true})
	defer m.Close()
	for name, g := range in {
		x := g.matrix()
		if cfg.form == matrix.FormSparse {
			x = x.ToSparse(nil)
		}
		m.SetVar(name, x)
	}
	if err := m.Run(context.Background()); err != nil {
		return grid{}, err
	}
	r, err := value.AsMatrix(m.Var("R"))
	if mat, ok := m.Var("R").(*matrix.Matrix); ok {
		r, err = mat, nil
	}
	if err != nil {
		return grid{}, err
	}
	return gridOf(r), nil
}

// TestForms compares functions of one matrix with naive implementations over all kinds of
// inputs, at all levels, with several threads and in both storage forms.
func TestForms(t *testing.T) {
	ins := inputs()
	for expr, want := range oneMatrix() {
		c := compileOver(t, "R = "+expr, "X")
		for name, in := range ins {
			if in.cols == 0 && strings.HasPrefix(expr, "order") {
				continue // there is no column to sort by
			}
			w := want(in)
			for _, cfg := range configs() {
				got, err := c.run(cfg, map[string]grid{"X": in})
				if err != nil || !got.near(w, 1e-12) {
					t.Errorf("%s of %s %+v:\n got %v, %v\nwant %v", expr, name, cfg, got, err, w)
				}
			}
		}
	}
}
