// Package check analyses parsed scripts: names, calls, types, control flow.
//
// Program takes the main file, loads what it sources and the library functions it
// calls, resolves every call, infers static types, and reports what is wrong, all
// of it in one run. Its result, Info, lies beside the syntax tree: maps from nodes
// to facts. The tree is not changed.
//
// The checker knows builtins only as Universe (signatures); it does not know the
// builtin table, shapes or anything at run time. Dimensions are package
// compiler/size's matter.
package check
