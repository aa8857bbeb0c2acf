// Package pool accounts for the memory of live values.
//
// A Pool is the memory budget of a run: it owns the arena that dense buffers come
// from and counts the bytes of the matrices that variables hold, now and at the
// peak. A matrix counts once however many variables share it. A Pool may be used
// by several goroutines.
//
// The types to know: Pool. It moves no data itself.
package pool
