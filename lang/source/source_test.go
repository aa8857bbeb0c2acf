package source

import (
	"fmt"
	"sync"
	"testing"
)

func TestPosition(t *testing.T) {
	set := NewSet()
	set.Add("first.dml", "xyz")
	f := set.Add("x.dml", "ab\r\ncé漢d\n\nlast")
	for _, c := range []struct {
		off  int
		want string
	}{
		{0, "x.dml:1:1"}, {1, "x.dml:1:2"}, {4, "x.dml:2:1"}, {5, "x.dml:2:2"},
		{7, "x.dml:2:3"}, {10, "x.dml:2:4"}, // columns count characters, é has 2 bytes and 漢 has 3
		{12, "x.dml:3:1"}, {13, "x.dml:4:1"}, {17, "x.dml:4:5"},
	} {
		if got := set.Position(f.Base + Pos(c.off)).String(); got != c.want {
			t.Errorf("offset %d: got %s, want %s", c.off, got, c.want)
		}
	}
	if got := set.Position(1).String(); got != "first.dml:1:1" {
		t.Errorf("first position: got %s", got)
	}
	if got := set.Position(0).String(); got != "-" {
		t.Errorf("no position: got %s", got)
	}
	var none *Set
	if none.File(1) != nil || none.Position(1).File != nil {
		t.Error("a nil set finds a file")
	}
}

func TestLine(t *testing.T) {
	f := NewSet().Add("x.dml", "one\r\ntwo\n\nfour")
	for n, want := range map[int]string{0: "", 1: "one", 2: "two", 3: "", 4: "four", 5: "", -1: ""} {
		if got := f.Line(n); got != want {
			t.Errorf("line %d: got %q, want %q", n, got, want)
		}
	}
}

func TestFilesDoNotOverlap(t *testing.T) {
	set := NewSet()
	a, b, c := set.Add("a", "abc"), set.Add("b", ""), set.Add("c", "x")
	for _, f := range []*File{a, b, c} {
		if end := f.Base + Pos(len(f.Text)); set.File(f.Base) != f || set.File(end) != f {
			t.Errorf("file %s is not found by its first and last position", f.Name)
		}
	}
	if a.Offset(c.Base) != len(a.Text) || c.Offset(a.Base) != 0 {
		t.Error("offsets are not clamped to the file")
	}
}

func TestSpan(t *testing.T) {
	f := NewSet().Add("x", "hello world")
	a, b := f.Span(0, 5), f.Span(6, 11)
	if f.Slice(a) != "hello" || f.Slice(b) != "world" || f.Slice(a.To(b)) != "hello world" {
		t.Errorf("got %q, %q, %q", f.Slice(a), f.Slice(b), f.Slice(a.To(b)))
	}
	if none := (Span{}); none.IsValid() || none.To(a) != a || a.To(none) != a || !a.IsValid() {
		t.Error("the zero span is not ignored")
	}
}

func TestConcurrentUse(t *testing.T) {
	set := NewSet()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				f := set.Add(fmt.Sprint(i), "text")
				if set.File(f.Base+2) != f {
					t.Errorf("file %d of goroutine %d is lost", j, i)
				}
			}
		})
	}
	wg.Wait()
}
