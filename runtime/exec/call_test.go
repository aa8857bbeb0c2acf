package exec

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/runtime/matrix"
	"gdml/runtime/pool"
	"gdml/runtime/value"
)

// echo is f(int a, double b = 2.5) return (x): it returns the text of its arguments.
func echo() *Function {
	f := function([]value.Value{2.5}, []string{"a", "b", "r"}, basic(do(50, func(m *Machine) error {
		m.Set(2, fmt.Sprintf("%T %v %T %v", m.Value(0), m.Value(0), m.Value(1), m.Value(1)))
		return nil
	})))
	def := constant(0)
	f.Name = "echo"
	f.Params = []Param{{Name: "a", Type: types.IntT, Slot: 0}, {Name: "b", Type: types.Dbl, Slot: 1, Default: &def}}
	f.Results = []Result{{Name: "r", Type: types.Str, Slot: 2}}
	return f
}

func TestCallBindsArguments(t *testing.T) {
	tests := []struct {
		args      []value.Value
		want, err string
	}{
		{[]value.Value{2.9, int64(3)}, "int64 2 float64 3", ""},
		{[]value.Value{int64(7)}, "int64 7 float64 2.5", ""},
		{[]value.Value{true, "1e3"}, "int64 1 float64 1000", ""},
		{[]value.Value{nil, int64(3)}, "", "argument a of echo is missing"},
		{[]value.Value{"x"}, "", `argument a of echo: the string "x" is not a number`},
		{[]value.Value{matrix.FromDense(1, 1, []float64{4})}, "", "a scalar is wanted here, not a 1x1 matrix"},
		{[]value.Value{int64(1), 2.0, 3.0}, "", "takes 2 arguments"},
	}
	for _, tt := range tests {
		m := New(&Program{Main: function(nil, nil)}, Options{})
		out, err := m.Call(echo(), tt.args)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("echo%v: %v; want %q", tt.args, err, tt.err)
			}
			continue
		}
		if err != nil || out[0] != value.Value(tt.want) {
			t.Errorf("echo%v = %v, %v; want %s", tt.args, out, err, tt.want)
		}
	}
}

func TestCallReferences(t *testing.T) {
	p := pool.New(0)
	m := New(&Program{Main: function(nil, nil)}, Options{Pool: p})
	id := function(nil, []string{"X"})
	id.Params = []Param{{Name: "X", Type: types.Mat, Slot: 0}}
	id.Results = []Result{{Name: "X", Type: types.Mat, Slot: 0}}
	x := matrix.New(m.Mat(), 3, 3)
	out, err := m.Call(id, []value.Value{x})
	if err != nil || out[0] != value.Value(x) || x.Unique() {
		t.Fatalf("Call: %v, %v; unique %v", out, err, x.Unique())
	}
	value.Release(out[0])
	if !x.Unique() || p.Live() != 0 {
		t.Errorf("a call keeps a reference: unique %v, %d bytes", x.Unique(), p.Live())
	}
}

func TestUnsetResult(t *testing.T) {
	f := function(nil, []string{"r"})
	f.Name, f.Results = "f", []Result{{Name: "r", Type: types.Dbl, Slot: 0}}
	_, err := New(&Program{Main: function(nil, nil)}, Options{}).Call(f, nil)
	var e *Error
	if !errors.As(err, &e) || e.Code != diag.Unset || !strings.Contains(e.Msg, "function f did not set its result r") {
		t.Errorf("error %v", err)
	}
}

func TestCastResults(t *testing.T) {
	for _, cast := range []bool{false, true} {
		f := function(nil, []string{"r"}, basic(do(1, func(m *Machine) error { m.Set(0, int64(3)); return nil })))
		f.Cast, f.Results = cast, []Result{{Name: "r", Type: types.Dbl, Slot: 0}}
		out, err := New(&Program{Main: function(nil, nil)}, Options{}).Call(f, nil)
		if err != nil || fmt.Sprintf("%T", out[0]) != map[bool]string{false: "int64", true: "float64"}[cast] {
			t.Errorf("cast %v: %T %v, %v", cast, out, out, err)
		}
	}
}

func TestRecursionLimit(t *testing.T) {
	f := function(nil, []string{"r"})
	f.Name = "f"
	f.Body = []Block{basic(do(7, func(m *Machine) error {
		_, err := m.Invoke(f, nil)
		return err
	}))}
	_, err := run(t, function(nil, nil, basic(do(3, func(m *Machine) error {
		_, err := m.Invoke(f, nil)
		return err
	}))), Options{})
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(e.Msg, "20000 calls") || len(e.Stack) != maxDepth || e.At.Start != 7 {
		t.Errorf("error %v", err)
	}
}

func TestErrorsArePlacedOnce(t *testing.T) {
	inner := errors.New("broken")
	f := function(nil, nil, basic(do(40, func(*Machine) error { return inner })))
	f.Name = "f"
	main := function(nil, nil, basic(do(11, func(m *Machine) error {
		_, err := m.Invoke(f, nil)
		return err
	})))
	_, err := run(t, main, Options{})
	var e *Error
	if !errors.As(err, &e) || e.At.Start != 40 || e.Code != diag.RunTime || !errors.Is(err, inner) {
		t.Fatalf("error %#v", err)
	}
	if len(e.Stack) != 1 || e.Stack[0].Func != "f" || e.Stack[0].At.Start != 11 {
		t.Errorf("stack %v", e.Stack)
	}
}

func TestPanicBecomesInternalError(t *testing.T) {
	boom := do(21, func(*Machine) error { panic("boom") })
	loop := &ParFor{For: For{Var: 0, From: constant(0), To: constant(1), Incr: absent, Body: []Block{basic(boom)}}, Par: absent}
	for name, body := range map[string]Block{"straight": basic(boom), "parfor": loop} {
		_, err := run(t, function([]value.Value{int64(1), int64(9)}, []string{"i"}, body), Options{})
		var e *Error
		if !errors.As(err, &e) || e.Code != diag.Internal || e.At.Start != 21 || !strings.Contains(e.Msg, "boom") {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := New(&Program{Main: function(nil, []string{"x"})}, Options{})
	m.SetVar("x", 1.0)
	f := function(nil, []string{"a", "b"}, basic(boom))
	if _, err := m.Call(f, nil); err == nil {
		t.Error("Call let a panic through")
	}
	if m.Var("x") != value.Value(1.0) || len(m.stack) != 0 {
		t.Error("the caller's frame is not restored after a panic")
	}
}

func TestCancel(t *testing.T) {
	forever := &While{Cond: constant(0), Body: []Block{basic()}}
	spin := &ParFor{For: For{Var: 0, From: constant(1), To: constant(2), Incr: absent, Body: []Block{forever}}, Par: absent}
	kernel := basic(do(3, func(m *Machine) error {
		m.Workers().Do(1<<40, func(int) {}) // an operation that would not end
		return nil
	}))
	for name, b := range map[string]Block{"while": forever, "parfor": spin, "operation": kernel} {
		ctx, cancel := context.WithCancel(t.Context())
		m := New(&Program{Main: function([]value.Value{true, int64(1), int64(4)}, []string{"i"}, b)}, Options{})
		time.AfterFunc(20*time.Millisecond, cancel)
		start := time.Now()
		err := m.Run(ctx)
		var e *Error
		if !errors.As(err, &e) || e.Code != diag.Interrupted || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(start); d > 10*time.Second { // milliseconds, but the machine may be busy
			t.Errorf("%s: cancelled after %v", name, d)
		}
		if err := m.Run(ctx); err == nil {
			t.Errorf("%s: a cancelled context ran", name)
		}
	}
}

func TestStatsSelfTime(t *testing.T) {
	f := function(nil, nil, basic(do(40, func(*Machine) error { time.Sleep(5 * time.Millisecond); return nil })))
	call := do(11, func(m *Machine) error { _, err := m.Invoke(f, nil); return err })
	s := NewStats()
	if _, err := run(t, function(nil, nil, basic(call)), Options{Stats: s}); err != nil {
		t.Fatal(err)
	}
	hits := s.Hits()
	if len(hits) != 2 || hits[0].At.Start != 11 || hits[0].Self >= hits[0].Time || hits[1].Self != hits[1].Time {
		t.Errorf("hits %+v", hits)
	}
}
