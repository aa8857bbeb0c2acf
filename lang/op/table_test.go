package op

import "testing"

// noRule lists the operators whose shape comes from elsewhere: the variable, the literal or the callee.
var noRule = map[Op]bool{Read: true, Lit: true, Call: true, FCall: true, Out: true}

func TestTableIsComplete(t *testing.T) {
	names := map[string]Op{}
	for o := Invalid + 1; o < numOps; o++ {
		i := o.Info()
		if i.Name == "" {
			t.Errorf("operator %d has no row", o)
			continue
		}
		if other, dup := names[i.Name]; dup {
			t.Errorf("operators %d and %d are both called %s", other, o, i.Name)
		}
		names[i.Name] = o
		if i.MaxIn >= 0 && i.MaxIn < i.MinIn {
			t.Errorf("%s takes %d to %d inputs", i.Name, i.MinIn, i.MaxIn)
		}
		if (i.Shape == nil) != noRule[o] {
			t.Errorf("%s: shape rule present is %t", i.Name, i.Shape != nil)
		}
		if i.Shape == nil && i.Matrix {
			t.Errorf("%s always gives a matrix but has no rule for its size", i.Name)
		}
	}
	if len(Table()) != int(numOps) {
		t.Errorf("table of %d rows for %d operators", len(Table()), numOps)
	}
	if (numOps + 1).Info().Name != "" {
		t.Error("a number that is no operator has a name")
	}
}

// TestRulesAreTotal runs every rule over unknown, scalar and empty inputs: none may panic, and
// an operator that always gives a matrix must not promise a scalar.
func TestRulesAreTotal(t *testing.T) {
	aux := map[Op]any{Agg: Aggregate{Sum, Row}, TSMM: Left, MMChain: XtXv, Cum: Sum,
		Index: Subscript{Rows: Range, Cols: Range}, Update: Subscript{Rows: Range, Cols: Range}, Rand: Random{}}
	for o := Invalid + 1; o < numOps; o++ {
		i := o.Info()
		if i.Shape == nil {
			continue
		}
		n := max(i.MaxIn, 3)
		for _, s := range []Shape{NoShape, ScalarShape, Dims(0, 0), Dims(3, 4), Const(int64(-1)), Const("x")} {
			in := make([]Shape, n)
			for k := range in {
				in[k] = s
			}
			out, err := i.Shape(aux[o], in[:min(n, len(in))])
			if i.Matrix && err == nil && out.IsScalar() && !s.IsScalar() {
				t.Errorf("%s of %v is a scalar", i.Name, s)
			}
		}
	}
}

func TestSameConst(t *testing.T) {
	nan, zero := 0.0, 0.0
	nan = zero / zero
	neg := -1 / (1 / zero)
	for _, c := range []struct {
		a, b any
		want bool
	}{
		{int64(1), int64(1), true}, {int64(1), 1.0, false}, {nan, nan, true}, {0.0, neg * 0, false},
		{"a", "a", true}, {nil, nil, true}, {nil, 1.0, false}, {1.0, nil, false}, {true, false, false},
	} {
		if got := SameConst(c.a, c.b); got != c.want {
			t.Errorf("SameConst(%v, %v) = %t", c.a, c.b, got)
		}
	}
}
