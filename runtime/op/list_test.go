package op

import (
	"strings"
	"testing"

	"gdml/lang/op"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

func TestEntry(t *testing.T) {
	x := rows([]float64{1, 2})
	l := func() *value.List {
		return value.NewList([]value.Value{x.Retain(), int64(7), "s"}, []string{"a", "b", "c"})
	}
	for _, tt := range []struct {
		matrix bool
		l, at  value.Value
		want   any // a value, or the text of an error
	}{
		{true, l(), "a", x},
		{false, l(), int64(1), x},
		{false, l(), 2.0, int64(7)},
		{false, l(), "c", "s"},
		{true, l(), int64(4), "!list index 4 is outside 1..3"},
		{true, l(), "d", "!no entry called"},
		{false, x, int64(1), "!an entry is taken from a list, not from a 1x2 matrix"},
	} {
		got, err := exec1(&Entry{Matrix: tt.matrix, L: 0, I: 1, Dst: 2}, 3, value.Retain(tt.l), tt.at)
		if s, ok := tt.want.(string); ok && strings.HasPrefix(s, "!") {
			if err == nil || !strings.Contains(err.Error(), s[1:]) {
				t.Errorf("entry %v fails with %v; want %s", tt.at, err, s[1:])
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("entry %v (matrix %v) = %v, %v; want %v", tt.at, tt.matrix, got, err, tt.want)
		}
	}
	if m, err := exec1(&Entry{Matrix: true, L: 0, I: 1, Dst: 2}, 3, l(), int64(2)); err != nil || value.TypeOf(m).String() != "matrix[double]" {
		t.Errorf("the number as a matrix is %v, %v", m, err)
	}
}

// A list that nobody else holds is changed in place; one that is shared stays as it was.
func TestUpdateList(t *testing.T) {
	set := func(shared bool) (in, out *value.List) {
		l := value.NewList([]value.Value{int64(1), int64(2)}, nil)
		if shared {
			value.Retain(l)
		}
		m := bench(4, l, 2.5, int64(2))
		i := &Update{Meta: exec.Meta{Kill: []exec.Slot{0}, Out: []exec.Slot{3}}, Sub: op.Subscript{Rows: op.One, OneDim: true}, X: 0, Y: 1, Dst: 3, Bounds: []exec.Slot{2}}
		if err := runOn(m, i); err != nil {
			t.Fatal(err)
		}
		if !m.Unset(0) {
			t.Error("the old list is still there")
		}
		return l, m.Value(3).(*value.List)
	}
	if in, out := set(false); in != out || out.At(1) != 2.5 || out.At(0) != int64(1) {
		t.Errorf("a list of one's own is copied, or holds %v", out.At(1))
	}
	if in, out := set(true); in == out || in.At(1) != int64(2) || out.At(1) != 2.5 {
		t.Errorf("a shared list changes to %v, the copy holds %v", in.At(1), out.At(1))
	}
}
