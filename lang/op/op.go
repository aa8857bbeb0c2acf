package op

import (
	"fmt"
	"math"
)

// Op is an operator of the HOP level.
type Op uint8

// Operators. What a node of each holds in Aux is said beside it; In lists the inputs.
const (
	Invalid Op = iota

	// leaves
	Read // value of a variable at the start of the block; Aux Var
	Lit  // literal; Aux Const

	// cellwise
	Cell1    // Aux *cell.Unary; In: x
	Cell2    // Aux *cell.Binary; In: a, b
	IfElse   // In: cond, a, b
	PlusMul  // a + s*b; In: a, s, b
	MinusMul // a - s*b; In: a, s, b
	Cells    // a chain of cellwise operators; Aux *hop.Chain; In: matrices and numbers
	SumCells // the sum of what such a chain computes; Aux and In likewise

	// products
	MatMul  // In: a, b
	TMatMul // t(a) %*% b; In: a, b
	TSMM    // Aux Left or Right; In: x
	MMChain // Aux Chain; In: x, v[, w or y]
	Layer   // f(a %*% b + bias); Aux hop.Epilogue; In: a, b[, bias]
	Sampled // cellwise operators over a %*% b where a sparse input is not zero; Aux *hop.Sampled; In: a, b, matrices and numbers

	// aggregates
	Agg      // Aux Aggregate; In: x
	IndexMax // per row; In: x
	IndexMin // per row; In: x
	Cum      // Aux AggFn; In: x

	// reorganisation
	T       // In: x
	Diag    // In: x
	Rev     // In: x
	Reshape // In: x, rows, cols, byrow
	CBind   // In: any number
	RBind   // In: any number
	Index   // x[...]; Aux Subscript; In: x, then the bounds that Subscript names
	Update  // x[...] = y; Aux Subscript; In: x, y, then the bounds
	Entry   // as.matrix(l[i]) or as.scalar(l[i]) of a list, by the type of the node; In: l, i

	// data generation
	Fill // In: v, rows, cols
	Seq  // In: from, to, incr
	Rand // Aux Random; In: rows, cols, min, max, sparsity, lambda, seed

	// metadata and casts
	NRow     // In: x
	NCol     // In: x
	Length   // In: x
	AsScalar // In: x
	AsMatrix // In: x
	AsDouble // In: x
	AsInt    // In: x
	AsBool   // In: x

	// calls
	Call  // builtin without an operator of its own; Aux Callee
	FCall // DML function; Aux Callee
	Out   // result k of a call with several; Aux Result; In: the call

	numOps
)

// Info is what is known of an operator whatever its operands.
type Info struct {
	Name   string // opcode as shown by explain
	MinIn  int    // fewest inputs
	MaxIn  int    // most inputs, -1 for any number
	Pure   bool   // same inputs give the same result and nothing else happens; calls ask their callee
	Matrix bool   // the result is always a matrix
	Shape  Rule   // nil when the callee decides
}

// Rule derives the shape of a result from the shapes of the inputs. It returns a *Mismatch
// when known dimensions cannot fit.
type Rule func(aux any, in []Shape) (Shape, error)

// Unknown stands for a dimension or count that is not known.
const Unknown = -1

// Shape is what is known before execution about a value: dimensions and
// non-zeros of a matrix, frame or list (a list has Rows elements and Cols 1), or
// the constant value of a scalar.
type Shape struct {
	Rows, Cols int64 // Unknown (-1) when not known; 0 for scalars
	NNZ        int64 // exact count of non-zeros, or Unknown
	Val        any   // constant scalar: int64, float64, bool or string; nil when not known
}

// NoShape is the shape of which nothing is known.
var NoShape = Shape{Rows: Unknown, Cols: Unknown, NNZ: Unknown}

// Dims returns a matrix shape with unknown non-zeros, or none where it has no cells.
func Dims(rows, cols int64) Shape {
	s := Shape{Rows: rows, Cols: cols, NNZ: Unknown}
	if rows == 0 || cols == 0 {
		s.NNZ = 0
	}
	return s
}

// Const returns the shape of a constant scalar.
func Const(v any) Shape { return Shape{NNZ: Unknown, Val: v} }

// ScalarShape is the shape of a scalar that is not constant.
var ScalarShape = Shape{NNZ: Unknown}

// Known reports whether both dimensions are known.
func (s Shape) Known() bool { return s.Rows >= 0 && s.Cols >= 0 }

// String renders the dimensions, 100x5, with ? for an unknown one.
func (s Shape) String() string {
	d := func(n int64) string {
		if n < 0 {
			return "?"
		}
		return fmt.Sprint(n)
	}
	return d(s.Rows) + "x" + d(s.Cols)
}

// Join returns what holds whichever of a and b applies.
func (s Shape) Join(t Shape) Shape {
	if s.Rows != t.Rows {
		s.Rows = Unknown
	}
	if s.Cols != t.Cols {
		s.Cols = Unknown
	}
	if s.NNZ != t.NNZ {
		s.NNZ = Unknown
	}
	if !SameConst(s.Val, t.Val) {
		s.Val = nil
	}
	return s
}

// Equal reports whether s and t say the same. Constants are compared by SameConst.
func (s Shape) Equal(t Shape) bool {
	return s.Rows == t.Rows && s.Cols == t.Cols && s.NNZ == t.NNZ && SameConst(s.Val, t.Val)
}

// IsScalar reports whether s describes a scalar. A matrix without cells has the same
// dimensions, but its count of non-zeros is known to be 0.
func (s Shape) IsScalar() bool { return s.Rows == 0 && s.Cols == 0 && s.NNZ == Unknown }

// SameConst reports whether two constants are the same value of the same type. Doubles
// are compared bit by bit: NaN is itself, and 0.0 is not -0.0.
func SameConst(a, b any) bool {
	x, ok := a.(float64)
	if !ok {
		return a == b
	}
	y, ok := b.(float64)
	return ok && math.Float64bits(x) == math.Float64bits(y)
}

// Mismatch says which dimensions do not fit. The compiler adds names, sizes and places.
type Mismatch struct {
	Msg   string // "matrix product needs inner dimensions to agree"
	In    []int  // inputs it is about; for a call, parameters
	Index bool   // an index is outside its matrix, as opposed to dimensions that do not fit
}

func (m *Mismatch) Error() string { return m.Msg }

// AggFn is an aggregation function.
type AggFn uint8

// Aggregation functions.
const (
	Sum AggFn = iota
	SumSq
	Mean
	Var
	SD
	Min
	Max
	Prod
	Trace
	numAggs
)

var aggNames = [numAggs]string{"k+", "sqk+", "mean", "var", "sd", "min", "max", "*", "ktrace"}

func (f AggFn) String() string { return aggNames[f] }

// Dir is the direction of an aggregate.
type Dir uint8

// Directions: the full aggregate gives a scalar, Row one value per row, Col one per column.
const (
	Full Dir = iota
	Row
	Col
)

var dirNames = [...]string{"", "r", "c"}

// Aggregate is the Aux of Agg.
type Aggregate struct {
	Fn  AggFn
	Dir Dir
}

// String returns the opcode: uak+, uark+, uacmax.
func (a Aggregate) String() string { return "ua" + dirNames[a.Dir] + a.Fn.String() }

// Side is the Aux of TSMM.
type Side uint8

// Sides: Left is t(X)%*%X, Right is X%*%t(X).
const (
	Left Side = iota
	Right
)

// Chain is the Aux of MMChain.
type Chain uint8

// Chains (spec compiler.md §5.3).
const (
	XtXv  Chain = iota // t(X)%*%(X%*%v)
	XtwXv              // t(X)%*%(w*(X%*%v))
	XtXvy              // t(X)%*%((X%*%v)-y)
)

// Bounds tells how one dimension is subscripted.
type Bounds uint8

// Forms of a subscript and the inputs each takes.
const (
	All   Bounds = iota // none
	One                 // one index
	Range               // lower and upper bound
)

// Subscript is the Aux of Index and Update. A single subscript has OneDim set and applies to rows (or list elements).
type Subscript struct {
	Rows, Cols Bounds
	OneDim     bool
}

// Random is the Aux of Rand. Site keeps apart two calls that both draw without a seed.
type Random struct {
	PDF  string
	Site uint32 // 0 when the call has a constant seed other than -1
}

// Result is the Aux of Out: the index of a result.
type Result int
