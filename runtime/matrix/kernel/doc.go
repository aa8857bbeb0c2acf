// Package kernel holds the inner loops of the matrix operations.
//
// A kernel sees slices, strides and numbers and nothing else: no matrix type, no
// allocation, no goroutines, no errors. What it requires is in its comment and is
// checked by the caller; the comment's loop is its definition. Kernels are plain Go
// and portable. The few that decide over speed (Gemm's tile, Dot, Axpy, the sums)
// have signatures that a version in assembly can take over.
//
// Acc, a compensated sum, is the one type. Where a kernel adds in several lanes the
// lanes and their merge order are fixed by the length of the data, so that equal
// input gives equal bits.
package kernel
