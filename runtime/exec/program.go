package exec

import (
	"slices"

	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/value"
)

// Slot is an operand: a frame slot (>= 0) or constant ^s of the function (< 0).
type Slot int32

// NoSlot is the operand of an argument that was not passed.
const NoSlot Slot = -1 << 31

// Meta is what every instruction carries: its operands and where it comes from.
type Meta struct {
	Opcode string // SystemDS opcode or builtin name, for explain and statistics
	At     source.Span
	In     []Slot
	Out    []Slot
	Kill   []Slot // frame slots whose last use this is; released after Exec
	Reads  []Read // where the variables among the operands are written, for messages
}

// Read is the mention of a variable that an operand comes from.
type Read struct {
	Slot Slot
	At   source.Span
}

// Info returns m. Instructions get it by embedding Meta.
func (m *Meta) Info() *Meta { return m }

// Dies reports whether the value of operand s is not needed after the instruction,
// because it is used for the last time or because the result replaces it.
func (m *Meta) Dies(s Slot) bool { return slices.Contains(m.Kill, s) || slices.Contains(m.Out, s) }

// Instruction is one planned operation. Instructions are shared by goroutines and
// must not change when executed. Operands are lent; results are stored with Set or
// Adopt. The machine adds the position to an error that has none.
type Instruction interface {
	Exec(m *Machine) error
	Info() *Meta
}

// Program is a compiled script.
type Program struct {
	Main    *Function
	Funcs   map[string]*Function // by key: "path::name", ".defaultNS::name" for the main script, ".builtinNS::name" for the library
	Sources *source.Set

	// Resolver finds library functions that the program does not hold. It is asked for names
	// that are made at run time; nil when there is no library.
	Resolver Resolver
}

// Resolver compiles library functions while a program runs. It may be called from several goroutines.
type Resolver interface {
	// Library returns a program that holds library function name with all it calls, nil when
	// there is no such function. Equal names give the same program. The error tells why a
	// function does not compile.
	Library(name string) (*Program, error)
}

// Function is a compiled function, or the main program.
type Function struct {
	Key     string
	Name    string // for messages and statistics
	At      source.Span
	Params  []Param
	Results []Result
	Body    []Block
	Slots   int             // size of the frame
	Consts  []value.Value   // operands ^0, ^1, ...
	Vars    map[string]Slot // slot of each named variable; slots not listed are temporaries
	Names   []string        // name of each slot, "" for temporaries
	Home    *Program        // program it was compiled with; nil in programs made by hand
	Cast    bool            // scalar results are converted to their declared type (language reference §9.3)
}

// Param is a parameter of a Function.
type Param struct {
	Name    string
	Type    types.Type
	Slot    Slot
	Default *Pred // evaluated in the callee's frame when the argument is missing; nil when required
}

// Result is a declared result of a Function.
type Result struct {
	Name string
	Type types.Type
	Slot Slot
}

// Block is a piece of control flow.
type Block interface {
	Run(m *Machine) error
}

// Pred is a predicate or bound: instructions that leave their result in Out (which may be a constant).
type Pred struct {
	Instrs []Instruction
	Out    Slot
	At     source.Span
	Kill   []Slot // temporaries released once the result was read
}

// Basic is a straight-line block.
type Basic struct {
	Instrs []Instruction
}

// If runs Then or Else. Drop lists slots that are dead after the block whichever branch ran.
type If struct {
	Cond       Pred
	Then, Else []Block
	Drop       []Slot
}

// While runs Body as long as Cond holds.
type While struct {
	Cond Pred
	Body []Block
	Drop []Slot
}

// For runs Body with Var = From, From+Incr, ... up to To. Incr.Out is NoSlot when not given.
type For struct {
	Var            Slot
	From, To, Incr Pred
	Body           []Block
	Drop           []Slot
	At             source.Span
}

// ParFor is a for loop whose iterations run side by side.
type ParFor struct {
	For
	Par     Pred    // wanted number of workers; Out is NoSlot when not given
	Results []Merge // variables that live on after the loop
	Private []Slot  // other slots that the body assigns and that are read after the loop
	Log     bool    // report iterations, workers and time as progress
}

// Merge says how a parfor result is put together (spec language.md §11.4).
type Merge struct {
	Slot       Slot
	Accumulate bool // += : initial value plus the sum of the workers' changes

	// Disjoint: iterations neither read nor write what another one writes, so that chunks may
	// work on one matrix after another and any order of merging gives the same cells.
	Disjoint bool
}
