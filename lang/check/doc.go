// Package check analyses parsed scripts: names, calls, types, control flow.
//
// Program takes the main file, loads what it sources and the library functions it
// calls, resolves every call, infers static types, and reports what is wrong, all
// of it in one run. Its result, Info, lies beside the syntax tree: maps from nodes
// to facts. The tree is not changed.
//
// The types to know are Config (what a script may use), Info, Unit (a loaded file),
// Func and Target (what a call means). Every file is loaded once and becomes a Unit;
// functions are checked whether they are called or not, each once, with the types that
// their signatures declare. Files are parsed by lang/parse and found through Loader.
//
// Statements are checked in source order with the variables known at each point (env).
// A branch or loop body gets a copy, and the copies are joined. A loop body is first
// checked quietly until the types at its head stand still. A type that is not known is
// types.Any and causes no errors, so that one mistake gives one message.
//
// In a parfor the checker also decides which outer variables are results, and proves
// that iterations are independent, or refuses the loop (deps.go, forms.go).
//
// The checker knows builtins only as Universe (signatures); it does not know the
// builtin table, shapes or anything at run time. Dimensions are package
// compiler/size's matter.
package check
