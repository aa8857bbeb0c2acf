package exec

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gdml/lang/source"
	"gdml/runtime/matrix"
	"gdml/runtime/pool"
	"gdml/runtime/value"
)

// step is an instruction made of a Go function.
type step struct {
	Meta
	f func(m *Machine) error
}

func (s *step) Exec(m *Machine) error { return s.f(m) }

// do makes an instruction at position at.
func do(at int, f func(m *Machine) error) Instruction {
	p := source.Pos(at)
	return &step{Meta{Opcode: "step", At: source.Span{Start: p, End: p + 1}}, f}
}

func basic(list ...Instruction) Block { return &Basic{Instrs: list} }

// names lays out a frame with a slot for each name.
func names(list ...string) (slots int, vars map[string]Slot, ns []string) {
	vars = map[string]Slot{}
	for i, n := range list {
		vars[n] = Slot(i)
	}
	return len(list), vars, list
}

// function makes a function over variables vs with the constants cs.
func function(cs []value.Value, vs []string, body ...Block) *Function {
	f := &Function{Name: "main", Body: body, Consts: cs}
	f.Slots, f.Vars, f.Names = names(vs...)
	return f
}

// constant is a predicate that is constant number i of the function.
func constant(i int) Pred { return Pred{Out: ^Slot(i)} }

var absent = Pred{Out: NoSlot}

// run runs a main function and checks that nothing but the variables keeps memory.
func run(t *testing.T, f *Function, o Options) (*Machine, error) {
	t.Helper()
	if o.Pool == nil {
		o.Pool = pool.New(1 << 20)
	}
	m := New(&Program{Main: f, Funcs: map[string]*Function{}}, o)
	err := m.Run(t.Context())
	t.Cleanup(func() {
		m.Close()
		if n := o.Pool.Live(); n != 0 {
			t.Errorf("%d bytes are live after the machine was closed", n)
		}
	})
	return m, err
}

func TestForSteps(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	tests := []struct {
		from, to, incr value.Value
		want, err      string
	}{
		{int64(1), int64(3), nil, "1 2 3", ""},
		{int64(1), int64(0), nil, "1 0", ""},
		{int64(1), 3.9, nil, "1 2 3", ""},
		{0.5, 2.5, int64(1), "0 1 2", ""},
		{int64(10), int64(1), int64(-4), "10 6 2", ""},
		{int64(1), int64(0), int64(1), "", ""},
		{int64(1), int64(5), int64(-1), "", ""},
		{nan, int64(5), nil, "", ""},
		{int64(1), inf, nil, "", ""},
		{int64(1), int64(5), 0.5, "", ""},
		{int64(5), int64(1), 0.5, "", "increment of the loop is 0"},
		{true, int64(1), nil, "", "must be a number"},
		{int64(9223372036854775806), int64(9223372036854775807), nil, "9223372036854775806 9223372036854775807", ""},
	}
	for _, tt := range tests {
		cs := []value.Value{tt.from, tt.to, tt.incr}
		loop := &For{Var: 0, From: constant(0), To: constant(1), Incr: absent}
		if tt.incr != nil {
			loop.Incr = constant(2)
		}
		var seen []string
		loop.Body = []Block{basic(do(1, func(m *Machine) error {
			seen = append(seen, fmt.Sprint(m.Value(0)))
			m.Set(0, int64(-99)) // must not influence the loop
			return nil
		}))}
		_, err := run(t, function(cs, []string{"i"}, loop), Options{})
		got := strings.Join(seen, " ")
		if (tt.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.err) || got != tt.want {
			t.Errorf("%v:%v by %v: %q, %v; want %q, %q", tt.from, tt.to, tt.incr, got, err, tt.want, tt.err)
		}
	}
}

func TestLoopVariableAfterLoop(t *testing.T) {
	cs := []value.Value{int64(10), int64(1), int64(-4)}
	loop := &For{Var: 0, From: constant(0), To: constant(1), Incr: constant(2), Body: []Block{basic()}}
	m, err := run(t, function(cs, []string{"i"}, loop), Options{})
	if err != nil || m.Var("i") != value.Value(int64(2)) {
		t.Errorf("i is %v after the loop, %v; want 2", m.Var("i"), err)
	}
}

func TestTruth(t *testing.T) {
	one := matrix.FromDense(1, 1, []float64{1})
	tests := []struct {
		v    value.Value
		want bool
		err  string
	}{
		{true, true, ""}, {false, false, ""}, {int64(2), true, ""}, {int64(0), false, ""},
		{-0.5, true, ""}, {0.0, false, ""}, {"TRUE", true, ""}, {"true", true, ""}, {"yes", false, ""},
		{one, false, "1x1 matrix"}, {value.NewList(nil, nil), false, "must be a scalar"}, {nil, false, "missing"},
	}
	for _, tt := range tests {
		taken := ""
		branch := func(name string) []Block {
			return []Block{basic(do(1, func(*Machine) error { taken = name; return nil }))}
		}
		f := function([]value.Value{tt.v}, nil, &If{Cond: constant(0), Then: branch("then"), Else: branch("else")})
		_, err := run(t, f, Options{})
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) || taken != "" {
				t.Errorf("%v: %v, took %q; want error %q", tt.v, err, taken, tt.err)
			}
			continue
		}
		if err != nil || (taken == "then") != tt.want {
			t.Errorf("%v: took %q, %v", tt.v, taken, err)
		}
	}
}

func TestKillAndDrop(t *testing.T) {
	p := pool.New(0)
	fill := do(1, func(m *Machine) error { m.Set(0, matrix.New(m.Mat(), 10, 10)); m.Set(1, "x"); return nil })
	use := do(2, func(m *Machine) error {
		if p.Live() == 0 {
			t.Error("the matrix is not counted while it is live")
		}
		return nil
	})
	use.Info().Kill = []Slot{0}
	after := do(3, func(m *Machine) error {
		if m.Value(0) != nil || p.Live() != 0 {
			t.Error("a killed slot is still live")
		}
		return nil
	})
	f := function([]value.Value{true}, []string{"X", "s"}, basic(fill, use, after),
		&If{Cond: constant(0), Drop: []Slot{1}})
	m, err := run(t, f, Options{Pool: p})
	if err != nil || m.Var("s") != nil {
		t.Errorf("s is %v after it was dropped, %v", m.Var("s"), err)
	}
}
