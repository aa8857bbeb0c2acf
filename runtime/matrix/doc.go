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
// the caller holds the only reference and will not read it again. Such a door returns
// either that operand, with the caller's reference, or another matrix; in the second
// case the operand is still the caller's to release, though its cells may be lost.
// A CSR result may share its index slices with an operand; they are never changed.
//
// Memory. An arena may have a limit. What does not fit then makes a door panic with a
// *MemoryError, in whatever goroutine it happens; its result is lost and the caller
// turns the panic into an error. Evict and Restore take the cells of a matrix that
// nobody uses out of memory and back; they are for package pool.
//
// Sizes. Doors check what they are given and return errors that name both sizes; an
// error is plain text, the place in the script is added by the caller. Ranges are
// 0-based and half-open. Matrices without rows or columns are legal everywhere.
//
// Numerics. Dense operations follow IEEE 754, so NaN*0 is NaN. Structural zeros of
// a CSR operand are skipped in products and zero-preserving operations. Sums are
// compensated and blocked in an order that depends on the size alone; so is the
// order of the terms of a product. Results are therefore the same to the bit for any
// number of threads. Where an infinite term makes a compensated sum NaN, the plain
// sum counts.
package matrix
