package pool

import (
	"math/bits"
	"os"
)

// spillFile is a temporary file of extents of 2^k bytes. It is created when first
// needed and removed at once where the system allows that, so that nothing is left
// behind however the process ends.
type spillFile struct {
	dir  string
	f    *os.File
	name string // still to be removed
	end  int64
	free [64][]int64 // offsets of unused extents, by log2 of their size
}

// extent is where a matrix is stored; n is 0 when it is not.
type extent struct{ off, n int64 }

func extentClass(n int64) int { return bits.Len64(uint64(n - 1)) }

// reserve returns room for n > 0 bytes.
func (s *spillFile) reserve(n int64) (extent, error) {
	if s.f == nil {
		f, err := os.CreateTemp(s.dir, "gdml-spill-*")
		if err != nil {
			return extent{}, err
		}
		s.f = f
		if os.Remove(f.Name()) != nil {
			s.name = f.Name()
		}
	}
	k := extentClass(n)
	if l := s.free[k]; len(l) > 0 {
		s.free[k] = l[:len(l)-1]
		return extent{l[len(l)-1], n}, nil
	}
	off := s.end
	s.end += 1 << k
	return extent{off, n}, nil
}

// release makes the room of e available again.
func (s *spillFile) release(e extent) {
	k := extentClass(e.n)
	s.free[k] = append(s.free[k], e.off)
}

func (s *spillFile) close() error {
	if s.f == nil {
		return nil
	}
	err := s.f.Close()
	if s.name != "" {
		if rerr := os.Remove(s.name); err == nil {
			err = rerr
		}
	}
	s.f, s.name = nil, ""
	return err
}
