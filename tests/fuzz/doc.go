// Package fuzz writes random DML programs and tests the whole chain with them.
//
// Program returns the text of one program, the same for the same seed. It knows the
// type of every variable and the size of every matrix, so that a program is valid by
// construction: scalars of all types, matrices, lists, functions, branches, loops,
// parfor, indexing, frames, printing. Faulty returns such a program with one mistake in it.
//
// The tests run programs at all optimisation levels and with several threads and
// demand the same output. When the environment variable GDML_SYSTEMDS names the
// launcher of Apache SystemDS they run there, too, and the outputs are compared:
// GDML_FUZZ_PROGRAMS programs from the seed GDML_FUZZ_FIRST on.
package fuzz
