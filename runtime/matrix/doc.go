// Package matrix holds the matrix value and its operations.
//
// A Matrix is dense row-major float64 or CSR; which one is a storage decision
// taken by one function, Compact, when a result is complete. Operations are
// "doors": exported functions that check dimensions, choose the loop by
// representation once, cut the work into chunks whose size does not depend on the
// number of threads, and call kernels on slices (package kernel). Every door takes
// a Ctx: the thread budget and the arena that buffers come from.
//
// Ownership. A matrix is mutable only until its maker hands it out; afterwards it
// is frozen and may be read by any number of goroutines. References are counted:
// the maker holds one, Retain adds one, Release drops one, and the last Release
// returns the buffer to its arena. Forgetting a Release costs memory until the
// garbage collector finds it; a Release too many is a bug and panics. A door may
// overwrite an operand only when its caller passes it as reusable, which means:
// the caller holds the only reference and will not read it again.
//
// Numerics. Dense operations follow IEEE 754, so NaN*0 is NaN. Structural zeros of
// a CSR operand are skipped in products and zero-preserving operations. Sums are
// compensated and blocked in an order that depends on the size alone.
package matrix
