// Package scripts holds the DML files that travel with the binary.
//
//	builtin/   library functions written in DML: NAME.dml defines m_NAME, f_NAME or s_NAME,
//	           called as NAME(...); its other functions are helpers of the file
//	nn/        layers, optimizers and networks, one file each, to source by paths such as
//	           "nn/layers/affine.dml"
//	generators/  functions that make data with given seeds, to source likewise
//	examples/  complete programs to run with gdml -f
//	workloads/ programs that measure: each prints the table its comment describes
//	data/      small data sets for the examples, attributed in data/README.md
//
// FS holds all of them as they stand in the repository; Read and Names look into
// it. The package knows nothing of the language: who compiles a script finds it
// here by its path.
package scripts
