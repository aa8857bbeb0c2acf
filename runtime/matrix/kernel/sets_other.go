//go:build !amd64 || noasm

package kernel

// sets returns the sets that this processor can run, the best last.
func sets() []*set { return []*set{generic()} }
