package matrix

import (
	"testing"

	"gdml/runtime/cell"
)

// A forced form holds for results of every density, and the storage rule otherwise.
func TestForcedForm(t *testing.T) {
	full, empty := FromRows([][]float64{{1, 2}, {3, 4}, {5, 6}}), Fill(nil, 100, 100, 0)
	for _, c := range []struct {
		name        string
		ctx         *Ctx
		full, empty bool // stored sparse
	}{
		{"none", nil, false, true},
		{"auto", &Ctx{}, false, true},
		{"dense", &Ctx{Form: FormDense}, false, false},
		{"sparse", &Ctx{Form: FormSparse}, true, true},
	} {
		for name, m := range map[string]*Matrix{
			"cellwise": Scalar(c.ctx, cell.Add, full, 1, false, false),
			"column":   Unary(c.ctx, cell.Abs, FromRows([][]float64{{1}, {2}}), false),
		} {
			if m.IsSparse() != c.full {
				t.Errorf("form %s: %s result is sparse: %v", c.name, name, m.IsSparse())
			}
		}
		for name, m := range map[string]*Matrix{
			"product with 0": Scalar(c.ctx, cell.Mul, empty, 2, false, false),
			"filled":         Fill(c.ctx, 100, 100, 0),
		} {
			if m.IsSparse() != c.empty {
				t.Errorf("form %s: %s is sparse: %v", c.name, name, m.IsSparse())
			}
		}
	}
}
