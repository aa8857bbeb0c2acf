package matrix

import (
	"math"
	"testing"
)

func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}

func TestReferences(t *testing.T) {
	arena := NewArena(1 << 20)
	m := New(&Ctx{Mem: arena}, 40, 40)
	if !m.Unique() || m.Retain() != m || m.Unique() {
		t.Error("a retained matrix has two references")
	}
	m.Release()
	if m.DenseData() == nil || arena.held != 0 {
		t.Error("released while a reference was left")
	}
	m.Release()
	if m.DenseData() != nil || arena.held == 0 {
		t.Error("the last release did not return the buffer")
	}
	if !panics(m.Release) {
		t.Error("one release too many went unnoticed")
	}
}

func TestArenaKeepsToItsLimit(t *testing.T) {
	c := &Ctx{Mem: NewArena(10000)}
	a, b := New(c, 1000, 1), New(c, 1000, 1)
	a.Release()
	b.Release()
	if c.Mem.held > 10000 || c.Mem.held < 8000 {
		t.Errorf("%d bytes held, limit 10000", c.Mem.held)
	}
	for n := 1; n < 5000; n++ {
		if x := c.Mem.take(n); len(x) != n {
			t.Fatalf("%d cells for %d", len(x), n)
		}
	}
}

func TestMalformedInputPanics(t *testing.T) {
	for name, f := range map[string]func(){
		"cells":    func() { FromDense(2, 2, make([]float64, 3)) },
		"csr":      func() { FromCSR(2, 2, &CSR{RowPtr: []int{0, 1}, ColIdx: []int32{0}, Val: []float64{1}}) },
		"negative": func() { New(nil, -1, 2) },
	} {
		if !panics(f) {
			t.Errorf("%s: no panic", name)
		}
	}
}

func TestEqual(t *testing.T) {
	nan := math.NaN()
	a := operand{"", 2, 3, grid{{0, nan, 2}, {math.Inf(1), 0, 0}}}
	for _, x := range a.forms() {
		for _, y := range a.forms() {
			if !Equal(x, y) {
				t.Errorf("sparse %v and %v: not equal", x.IsSparse(), y.IsSparse())
			}
		}
		for _, g := range []grid{{{0, 1, 2}, {math.Inf(1), 0, 0}}, {{nan, nan, 2}, {math.Inf(1), 0, 0}}, {{0, nan, 2}, {math.Inf(-1), 0, 0}}} {
			if Equal(x, FromRows(g)) || Equal(FromRows(g), x) {
				t.Errorf("equal to %v", g)
			}
		}
		if Equal(x, Transpose(nil, x)) {
			t.Error("equal to its transpose")
		}
	}
}

// TestAssignToLargeSparse takes the path of targets that are not made dense.
func TestAssignToLargeSparse(t *testing.T) {
	m := Fill(nil, 5000, 2000, 0)
	src := draw(3, 4, whole)
	out, err := Assign(nil, m, 4000, 1500, src.dense(), true)
	if err != nil || !out.IsSparse() || m.NNZ() != 0 {
		t.Fatalf("%v, sparse %v, target has %d non-zeros", err, out.IsSparse(), m.NNZ())
	}
	out, err = AssignScalar(nil, out, 4001, 1501, 42, true)
	if err != nil {
		t.Fatal(err)
	}
	src.g[1][1] = 42
	block, err := Slice(nil, out, 4000, 4003, 1500, 1504)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "block", block, 3, 4, src.g, 0)
	if out.Bytes() > 1<<20 || out.SparseData() == nil {
		t.Errorf("%d bytes for %d non-zeros", out.Bytes(), out.NNZ())
	}
	if one, err := Slice(nil, out, 0, 1, 0, 2000); err != nil || one.NNZ() != 0 {
		t.Errorf("other rows changed: %v", err)
	}
}
