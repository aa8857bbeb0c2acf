package kernel

import (
	"syscall"
	"testing"
	"unsafe"
)

// page returns room for n values that ends, or begins, where memory must not be touched.
func page(t *testing.T, n int, end bool) []float64 {
	t.Helper()
	size := syscall.Getpagesize()
	data := (8*n + size - 1) / size * size
	m, err := syscall.Mmap(-1, 0, data+2*size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(m); err != nil {
			t.Error(err)
		}
	})
	for _, guard := range [][]byte{m[:size], m[size+data:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	x := unsafe.Slice((*float64)(unsafe.Pointer(&m[size])), data/8)
	if end {
		return x[len(x)-n:]
	}
	return x[:n:n]
}

// TestNothingOutsideIsTouched runs all kernels on operands that border on protected memory.
func TestNothingOutsideIsTouched(t *testing.T) {
	const most = 70
	for _, end := range []bool{false, true} {
		var all [4][]float64
		for i := range all {
			all[i] = page(t, most*most, end)
		}
		sub := func(i, n int) []float64 {
			if end {
				return all[i][len(all[i])-n:]
			}
			return all[i][:n:n]
		}
		eachSet(t, func(t *testing.T, s *set) {
			for n := range most {
				touchVectors(s, sub(0, n), sub(1, n), sub(2, n))
				for _, m := range []int{1, 3, 8, 9} {
					if n > 0 {
						touchMatrices(s, m, n, func(i, n int) []float64 { return sub(i, n) })
					}
				}
			}
		})
	}
}

func touchVectors(s *set, d, x, y []float64) {
	for o := range numOps {
		s.xy[o](d, x, y)
		s.xs[o](d, x, 2)
	}
	for f := range numFuncs {
		s.fun[f](d, x)
	}
	s.plusMul(d, x, 2, y)
	s.axpy(2, x, d)
	s.stream(d, x)
	s.dot(x, y)
	s.sum(x, 0)
	s.square(x, 1)
	s.min(x, 0)
	s.max(x, 0)
	s.countNonZero(x)
	s.lastIndex(x, 3)
}

func touchMatrices(s *set, m, n int, sub func(i, n int) []float64) {
	a, d := sub(0, m*n), sub(1, m*n)
	s.gemv(m, n, a, n, sub(2, n), sub(3, m))
	s.gemvT(m, n, a, n, sub(2, m), sub(3, n))
	s.transpose(m, n, a, n, d, m)
	s.addRows(m, n, a, n, sub(2, n), sub(3, n))
	s.sumRows(m, n, a, n, sub(2, m), sub(3, m))
	s.addRowsSq(m, n, a, n, sub(1, n), sub(2, n), sub(3, n))
	s.symRows(m, n, sub(1, m), a, n, sub(1, n), sub(2, n), sub(3, m))
	s.solveRows(m, n, sub(1, m*m), sub(3, m*n), n, false)
	s.solveRows(m, n, sub(1, m*m), sub(3, m*n), n, true)
	k := 5
	at := func(rows, step int) []float64 { return sub(0, (rows-1)*step+k) }
	s.gemm(m, n, k, Panels{at(m, k), s.mr * k, k, 1}, Panels{sub(1, k*n), s.nr, 0, n}, sub(2, m*n), n, Accumulate, Whole, 0, 0)
	s.gemm(m, n, k, Panels{sub(0, k*m), s.mr, 1, m}, Panels{sub(1, k*n), s.nr, 0, n}, sub(2, m*n), n, Write, Whole, 0, 0)
	s.packA(m, k, at(m, k), k, 1, sub(3, (m+s.mr-1)/s.mr*s.mr*k))
	s.packA(m, k, sub(0, k*m), 1, m, sub(3, (m+s.mr-1)/s.mr*s.mr*k))
	s.packB(k, n, sub(0, k*n), n, 1, sub(3, (n+s.nr-1)/s.nr*s.nr*k))
	s.packB(k, n, sub(0, k*n), 1, k, sub(3, (n+s.nr-1)/s.nr*s.nr*k))
}

// Products of sparse rows read the cells of these rows, and of the vector what they name.
func TestMulRowsTouchesItsRows(t *testing.T) {
	for _, end := range []bool{false, true} {
		for n := range 20 {
			val, x, y := page(t, n, end), page(t, 9, end), page(t, 2, end)
			idx := make([]int32, n)
			for p := range idx {
				val[p], idx[p], x[p%9] = 1, int32(p%9), 1
			}
			MulRows([]int{0, n / 2, n}, idx, val, x, y)
			if y[0] != float64(n/2) || y[1] != float64(n-n/2) {
				t.Errorf("%d cells: %v", n, y)
			}
		}
	}
}
