package builtins

import (
	"fmt"
	"strings"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/cell"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const cellwise = "Element-wise functions"

// mathFuncs are the functions of cells: a row for each function of package cell that
// is callable by its name, and those with several arguments.
func mathFuncs() []*Func {
	var fs []*Func
	for _, f := range cell.Unaries() {
		fs = append(fs, unaryFunc(f))
	}
	return append(fs, isNA(), extremeFunc(cell.Min, op.Min), extremeFunc(cell.Max, op.Max), xor(), ifelse(), outer(), ppred())
}

var unaryAliases = map[string][]string{
	"ceil":        {"ceiling"},
	"is.nan":      {"isNaN"},
	"is.infinite": {"isInf"},
}

// unaryExamples has the examples of functions that show more at another place than 0.5.
var unaryExamples = map[string]string{
	"abs":         `print(abs(-2))  # 2`,
	"sign":        `print(sign(-3.5))  # -1.0`,
	"sqrt":        `print(sqrt(16))  # 4.0`,
	"exp":         `print(exp(0))  # 1.0`,
	"log":         `print(log(8, 2))  # 3.0`,
	"sin":         `print(sin(0))  # 0.0`,
	"cos":         `print(cos(0))  # 1.0`,
	"tan":         `print(tan(0))  # 0.0`,
	"asin":        `print(asin(1))  # 1.5707963267948966`,
	"acos":        `print(acos(1))  # 0.0`,
	"atan":        `print(atan(0))  # 0.0`,
	"sinh":        `print(sinh(0))  # 0.0`,
	"cosh":        `print(cosh(0))  # 1.0`,
	"tanh":        `print(tanh(0))  # 0.0`,
	"round":       `print(round(matrix("-2.5 -0.5 0.5 1.5 2.5", 1, 5)))  # -2.000 0.000 1.000 2.000 3.000`,
	"floor":       `print(floor(-1.5))  # -2.0`,
	"ceil":        `print(ceil(1.2))  # 2.0`,
	"is.nan":      `print(is.nan(0 / 0))  # TRUE`,
	"is.infinite": `print(is.infinite(1 / 0))  # TRUE`,
}

func unaryFunc(f *cell.Unary) *Func {
	fn := &Func{
		Signature: types.Signature{
			Name:     f.Name,
			Params:   []types.Param{need("x", types.Any, "matrix or scalar")},
			Results:  []types.Type{types.Any},
			ResultOf: func(args []types.Type) []types.Type { return cellResult(args[:1], unaryScalar(f, args[0])) },
			Check:    takes(f.Name, 0, matrix2|number),
		},
		Aliases: unaryAliases[f.Name],
		Family:  cellwise,
		Doc:     f.Doc + " A matrix gives a matrix of its dimensions, a scalar a scalar.",
		Example: unaryExamples[f.Name],
		Pure:    true,
		Lower:   lowersTo(op.Cell1, f, 0),
	}
	if fn.Example == "" {
		fn.Example = fmt.Sprintf("print(%s(0.5))  # %s", f.Name, value.Text(f.F(0.5)))
	}
	if f == cell.Log {
		fn.Params = append(fn.Params, may("base", types.Any, "", "base, matrix or scalar; without it the natural logarithm"))
		fn.ResultOf = func(args []types.Type) []types.Type {
			if len(args) > 1 && args[1] != types.Any {
				return cellResult(args[:2], types.Dbl)
			}
			return cellResult(args[:1], types.Dbl)
		}
		fn.Doc += " log(0) is -Infinity, the logarithm of a negative number NaN. With a base the result is ln(x)/ln(base), and x and base broadcast."
		natural, base := fn.Lower, lowersTo(op.Cell2, cell.LogBase, 0, 1)
		fn.Lower = func(args []types.Type, has []bool) (Lowering, bool) {
			if len(has) > 1 && has[1] {
				return base(args, has)
			}
			return natural(args, has)
		}
	}
	return fn
}

// unaryScalar returns the result type of f for a scalar of type t.
func unaryScalar(f *cell.Unary, t types.Type) types.Type {
	switch {
	case f.Bool:
		return types.BoolT
	case f.KeepsInt && t.Elem == types.AnyElem:
		return types.Scal
	case f.KeepsInt && t.Elem == types.Int:
		return types.IntT
	}
	return types.Dbl
}

func isNA() *Func {
	fn := unaryFunc(cell.IsNaN)
	fn.Name, fn.Aliases = "is.na", []string{"isNA"}
	fn.Check = takes("is.na", 0, matrix2|number)
	fn.Doc = "1 or TRUE where a cell is missing, that is NaN; the same as is.nan. A matrix gives a matrix of its dimensions, a scalar a boolean."
	fn.Example = `print(is.na(matrix("1 NaN", 1, 2)))  # 0.000 1.000`
	return fn
}

func xor() *Func {
	return &Func{
		Signature: types.Signature{
			Name:     "xor",
			Params:   []types.Param{need("a", types.Any, "matrix or scalar"), need("b", types.Any, "matrix or scalar")},
			Results:  []types.Type{types.Any},
			ResultOf: func(args []types.Type) []types.Type { return cellResult(args, types.BoolT) },
			Check:    takes("xor", 0, matrix2|number),
		},
		Family:  cellwise,
		Doc:     cell.Xor.Doc + " Matrices, vectors and scalars broadcast; two scalars give a boolean.",
		Example: `print(xor(TRUE, FALSE)); print(xor(matrix("0 2", 1, 2), 1))  # TRUE / 1.000 0.000`,
		Pure:    true,
		Lower:   lowersTo(op.Cell2, cell.Xor, 0, 1),
	}
}

func ifelse() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "ifelse",
			Params: []types.Param{
				need("cond", types.Any, "matrix or scalar; true where not zero, NaN included"),
				need("a", types.Any, "matrix or scalar taken where cond is true"),
				need("b", types.Any, "matrix or scalar taken elsewhere"),
			},
			Results: []types.Type{types.Any},
			ResultOf: func(args []types.Type) []types.Type {
				if allScalar(args) {
					return []types.Type{types.Join(args[1], args[2])}
				}
				return cellResult(args, types.Any)
			},
			Check: checks(takesAt("ifelse", 0, matrix2|number), takes("ifelse", 1, matrix2|scalar)),
		},
		Family: cellwise,
		Doc: "Chooses a or b cell by cell. Matrices have the same dimensions, scalars and 1x1 matrices stand for" +
			" every cell; vectors are not repeated. A scalar condition chooses a whole matrix, and of three scalars the" +
			" branches may be strings. Both branches are always evaluated.",
		Example: `X = matrix("1 -2 3", 1, 3); print(ifelse(X > 0, X, 0))  # 1.000 0.000 3.000`,
		Pure:    true,
		Lower:   lowersTo(op.IfElse, nil, 0, 1, 2),
	}
}

// outerFuncs returns the cell functions that outer names, in lower case: the operators, also && and || for & and |, and
// the functions of two cells.
func outerFuncs() (byName map[string]*cell.Binary, words []string) {
	byName = map[string]*cell.Binary{}
	add := func(word string, f *cell.Binary) {
		word = strings.ToLower(word)
		byName[word] = f
		words = append(words, word)
	}
	for _, f := range cell.Binaries() {
		add(f.Name, f)
	}
	for _, r := range bitRows() {
		add(r.name, r.cells())
	}
	add("&&", cell.And)
	add("||", cell.Or)
	return byName, words
}

func outer() *Func {
	byName, words := outerFuncs()
	fn := anyCase(word("op", "", words, "the function: an operator, or one of min, max, xor, log and the bitw functions; capitals do not matter"))
	fn.Optional, fn.Default = false, ""
	return &Func{
		Signature: types.Signature{
			Name:    "outer",
			Params:  []types.Param{need("u", types.Mat, "column vector, n x 1"), need("v", types.Mat, "row vector, 1 x m"), fn},
			Results: []types.Type{types.Mat},
		},
		Family:  cellwise,
		Doc:     "Applies a function to every pair of a column vector u and a row vector v: cell [i, j] of the n x m result is u[i] op v[j].",
		Example: `print(outer(seq(1, 2), t(seq(1, 3)), "<="))  # 1.000 1.000 1.000 / 0.000 1.000 1.000`,
		Pure:    true,
		Shape:   gives(func(in []op.Shape) (int64, int64) { return in[0].Rows, in[1].Cols }),
		Call: func(a *exec.Args) ([]value.Value, error) {
			u, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			v, err := a.Matrix(1)
			if err != nil {
				return nil, err
			}
			name, err := a.Str(2, "")
			if err != nil {
				return nil, err
			}
			f, ok := byName[strings.ToLower(name)]
			if !ok {
				return nil, fmt.Errorf("outer: unknown function %q; legal are %s", name, strings.Join(words, " "))
			}
			m, err := matrix.Outer(a.M.Mat(), f, u, v)
			return result(a, m, err)
		},
	}
}

// one is the result of a builtin with one result.
func one(v value.Value) ([]value.Value, error) { return []value.Value{v}, nil }

// result is the result of a builtin whose code is an operation on matrices.
func result(a *exec.Args, m *matrix.Matrix, err error) ([]value.Value, error) {
	if err != nil {
		return nil, named(a, err)
	}
	return []value.Value{m}, nil
}

// named makes sure that an error says which builtin it comes from.
func named(a *exec.Args, err error) error {
	if strings.HasPrefix(err.Error(), a.Name) {
		return err
	}
	return fmt.Errorf("%s: %w", a.Name, err)
}
