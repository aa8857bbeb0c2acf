package check

import (
	"gdml/lang/ast"
	"gdml/lang/types"
)

// Universe is the set of builtins.
type Universe interface {
	Signature(name string) (*types.Signature, bool)
	Names() []string
}

// Loader finds source text.
type Loader interface {
	// Source returns the text of source(path) in a file; dir is the setwd directory in force, from the
	// name of the sourcing file. key identifies the file: equal keys are the same file.
	Source(path, dir, from string) (key, name, text string, err error)
	// Library returns the text of the DML-bodied builtin called name. ok is false when there is none.
	Library(name string) (key, file, text string, ok bool)
	// LibraryNames lists the DML-bodied builtins, for hints.
	LibraryNames() []string
}

// Config is what Program needs besides the main file.
type Config struct {
	Universe Universe
	Loader   Loader
	Args     map[string]Value      // $name and $1 values
	Vars     map[string]types.Type // variables that exist before the script starts (REPL, embedding)
	Funcs    map[string]*Func      // functions defined earlier (REPL), by name
	Aliases  map[string]*Unit      // namespaces bound earlier (REPL), in addition to those of the files of Funcs
	Partial  bool                  // unknown $x is a symbolic value of unknown type instead of an error
	Library  []string              // library functions to load although no call mentions them
	REPL     bool                  // a builtin may be called without a target; its value is shown
}

// Value is the literal a command line argument stands for: int64, float64, bool or string.
// In Config.Args nil stands for an argument that was not passed.
type Value any

// Info is everything the checker found.
type Info struct {
	Main  *Unit
	Units map[string]*Unit // by key
	Funcs []*Func          // every function of every loaded unit, main script first, in source order

	Types  map[ast.Expr]types.Type // static type of every expression
	Calls  map[*ast.Call]*Target   // what each call means
	Args   map[*ast.Arg]Value      // value of each $ parameter; absent when unset in an ifdef
	Ifdefs map[*ast.Ifdef]ast.Expr // the chosen right-hand side: the *ast.Arg or the default
	Merges map[*ast.For][]Merge    // outer variables a parfor writes
	Loops  map[*ast.For]LoopParams // evaluated parfor parameters
	Refs   map[ast.Expr]*Func      // functions named by arguments, keyed by the literal in Target.Args
	Entry  []*Func                 // functions of Config.Library
	Used   map[string]bool         // $ parameters that the script mentions
	Vars   map[string]types.Type   // variables of the main script at its end
	Conds  map[ast.Node]bool       // statements that are conditional (inside if, for, while)
}

// Unit is one loaded file.
type Unit struct {
	Key     string // ".defaultNS" for the main script, the normalised path of a sourced file, ".builtinNS" for library files
	File    *ast.File
	Funcs   map[string]*Func
	Aliases map[string]*Unit
}

// Func is a function definition with its key (Unit.Key + "::" + name).
type Func struct {
	Key   string
	Name  string
	Decl  *ast.FuncDef
	Unit  *Unit
	Types map[string]types.Type // variables of the body at its end
}

// Target is what a call resolves to.
type Target struct {
	Builtin *types.Signature // exactly one of Builtin and Func is set
	Name    string           // canonical builtin name
	Func    *Func

	// Args are the arguments in parameter order, nil where none was passed; the arguments of a
	// variadic last parameter follow one another. For a builtin with Binding Collect they are as
	// written, with their names in Names. An argument that names a function (types.Param.Func), and
	// the variable of exists(x), are replaced by a string literal with the function's key or the
	// variable's name.
	Args  []ast.Expr
	Names []string

	Results []types.Type
}

// Merge is a variable from before a parfor that its body writes.
type Merge struct {
	Var        string
	Accumulate bool
	Disjoint   bool // proved: no two iterations touch the same cell
}

// LoopParams are the parfor parameters that matter on one machine.
type LoopParams struct {
	Check bool
	Par   ast.Expr // nil when not given
	Log   bool
}
