package types

import "strings"

// Data is a DML data type.
type Data uint8

// Data types. Unknown is static only: list elements and values whose type depends on the run.
const (
	Unknown Data = iota
	Scalar
	Matrix
	Frame
	List
	Tensor
	numData
)

// Elem is the value type of a scalar, or of the cells of a matrix.
type Elem uint8

// Value types.
const (
	AnyElem Elem = iota
	Int
	Double
	Bool
	String
	numElem
)

var dataNames = [numData]string{"unknown", "scalar", "matrix", "frame", "list", "tensor"}
var elemNames = [numElem]string{"unknown", "int", "double", "boolean", "string"}

func (d Data) String() string { return dataNames[d] }
func (e Elem) String() string { return elemNames[e] }

// Type is a static type. The zero value is "unknown".
type Type struct {
	Data Data
	Elem Elem
}

// The types that have no parameters of their own.
var (
	Any    = Type{}
	IntT   = Type{Scalar, Int}
	Dbl    = Type{Scalar, Double}
	BoolT  = Type{Scalar, Bool}
	Str    = Type{Scalar, String}
	Scal   = Type{Scalar, AnyElem} // a scalar of any value type
	Mat    = Type{Matrix, Double}
	FrameT = Type{Frame, AnyElem}
	ListT  = Type{List, AnyElem}
	// TensorT is a tensor of any value type; the static types do not tell which.
	TensorT = Type{Tensor, AnyElem}
)

// IsNumeric reports whether t is a scalar int or double.
func (t Type) IsNumeric() bool { return t.Data == Scalar && (t.Elem == Int || t.Elem == Double) }

// String writes a type the way a DML signature does: double, matrix[double], list[unknown].
func (t Type) String() string {
	switch t.Data {
	case Scalar:
		if t.Elem == AnyElem {
			return "scalar"
		}
		return t.Elem.String()
	case Unknown:
		return "unknown"
	}
	return t.Data.String() + "[" + t.Elem.String() + "]"
}

// Accepts reports whether an argument of static type a may be passed where t is
// wanted. Unknown is accepted everywhere (it is settled at run time), numbers
// and booleans convert to each other (spec language.md §9.3), and a parameter
// without a value type takes every value type.
func (t Type) Accepts(a Type) bool {
	if t.Data == Unknown || a.Data == Unknown {
		return true
	}
	return t.Data == a.Data
}

// Join returns the type that covers both a and b after a control-flow join.
func Join(a, b Type) Type {
	if a == b {
		return a
	}
	if a.Data != b.Data {
		return Any
	}
	return Type{a.Data, AnyElem}
}

// Param describes one parameter of a builtin.
type Param struct {
	Name     string
	Type     Type
	Or       Data // another data type that is taken as well; Unknown for none
	Optional bool
	Default  string   // as shown by help, a DML expression; "" when the parameter is required or has no fixed default
	Enum     []string // legal words of a string parameter, checked when the argument is a literal
	AnyCase  bool     // capitals do not matter in the words of Enum
	Variadic bool     // takes all remaining arguments; last parameter only
	Func     bool     // a string naming a DML function, or the bare name of one
	Keyword  bool     // must be passed by name; Binding Named only
	Doc      string   // one line for help
}

// Binding says how the arguments of a call are matched with the parameters.
type Binding uint8

// Binding rules (spec builtins.md §1).
const (
	Positional Binding = iota // names are ignored, arguments are taken as written
	Named                     // by name in any order; leading unnamed arguments are taken in order
	Collect                   // everything is collected in call order with its name: list(a=1, 2), print("%d", n)
)

// Signature is the static face of a builtin.
type Signature struct {
	Name    string
	Params  []Param
	Binding Binding
	Results []Type // one entry per result; none for print, stop, assert, write

	// NamesOnly is set when an argument without a name is an error (Binding Named).
	NamesOnly bool

	// Ignored lists names of arguments that are accepted with a warning and have no effect, as
	// in the reference (Binding Named).
	Ignored []string

	// MultiResult is set when the call must stand alone on the right of [a, b] = f(...).
	MultiResult bool

	// Statement is set for builtins that are call statements and have no value: print, stop, assert, write.
	Statement bool

	// ResultOf computes the result types from the bound argument types (nil entries of a
	// missing optional argument are Any). Nil means Results as they stand.
	ResultOf func(args []Type) []Type

	// ResultFor is ResultOf for a builtin whose result types depend on constant arguments, as
	// read's do on data_type. Nil means ResultOf.
	ResultFor func(call Call) []Type

	// Check examines one bound call beyond types and enums and returns what is wrong with it.
	// It sees literals only and must not fail on what it cannot see. Nil means no further check.
	Check func(call Call) []Problem
}

// Problem is one fault found by Signature.Check.
type Problem struct {
	Arg  int // index into Signature.Params of the argument to point at, or -1 for the whole call
	Msg  string
	Hint string
	Warn bool // a warning, not an error

	// Code is the diag.Code of the problem; 0 stands for diag.BadValue. A FileMissing,
	// BadMetadata or BadData becomes a warning where the code may not run, or the script may still
	// make the file.
	Code uint16
}

// Call is what Signature.Check may know of a call.
type Call interface {
	// Has reports whether parameter i was passed.
	Has(i int) bool
	// Literal returns the constant value of parameter i (int64, float64, bool or string), if it has one.
	Literal(i int) (any, bool)
	// TypeOf returns the static type of parameter i, Any when it is missing or unknown.
	TypeOf(i int) Type
	// Function resolves a function key as paramserv and eval do and returns its
	// parameters and results. ok is false when there is no such function.
	Function(key string) (f FuncSig, ok bool)
	// Functions lists the names of the functions in sight, for hints.
	Functions() []string
}

// FuncSig is the declared signature of a DML function.
type FuncSig struct {
	Name       string
	Params     []FuncParam
	Results    []FuncParam
	HasDefault []bool // per parameter
}

// FuncParam is a declared parameter or result of a DML function.
type FuncParam struct {
	Name string
	Type Type
}

// String writes the signature for help: rand(rows=1, cols=1, ...) -> matrix[double].
func (s *Signature) String() string {
	var b strings.Builder
	b.WriteString(s.Name)
	b.WriteByte('(')
	for i, p := range s.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.Name)
		switch {
		case p.Variadic:
			b.WriteString("...")
		case p.Default != "":
			b.WriteString("=" + p.Default)
		case p.Optional:
			b.WriteString("=?")
		}
	}
	b.WriteByte(')')
	if len(s.Results) == 1 && s.Results[0] == Any {
		return b.String() // depends on the arguments
	}
	for i, r := range s.Results {
		if i == 0 {
			b.WriteString(" -> ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(r.String())
	}
	return b.String()
}
