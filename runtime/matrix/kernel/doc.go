// Package kernel holds the inner loops of the matrix operations.
//
// A kernel sees slices, strides and numbers and nothing else: no matrix type, no
// allocation, no goroutines, no errors. What it requires is in its comment and is
// checked by the caller; the comment's loop is its definition, up to the order of
// additions and to the stated error of elementary functions.
//
// Tiers. Every kernel exists in plain Go. On amd64 those that decide over speed
// exist in assembly too, for AVX-512 and for AVX2 with FMA; the module asmgen below
// this directory writes it (go generate), and the build tag noasm leaves it out. A
// set, a struct of functions, is the kernels of one tier. Which set the exported
// functions run is decided once, when the program starts: the best that the
// processor has, or the one that the environment variable GDML_CPU names (generic,
// avx2, avx512). Tests run all sets side by side.
//
// The result of a kernel depends on its arguments and on the tier, on nothing else.
// Tiers may differ in the last bits: assembly uses fused multiply-adds and more
// lanes. Compensated sums (Acc) agree to their last digit or nearly so.
//
// Assembly cannot be preempted, so the Go side cuts long operands: one call takes
// some ten microseconds at most.
package kernel

//go:generate sh -c "cd asmgen && go run . -out ../kernel_amd64.s -stubs ../kernel_amd64.go -pkg kernel"
