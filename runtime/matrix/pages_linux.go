package matrix

import (
	"syscall"
	"unsafe"
)

const (
	hugePage  = 2 << 20
	hugeBytes = 4 << 20 // smallest buffer that is worth it
)

// hugePages asks for pages of 2 MB under a new buffer that nobody has touched. With
// them, loops over more memory than the processor can keep the addresses of are up to
// a third faster, and the first touch of a buffer costs a third. Where the system
// has none, or does not want to give any, nothing changes.
func hugePages(b []float64) {
	if 8*len(b) < hugeBytes {
		return
	}
	start := uintptr(unsafe.Pointer(&b[0]))
	skip := int((start+hugePage-1)&^(hugePage-1) - start)
	bytes := raw(b)[skip:]
	// An error leaves ordinary pages, which are as good but slower.
	_ = syscall.Madvise(bytes[:len(bytes)&^(hugePage-1)], syscall.MADV_HUGEPAGE)
}
