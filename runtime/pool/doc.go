// Package pool accounts for the memory of live values and keeps a run within a limit.
//
// A Pool is the memory budget of a run: it owns the arena that dense buffers come
// from and counts the bytes of the matrices that variables hold, now and at the
// peak. A matrix counts once however many variables share it. A Pool may be used
// by several goroutines.
//
// With a limit, whoever needs memory that is not there causes the least recently
// used matrices to be written to a temporary file. They come back when an
// instruction pins them: before it reads a variable it calls Pin, afterwards Unpin.
// A matrix is moved only if it is not pinned and nothing but variables refers to it,
// so code that holds a reference of its own, such as a list, never sees one without
// cells. When nothing is left to move, the request fails with a *matrix.MemoryError.
//
// A Pool without statistics or limit keeps no books at all.
//
// The types to know: Pool and Options. The package knows neither instructions nor
// frames: slots tell it what they hold.
package pool
