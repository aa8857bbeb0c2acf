package pool

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gdml/runtime/matrix"
)

const kb = 1 << 10

// dense makes a matrix of p's arena whose cells are v.
func dense(p *Pool, bytes int, v float64) *matrix.Matrix {
	return matrix.Fill(&matrix.Ctx{Mem: p.Arena(), Form: matrix.FormDense}, bytes/8, 1, v)
}

func (p *Pool) drop(m *matrix.Matrix) {
	p.Retire(m)
	m.Release()
}

func TestCountsOncePerMatrix(t *testing.T) {
	p := New(0)
	m := dense(p, 8*kb, 1)
	p.Publish(m)
	p.Publish(m)
	if n := p.Live(); n != m.Bytes() {
		t.Errorf("%d bytes are live; want %d", n, m.Bytes())
	}
	p.Retire(m)
	p.drop(m)
	if p.Live() != 0 || p.Peak() < 8*kb || len(p.held) != 0 {
		t.Errorf("%d bytes are live, %d at the peak, %d known", p.Live(), p.Peak(), len(p.held))
	}
}

func TestNoBooks(t *testing.T) {
	p := Make(Options{Keep: kb})
	m := dense(p, 8*kb, 1)
	p.Publish(m)
	if p.Live() != 0 || len(p.held) != 0 || p.Limited() {
		t.Error("a pool without statistics or limit counts")
	}
	p.drop(m)
}

// Matrices come back as they were, the least recently used ones go first.
func TestSpillAndRestore(t *testing.T) {
	p := Make(Options{Limit: 400 * kb, Dir: t.TempDir()})
	defer p.Close()
	var ms []*matrix.Matrix
	for i := range 8 {
		m := dense(p, 100*kb, float64(i))
		p.Publish(m)
		ms = append(ms, m)
		if i == 2 {
			p.Pin(ms[0])
			p.Unpin(ms[0])
		}
	}
	if n := p.Arena().Used(); n > 400*kb {
		t.Errorf("%d bytes are used", n)
	}
	if ms[0].Evicted() != true || ms[7].Evicted() || ms[1].Evicted() != true {
		t.Error("the newest must stay, the oldest go")
	}
	for round := range 3 {
		for i, m := range ms {
			p.Pin(m)
			for _, v := range m.DenseData() {
				if v != float64(i) {
					t.Fatalf("round %d: matrix %d holds %v", round, i, v)
				}
			}
			p.Unpin(m)
		}
	}
	s := p.Spilled()
	if s.Out < 8 || s.In < 8 || s.BytesOut != s.Out*100*kb/8*8 {
		t.Errorf("%+v", s)
	}
	if end := p.file.end; end > 16*128*kb {
		t.Errorf("the file grew to %d bytes: extents are not used again", end)
	}
	for _, m := range ms {
		p.drop(m)
	}
	if p.Live() != 0 || p.Arena().Used() != 0 || len(p.held) != 0 {
		t.Errorf("%d bytes are live, %d used, %d known", p.Live(), p.Arena().Used(), len(p.held))
	}
}

func TestSpillSparse(t *testing.T) {
	p := Make(Options{Limit: 300 * kb, Dir: t.TempDir()})
	defer p.Close()
	r := rand.New(rand.NewPCG(1, 2))
	var ms, copies []*matrix.Matrix
	for range 6 {
		s := &matrix.CSR{RowPtr: make([]int, 1, 1001)}
		for range 1000 {
			for j := r.IntN(3); j < 50; j += 1 + r.IntN(9) {
				s.ColIdx = append(s.ColIdx, int32(j))
				s.Val = append(s.Val, r.Float64())
			}
			s.RowPtr = append(s.RowPtr, len(s.Val))
		}
		m := matrix.FromCSR(1000, 50, s)
		copies = append(copies, m.ToDense(nil))
		p.Publish(m)
		ms = append(ms, m)
	}
	if p.Spilled().Out < 3 {
		t.Errorf("%+v: nothing was moved out", p.Spilled())
	}
	for i, m := range ms {
		p.Pin(m)
		if !m.IsSparse() || !matrix.Equal(m, copies[i]) {
			t.Errorf("matrix %d came back different", i)
		}
		p.Unpin(m)
	}
	for _, m := range ms {
		p.drop(m)
	}
	if n := p.Arena().Used(); n != 0 {
		t.Errorf("%d bytes are used in the end", n)
	}
}

// shortage returns the error f panics with.
func shortage(t *testing.T, f func()) (e *matrix.MemoryError) {
	t.Helper()
	defer func() {
		if err, ok := recover().(error); !ok || !errors.As(err, &e) {
			t.Fatalf("no memory error: %v", err)
		}
	}()
	f()
	return nil
}

func TestWhatIsInUseStays(t *testing.T) {
	p := Make(Options{Limit: 250 * kb, Dir: t.TempDir()})
	defer p.Close()
	pinned, shared := dense(p, 100*kb, 1), dense(p, 100*kb, 2)
	p.Publish(pinned)
	p.Publish(shared)
	p.Pin(pinned)
	shared.Retain() // by a list, say
	e := shortage(t, func() { dense(p, 100*kb, 3) })
	if e.Need < 100*kb || e.Used < 200*kb || e.Limit != 250*kb || !strings.Contains(e.Error(), "100.0 KB are needed here, but ") {
		t.Errorf("%+v: %v", e, e)
	}
	shared.Release()
	m := dense(p, 100*kb, 3)
	if pinned.Evicted() || !shared.Evicted() {
		t.Error("the wrong matrix was moved out")
	}
	m.Release()
	// What is released while it is on disk frees its place there.
	p.drop(shared)
	if len(p.file.free[extentClass(100*kb)]) != 1 {
		t.Error("the place on disk is lost")
	}
	p.Unpin(pinned)
	p.drop(pinned)
}

func TestTooLargeForTheLimit(t *testing.T) {
	p := Make(Options{Limit: 64 * kb, Dir: t.TempDir()})
	defer p.Close()
	shortage(t, func() { dense(p, 100*kb, 3) })
	shortage(t, func() { p.Publish(matrix.FromDense(1000, 20, make([]float64, 20000))) })
	m := dense(p, 60*kb, 1)
	m.Release()
	if n := p.Arena().Used(); n != 0 {
		t.Errorf("%d bytes are used", n)
	}
}

func TestNoPlaceOnDisk(t *testing.T) {
	p := Make(Options{Limit: 150 * kb, Dir: filepath.Join(t.TempDir(), "missing")})
	defer p.Close()
	m := dense(p, 100*kb, 1)
	p.Publish(m)
	e := shortage(t, func() { dense(p, 100*kb, 2) })
	if !errors.Is(e, os.ErrNotExist) || !strings.Contains(e.Error(), "cannot move values to disk") {
		t.Errorf("%v", e)
	}
	if m.Evicted() || m.DenseData()[0] != 1 {
		t.Error("a matrix that could not be written is gone")
	}
}

// A matrix that nobody released does not count once it is collected.
func TestLostMatrices(t *testing.T) {
	p := Make(Options{Limit: 300 * kb, Dir: t.TempDir()})
	defer p.Close()
	for range 20 {
		dense(p, 100*kb, 1)
	}
	if n := p.Arena().Used(); n > 300*kb {
		t.Errorf("%d bytes are used", n)
	}
}

func TestConcurrentUse(t *testing.T) {
	p := Make(Options{Limit: 500 * kb, Dir: t.TempDir()})
	defer p.Close()
	var shared []*matrix.Matrix
	for i := range 6 {
		m := dense(p, 50*kb, float64(i))
		p.Publish(m)
		shared = append(shared, m)
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 0))
			for range 200 {
				i := r.IntN(len(shared))
				m := shared[i].Retain()
				p.Publish(m)
				p.Pin(m)
				own := dense(p, 40*kb, m.At(0, 0))
				p.Publish(own)
				p.Unpin(m)
				p.drop(m)
				p.Pin(own)
				if v := own.At(9, 0); v != float64(i) {
					t.Errorf("matrix %d holds %v", i, v)
				}
				p.Unpin(own)
				p.drop(own)
			}
		})
	}
	wg.Wait()
	for _, m := range shared {
		p.drop(m)
	}
	if p.Arena().Used() != 0 || p.Live() != 0 || len(p.held) != 0 {
		t.Errorf("%d bytes are used, %d live, %d known", p.Arena().Used(), p.Live(), len(p.held))
	}
}
