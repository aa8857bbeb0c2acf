package cell

import "math"

// Unary is a function of one cell.
type Unary struct {
	Name     string // DML name, also the opcode
	F        func(float64) float64
	ZeroSafe bool // F(0) == 0, so that structural zeros may be skipped
	KeepsInt bool // an int scalar gives an int scalar
	Bool     bool // a scalar argument gives a boolean scalar
	Builtin  bool // callable by its name; false for forms that rewrites introduce
	Doc      string
}

// Binary is a function of two cells.
type Binary struct {
	Name      string // operator text or DML name, also the opcode
	F         func(a, b float64) float64
	Kind      BinaryKind
	Commutes  bool
	LeftZero  bool // F(0, b) == 0 for every b that is finite
	RightZero bool // F(a, 0) == 0 for every a that is finite
	BothZero  bool // F(0, 0) == 0
	Builtin   bool // callable by its name, as min and max are
	Doc       string
}

// BinaryKind tells what a binary function does with scalars of other value types.
type BinaryKind uint8

// Kinds of binary functions (spec language.md §6.2).
const (
	Arith   BinaryKind = iota // numbers; + also concatenates strings
	Compare                   // numbers, booleans or strings, gives a boolean
	Logic                     // truth values, gives a boolean
	Extreme                   // min, max: two ints stay int
	Bitwise                   // operands are converted to int32
)

// The operators of the language and the binary builtins.
var (
	Add    = &Binary{Name: "+", F: func(a, b float64) float64 { return a + b }, Commutes: true, BothZero: true}
	Sub    = &Binary{Name: "-", F: func(a, b float64) float64 { return a - b }, BothZero: true}
	Mul    = &Binary{Name: "*", F: func(a, b float64) float64 { return a * b }, Commutes: true, LeftZero: true, RightZero: true, BothZero: true}
	Div    = &Binary{Name: "/", F: func(a, b float64) float64 { return a / b }}
	Pow    = &Binary{Name: "^", F: pow}
	Mod    = &Binary{Name: "%%", F: mod}
	IntDiv = &Binary{Name: "%/%", F: intDiv}

	Eq = &Binary{Name: "==", F: func(a, b float64) float64 { return truth(a == b) }, Kind: Compare, Commutes: true}
	Ne = &Binary{Name: "!=", F: func(a, b float64) float64 { return truth(a != b) }, Kind: Compare, Commutes: true, BothZero: true}
	Lt = &Binary{Name: "<", F: func(a, b float64) float64 { return truth(a < b) }, Kind: Compare, BothZero: true}
	Le = &Binary{Name: "<=", F: func(a, b float64) float64 { return truth(a <= b) }, Kind: Compare}
	Gt = &Binary{Name: ">", F: func(a, b float64) float64 { return truth(a > b) }, Kind: Compare, BothZero: true}
	Ge = &Binary{Name: ">=", F: func(a, b float64) float64 { return truth(a >= b) }, Kind: Compare}

	And = &Binary{Name: "&", F: func(a, b float64) float64 { return truth(a != 0 && b != 0) }, Kind: Logic, Commutes: true, LeftZero: true, RightZero: true, BothZero: true}
	Or  = &Binary{Name: "|", F: func(a, b float64) float64 { return truth(a != 0 || b != 0) }, Kind: Logic, Commutes: true, BothZero: true}
	Xor = &Binary{Name: "xor", F: func(a, b float64) float64 { return truth((a != 0) != (b != 0)) }, Kind: Logic, Commutes: true, BothZero: true, Builtin: true,
		Doc: "Exclusive or of the truth of two values: 1 or TRUE where exactly one operand is non-zero."}

	Min = &Binary{Name: "min", F: lesser, Kind: Extreme, Commutes: true, BothZero: true, Builtin: true}
	Max = &Binary{Name: "max", F: greater, Kind: Extreme, Commutes: true, BothZero: true, Builtin: true}

	LogBase = &Binary{Name: "log", F: func(a, b float64) float64 { return math.Log(a) / math.Log(b) }}
)

// The unary builtins and the unary forms that rewrites introduce.
var (
	Abs   = &Unary{Name: "abs", F: math.Abs, ZeroSafe: true, KeepsInt: true, Builtin: true, Doc: "Absolute value of each cell."}
	Sign  = &Unary{Name: "sign", F: sign, ZeroSafe: true, Builtin: true, Doc: "Sign of each cell: -1, 0 or 1; NaN stays NaN."}
	Sqrt  = &Unary{Name: "sqrt", F: math.Sqrt, ZeroSafe: true, Builtin: true, Doc: "Square root of each cell; NaN for negative cells."}
	Exp   = &Unary{Name: "exp", F: math.Exp, Builtin: true, Doc: "e to the power of each cell."}
	Log   = &Unary{Name: "log", F: math.Log, Builtin: true, Doc: "Natural logarithm of each cell, or the logarithm to a base."}
	Sin   = &Unary{Name: "sin", F: math.Sin, ZeroSafe: true, Builtin: true, Doc: "Sine of each cell (radians)."}
	Cos   = &Unary{Name: "cos", F: math.Cos, Builtin: true, Doc: "Cosine of each cell (radians)."}
	Tan   = &Unary{Name: "tan", F: math.Tan, ZeroSafe: true, Builtin: true, Doc: "Tangent of each cell (radians)."}
	Asin  = &Unary{Name: "asin", F: math.Asin, ZeroSafe: true, Builtin: true, Doc: "Arc sine of each cell, in radians."}
	Acos  = &Unary{Name: "acos", F: math.Acos, Builtin: true, Doc: "Arc cosine of each cell, in radians."}
	Atan  = &Unary{Name: "atan", F: math.Atan, ZeroSafe: true, Builtin: true, Doc: "Arc tangent of each cell, in radians."}
	Sinh  = &Unary{Name: "sinh", F: math.Sinh, ZeroSafe: true, Builtin: true, Doc: "Hyperbolic sine of each cell."}
	Cosh  = &Unary{Name: "cosh", F: math.Cosh, Builtin: true, Doc: "Hyperbolic cosine of each cell."}
	Tanh  = &Unary{Name: "tanh", F: math.Tanh, ZeroSafe: true, Builtin: true, Doc: "Hyperbolic tangent of each cell."}
	Round = &Unary{Name: "round", F: Round64, ZeroSafe: true, Builtin: true, Doc: "Nearest integer of each cell, halves upwards; NaN gives 0."}
	Floor = &Unary{Name: "floor", F: math.Floor, ZeroSafe: true, Builtin: true, Doc: "Largest integer not above each cell."}
	Ceil  = &Unary{Name: "ceil", F: math.Ceil, ZeroSafe: true, Builtin: true, Doc: "Smallest integer not below each cell."}
	IsNaN = &Unary{Name: "is.nan", F: func(v float64) float64 { return truth(v != v) }, ZeroSafe: true, Bool: true, Builtin: true, Doc: "1 or TRUE where a cell is NaN."}
	IsInf = &Unary{Name: "is.infinite", F: func(v float64) float64 { return truth(math.IsInf(v, 0)) }, ZeroSafe: true, Bool: true, Builtin: true, Doc: "1 or TRUE where a cell is infinite."}
	Not   = &Unary{Name: "!", F: func(v float64) float64 { return truth(v == 0) }, Bool: true}

	Square  = &Unary{Name: "^2", F: func(v float64) float64 { return v * v }, ZeroSafe: true}
	Sigmoid = &Unary{Name: "sigmoid", F: func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }}
	Sprop   = &Unary{Name: "sprop", F: func(v float64) float64 { return v * (1 - v) }, ZeroSafe: true}
)

// Unaries lists the rows that are builtins by their name.
func Unaries() []*Unary {
	return []*Unary{Abs, Sign, Sqrt, Exp, Log, Sin, Cos, Tan, Asin, Acos, Atan, Sinh, Cosh, Tanh,
		Round, Floor, Ceil, IsNaN, IsInf}
}

// Binaries lists all binary rows.
func Binaries() []*Binary {
	return []*Binary{Add, Sub, Mul, Div, Pow, Mod, IntDiv, Eq, Ne, Lt, Le, Gt, Ge, And, Or, Xor, Min, Max, LogBase}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// ToInt converts a double to an integer the way every index and int parameter does:
// sign(v)*floor(|v|+2^-53), saturating, NaN gives 0 (spec language.md §6.3).
func ToInt(v float64) int64 {
	if v != v {
		return 0
	}
	t := math.Copysign(math.Floor(math.Abs(v)+0x1p-53), v)
	switch {
	case t >= math.MaxInt64:
		return math.MaxInt64
	case t <= math.MinInt64:
		return math.MinInt64
	}
	return int64(t)
}

func pow(a, b float64) float64 {
	if b == 2 {
		return a * a
	}
	return math.Pow(a, b)
}

// intDiv truncates the quotient towards zero; NaN and infinite quotients are returned unchanged.
func intDiv(a, b float64) float64 {
	q := a / b
	if q != q || math.IsInf(q, 0) {
		return q
	}
	return math.Copysign(math.Floor(math.Abs(q)+0x1p-53), q)
}

// mod has the sign of a; NaN when b is zero or an operand is NaN or infinite (spec builtins.md §2.2).
func mod(a, b float64) float64 {
	if b == 0 || math.IsInf(b, 0) {
		return math.NaN()
	}
	return a - intDiv(a, b)*b
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return v // zero keeps its sign, NaN stays
}

// Round64 rounds halves upwards through int64: NaN gives 0, values beyond int64 saturate (spec builtins.md §2.1).
func Round64(v float64) float64 {
	switch {
	case v != v:
		return 0
	case v >= math.MaxInt64:
		return math.MaxInt64
	case v <= math.MinInt64:
		return math.MinInt64
	}
	f := math.Floor(v)
	if v-f >= 0.5 {
		f++
	}
	return f + 0 // never -0
}

// lesser and greater give NaN when an operand is NaN.
func lesser(a, b float64) float64 {
	if a != a || a < b {
		return a
	}
	return b
}

func greater(a, b float64) float64 {
	if a != a || a > b {
		return a
	}
	return b
}
