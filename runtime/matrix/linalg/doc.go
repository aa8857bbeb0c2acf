// Package linalg factorises dense matrices: Cholesky, LU and QR, and what is made of
// them, solutions of linear systems and inverses; eigenvalues of symmetric matrices and
// singular values with their vectors.
//
// The drivers are recursive or blocked, so that nearly all of the arithmetic is a
// matrix product: matrix.Gemm runs it at the speed of the processor and on all
// threads of the Ctx. What is left, panels of a few columns, runs on the vector
// kernels.
//
// Two kinds of functions. Doors take and return matrices, check sizes and cells and
// return errors: they are what builtins call. Below them drivers see row-major slices
// with a distance between rows (ld), overwrite their operands and check nothing but
// singularity; sizes are the caller's business and stand in their comments.
//
// What must hold:
//
//   - Operands of doors are never changed. Drivers name what they overwrite.
//   - Cells are finite: doors refuse NaN and infinities, drivers need not end well on them.
//   - Where a panel is cut depends on the sizes alone. Results are the same to the bit
//     for any number of threads.
//   - Temporary buffers come from the arena of the Ctx and go back to it.
//
// The algorithms are those of G. Golub and C. Van Loan, Matrix Computations, 4th
// edition, unless a function names its own source.
package linalg
