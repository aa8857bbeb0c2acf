package exec

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gdml/runtime/cell"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/value"
)

// parloop makes a program: X = initial; parfor (i in 1:n) body(m, i).
func parloop(n int, initial value.Value, accumulate bool, body func(m *Machine, i int) error) *Function {
	loop := &ParFor{
		For: For{Var: 1, From: constant(0), To: constant(1), Incr: absent, Body: []Block{basic(do(9, func(m *Machine) error {
			return body(m, int(m.Value(1).(int64)))
		}))}},
		Par:     absent,
		Results: []Merge{{Slot: 0, Accumulate: accumulate}},
		Private: []Slot{2},
	}
	return function([]value.Value{int64(1), int64(n)}, []string{"X", "i", "p"},
		basic(do(1, func(m *Machine) error { m.Set(0, value.Retain(initial)); return nil })), loop)
}

// assign sets a cell of the matrix in slot 0.
func assign(m *Machine, i, j int, v float64) error {
	x := m.Value(0).(*matrix.Matrix)
	y, err := matrix.AssignScalar(m.Mat(), x, i, j, v, x.Unique())
	if err == nil {
		m.Adopt(0, y, 0)
	}
	return err
}

func matrices() map[string]*matrix.Matrix {
	return map[string]*matrix.Matrix{
		"zero":   matrix.FromDense(100, 2, make([]float64, 200)),
		"ones":   matrix.Fill(nil, 100, 2, 1),
		"sparse": matrix.FromDense(100, 2, make([]float64, 200)).ToSparse(nil),
		"nan":    matrix.Fill(nil, 100, 2, math.NaN()),
	}
}

func TestParForMergesCells(t *testing.T) {
	for name, init := range matrices() {
		var first *matrix.Matrix
		for _, threads := range []int{1, 2, 3, 8} {
			f := parloop(100, init, false, func(m *Machine, i int) error {
				if i%3 == 0 {
					return assign(m, i-1, 1, float64(i))
				}
				return assign(m, 7, 0, init.At(7, 0)) // the old value: a no-op
			})
			m, err := run(t, f, Options{Workers: par.New(threads)})
			if err != nil {
				t.Fatal(err)
			}
			x := m.Var("X").(*matrix.Matrix)
			for i := range 100 {
				want := init.At(i, 1)
				if (i+1)%3 == 0 {
					want = float64(i + 1)
				}
				if got := x.At(i, 1); got != want && (got == got || want == want) {
					t.Fatalf("%s, %d threads: X[%d,2] = %v; want %v", name, threads, i+1, got, want)
				}
			}
			if m.Var("i") != value.Value(int64(100)) {
				t.Errorf("i is %v after the loop", m.Var("i"))
			}
			if first == nil {
				first = x.Retain()
			} else if !matrix.Equal(first, x) {
				t.Errorf("%s: %d threads give another result than one", name, threads)
			}
		}
	}
}

func TestParForConflictsDoNotDependOnWorkers(t *testing.T) {
	for _, threads := range []int{1, 2, 8} {
		f := parloop(1000, matrix.FromDense(1, 1, []float64{0}), false, func(m *Machine, i int) error {
			return assign(m, 0, 0, float64(i))
		})
		m, err := run(t, f, Options{Workers: par.New(threads)})
		if err != nil || m.Var("X").(*matrix.Matrix).At(0, 0) != 1000 {
			t.Errorf("%d threads: %v, %v; the last iteration must win", threads, m.Var("X").(*matrix.Matrix).At(0, 0), err)
		}
	}
}

func TestParForAccumulates(t *testing.T) {
	var first float64
	for _, threads := range []int{1, 2, 3, 8} {
		f := parloop(500, matrix.FromDense(1, 1, []float64{0.5}), true, func(m *Machine, i int) error {
			y := matrix.Scalar(m.Mat(), cell.Add, m.Value(0).(*matrix.Matrix), 1/float64(i), false, false)
			m.Set(0, y)
			return nil
		})
		m, err := run(t, f, Options{Workers: par.New(threads)})
		if err != nil {
			t.Fatal(err)
		}
		got := m.Var("X").(*matrix.Matrix).At(0, 0)
		if math.Abs(got-7.2928234299) > 1e-6 { // 0.5 + H(500)
			t.Errorf("%d threads: %v", threads, got)
		}
		if first == 0 {
			first = got
		} else if got != first {
			t.Errorf("%d threads give %v, one gives %v", threads, got, first)
		}
	}
}

func TestParForListsAndScalars(t *testing.T) {
	list := value.NewList([]value.Value{int64(1), int64(2), int64(3)}, []string{"a", "b", "c"})
	f := parloop(3, list, false, func(m *Machine, i int) error {
		l, err := m.Value(0).(*value.List).With(i-1, float64(10*i))
		if err == nil {
			m.Set(0, l)
			m.Set(2, "private")
		}
		return err
	})
	m, err := run(t, f, Options{Workers: par.New(4)})
	if err != nil || value.Text(m.Var("X")) != value.Text(value.NewList([]value.Value{10.0, 20.0, 30.0}, nil)) {
		t.Errorf("list %v, %v", value.Text(m.Var("X")), err)
	}
	if m.Var("p") != value.Value("-1") {
		t.Errorf("private variable is %v after the loop; want its placeholder", m.Var("p"))
	}

	scalar := parloop(3, 5.0, false, func(m *Machine, i int) error { m.Set(0, float64(i)); return nil })
	if m, err = run(t, scalar, Options{}); err != nil || m.Var("X") != value.Value(5.0) {
		t.Errorf("scalar is %v, %v; want the value from before the loop", m.Var("X"), err)
	}
	once := parloop(1, 5.0, false, func(m *Machine, i int) error { m.Set(0, 1.0); return nil })
	if m, err = run(t, once, Options{}); err != nil || m.Var("X") != value.Value(1.0) {
		t.Errorf("scalar is %v, %v; a single iteration runs like for", m.Var("X"), err)
	}
}

func TestParForSeedsDoNotDependOnWorkers(t *testing.T) {
	var first string
	for _, threads := range []int{1, 2, 8} {
		zero := matrix.FromDense(200, 1, make([]float64, 200))
		f := parloop(200, zero, false, func(m *Machine, i int) error {
			return assign(m, i-1, 0, float64(m.NextSeed()%1000)+float64(m.NextSeed()%1000)/1000)
		})
		m, err := run(t, f, Options{Workers: par.New(threads), Seeded: true, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(m.Var("X").(*matrix.Matrix).Vector())
		if first == "" {
			first = got
		} else if got != first {
			t.Errorf("%d threads draw other numbers", threads)
		}
	}
	if strings.Count(first, " 0") > 20 {
		t.Errorf("seeds repeat: %s", first)
	}
}

func TestParForErrors(t *testing.T) {
	bad := errors.New("iteration failed")
	for _, threads := range []int{1, 4} {
		f := parloop(64, matrix.New(nil, 5, 5), false, func(m *Machine, i int) error {
			if i >= 3 {
				return fmt.Errorf("%w: %d", bad, i)
			}
			return assign(m, 0, 0, 1)
		})
		m, err := run(t, f, Options{Workers: par.New(threads)})
		if !errors.Is(err, bad) {
			t.Errorf("%d threads: %v", threads, err)
		}
		if x := m.Var("X").(*matrix.Matrix); x.At(0, 0) != 0 {
			t.Error("a failed loop must not change its results")
		}
	}
	shape := parloop(4, matrix.New(nil, 2, 2), false, func(m *Machine, i int) error {
		m.Set(0, matrix.New(m.Mat(), 3, 3))
		return nil
	})
	if _, err := run(t, shape, Options{}); err == nil || !strings.Contains(err.Error(), "turned X from a 2x2 matrix into a 3x3 matrix") {
		t.Errorf("changed shape: %v", err)
	}
}
