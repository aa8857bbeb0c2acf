//go:build !amd64 || noasm

package par

// pause does nothing for a fraction of a microsecond. It is a call so that the
// loops around it do not hammer on the memory they watch.
//
//go:noinline
func pause() {
	for range 64 {
	}
}
