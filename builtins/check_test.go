package builtins

import (
	"strings"
	"testing"

	"gdml/lang/types"
)

// written is a call as Signature.Check sees it: literals and types of expressions that are none; nil for a missing argument.
type written []any

func (w written) Has(i int) bool { return i >= 0 && i < len(w) && w[i] != nil }

func (w written) Literal(i int) (any, bool) {
	if !w.Has(i) {
		return nil, false
	}
	_, isType := w[i].(types.Type)
	return w[i], !isType
}

func (w written) TypeOf(i int) types.Type {
	if !w.Has(i) {
		return types.Any
	}
	switch v := w[i].(type) {
	case types.Type:
		return v
	case int64, int:
		return types.IntT
	case bool:
		return types.BoolT
	case string:
		return types.Str
	}
	return types.Dbl
}

func (written) Function(string) (types.FuncSig, bool) { return types.FuncSig{}, false }
func (written) Functions() []string                   { return nil }

func TestChecks(t *testing.T) {
	m, l, f, d, unknown := types.Mat, types.ListT, types.FrameT, types.Dbl, types.Any
	tab := New()
	for _, c := range []struct {
		name string
		args written
		at   int    // argument of the one problem
		want string // part of its message; "" for no problem
	}{
		{"exp", written{m}, 0, ""},
		{"exp", written{unknown}, 0, ""},
		{"exp", written{"a"}, 0, "must be a matrix or a number, not string"},
		{"exp", written{l}, 0, "not list"},
		{"log", written{m, f}, 1, "not frame"},
		{"xor", written{true, m}, 0, ""},
		{"min", written{}, -1, "missing"},
		{"min", written{m, 2.0, l}, 2, "not list"},
		{"ifelse", written{true, "a", "b"}, 0, ""},
		{"ifelse", written{"x", 1.0, 2.0}, 0, "number"},
		{"ifelse", written{m, l, 2.0}, 1, "not list"},
		{"quantile", written{m, 0.5}, 0, ""},
		{"quantile", written{m, l}, 1, "not list"},
		{"moment", written{m, 5.0}, 1, "0, 2, 3 or 4"},
		{"moment", written{m, m, 1.0}, 2, "0, 2, 3 or 4"},
		{"moment", written{m, m, 4.0}, 0, ""},
		{"table", written{m, 1.0, m, l}, 3, "not list"},
		{"matrix", written{0.0, int64(2), int64(3)}, 0, ""},
		{"matrix", written{"1 2 3", int64(2), int64(2)}, 0, "3 numbers"},
		{"matrix", written{"1,2", int64(1), int64(2)}, 0, "1 numbers"},
		{"matrix", written{"1 2 3", d, int64(2)}, 0, ""},
		{"matrix", written{0.0, -1.0, int64(3)}, 1, "at least 0"},
		{"matrix", written{l, 1.0, int64(3)}, 0, "not list"},
		{"seq", written{1.0, 3.0, 0.0}, 2, "must not be 0"},
		{"seq", written{3.0, 1.0, 1.0}, 2, "does not lead"},
		{"seq", written{3.0, 1.0}, 0, ""},
		{"seq", written{d, 1.0, 1.0}, 0, ""},
		{"seq", written{2.0, 2.0, -1.0}, 0, ""},
		{"rand", written{nil, nil, nil, nil, 1.5}, 4, "between 0 and 1"},
		{"rand", written{nil, nil, nil, nil, 0.5, "normal"}, 0, ""},
		{"rand", written{-2.0}, 0, "at least 0"},
		{"sample", written{3.0, 4.0}, 1, "without replacement"},
		{"sample", written{3.0, 4.0, true}, 0, ""},
		{"sample", written{3.0, 4.0, 42.0}, 1, "without replacement"},
		{"order", written{m, 0.0}, 1, "by"},
		{"order", written{m, m}, 0, ""},
		{"cbind", written{m, 1.0}, 1, "scalars cannot be bound"},
		{"cbind", written{m, f}, 1, "cannot be bound to a matrix"},
		{"cbind", written{l, 1.0}, 0, ""},
		{"cbind", written{"a", "b"}, 0, ""},
		{"rbind", written{}, -1, "missing"},
		{"as.scalar", written{d}, 0, "scalar already"},
		{"as.matrix", written{m}, 0, "matrix already"},
		{"sample", written{9.0, 4.0, m}, 2, "not matrix"},
		{"replace", written{m, "a", 1.0}, 1, "not string"},
		{"replace", written{f, "a", "b"}, 0, ""},
		{"aggregate", written{m, m, "centralmoment"}, 2, "needs order"},
		{"aggregate", written{m, m, "mean"}, 0, ""},
		{"quantile", written{m, 2.0}, 1, "between 0 and 1"},
		{"quantile", written{m, m, 2.0}, 2, "between 0 and 1"},
		{"nrow", written{d}, 0, "must be a matrix, a frame or a list"},
		{"nrow", written{l}, 0, ""},
		{"remove", written{l, 0.0}, 1, "at least 1"},
		{"remove", written{l, "a"}, 0, ""},
		{"toString", written{m, nil, nil, -2.0}, 3, "decimal"},
		{"print", written{}, -1, "missing"},
		{"print", written{m}, 0, ""},
		{"print", written{"100%"}, 0, ""},
		{"print", written{m, 1.0}, 0, "format string"},
		{"print", written{"%d", m}, 1, "not matrix"},
		{"print", written{"%d", 1.5}, 1, "%d cannot show a value of type double"},
		{"print", written{"%f", types.IntT}, 1, "%f cannot show a value of type int"},
		{"print", written{"%d %d", int64(1)}, 0, "%d has no argument"},
		{"print", written{"%q", int64(1)}, 0, "not a conversion"},
		{"print", written{"%s %s", unknown, true}, 0, ""},
		{"print", written{types.Str, m}, 1, "not matrix"},
	} {
		row, _ := tab.Lookup(c.name)
		ps := row.Check(c.args)
		switch {
		case c.want == "" && len(ps) == 0:
		case c.want == "" || len(ps) != 1:
			t.Errorf("%s%v: %v", c.name, c.args, ps)
		case ps[0].Arg != c.at || !strings.Contains(ps[0].Msg, c.want) || !strings.HasPrefix(ps[0].Msg, c.name):
			t.Errorf("%s%v: %+v, want %q at argument %d", c.name, c.args, ps[0], c.want, c.at)
		}
	}
}
