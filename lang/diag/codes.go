package diag

import "fmt"

// Code identifies a kind of diagnostic. Codes are part of the stable interface: a
// code keeps its meaning, and a retired one is not used again.
type Code uint16

// Codes. Hundreds group them: 1 lexical and syntax, 2 names and calls, 3 types and
// values, 4 dimensions and indexing, 5 parfor, 6 input and output, 7 execution,
// 8 parameter server. The example beside each code raises it.
const (
	None Code = 0

	// BadToken: a character sequence that is no token is skipped with a warning.
	BadToken Code = 101
	// UnterminatedString: a string literal is not closed.
	UnterminatedString Code = 102
	// BadEscape: a string literal holds an unknown escape.
	BadEscape Code = 103
	// BadNumber: a number literal that cannot be represented.
	BadNumber Code = 104
	// Syntax: an unexpected token.
	Syntax Code = 110
	// BadTypeWord: an unknown data or value type word in a signature.
	BadTypeWord Code = 111
	// MisplacedFunction: a function definition or source statement inside a block.
	MisplacedFunction Code = 112
	// EmptyFunction: a function without a body.
	EmptyFunction Code = 113
	// BadStatement: a form of statement that parses but means nothing.
	BadStatement Code = 114

	// UndefinedVariable: a variable that no earlier statement assigns.
	UndefinedVariable Code = 201
	// UndefinedFunction: a call of an unknown function.
	UndefinedFunction Code = 202
	// UndefinedNamespace: ns::f with an unknown ns.
	UndefinedNamespace Code = 203
	// DuplicateFunction: two functions of one name in a file.
	DuplicateFunction Code = 204
	// BadArguments: wrong number of arguments, unknown or repeated names, mixed forms.
	BadArguments Code = 205
	// MissingArg: a $ parameter that was not passed.
	MissingArg Code = 206
	// AssignArg: an assignment to a $ parameter.
	AssignArg Code = 207
	// AssignConstant: an assignment to Inf, NaN or pi.
	AssignConstant Code = 208
	// BadSource: a sourced file that is missing or broken, or an alias bound twice.
	BadSource Code = 209
	// UnusedArg: a $ argument was passed that the script does not use.
	UnusedArg Code = 210
	// NotAValue: a call without result used as a value, or a builtin called without a target.
	NotAValue Code = 211
	// UnassignedResult: a function never assigns one of its results.
	UnassignedResult Code = 212
	// NotSupported: a part of the language that gdml does not offer.
	NotSupported Code = 213

	// TypeMismatch: an operand or argument of the wrong type.
	TypeMismatch Code = 301
	// BadWord: a string argument that is none of the legal words.
	BadWord Code = 302
	// TypeChange: a variable changes its data type under a condition.
	TypeChange Code = 303
	// BadValue: a literal argument outside its range.
	BadValue Code = 304

	// ShapeMismatch: operands whose dimensions do not fit.
	ShapeMismatch Code = 401
	// BadIndex: an index outside the matrix, or an empty range.
	BadIndex Code = 402

	// LoopDependency: iterations of a parfor depend on each other.
	LoopDependency Code = 501
	// BadLoopParam: an unknown parfor parameter or value.
	BadLoopParam Code = 502
	// BadLoopBody: a statement that must not stand in a parfor body.
	BadLoopBody Code = 503

	// FileMissing: a file to read does not exist.
	FileMissing Code = 601
	// BadMetadata: metadata that is malformed or contradicts the call.
	BadMetadata Code = 602
	// BadData: a file whose content cannot be read.
	BadData Code = 603
	// BadFormat: an unknown or unsupported format.
	BadFormat Code = 604
	// WriteFailed: an output that could not be written.
	WriteFailed Code = 605

	// RunTime: any other error of an operation at run time.
	RunTime Code = 701
	// Stopped: stop() was called.
	Stopped Code = 702
	// AssertFailed: assert() was given FALSE.
	AssertFailed Code = 703
	// Unset: a variable that is not set on the executed path.
	Unset Code = 704
	// Overflow: an integer result beyond 2^63-1.
	Overflow Code = 705
	// Interrupted: the run was cancelled.
	Interrupted Code = 706
	// Internal: a broken invariant of gdml itself.
	Internal Code = 799

	// ParamServ: a paramserv call that is wrong.
	ParamServ Code = 801
)

// String returns the code as shown to users, for example E0401.
func (c Code) String() string {
	if c == None {
		return ""
	}
	return fmt.Sprintf("E%04d", uint16(c))
}

// Codes lists all codes in ascending order.
func Codes() []Code {
	return []Code{
		BadToken, UnterminatedString, BadEscape, BadNumber, Syntax, BadTypeWord, MisplacedFunction, EmptyFunction, BadStatement,
		UndefinedVariable, UndefinedFunction, UndefinedNamespace, DuplicateFunction, BadArguments, MissingArg, AssignArg, AssignConstant, BadSource, UnusedArg, NotAValue, UnassignedResult, NotSupported,
		TypeMismatch, BadWord, TypeChange, BadValue,
		ShapeMismatch, BadIndex,
		LoopDependency, BadLoopParam, BadLoopBody,
		FileMissing, BadMetadata, BadData, BadFormat, WriteFailed,
		RunTime, Stopped, AssertFailed, Unset, Overflow, Interrupted, Internal,
		ParamServ,
	}
}
