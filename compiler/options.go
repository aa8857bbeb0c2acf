package compiler

import (
	"time"

	"gdml/compiler/hop"
	"gdml/lang/check"
	"gdml/lang/op"
	"gdml/lang/types"
)

// Optimisation levels.
const (
	O0 = 0 // one instruction for each written operation, nothing shared or overwritten
	O1 = 1 // constant folding, common subexpressions, liveness
	O2 = 2 // all rewrites and physical operators
)

// Source is a script.
type Source struct {
	Name string // as shown in messages; files that the script sources are looked up beside it
	Text string
}

// Options configures Compile. The zero value compiles at O0 without arguments.
type Options struct {
	Level   int
	Args    map[string]string // $name and $1 values as text, typed by check.ParseArg
	LibDirs []string          // directories of library files NAME.dml that win over the embedded ones
	Dir     string            // directory that relative source paths start from; "" is the working directory
	Disable []string          // names of rewrites to leave out
	Check   bool              // verify the HOPs after every pass (tests)

	// For programs that are entered piece by piece; see Session.
	REPL    bool // bare expressions are allowed
	Vars    map[string]Var
	Funcs   map[string]*check.Func
	Aliases map[string]*check.Unit

	library []string // library functions to compile although the script does not call them

	// Watch, if set, is called after every pass with the HOPs as they are (nil before
	// the build) and the time the pass took.
	Watch func(pass string, p *hop.Program, d time.Duration)
}

// Var is what is known of a variable that exists before the script starts.
type Var struct {
	Type  types.Type
	Shape op.Shape
}
