package builtins

import (
	"math"

	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

// bitRow is a function of the bits of two 32-bit integers.
type bitRow struct {
	name, doc, example string
	f                  func(a, b int32) int32
	wide               func(a, b int64) int64 // for two int scalars
}

// cells is the function of two cells.
func (r bitRow) cells() *cell.Binary {
	return &cell.Binary{Name: r.name, Kind: cell.Bitwise, BothZero: true, Builtin: true,
		F: func(a, b float64) float64 { return bitsResult(r.name, r.f(toInt32(a), toInt32(b))) }}
}

func bitRows() []bitRow {
	return []bitRow{
		{"bitwAnd", "The bits that are set in both operands.", `print(bitwAnd(12, 10))  # 8`,
			func(a, b int32) int32 { return a & b }, nil},
		{"bitwOr", "The bits that are set in an operand.", `print(bitwOr(12, 10))  # 14`,
			func(a, b int32) int32 { return a | b }, nil},
		{"bitwXor", "The bits that are set in exactly one operand.", `print(bitwXor(12, 10))  # 6`,
			func(a, b int32) int32 { return a ^ b }, nil},
		{"bitwShiftL", "The bits of a moved to the left by b places, modulo 32; -2147483648 becomes NaN, or 0 for two ints.", `print(bitwShiftL(3, 2))  # 12`,
			func(a, b int32) int32 { return a << (uint32(b) & 31) }, nil},
		{"bitwShiftR", "The bits of a moved to the right by b places, modulo 32, or modulo 64 for two ints, keeping the sign.", `print(bitwShiftR(-12, 2))  # -3`,
			func(a, b int32) int32 { return a >> (uint32(b) & 31) },
			func(a, b int64) int64 { return a >> (uint64(b) & 63) }},
	}
}

// bitFuncs work on the bits of 32-bit integers.
func bitFuncs() []*Func {
	var fs []*Func
	for _, r := range bitRows() {
		f := r.cells()
		fs = append(fs, &Func{
			Signature: types.Signature{
				Name:     r.name,
				Params:   []types.Param{need("a", types.Any, "matrix or scalar"), need("b", types.Any, "matrix or scalar")},
				Results:  []types.Type{types.Any},
				ResultOf: extremeResult, // two ints give an int, as with min and max
				Check:    takes(r.name, 0, matrix2|number),
			},
			Family:  cellwise,
			Doc:     r.doc + " Operands are converted to 32-bit integers, of ints the low 32 bits are taken; matrices, vectors and scalars broadcast, and two ints give an int.",
			Example: r.example,
			Pure:    true,
			Shape:   extremeShape,
			Call: func(a *exec.Args) ([]value.Value, error) {
				x, isInt := arg(a, 0).(int64)
				y, both := arg(a, 1).(int64)
				switch {
				case isInt && both && r.wide != nil:
					return one(r.wide(x, y))
				case isInt && both: // the low 32 bits count
					return one(cell.ToInt(bitsResult(r.name, r.f(int32(x), int32(y)))))
				}
				v, err := applyBinary(a, f, arg(a, 0), arg(a, 1))
				if err != nil {
					return nil, err
				}
				return one(v)
			},
		})
	}
	return fs
}

// bitsResult is the double of a result. A shift to the left loses the smallest int.
func bitsResult(name string, v int32) float64 {
	if name == "bitwShiftL" && v == math.MinInt32 {
		return math.NaN()
	}
	return float64(v)
}

// toInt32 truncates and saturates.
func toInt32(v float64) int32 {
	return int32(min(max(cell.ToInt(v), math.MinInt32), math.MaxInt32))
}
